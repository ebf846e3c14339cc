import { LitElement, html, nothing } from 'lit'
import { live } from 'lit/directives/live.js'
import { newId } from '../app/ids.js'
import { emit } from './emit.js'

let serial = 0

/** Texts of one control: those that were added, and the field for the next one. `answer` is {text: [...], typing}. */
export class KiteTextarea extends LitElement {
  static properties = {
    control: { attribute: false }, texts: { attribute: false }, answer: { attribute: false }, region: {}, readonly: { type: Boolean },
    legend: {}, problem: {}, busy: { type: Boolean },
  }

  constructor() {
    super()
    /** @type {import('./types.js').Control | undefined} */
    this.control = undefined
    /** @type {{label?: string, placeholder?: string}} texts of the config, with the task's data in them */
    this.texts = {}
    /** @type {{text?: string[], typing?: string} | undefined} */
    this.answer = undefined
    this.region = ''
    this.readonly = false
    this.legend = ''
    this.problem = ''
    /** typed text is on its way to the engine: what comes back may be older than what stands in the field */
    this.busy = false
    this.field = `text${++serial}`
    this.gesture = ''
  }

  createRenderRoot() {
    return this
  }

  render() {
    const { control } = this
    if (!control) return nothing
    const added = this.answer?.text ?? []
    const open = !this.readonly && !(control.max_submissions && added.length >= control.max_submissions)
    const rows = control.rows ?? 1
    const name = this.texts.label || this.legend || control.name
    const typing = this.answer?.typing ?? ''
    const submit = control.show_submit_button ?? rows > 1
    return html`<div class="field texts">
      ${this.texts.label ? html`<label for=${this.field}>${this.texts.label}</label>` : nothing}
      ${added.length ? html`<ul class="texts-added" aria-label=${`${name}: texts`}>${added.map((text, index) => this.#entry(text, index))}</ul>` : nothing}
      ${open
        ? html`<div class="texts-new">
            ${rows > 1
              ? html`<textarea class="input" id=${this.field} dir="auto" rows=${rows} placeholder=${this.texts.placeholder || nothing} aria-label=${this.texts.label ? nothing : name}
                  aria-invalid=${this.problem ? 'true' : nothing} .value=${this.#shown(typing)} @input=${this.#type} @focus=${this.#focus} @keydown=${this.#keys}></textarea>`
              : html`<input class="input" id=${this.field} dir="auto" placeholder=${this.texts.placeholder || nothing} aria-label=${this.texts.label ? nothing : name}
                  aria-invalid=${this.problem ? 'true' : nothing} .value=${this.#shown(typing)} @input=${this.#type} @focus=${this.#focus} @keydown=${this.#keys} />`}
            ${submit
              ? html`<button class="button" type="button" title=${`Keep this text and write another (${rows > 1 ? 'Shift+Enter' : 'Enter'})`} ?disabled=${!typing} @click=${this.#add}>Add</button>`
              : nothing}
          </div>`
        : nothing}
      ${this.problem ? html`<p class="field-problem">${this.problem}</p>` : nothing}
    </div>`
  }

  /** @param {string} typing */
  #shown(typing) {
    const field = /** @type {HTMLInputElement | null} */ (this.querySelector(`#${this.field}`))
    return live(this.busy && field && field === document.activeElement ? field.value : typing)
  }

  /** @param {string} text @param {number} index */
  #entry(text, index) {
    return html`<li>
      ${this.control?.editable && !this.readonly
        ? html`<input class="input" dir="auto" aria-label=${`Text ${index + 1}`} .value=${live(text)} @change=${(/** @type {Event} */ event) => this.#tell({ type: 'edit_text', index, text: /** @type {HTMLInputElement} */ (event.target).value })} />`
        : html`<span class="texts-text" dir="auto">${text}</span>`}
      ${this.readonly
        ? nothing
        : html`<button class="button button-quiet button-icon button-small" type="button" aria-label=${`Remove “${text.slice(0, 40)}”`} title="Remove" @click=${() => this.#tell({ type: 'remove_text', index })}><kite-icon name="close"></kite-icon></button>`}
    </li>`
  }

  #focus() {
    this.gesture = newId() // one visit to the field is one undo step
  }

  /** @param {Event} event */
  #type(event) {
    this.#tell({ type: 'type_text', text: /** @type {HTMLInputElement} */ (event.target).value, answer: newId(), gesture: this.gesture })
  }

  /** @param {KeyboardEvent} event */
  #keys(event) {
    const many = (this.control?.rows ?? 1) > 1
    if (event.key === 'Escape') /** @type {HTMLElement} */ (event.target).blur()
    if (event.key !== 'Enter' || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || many !== event.shiftKey) return
    event.preventDefault()
    this.#add()
  }

  #add() {
    const field = /** @type {HTMLInputElement} */ (this.querySelector(`#${this.field}`))
    if (field.value) this.#tell({ type: 'add_text', text: field.value, answer: newId() })
    this.gesture = newId()
    field.focus()
  }

  /** @param {import('./types.js').Intent} intent */
  #tell(intent) {
    if (this.control) emit(this, { ...intent, control: this.control.name, ...(this.region ? { region: this.region } : {}) })
  }
}
