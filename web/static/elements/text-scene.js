import { hovers } from './hovered.js'
import { drawNumbers } from './text-numbers.js'
import { NAME, putNames, rightToLeft, stackNames } from './text-names.js'
import { LEVEL_STEP, TextPaint } from './text-paint.js'

/**
 * What is in sight of a text, drawn: spans painted, their names above them, arcs above those. Lines get room only where something stands
 * above or below them.
 *
 * @typedef {import('./span-index.js').Span} Span
 * @typedef {import('./span-index.js').SpanIndex} SpanIndex
 * @typedef {import('./types.js').View} View
 * @typedef {Parameters<TextPaint['paint']>[0]} Marks
 * @typedef {object} Given
 * @property {import('./types.js').PlanObject} object
 * @property {View} view
 * @property {SpanIndex} index
 * @property {{layer: import('./types.js').Layer, index: SpanIndex}[]} others
 * @property {string} hovered
 * @property {boolean} names
 * @property {boolean} numbers
 * @property {boolean} readonly
 * @property {(region: import('./types.js').Region) => string} nameOf
 * @property {import('./types.js').Option[]} relationLabels
 * @property {boolean} manyLabels
 * @property {{id: string, start: number, end: number} | null} pulled a span whose border is being pulled, and where it would be
 * @property {readonly {start: number, end: number}[]} found what was looked for, in order @property {number} now which of it is meant; -1: none
 */

const FREE = 3 // underlines that the height of a line has room for
const FOUND = '#f5c211'
const SIGNS = new Intl.Segmenter()

export class TextScene {
  #paint = new TextPaint()

  /** @param {HTMLElement} page positioned, around the lines; has boxes for names and numbers @param {import('./text-lines.js').TextLines} lines */
  constructor(page, lines) {
    this.page = page
    this.lines = lines
    const box = (/** @type {string} */ name) => /** @type {HTMLElement} */ (page.querySelector(name))
    this.names = box('.text-names')
    this.numbers = box('.text-numbers')
  }

  stop() {
    this.#paint.stop()
  }

  /** @returns {import('./kite-arcs.js').KiteArcs | null} where its code is there */
  get arcs() {
    const arcs = /** @type {import('./kite-arcs.js').KiteArcs | null} */ (this.page.querySelector('kite-arcs'))
    return arcs?.show ? arcs : null
  }

  /** @param {Given} given */
  draw(given) {
    const spans = this.#inSight(given)
    this.#arrange(given, spans)
    this.#paint.paint(this.#marks(given))
    drawNumbers(this.numbers, this.lines, given.numbers)
  }

