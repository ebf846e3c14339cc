import { isPlain, remember, remembered, unlit } from './image-looks.js'

/** @typedef {import('./image-looks.js').Look} Look */
/** @typedef {typeof import('./image-light.js') & typeof import('./image-minimap.js') & typeof import('./image-readout.js')} Extras */

const TAP = 320 // milliseconds between two taps
const NEAR = 28 // stage pixels
const CLOSER = 2.5 // times
const TOGGLES = new Set(['grid', 'crosshair', 'minimap', 'readout', 'invert', 'smoothing'])

/** How one picture is looked at, beside its camera: light, map, pixel values, what the pointer does. Nothing of it is an answer. */
export class ImageLooking {
  /** @type {Look} */
  look = remembered('')
  /** every press moves the picture */
  hand = false
  #key = ''
  /** @type {import('./image-stage.js').ImageStage | null} */
  #stage = null
  /** @type {AbortSignal | null} */
  #gone = null
  /** @type {HTMLElement | null} */
  #corner = null
  /** @type {import('./image-minimap.js').ImageMinimap | null} */
  #map = null
  /** @type {import('./image-readout.js').ImageReadout | null} */
  #readout = null
  /** @type {Extras | null} */
  #extras = null
  #asked = false
  /** @type {AbortController | null} */
  #parts = null

  /** @param {HTMLElement} element of the picture @param {() => void} changed something that the tools show */
  constructor(element, changed) {
    this.element = element
    this.changed = changed
  }

  /** @param {import('./image-stage.js').ImageStage} stage @param {AbortSignal} signal */
  attach(stage, signal) {
    this.#stage = stage
    this.#gone = signal
    this.#corner = null
    this.#map = null
    this.#readout = null
    this.#parts?.abort()
    this.#listen(stage, signal)
    signal.addEventListener('abort', () => this.#parts?.abort())
  }

  /** Two taps of a finger: closer at that place, or all of the picture again; not while a tool draws. @param {import('./image-stage.js').ImageStage} stage @param {AbortSignal} signal */
  #listen(stage, signal) {
    let [time, x, y] = [-Infinity, 0, 0]
    stage.glass.addEventListener('pointerup', (event) => {
      if (event.pointerType !== 'touch' || stage.tool.tool !== 'select' || !event.isPrimary) return
      const again = event.timeStamp - time < TAP && Math.hypot(event.offsetX - x, event.offsetY - y) < NEAR
      ;[time, x, y] = [again ? -Infinity : event.timeStamp, event.offsetX, event.offsetY]
      if (!again) return
      const { width, height, fitted } = stage
      stage.look((camera) => (fitted ? camera.zoomAt(x, y, CLOSER, width, height) : camera.fit(width, height)))
      stage.fitted = !fitted
    }, { signal })
  }

  /** Another picture is shown. @param {import('./types.js').PlanObject} object */
  shown(object) {
    const surface = /** @type {{plan?: import('./types.js').Plan} | null} */ (/** @type {unknown} */ (this.element.closest('kite-surface')))
    const key = `${surface?.plan?.config_sha256 ?? ''}/${object.name}`
    if (key !== this.#key) this.look = remembered((this.#key = key))
    const { deep } = this.#stage?.picture ?? {}
    if (deep && this.look.window) deep.show(...this.look.window)
    this.apply()
    this.#map?.renew()
    this.#readout?.draw()
  }

  /** The view has moved. */
  moved() {
    if (!this.#map && this.look.minimap && !this.#stage?.fitted) void this.#fetch()
    this.#map?.draw()
    this.#readout?.draw()
  }

  /** More of the picture has come. */
  renew() {
    this.#map?.renew()
    const missing = this.#stage?.picture?.missing ?? 0
    if (missing === this.#missing) return
    this.#missing = missing
    this.changed()
  }
  #missing = 0

  /** For the tools. */
  describe() {
    const { deep, note, missing } = this.#stage?.picture ?? {}
    const { object } = /** @type {import('./kite-image.js').KiteImage} */ (this.element)
    const smooth = object.smoothing !== false && (this.#stage?.camera.scale ?? 1) < 6
    const seen = { grid: !!object.grid, crosshair: !!object.crosshair, smoothing: smooth }
    return { ...seen, ...this.look, hand: this.hand, note: note ?? '', missing: missing ?? 0, deep: deep ? { bits: deep.bits, range: deep.range, window: deep.window, unit: deep.unit } : null }
  }

  /** @param {string} tool @param {any} [value] */
  use(tool, value) {
    const { deep } = this.#stage?.picture ?? {}
    if (tool === 'hand') {
      this.hand = value ?? !this.hand
      if (this.#stage) {
        this.#stage.hand = this.hand
        this.#stage.glass.style.cursor = this.hand ? 'grab' : ''
      }
    } else if (tool === 'normal') {
      this.look = unlit(this.look)
      if (deep) deep.show(...deep.normal)
    } else if (tool === 'window' || tool === 'auto') {
      const window = /** @type {[number, number] | undefined} */ (tool === 'auto' ? deep?.auto() : value)
      if (!deep || !window) return
      deep.show(...window)
      this.look = { ...this.look, window }
    } else {
      const on = /** @type {any} */ (this.describe())[tool]
      this.look = { ...this.look, [tool]: value ?? (TOGGLES.has(tool) ? !on : on) }
    }
    if (tool !== 'hand') remember(this.#key, this.look)
    this.apply()
    this.changed()
  }

  /** Brings the page in line with the look. */
  apply() {
    const { look } = this
    if (!this.#extras && (!isPlain(look) || look.readout)) void this.#fetch()
    const stage = this.#stage
    if (!stage) return
    this.#extras?.light(stage.photo.canvas, look)
    stage.ask(true)
    this.#attachParts()
    this.#map?.draw()
    this.#readout?.draw()
  }

  /** What only some people use comes when it is used. */
  async #fetch() {
    if (this.#asked) return this.#attachParts()
    this.#asked = true
    try {
      const [light, map, values] = await Promise.all([import('./image-light.js'), import('./image-minimap.js'), import('./image-readout.js')])
      this.#extras = { ...light, ...map, ...values }
      this.apply()
    } catch (error) {
      this.#asked = false // the page is offline: asked again at the next use
      console.warn(error)
    }
  }

  #attachParts() {
    const { look } = this
    const stage = this.#stage
    if (!stage || !this.#extras || this.#gone?.aborted) return
    if (!this.#corner) {
      this.#parts = new AbortController()
      this.#corner = document.createElement('div')
      this.#corner.className = 'image-corners'
      stage.glass.after(this.#corner)
      this.#parts.signal.addEventListener('abort', () => this.#corner?.remove())
    }
    const { signal } = /** @type {AbortController} */ (this.#parts)
    if (look.minimap) this.#map ??= new this.#extras.ImageMinimap(stage, this.#corner, () => this.use('minimap', false), signal)
    if (look.readout) this.#readout ??= new this.#extras.ImageReadout(stage, this.#corner, signal)
    if (this.#map) this.#map.off = !look.minimap
    if (this.#readout) this.#readout.off = !look.readout
  }
}
