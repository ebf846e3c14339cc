import { LitElement, html, nothing } from 'lit'
import { t } from '../app/texts.js'
import { styled } from './styled.js'

const WIDTH = 96 // CSS pixels of a small page; documents.css has the same number

/** All pages of a PDF, small, beside it: drawn when they come near, one after the other; a press or the arrows go to a page. */
export class KitePdfStrip extends LitElement {
  static properties = { pages: { attribute: false }, page: { type: Number }, counts: { attribute: false }, picture: { attribute: false } }

  constructor() {
    super()
    /** sizes of the pages @type {{width: number, height: number}[]} */
    this.pages = []
    /** the one that is looked at, from 1 */
    this.page = 1
    /** regions on each page, by its number @type {ReadonlyMap<number, number>} */
    this.counts = new Map()
    /** @type {(page: number, width: number) => Promise<HTMLCanvasElement | null>} */
    this.picture = async () => null
  }
  /** @type {IntersectionObserver | null} */
  #near = null
  /** pages in sight that are not drawn yet @type {Set<number>} */
  #wanted = new Set()
  #busy = false

  createRenderRoot() {
    return this
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#near?.disconnect()
    this.#near = null
    this.#wanted.clear()
  }

  /** @param {Map<string, any>} changed */
  updated(changed) {
    if (changed.has('pages') && changed.get('pages')?.length !== this.pages.length) this.#watch()
    if (changed.has('page')) this.#button(this.page)?.scrollIntoView({ block: 'nearest' })
  }

  #watch() {
    this.#near?.disconnect()
    this.#wanted.clear()
    this.#near = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        const at = Number(/** @type {HTMLElement} */ (target).dataset.at)
        if (isIntersecting) this.#wanted.add(at)
        else {
          this.#wanted.delete(at)
          target.querySelector('canvas')?.remove()
        }
      }
      void this.#draw()
    }, { root: this, rootMargin: '50% 0px' })
    for (const button of this.querySelectorAll('.pdf-small')) this.#near.observe(button)
  }

  /** One page after the other: the large ones come first. */
  async #draw() {
    if (this.#busy) return
    this.#busy = true
    for (const at of this.#wanted) {
      this.#wanted.delete(at)
      const place = this.#button(at)?.querySelector('.pdf-small-page')
      if (!place || place.querySelector('canvas')) continue
      try {
        const canvas = await this.picture(at, Math.round(WIDTH * Math.min(devicePixelRatio, 2)))
        if (canvas) place.replaceChildren(canvas)
      } catch (error) {
        console.warn(error) // the page has its number
      }
    }
    this.#busy = false
  }

  /** @param {number} at from 1 @returns {HTMLElement | null} */
  #button(at) {
    return this.querySelector(`.pdf-small[data-at="${at}"]`)
  }

  /** Moves the keyboard to the page that is looked at. */
  enter() {
    this.#button(this.page)?.focus()
  }

  /** @param {number} at from 1 */
  #go(at) {
    this.dispatchEvent(new CustomEvent('pdf-page', { detail: { page: at } }))
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const last = this.pages.length
    const to = { ArrowDown: this.page + 1, ArrowUp: this.page - 1, PageDown: this.page + 5, PageUp: this.page - 5, Home: 1, End: last }[event.key]
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
    event.preventDefault()
    event.stopPropagation()
    const at = Math.min(Math.max(1, to), last)
    this.#go(at)
    void this.updateComplete.then(() => this.#button(at)?.focus())
  }

  render() {
    return html`${this.pages.map(({ width, height }, index) => {
      const at = index + 1
      const count = this.counts.get(at) ?? 0
      const place = t('Page {n} of {count}', { n: at, count: this.pages.length })
      const name = count ? t('{name}, {n} regions', { name: place, n: count }) : place
      return html`<button class="pdf-small" type="button" data-at=${at} tabindex=${at === this.page ? 0 : -1} aria-current=${at === this.page ? 'page' : nothing} aria-label=${name} title=${name} @click=${() => this.#go(at)} @keydown=${this.#key}>
        <span class="pdf-small-page" style=${styled({ height: `${Math.round((WIDTH * height) / width)}px` })}></span>
        <span class="pdf-small-foot number" aria-hidden="true">${at}${count ? html`<span class="pdf-small-count">${count}</span>` : nothing}</span></button>`
    })}`
  }
}
