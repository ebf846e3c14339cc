import { chunkAt, chunks, lineCount } from './text-chunks.js'

/** @typedef {import('./span-index.js').Span} Span */

const LINE = 30 // pixels of one line, for chunks that are not laid out yet

/** The text on the page: one text node per chunk, and the way from offsets to places in the DOM and back. Offsets are UTF-16. */
export class TextLines {
  text = ''
  /** @type {{start: number, end: number}[]} */
  chunks = []
  /** chunks near the window @type {Set<number>} */
  near = new Set()
  /** one per chunk @type {Text[]} */
  #nodes = []
  /** text node to chunk @type {Map<Node, number>} */
  #places = new Map()
  /** @type {IntersectionObserver | null} */
  #watch = null

  /** @param {HTMLElement} box gets the chunks @param {HTMLElement} sheet scrolls @param {() => void} moved other chunks came near the window */
  constructor(box, sheet, moved) {
    this.box = box
    this.sheet = sheet
    this.moved = moved
  }

  stop() {
    this.#watch?.disconnect()
  }

  /** @param {string} text */
  show(text) {
    this.text = text
    this.chunks = chunks(text)
    this.#places.clear()
    this.near.clear()
    this.#watch?.disconnect()
    const elements = this.chunks.map(({ start, end }) => {
      const element = document.createElement('div')
      element.className = 'text-chunk'
      element.dir = 'auto'
      if (this.chunks.length > 1) element.style.containIntrinsicBlockSize = `auto ${lineCount(text, start, end) * LINE}px`
      element.append(text.slice(start, end))
      return element
    })
    this.box.replaceChildren(...elements)
    this.#nodes = elements.map((element) => /** @type {Text} */ (element.firstChild))
    this.#nodes.forEach((node, at) => this.#places.set(node, at))
    const order = new Map(elements.map((element, at) => [/** @type {Element} */ (element), at]))
    this.#watch = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        const at = /** @type {number} */ (order.get(entry.target))
        if (entry.isIntersecting) this.near.add(at)
        else this.near.delete(at)
      }
      this.moved()
    }, { root: this.sheet, rootMargin: '800px 0px' })
    for (const element of elements) this.#watch.observe(element)
    this.sheet.scrollTop = 0
  }

  get first() {
    return this.#nodes[0]
  }

  /** @param {Node} node */
  has(node) {
    return this.#places.has(node)
  }

  /** @param {number} offset @returns {HTMLElement} the element of its chunk */
  elementAt(offset) {
    return /** @type {HTMLElement} */ (this.#nodes[chunkAt(this.chunks, offset)].parentElement)
  }

  /** @param {number} start @param {number} end */
  range(start, end) {
    const first = chunkAt(this.chunks, start)
    const last = Math.max(first, chunkAt(this.chunks, end - 1))
    const range = document.createRange()
    range.setStart(this.#nodes[first], Math.max(0, start - this.chunks[first].start))
    range.setEnd(this.#nodes[last], Math.min(end, this.chunks[last].end) - this.chunks[last].start)
    return range
  }

  /** The part of a span that lies in one chunk. @param {number} at @param {Span} span */
  part(at, span) {
    const { start, end } = this.chunks[at]
    const node = this.#nodes[at]
    return new StaticRange({ startContainer: node, startOffset: Math.max(0, span.start - start), endContainer: node, endOffset: Math.min(span.end, end) - start })
  }

  /** The offset of a place in the DOM. @param {Node | null} node @param {number} offset */
  offsetOf(node, offset) {
    if (!node) return null
    const at = this.#places.get(node)
    if (at !== undefined) return this.chunks[at].start + offset
    const element = /** @type {Element} */ (node)
    if (element.classList?.contains('text-chunk')) {
      const place = this.#places.get(/** @type {Node} */ (element.firstChild)) ?? 0
      return offset ? this.chunks[place].end : this.chunks[place].start
    }
    if (element === this.box) return this.chunks[offset]?.start ?? this.text.length
    return null
  }
}
