import { LitElement, html, nothing } from 'lit'
import { t, text } from '../app/texts.js'

/** @type {Record<string, {icon: string, text: string, kind: string}>} */
const STATES = {
  'saved-here': { icon: 'check', text: text('Saved here'), kind: 'good' },
  saving: { icon: 'save', text: text('Saving …'), kind: 'quiet' },
  saved: { icon: 'check', text: text('Saved here and on the server'), kind: 'good' },
  'not-saved': { icon: 'offline', text: text('Not saved on the server yet'), kind: 'problem' },
}

/** Where the work is. `state`: saved-here, saving, saved, not-saved; `reason` says why, in a person's words. With `opens` it is a button
 * that asks for the list of what waits: `kite-waiting`. */
export class KiteSaveState extends LitElement {
  static properties = { state: { reflect: true }, reason: {}, opens: { type: Boolean } }

  constructor() {
    super()
    this.state = ''
    this.reason = ''
    this.opens = false
  }

  createRenderRoot() {
    return this
  }

  render() {
    const state = STATES[this.state]
    const words = state ? html`<kite-icon name=${state.icon}></kite-icon><span>${t(state.text)}${this.reason ? html`<span class="save-state-reason">: ${this.reason}</span>` : nothing}</span>` : nothing
    return html`<p class="save-state save-state-${state?.kind ?? 'quiet'}" role="status">${
      state && this.opens ? html`<button class="save-state-button" type="button" title=${t('What is not on the server yet')} @click=${() => this.dispatchEvent(new CustomEvent('kite-waiting', { bubbles: true }))}>${words}</button>` : words}</p>`
  }
}
