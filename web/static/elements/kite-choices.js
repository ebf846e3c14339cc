import { html, nothing } from 'lit'
import { live } from 'lit/directives/live.js'
import { t } from '../app/texts.js'
import { AnswerElement } from './answer-element.js'
import { safeStyle } from './config-style.js'
import { keepAt } from './dropdown.js'
import { printed } from './keys.js'
import { lazy } from './lazy.js'
import { richText } from './rich-text.js'
import { styled } from './styled.js'

/** @typedef {import('./types.js').Option & {children?: Choice[]}} Choice */
/** @typedef {string | string[]} Picked stored name, or a path of them where choices are nested */

const MANY = 8 // choices above which they stand in columns
const FIND_FROM = 12 // choices of a list that drops down above which it can be searched
const DRAWN_FROM = 150 // choices above which only those in sight are drawn
const MAC = /Mac|iPhone|iPad/.test(navigator.platform)

const many = lazy('kite-choices-many', () => import('./kite-choices-many.js').then((made) => made.KiteChoicesMany))

/** Choices of one control as native inputs in a fieldset, or as a list that drops down. `answer` is what the view has: {choices}. */
export class KiteChoices extends AnswerElement {
  static properties = { open: { state: true }, wanted: { state: true } }

  constructor() {
    super()
    this.open = false
    this.wanted = ''
  }
  /** @type {() => void} */
  #leave = () => {}

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#leave()
  }

  get #chosen() {
    return new Set((this.answer?.choices ?? []).map((/** @type {Picked} */ choice) => JSON.stringify(choice)))
  }

  get #single() {
    return this.control?.choice !== 'multiple'
  }

  render() {
    const { control } = this
    if (!control) return nothing
    if (this.#count(this.options) > DRAWN_FROM) {
      void many()
      return html`<kite-choices-many .control=${control} .options=${this.options} .answer=${this.answer} .region=${this.region} .item=${this.item} .legend=${this.legend} .problem=${this.problem} ?readonly=${this.readonly}></kite-choices-many>`
    }
    const select = control.layout === 'select'
    return html`<fieldset class="choices choices-${control.layout ?? 'vertical'} ${this.options.length > MANY && !select ? 'choices-many' : ''}" aria-describedby=${this.problem ? `${this.serial}-problem` : nothing}>
      <legend class="visually-hidden">${this.heading}</legend>
      ${select ? (this.#single ? this.#select() : this.#dropdown()) : this.#sets(this.options).map(({ group, options }) => html`${group ? html`<span class="choices-group">${group}</span>` : nothing}<div class="choices-set">${this.#list(options, [])}</div>`)}
      ${this.problem ? html`<p class="field-problem" id=${`${this.serial}-problem`}>${this.problem}</p>` : nothing}
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

  /** @param {Choice} option @param {string[]} path of what is above @returns {Picked} */
  #picked(option, path) {
    return this.control?.allow_nested ? [...path, option.stored] : option.stored
  }

  // ---- one of a list: the browser's own ----

  #select() {
    const [chosen] = this.#chosen
    return html`<select class="select" aria-label=${this.legend || this.control?.name || ''} ?disabled=${this.readonly} .value=${live(chosen ?? '')}
        @change=${(/** @type {Event} */ event) => this.#change(/** @type {HTMLSelectElement} */ (event.target).value)}>
      <option value="" ?disabled=${this.control?.choice === 'single-radio' && !!chosen}>${t('Choose …')}</option>
      ${this.#sets(this.options).map(({ group, options }) => (group ? html`<optgroup label=${group}>${this.#rows(options, [], chosen)}</optgroup>` : this.#rows(options, [], chosen)))}
    </select>`
  }

  /** @param {Choice[]} options @param {string[]} path @param {string | undefined} chosen @returns {unknown} */
  #rows(options, path, chosen) {
    return options.map((option) => {
      const value = JSON.stringify(this.#picked(option, path))
      const alias = option.show_alias && option.alias ? ` · ${option.alias}` : ''
      return html`<option value=${value} title=${option.hint || nothing} ?selected=${value === chosen}>${'\u2003'.repeat(path.length)}${option.text}${alias}${option.hotkey && !this.readonly ? ` (${printed(option.hotkey, MAC)})` : ''}</option>
        ${option.children?.length ? this.#rows(option.children, [...path, option.stored], chosen) : nothing}`
    })
  }

  /** @param {string} value JSON of a choice, or nothing */
  #change(value) {
    const [before] = this.#chosen
    if (value) this.#tell(JSON.parse(value), true)
    else if (before) this.#tell(JSON.parse(before), false)
  }

  // ---- several of a list: a button, and a panel of checkboxes ----

  #dropdown() {
    const chosen = this.#chosen
    const texts = this.#texts(this.options, [], chosen)
    const wanted = this.wanted.trim().toLowerCase()
    return html`<button class="select choices-button ${texts.length ? '' : 'is-empty'}" type="button" ?disabled=${this.readonly} popovertarget=${`${this.serial}-panel`} aria-haspopup="dialog" aria-label=${`${this.heading}: ${texts.join(', ') || t('Choose …')}`}><span class="clip">${texts.join(', ') || 'Choose …'}</span>${texts.length > 1 ? html`<span class="badge number choices-count" data-count=${texts.length}></span>` : nothing}<kite-icon name="down"></kite-icon></button>
      <div class="menu choices-panel" popover id=${`${this.serial}-panel`} aria-label=${this.heading} @beforetoggle=${this.#toggles} @keydown=${this.#keys}>
        ${this.open ? html`
          ${this.#count(this.options) > FIND_FROM ? html`<input class="input" type="search" placeholder=${t('Find a choice')} aria-label=${t('Find a choice')} .value=${live(this.wanted)} @input=${(/** @type {Event} */ event) => { this.wanted = /** @type {HTMLInputElement} */ (event.target).value }} />` : nothing}
          <div class="choices-set" role="group" aria-label=${this.heading}>${this.#list(this.options, [], wanted)}</div>` : nothing}
      </div>`
  }

  /** @param {Choice[]} options @returns {number} */
  #count(options) {
    return options.reduce((sum, option) => sum + 1 + this.#count(option.children ?? []), 0)
  }

  /** What is chosen, in words. @param {Choice[]} options @param {string[]} path @param {Set<string>} chosen @returns {string[]} */
  #texts(options, path, chosen) {
    return options.flatMap((option) => [
      ...(chosen.has(JSON.stringify(this.#picked(option, path))) ? [option.text] : []), ...this.#texts(option.children ?? [], [...path, option.stored], chosen),
    ])
  }

  /** @param {Event} event */
  #toggles(event) {
    this.#leave()
    this.open = /** @type {ToggleEvent} */ (event).newState === 'open'
    this.performUpdate()
    const first = /** @type {HTMLElement | null} */ (this.querySelector('.choices-panel input'))
    if (first) first.autofocus = true // the browser gives it the keyboard as the panel opens: no key comes before that
    if (this.open) this.#leave = keepAt(/** @type {HTMLElement} */ (event.target), /** @type {HTMLElement} */ (this.querySelector('.choices-button')), { width: 240, height: 360 })
    else this.wanted = ''
  }

  /** @param {KeyboardEvent} event */
  #keys(event) {
    const boxes = /** @type {HTMLElement[]} */ ([...this.querySelectorAll('.choices-panel input')])
    const at = boxes.indexOf(/** @type {HTMLElement} */ (event.target))
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0
    if (step) boxes[at + step]?.focus()
    else if (event.key === 'Escape' || (event.key === 'Enter' && !event.ctrlKey && !event.metaKey)) {
      const [button, panel] = /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll('.choices-button, .choices-panel'))
      panel.hidePopover()
      button.focus()
    } else return
    event.preventDefault()
  }

  // ---- all to see ----

  /** @param {Choice[]} options @param {string[]} path @param {string} wanted lower case: only what has it in its name, and what is above @returns {unknown} */
  #list(options, path, wanted = '') {
    const chosen = this.#chosen
    const single = this.#single
    return options.map((option) => {
      const children = option.children ?? []
      if (wanted && !this.#has(option, wanted)) return nothing
      const choice = this.#picked(option, path)
      const on = chosen.has(JSON.stringify(choice))
      const key = option.hotkey && !this.readonly ? printed(option.hotkey, MAC) : ''
      return html`<label class="choice" title=${[option.hint, key && t('Key {key}', { key })].filter(Boolean).join('. ') || nothing} style=${styled({ ...safeStyle(styleOf(option)), ...(on && option.selected_color ? { '--chosen': option.selected_color } : {}) })}>
          <input type=${single ? 'radio' : 'checkbox'} name=${this.serial} .checked=${live(on)} .indeterminate=${!single && !on && this.#below(children, [...path, option.stored], chosen)} ?disabled=${this.readonly}
            aria-keyshortcuts=${option.hotkey || nothing} @click=${() => this.#click(choice)} />
          <span class="choice-name">${option.html ? richText(option.html) : option.text}${option.show_alias && option.alias ? html` <span class="muted">${option.alias}</span>` : nothing}</span>
          ${key ? html`<kbd class="kbd" aria-hidden="true">${key}</kbd>` : nothing}
        </label>
        ${children.length ? html`<div class="choices-nested" role="group" aria-label=${option.text}>${this.#list(children, [...path, option.stored], wanted)}</div>` : nothing}`
    })
  }

  /** @param {Choice} option @param {string} wanted @returns {boolean} */
  #has(option, wanted) {
    return option.text.toLowerCase().includes(wanted) || (option.children ?? []).some((child) => this.#has(child, wanted))
  }

  /** Whether something under a choice is chosen. @param {Choice[]} children @param {string[]} path @param {Set<string>} chosen @returns {boolean} */
  #below(children, path, chosen) {
    return children.some((child) => chosen.has(JSON.stringify(this.#picked(child, path))) || this.#below(child.children ?? [], [...path, child.stored], chosen))
  }

  /** A second click on the only choice takes it back; radio buttons have no event for that but click. @param {Picked} choice */
  #click(choice) {
    const was = this.#chosen.has(JSON.stringify(choice))
    if (this.#single && was && this.control?.choice === 'single-radio') return
    this.#tell(choice, !was)
  }

  /** @param {Picked} choice @param {boolean} checked */
  #tell(choice, checked) {
    this.tell({ type: 'choose', choice, checked })
  }
}

/** Harmless properties of an option's own style; the plan has cut it already. @param {any} option @returns {Record<string, string> | undefined} */
const styleOf = (option) => (option.style && typeof option.style === 'object' ? option.style : undefined)
