import { LitElement, html, nothing } from 'lit'
import { emit } from './emit.js'
import { bounds, pointOf, toPercent } from './geometry.js'
import { boundsOf, cycled, drawn, move, press, release } from './image-gestures.js'
import { Layer } from './image-layers.js'
import { PictureProblem, hostOf, loadPicture } from './image-load.js'
import { HANDLE_SIZE, handlesOf, outline, paintBand, paintBoxes, paintCrosshair, paintCursor, paintDraft, paintHovered, paintSelected, rotateHandle } from './image-painter.js'
import { ImageView } from './image-view.js'
import { newId } from '../app/ids.js'
import { RegionIndex } from './region-index.js'

/** @typedef {import('./image-gestures.js').Gesture} Gesture */
/** @typedef {import('./region-index.js').Item} Item */

const WHEEL_STEP = 0.0016 // a wheel notch of 100 zooms by 17 %
const CURSOR_STEP = 8 // stage pixels that an arrow key moves the keyboard's cursor
const TIGHT = 200 // more changed boxes than this and the whole layer is painted anew
const TURNS = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w']
const CURSORS = ['nwse-resize', 'ns-resize', 'nesw-resize', 'ew-resize']

/** A picture with boxes: looks at `view`, draws them, and turns gestures into intents. */
export class KiteImage extends LitElement {
  static properties = {
    object: { attribute: false }, source: { attribute: false }, view: { attribute: false }, layers: { attribute: false },
    controls: { attribute: false }, names: { attribute: false }, hovered: { attribute: false }, readonly: { type: Boolean },
    nameOf: { attribute: false }, state: { state: true },
  }

