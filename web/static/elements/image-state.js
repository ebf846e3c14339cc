import { t as shown } from '../app/texts.js'
import { bounds, corners } from './geometry.js'
import { snapTo } from './geometry-near.js'
import { inHand, toolRow } from './image-tools/registry.js'
import { ImageView } from './image-view.js'
import { RegionIndex } from './region-index.js'

/** @typedef {import('./region-index.js').Item} Item */
/** @typedef {import('./geometry.js').Box} Box */
/**
 * What a stage asks of its element.
 * @typedef {{object: import('./types.js').PlanObject, view: import('./types.js').View | undefined, layers: import('./types.js').Layer[],
 *   controls: import('./types.js').Control[], names: boolean, hovered: string, readonly: boolean, page?: number,
 *   inHand?: import('./types.js').Tool, links?: boolean, look?: import('./image-looks.js').Look, looking?: import('./image-looking.js').ImageLooking,
 *   nameOf: (region: import('./types.js').Region) => string, tip?: (text: string) => void}} Looks inHand: the tool that was chosen; links: all relations are drawn
 */

const SNAP = 8 // stage pixels within which a point is drawn to a corner or an edge

/** What is looked at, held and drawn on an image, and what gestures ask about it. Paints nothing. */
export class ImageState {
  camera = new ImageView(1, 1)
  /** the view follows the size of the window */
  fitted = true
  index = new RegionIndex('', 1, 1)
  /** @type {import('./image-gestures.js').Gesture | null} */
  gesture = null
  /** @type {{x: number, y: number} | null} the keyboard's cursor, natural pixels */
  cursor = null
  /** @type {{x: number, y: number} | null} stage pixels */
  mouse = null
  /** a gesture that is over, but not yet answered @type {import('./image-gestures.js').Gesture | null} */
  after = null
  /** the picked corner of the selected region: a name of its handles @type {string | null} */
  vertex = null
  /** what the point under the pointer is drawn to @type {{x: number, y: number, at: 'corner' | 'edge'} | null} */
  snapped = null
  width = 0
  height = 0
  /** @type {import('./image-load.js').Picture | null} */
  picture = null
  /** every press moves the picture */
  hand = false
  /** the code for changing them @type {typeof import('./image-edit.js') | null} */
  edit = null
  /** @type {{boxes: Map<string, Box>, selected: import('./types.js').Region[], frame: import('./geometry.js').Bounds | null} | null} */
  #held = null
  /** @type {{view: import('./types.js').View | undefined, index: object, size: number, ids: string[]} | null} */
  #chosen = null

  /** @param {Looks} looks */
  constructor(looks) {
    this.looks = looks
  }

  /** The view has changed: what was found out about it no longer holds. */
  forget() {
    this.#held = this.#chosen = null
  }

  /** @returns {import('./types.js').Tool} */
  get tool() {
    const { readonly, view, object } = this.looks
    const offered = readonly ? undefined : view?.tools[object.name]
    const held = inHand(offered, this.looks.inHand)
    const wanted = toolRow(held.tool)?.prefers
    const better = wanted && [offered, ...(offered?.more ?? [])].find((one) => one && this.control(one.control)?.type === wanted)
    return better ? { ...held, control: better.control, color: better.color } : held
  }

  get size() {
    const { camera } = this
    return { width: camera.width, height: camera.height, scale: camera.scale, shows: (/** @type {number} */ x, /** @type {number} */ y) => camera.shows(...camera.toScreen(x, y)) }
  }

  /** What tools may ask for besides. */
  get around() {
    const { picture, looks } = this
    return { find: (/** @type {string} */ id) => this.index.items.get(id), picture, tip: (/** @type {string} */ text) => looks.tip?.(shown(text)) }
  }

  /** What a tool must know to paint. @returns {import('./image-gestures.js').Context} */
  toolContext() {
    const { tool } = this
    const { boxes, selected } = this.editable()
    return {
      ...this.limits(tool.control), scale: this.camera.scale, readonly: this.looks.readonly, tool, control: this.control(tool.control), owner: this.control(selected[0]?.control),
      selection: this.selection, boxes, selected, frame: null, hits: [], handle: null, vertex: this.vertex, edit: this.edit, ...this.around,
    }
  }

  /** @param {string | undefined} name */
  control(name) {
    return this.looks.controls.find((control) => control.name === name)
  }

  /** @param {import('./types.js').Region} region */
  mayRotate(region) {
    return this.control(region.control)?.can_rotate !== false
  }

  /** @param {string | undefined} control whose boxes */
  limits(control) {
    return { width: this.camera.width, height: this.camera.height, snap: this.control(control)?.snap === 'pixel' }
  }

  /** Selected regions of this picture. */
  get selection() {
    const { view } = this.looks
    const { index, size } = { index: this.index, size: this.index.items.size } // another page, or shapes that came later
    if (this.#chosen?.view !== view || this.#chosen?.index !== index || this.#chosen?.size !== size) {
      this.#chosen = { view, index, size, ids: (view?.selection ?? []).filter((id) => index.items.has(id)) }
    }
    return /** @type {{ids: string[]}} */ (this.#chosen).ids
  }

  /** The selected regions that may be changed, and the boxes around them. @returns {{boxes: Map<string, Box>, selected: import('./types.js').Region[], frame: import('./geometry.js').Bounds | null}} */
  editable() {
    if (this.#held) return this.#held
    const boxes = new Map()
    /** @type {import('./types.js').Region[]} */
    const selected = []
    for (const id of this.looks.readonly ? [] : this.selection) {
      const { region, box } = /** @type {Item} */ (this.index.items.get(id))
      if (region.locked || region.readonly || region.hidden) continue
      boxes.set(id, box)
      selected.push(region)
    }
    return (this.#held = { boxes, selected, frame: selected.length > 1 ? around(boxes.values()) : null })
  }

  /** Around several selected regions. */
  frame() {
    return this.editable().frame
  }

  /** A corner or an edge of another region near a place. @param {number} x @param {number} y natural pixels @param {string} but a region that is not asked */
  near(x, y, but) {
    const reach = SNAP / this.camera.scale
    const items = this.index.within({ minX: x - reach, minY: y - reach, maxX: x + reach, maxY: y + reach })
    return snapTo(outlines(items.filter((item) => item.id !== but && !item.region.hidden)), x, y, reach)
  }
}

/** The upright box around some boxes. @param {Iterable<import('./geometry.js').Box>} boxes @returns {import('./geometry.js').Bounds} */
export function around(boxes) {
  const found = { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity }
  for (const box of boxes) {
    const { minX, minY, maxX, maxY } = bounds(box)
    found.minX = Math.min(found.minX, minX)
    found.minY = Math.min(found.minY, minY)
    found.maxX = Math.max(found.maxX, maxX)
    found.maxY = Math.max(found.maxY, maxY)
  }
  return found
}

/** Outlines of items, for points that snap to them. @param {Iterable<Item>} items */
export const outlines = (items) => [...items].flatMap(({ figure, box }) => {
  if (!figure) return [{ points: corners(box), closed: true, corners: corners(box) }]
  if (figure.mask) return []
  return [...figure.paths.map(({ points, closed }) => ({ points, closed, corners: [] })), { points: [], closed: false, corners: figure.corners }]
})
