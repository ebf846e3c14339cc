import { html, nothing } from 'lit'
import { live } from 'lit/directives/live.js'
import { t } from '../app/texts.js'
import { newId } from '../app/ids.js'
import { AnswerElement } from './answer-element.js'
import { inkOn } from './colors.js'
import { printed } from './keys.js'
import { styled } from './styled.js'

const MAC = /Mac|iPhone|iPad/.test(navigator.platform)

/** @typedef {{value: string, text?: any, hotkey?: string, color?: string}} Shortcut */

/** Texts of one control: those that were added, and the field for the next one. `answer` is {text: [...], typing}. */
export class KiteTextarea extends AnswerElement {
  static properties = { texts: { attribute: false }, busy: { type: Boolean } }

  constructor() {
    super()
    /** @type {{label?: string, placeholder?: string}} texts of the config, with the task's data in them */
    this.texts = {}
    /** typed text is on its way to the engine: what comes back may be older than what stands in the field */
    this.busy = false
    this.gesture = ''
  }
  /** the answer that was shown when a text was added: it has that text still as what is typed @type {unknown} */
  #before = NaN

  get #field() {
    return /** @type {HTMLInputElement | HTMLTextAreaElement | null} */ (this.querySelector(`#${this.serial}`))
  }

  get #rows() {
    return this.control?.rows ?? (this.control?.transcription ? 3 : 1)
  }

  /** Whether what is typed can be added by hand, to write another text. */
  get #adds() {
    return this.control?.allow_submit !== false
  }

  render() {
    const { control } = this
    if (!control) return nothing
    const added = this.answer?.text ?? []
    const open = !this.readonly && !(control.max_submissions && added.length >= control.max_submissions)
    const rows = this.#rows
    const name = this.texts.label || this.legend || control.name
    const typing = this.answer?.typing ?? ''
    const button = this.#adds && (control.show_submit_button ?? rows > 1)
    const problem = this.problem ? `${this.serial}-problem` : nothing
    return html`<div class="field texts">
      ${this.texts.label ? html`<label for=${this.serial}>${this.texts.label}</label>` : nothing}
      ${added.length ? html`<ul class="texts-added" aria-label=${`${name}: texts`}>${added.map((/** @type {string} */ text, /** @type {number} */ index) => this.#entry(text, index))}</ul>` : nothing}
      ${open ? this.#shortcuts(control.shortcuts ?? []) : nothing}
      ${open
        ? html`<div class="texts-new">
            ${rows > 1
              ? html`<textarea class="input" id=${this.serial} dir="auto" rows=${rows} placeholder=${this.texts.placeholder || nothing} aria-label=${this.texts.label ? nothing : name} aria-describedby=${problem}
                  aria-invalid=${this.problem ? 'true' : nothing} .value=${this.#shown(typing)} @input=${this.#type} @focus=${this.#focus} @keydown=${this.#keys}></textarea>`
              : html`<input class="input" id=${this.serial} dir="auto" placeholder=${this.texts.placeholder || nothing} aria-label=${this.texts.label ? nothing : name} aria-describedby=${problem}
                  aria-invalid=${this.problem ? 'true' : nothing} .value=${this.#shown(typing)} @input=${this.#type} @focus=${this.#focus} @keydown=${this.#keys} />`}
            ${button
              ? html`<button class="button" type="button" title=${t('Keep this text and write another ({key})', { key: rows > 1 ? 'Shift+Enter' : 'Enter' })} ?disabled=${!typing} @click=${this.#add}>${t('Add')}</button>`
              : nothing}
          </div>`
        : nothing}
      ${this.problem ? html`<p class="field-problem" id=${problem}>${this.problem}</p>` : nothing}
    </div>`
  }

  /** Texts that one press puts in. @param {Shortcut[]} shortcuts */
  #shortcuts(shortcuts) {
    if (!shortcuts.length) return nothing
    return html`<div class="texts-shortcuts" role="group" aria-label=${t('Texts to put in')}>${shortcuts.map((shortcut) => {
      const key = shortcut.hotkey ? printed(shortcut.hotkey, MAC) : ''
      const text = typeof shortcut.text === 'string' ? shortcut.text : (shortcut.text?.text ?? shortcut.value)
      return html`<button class="texts-shortcut" type="button" title=${key ? t('Puts in “{text}”. Key {key}, while you write', { text: shortcut.value, key }) : t('Puts in “{text}”', { text: shortcut.value })} aria-keyshortcuts=${shortcut.hotkey || nothing}
        style=${styled(shortcut.color ? { '--swatch': shortcut.color, '--ink': inkOn(shortcut.color) } : {})} @mousedown=${(/** @type {Event} */ event) => event.preventDefault()} @click=${() => this.#insert(shortcut.value)}>${text}${
        key ? html`<kbd class="kbd" aria-hidden="true">${key}</kbd>` : nothing}</button>`
    })}</div>`
  }

  /** Typed text stays as it stands while it is on its way. @param {string} typing */
  #shown(typing) {
    const field = this.#field
    return live((this.busy || this.answer === this.#before) && field && field === document.activeElement ? field.value : typing)
  }

  /** @param {string} text @param {number} index */
  #entry(text, index) {
    const change = (/** @type {Event} */ event) => this.tell({ type: 'edit_text', index, text: /** @type {HTMLInputElement} */ (event.target).value })
    return html`<li>
      ${this.control?.editable && !this.readonly
        ? this.#rows > 1
          ? html`<textarea class="input" dir="auto" rows=${Math.min(this.#rows, 3)} aria-label=${t('Text {n}', { n: index + 1 })} .value=${live(text)} @change=${change}></textarea>`
          : html`<input class="input" dir="auto" aria-label=${t('Text {n}', { n: index + 1 })} .value=${live(text)} @change=${change} />`
        : html`<span class="texts-text" dir="auto">${text}</span>`}
      ${this.readonly
        ? nothing
        : html`<button class="button button-quiet button-icon button-small" type="button" aria-label=${t('Remove “{text}”', { text: text.slice(0, 40) })} title=${t('Remove')} @click=${() => this.tell({ type: 'remove_text', index })}><kite-icon name="close"></kite-icon></button>`}
    </li>`
  }

  #focus() {
    this.gesture = newId() // one visit to the field is one undo step
  }

  /** @param {Event} event */
  #type(event) {
    this.tell({ type: 'type_text', text: /** @type {HTMLInputElement} */ (event.target).value, gesture: this.gesture })
  }

  /** A shortcut's text goes where the caret is. @param {string} text */
  #insert(text) {
    const field = this.#field
    if (field && field === document.activeElement && field.selectionStart !== null && field.selectionStart < field.value.length) {
      field.setRangeText(text, field.selectionStart, field.selectionEnd ?? field.selectionStart, 'end')
      this.tell({ type: 'type_text', text: field.value, gesture: newId() })
    } else {
      this.tell({ type: 'insert_text', text })
      field?.focus()
    }
    this.gesture = newId()
  }

  /** @param {KeyboardEvent} event */
  #keys(event) {
    const many = this.#rows > 1
    if (event.key === 'Escape') /** @type {HTMLElement} */ (event.target).blur()
    if (event.key !== 'Enter' || !this.#adds || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || many !== event.shiftKey) return
    event.preventDefault()
    this.#add()
  }

  #add() {
    const field = this.#field
    if (!field) return
    const text = field.value
    field.value = '' // before the answer comes: whoever types on begins the next text
    if (text) {
      this.#before = this.answer
      this.tell({ type: 'add_text', text })
    }
    this.gesture = newId()
    field.focus()
  }
}
