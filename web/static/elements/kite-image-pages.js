import { LitElement, html, nothing } from 'lit'
import { emit } from './emit.js'

const TYPING = 'input, textarea, select, [contenteditable]'

/** The pages of an image with several: back and on, and a strip of small pictures. Loaded only where there are pages. */
export class KiteImagePages extends LitElement {
  static properties = { object: { attribute: false }, urls: { attribute: false }, page: { type: Number }, counts: { attribute: false } }

  constructor() {
    super()
    /** name of the image */
    this.object = ''
    /** @type {string[]} */
    this.urls = []
    /** from 0 */
    this.page = 0
    /** regions on each page @type {number[]} */
    this.counts = []
  }
  /** @type {AbortController | null} */
  #gone = null

  createRenderRoot() {
    return this
  }

  connectedCallback() {
    super.connectedCallback()
    this.#gone = new AbortController()
    document.addEventListener('keydown', (event) => this.#key(event), { signal: this.#gone.signal })
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#gone?.abort()
  }

  /** Ctrl+Left and Ctrl+Right turn the page, except where they move by a word. @param {KeyboardEvent} event */
  #key(event) {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.defaultPrevented || (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight')) return
    const surface = this.closest('kite-surface')
    const target = /** @type {Element | null} */ (event.target)
    if (target?.closest(TYPING) || (surface && /** @type {any} */ (surface).keys === false) || document.querySelector('dialog[open]')) return
    event.preventDefault()
    this.#turn(this.page + (event.key === 'ArrowLeft' ? -1 : 1))
  }

  /** @param {number} page */
  #turn(page) {
    if (page >= 0 && page < this.urls.length && page !== this.page) emit(this, { type: 'view_item', object: this.object, item: page })
  }

  updated() {
    const shown = this.querySelector('[aria-current]')
    const strip = shown?.parentElement
    if (!(shown instanceof HTMLElement) || !strip) return
    // Not scrollIntoView: it would scroll the page as well.
    strip.scrollLeft = Math.min(Math.max(strip.scrollLeft, shown.offsetLeft + shown.offsetWidth - strip.clientWidth), shown.offsetLeft)
  }

  render() {
    const { page, urls } = this
    return html`<nav class="pages" aria-label="Pages">
      <button class="button button-quiet button-icon" type="button" title="Page before (Ctrl+←)" aria-label="Page before" ?disabled=${page <= 0} @click=${() => this.#turn(page - 1)}><kite-icon name="left"></kite-icon></button>
      <span class="number pages-where" aria-live="polite">${page + 1} of ${urls.length}</span>
      <button class="button button-quiet button-icon" type="button" title="Next page (Ctrl+→)" aria-label="Next page" ?disabled=${page >= urls.length - 1} @click=${() => this.#turn(page + 1)}><kite-icon name="right"></kite-icon></button>
      <div class="pages-strip">${urls.map((url, at) => html`<button class="page-thumb" type="button" aria-current=${at === page ? 'page' : nothing} @click=${() => this.#turn(at)}>
        <img src=${url} alt="" loading="lazy" decoding="async" /><span class="number"><span class="visually-hidden">Page </span>${at + 1}</span>${this.counts[at] ? html`<span class="badge number"><span class="visually-hidden">, regions: </span>${this.counts[at]}</span>` : nothing}
      </button>`)}</div>
    </nav>`
  }
}
