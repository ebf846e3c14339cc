import RBush from 'rbush'
import { bounds, contains, fromPercent } from './geometry.js'

/**
 * @typedef {import('./geometry.js').Bounds & {id: string, region: import('./types.js').Region, box: import('./geometry.js').Box}} Item
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

  /** @param {string} object name of the image @param {number} width natural pixels @param {number} height */
  constructor(object, width, height) {
    this.object = object
    this.width = width
    this.height = height
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
    let kept = 0
    for (const id in regions) {
      const region = regions[id]
      if (region.object !== this.object || region.kind !== 'rectangle') continue
      const old = this.items.get(id)
      if (old?.region === region) {
        kept++
        continue
      }
      const box = fromPercent(region.shape, this.width, this.height)
      const item = { ...bounds(box), id, region, box }
      if (old) {
        this.#tree.remove(old)
        changed.push(old)
      }
      this.items.set(id, item)
      fresh.push(item)
    }
    if (this.items.size > kept + fresh.length) {
      for (const [id, item] of this.items) {
        if (regions[id]?.object === this.object) continue
        this.items.delete(id)
        this.#tree.remove(item)
        changed.push(item)
      }
    }
    if (first) this.#tree.load(fresh)
    else for (const item of fresh) this.#tree.insert(item)
    return changed.concat(fresh)
  }

  /** Items that touch some bounds, in the order of painting. @param {import('./geometry.js').Bounds} area @returns {Item[]} */
  within(area) {
    return this.#tree.search(area).sort((a, b) => a.region.n - b.region.n)
  }

  /** Shown items under a point, the smallest first: what is inside can always be reached. @param {number} x @param {number} y @param {number} slack pixels @returns {Item[]} */
  at(x, y, slack = 0) {
    return this.#tree
      .search({ minX: x - slack, minY: y - slack, maxX: x + slack, maxY: y + slack })
      .filter((item) => !item.region.hidden && contains(item.box, x, y, slack))
      .sort((a, b) => a.box.w * a.box.h - b.box.w * b.box.h || b.region.n - a.region.n)
  }
}
