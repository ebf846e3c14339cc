import { LitElement, html, nothing } from 'lit'
import { t } from '../app/texts.js'
import { emit } from './emit.js'
import { isTyping } from './keys.js'
import { kindOf } from './image-load.js'
import { styled } from './styled.js'
import { visibleRows } from './virtual.js'

const PITCH = 64 // pixels from one small picture to the next
const MANY = 12 // pages, from which on one types a number

/** The pages of an image with several: back and on, and a strip of small pictures, of which only those in sight exist. Loaded only where there are pages. */
export class KiteImagePages extends LitElement {
  static properties = { object: { attribute: false }, urls: { attribute: false }, page: { type: Number }, counts: { attribute: false }, seen: { state: true } }

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
    /** where the strip is scrolled to, pixels */
    this.seen = { left: 0, width: 800 }
  }
  /** @type {AbortController | null} */
  #gone = null
  #shown = -1

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

  firstUpdated() {
    const room = new ResizeObserver(() => this.#look())
    room.observe(/** @type {Element} */ (this.querySelector('.pages-strip')))
    this.#gone?.signal.addEventListener('abort', () => room.disconnect())
  }

  /** Ctrl+Left and Ctrl+Right turn the page, Ctrl+Home and Ctrl+End go to its ends, except where they move in a text. @param {KeyboardEvent} event */
  #key(event) {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.defaultPrevented) return
    const to = { ArrowLeft: this.page - 1, ArrowRight: this.page + 1, Home: 0, End: this.urls.length - 1 }[event.key]
    const surface = this.closest('kite-surface')
    const target = /** @type {Element | null} */ (event.target)
    if (to === undefined || isTyping(target) || (surface && /** @type {any} */ (surface).keys === false) || document.querySelector('dialog[open]')) return
    event.preventDefault()
    this.#turn(to)
  }

  /** @param {number} page */
  #turn(page) {
    if (page >= 0 && page < this.urls.length && page !== this.page) emit(this, { type: 'view_item', object: this.object, item: page })
  }

  /** Arrows go from picture to picture where one of them has the keyboard. @param {KeyboardEvent} event */
  #walk(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (!step || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    event.stopPropagation()
    this.#turn(this.page + step * (getComputedStyle(this).direction === 'rtl' ? -1 : 1))
  }

  #look() {
    const strip = /** @type {HTMLElement} */ (this.querySelector('.pages-strip'))
    const left = Math.abs(strip.scrollLeft) // negative where one reads from the right
    if (left !== this.seen.left || strip.clientWidth !== this.seen.width) this.seen = { left, width: strip.clientWidth }
  }

  updated() {
    const strip = /** @type {HTMLElement | null} */ (this.querySelector('.pages-strip'))
    if (!strip || this.#shown === this.page) return
    const had = strip.contains(document.activeElement)
    this.#shown = this.page
    // Not scrollIntoView: it would scroll the page as well.
    const sign = getComputedStyle(this).direction === 'rtl' ? -1 : 1
    const now = Math.abs(strip.scrollLeft)
    strip.scrollLeft = sign * Math.min(Math.max(now, (this.page + 1) * PITCH - strip.clientWidth), this.page * PITCH)
    this.#look()
    if (had) void this.updateComplete.then(() => /** @type {HTMLElement | null} */ (this.querySelector('[aria-current]'))?.focus({ preventScroll: true }))
  }

  render() {
    const { page, urls, seen } = this
    const { first, last } = visibleRows(seen.left, seen.width, PITCH, urls.length, 4)
    const near = urls.slice(first, last).map((url, at) => ({ url, at: first + at }))
    if (page < first || page >= last) near.push({ url: urls[page], at: page }) // the keyboard may be on it
    return html`<nav class="pages" aria-label=${t('Pages')}>
      <button class="button button-quiet button-icon" type="button" title=${t('Page before (Ctrl+←)')} aria-label=${t('Page before')} ?disabled=${page <= 0} @click=${() => this.#turn(page - 1)}><kite-icon name="left"></kite-icon></button>
      <span class="number pages-where" aria-live="polite">${urls.length < MANY ? t('{page} of {count}', { page: page + 1, count: urls.length }) : this.#field()}</span>
      <button class="button button-quiet button-icon" type="button" title=${t('Next page (Ctrl+→)')} aria-label=${t('Next page')} ?disabled=${page >= urls.length - 1} @click=${() => this.#turn(page + 1)}><kite-icon name="right"></kite-icon></button>
      <div class="pages-strip" @scroll=${() => this.#look()} @keydown=${(/** @type {KeyboardEvent} */ event) => this.#walk(event)}>
        <div class="pages-room" style=${styled({ width: `${urls.length * PITCH}px` })}>${near.map(({ url, at }) => this.#thumb(url, at))}</div>
      </div>
    </nav>`
  }

  #field() {
    return html`<input class="input pages-go" type="number" min="1" max=${this.urls.length} .value=${String(this.page + 1)} aria-label=${t('Page, of {n}', { n: this.urls.length })}
      @change=${(/** @type {Event} */ event) => this.#turn(/** @type {HTMLInputElement} */ (event.target).valueAsNumber - 1)} /><span aria-hidden="true"> / ${this.urls.length}</span>`
  }

  /** @param {string} url @param {number} at */
  #thumb(url, at) {
    const current = at === this.page
    return html`<button class="page-thumb" type="button" tabindex=${current ? 0 : -1} aria-current=${current ? 'page' : nothing} style=${styled({ 'inset-inline-start': `${at * PITCH}px` })} @click=${() => this.#turn(at)}>
      ${kindOf(url) === 'plain' ? html`<img src=${url} alt="" loading="lazy" decoding="async" fetchpriority="low" />` : nothing}<span class="number"><span class="visually-hidden">${t('Page')} </span>${at + 1}</span>${this.counts[at] ? html`<span class="badge number"><span class="visually-hidden">, ${t('regions:')} </span>${this.counts[at]}</span>` : nothing}
    </button>`
  }
}
