import { hovers } from './hovered.js'
import { SpanIndex } from './span-index.js'
import { putNames, rightToLeft, stackNames } from './text-names.js'
import { TextPaint } from './text-paint.js'

const NEAR = 400 // pixels above and below the window where names are drawn too, so that scrolling shows no gaps
const MANY = 300 // spans from which on only those in sight are measured
const ROWS = 2 // names over each other: a document's lines are not ours to move apart

/**
 * Regions of a document painted over its text, without changing it: hyperspans, phrases.
 *
 * @typedef {import('./types.js').Region} Region
 * @typedef {{start16: number, end16: number}} Place in the whole text
 */
export class DocumentMarks {
  index = new SpanIndex({}, '')
  /** @type {{layer: import('./types.js').Layer, index: SpanIndex}[]} */
  #others = []
  /** @type {Map<string, Place>} places of spans whose border is being pulled */
  #pulled = new Map()
  /** what a search has found, the one that is looked at first @type {Place[]} */
  found = []
  /** @type {import('./object-views.js').ObjectContext | null} */
  #shown = null

  /** @param {Document | ShadowRoot} root where the text is @param {() => import('./document-text.js').DocumentText} text @param {(region: Region) => Place | null} placeOf */
  constructor(root, text, placeOf) {
    this.text = text
    this.placeOf = placeOf
    this.paint = new TextPaint(root)
  }

  /** @param {import('./object-views.js').ObjectContext} context */
  show(context) {
    const { object, view, layers } = context
    const before = this.#shown
    this.#shown = context
    if (before?.view !== view || before?.layers !== layers) {
      if (before && this.index.object === object.name) this.index.follow(view.regions)
      else this.index = new SpanIndex(view.regions, object.name, this.placeOf)
      if (before?.layers !== layers) this.#others = layers.map((layer) => ({ layer, index: new SpanIndex(layer.view.regions, object.name, this.placeOf) }))
    }
    this.draw()
  }

  /** The text is another one. */
  renew() {
    const context = this.#shown
    this.#shown = null
    if (context) this.show(context)
  }

  /** Shows a span elsewhere while its border is pulled; null: where it stands. @param {string} id @param {Place | null} place */
  pull(id, place) {
    if (place) this.#pulled.set(id, place)
    else this.#pulled.delete(id)
    this.draw()
  }

  draw() {
    const context = this.#shown
    if (!context) return
    const { view, hovered, object } = context
    const text = this.text()
    const selection = new Set(view.selection)
    /** @type {Parameters<TextPaint['paint']>[0]} */
    const marks = []
    for (const { id, start, end, level, region } of this.index.spans) {
      const at = this.#pulled.get(id) ?? { start16: start, end16: end }
      const look = selection.has(id) ? 'selected' : hovers(hovered, id) ? 'hovered' : region.provisional ? 'pending' : 'plain'
      for (const range of text.parts(at.start16, at.end16)) marks.push({ color: object.highlight_color || region.color, level, look, range })
    }
    for (const { layer, index } of this.#others) {
      for (const { start, end, level } of index.spans) for (const range of text.parts(start, end)) marks.push({ color: layer.color, level, look: 'other', range })
    }
    this.found.forEach(({ start16, end16 }, at) => {
      for (const range of text.parts(start16, end16)) marks.push({ color: '#e6b800', level: 0, look: at ? 'found' : 'now', range })
    })
    this.paint.paint(marks)
  }

  /** All spans, or of many those about the part that is seen. @param {import('./document-text.js').DocumentText} text @param {HTMLElement} sheet */
  #inSight(text, sheet) {
    if (this.index.spans.length < MANY) return this.index.spans
    const window = sheet.getBoundingClientRect()
    const [first, last] = [text.nodeNear(window.top - NEAR), text.nodeNear(window.bottom + NEAR)]
    return first && last ? this.index.over(first.start, last.end) : []
  }

  /** Names above the spans in sight. @param {HTMLElement} box at the top left of the page @param {HTMLElement} sheet */
  drawNames(box, sheet) {
    const context = this.#shown
    const text = this.text()
    const shown = context?.names && context.object.show_labels !== false ? this.#inSight(text, sheet) : []
    const [origin, window] = [box.getBoundingClientRect(), sheet.getBoundingClientRect()]
    const names = shown.flatMap((span) => {
      const first = text.boxes(span.start, Math.min(span.start + 1, text.length))[0]
      if (!first || first.bottom < window.top - NEAR || first.top > window.bottom + NEAR) return []
      const letters = text.text.slice(span.start, span.start + 2)
      return [{ text: context?.nameOf(span.region) ?? '', color: span.region.color, left: first.left - origin.left, right: first.right - origin.left, top: Math.round(first.top - origin.top), rtl: rightToLeft(letters), size: span.end - span.start }]
    })
    putNames(box, stackNames(names, box.parentElement?.clientWidth, ROWS).placed)
  }

  /** Spans under a character, the shortest first. @param {number} offset */
  at(offset) {
    return this.index.at(offset)
  }

  stop() {
    this.paint.stop()
  }
}
