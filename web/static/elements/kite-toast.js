import { LitElement, html, nothing } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { t } from '../app/texts.js'

/**
 * @typedef {{text: string, kind?: 'good' | 'attention' | 'problem' | 'info', action?: {label: string, run: () => void}, stay?: boolean}} Message stay: until closed by hand
 */
const SECONDS = 6
const ICONS = { good: 'check', attention: 'warning', problem: 'problem', info: 'info' }

/** Short messages over the page, at most three. `show(message)`; problems and messages with an action wait to be closed. */
export class KiteToast extends LitElement {
  static properties = { messages: { state: true } }

  constructor() {
    super()
    /** @type {(Message & {id: number})[]} */
    this.messages = []
  }
  #serial = 0
  /** @type {Set<ReturnType<typeof setTimeout>>} */
  #timers = new Set()

  createRenderRoot() {
    return this
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }

  /** @param {Message} message */
  show(message) {
    const id = ++this.#serial
    this.messages = [...this.messages.filter((one) => one.text !== message.text), { ...message, id }].slice(-3)
    if (message.stay || message.action || message.kind === 'problem') return
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      this.#close(id)
    }, SECONDS * 1000)
    this.#timers.add(timer)
  }

  /** @param {number} id */
  #close(id) {
    this.messages = this.messages.filter((message) => message.id !== id)
  }

  render() {
    return html`<div class="toasts" role="status" aria-live="polite">${repeat(
      this.messages, (message) => message.id,
      (message) => html`<div class="notice toast notice-${message.kind ?? 'info'}">
        <kite-icon name=${ICONS[message.kind ?? 'info']}></kite-icon><p>${message.text}</p>
        <span class="notice-actions">${message.action ? html`<button class="button button-small" type="button" @click=${() => { message.action?.run(); this.#close(message.id) }}>${message.action.label}</button>` : nothing}
          <button class="button button-quiet button-icon button-small" type="button" aria-label=${t('Close')} @click=${() => this.#close(message.id)}><kite-icon name="close"></kite-icon></button></span>
      </div>`,
    )}</div>`
  }
}
