import { boundsOf, drawn } from './image-gestures.js'
import { Layer } from './image-layers.js'
import { outline, paintBand, paintBoxes, paintCrosshair, paintCursor, paintDraft, paintHovered, paintSelected } from './image-painter.js'
import { ImageView } from './image-view.js'
import { RegionIndex } from './region-index.js'

/** @typedef {import('./region-index.js').Item} Item */
/** @typedef {import('./geometry.js').Box} Box */
/**
 * What a stage asks of its element.
 * @typedef {{object: import('./types.js').PlanObject, view: import('./types.js').View | undefined, layers: import('./types.js').Layer[],
 *   controls: import('./types.js').Control[], names: boolean, hovered: string, readonly: boolean, page?: number,
 *   nameOf: (region: import('./types.js').Region) => string}} Looks
 */

const TIGHT = 200 // more changed boxes than this and the whole layer is painted anew
const MARGIN = 24 // stage pixels around a box that its lines, halo and name may reach
const NAME_ROOM = 160 // stage pixels that a name may stick out to the right

/**
 * Three canvases over each other: the photo, the boxes that stand still, and a glass for what moves (selected and hovered boxes,
 * the gesture). Everything is painted in animation frames, and only what changed.
 */
export class ImageStage {
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
  width = 0
  height = 0
  /** @type {HTMLImageElement | null} */
  picture = null
  #ratio = 1
  /** shapes that are not boxes: their code comes with the first of them @type {(typeof import('./image-figures.js') & typeof import('./image-figure-painter.js')) | null} */
  #figures = null
  /** @type {{layer: import('./types.js').Layer, index: RegionIndex}[]} */
  #others = []
  /** @type {Set<string>} boxes that a gesture holds: the boxes layer leaves them out */
  #lifted = new Set()
  #moving = false
  /** @type {Promise<void> | null} */
  #loading = null
  #frame = 0
  /** @type {(() => void)[]} */
  #next = []
  #wants = { all: false, glass: false }
  /** @type {Map<string, import('./image-painter.js').Style>} by control */
  #styles = new Map()

