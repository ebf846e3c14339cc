import { withAlpha } from './colors.js'

/**
 * Paints spans with the CSS Custom Highlight API: no element per span. One Highlight per colour and level; only ranges of chunks
 * that can be seen are handed to the browser, so ten thousand spans cost what a screenful costs.
 */

const LEVEL_STEP = 3 // pixels between the underlines of overlapping spans
let serial = 0

export class TextPaint {
  #prefix = `kite${++serial}`
  #sheet = new CSSStyleSheet()
  /** @type {Map<string, Highlight>} by name */
  #highlights = new Map()

  /** @param {DocumentOrShadowRoot} root where the text is */
  constructor(root = document) {
    this.root = root
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, this.#sheet]
  }

  /**
   * @param {{color: string, level: number, look: 'plain' | 'pending' | 'hovered' | 'selected' | 'other', range: AbstractRange}[]} marks
   */
  paint(marks) {
    for (const highlight of this.#highlights.values()) highlight.clear()
    for (const { color, level, look, range } of marks) this.#highlight(color, level, look).add(range)
  }

  /** @param {string} color @param {number} level @param {'plain' | 'pending' | 'hovered' | 'selected' | 'other'} look */
  #highlight(color, level, look) {
    const name = `${this.#prefix}-${look}-${level}-${color.replace(/[^0-9a-z]/gi, '')}`
    const known = this.#highlights.get(name)
    if (known) return known
    const highlight = new Highlight()
    highlight.priority = { other: 0, plain: 1, pending: 2, hovered: 3, selected: 4 }[look] * 10 + level
    const safe = CSS.supports('color', color) ? color : 'gray'
    const ground = { plain: 0.28, pending: 0.18, hovered: 0.45, selected: 0.55, other: 0 }[look]
    const line = { plain: 'solid', pending: 'dashed', hovered: 'solid', selected: 'solid', other: 'dashed' }[look]
    const thick = look === 'selected' ? 4 : 2
    this.#sheet.insertRule(`::highlight(${name}) { background-color: ${ground ? withAlpha(safe, ground) : 'transparent'}; text-decoration: underline ${line} ${safe} ${thick}px;
      text-underline-offset: ${2 + level * LEVEL_STEP}px; text-decoration-skip-ink: none; }`)
    CSS.highlights.set(name, highlight)
    this.#highlights.set(name, highlight)
    return highlight
  }

  stop() {
    for (const name of this.#highlights.keys()) CSS.highlights.delete(name)
    this.#highlights.clear()
    this.root.adoptedStyleSheets = this.root.adoptedStyleSheets.filter((sheet) => sheet !== this.#sheet)
  }
}
