import { LitElement, html, nothing } from 'lit'
import { t } from '../app/texts.js'
import css from '../styles/text-search.css' with { type: 'text' }
import { findAll, firstFrom } from './text-search.js'
import { adopt } from './sheet.js'

adopt(css)

const CAREFUL = 500 // places that are marked at once with a warning

/**
 * Looks for words in a text. Tells `text-found` {found, now, go} as the person types and steps, `text-mark` {found} to mark all places,
 * `text-take` {place} to select one, `text-close`.
 */
export class KiteTextSearch extends LitElement {
  static properties = {
    text: { attribute: false }, label: { attribute: false }, marks: { type: Boolean }, query: { state: true }, exact: { state: true }, whole: { state: true }, found: { state: true },
    now: { state: true }, asking: { state: true },
  }

  constructor() {
    super()
    this.text = ''
    /** name of the active label; empty: none */
    this.label = ''
    /** people may mark here */
    this.marks = false
    this.query = ''
    this.exact = false
    this.whole = false
    /** @type {{start: number, end: number}[]} */
    this.found = []
    this.now = -1
    /** it asks whether to mark all */
    this.asking = false
    /** where looking begins, UTF-16 */
    this.from = 0
  }

  createRenderRoot() {
    return this
  }

  /** Takes the keyboard. @param {string} words selected words, to look for; empty: what was looked for before @param {number} from @param {boolean} [typing] the person goes on to type them */
  open(words, from, typing = false) {
    this.from = from
    if (words && words.length < 200 && !words.includes('\n')) this.query = words
    this.#look()
    void this.updateComplete.then(() => {
      this.#field.focus()
      if (!typing) this.#field.select()
    })
  }

  get #field() {
    return /** @type {HTMLInputElement} */ (this.querySelector('input[type="search"]'))
  }

  #look() {
    this.asking = false
    this.found = findAll(this.text, this.query, { exact: this.exact, whole: this.whole })
    this.now = firstFrom(this.found, this.from)
    this.#tell(this.now >= 0)
  }

  /** @param {boolean} go the text moves there */
  #tell(go) {
    this.dispatchEvent(new CustomEvent('text-found', { detail: { found: this.found, now: this.now, go } }))
  }

  /** @param {number} by */
  #step(by) {
    if (!this.found.length) return
    this.now = (this.now + by + this.found.length) % this.found.length
    this.from = this.found[this.now].start
    this.#tell(true)
  }

  #close() {
    this.asking = false
    this.dispatchEvent(new CustomEvent('text-close', { detail: { place: this.found[this.now] } }))
  }

  #markAll() {
    this.asking = false
    this.dispatchEvent(new CustomEvent('text-mark', { detail: { found: this.found } }))
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing) return
    if (event.key === 'Escape' && this.asking) this.asking = false
    else if (event.key === 'Escape') this.#close()
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey || event.altKey)) this.#ask()
    else if (event.key === 'Enter' && /** @type {Element} */ (event.target).matches('input[type="search"]')) this.#step(event.shiftKey ? -1 : 1)
    else if (event.key === 'F3' || (event.key.toLowerCase() === 'g' && (event.ctrlKey || event.metaKey))) this.#step(event.shiftKey ? -1 : 1)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  #ask() {
    if (!this.marks || !this.label || !this.found.length) return
    this.asking = true
    void this.updateComplete.then(() => /** @type {HTMLElement | null} */ (this.querySelector('.search-yes'))?.focus())
  }

  render() {
    const n = this.found.length
    const count = !this.query.trim() ? '' : n ? t('{at} of {n}', { at: this.now + 1, n }) : t('Not found')
    const all = t('Mark all {n} places as {label}', { n, label: this.label })
    return html`<div class="search" role="search" @keydown=${this.#key}>
      <input class="input" type="search" aria-label=${t('Find in the text')} placeholder=${t('Find in the text')} .value=${this.query} autocomplete="off" spellcheck="false"
        @input=${(/** @type {Event} */ event) => { this.query = /** @type {HTMLInputElement} */ (event.target).value; this.#look() }} />
      <span class="search-count number muted" role="status">${count}</span>
      <button class="button button-quiet button-icon button-small" type="button" title=${t('Previous (Shift+Enter)')} aria-label=${t('Previous')} ?disabled=${!n} @click=${() => this.#step(-1)}><kite-icon name="left"></kite-icon></button>
      <button class="button button-quiet button-icon button-small" type="button" title=${t('Next (Enter)')} aria-label=${t('Next')} ?disabled=${!n} @click=${() => this.#step(1)}><kite-icon name="right"></kite-icon></button>
      <button class="button button-quiet button-small" type="button" aria-pressed=${this.exact} title=${t('Capitals count')} aria-label=${t('Capitals count')} @click=${() => { this.exact = !this.exact; this.#look() }}>Aa</button>
      <button class="button button-quiet button-small search-whole" type="button" aria-pressed=${this.whole} title=${t('Whole words only')} aria-label=${t('Whole words only')} @click=${() => { this.whole = !this.whole; this.#look() }}></button>
      ${this.marks
        ? html`<button class="button button-small" type="button" ?disabled=${!n || !this.label} title=${this.label ? `${all} (Ctrl+Enter)` : t('Pick a label first')} @click=${this.#ask}>${t('Mark all')}</button>`
        : nothing}
      <button class="button button-quiet button-icon button-small" type="button" title=${t('Close (Esc)')} aria-label=${t('Close the search')} @click=${this.#close}><kite-icon name="close"></kite-icon></button>
      ${this.asking
        ? html`<div class="search-ask" role="alertdialog" aria-label=${all}><p><strong>${all}?</strong> ${n > CAREFUL ? t('That is a lot: have a look at some of them first.') : t('Places that have it already stay as they are. One undo takes all back.')}</p>
            <button class="button button-primary button-small search-yes" type="button" @click=${this.#markAll}>${t('Mark {n}', { n })}</button>
            <button class="button button-small" type="button" @click=${() => { this.asking = false; this.#field.focus() }}>${t('Cancel')}</button></div>`
        : nothing}
    </div>`
  }
}
