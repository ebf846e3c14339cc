import { LitElement, html, nothing } from 'lit'
import { live } from 'lit/directives/live.js'
import { newId } from '../app/ids.js'
import { emit } from './emit.js'
import { printed } from './keys.js'
import { richText } from './rich-text.js'

/** @typedef {import('./types.js').Option & {children?: Choice[]}} Choice */

const MANY = 8 // choices above which they stand in columns
const MAC = /Mac|iPhone|iPad/.test(navigator.platform)
let serial = 0

/** Choices of one control as native inputs in a fieldset. `answer` is what the view has: {choices}. */
export class KiteChoices extends LitElement {
  static properties = {
    control: { attribute: false }, options: { attribute: false }, answer: { attribute: false }, region: {}, readonly: { type: Boolean },
    legend: {}, problem: {},
  }

  constructor() {
    super()
    /** @type {import('./types.js').Control | undefined} */
    this.control = undefined
    /** @type {Choice[]} */
    this.options = []
    /** @type {{choices?: (string | string[])[]} | undefined} */
    this.answer = undefined
    this.region = ''
    this.readonly = false
    this.legend = ''
    this.problem = ''
    this.group = `choices${++serial}`
  }

  createRenderRoot() {
    return this
  }

  get #chosen() {
    return new Set((this.answer?.choices ?? []).map((choice) => JSON.stringify(choice)))
  }

  render() {
    const { control } = this
    if (!control) return nothing
    const single = control.choice !== 'multiple'
    return html`<fieldset class="choices choices-${control.layout ?? 'vertical'} ${this.options.length > MANY && control.layout !== 'select' ? 'choices-many' : ''}" aria-describedby=${this.problem ? `${this.group}-problem` : nothing}>
      <legend class="visually-hidden">${this.legend || control.name}${control.required ? ' (required)' : ''}</legend>
      ${control.layout === 'select' && single ? this.#select() : this.#sets(this.options).map(({ group, options }) => html`${group ? html`<span class="choices-group">${group}</span>` : nothing}<div class="choices-set">${this.#list(options, [], single)}</div>`)}
      ${this.problem ? html`<p class="field-problem" id=${`${this.group}-problem`}>${this.problem}</p>` : nothing}
    </fieldset>`
  }

  /** Options under their headings. @param {Choice[]} options */
  #sets(options) {
    /** @type {{group: string, options: Choice[]}[]} */
    const sets = []
    for (const option of options) {
      const last = sets.at(-1)
      if (last && last.group === (option.group ?? '')) last.options.push(option)
      else sets.push({ group: option.group ?? '', options: [option] })
    }
    return sets
  }

  #select() {
    const [chosen] = this.answer?.choices ?? []
    return html`<select class="select" aria-label=${this.legend || this.control?.name || ''} ?disabled=${this.readonly} .value=${live(String(chosen ?? ''))}
        @change=${(/** @type {Event} */ event) => this.#pick(/** @type {HTMLSelectElement} */ (event.target).value)}>
      <option value="">Choose …</option>
      ${this.options.map((option) => html`<option value=${option.stored} ?selected=${option.stored === chosen}>${option.text}${option.hotkey ? ` (${printed(option.hotkey, MAC)})` : ''}</option>`)}
    </select>`
  }

  /** @param {string} value */
  #pick(value) {
    const [before] = this.answer?.choices ?? []
    if (value) this.#tell(value, true)
    else if (before) this.#tell(before, false)
  }

  /** @param {Choice[]} options @param {string[]} path @param {boolean} single @returns {unknown} */
  #list(options, path, single) {
    const chosen = this.#chosen
    return options.map((option) => {
      const choice = this.control?.allow_nested ? [...path, option.stored] : option.stored
      const key = option.hotkey && !this.readonly ? printed(option.hotkey, MAC) : ''
      return html`<label class="choice" title=${[option.hint, key && `Key ${key}`].filter(Boolean).join('. ') || nothing}>
          <input type=${single ? 'radio' : 'checkbox'} name=${this.group} .checked=${live(chosen.has(JSON.stringify(choice)))} ?disabled=${this.readonly}
            aria-keyshortcuts=${option.hotkey || nothing} @click=${() => this.#click(choice, single)} />
          <span class="choice-name">${option.html ? richText(option.html) : option.text}${option.show_alias && option.alias ? html` <span class="muted">${option.alias}</span>` : nothing}</span>
          ${key ? html`<kbd class="kbd" aria-hidden="true">${key}</kbd>` : nothing}
        </label>
        ${option.children?.length ? html`<div class="choices-nested">${this.#list(option.children, [...path, option.stored], single)}</div>` : nothing}`
    })
  }

  /** A second click on the only choice takes it back; radio buttons have no event for that but click.
   * @param {string | string[]} choice @param {boolean} single */
  #click(choice, single) {
    const was = this.#chosen.has(JSON.stringify(choice))
    if (single && was && this.control?.choice === 'single-radio') return
    this.#tell(choice, !was)
  }

  /** @param {string | string[]} choice @param {boolean} checked */
  #tell(choice, checked) {
    if (!this.control) return
    emit(this, { type: 'choose', control: this.control.name, choice, checked, ...(this.region ? { region: this.region } : {}), answer: newId() })
  }
}