  constructor() {
    super()
    /** @type {import('./types.js').PlanObject} */
    this.object = { name: '', type: 'image' }
    /** @type {{url?: string, problem?: import('./types.js').Problem} | undefined} this object in the Display */
    this.source = undefined
    /** @type {import('./types.js').View | undefined} */
    this.view = undefined
    /** @type {import('./types.js').Layer[]} */
    this.layers = []
    /** @type {import('./types.js').Control[]} */
    this.controls = []
    this.names = true
    this.hovered = ''
    this.readonly = false
    /** @type {(region: import('./types.js').Region) => string} what is written on a box */
    this.nameOf = (region) => region.labels.join(', ')
    /** @type {{kind: 'empty' | 'loading' | 'shown'} | {kind: 'slow', seconds: number} | {kind: 'failed', problem: import('./types.js').Problem}} */
    this.state = { kind: 'empty' }
    /** @type {HTMLImageElement | null} */
    this.picture = null
    this.camera = new ImageView(1, 1)
    this.fitted = true
    this.brightness = 100
    this.contrast = 100
    /** @type {Promise<void>} the picture is painted, or it is said why not */
    this.ready = new Promise((done) => { this.#painted = done })
  }
  /** @type {() => void} */
  #painted = () => {}
  /** @type {RegionIndex} */
  #index = new RegionIndex('', 1, 1)
  /** @type {{layer: import('./types.js').Layer, index: RegionIndex}[]} */
  #others = []
  /** @type {Gesture | null} */
  #gesture = null
  /** @type {Map<number, {x: number, y: number}>} pointers that are down, stage pixels */
  #pointers = new Map()
  /** @type {{distance: number, x: number, y: number} | null} */
  #pinch = null
  /** @type {Set<string>} boxes that a gesture holds: the boxes layer leaves them out */
  #lifted = new Set()
  /** @type {{x: number, y: number} | null} stage pixels */
  #mouse = null
  /** @type {{x: number, y: number, corner: boolean} | null} the keyboard's cursor, natural pixels; corner: the first one is set */
  #cursor = null
  #space = false
  #moving = false
  #width = 0
  #height = 0
  #ratio = 1
  #frame = 0
  /** @type {(() => void)[]} */
  #next = []
  #wants = { all: false, glass: false }
  /** @type {AbortController | null} */
  #loading = null
  /** @type {AbortController | null} */
  #gone = null
  /** @type {Layer | null} */
  #photo = null
  /** @type {Layer | null} */
  #boxes = null
  /** @type {CanvasRenderingContext2D | null} */
  #glass = null
  #lastTouch = false

  createRenderRoot() {
    return this
  }

  connectedCallback() {
    super.connectedCallback()
    this.#gone = new AbortController()
    if (this.#glass) this.#listen()
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#gone?.abort()
    this.#loading?.abort()
    this.#photo?.stop()
    this.#boxes?.stop()
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
  }

  // ---- what the host may ask ----

  fit() {
    this.fitted = true
    this.#look((camera) => camera.fit(this.#width, this.#height), false)
  }

  /** @param {number} scale stage pixels per natural pixel */
  zoomTo(scale) {
    this.zoomBy(scale / this.camera.scale)
  }

  /** @param {number} factor */
  zoomBy(factor) {
    this.#look((camera) => camera.zoomAt(this.#width / 2, this.#height / 2, factor, this.#width, this.#height, this.object.negative_zoom))
  }

  rotate() {
    this.camera.turn = (this.camera.turn + 1) % 4
    this.fit()
  }

  /** @param {'brightness' | 'contrast'} what @param {number} percent */
  adjust(what, percent) {
    this[what] = percent
    if (this.#photo) this.#photo.canvas.style.filter = this.brightness === 100 && this.contrast === 100 ? '' : `brightness(${this.brightness}%) contrast(${this.contrast}%)`
    this.#report()
  }

  /** @param {string} id */
  reveal(id) {
    const item = this.#index.items.get(id)
    if (item) this.#look((camera) => camera.reveal(item, this.#width, this.#height), false)
  }

  retry() {
    this.#load()
  }

  // ---- life ----

  /** @param {Map<string, any>} changed */
  willUpdate(changed) {
    if (changed.has('source') && this.source) queueMicrotask(() => this.#load())
  }

  firstUpdated() {
    const [photo, boxes, glass] = /** @type {NodeListOf<HTMLCanvasElement>} */ (this.querySelectorAll('canvas'))
    const schedule = (/** @type {() => void} */ again) => this.#inFrame(again)
    this.#photo = new Layer(photo, (ctx, camera) => this.#paintPhoto(ctx, camera), schedule)
    this.#boxes = new Layer(boxes, (ctx, camera) => this.#paintAll(ctx, camera), schedule)
    this.#glass = glass.getContext('2d')
    this.#listen()
  }

  #listen() {
    const signal = this.#gone?.signal
    const glass = /** @type {HTMLCanvasElement} */ (this.#glass?.canvas)
    const stage = /** @type {HTMLElement} */ (glass.parentElement)
    const watch = new ResizeObserver(() => this.#measure())
    watch.observe(stage)
    signal?.addEventListener('abort', () => watch.disconnect())
    glass.addEventListener('pointerdown', (event) => this.#down(event), { signal })
    glass.addEventListener('pointermove', (event) => this.#move(event), { signal })
    glass.addEventListener('pointerup', (event) => this.#up(event), { signal })
    glass.addEventListener('pointercancel', (event) => this.#cancelPointer(event), { signal })
    glass.addEventListener('pointerleave', () => this.#leave(), { signal })
    glass.addEventListener('wheel', (event) => this.#wheel(event), { signal, passive: false })
    glass.addEventListener('keydown', (event) => this.#key(event), { signal })
    glass.addEventListener('keyup', (event) => { if (event.key === ' ') this.#space = false }, { signal })
    glass.addEventListener('blur', () => this.#blur(), { signal })
    glass.addEventListener('contextmenu', (event) => { if (this.#gesture) event.preventDefault() }, { signal })
  }

  /** @param {Map<string, any>} changed */
  updated(changed) {
    if (!this.picture) return
    if (changed.has('view') || changed.has('layers') || changed.has('names') || changed.has('controls')) this.#sync(changed.has('layers') || changed.has('names'))
    if (changed.has('hovered') || changed.has('view')) this.#ask()
  }

  async #load() {
    this.#loading?.abort()
    const loading = (this.#loading = new AbortController())
    const source = this.source
    this.picture = null
    this.#gesture = null
    this.#cursor = null
    this.#paintNothing()
    if (!source?.url || source.problem) {
      this.state = { kind: 'failed', problem: source?.problem ?? { code: 'no-picture', message: 'This task has no picture.', hint: 'Skip it, and tell whoever sent you here.' } }
      this.#painted()
      return
    }
    this.state = { kind: 'loading' }
    const started = performance.now()
    const clock = setInterval(() => { this.state = { kind: 'slow', seconds: Math.round((performance.now() - started) / 1000) } }, 1000)
    loading.signal.addEventListener('abort', () => clearInterval(clock))
    try {
      const picture = await loadPicture(source.url, { crossOrigin: this.object.cross_origin, signal: loading.signal })
      if (!loading.signal.aborted) this.#show(picture)
    } catch (error) {
      if (loading.signal.aborted) return
      if (!(error instanceof PictureProblem)) throw error
      this.state = { kind: 'failed', problem: error.problem }
      this.#painted()
    } finally {
      clearInterval(clock)
    }
  }

  /** @param {HTMLImageElement} picture */
  #show(picture) {
    const { naturalWidth: width, naturalHeight: height } = picture
    this.picture = picture
    this.camera = new ImageView(width, height)
    this.fitted = true
    this.#index = new RegionIndex(this.object.name, width, height)
    this.#others = []
    this.state = { kind: 'shown' }
    emit(this, { type: 'object_loaded', object: this.object.name, width, height })
    this.#measure(true)
    if (this.object.default_zoom === 'original') this.zoomTo(1)
    this.#sync(true)
    this.#inFrame(() => this.#painted())
  }

  #measure(force = false) {
    const stage = this.#glass?.canvas.parentElement
    if (!stage || !this.#glass) return
    const ratio = globalThis.devicePixelRatio || 1
    const { clientWidth: width, clientHeight: height } = stage
    if (!force && width === this.#width && height === this.#height && ratio === this.#ratio) return
    const [dx, dy] = [(width - this.#width) / 2, (height - this.#height) / 2]
    this.#width = width
    this.#height = height
    this.#ratio = ratio
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)]
    this.#photo?.resize(w, h)
    this.#boxes?.resize(w, h)
    this.#glass.canvas.width = w
    this.#glass.canvas.height = h
    if (!this.picture) return
    if (this.fitted) this.camera.fit(width, height)
    else this.camera.pan(dx, dy, width, height)
    this.#wants.all = true
    this.#paint() // a resized canvas is empty: fill it before the browser shows it
    this.#report()
  }

  // ---- painting ----

  /** @param {() => void} work */
  #inFrame(work) {
    this.#next.push(work)
    this.#ask(false)
  }

  /** Asks for a frame. @param {boolean} glass the gesture, selection or hover changed @param {boolean} all the camera changed */
  #ask(glass = true, all = false) {
    this.#wants.glass ||= glass
    this.#wants.all ||= all
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0
      this.#paint()
      for (const work of this.#next.splice(0)) work()
    })
  }

  #paint() {
    if (!this.picture) return
    if (this.#wants.all) {
      this.#photo?.draw(this.camera, this.#moving)
      this.#boxes?.draw(this.camera, this.#moving)
    }
    if (this.#wants.all || this.#wants.glass) this.#paintGlass()
    this.#wants = { all: false, glass: false }
    this.#moving = false
  }

  #paintNothing() {
    for (const ctx of [this.#photo?.ctx, this.#boxes?.ctx, this.#glass]) ctx?.clearRect(0, 0, ctx.canvas.width, ctx.canvas.height)
  }

  /** @param {CanvasRenderingContext2D} ctx @param {ImageView} camera */
  #paintPhoto(ctx, camera) {
    if (!this.picture) return
    const [a, b, c, d, e, f] = camera.matrix().map((value) => value * this.#ratio)
    ctx.save()
    ctx.setTransform(a, b, c, d, e, f)
    ctx.imageSmoothingEnabled = this.object.smoothing !== false && camera.scale < 6 // above that single pixels are what one wants to see
    ctx.imageSmoothingQuality = 'medium'
    ctx.drawImage(this.picture, 0, 0)
    ctx.restore()
    if (this.object.grid) this.#paintGrid(ctx, camera)
  }

  /** @param {CanvasRenderingContext2D} ctx @param {ImageView} camera */
  #paintGrid(ctx, camera) {
    const step = Math.max(2, Number(this.object.grid_size) || 30)
    const [a, b, c, d, e, f] = camera.matrix().map((value) => value * this.#ratio)
    ctx.save()
    ctx.setTransform(a, b, c, d, e, f)
    ctx.beginPath()
    for (let x = step; x < camera.width; x += step) { ctx.moveTo(x, 0); ctx.lineTo(x, camera.height) }
    for (let y = step; y < camera.height; y += step) { ctx.moveTo(0, y); ctx.lineTo(camera.width, y) }
    ctx.strokeStyle = this.object.grid_color || '#eeeef4'
    ctx.lineWidth = 1 / camera.scale
    ctx.stroke()
    ctx.restore()
  }

  /** @param {import('./types.js').Layer} [layer] @returns {import('./image-painter.js').Brush} */
  #brush(layer) {
    return {
      view: this.camera, ratio: this.#ratio, names: this.names, styleOf: this.#styleOf, nameOf: this.nameOf,
      layer: layer && { color: layer.color, dash: layer.dash ?? [] },
    }
  }

  /** @param {import('./types.js').Region} region */
  #styleOf = (region) => this.#styles.get(region.control) ?? { fill: 0.12, width: 2 }
  /** @type {Map<string, import('./image-painter.js').Style>} */
  #styles = new Map()

  /** @param {CanvasRenderingContext2D} ctx @param {ImageView} camera */
  #paintAll(ctx, camera) {
    const area = camera.visible(this.#width, this.#height)
    paintBoxes(ctx, this.#standing(this.#index.within(area)), this.#brush())
    for (const { layer, index } of this.#others) paintBoxes(ctx, index.within(area), this.#brush(layer))
  }

  /** @param {Item[]} items */
  #standing(items) {
    return this.#lifted.size ? items.filter((item) => !this.#lifted.has(item.id)) : items
  }

  /** Paints the places of some items anew. @param {Item[]} items */
  #repaint(items) {
    if (!items.length) return
    if (items.length > TIGHT) {
      this.#ask(true, true)
      return
    }
    const margin = 24 // stage pixels: lines, halo and the name above the box
    const areas = items.map((item) => {
      const [x, y, w, h] = /** @type {[number, number, number, number]} */ (outline({ x: item.minX, y: item.minY, w: item.maxX - item.minX, h: item.maxY - item.minY, r: 0 }, this.camera, this.#ratio))
      const wide = 160 * this.#ratio // a name may be wider than its box
      const pad = margin * this.#ratio
      return /** @type {[number, number, number, number]} */ ([x - pad, y - pad, w + pad * 2 + wide, h + pad * 2])
    })
    this.#boxes?.patch(this.camera, areas, (ctx, [x, y, w, h]) => {
      const [ax, ay] = this.camera.toImage((x - 200) / this.#ratio, (y - 30) / this.#ratio)
      const [bx, by] = this.camera.toImage((x + w) / this.#ratio, (y + h + 30) / this.#ratio)
      const area = boundsOf({ ax, ay, bx, by })
      paintBoxes(ctx, this.#standing(this.#index.within(area)), this.#brush())
      for (const { layer, index } of this.#others) paintBoxes(ctx, index.within(area), this.#brush(layer))
    })
  }

  #paintGlass() {
    const ctx = this.#glass
    if (!ctx) return
    const { width, height } = ctx.canvas
    ctx.clearRect(0, 0, width, height)
    const brush = this.#brush()
    const gesture = this.#gesture
    const editable = this.#editable()
    const hovered = this.#index.items.get(this.hovered)
    if (hovered && !hovered.region.hidden && gesture?.kind !== 'draw') paintHovered(ctx, hovered, brush)
    for (const id of this.view?.selection ?? []) {
      const item = this.#index.items.get(id)
      if (!item || item.region.hidden) continue
      const now = gesture?.kind === 'move' ? gesture.now.get(id) : gesture?.kind === 'resize' && gesture.id === id ? gesture.now : undefined
      const only = this.view?.selection.length === 1 && editable.has(id)
      paintSelected(ctx, now ? { ...item, box: now } : item, brush, { handles: only && gesture?.kind !== 'draw', rotate: this.#mayRotate(item.region) })
    }
    const tool = this.#tool()
    if (gesture?.kind === 'draw') paintDraft(ctx, drawn(gesture, this.#limits()), tool.color ?? '#888888', brush)
    if (gesture?.kind === 'band') paintBand(ctx, boundsOf(gesture), brush)
    if (this.object.crosshair && this.#mouse) paintCrosshair(ctx, this.#mouse.x, this.#mouse.y, this.#width, this.#height, this.#ratio)
    if (this.#cursor) paintCursor(ctx, ...this.camera.toScreen(this.#cursor.x, this.#cursor.y), this.#ratio)
  }

  /** Brings the index up to the view. @param {boolean} all paint everything */
  #sync(all) {
    if (!this.view) return
    this.#styles = new Map(this.controls.map((control) => [control.name, { fill: control.fill_opacity ?? Math.min(control.opacity ?? 0.2, 0.6) * 0.6, width: Math.max(2, control.stroke_width ?? 2) }]))
    const changed = this.#index.sync(this.view.regions)
    if (all) {
      this.#others = this.layers.map((layer) => {
        const index = new RegionIndex(this.object.name, this.camera.width, this.camera.height)
        index.sync(layer.view.regions)
        return { layer, index }
      })
      this.#ask(true, true)
    } else this.#repaint(changed)
  }

  // ---- looking ----

  /** @param {(camera: ImageView) => unknown} change @param {boolean} byHand the view no longer follows the size of the window */
  #look(change, byHand = true) {
    if (!this.picture) return
    if (byHand) this.fitted = false
    change(this.camera)
    this.#moving = byHand
    this.#ask(true, true)
    this.#report()
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #reporting
  #report() {
    this.#reporting ??= setTimeout(() => {
      this.#reporting = undefined
      this.dispatchEvent(new CustomEvent('kite-viewport', { detail: { object: this.object.name, scale: this.camera.scale, fitted: this.fitted, brightness: this.brightness, contrast: this.contrast } }))
    }, 50)
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    if (!this.picture) return
    event.preventDefault()
    const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? this.#height : 1
    if (event.shiftKey) {
      const [dx, dy] = event.deltaX ? [event.deltaX, event.deltaY] : [event.deltaY, 0]
      this.#look((camera) => camera.pan(-dx * unit, -dy * unit, this.#width, this.#height))
      return
    }
    const delta = Math.max(-300, Math.min(300, event.deltaY * unit)) * (event.ctrlKey ? 6 : 1) // a pinch comes as small steps with ctrl
    const base = this.object.zoom_by > 1 ? Math.log(this.object.zoom_by) / 60 : WHEEL_STEP
    this.#look((camera) => camera.zoomAt(event.offsetX, event.offsetY, Math.exp(-delta * base), this.#width, this.#height, this.object.negative_zoom))
  }

  // ---- pointers ----

  /** @returns {import('./types.js').Tool} */
  #tool() {
    return (this.readonly ? undefined : this.view?.tools[this.object.name]) ?? { tool: 'select' }
  }

  /** @param {string | undefined} name */
  #control(name) {
    return this.controls.find((control) => control.name === name)
  }

  /** @param {import('./types.js').Region} region */
  #mayRotate(region) {
    return this.#control(region.control)?.can_rotate !== false
  }

  #limits() {
    return { width: this.camera.width, height: this.camera.height, snap: this.#control(this.#tool().control)?.snap === 'pixel' }
  }

  /** Boxes of the selected regions that may be changed. @returns {Map<string, import('./geometry.js').Box>} */
  #editable() {
    const boxes = new Map()
    if (this.readonly) return boxes
    for (const id of this.view?.selection ?? []) {
      const item = this.#index.items.get(id)
      if (item && !item.region.locked && !item.region.readonly && !item.region.hidden) boxes.set(id, item.box)
    }
    return boxes
  }

  /** @param {number} sx @param {number} sy @returns {import('./image-gestures.js').Context} */
  #context(sx, sy) {
    const [x, y] = this.camera.toImage(sx, sy)
    const boxes = this.#editable()
    const selection = (this.view?.selection ?? []).filter((id) => this.#index.items.has(id))
    const edited = this.#gesture?.kind === 'move' || this.#gesture?.kind === 'resize' ? this.#index.items.get(selection[0])?.region.control : this.#tool().control
    return {
      ...this.#limits(), snap: this.#control(edited)?.snap === 'pixel', draw: this.#tool().tool === 'rectangle', readonly: this.readonly, selection, boxes,
      hits: this.#index.at(x, y, 3 / this.camera.scale).map((item) => item.id), handle: this.#handleAt(sx, sy, boxes, selection),
    }
  }

  /** @param {number} sx @param {number} sy @param {Map<string, import('./geometry.js').Box>} boxes @param {string[]} selection */
  #handleAt(sx, sy, boxes, selection) {
    const box = selection.length === 1 ? boxes.get(selection[0]) : undefined
    if (!box) return null
    const reach = (this.#lastTouch ? 22 : HANDLE_SIZE) * 0.75
    const item = this.#index.items.get(selection[0])
    if (item && this.#mayRotate(item.region)) {
      const [, [rx, ry]] = rotateHandle(box, this.camera)
      if (Math.hypot(rx - sx, ry - sy) <= reach + 2) return 'rotate'
    }
    for (const handle of handlesOf(box, this.camera)) {
      const [hx, hy] = this.camera.toScreen(...pointOf(box, handle.fx, handle.fy))
      if (Math.abs(hx - sx) <= reach && Math.abs(hy - sy) <= reach) return handle.name
    }
    return null
  }

  /** @param {PointerEvent} event @returns {import('./image-gestures.js').Point} */
  #point(event) {
    const [x, y] = this.camera.toImage(event.offsetX, event.offsetY)
    return { x, y, sx: event.offsetX, sy: event.offsetY, shift: event.shiftKey, pan: this.#space || event.button === 1 }
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (!this.picture || event.button === 2) return
    this.#lastTouch = event.pointerType === 'touch'
    this.#cursor = null
    const glass = /** @type {HTMLCanvasElement} */ (event.currentTarget)
    glass.setPointerCapture(event.pointerId)
    glass.focus({ preventScroll: true })
    event.preventDefault()
    this.#pointers.set(event.pointerId, { x: event.offsetX, y: event.offsetY })
    if (this.#pointers.size === 2) {
      this.#drop()
      this.#pinch = this.#fingers()
      return
    }
    this.#gesture = press(this.#gesture, this.#point(event), this.#context(event.offsetX, event.offsetY))
    this.#ask()
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (!this.picture) return
    this.#mouse = { x: event.offsetX, y: event.offsetY }
    if (this.#pointers.has(event.pointerId)) this.#pointers.set(event.pointerId, this.#mouse)
    if (this.#pinch) {
      this.#moveFingers(this.#pinch)
      return
    }
    if (!this.#gesture) {
      this.#hover(event)
      if (this.object.crosshair) this.#ask()
      return
    }
    const before = this.#gesture.kind
    const context = this.#context(event.offsetX, event.offsetY)
    this.#gesture = move(this.#gesture, this.#point(event), context)
    if (this.#gesture?.kind === 'pan') {
      const { dx, dy } = this.#gesture
      this.#look((camera) => camera.pan(dx, dy, this.#width, this.#height))
    }
    if (this.#gesture && this.#gesture.kind !== before) this.#start(this.#gesture)
    this.#ask()
  }

  /** A press became a drag. @param {Gesture} gesture */
  #start(gesture) {
    const ids = gesture.kind === 'move' ? [...gesture.before.keys()] : gesture.kind === 'resize' ? [gesture.id] : []
    this.#lift(ids)
    const glass = this.#glass?.canvas
    if (glass) glass.style.cursor = gesture.kind === 'pan' ? 'grabbing' : gesture.kind === 'move' ? 'move' : gesture.kind === 'draw' ? 'crosshair' : glass.style.cursor
  }

  /** @param {string[]} ids */
  #lift(ids) {
    const items = [...this.#lifted, ...ids].flatMap((id) => this.#index.items.get(id) ?? [])
    this.#lifted = new Set(ids)
    this.#repaint(items)
  }

  /** @param {PointerEvent} event */
  #up(event) {
    this.#pointers.delete(event.pointerId)
    if (this.#pinch) {
      if (!this.#pointers.size) this.#pinch = null
      return
    }
    const { gesture, effect } = release(this.#gesture, this.#point(event), this.#context(event.offsetX, event.offsetY), this.camera.scale)
    this.#gesture = gesture
    if (effect) this.#tell(effect)
    this.#lift([])
    this.#hover(event)
    this.#ask()
  }

  /** @param {PointerEvent} event */
  #cancelPointer(event) {
    this.#pointers.delete(event.pointerId)
    if (!this.#pointers.size) this.#pinch = null
    this.#drop()
  }

  /** Forgets a gesture; nothing has been told yet. */
  #drop() {
    this.#gesture = null
    this.#lift([])
    this.#ask()
  }

  #leave() {
    this.#mouse = null
    this.#sendHover('')
    this.#ask()
  }

  #blur() {
    this.#space = false
    this.#cursor = null
    this.#ask()
  }

  #fingers() {
    const [a, b] = [...this.#pointers.values()]
    return { distance: Math.hypot(a.x - b.x, a.y - b.y), x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }
  }

  /** @param {{distance: number, x: number, y: number}} before */
  #moveFingers(before) {
    if (this.#pointers.size < 2) return
    const now = this.#fingers()
    this.#pinch = now
    this.#look((camera) => {
      camera.pan(now.x - before.x, now.y - before.y, this.#width, this.#height)
      camera.zoomAt(now.x, now.y, now.distance / Math.max(1, before.distance), this.#width, this.#height, this.object.negative_zoom)
    })
  }

  /** @param {PointerEvent} event */
  #hover(event) {
    if (event.pointerType === 'touch') return
    const { hits, handle, draw, boxes } = this.#context(event.offsetX, event.offsetY)
    this.#sendHover(hits[0] ?? '')
    const glass = /** @type {HTMLCanvasElement} */ (this.#glass?.canvas)
    glass.style.cursor = this.#space ? 'grab' : handle ? this.#handleCursor(handle) : draw ? 'crosshair' : hits.some((id) => boxes.has(id)) ? 'move' : hits.length ? 'pointer' : this.fitted ? 'default' : 'grab'
  }

  /** @param {string} handle */
  #handleCursor(handle) {
    if (handle === 'rotate') return 'grab'
    const [box] = this.#editable().values()
    const turns = Math.round(((box?.r ?? 0) + this.camera.turn * 90) / 45)
    return CURSORS[(((TURNS.indexOf(handle) + turns) % 4) + 4) % 4]
  }

  /** @param {string} id */
  #sendHover(id) {
    if (id !== this.hovered) this.dispatchEvent(new CustomEvent('kite-hover', { detail: { region: id }, bubbles: true }))
  }

  /** @param {import('./image-gestures.js').Effect} effect */
  #tell(effect) {
    if ('add' in effect) this.#add(effect.add)
    else if ('edit' in effect) emit(this, { type: 'edit_region', region: effect.edit.id, shape: this.#percent(effect.edit.box) })
    else if ('nudge' in effect) emit(this, { type: 'nudge', dx: effect.nudge.dx, dy: effect.nudge.dy })
    else if ('select' in effect) emit(this, { type: 'select', regions: effect.select, add: effect.extend })
    else if ('click' in effect) {
      emit(this, { type: 'select', regions: [effect.extend ? effect.click[0] : cycled(effect.click, this.view?.selection ?? [])], add: effect.extend })
    } else {
      const inside = this.#index.within(effect.area).filter((item) => !item.region.hidden)
      emit(this, { type: 'select', regions: inside.map((item) => item.id), add: false })
    }
  }

  /** @param {import('./geometry.js').Box} box */
  #add(box) {
    emit(this, { type: 'add_region', region: newId(), object: this.object.name, shape: this.#percent(box) })
  }

  /** @param {import('./geometry.js').Box} box */
  #percent(box) {
    return toPercent(box, this.camera.width, this.camera.height)
  }

  // ---- keys: Enter sets corners at the keyboard's cursor, arrows move it ----

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (!this.picture || event.ctrlKey || event.metaKey) return
    if (event.key === ' ') {
      this.#space = true
      event.preventDefault()
    } else if (event.key === 'Escape' && (this.#gesture || this.#cursor)) {
      event.preventDefault()
      this.#cursor = null
      this.#drop()
    } else if (event.key.startsWith('Arrow') && (this.#cursor || !this.view?.selection.length)) {
      event.preventDefault()
      this.#moveCursor(event.key, event.shiftKey ? CURSOR_STEP * 5 : event.altKey ? 1 : CURSOR_STEP)
    } else if (event.key === 'Enter' && (this.#cursor || (this.#tool().tool === 'rectangle' && !this.view?.selection.length))) {
      event.preventDefault()
      this.#pressCursor()
    }
  }

  /** @param {string} key @param {number} step stage pixels */
  #moveCursor(key, step) {
    this.#placeCursor()
    if (!this.#cursor) return
    const [sx, sy] = this.camera.toScreen(this.#cursor.x, this.#cursor.y)
    const [dx, dy] = key === 'ArrowLeft' ? [-step, 0] : key === 'ArrowRight' ? [step, 0] : key === 'ArrowUp' ? [0, -step] : [0, step]
    const [x, y] = this.camera.toImage(sx + dx, sy + dy)
    this.#cursor = { ...this.#cursor, x: Math.min(Math.max(x, 0), this.camera.width), y: Math.min(Math.max(y, 0), this.camera.height) }
    this.camera.reveal({ minX: this.#cursor.x, maxX: this.#cursor.x, minY: this.#cursor.y, maxY: this.#cursor.y }, this.#width, this.#height) && this.#ask(true, true)
    if (this.#gesture?.kind === 'draw') this.#gesture = { ...this.#gesture, bx: this.#cursor.x, by: this.#cursor.y }
    this.#ask()
  }

  #placeCursor() {
    if (this.#cursor) return
    const [x, y] = this.camera.toImage(this.#width / 2, this.#height / 2)
    this.#cursor = { x, y, corner: false }
    this.#say('Cursor in the middle of the picture. Arrow keys move it, Enter sets a corner or picks the region under it.')
  }

  #pressCursor() {
    this.#placeCursor()
    if (!this.#cursor) return
    const { x, y } = this.#cursor
    const [sx, sy] = this.camera.toScreen(x, y)
    if (this.#gesture?.kind === 'draw') {
      const { gesture, effect } = release({ ...this.#gesture, bx: x, by: y }, { x, y, sx, sy }, this.#context(sx, sy), this.camera.scale)
      this.#gesture = gesture
      if (effect) {
        this.#tell(effect)
        this.#say('Box added.')
      }
    } else if (this.#tool().tool === 'rectangle') {
      this.#gesture = { kind: 'draw', ax: x, ay: y, bx: x, by: y, clicks: true }
      this.#say('First corner set. Move with the arrow keys, then Enter for the second corner, Escape to stop.')
    } else {
      const hits = this.#index.at(x, y, 3 / this.camera.scale).map((item) => item.id)
      if (hits.length) this.#tell({ click: hits, extend: false })
      if (hits.length) this.#cursor = null
    }
    this.#ask()
  }

  /** @param {string} text */
  #say(text) {
    const live = this.querySelector('[aria-live]')
    if (live) live.textContent = text
  }

  render() {
    const { state } = this
    const label = `Picture${this.picture ? `, ${this.picture.naturalWidth} by ${this.picture.naturalHeight} pixels, ${this.#index.items.size} boxes` : ''}`
    return html`<div class="image-stage">
      <canvas class="image-layer" aria-hidden="true"></canvas>
      <canvas class="image-layer" aria-hidden="true"></canvas>
      <canvas class="image-layer image-glass" tabindex="0" role="application" aria-label=${label}
        aria-description="Arrow keys move a cursor, Enter sets the corners of a box, Escape stops. Alt+period goes from region to region."></canvas>
      <div class="visually-hidden" aria-live="polite"></div>
      ${state.kind === 'slow' ? html`<p class="image-message" role="status">Loading the picture from ${hostOf(this.source?.url ?? '')}, ${state.seconds} s so far</p>` : nothing}
      ${state.kind === 'failed' ? this.#renderProblem(state.problem) : nothing}
    </div>`
  }

  /** @param {import('./types.js').Problem} problem */
  #renderProblem(problem) {
    return html`<div class="image-message" role="alert">
      <kite-icon name="problem"></kite-icon>
      <p><strong>${problem.message}</strong>${problem.where ? html`<br /><span class="muted">From ${problem.where}</span>` : nothing}</p>
      ${problem.hint ? html`<p>${problem.hint}</p>` : nothing}
      ${this.source?.url ? html`<button class="button" type="button" @click=${() => this.retry()}>Try again</button>` : nothing}
    </div>`
  }
}
