import { LitElement, html, nothing } from 'lit'

/** @type {Record<string, {icon: string, text: string, kind: string}>} */
const STATES = {
  'saved-here': { icon: 'check', text: 'Saved here', kind: 'good' },
  saving: { icon: 'save', text: 'Saving …', kind: 'quiet' },
  saved: { icon: 'check', text: 'Saved here and on the server', kind: 'good' },
  'not-saved': { icon: 'offline', text: 'Not saved on the server yet', kind: 'problem' },
}

/** Where the work is. `state`: saved-here, saving, saved, not-saved; `reason` says why, in a person's words. */
export class KiteSaveState extends LitElement {
  static properties = { state: {}, reason: {} }

  constructor() {
    super()
    this.state = ''
    this.reason = ''
  }

  createRenderRoot() {
    return this
  }

  render() {
    const state = STATES[this.state]
    return html`<p class="save-state save-state-${state?.kind ?? 'quiet'}" role="status">${
      state ? html`<kite-icon name=${state.icon}></kite-icon><span>${state.text}${this.reason ? html`<span class="save-state-reason">: ${this.reason}</span>` : nothing}</span>` : nothing}</p>`
  }
}
