import { LitElement, html } from 'lit'
import { live } from 'lit/directives/live.js'
import { LANGUAGES, chooseLanguage } from '../app/languages.js'
import { t, text } from '../app/texts.js'
import css from '../styles/dialogs.css' with { type: 'text' }
import { changeSettings, ownSettings } from './own-settings.js'
import { adopt } from './sheet.js'
import { openKeymap } from './surface-dialogs.js'

adopt(css)

/** @type {[keyof import('./own-settings.js').OwnSettings, string, string][]} */
const ROWS = [
  ['keep_labels', text('Keep the label after creating a region'), text('The next region gets it too.')],
  ['select_new', text('Select a region after creating it'), text('Questions about it open at once.')],
  ['names', text('Show label names on regions'), ''],
  ['only_selected', text('Hide regions other than the selected'), text('As long as one is selected.')],
  ['key_hints', text('Show keys on labels and buttons'), ''],
  ['tooltips', text('Show tooltips'), text('What a button does, at the pointer.')],
]

/** What a person sets for themselves. It holds at once; whoever keeps it listens to `settingsChanged`. */
export class KiteSettings extends LitElement {
  constructor() {
    super()
    /** @type {import('./kite-surface.js').KiteSurface | null} */
    this.surface = null
  }

  createRenderRoot() {
    return this
  }

  firstUpdated() {
    this.#dialog.showModal()
  }

  get #dialog() {
    return /** @type {HTMLDialogElement} */ (this.querySelector('dialog'))
  }

  render() {
    const own = ownSettings()
    return html`<dialog class="dialog own-settings" aria-labelledby="settings-title" @close=${() => this.remove()} @click=${(/** @type {Event} */ event) => { if (event.target === this.#dialog) this.#dialog.close() }}>
      <div class="dialog-head"><h2 id="settings-title">${t('Preferences')}</h2><button class="button button-quiet button-icon" type="button" aria-label=${t('Close')} @click=${() => this.#dialog.close()}><kite-icon name="close"></kite-icon></button></div>
      <div class="dialog-body stack">${ROWS.map(([name, words, more]) => html`<label class="check"><input type="checkbox" .checked=${live(!!own[name])} @change=${(/** @type {Event} */ event) => {
        changeSettings({ [name]: /** @type {HTMLInputElement} */ (event.target).checked })
      }} /><span>${t(words)}${more ? html`<br><span class="muted small">${t(more)}</span>` : ''}</span></label>`)}
        <label class="field"><span class="field-label">${t('Language')}</span><select class="select own-language" @change=${(/** @type {Event} */ event) => chooseLanguage(/** @type {HTMLSelectElement} */ (event.target).value)}>${Object.entries(LANGUAGES).map(([name, { name: called }]) => html`<option value=${name} lang=${name} ?selected=${name === document.documentElement.lang}>${called}</option>`)}</select></label></div>
      <div class="dialog-foot"><span class="grow muted small">${t('Kept in this browser and on your account.')}</span>
        <button class="button" type="button" @click=${this.#keys}>${t('Change the keys')}</button></div>
    </dialog>`
  }

  #keys() {
    this.#dialog.close()
    if (this.surface) openKeymap(this.surface)
  }
}
