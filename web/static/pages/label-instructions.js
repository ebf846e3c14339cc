/** The instructions of a project: in a dialog, at the first visit by themselves; or docked beside the data, as wide as one likes. */
import { html, nothing } from 'lit'
import { t } from '../app/texts.js'
import { changeSettings, ownSettings } from '../elements/own-settings.js'
import { styled } from '../elements/styled.js'
import { written } from '../elements/written.js'

const [LEAST, MOST, STEP] = [180, 640, 24] // pixels of the docked panel

export class LabelInstructions {
  /** They are shown before the first task. */
  #first = false

  /** @param {{text: string | undefined, key: string, root: HTMLElement, changed: () => void}} given key: where it is noted that they were shown */
  constructor({ text, key, root, changed }) {
    this.text = text
    this.key = key
    this.root = root
    this.changed = changed
  }

  get docked() {
    return !!this.text && ownSettings().instructions === 'docked'
  }

  get #dialog() {
    return /** @type {HTMLDialogElement | null} */ (this.root.querySelector('#instructions'))
  }

  /** At the first visit they open by themselves. */
  atFirst() {
    if (!this.text || localStorage.getItem(this.key)) return
    localStorage.setItem(this.key, 'shown')
    if (this.docked) return
    this.#first = true
    this.changed()
    this.open()
  }

  /** Opens them; docked ones are folded away. */
  open() {
    const aside = /** @type {HTMLElement | null} */ (this.root.querySelector('.label-docked'))
    if (aside?.checkVisibility()) { // a narrow window has no room for it
      changeSettings({ instructions: 'closed' })
      this.changed()
      return
    }
    this.#dialog?.addEventListener('close', () => { this.#first = false }, { once: true })
    this.#dialog?.showModal()
  }

  #dock() {
    this.#dialog?.close()
    changeSettings({ instructions: 'docked' })
    this.changed()
    requestAnimationFrame(() => /** @type {HTMLElement | null} */ (this.root.querySelector('.label-docked .label-instructions'))?.focus())
  }

  dialog() {
    return html`<dialog class="dialog" id="instructions" aria-labelledby="instructions-title">
      <div class="dialog-head"><h2 id="instructions-title">${t('Instructions')}</h2></div>
      <div class="dialog-body label-instructions" tabindex="0">${written(this.text)}</div>
      <form method="dialog" class="dialog-foot">${this.docked ? nothing : html`<button class="button label-dock" type="button" @click=${() => this.#dock()}>${t('Keep beside the data')}</button>`}<button class="button button-primary" autofocus>${this.#first ? t('Start') : t('Close')}</button></form>
    </dialog>`
  }

  /** The docked panel and what one pulls to make it wider. */
  panel() {
    if (!this.docked) return nothing
    const width = ownSettings().instructions_width
    return html`<aside class="label-docked" aria-label=${t('Instructions')} style=${styled({ width: `${width}px` })}>
        <header class="panel-head"><h2>${t('Instructions')}</h2><button class="button button-quiet button-icon button-small" type="button" title=${t('Close')} aria-label=${t('Close the instructions')} @click=${() => this.open()}><kite-icon name="close"></kite-icon></button></header>
        <div class="label-instructions" tabindex="0">${written(this.text)}</div></aside>
      <div class="label-pull" role="separator" aria-orientation="vertical" aria-label=${t('Width of the instructions')} tabindex="0" aria-valuenow=${width} aria-valuemin=${LEAST} aria-valuemax=${MOST}
        @keydown=${this.#keys} @pointerdown=${this.#pull}></div>`
  }

  /** @param {number} width */
  #widen(width) {
    changeSettings({ instructions_width: Math.round(Math.min(Math.max(width, LEAST), MOST)) })
    this.changed()
  }

  #keys = (/** @type {KeyboardEvent} */ event) => {
    const along = getComputedStyle(/** @type {HTMLElement} */ (event.target)).direction === 'rtl' ? -1 : 1
    const by = { ArrowLeft: -STEP * along, ArrowRight: STEP * along, Home: -MOST, End: MOST }[event.key]
    if (by === undefined) return
    event.preventDefault()
    event.stopPropagation()
    this.#widen(ownSettings().instructions_width + by)
  }

  #pull = (/** @type {PointerEvent} */ event) => {
    const bar = /** @type {HTMLElement} */ (event.currentTarget)
    const along = getComputedStyle(bar).direction === 'rtl' ? -1 : 1
    const [from, width] = [event.clientX, ownSettings().instructions_width]
    bar.setPointerCapture(event.pointerId)
    const gone = new AbortController()
    bar.addEventListener('pointermove', (now) => this.#widen(width + (now.clientX - from) * along), { signal: gone.signal })
    for (const type of ['pointerup', 'pointercancel']) bar.addEventListener(type, () => gone.abort(), { signal: gone.signal })
  }
}
