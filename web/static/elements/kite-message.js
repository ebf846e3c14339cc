import { LitElement, html, nothing } from 'lit'
import { live } from 'lit/directives/live.js'
import { t } from '../app/texts.js'
import { emit } from './emit.js'

/** A message that was written here: who, what, and where the config lets it, edit and delete. A region of kind `message`. */
export class KiteMessage extends LitElement {
  static properties = { region: { attribute: false }, control: { attribute: false }, readonly: { type: Boolean }, editing: { state: true } }

  constructor() {
    super()
    /** @type {import('./types.js').Region | undefined} */
    this.region = undefined
    /** @type {import('./types.js').Control | undefined} */
    this.control = undefined
    this.readonly = false
    this.editing = false
  }

  createRenderRoot() {
    return this
  }

  get #editable() {
    const editable = this.control?.editable
    const fixed = this.readonly || this.region?.readonly || this.region?.locked
    return !fixed && editable !== false && (!Array.isArray(editable) || editable.includes(this.region?.shape.role))
  }

  render() {
    const { region } = this
    if (!region) return nothing
    const { role, content } = region.shape
    const fixed = this.readonly || region.readonly || region.locked
    return html`<div class="message-own">
      ${this.editing && this.#editable
        ? html`<textarea class="input" dir="auto" rows=${Math.min(8, Math.max(2, content.split('\n').length))} aria-label=${t('Message as {role}', { role })} .value=${live(content)} @keydown=${this.#keys} @change=${this.#change} @blur=${() => { this.editing = false }}></textarea>`
        : html`<span class="message-text" dir="auto">${content}</span>`}
      <span class="message-acts">
        ${this.#editable && !this.editing ? html`<button class="button button-quiet button-icon button-small" type="button" title=${t('Change this message (Enter)')} aria-label=${t('Change the message “{text}”', { text: content.slice(0, 40) })} @click=${() => this.edit()}><kite-icon name="edit"></kite-icon></button>` : nothing}
        ${fixed ? nothing : html`<button class="button button-quiet button-icon button-small" type="button" title=${t('Delete this message')} aria-label=${t('Delete the message “{text}”', { text: content.slice(0, 40) })} @click=${() => emit(this, { type: 'delete', regions: [region.id] })}><kite-icon name="trash"></kite-icon></button>`}
      </span>
    </div>`
  }

  /** Opens it for a change. @returns {boolean} whether it may be changed */
  edit() {
    if (!this.#editable) return false
    this.editing = true
    void this.updateComplete.then(() => {
      const field = /** @type {HTMLTextAreaElement | null} */ (this.querySelector('textarea'))
      field?.focus()
      field?.setSelectionRange(field.value.length, field.value.length)
    })
    return true
  }

  /** @param {Event} event */
  #change(event) {
    const { value } = /** @type {HTMLTextAreaElement} */ (event.target)
    if (this.region && value.trim() && value !== this.region.shape.content) emit(this, { type: 'edit_message', region: this.region.id, content: value })
  }

  /** @param {KeyboardEvent} event */
  #keys(event) {
    const field = /** @type {HTMLTextAreaElement} */ (event.target)
    if (event.key === 'Escape') field.value = this.region?.shape.content ?? ''
    else if (event.key !== 'Enter' || event.shiftKey || event.ctrlKey || event.metaKey || event.isComposing) return
    event.preventDefault()
    const sheet = /** @type {HTMLElement | null} */ (this.closest('.sheet'))
    field.blur() // tells of a change by itself
    sheet?.focus({ preventScroll: true }) // the arrows go on from here
  }
}
