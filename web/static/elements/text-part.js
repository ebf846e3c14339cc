import { putNames, rightToLeft, stackNames } from './text-names.js'

/** @typedef {import('./span-index.js').Span} Span */
/** @typedef {{left: number, right: number, end: number, top: number, of: string}} Box left, right: of the first letter; end: of the first line; in pixels of the chunk; of: the borders of the span */

const SIGNS = new Intl.Segmenter()
const KEPT = 500 // ranges
const FAR = 60 // letters of a span that are looked at to find where its first line ends

/** One chunk of a text that is near the window: where its spans begin, their names, the room that its lines need. */
export class TextPart {
  /** that begin here @type {Span[]} */
  spans = []
  /** by id, of those that something stands above @type {Map<string, Box>} */
  #boxes = new Map()
  /** rows of names by the top of their line @type {Map<number, number>} */
  #rows = new Map()
  #element
  /** of the chunk in the page */
  #shift = { left: 0, top: 0 }
  /** ranges are kept as long as they hold: the browser repaints those that are new @type {Map<string, StaticRange>} */
  #ranges = new Map()
  /** @type {(span: Span) => string} */
  #nameOf = () => ''
  /** @type {(span: Span) => boolean} */
  #stands = () => false
  #key = ''
  #stacked = -1
  /** names that are not put yet @type {ReturnType<typeof stackNames>['placed'] | null} */
  #placed = null

  /** @param {import('./text-lines.js').TextLines} lines @param {number} at chunk @param {HTMLElement} names gets the box with the names */
  constructor(lines, at, names) {
    this.lines = lines
    this.at = at
    this.box = document.createElement('div')
    this.box.className = 'text-names-of'
    names.append(this.box)
    this.#element = lines.elementAt(lines.chunks[at].start)
  }

  stop() {
    this.box.remove()
  }

  /** Measures what is new. @param {Span[]} spans that begin here @param {(span: Span) => string} nameOf empty: none is shown @param {(span: Span) => boolean} stands something may stand above it */
  take(spans, nameOf, stands) {
    const key = spans.map((span) => `${span.id} ${span.start} ${span.end} ${span.level} ${span.region.color} ${nameOf(span)} ${stands(span) ? 1 : 0}`).join('\n')
    this.spans = spans
    this.#nameOf = nameOf
    this.#stands = stands
    if (key !== this.#key) this.#measureNew()
    this.#key = key
  }

  /** Lines have moved, and text nodes with them: measures where all spans begin. @returns {true} */
  renew() {
    this.#boxes.clear()
    this.#ranges.clear()
    this.#measureNew()
    return true
  }

  #measureNew() {
    const origin = this.#element.getBoundingClientRect()
    const boxes = new Map()
    this.#stacked = -1
    for (const span of this.spans) {
      if (!this.#stands(span)) continue
      const known = this.#boxes.get(span.id)
      const of = `${span.start} ${span.end}`
      const box = known?.of === of ? known : this.#measure(span, origin)
      if (box) boxes.set(span.id, { ...box, of })
    }
    this.#boxes = boxes
    if (this.#ranges.size > KEPT) this.#ranges.clear()
  }

  /** @param {Span} span @param {DOMRect} origin @returns {Omit<Box, 'of'> | null} */
  #measure({ start, end }, origin) {
    const [first] = this.lines.range(start, start + 1).getClientRects()
    if (!first) return null
    const stop = Math.min(end, start + FAR, this.lines.chunks[this.at].end)
    let { left, right } = first
    for (const box of stop > start + 1 ? this.lines.range(start, stop).getClientRects() : []) {
      if (!box.width) continue // what makes room
      if (Math.abs(box.top - first.top) > 2) break
      left = Math.min(left, box.left)
      right = Math.max(right, box.right)
    }
    return { left: left - origin.left, right: first.right - origin.left, end: right - origin.left, top: Math.round(first.top - origin.top) }
  }

  /** Finds out where its chunk is, and which names have room. Changes nothing on the page. @param {DOMRect} origin of the page's names @param {number} width of the page */
  place(origin, width) {
    const box = this.#element.getBoundingClientRect()
    this.#shift = { left: box.left - origin.left, top: box.top - origin.top }
    if (this.#stacked === width) return
    this.#stacked = width
    const names = this.spans.flatMap((span) => {
      const place = this.#boxes.get(span.id)
      const text = this.#nameOf(span)
      return place && text ? [{ ...place, text, color: span.region.color, rtl: rightToLeft(this.lines.text.slice(span.start, span.start + 2)), size: span.end - span.start }] : []
    })
    const { placed, rows } = stackNames(names, width - this.#shift.left)
    this.#rows = rows
    this.#placed = placed
  }

  /** Puts the names where they have been found to stand. */
  put() {
    const transform = `translate(${this.#shift.left}px, ${this.#shift.top}px)`
    if (this.box.style.transform !== transform) this.box.style.transform = transform
    if (!this.#placed) return
    putNames(this.box, this.#placed)
    this.#placed = null
  }

  /** The end of an arc, in the page. @param {string} id @param {number} name height of a name @returns {import('./relation-arcs.js').Near | undefined} */
  end(id, name) {
    const box = this.#boxes.get(id)
    if (!box) return undefined
    const rows = this.#rows.get(box.top)
    return { line: `${this.at} ${box.top}`, top: box.top + this.#shift.top, left: box.left + this.#shift.left, right: box.end + this.#shift.left, lift: rows ? name * rows - 2 : 0 }
  }

  /**
   * The room that its lines need, each made behind the first sign of its first span: in front of it could be the end of the line before.
   * @param {(top: number) => number} arcs pixels for arcs over a line @param {number} name height of a name @param {(level: number) => number} under pixels for underlines
   * @returns {Map<number, import('./text-lines.js').Room>}
   */
  roomFor(arcs, name, under) {
    /** @type {Map<number, {offset: number, below: number}>} */
    const lines = new Map()
    for (const span of this.spans) {
      const box = this.#boxes.get(span.id)
      if (!box) continue
      const line = lines.get(box.top)
      if (line) line.below = Math.max(line.below, under(span.level))
      else lines.set(box.top, { offset: span.start, below: under(span.level) })
    }
    const wanted = new Map()
    for (const [top, { offset, below }] of lines) {
      const above = Math.max(0, (this.#rows.get(top) ?? 1) - 1) * name + arcs(top)
      if (above || below) wanted.set(offset + this.#firstSign(offset), { above, below })
    }
    return wanted
  }

  /** Units of the sign at an offset. @param {number} start */
  #firstSign(start) {
    const { text } = this.lines
    if (/^[\w ]{2}/.test(text.slice(start, start + 2))) return 1
    const [sign] = SIGNS.segment(text.slice(start, start + FAR))
    return sign?.segment.length ?? 1
  }

  /** The part of a span that lies here. @param {{start: number, end: number}} span */
  range(span) {
    const key = `${span.start} ${span.end}`
    let range = this.#ranges.get(key)
    if (!range) this.#ranges.set(key, (range = this.lines.part(this.at, span)))
    return range
  }
}
