import { boundsOf, drawing } from './image-gestures.js'
import { paintGlass } from './image-glass.js'
import { Layer } from './image-layers.js'
import { CROWD, MANY, outline, paintBoxes } from './image-painter.js'
import { paintPhoto } from './image-photo.js'
import { ImageState } from './image-state.js'
import { loadTools, toolRow, toolsFor } from './image-tools/registry.js'
import { ImageView } from './image-view.js'
import { RegionIndex } from './region-index.js'

/** @typedef {import('./region-index.js').Item} Item */
/** @typedef {import('./geometry.js').Box} Box */

const TIGHT = 200 // more changed boxes than this and the whole layer is painted anew
const MARGIN = 24 // stage pixels around a box that its lines, halo and name may reach
const SETTLE = 500 // milliseconds that a change which the engine refuses is seen
const SETTLE_EACH = 0.5 // and for each region more: ten thousand take the engine seconds on a slow machine
const NAME_ROOM = 160 // stage pixels that a name may stick out to the right

/**
 * Three canvases over each other: the photo, the boxes that stand still, and a glass for what moves (selected and hovered boxes,
 * the gesture). Everything is painted in animation frames, and only what changed.
 */
export class ImageStage extends ImageState {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #settling
  /** the region that it is of @type {string | undefined} */
  #picked
  /** the code for arrows between related regions, where there are any @type {typeof import('./image-relations.js') | null} */
  relations = null
  /** the code that paints thousands of boxes, once there were so many @type {typeof import('./image-crowd.js') | null} */
  #crowd = null
  #ratio = 1
  /** shapes that are not boxes: their code comes with the first of them @type {(typeof import('./image-figures.js') & typeof import('./image-figure-painter.js')) | null} */
  figures = null
  /** @type {{layer: import('./types.js').Layer, index: RegionIndex}[]} */
  #others = []
  /** a mask as the gesture in hand paints it @type {import('./image-tools/mask-target.js').Live | null} */
  #live = null
  /** @type {Set<string>} boxes that a gesture holds: the boxes layer leaves them out */
  #lifted = new Set()
  #moving = false
  /** so many boxes are in sight that names and halos are left out: also where a part is painted anew */
  #crowded = false
  /** @type {Promise<void> | null} */
  #loading = null
  #frame = 0
  /** @type {(() => void)[]} */
  #next = []
  #wants = { all: false, glass: false }
  /** @type {Map<string, import('./image-painter.js').Style>} by control */
  #styles = new Map()

