import { html, nothing } from 'lit'
import { live } from 'lit/directives/live.js'
import { locale, rich, t, text } from '../app/texts.js'
import { AnswerElement } from './answer-element.js'
import { asked, isoOf, partsOf } from './date-parts.js'
import './task-change.js'

/** @typedef {import('./date-parts.js').Parts} Parts */

const NAMES = /** @type {const} */ ({ date: text('Date'), time: text('Time'), month: text('Month'), year: text('Year') })
const months = () => Array.from({ length: 12 }, (_, at) => new Date(2024, at, 1).toLocaleDateString(locale(), { month: 'long' }))
const YEARS = 100 // years before this one that are offered where the config names none

/** A date, a time, a month, a year: the browser's own fields. `answer` is {datetime, iso}. */
export class KiteDatetime extends AnswerElement {
  static properties = { partial: { state: true } }

  constructor() {
    super()
    /** parts that are filled in while others are missing @type {Parts} */
    this.partial = {}
  }
  /** Halves about other regions and pages: one element shows them all, one after the other. @type {Map<string, {region: string, partial: Parts}>} */
  #others = new Map()

  /** @param {Map<string, any>} changed */
  willUpdate(changed) {
    if (changed.has('region') || changed.has('item')) this.#turn(changed.get('region') ?? this.region, changed.has('item') ? changed.get('item') : this.item)
    if (changed.has('answer') && this.answer?.iso && changed.get('answer')?.iso !== this.answer.iso) this.partial = {}
  }

  /** Another region or page is asked about: its own half comes back, and the last one's is kept. @param {string} region @param {number | undefined} item of the last one */
  #turn(region, item) {
    const odd = [...this.querySelectorAll('input')].some((field) => this.#isHalf(field))
    if (odd || Object.keys(this.partial).length) this.#others.set(`${region}/${item}`, { region, partial: this.partial })
    const key = `${this.region}/${this.item}`
    this.partial = this.#others.get(key)?.partial ?? {}
    this.#others.delete(key)
    this.#empty()
  }

