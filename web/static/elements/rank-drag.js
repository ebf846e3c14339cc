import { landing } from './rank-order.js'

/** @typedef {import('./rank-order.js').Move} Move */

const FAR = 5 // pixels before a press is a drag
const EDGE = 40 // pixels from the edge of what scrolls
const SCROLL = 12 // pixels a frame

/**
 * Drags a card of a ranker with a pointer: the card follows, `over` hears where it would land, `done` where it did. Mouse: anywhere on
 * the card; touch and pen: by its grip, as a finger on the card scrolls.
 */
export class RankDrag {
  /** @type {AbortController | null} */
  #gone = null
  #frame = 0

  /** @param {HTMLElement} root holds `.rank-column[data-name]` with `.rank-card[data-id]`
   * @param {{over: (move: Move | null) => void, done: (move: Move) => void}} told */
  constructor(root, told) {
    this.root = root
    this.told = told
  }

  /** @param {PointerEvent} event @param {string} item */
  press(event, item) {
    const target = /** @type {HTMLElement} */ (event.target)
    if (event.button !== 0 || this.#gone || target.closest('button:not(.rank-grip), a, input, summary')) return
    if (event.pointerType !== 'mouse' && !target.closest('.rank-grip')) return
    const card = /** @type {HTMLElement} */ (target.closest('.rank-card'))
    const from = { x: event.clientX, y: event.clientY }
    const scrolls = scroller(this.root)
    let began = false
    let scrolled = 0
    /** @type {{x: number, y: number}} */
    let at = from
    this.#gone = new AbortController()
    const { signal } = this.#gone
    const follow = () => {
      card.style.transform = `translate(${at.x - from.x}px, ${at.y - from.y + scrolled}px)`
      this.told.over(landing(this.#boxes(), item, at.x, at.y))
    }
    const edge = () => {
      const box = scrolls.getBoundingClientRect()
      const by = at.y < box.top + EDGE ? -SCROLL : at.y > box.bottom - EDGE ? SCROLL : 0
      const before = scrolls.scrollTop
      if (by) scrolls.scrollTop += by
      scrolled += scrolls.scrollTop - before
      if (by && scrolls.scrollTop !== before) follow()
      this.#frame = requestAnimationFrame(edge)
    }
    const move = (/** @type {PointerEvent} */ now) => {
      if (now.pointerId !== event.pointerId) return
      at = { x: now.clientX, y: now.clientY }
      if (!began) {
        if (Math.hypot(at.x - from.x, at.y - from.y) < FAR) return
        began = true
        card.setPointerCapture(event.pointerId)
        card.classList.add('is-dragged')
        getSelection()?.removeAllRanges()
        edge()
      }
      follow()
    }
    const end = (/** @type {boolean} */ lands) => {
      const moveTo = began && lands ? landing(this.#boxes(), item, at.x, at.y) : null
      this.cancel()
      card.classList.remove('is-dragged')
      card.style.transform = ''
      this.told.over(null)
      if (moveTo) this.told.done(moveTo)
    }
    addEventListener('pointermove', move, { signal })
    addEventListener('pointerup', (up) => { if (up.pointerId === event.pointerId) end(true) }, { signal })
    addEventListener('pointercancel', (lost) => { if (lost.pointerId === event.pointerId) end(false) }, { signal })
    addEventListener('keydown', (key) => {
      if (key.key !== 'Escape' || !began) return
      key.preventDefault()
      end(false)
    }, { signal, capture: true })
  }

  /** Lets go of everything. */
  cancel() {
    cancelAnimationFrame(this.#frame)
    this.#gone?.abort()
    this.#gone = null
  }

  #boxes() {
    return [.../** @type {NodeListOf<HTMLElement>} */ (this.root.querySelectorAll('.rank-column'))].map((column) => {
      const { left, right, top: first, bottom: last } = column.getBoundingClientRect()
      const cards = [.../** @type {NodeListOf<HTMLElement>} */ (column.querySelectorAll('.rank-card:not(.is-dragged)'))].map((card) => {
        const { top, bottom } = card.getBoundingClientRect()
        return { id: card.dataset.id ?? '', top, bottom }
      })
      return { name: column.dataset.name ?? '', left, right, top: first, bottom: last, cards }
    })
  }
}

/** What scrolls around an element. @param {Element} element @returns {Element} */
function scroller(element) {
  for (let at = element.parentElement; at; at = at.parentElement) {
    if (at.scrollHeight > at.clientHeight && /auto|scroll/.test(getComputedStyle(at).overflowY)) return at
  }
  return document.documentElement
}