  /** @param {import('./image-state.js').Looks} looks @param {HTMLCanvasElement[]} canvases photo, boxes, glass @param {() => void} changed the camera has moved */
  constructor(looks, [photo, boxes, glass], changed) {
    super(looks)
    const schedule = (/** @type {() => void} */ again) => this.inFrame(again)
    this.glass = glass
    this.changed = changed
    this.photo = new Layer(photo, (ctx, camera) => this.#paintPhoto(ctx, camera), schedule)
    this.boxes = new Layer(boxes, (ctx, camera) => this.#paintBoxes(ctx, camera.visible(this.width, this.height), true), schedule)
    this.ctx = /** @type {CanvasRenderingContext2D} */ (glass.getContext('2d'))
  }

  stop() {
    this.photo.stop()
    this.boxes.stop()
    cancelAnimationFrame(this.#frame)
    clearTimeout(this.#settling)
    this.#frame = 0
  }

  clear() {
    this.picture?.close()
    this.picture = null
    this.gesture = null
    this.cursor = null
    for (const ctx of [this.photo.ctx, this.boxes.ctx, this.ctx]) ctx.clearRect(0, 0, ctx.canvas.width, ctx.canvas.height)
  }

  /** The same picture in another form: what is seen and done stays. @param {import('./image-load.js').Picture} picture of the same size */
  swap(picture) {
    this.picture?.close()
    this.#take(picture)
    this.ask(true)
  }

  /** @param {import('./image-load.js').Picture} picture */
  #take(picture) {
    this.picture = picture
    picture.changed = () => this.#refresh()
  }
  #refreshing = false

  /** More of the picture has come: paints the photo in the next frame. */
  #refresh() {
    if (this.#refreshing) return
    this.#refreshing = true
    this.inFrame(() => {
      this.#refreshing = false
      if (!this.picture) return
      this.photo.draw(this.camera, false)
      this.looks.looking?.renew()
    })
  }

  /** @param {import('./image-load.js').Picture} picture loaded */
  show(picture) {
    this.#take(picture)
    this.camera = new ImageView(picture.naturalWidth, picture.naturalHeight)
    this.fitted = true
    this.index = this.#newIndex()
    this.measure(true)
    this.sync(true)
    if (!this.looks.readonly) void this.loadTools()
  }

  #newIndex() {
    const index = new RegionIndex(this.looks.object.name, this.camera.width, this.camera.height, this.looks.page, () => this.ask(true))
    index.figures = this.figures
    return index
  }

  /** Brings the code for shapes that are not boxes. */
  async #loadFigures() {
    const [figures, painter, edit] = await Promise.all([import('./image-figures.js'), import('./image-figure-painter.js'), import('./image-edit.js')])
    this.figures = { ...figures, ...painter }
    this.edit = edit
    this.index.figures = this.figures
    this.sync(true)
  }

  /** Brings the code of the tools that this task needs, or one that was chosen. @param {string} [kind] */
  async loadTools(kind) {
    const { object, controls } = this.looks
    const kinds = kind ? [kind] : toolsFor(object, controls).flatMap((row) => (row.base === 'rectangle' ? [] : [row.kind]))
    if (!kinds.length) return
    if (kinds.some((one) => one !== 'rectangle')) this.#loading ??= this.#loadFigures()
    await Promise.all([this.#loading, loadTools(kinds)])
    this.ask()
  }

  /** Takes the size of the element. @param {boolean} force */
  measure(force = false) {
    const { clientWidth: width, clientHeight: height } = /** @type {HTMLElement} */ (this.glass.parentElement)
    const ratio = globalThis.devicePixelRatio || 1
    if (!force && width === this.width && height === this.height && ratio === this.#ratio) return
    const [dx, dy] = [(width - this.width) / 2, (height - this.height) / 2]
    this.width = width
    this.height = height
    this.#ratio = ratio
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)]
    this.photo.resize(w, h)
    this.boxes.resize(w, h)
    this.glass.width = w
    this.glass.height = h
    if (!this.picture) return
    if (this.fitted) this.camera.fit(width, height)
    else this.camera.shift(dx, dy, width, height)
    this.#wants.all = true
    this.#paint() // a resized canvas is empty: fill it before the browser shows it
    this.changed()
  }

  /** @param {(camera: ImageView) => unknown} change @param {boolean} byHand the view no longer follows the size of the window */
  look(change, byHand = true) {
    if (!this.picture) return
    const { scale, tx, ty } = this.camera
    change(this.camera)
    const { camera } = this
    if (byHand && (camera.scale !== scale || camera.tx !== tx || camera.ty !== ty)) this.fitted = false
    this.#moving = byHand
    this.ask(true)
    this.changed()
  }

  /** Brings the index up to the view. @param {boolean} all paint everything */
  sync(all) {
    const { view, controls, layers } = this.looks
    if (!view || !this.picture) return
    this.forget()
    if (view.relations?.length && !this.relations) void import('./image-relations.js').then((module) => { this.relations = module; this.ask() })
    const [one] = this.selection
    if (one !== this.#picked) {
      this.vertex = null
      const before = this.index.items.get(one)?.region
      if (before && !before.provisional && !drawing(this.gesture)) this.cursor = null // arrows move what was picked; after drawing they go on
    }
    this.#picked = one
    const { gesture, tool } = this
    if (gesture && 'tool' in gesture && toolRow(gesture.tool)?.base !== (toolRow(tool.tool)?.base ?? tool.tool)) this.gesture = null // the label was put down
    this.#styles = new Map(controls.map((control) => [control.name, { fill: control.fill_opacity ?? Math.min(control.opacity ?? 0.2, 0.6) * 0.6, width: Math.max(2, control.stroke_width ?? 2), opacity: control.opacity }]))
    const changed = this.index.sync(view.regions)
    if (changed.length) this.settle(null)
    if (this.index.lacking && !this.figures) {
      this.index.lacking = false
      this.#loading ??= this.#loadFigures()
    }
    if (!all) {
      this.#repaint(changed)
      return
    }
    this.#others = layers.map((layer) => {
      const index = this.#newIndex()
      index.sync(layer.view.regions)
      if (index.lacking && !this.figures) this.#loading ??= this.#loadFigures()
      return { layer, index }
    })
    this.ask(true)
  }

