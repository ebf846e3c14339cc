import RBush from 'rbush'
import { bounds, contains, fromPercent } from './geometry.js'

const ANEW = 10 // where one in so many changes, the tree is made anew

/**
 * @typedef {import('./geometry.js').Bounds & {id: string, region: import('./types.js').Region, box: import('./geometry.js').Box,
 *   figure?: import('./image-figures.js').Figure, dirty?: import('./geometry.js').Bounds[]}} Item dirty: where it differs from what it was before, if that is less
 *   than all of it; figure: what is drawn in place of the box, which is then the upright one around it
 * @typedef {(region: import('./types.js').Region, width: number, height: number, ready: () => void) => import('./image-figures.js').Figure | null} FigureOf
 * @typedef {{figureOf: FigureOf, figureBounds: (figure: import('./image-figures.js').Figure) => import('./geometry.js').Bounds,
 *   changedPlaces: (before: import('./image-figures.js').Figure | undefined, after: import('./image-figures.js').Figure | undefined) => import('./geometry.js').Bounds[] | null,
 *   figureHit: (figure: import('./image-figures.js').Figure, x: number, y: number, slack: number) => boolean}} Figures
 */

/**
 * The boxes of one image by place. The view's regions may be one object that is changed in place, so what changed is found by
 * comparing region by region: an untouched region is the same object as before.
 */
export class RegionIndex {
  /** @type {Map<string, Item>} in the order in which they came, which is the order of painting */
  items = new Map()
  /** @type {RBush<Item>} */
  #tree = new RBush()
  /** shapes that are not boxes, once their code is there @type {Figures | null} */
  figures = null
  /** there is a shape that is not a box, and no code for it yet */
  lacking = false

  /** @param {string} object name of the image @param {number} width natural pixels @param {number} height @param {number} [item] the page, where an image has several @param {(item: Item) => void} [ready] a picture inside an item has come */
  constructor(object, width, height, item, ready = () => {}) {
    this.object = object
    this.width = width
    this.height = height
    this.item = item
    this.ready = ready
  }

  /**
   * @param {Record<string, import('./types.js').Region>} regions of the whole view
   * @returns {Item[]} old and new items of everything that changed
   */
  sync(regions) {
    const first = this.items.size === 0
    /** @type {Item[]} */
    const fresh = []
    /** @type {Item[]} */
    const changed = []
    /** @type {Item[]} */
    const gone = []
    let kept = 0
    for (const id in regions) {
      const region = regions[id]
      if (region.object !== this.object || (this.item !== undefined && (region.item ?? 0) !== this.item)) continue
      const plain = region.kind === 'rectangle'
      if (!plain && !this.figures) {
        this.lacking = true
        continue
      }
      const old = this.items.get(id)
      if (old?.region === region) {
        kept++
        continue
      }
      const item = plain ? this.#boxed(id, region) : this.#figured(id, region)
      if (!item) continue
      if (old) {
        gone.push(old)
        const places = alike(old.region, region) ? this.figures?.changedPlaces(old.figure, item.figure) : null
        if (places) item.dirty = places
        changed.push(places ? { ...old, dirty: [] } : old)
      }
      this.items.set(id, item)
      fresh.push(item)
    }
    if (this.items.size > kept + fresh.length) {
      for (const [id, item] of this.items) {
        if (regions[id]?.object === this.object) continue
        this.items.delete(id)
        gone.push(item)
        changed.push(item)
      }
    }
    if (first) this.#tree.load(fresh)
    else if ((gone.length + fresh.length) * ANEW > this.items.size) this.#tree.clear().load([...this.items.values()])
    else {
      for (const item of gone) this.#tree.remove(item)
      for (const item of fresh) this.#tree.insert(item)
    }
    return changed.concat(fresh)
  }

  /** @param {string} id @param {import('./types.js').Region} region @returns {Item} */
  #boxed(id, region) {
    const box = fromPercent(region.shape, this.width, this.height)
    return { ...bounds(box), id, region, box }
  }

  /** @param {string} id @param {import('./types.js').Region} region @returns {Item | null} */
  #figured(id, region) {
    const figures = /** @type {Figures} */ (this.figures)
    /** @type {Item | undefined} */
    let item
    const figure = figures.figureOf(region, this.width, this.height, () => { if (item) this.ready(item) })
    if (!figure) return null
    const area = figures.figureBounds(figure)
    item = { ...area, id, region, box: { x: area.minX, y: area.minY, w: area.maxX - area.minX, h: area.maxY - area.minY, r: 0 }, figure }
    return item
  }

  /** Items that touch some bounds, in the order of painting. @param {import('./geometry.js').Bounds} area @returns {Item[]} */
  within(area) {
    return this.#tree.search(area).sort((a, b) => a.region.n - b.region.n)
  }

  /** Shown items under a point, the smallest first: what is inside can always be reached. @param {number} x @param {number} y @param {number} slack pixels @returns {Item[]} */
  at(x, y, slack = 0) {
    return this.#tree
      .search({ minX: x - slack, minY: y - slack, maxX: x + slack, maxY: y + slack })
      .filter((item) => !item.region.hidden && (item.figure ? !!this.figures?.figureHit(item.figure, x, y, slack) : contains(item.box, x, y, slack)))
      .sort((a, b) => a.box.w * a.box.h - b.box.w * b.box.h || b.region.n - a.region.n)
  }
}

/** Whether two states of a region are painted in the same way, but for their shape. @param {import('./types.js').Region} a @param {import('./types.js').Region} b */
const alike = (a, b) => a.kind === b.kind && a.color === b.color && a.hidden === b.hidden && a.suggestion === b.suggestion && String(a.labels) === String(b.labels)
