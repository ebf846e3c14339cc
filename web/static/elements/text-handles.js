import { t } from '../app/texts.js'

/**
 * Handles of the selected span: one at each border to pull it, and a knob to pull to another span, which relates the two.
 *
 * @typedef {object} HandleHost
 * @property {(x: number, y: number) => number | null} offsetAt of a point of the window
 * @property {(x: number, y: number) => string} regionAt under a point of the window; empty: none
 * @property {(id: string, start: number, end: number) => void} pull shows where the span would be
 * @property {(id: string, start: number, end: number) => void} pulled the border was let go
 * @property {(id: string, over: string) => void} aim a relation is being pulled: over which region
 * @property {(id: string, over: string) => void} aimed it was let go
 *
 * @typedef {{id: string, start: number, end: number, startBox: DOMRect, endBox: DOMRect, relates: boolean}} Held boxes of the caret at both borders, in the window
 */

const FAR = 6 // pixels after which a press on the knob is a pull
const KNOB = 14

export class TextHandles {
  /** @type {Held | null} */
  #held = null
  /** @type {{which: 'start' | 'end' | 'link', x: number, y: number, start: number, end: number, moved: boolean, lift: number} | null} */
  #drag = null
  /** @type {{start: HTMLElement, end: HTMLElement, link: HTMLElement, line: SVGSVGElement}} */
  #parts

  /** @param {HTMLElement} page positioned, around the text @param {HandleHost} host @param {AbortSignal} signal ends listening */
  constructor(page, host, signal) {
    this.page = page
    this.host = host
    const make = (/** @type {'start' | 'end' | 'link'} */ which) => {
      const handle = document.createElement('div')
      handle.className = `text-handle text-handle-${which}`
      handle.hidden = true
      handle.dataset.handle = which
      handle.title = which === 'link' ? t('Pull to another span to relate the two (Alt+R)') : which === 'start' ? t('Pull the beginning (Alt+Shift+↑ ↓)') : t('Pull the end (Alt+Shift+← →)')
      handle.addEventListener('pointerdown', (event) => this.#down(event, which), { signal })
      handle.addEventListener('pointermove', (event) => this.#move(event), { signal })
      handle.addEventListener('pointerup', (event) => this.#up(event), { signal })
      handle.addEventListener('pointercancel', () => this.cancel(), { signal })
      page.append(handle)
      return handle
    }
    const line = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
    line.setAttribute('class', 'text-aim')
    line.append(document.createElementNS('http://www.w3.org/2000/svg', 'line'))
    page.append(line)
    this.#parts = { start: make('start'), end: make('end'), link: make('link'), line }
    document.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !this.#drag) return
      event.stopPropagation()
      event.preventDefault()
      this.cancel()
    }, { signal, capture: true })
    signal.addEventListener('abort', () => Object.values(this.#parts).forEach((part) => part.remove()))
  }

  get busy() {
    return this.#drag !== null
  }

  /** @param {Held | null} held */
  show(held) {
    this.#held = held
    const { start, end, link } = this.#parts
    start.hidden = end.hidden = !held
    link.hidden = !held?.relates
    if (!held) return
    const origin = this.page.getBoundingClientRect()
    const put = (/** @type {HTMLElement} */ handle, /** @type {DOMRect} */ box, /** @type {number} */ dx = 0, /** @type {number} */ dy = 0) => {
      handle.style.left = `${box.left - origin.left + dx}px`
      handle.style.top = `${box.top - origin.top + dy}px`
      handle.style.setProperty('--high', `${box.height}px`)
    }
    put(start, held.startBox)
    put(end, held.endBox)
    const backward = held.startBox.top === held.endBox.top && held.endBox.left < held.startBox.left
    put(link, held.endBox, backward ? -KNOB - 6 : 6, -KNOB + 4)
  }

  /** @param {PointerEvent} event @param {'start' | 'end' | 'link'} which */
  #down(event, which) {
    const held = this.#held
    if (!held || event.button) return
    event.preventDefault()
    event.stopPropagation()
    this.#parts[which].setPointerCapture(event.pointerId)
    const box = which === 'start' ? held.startBox : held.endBox
    // A finger holds a handle by its knob, below the line: the line is meant.
    this.#drag = { which, x: event.clientX, y: event.clientY, start: held.start, end: held.end, moved: false, lift: which === 'link' ? 0 : event.clientY - (box.top + box.height / 2) }
    this.page.classList.add('is-pulling')
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const [drag, held] = [this.#drag, this.#held]
    if (!drag || !held) return
    drag.moved ||= Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > (drag.which === 'link' ? FAR : 0)
    if (!drag.moved) return
    if (drag.which === 'link') {
      const origin = this.page.getBoundingClientRect()
      const stroke = /** @type {SVGLineElement} */ (this.#parts.line.firstElementChild)
      for (const [name, value] of Object.entries({ x1: drag.x - origin.left, y1: drag.y - origin.top, x2: event.clientX - origin.left, y2: event.clientY - origin.top })) stroke.setAttribute(name, String(value))
      this.#parts.line.classList.add('is-shown')
      this.host.aim(held.id, this.host.regionAt(event.clientX, event.clientY))
      return
    }
    const offset = this.host.offsetAt(event.clientX, event.clientY - drag.lift)
    if (offset === null) return
    const other = drag.which === 'start' ? held.end : held.start
    if (offset === other) return
    drag.start = Math.min(offset, other)
    drag.end = Math.max(offset, other)
    this.host.pull(held.id, drag.start, drag.end)
  }

  /** @param {PointerEvent} event */
  #up(event) {
    const [drag, held] = [this.#drag, this.#held]
    this.cancel()
    if (!drag || !held) return
    if (drag.which === 'link') {
      if (!drag.moved) this.page.dispatchEvent(new CustomEvent('kite-relate', { detail: { region: held.id }, bubbles: true }))
      else this.host.aimed(held.id, this.host.regionAt(event.clientX, event.clientY))
    } else if (drag.start !== held.start || drag.end !== held.end) this.host.pulled(held.id, drag.start, drag.end)
  }

  /** Nothing is pulled any more. */
  cancel() {
    const [drag, held] = [this.#drag, this.#held]
    this.#drag = null
    this.page.classList.remove('is-pulling')
    this.#parts.line.classList.remove('is-shown')
    if (!drag || !held) return
    if (drag.which === 'link') this.host.aim(held.id, '')
    else this.host.pull(held.id, -1, -1)
  }
}
