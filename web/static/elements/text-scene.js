import { locale } from '../app/texts.js'
import { hovers } from './hovered.js'
import { drawNumbers } from './text-numbers.js'
import { NAME } from './text-names.js'
import { LEVEL_STEP, TextPaint } from './text-paint.js'
import { TextPart } from './text-part.js'

/**
 * What is in sight of a text, drawn: spans painted, their names above them, arcs above those. Lines get room only where something stands
 * above or below them. A chunk is measured when it comes near or its spans change; scrolling on costs only what is new.
 *
 * @typedef {import('./span-index.js').Span} Span
 * @typedef {import('./span-index.js').SpanIndex} SpanIndex
 * @typedef {import('./types.js').View} View
 * @typedef {import('./relation-arcs.js').Place} Place
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

export class TextScene {
  #paint = new TextPaint()
  /** chunks near the window @type {Map<number, TextPart>} */
  #parts = new Map()
  /** what the parts were measured for */
  #look = ''
  /** @type {{relations: unknown, ids: Set<string>}} */
  #related = { relations: null, ids: new Set() }

  /** @param {HTMLElement} page positioned, around the lines; has boxes for names and numbers @param {import('./text-lines.js').TextLines} lines */
  constructor(page, lines) {
    this.page = page
    this.lines = lines
    const box = (/** @type {string} */ name) => /** @type {HTMLElement} */ (page.querySelector(name))
    this.names = box('.text-names')
    this.numbers = box('.text-numbers')
    this.names.replaceChildren()
  }

  stop() {
    this.#paint.stop()
  }

  /** The text is another one. */
  clear() {
    for (const part of this.#parts.values()) part.stop()
    this.#parts.clear()
  }

  /** @returns {import('./kite-arcs.js').KiteArcs | null} where its code is there */
  get arcs() {
    const arcs = /** @type {import('./kite-arcs.js').KiteArcs | null} */ (this.page.querySelector('kite-arcs'))
    return arcs?.show ? arcs : null
  }

  /**
   * Measures, and makes the room that lines need. First all that asks the page, then, in `paint`, all that changes it: asking after a change
   * makes the browser lay everything out in between.
   * @param {Given} given @returns {boolean} whether there are chunks left for another frame
   */
  arrange(given) {
    const left = this.#keepParts(given)
    this.#makeRoom(given)
    return left
  }

  /** Puts names and paints spans, as arranged. @param {Given} given */
  paint(given) {
    drawNumbers(this.numbers, this.lines, given.numbers)
    for (const part of this.#parts.values()) part.put()
    this.#paint.paint(this.#marks(given))
  }

  /** Rules for the colours of labels before they are needed: each rule that comes later makes the browser style the whole page again. @param {Iterable<string>} colors */
  prepare(colors) {
    this.#paint.prepare(colors)
  }

  /** One part for each chunk near the window, measured for the spans that it has now. @param {Given} given @returns {boolean} whether some are left */
  #keepParts({ index, names, object, nameOf, view }) {
    const named = names && object.show_labels !== false
    const style = getComputedStyle(this.page)
    const look = `${this.page.clientWidth} ${style.fontSize} ${style.whiteSpaceCollapse} ${named}`
    if (look !== this.#look) this.clear()
    this.#look = look
    const { now, later } = this.#due()
    for (const [at, part] of this.#parts) {
      if (this.lines.near.has(at)) continue
      part.stop()
      this.#parts.delete(at)
    }
    const related = this.#relatedIn(view)
    for (const at of now) {
      const { start, end } = this.lines.chunks[at]
      const spans = index.over(start, end).filter((span) => span.start >= start && span.start < this.lines.text.length)
      let part = this.#parts.get(at)
      if (!part) this.#parts.set(at, (part = new TextPart(this.lines, at, this.names)))
      part.take(spans, (span) => (named ? nameOf(span.region) : ''), ({ id, level }) => named || related.has(id) || level >= FREE)
    }
    return later
  }

  /** Chunks to be drawn now: those that are drawn or seen, and one that comes near; the others one by one, so that no frame takes long. */
  #due() {
    const { near } = this.lines
    const [known, fresh] = [[...near].filter((at) => this.#parts.has(at)), [...near].filter((at) => !this.#parts.has(at))]
    const seen = fresh.filter((at) => this.lines.seen(at))
    const next = fresh.filter((at) => !seen.includes(at))
    if (!seen.length && next.length) seen.push(/** @type {number} */ (next.shift()))
    return { now: [...known, ...seen], later: next.length > 0 }
  }

  /** Ends of all relations; found once for each list of them. @param {View} view @returns {Set<string>} */
  #relatedIn({ relations }) {
    if (this.#related.relations !== relations) this.#related = { relations, ids: new Set((relations ?? []).flatMap(({ from, to }) => [from, to])) }
    return this.#related.ids
  }

  // ---- above the lines ----

  /** @param {Given} given */
  #makeRoom(given) {
    const relations = this.#relations(given)
    this.#placeParts()
    let places = this.#places(given, relations)
    const room = this.arcs?.show({ ...this.#arcsGiven(given), relations, places }) ?? new Map()
    let moved = false
    for (const [at, part] of this.#parts) moved = this.lines.room(at, part.roomFor((top) => room.get(`${at} ${top}`) ?? 0, NAME, (level) => Math.max(0, level - FREE + 1) * LEVEL_STEP)) && part.renew() || moved
    if (!moved) return
    this.#placeParts()
    places = this.#places(given, relations)
    this.arcs?.place(places)
  }

  /** Chunks stand where the ones before them end. */
  #placeParts() {
    const origin = this.names.getBoundingClientRect()
    const width = this.page.clientWidth
    for (const part of this.#parts.values()) part.place(origin, width)
  }

  /** @param {Given} given @param {NonNullable<View['relations']>} relations @returns {Map<string, Place>} */
  #places(given, relations) {
    /** @type {Map<string, Place>} */
    const places = new Map()
    for (const { from, to } of relations) for (const id of [from, to]) {
      const span = /** @type {Span} */ (given.index.byId.get(id))
      const at = this.lines.chunkOf(span.start)
      places.set(id, this.#parts.get(at)?.end(id, NAME) ?? this.#far(span, at))
    }
    return places
  }

  /** @param {Given} given */
  #arcsGiven({ view, relationLabels, manyLabels, hovered, nameOf, readonly }) {
    const style = getComputedStyle(this.page)
    return { regions: view.regions, options: relationLabels, many: manyLabels, hovered, nameOf, readonly, width: this.page.clientWidth, gutter: Number.parseFloat(style.paddingInlineEnd) || 24 }
  }

  /** Relations with an end in sight. @param {Given} given @returns {NonNullable<View['relations']>} */
  #relations({ view, index }) {
    const inSight = (/** @type {Span} */ span) => this.#parts.has(this.lines.chunkOf(span.start))
    const relations = view.relations ?? []
    return relations.length === 0 ? relations : relations.filter(({ from, to }) => {
      const [one, other] = [index.byId.get(from), index.byId.get(to)]
      return one && other && (inSight(one) || inSight(other))
    })
  }

  /** @param {Span} span @param {number} at its chunk @returns {Place} */
  #far({ start, region }, at) {
    const words = (region.text ?? '').replace(/\s+/g, ' ')
    return { far: at < Math.min(...this.#parts.keys()) ? -1 : 1, where: `${words.length > 24 ? `${words.slice(0, 22)} …` : words}, ${this.lines.lineAt(start).toLocaleString(locale())}` }
  }

  // ---- on the words ----

  /** @param {Given} given @returns {Marks} */
  #marks({ view, index, others, hovered, object, pulled, found, now }) {
    /** @type {Marks} */
    const marks = []
    const selection = new Set(view.selection)
    for (const [at, part] of this.#parts) {
      const { start, end } = this.lines.chunks[at]
      const put = (/** @type {{start: number, end: number}} */ span, /** @type {string} */ color, /** @type {number} */ level, /** @type {import('./text-paint.js').Look} */ look) => {
        if (span.start < end && span.end > start) marks.push({ color, level, look, range: part.range(span) })
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