  /** @param {Looks} looks @param {HTMLCanvasElement[]} canvases photo, boxes, glass @param {() => void} changed the camera has moved */
  constructor(looks, [photo, boxes, glass], changed) {
    const schedule = (/** @type {() => void} */ again) => this.inFrame(again)
    this.looks = looks
    this.glass = glass
    this.changed = changed
    this.photo = new Layer(photo, (ctx, camera) => this.#paintPhoto(ctx, camera), schedule)
    this.boxes = new Layer(boxes, (ctx, camera) => this.#paintBoxes(ctx, camera.visible(this.width, this.height)), schedule)
    this.ctx = /** @type {CanvasRenderingContext2D} */ (glass.getContext('2d'))
  }

  stop() {
    this.photo.stop()
    this.boxes.stop()
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
  }

  clear() {
    this.picture = null
    this.gesture = null
    this.cursor = null
    for (const ctx of [this.photo.ctx, this.boxes.ctx, this.ctx]) ctx.clearRect(0, 0, ctx.canvas.width, ctx.canvas.height)
  }

  /** @param {HTMLImageElement} picture loaded */
  show(picture) {
    this.picture = picture
    this.camera = new ImageView(picture.naturalWidth, picture.naturalHeight)
    this.fitted = true
    this.index = this.#newIndex()
    this.measure(true)
    this.sync(true)
  }

  #newIndex() {
    const index = new RegionIndex(this.looks.object.name, this.camera.width, this.camera.height, this.looks.page, () => this.ask(true))
    index.figures = this.#figures
    return index
  }

  /** Brings the code for shapes that are not boxes. */
  async #loadFigures() {
    const [figures, painter] = await Promise.all([import('./image-figures.js'), import('./image-figure-painter.js')])
    this.#figures = { ...figures, ...painter }
    this.index.figures = this.#figures
    this.sync(true)
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
    else this.camera.pan(dx, dy, width, height)
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
    this.#styles = new Map(controls.map((control) => [control.name, { fill: control.fill_opacity ?? Math.min(control.opacity ?? 0.2, 0.6) * 0.6, width: Math.max(2, control.stroke_width ?? 2) }]))
    const changed = this.index.sync(view.regions)
    if (this.index.lacking && !this.#figures) {
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
      if (index.lacking && !this.#figures) this.#loading ??= this.#loadFigures()
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

  // ---- what gestures ask about the view ----

  /** @returns {import('./types.js').Tool} */
  get tool() {
    const { readonly, view, object } = this.looks
    return (readonly ? undefined : view?.tools[object.name]) ?? { tool: 'select' }
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
    return (this.looks.view?.selection ?? []).filter((id) => this.index.items.has(id))
  }

  /** Boxes of the selected regions that may be changed. @returns {Map<string, Box>} */
  editable() {
    const boxes = new Map()
    if (this.looks.readonly) return boxes
    for (const id of this.selection) {
      const item = /** @type {Item} */ (this.index.items.get(id))
      if (!item.figure && !item.region.locked && !item.region.readonly && !item.region.hidden) boxes.set(id, item.box)
    }
    return boxes
  }

  // ---- painting ----

  #paint() {
    if (this.picture) {
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
    if (!this.picture) return
    const { object } = this.looks
    const [a, b, c, d, e, f] = camera.matrix().map((value) => value * this.#ratio)
    ctx.save()
    ctx.setTransform(a, b, c, d, e, f)
    ctx.imageSmoothingEnabled = object.smoothing !== false && camera.scale < 6 // above that single pixels are what one wants to see
    ctx.imageSmoothingQuality = 'medium'
    ctx.drawImage(this.picture, 0, 0)
    if (object.grid) {
      const step = Math.max(2, Number(object.grid_size) || 30)
      ctx.beginPath()
      for (let x = step; x < camera.width; x += step) { ctx.moveTo(x, 0); ctx.lineTo(x, camera.height) }
      for (let y = step; y < camera.height; y += step) { ctx.moveTo(0, y); ctx.lineTo(camera.width, y) }
      ctx.strokeStyle = object.grid_color || '#eeeef4'
      ctx.lineWidth = 1 / camera.scale
      ctx.stroke()
    }
    ctx.restore()
  }

  /** @param {import('./types.js').Layer} [layer] @returns {import('./image-painter.js').Brush} */
  #brush(layer) {
    return {
      view: this.camera, ratio: this.#ratio, names: this.looks.names && this.looks.object.show_labels !== false, nameOf: this.looks.nameOf,
      styleOf: (region) => this.#styles.get(region.control) ?? { fill: 0.12, width: 2 }, layer: layer && { color: layer.color, dash: layer.dash ?? [] },
    }
  }

  /** Standing boxes that touch an area. @param {CanvasRenderingContext2D} ctx @param {import('./geometry.js').Bounds} area natural pixels */
  #paintBoxes(ctx, area) {
    const items = this.index.within(area)
    this.#paintItems(ctx, this.#lifted.size ? items.filter((item) => !this.#lifted.has(item.id)) : items, this.#brush())
    for (const { layer, index } of this.#others) this.#paintItems(ctx, index.within(area), this.#brush(layer))
  }

  /** Boxes stand over the other shapes, so that a mask never covers one. @param {CanvasRenderingContext2D} ctx @param {Item[]} items @param {import('./image-painter.js').Brush} brush */
  #paintItems(ctx, items, brush) {
    if (!this.#figures) return paintBoxes(ctx, items, brush)
    this.#figures.paintFigures(ctx, /** @type {import('./image-figure-painter.js').Item[]} */ (items.filter((item) => item.figure)), brush)
    paintBoxes(ctx, items.filter((item) => !item.figure), brush)
  }

  /** Paints the places of some items anew. @param {Item[]} items */
  #repaint(items) {
    if (!items.length) return
    this.ask(items.length > TIGHT)
    if (items.length > TIGHT) return
    const [pad, room] = [MARGIN * this.#ratio, NAME_ROOM * this.#ratio]
    const areas = items.map((item) => {
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
    const { ctx, gesture, tool } = this
    ctx.clearRect(0, 0, ctx.canvas.width, ctx.canvas.height)
    const brush = this.#brush()
    const editable = this.editable()
    const { selection } = this
    for (const id of gesture?.kind === 'draw' ? [] : this.looks.hovered.split('\n')) { // both ends of a relation are two lines
      const hovered = this.index.items.get(id)
      if (!hovered || hovered.region.hidden) continue
      if (hovered.figure) this.#figures?.paintHoveredFigure(ctx, /** @type {import('./image-figure-painter.js').Item} */ (hovered), brush)
      else paintHovered(ctx, hovered, brush)
    }
    for (const id of selection) {
      const item = /** @type {Item} */ (this.index.items.get(id))
      if (item.region.hidden) continue
      if (item.figure) {
        this.#figures?.paintSelectedFigure(ctx, /** @type {import('./image-figure-painter.js').Item} */ (item), brush)
        continue
      }
      const now = gesture?.kind === 'move' ? gesture.now.get(id) : gesture?.kind === 'resize' && gesture.id === id ? gesture.now : undefined
      const handles = selection.length === 1 && editable.has(id) && gesture?.kind !== 'draw'
      paintSelected(ctx, now ? { ...item, box: now } : item, brush, { handles, rotate: this.mayRotate(item.region) })
    }
    if (gesture?.kind === 'draw') paintDraft(ctx, drawn(gesture, this.limits(tool.control)), tool.color ?? '#888888', brush)
    if (gesture?.kind === 'band') paintBand(ctx, boundsOf(gesture), brush)
    if (this.looks.object.crosshair && this.mouse) paintCrosshair(ctx, this.mouse.x, this.mouse.y, this.width, this.height, this.#ratio)
    if (this.cursor) paintCursor(ctx, ...this.camera.toScreen(this.cursor.x, this.cursor.y), this.#ratio)
  }
}
