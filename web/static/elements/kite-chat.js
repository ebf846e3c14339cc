import { html, nothing } from 'lit'
import { locale, t } from '../app/texts.js'
import { emit } from './emit.js'
import { ObjectElement } from './object-element.js'
import { resolved } from './object-load.js'
import { roleName } from './phrases.js'
import { styled } from './styled.js'

/** @typedef {{role: string, content: string, createdAt?: number}} Message */

/** Messages by role: those of the task, then those that people write, which are regions. What is written is text, never markup. */
export class KiteChat extends ObjectElement {
  static properties = { ...ObjectElement.properties, messages: { state: true } }

  constructor() {
    super()
    /** @type {Message[]} */
    this.messages = []
  }
  #count = 0
  /** The message that an arrow went to, until the selection that is shown is another one: keys may be faster than frames. */
  #went = ''
  /** @type {readonly string[] | undefined} */
  #shown

  /** @param {import('./types.js').Source} source @param {AbortSignal} signal */
  async take(source, signal) {
    const made = await resolved(source, this.context.content, signal, this.tell)
    if (!signal.aborted) this.messages = made.messages ?? []
  }

  /** @returns {import('./types.js').Region[]} */
  get #written() {
    return Object.values(this.view?.regions ?? {}).filter((region) => region.object === this.object.name && region.kind === 'message').sort((a, b) => a.n - b.n)
  }

  updated() {
    if (this.#shown !== this.view?.selection) {
      this.#shown = this.view?.selection
      this.#went = ''
    }
    const count = this.#written.length
    if (count > this.#count) this.querySelector('.message:last-of-type')?.scrollIntoView({ block: 'nearest' }) // what was just written is seen
    this.#count = count
  }

  /** @param {string} id */
  reveal(id) {
    this.querySelector(`[data-region="${CSS.escape(id)}"]`)?.scrollIntoView({ block: 'nearest' })
  }

  /** From message to message with the arrows; Enter changes the selected one. @param {KeyboardEvent} event */
  #key(event) {
    const sheet = event.currentTarget
    if (event.target !== sheet || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
    const written = this.#written
    const at = written.findIndex(({ id }) => (this.#went ? id === this.#went : this.view?.selection.includes(id)))
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const next = written[at < 0 ? (event.key === 'ArrowDown' ? 0 : written.length - 1) : at + (event.key === 'ArrowDown' ? 1 : -1)]
      const field = /** @type {HTMLElement | null} */ (event.key === 'ArrowDown' ? this.querySelector('.chat-text') : null) // after the last message comes the one that is written
      if (next) this.#go(next)
      else if (field) field.focus()
      else return
    } else if (event.key === 'Enter' && at >= 0) {
      const message = /** @type {import('./kite-message.js').KiteMessage | null} */ (this.querySelector(`[data-region="${CSS.escape(written[at].id)}"] kite-message`))
      if (!message?.edit()) return
    } else return
    event.preventDefault()
    event.stopPropagation()
  }

  /** @param {import('./types.js').Region} next */
  #go(next) {
    this.#went = next.id
    emit(this, { type: 'select', regions: [next.id], add: false })
    this.reveal(next.id)
  }

  body() {
    const { own } = this.context
    const written = this.#written
    return html`<div class="sheet" tabindex="0" role="log" aria-label=${t('Messages')} aria-description=${t('Arrows go through the written messages, Enter changes the selected one, Delete takes it away.')} @keydown=${this.#key} ?hidden=${this.state.kind === 'failed'}>
        <ol class="sheet-page messages">
          ${this.messages.map((message) => this.#message(message, undefined))}
          ${written.map((region) => this.#message(region.shape, region))}
          ${this.state.kind === 'shown' && !this.messages.length && !written.length ? html`<li class="muted">${t('No messages yet.')}</li>` : nothing}
        </ol>
      </div>
      ${own ? html`<div class="messages-write" data-name=${own.name}>${this.context.answer(own)}</div>` : nothing}`
  }

  /** @param {Message} message @param {import('./types.js').Region | undefined} region */
  #message(message, region) {
    const selected = !!region && !!this.view?.selection.includes(region.id)
    const own = message.role === 'user'
    return html`<li class="message ${own ? 'is-own' : ''} ${region ? 'is-written' : ''} ${selected ? 'is-selected' : ''}" data-region=${region?.id ?? nothing} style=${styled({ '--swatch': region?.color ?? 'transparent' })}>
      <span class="message-head">${region
        ? html`<button class="button button-quiet button-small" type="button" aria-pressed=${selected} aria-label=${t('Select message {n}, {role}', { n: region.n, role: roleName(message.role) })} @click=${() => emit(this, { type: 'select', regions: selected ? [] : [region.id], add: false })}>${roleName(message.role)}</button>`
        : html`<span class="message-role">${roleName(message.role)}</span>`}
        ${message.createdAt ? html`<time class="muted number" datetime=${new Date(message.createdAt).toISOString()}>${new Date(message.createdAt).toLocaleString(locale(), { dateStyle: 'short', timeStyle: 'short' })}</time>` : nothing}</span>
      ${region
        ? html`<kite-message .region=${region} .control=${this.context.own} ?readonly=${this.context.readonly}></kite-message>`
        : html`<span class="message-text" dir="auto">${message.content}</span>`}
    </li>`
  }
}
