import { placeAt } from './dom-selection.js'
import { emit } from './emit.js'

/** The two ends of the one selected span, to be pulled. With the keyboard they are moved by keys (document-marker.js). */
export class SpanGrips {
  /** @type {[HTMLElement, HTMLElement]} */
  #ends
  /** @type {{end: boolean, dx: number, dy: number, now: import('./document-marks.js').Place} | null} what is being pulled */
  #pull = null

  /** @param {import('./document-marker.js').DocumentMarker} marker @param {AbortSignal} signal */
  constructor(marker, signal) {
    this.marker = marker
    const ends = ['is-start', 'is-end'].map((side) => {
      const grip = document.createElement('span')
      grip.className = `span-grip ${side}`
      grip.hidden = true
      grip.setAttribute('aria-hidden', 'true')
      grip.addEventListener('pointerdown', (event) => this.#start(event, side === 'is-end'), { signal })
      return grip
    })
    this.#ends = /** @type {[HTMLElement, HTMLElement]} */ (ends)
    marker.home.page.append(...ends)
    document.addEventListener('pointermove', (event) => this.#move(event), { signal })
    document.addEventListener('pointerup', (event) => this.#release(event), { signal })
    document.addEventListener('pointercancel', () => this.#drop(), { signal })
    signal.addEventListener('abort', () => ends.forEach((grip) => grip.remove()))
  }

  /** The one selected span whose ends may be moved. */
  get span() {
    const { context, marks } = this.marker
    const [id, ...more] = context.view?.selection ?? []
    const span = id && !more.length && !context.readonly ? marks.index.spans.find((one) => one.id === id) : undefined
    return span && !span.region.locked && !span.region.readonly ? span : null
  }

  draw() {
    const span = this.span
    const at = this.#pull?.now ?? (span ? { start16: span.start, end16: span.end } : null)
    for (const grip of this.#ends) grip.hidden = !at
    if (!at || !span) return
    const text = this.marker.home.text()
    const origin = this.marker.home.page.getBoundingClientRect()
    const first = text.range(at.start16, Math.min(at.start16 + 1, at.end16)).getClientRects()[0]
    const rects = text.range(Math.max(at.end16 - 1, at.start16), at.end16).getClientRects()
    const last = rects[rects.length - 1]
    for (const [grip, box, end] of /** @type {[HTMLElement, DOMRect | undefined, boolean][]} */ ([[this.#ends[0], first, false], [this.#ends[1], last, true]])) {
      grip.hidden = !box
      if (!box) continue
      const rtl = getComputedStyle(/** @type {Element} */ (text.place(end ? at.end16 : at.start16, end)[0].parentElement)).direction === 'rtl'
      grip.style.left = `${(end !== rtl ? box.right : box.left) - origin.left}px`
      grip.style.top = `${box.top - origin.top}px`
      grip.style.height = `${box.height}px`
      grip.style.setProperty('--swatch', span.region.color)
    }
  }

  /** @param {PointerEvent} event @param {boolean} end */
  #start(event, end) {
    const { span } = this
    if (!span || event.button) return
    event.preventDefault()
    event.stopPropagation()
    const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect()
    // A finger covers the line: what counts is the middle of the line that the grip stands on.
    this.#pull = { end, dx: box.left + box.width / 2 - event.clientX, dy: box.top + box.height / 2 - event.clientY, now: { start16: span.start, end16: span.end } }
    this.marker.home.page.classList.add('is-pulled')
    this.marker.home.sheet.focus({ preventScroll: true })
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const { span } = this
    if (!this.#pull || !span) return
    event.preventDefault()
    const { home, marks } = this.marker
    const place = placeAt(home.root, event.clientX + this.#pull.dx, event.clientY + this.#pull.dy)
    const offset = place && home.text().offsetOf(place.node, place.offset)
    if (offset === null) return
    const { end } = this.#pull
    this.#pull.now = end ? { start16: span.start, end16: Math.max(offset, span.start + 1) } : { start16: Math.min(offset, span.end - 1), end16: span.end }
    marks.pull(span.id, this.#pull.now)
    this.draw()
  }

  /** @param {PointerEvent} event */
  #release(event) {
    const { span } = this
    const pull = this.#pull
    this.#drop()
    if (!pull || !span || event.button > 0 || (pull.now.start16 === span.start && pull.now.end16 === span.end)) return
    emit(this.marker.home.host, { type: 'edit_region', region: span.id, shape: this.marker.home.shapeOf(pull.now) })
  }

  #drop() {
    const { span } = this
    if (!this.#pull) return
    this.#pull = null
    this.marker.home.page.classList.remove('is-pulled')
    if (span) this.marker.marks.pull(span.id, null)
    this.draw()
  }
}