  /** Takes boxes off the layer of standing ones while a gesture holds them. @param {string[]} ids */
  lift(ids) {
    const items = [...this.#lifted, ...ids].flatMap((id) => this.index.items.get(id) ?? [])
    this.#lifted = new Set(ids)
    this.#repaint(items)
  }

  /** Keeps showing what a gesture made of regions until the engine has said it. @param {import('./image-gestures.js').Gesture | null} gesture */
  settle(gesture) {
    clearTimeout(this.#settling)
    if (this.after && !gesture) {
      this.after = null
      this.lift([])
    }
    if (!gesture) return
    this.after = gesture
    this.#settling = setTimeout(() => this.settle(null), SETTLE + SETTLE_EACH * this.selection.length)
  }

  /** @param {() => void} work */
  inFrame(work) {
    this.#next.push(work)
    this.ask()
  }

  /** Asks for a frame. @param {boolean} all the camera changed */
  ask(all = false) {
    this.#wants.glass = true
    this.#wants.all ||= all
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0
      this.#paint()
      for (const work of this.#next.splice(0)) work()
    })
  }

  // ---- painting ----

  #paint() {
    if (this.picture) {
      this.#follow()
      if (this.#wants.all) {
        this.photo.draw(this.camera, this.#moving)
        this.boxes.draw(this.camera, this.#moving)
      }
      if (this.#wants.all || this.#wants.glass) this.#paintGlass()
    }
    this.#wants = { all: false, glass: false }
    this.#moving = false
  }

  /** @param {CanvasRenderingContext2D} ctx @param {ImageView} camera */
  #paintPhoto(ctx, camera) {
    const { picture, width, height } = this
    if (picture) paintPhoto(ctx, camera, picture, { ratio: this.#ratio, width, height, object: this.looks.object, look: this.looks.look })
  }

  /** @param {import('./types.js').Layer} [layer] @returns {import('./image-painter.js').Brush} */
  #brush(layer) {
    return {
      view: this.camera, ratio: this.#ratio, names: this.looks.names && this.looks.object.show_labels !== false, nameOf: this.looks.nameOf,
      styleOf: (region) => this.#styles.get(region.control) ?? { fill: 0.12, width: 2 }, layer: layer && { color: layer.color, dash: layer.dash ?? [] }, crowd: this.#crowd,
    }
  }

  /** Standing boxes that touch an area. @param {CanvasRenderingContext2D} ctx @param {import('./geometry.js').Bounds} area natural pixels @param {boolean} whole all that is in sight */
  #paintBoxes(ctx, area, whole = false) {
    const found = this.index.within(area)
    if (whole) this.#crowded = found.length > MANY
    if (found.length > CROWD && !this.#crowd) void import('./image-crowd.js').then((module) => { this.#crowd = module }, console.warn)
    const live = this.#live
    const items = this.#lifted.size || live ? found.filter((item) => !this.#lifted.has(item.id) && item.id !== live?.id) : found
    this.#paintItems(ctx, live ? [...items, this.#liveItem(live)] : items, { ...this.#brush(), area, many: this.#crowded })
    for (const { layer, index } of this.#others) this.#paintItems(ctx, index.within(area), { ...this.#brush(layer), area })
  }

  /** Boxes stand over the other shapes, so that a mask never covers one. @param {CanvasRenderingContext2D} ctx @param {Item[]} items @param {import('./image-painter.js').Brush} brush */
  #paintItems(ctx, items, brush) {
    if (!this.figures) return paintBoxes(ctx, items, brush)
    this.figures.paintFigures(ctx, /** @type {import('./image-figure-painter.js').Item[]} */ (items.filter((item) => item.figure)), brush)
    paintBoxes(ctx, items.filter((item) => !item.figure), brush)
  }

  /** Paints the places of some items anew. @param {Item[]} items */
  #repaint(items) {
    if (!items.length) return
    this.ask(items.length > TIGHT)
    if (items.length > TIGHT) return
    this.#renew(items.flatMap((item) => item.dirty ?? [item]))
  }

  /** A mask that a gesture paints is seen in place of the region's own; only what changed is painted. */
  #follow() {
    const gesture = /** @type {any} */ (this.gesture)
    const live = gesture?.live ?? null
    const before = this.#live
    if (live === before) return
    this.#live = live
    const [one, other] = [before ?? this.index.items.get(live?.id ?? ''), live ?? this.index.items.get(before?.id ?? '')]
    const places = this.figures?.changedPlaces(one?.figure, other?.figure) ?? []
    if (places.length) this.#renew(places)
  }

  /** @param {import('./image-tools/mask-target.js').Live} live @returns {Item} */
  #liveItem({ id, region, figure }) {
    const { x, y, w, h } = figure.mask.box
    return { id, region, figure, box: { x, y, w, h, r: 0 }, minX: x, minY: y, maxX: x + w, maxY: y + h }
  }

  /** Paints some places anew. @param {import('./geometry.js').Bounds[]} places natural pixels */
  #renew(places) {
    const [pad, room] = [MARGIN * this.#ratio, NAME_ROOM * this.#ratio]
    const areas = places.map((item) => {
      const upright = { x: item.minX, y: item.minY, w: item.maxX - item.minX, h: item.maxY - item.minY, r: 0 }
      const [x, y, w, h] = /** @type {[number, number, number, number]} */ (outline(upright, this.camera, this.#ratio))
      return /** @type {[number, number, number, number]} */ ([x - pad, y - pad, w + pad * 2 + room, h + pad * 2])
    })
    this.boxes.patch(this.camera, areas, (ctx, [x, y, w, h]) => {
      const [ax, ay] = this.camera.toImage((x - pad - room) / this.#ratio, (y - pad) / this.#ratio)
      const [bx, by] = this.camera.toImage((x + w + pad) / this.#ratio, (y + h + pad) / this.#ratio)
      this.#paintBoxes(ctx, boundsOf({ ax, ay, bx, by }))
    })
  }

  #paintGlass() {
    paintGlass(this, this.ctx, this.#brush())
  }
}
