import { TextPaint } from './text-paint.js'

/** Regions of a document painted over its text, without changing it: hyperspans, phrases. For the eye and for picking; drawing is elsewhere. */
export class DocumentMarks {
  /** @type {{id: string, range: Range, region: import('./types.js').Region}[]} */
  #shown = []

  /** @param {Document | ShadowRoot} root where the text is @param {(region: import('./types.js').Region) => Range | null} rangeOf */
  constructor(root, rangeOf) {
    this.root = root
    this.rangeOf = rangeOf
    this.paint = new TextPaint(root)
  }

  /** @param {string} object @param {import('./types.js').View} view @param {import('./types.js').Layer[]} layers @param {string} hovered */
  show(object, view, layers, hovered) {
    const own = (/** @type {import('./types.js').View} */ one) => Object.values(one.regions).flatMap((region) => {
      const range = region.object === object && !region.hidden ? this.rangeOf(region) : null
      return range ? [{ id: region.id, range, region }] : []
    })
    this.#shown = own(view)
    /** @type {Parameters<TextPaint['paint']>[0]} */
    const marks = this.#shown.map(({ id, range, region }) => ({ color: region.color, level: 0, look: view.selection.includes(id) ? 'selected' : hovered === id ? 'hovered' : 'plain', range }))
    for (const layer of layers) marks.push(...own(layer.view).map(({ range }) => ({ color: layer.color, level: 0, look: /** @type {const} */ ('other'), range })))
    this.paint.paint(marks)
  }

  /** Regions under a point, the shortest first. @param {number} x @param {number} y */
  at(x, y) {
    return this.#shown
      .filter(({ range }) => [...range.getClientRects()].some((box) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom))
      .sort((a, b) => a.range.toString().length - b.range.toString().length)
      .map(({ id }) => id)
  }

  /** @param {string} id */
  reveal(id) {
    const found = this.#shown.find((one) => one.id === id)
    const place = found?.range.startContainer
    ;(place instanceof Element ? place : place?.parentElement)?.scrollIntoView({ block: 'nearest' })
  }

  stop() {
    this.paint.stop()
  }
}
