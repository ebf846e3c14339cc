import { withAlpha } from './colors.js'

/**
 * Paints spans with the CSS Custom Highlight API: no element per span. One Highlight per colour and level; only ranges of chunks
 * that can be seen are handed to the browser, so ten thousand spans cost what a screenful costs.
 */

/** @typedef {keyof typeof LOOKS} Look */

export const LEVEL_STEP = 3 // pixels between the underlines of overlapping spans
const BENEATH = 5 // pixels by which another person's line stands lower: at the same words both are seen
/** ground: how much of the colour is behind the letters */
const LOOKS = Object.freeze({
  other: { ground: 0, line: 'dashed', priority: 0 }, plain: { ground: 0.24, line: 'solid', priority: 1 }, pending: { ground: 0.16, line: 'dashed', priority: 2 },
  hovered: { ground: 0.42, line: 'solid', priority: 3 }, selected: { ground: 0.55, line: 'solid', priority: 4 }, preview: { ground: 0.55, line: 'dashed', priority: 5 },
  found: { ground: 0.35, line: '', priority: 6 }, now: { ground: 0.85, line: '', priority: 7 },
})
/** looks that a span gets as soon as somebody works on it, and the levels of overlapping spans that are common @type {[Look, number][]} */
const SOON = [['plain', 6], ['pending', 3], ['hovered', 3], ['selected', 3]]
const AHEAD = 24 // colours that get their rules ahead
let serial = 0

export class TextPaint {
  #prefix = `kite${++serial}`
  #sheet = new CSSStyleSheet()
  /** @type {Map<string, Highlight>} by name */
  #highlights = new Map()
  /** names that have a rule @type {Set<string>} */
  #ruled = new Set()

  /** @param {DocumentOrShadowRoot} root where the text is */
  constructor(root = document) {
    this.root = root
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, this.#sheet]
  }

  /**
   * Ranges that are the same objects as before stay as they are: only what is new is repainted.
   * @param {{color: string, level: number, look: Look, range: AbstractRange}[]} marks
   */
  paint(marks) {
    /** @type {Map<Highlight, Set<AbstractRange>>} */
    const wanted = new Map()
    for (const { color, level, look, range } of marks) {
      const highlight = this.#highlight(color, level, look)
      const ranges = wanted.get(highlight)
      if (ranges) ranges.add(range)
      else wanted.set(highlight, new Set([range]))
    }
    for (const highlight of this.#highlights.values()) {
      const ranges = wanted.get(highlight)
      for (const range of [...highlight]) if (!ranges?.has(range)) highlight.delete(range)
      for (const range of ranges ?? []) if (!highlight.has(range)) highlight.add(range)
    }
  }

  /** @param {string} color @param {number} level @param {Look} look */
  #highlight(color, level, look) {
    const name = this.#nameOf(color, level, look)
    const known = this.#highlights.get(name)
    if (known) return known
    const highlight = new Highlight()
    const { priority } = LOOKS[look]
    highlight.priority = priority * 20 + level
    this.#rule(name, color, level, look)
    CSS.highlights.set(name, highlight)
    this.#highlights.set(name, highlight)
    return highlight
  }

  /** @param {string} color @param {number} level @param {Look} look */
  #nameOf(color, level, look) {
    return `${this.#prefix}-${look}-${level}-${color.replace(/[^0-9a-z]/gi, '')}`
  }

  /** @param {string} name @param {string} color @param {number} level @param {Look} look */
  #rule(name, color, level, look) {
    if (this.#ruled.has(name)) return
    this.#ruled.add(name)
    const { ground, line } = LOOKS[look]
    const safe = CSS.supports('color', color) ? color : 'gray'
    const thick = look === 'selected' ? 4 : 2
    this.#sheet.insertRule(`::highlight(${name}) { background-color: ${ground ? withAlpha(safe, ground) : 'transparent'}; ${line ? `text-decoration: underline ${line} ${safe} ${thick}px;
      text-underline-offset: ${2 + level * LEVEL_STEP + (look === 'other' ? BENEATH : 0)}px; text-decoration-skip-ink: none;` : ''} }`)
  }

  /** Makes the rules that a colour will need: a rule that comes later makes the browser style the whole page again. @param {Iterable<string>} colors */
  prepare(colors) {
    for (const color of [...new Set(colors)].slice(0, AHEAD)) {
      for (const [look, levels] of SOON) for (let level = 0; level < levels; level++) this.#rule(this.#nameOf(color, level, look), color, level, look)
    }
  }

  stop() {
    for (const name of this.#highlights.keys()) CSS.highlights.delete(name)
    this.#highlights.clear()
    this.root.adoptedStyleSheets = this.root.adoptedStyleSheets.filter((sheet) => sheet !== this.#sheet)
  }
}
