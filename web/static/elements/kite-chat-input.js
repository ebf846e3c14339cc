import { html, nothing } from 'lit'
import { live } from 'lit/directives/live.js'
import { t } from '../app/texts.js'
import { AnswerElement } from './answer-element.js'
import './task-change.js'

/** The field in which a person writes a message of a chat, as one of the roles that the config gives. */
export class KiteChatInput extends AnswerElement {
  static properties = { count: { attribute: false }, writer: { state: true }, text: { state: true } }

  constructor() {
    super()
    /** messages that there are already */
    this.count = 0
    /** who writes; empty: the first of the roles */
    this.writer = ''
    this.text = ''
  }

  /** @returns {string[]} */
  get #roles() {
    return this.control?.roles?.length ? this.control.roles : ['user', 'assistant']
  }

  get #role() {
    return this.#roles.includes(this.writer) ? this.writer : this.#roles[0]
  }

  render() {
    const { control, count } = this
    if (!control) return nothing
    const most = control.max_messages
    const full = most !== undefined && count >= most
    return html`<div class="chat-write" role="group" aria-label=${this.legend ? t('Write in {place}', { place: this.legend }) : t('Write a message')}>
      ${this.readonly || full ? nothing : html`<div class="chat-line">
        ${this.#roles.length > 1
          ? html`<select class="select chat-role" aria-label=${t('Write as')} .value=${live(this.#role)} @change=${(/** @type {Event} */ event) => { this.writer = /** @type {HTMLSelectElement} */ (event.target).value }}>${this.#roles.map((role) => html`<option value=${role} ?selected=${role === this.#role}>${role}</option>`)}</select>`
          : html`<span class="badge">${this.#role}</span>`}
        <textarea class="input chat-text" ?data-entry=${!!this.text.trim()} dir="auto" rows="2" aria-label=${t('Message as {role}', { role: this.#role })} placeholder=${t('Message as {role}', { role: this.#role })} .value=${live(this.text)} @input=${(/** @type {Event} */ event) => { this.text = /** @type {HTMLTextAreaElement} */ (event.target).value }} @keydown=${this.#keys}></textarea>
        <button class="button" type="button" title=${t('Add this message (Enter; Shift+Enter starts a new line)')} ?disabled=${!this.text.trim()} @click=${this.#send}>${t('Add')}</button>
      </div>`}
      <p class="field-hint" role="status">${this.#hint(full)}</p>
      ${this.problem ? html`<p class="field-problem">${this.problem}</p>` : nothing}
    </div>`
  }

  /** @param {boolean} full */
  #hint(full) {
    const { min_messages: least, max_messages: most } = this.given
    const { count } = this
    if (full) return count === 1 ? t('The one message that may be here is there. Delete it to write another.') : t('All {n} messages that may be here are there. Delete one to write another.', { n: count })
    if (least !== undefined && count < least) return t('{count} of at least {n} messages', { count, n: least })
    return most !== undefined ? t('{count} of at most {n} messages', { count, n: most }) : nothing
  }

  /** @param {KeyboardEvent} event */
  #keys(event) {
    if (event.key === 'Escape') /** @type {HTMLElement} */ (event.target).blur()
    if (event.key !== 'Enter' || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    event.preventDefault()
    this.#send()
  }

  /** A message that was written and not added. @returns {import('./types.js').Half[]} */
  get unfinished() {
    return this.text.trim() && this.querySelector('.chat-text') ? [{ region: '', message: t('A message is written here and not added yet. Enter in its field adds it.') }] : []
  }

  /** Another task. */
  forget() {
    this.text = this.writer = ''
  }

  #send() {
    if (!this.text.trim()) return
    this.tell({ type: 'message', role: this.#role, content: this.text })
    this.text = ''
    // A conversation alternates: the next one is most likely written as the next role.
    if (this.#roles.length === 2) this.writer = this.#roles[1 - this.#roles.indexOf(this.#role)]
    const field = /** @type {HTMLElement | null} */ (this.querySelector('.chat-text'))
    field?.focus()
  }
}