  /** @param {Given} given @returns {Span[]} in the order of the text */
  #inSight({ index }) {
    /** @type {Map<string, Span>} */
    const seen = new Map()
    for (const at of [...this.lines.near].sort((a, b) => a - b)) {
      const { start, end } = this.lines.chunks[at]
      for (const span of index.over(start, end)) if (span.start < this.lines.text.length) seen.set(span.id, span)
    }
    return [...seen.values()]
  }

  // ---- above the lines ----

  /** @param {Given} given @param {Span[]} spans in sight */
  #arrange(given, spans) {
    const named = given.names && given.object.show_labels !== false
    const relations = this.#relations(given)
    const deep = spans.some(({ level }) => level >= FREE)
    if (!named && !relations.length && !deep) {
      for (const at of this.lines.near) this.lines.room(at, new Map())
      putNames(this.names, [])
      this.arcs?.show({ ...this.#arcsGiven(given), relations: [], places: new Map() })
      return
    }
    const related = new Set(relations.flatMap(({ from, to }) => [from, to]))
    const wanted = named ? spans : spans.filter(({ id, level }) => related.has(id) || level >= FREE)
    let above = this.#above(given, wanted, named, relations)
    if (this.#makeRoom(wanted, above)) above = this.#above(given, wanted, named, relations)
    putNames(this.names, above.placed)
  }

  /** Where names and arcs stand, and what room they need. @param {Given} given @param {Span[]} spans @param {boolean} named @param {View['relations'] & {}} relations */
  #above(given, spans, named, relations) {
    const { nameOf } = given
    const origin = this.names.getBoundingClientRect()
    const width = this.page.clientWidth
    const measured = new Map(spans.map((span) => [span.id, this.#measure(span, origin)]))
    const names = named ? spans.flatMap((span) => {
      const box = measured.get(span.id)
      return box && this.lines.near.has(this.lines.chunkOf(span.start)) ? [{ ...box, id: span.id, text: nameOf(span.region), color: span.region.color, rtl: rightToLeft(this.lines.text.slice(span.start, span.start + 2)), size: span.end - span.start }] : []
    }) : []
    const { placed, rows } = stackNames(names, width)
    /** @type {Map<string, import('./relation-arcs.js').Place>} */
    const places = new Map()
    for (const { from, to } of relations) for (const id of [from, to]) {
      const box = measured.get(id)
      if (box && this.lines.near.has(this.lines.chunkOf(/** @type {Span} */ (given.index.byId.get(id)).start))) places.set(id, { line: box.top, top: box.top, left: box.left, right: box.end, lift: rows.has(box.top) ? NAME * (rows.get(box.top) ?? 1) - 2 : 0 })
      else places.set(id, this.#far(id, given))
    }
    const arcs = this.arcs?.show({ ...this.#arcsGiven(given), relations, places })
    return { placed, rows, measured, arcs: arcs ?? new Map() }
  }

  /** @param {Given} given */
  #arcsGiven({ view, relationLabels, manyLabels, hovered, nameOf, readonly }) {
    const style = getComputedStyle(this.page)
    return { regions: view.regions, options: relationLabels, many: manyLabels, hovered, nameOf, readonly, width: this.page.clientWidth, gutter: Number.parseFloat(style.paddingInlineStart) || 24 }
  }

  /** Relations with an end in sight. @param {Given} given @returns {View['relations'] & {}} */
  #relations({ view, index }) {
    const inSight = (/** @type {string} */ id) => {
      const span = index.byId.get(id)
      return !!span && this.lines.near.has(this.lines.chunkOf(span.start))
    }
    return (view.relations ?? []).filter(({ from, to }) => index.byId.has(from) && index.byId.has(to) && (inSight(from) || inSight(to)))
  }

  /** @param {string} id @param {Given} given @returns {import('./relation-arcs.js').Place} */
  #far(id, { index }) {
    const span = /** @type {Span} */ (index.byId.get(id))
    const nearest = Math.min(...this.lines.near)
    const words = (span.region.text ?? '').replace(/\s+/g, ' ')
    return { far: this.lines.chunkOf(span.start) < nearest ? -1 : 1, where: `${words.length > 24 ? `${words.slice(0, 22)} …` : words}, ${this.lines.lineAt(span.start).toLocaleString()}` }
  }

  /** The first line of a span, in the page. @param {Span} span @param {DOMRect} origin */
  #measure({ start, end }, origin) {
    const [first] = this.lines.range(start, start + 1).getClientRects()
    if (!first) return null
    const stop = Math.min(end, start + 60, this.lines.chunks[this.lines.chunkOf(start)].end)
    let right = first.right
    let left = first.left
    for (const box of this.lines.range(start, stop).getClientRects()) {
      if (!box.width) continue // what makes room
      if (Math.abs(box.top - first.top) > 2) break
      right = Math.max(right, box.right)
      left = Math.min(left, box.left)
    }
    return { left: rightToLeft(this.lines.text.slice(start, start + 2)) ? left - origin.left : first.left - origin.left, right: first.right - origin.left, end: right - origin.left, top: Math.round(first.top - origin.top) }
  }

  /** @param {Span[]} spans @param {{measured: Map<string, {top: number} | null>, rows: Map<number, number>, arcs: Map<number | string, number>}} above @returns {boolean} whether lines have moved */
  #makeRoom(spans, { measured, rows, arcs }) {
    /** @type {Map<number, {offset: number, below: number}>} the first span of each line, by its top */
    const lines = new Map()
    for (const span of spans) {
      const top = measured.get(span.id)?.top
      if (top === undefined) continue
      const line = lines.get(top)
      const below = Math.max(0, span.level - FREE + 1) * LEVEL_STEP
      if (line) line.below = Math.max(line.below, below)
      else lines.set(top, { offset: span.start + firstSign(this.lines.text, span.start), below })
    }
    /** @type {Map<number, Map<number, import('./text-lines.js').Room>>} */
    const wanted = new Map([...this.lines.near].map((at) => [at, new Map()]))
    for (const [top, { offset, below }] of lines) {
      const above = Math.max(0, (rows.get(top) ?? 1) - 1) * NAME + (arcs.get(top) ?? 0)
      if (above || below) wanted.get(this.lines.chunkOf(offset - 1))?.set(offset, { above, below })
    }
    let moved = false
    for (const [at, room] of wanted) moved = this.lines.room(at, room) || moved
    return moved
  }

  // ---- on the words ----

  /** @param {Given} given @returns {Marks} */
  #marks({ view, index, others, hovered, object, pulled, found, now }) {
    /** @type {Marks} */
    const marks = []
    const selection = new Set(view.selection)
    for (const at of this.lines.near) {
      const { start, end } = this.lines.chunks[at]
      const put = (/** @type {{start: number, end: number}} */ span, /** @type {string} */ color, /** @type {number} */ level, /** @type {import('./text-paint.js').Look} */ look) => {
        if (span.start < end && span.end > start) marks.push({ color, level, look, range: this.lines.part(at, span) })
      }
      for (const span of index.over(start, end)) {
        if (span.start >= this.lines.text.length || span.id === pulled?.id) continue
        const { region } = span
        const look = selection.has(span.id) ? 'selected' : hovers(hovered, span.id) ? 'hovered' : region.provisional || region.suggestion ? 'pending' : 'plain'
        put(span, object.highlight_color || region.color, span.level, look)
      }
      for (const { layer, index: other } of others) for (const span of other.over(start, end)) put(span, layer.color, span.level, 'other')
      if (pulled) put(pulled, index.byId.get(pulled.id)?.region.color ?? '#888888', 0, 'preview')
      for (let place = firstOver(found, start); place < found.length && found[place].start < end; place++) put(found[place], FOUND, 0, place === now ? 'now' : 'found')
    }
    return marks
  }
}

/** Units of the first sign of a span: what makes room stands behind it, since in front of it could be the end of the line before. @param {string} text @param {number} start */
function firstSign(text, start) {
  if (/^[\w\s]{2}/.test(text.slice(start, start + 2))) return 1
  const [sign] = SIGNS.segment(text.slice(start, start + 60))
  return sign?.segment.length ?? 1
}

/** The first of sorted ranges that ends after an offset. @param {readonly {start: number, end: number}[]} ranges @param {number} offset */
function firstOver(ranges, offset) {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (ranges[middle].end <= offset) low = middle + 1
    else high = middle
  }
  return low
}
