import { LitElement, html, nothing } from 'lit'
import { t } from '../app/texts.js'
import { changeSettings, ownSettings, settingsChanged } from './own-settings.js'

export const SIZES = [13, 14, 16, 18, 20, 24]

/** Buttons for reading a text: search, size of the letters, wrapping, numbers of lines, width. What is set is the person's own. */
export class KiteTextTools extends LitElement {
  static properties = { open: { state: true } }

  constructor() {
    super()
    this.open = false
  }
  #redraw = () => this.requestUpdate()
  /** @param {PointerEvent} event */
  #outside = (event) => {
    if (this.open && !this.contains(/** @type {Node} */ (event.target))) this.open = false
  }

  createRenderRoot() {
    return this
  }

  connectedCallback() {
    super.connectedCallback()
    settingsChanged.addEventListener('change', this.#redraw)
    document.addEventListener('pointerdown', this.#outside)
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    settingsChanged.removeEventListener('change', this.#redraw)
    document.removeEventListener('pointerdown', this.#outside)
  }

  /** @param {number} by */
  #size(by) {
    const at = Math.max(0, SIZES.indexOf(ownSettings().text_size))
    changeSettings({ text_size: SIZES[Math.min(SIZES.length - 1, Math.max(0, at + by))] })
  }

  /** @param {'text_wrap' | 'text_numbers' | 'text_wide'} name @param {string} text */
  #check(name, text) {
    return html`<label class="choice"><input type="checkbox" .checked=${ownSettings()[name]} @change=${(/** @type {Event} */ event) => changeSettings({ [name]: /** @type {HTMLInputElement} */ (event.target).checked })} /><span class="choice-name">${text}</span></label>`
  }

  render() {
    const { text_size: size } = ownSettings()
    return html`<div class="tools" role="toolbar" aria-label=${t('Text')}>
      <button class="button button-quiet button-icon" type="button" title=${t('Find in the text (Ctrl+F)')} aria-label=${t('Find in the text')} @click=${() => /** @type {any} */ (this.closest('.frame')?.querySelector('kite-text'))?.find()}><kite-icon name="search"></kite-icon></button>
      <span class="tools-light" @keydown=${(/** @type {KeyboardEvent} */ event) => { if (event.key === 'Escape' && this.open) { this.open = false; event.stopPropagation() } }}>
        <button class="button button-quiet button-icon" type="button" title=${t('How the text is shown')} aria-label=${t('How the text is shown')} aria-expanded=${this.open} @click=${() => { this.open = !this.open }}><kite-icon name="text"></kite-icon></button>
        ${this.open
          ? html`<div class="menu tools-menu">
              <div class="row row-between"><span>${t('Letters')}</span><span class="row">
                <button class="button button-icon button-small" type="button" aria-label=${t('Smaller letters')} ?disabled=${size <= SIZES[0]} @click=${() => this.#size(-1)}><kite-icon name="minus"></kite-icon></button>
                <span class="number">${size}</span>
                <button class="button button-icon button-small" type="button" aria-label=${t('Larger letters')} ?disabled=${size >= SIZES[SIZES.length - 1]} @click=${() => this.#size(1)}><kite-icon name="plus"></kite-icon></button></span></div>
              ${this.#check('text_wrap', t('Wrap long lines'))}
              ${this.#check('text_wide', t('As wide as the window'))}
              ${this.#check('text_numbers', t('Numbers of lines'))}
            </div>`
          : nothing}
      </span>
    </div>`
  }
}