  /** Also of half a date, which only the browser knows of. */
  #empty() {
    for (const field of this.querySelectorAll('input')) field.value = ''
  }

  /** The parts as they are known; open: those that are missing beside others; half: those that are half typed. */
  get #filled() {
    const wanted = asked(this.control?.only)
    /** @type {Parts} */
    const parts = { ...partsOf(this.answer?.iso), ...this.partial }
    const missing = wanted.filter((part) => !parts[part])
    return { wanted, parts, open: missing.length < wanted.length ? missing : [], half: wanted.filter((part) => this.#isHalf(this.#input(part))) }
  }

  /** @param {keyof Parts} part @returns {HTMLInputElement | null} */
  #input(part) {
    return this.querySelector(`input[type=${part}]`)
  }

  /** What the browser would not call a date, and a year that is still being typed: 2, 20, 202. @param {HTMLInputElement | null} field */
  #isHalf(field) {
    const early = (/** @type {unknown} */ day) => /^0/.test(String(day ?? ''))
    return !!field && (field.validity.badInput || (field.type === 'date' && early(field.value) && !early(this.given.min) && field.value !== partsOf(this.answer?.iso).date))
  }

  /** What was begun and is no answer. @returns {import('./types.js').Half[]} */
  get unfinished() {
    const { wanted, open, half } = this.#filled
    const name = this.legend || this.control?.name || ''
    const told = (/** @type {string} */ region, /** @type {readonly (keyof Parts)[]} */ parts) => (parts.length
      ? [{ region, message: t('“{name}” is only half filled in. Still missing: {parts}', { name, parts: parts.map((part) => t(NAMES[part])).join(', ') }) }] : [])
    return [...told(this.region, wanted.filter((part) => open.includes(part) || half.includes(part))), ...[...this.#others.values()].flatMap(({ region, partial }) => told(region, wanted.filter((part) => !partial[part])))]
  }

  render() {
    const { control } = this
    if (!control) return nothing
    const { wanted, parts, open: missing, half } = this.#filled
    const open = wanted.filter((part) => missing.includes(part) || (half.includes(part) && this.#input(part) !== document.activeElement)) // not while it is typed
    const odd = this.answer && !this.answer.iso
    const stored = { value: html`<span class="number" dir="ltr">${this.answer?.datetime}</span>` }
    return html`<div class="datetime" role="group" aria-label=${this.heading} aria-describedby=${this.problem ? `${this.serial}-problem` : nothing}>
      ${wanted.map((part) => html`<div class="field datetime-part"><label class=${wanted.length > 1 ? 'field-hint' : 'visually-hidden'} for=${`${this.serial}-${part}`}>${t(NAMES[part])}</label>${this.#field(part, parts[part] ?? '', open[0] === part)}</div>`)}
      ${(this.answer || open.length) && !this.readonly ? html`<button class="button button-quiet button-small button-icon" type="button" title=${t('Take the date away')} aria-label=${t('Take the date away')} @click=${this.#clear}><kite-icon name="close"></kite-icon></button>` : nothing}
      ${this.answer?.datetime && this.answer.datetime !== this.answer.iso ? html`<span class="field-hint datetime-stored">${odd ? rich('kept as it is: {value}', stored) : rich('written {value}', stored)}</span>` : nothing}
      ${open.length && !this.readonly ? html`<p class="field-hint" role="status">${t('Still missing: {parts}', { parts: open.map((part) => t(NAMES[part])).join(', ') })}</p>` : nothing}
      ${this.problem ? html`<p class="field-problem" id=${`${this.serial}-problem`}>${this.problem}</p>` : nothing}
    </div>`
  }

  /** What is half typed stays as it is, whatever is drawn meanwhile. @param {keyof Parts} part */
  #typed(part) {
    const field = this.#input(part)
    return field && this.#isHalf(field) ? field.value : undefined
  }

  /** @param {keyof Parts} part @param {string} value @param {boolean} next it is what is missing: the keyboard enters here */
  #field(part, value, next) {
    const { min, max } = this.given
    const change = (/** @type {Event} */ event) => this.#change(part, /** @type {HTMLInputElement} */ (event.target))
    const invalid = this.problem ? 'true' : nothing
    if (part === 'date' || part === 'time') {
      return html`<input class="input number" ?data-entry=${next} id=${`${this.serial}-${part}`} type=${part} ?disabled=${this.readonly} aria-invalid=${invalid} min=${part === 'date' ? isoDay(min) : nothing} max=${part === 'date' ? isoDay(max, LAST_DAY) : nothing}
        .value=${live(this.#typed(part) ?? value)} @change=${change} @blur=${() => this.requestUpdate()} @keydown=${(/** @type {KeyboardEvent} */ event) => this.#keys(part, event)} />`
    }
    const rows = part === 'month' ? months().map((text, at) => ({ value: String(at + 1).padStart(2, '0'), text })) : years(min, max, value).map((year) => ({ value: String(year), text: String(year) }))
    return html`<select class="select" ?data-entry=${next} id=${`${this.serial}-${part}`} ?disabled=${this.readonly} aria-invalid=${invalid} .value=${live(value)} @change=${change}>
      <option value="">${part === 'month' ? t('Month …') : t('Year …')}</option>${rows.map((row) => html`<option value=${row.value} ?selected=${row.value === value}>${row.text}</option>`)}</select>`
  }

  /** @param {keyof Parts} part @param {HTMLInputElement | HTMLSelectElement} field */
  #change(part, field) {
    if (field instanceof HTMLInputElement && this.#isHalf(field)) return
    const wanted = asked(this.control?.only)
    const parts = { ...partsOf(this.answer?.iso), ...this.partial, [part]: field.value }
    const iso = isoOf(parts, wanted)
    if (iso && iso === this.answer?.iso) {
      this.partial = {}
      return
    }
    this.partial = parts
    if (iso) this.tell({ type: 'set_answer', value: { datetime: iso } })
    else if (this.answer) this.tell({ type: 'set_answer', value: null }) // half a date is no answer
  }

  /** @param {keyof Parts} part @param {KeyboardEvent} event */
  #keys(part, event) {
    if (event.key === 'Escape') /** @type {HTMLElement} */ (event.target).blur()
    if (event.key === 'Enter') this.#change(part, /** @type {HTMLInputElement} */ (event.target))
  }

  /** Another task: a part that was filled in for the last one is none of its answer. */
  forget() {
    this.partial = {}
    this.#others.clear()
    this.#empty()
    this.requestUpdate()
  }

  #clear() {
    this.partial = {}
    this.#empty()
    this.tell({ type: 'set_answer', value: null })
  }
}

const LAST_DAY = '9999-12-31' // so that the field takes four digits for a year

/** @param {unknown} given */
const isoDay = (given, instead = /** @type {any} */ (nothing)) => (/^\d{4}-\d\d-\d\d$/.test(String(given ?? '')) ? String(given) : instead)

/** Years to choose from, the newest first; one that is answered is among them. @param {unknown} min @param {unknown} max @param {string} value */
function years(min, max, value) {
  const year = (/** @type {unknown} */ given, /** @type {number} */ instead) => Number(/^\d{4}/.exec(String(given ?? ''))?.[0] ?? instead)
  const now = new Date().getFullYear()
  const last = Math.max(year(max, Math.max(now + 10, year(min, 0))), Number(value) || 0)
  const first = Math.min(year(min, Math.min(now - YEARS, last)), Number(value) || last)
  return Array.from({ length: Math.min(last - first + 1, 1000) }, (_, at) => last - at)
}
