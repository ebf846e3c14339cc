import { LitElement, html, nothing } from 'lit'
import { t, text, told } from '../app/texts.js'
import { sized, themeOf, watchTheme } from './canvas-theme.js'
import { cuboidsAt, paintAxes, paintCuboids } from './cloud-boxes.js'
import { CloudCamera, upright } from './cloud-camera.js'
import { colorsOf, waysOf } from './cloud-colors.js'
import { CloudProblem, cloudOfRows, loadCloud } from './cloud-data.js'
import { cardRenderer, handRenderer } from './cloud-renderers.js'
import { channels } from './colors.js'
import { emit } from './emit.js'
import { cycled } from './image-gestures.js'

const TURN = 0.008 // radians a pixel
const KEY_TURN = 0.1
const REST = 150 // milliseconds without movement until everything is drawn again
/** @type {Record<import('./cloud-colors.js').ColorBy, string>} */
const WAYS = { height: text('Height'), intensity: text('Intensity'), rgb: text('Own colours'), none: text('One colour') }

/** Points in space, with cuboids as wire boxes. */
export class KitePointcloud extends LitElement {
  /** @type {import('lit').PropertyDeclarations} */
  static properties = {
    object: { attribute: false }, source: { attribute: false }, view: { attribute: false }, layers: { attribute: false }, names: { type: Boolean }, hovered: { attribute: false }, readonly: { type: Boolean },
    nameOf: { attribute: false }, fault: { state: true }, progress: { state: true }, by: { state: true }, ways: { state: true }, count: { state: true }, note: { state: true },
  }

  constructor() {
    super()
    /** @type {import('./types.js').PlanObject} */
    this.object = { name: '', type: 'pointcloud' }
    /** @type {import('./types.js').Source | undefined} */
    this.source = undefined
    /** @type {import('./types.js').View | undefined} */
    this.view = undefined
    /** @type {import('./types.js').Layer[]} */
    this.layers = []
    this.names = true
    this.hovered = ''
    this.readonly = false
    /** @type {(region: import('./types.js').Region) => string} */
    this.nameOf = (region) => region.labels.join(', ')
    /** @type {import('./types.js').Problem | null} */
    this.fault = null
    this.progress = ''
    this.note = ''
    /** @type {import('./cloud-colors.js').ColorBy} */
    this.by = 'height'
    /** @type {import('./cloud-colors.js').ColorBy[]} */
    this.ways = []
    this.count = 0
    /** @type {Promise<void>} the points are painted, or it is said why not */
    this.ready = Promise.resolve()
  }
  /** @type {() => void} */
  #painted = () => {}
  /** @type {AbortController | null} */
  #gone = null
  /** @type {AbortController | null} */
  #loading = null
  /** @type {import('./cloud-data.js').Cloud | null} */
  #cloud = null
  #camera = new CloudCamera()
  /** @type {import('./cloud-renderers.js').Renderer | null} */
  #renderer = null
  /** @type {import('./canvas-theme.js').Theme | null} */
  #theme = null
  #frame = 0
  #moving = false
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #resting
  /** @type {Map<number, {x: number, y: number}>} */
  #down = new Map()
  #dragged = 0
  /** @type {import('./cloud-boxes.js').Seen[]} */
  #boxes = []
  #stale = false

  createRenderRoot() {
    return this
  }

  /** How it is drawn: `webgl2` or `2d`. */
  get drawnBy() {
    return this.#renderer?.by ?? ''
  }

  connectedCallback() {
    super.connectedCallback()
    this.#gone = new AbortController()
    const { signal } = this.#gone
    watchTheme(() => { this.#theme = null; this.#ask() }, signal)
    const room = new ResizeObserver(() => this.#ask())
    room.observe(this)
    signal.addEventListener('abort', () => room.disconnect())
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#gone?.abort()
    this.#loading?.abort()
    this.#renderer?.free()
    this.#renderer = null
    clearTimeout(this.#resting)
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
  }

  /** @param {Map<string, any>} changed */
  willUpdate(changed) {
    if (!changed.has('source') || !this.source) return
    this.ready = new Promise((done) => { this.#painted = done })
    void this.#load()
  }

  /** @param {Map<string, any>} changed */
  updated(changed) {
    if (changed.has('by') || changed.has('view')) this.#stale = true
    if (['view', 'layers', 'names', 'hovered', 'nameOf', 'by'].some((name) => changed.has(name))) this.#ask()
  }

  async #load() {
    this.#loading?.abort()
    const { signal } = (this.#loading = new AbortController())
    this.fault = null
    this.#cloud = null
    this.count = 0
    const { source } = this
    try {
      if (source?.problem) throw new CloudProblem(source.problem.message, source.problem.hint)
      const rows = source?.points ?? source?.value?.points
      if (rows) this.#cloud = cloudOfRows(rows)
      else if (source?.url) {
        this.progress = t('Loading the points')
        this.#cloud = await loadCloud(source.url, { signal, progress: (text) => { this.progress = text } })
      } else throw new CloudProblem(t('This task has no points.'), t('Skip it, and tell whoever sent you here.'))
      if (signal.aborted) return
      this.#show(this.#cloud)
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof CloudProblem)) throw error
      this.fault = { code: 'points', message: error.message, hint: error.hint }
      this.#painted()
    } finally {
      if (!signal.aborted) this.progress = ''
    }
  }

  get #yUp() {
    return this.object.up === 'y'
  }

  /** @param {import('./cloud-data.js').Cloud} cloud */
  #show(cloud) {
    this.count = cloud.count
    this.ways = waysOf(cloud)
    const wanted = /** @type {import('./cloud-colors.js').ColorBy} */ (this.object.color_by)
    this.by = this.ways.includes(wanted) ? wanted : 'height'
    this.stand('free', true)
    this.#stale = true
    void this.updateComplete.then(() => requestAnimationFrame(() => requestAnimationFrame(() => this.#painted())))
  }

  /** @param {'top' | 'side' | 'front' | 'free'} side @param {boolean} [whole] show all of it */
  stand(side, whole = true) {
    const cloud = this.#cloud
    if (!cloud) return
    if (whole) {
      const [a, b] = [upright(cloud.least, this.#yUp), upright(cloud.most, this.#yUp)]
      this.#camera.frame([Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.min(a[2], b[2])], [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.max(a[2], b[2])])
    }
    this.#camera.stand(side)
    this.#ask()
  }

  /** @param {string} id */
  reveal(id) {
    const region = this.view?.regions[id]
    if (region?.kind !== 'cuboid') return
    const { shape } = region
    this.#camera.target = upright([shape.x, shape.y, shape.z], this.#yUp)
    this.#camera.distance = Math.min(this.#camera.distance, Math.max(shape.length, shape.width, shape.height) * 6)
    this.#ask()
  }

  // ---- drawing ----

  #ask() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0
      this.#paint()
    })
  }

  /** The view is on its way: what is slow waits for its rest. */
  #move() {
    this.#moving = true
    clearTimeout(this.#resting)
    this.#resting = setTimeout(() => { this.#moving = false; this.#ask() }, REST)
    this.#ask()
  }

  #start() {
    const canvas = /** @type {HTMLCanvasElement | null} */ (this.querySelector('canvas.cloud-points'))
    if (!canvas) return null
    const card = cardRenderer(canvas)
    if (card) {
      canvas.addEventListener('webglcontextlost', (event) => { event.preventDefault(); this.#byHand(canvas) }, { signal: this.#gone?.signal })
      return card
    }
    return handRenderer(/** @type {HTMLCanvasElement} */ (this.#fresh(canvas)))
  }

  /** A canvas keeps its first kind of context, so that another kind needs another canvas. @param {HTMLCanvasElement} canvas */
  #fresh(canvas) {
    const other = /** @type {HTMLCanvasElement} */ (canvas.cloneNode())
    canvas.replaceWith(other)
    this.note = t('Drawn without a graphics card: large clouds move slowly.')
    return other
  }

  /** @param {HTMLCanvasElement} canvas */
  #byHand(canvas) {
    if (!this.#renderer) return
    this.#renderer = handRenderer(this.#fresh(canvas))
    this.#stale = true
    this.#ask()
  }

  #paint() {
    const cloud = this.#cloud
    const stage = this.querySelector('.cloud-stage')
    if (!cloud || !stage) return
    const theme = (this.#theme ??= themeOf(this))
    const renderer = (this.#renderer ??= this.#start())
    const canvas = /** @type {HTMLCanvasElement | null} */ (this.querySelector('canvas.cloud-points'))
    const over = /** @type {HTMLCanvasElement | null} */ (this.querySelector('canvas.cloud-over'))
    if (!renderer || !canvas || !over) return
    const ratio = globalThis.devicePixelRatio || 1
    const [w, h] = [Math.max(1, Math.round(stage.clientWidth * ratio)), Math.max(1, Math.round(stage.clientHeight * ratio))]
    if (canvas.width !== w || canvas.height !== h) {
      canvas.width = w
      canvas.height = h
    }
    if (this.#stale) {
      this.#stale = false
      const up = this.#yUp ? 1 : 2
      const painted = Object.values(this.view?.regions ?? {}).filter((region) => region.object === this.object.name && region.kind === 'points' && !region.hidden)
        .map((region) => ({ indexes: region.shape.indexes ?? [], color: channels(region.color.slice(0, 7)) ?? /** @type {[number, number, number]} */ ([255, 255, 255]) }))
      renderer.load(this.#places(cloud), colorsOf(cloud, this.by, up, painted))
    }
    const ground = /** @type {[number, number, number]} */ ((theme.stage.match(/[\d.]+/g) ?? ['20', '20', '20']).slice(0, 3).map(Number))
    renderer.draw(this.#camera, w, h, Math.max(1, Number(this.object.point_size) || 2) * ratio, ground, this.#moving)
    const [width, height] = [stage.clientWidth, stage.clientHeight]
    const ctx = sized(over, width, height)
    const yUp = this.#yUp
    this.#boxes = paintCuboids(ctx, this.view, this.layers, { object: this.object.name, hovered: this.hovered, names: this.names, nameOf: this.nameOf, yUp, matrix: this.#camera.matrix(width, height), width, height })
    paintAxes(ctx, this.#camera, yUp, height, theme)
  }

  /** @param {import('./cloud-data.js').Cloud} cloud */
  #places(cloud) {
    if (!this.#yUp) return cloud.positions
    const turned = new Float32Array(cloud.positions.length)
    for (let i = 0; i < turned.length; i += 3) turned.set(upright([cloud.positions[i], cloud.positions[i + 1], cloud.positions[i + 2]], true), i)
    return turned
  }

  // ---- hands ----

  /** @param {PointerEvent} event */
  #press = (event) => {
    const over = /** @type {HTMLElement} */ (event.currentTarget)
    over.setPointerCapture(event.pointerId)
    over.focus({ preventScroll: true })
    if (!this.#down.size) this.#dragged = 0
    this.#down.set(event.pointerId, { x: event.offsetX, y: event.offsetY })
  }

  /** @param {PointerEvent} event */
  #drag = (event) => {
    const over = /** @type {HTMLElement} */ (event.currentTarget)
    const before = this.#down.get(event.pointerId)
    if (!before) {
      const [hit] = cuboidsAt(this.#boxes, event.offsetX, event.offsetY)
      if ((hit ?? '') !== this.hovered) this.dispatchEvent(new CustomEvent('kite-hover', { detail: { region: hit ?? '' }, bubbles: true }))
      over.style.cursor = hit ? 'pointer' : 'grab'
      return
    }
    const [dx, dy] = [event.offsetX - before.x, event.offsetY - before.y]
    const spread = this.#spread
    this.#dragged += Math.hypot(dx, dy)
    this.#down.set(event.pointerId, { x: event.offsetX, y: event.offsetY })
    if (this.#down.size > 1) {
      this.#camera.zoom(this.#spread / Math.max(1, spread))
      this.#camera.pan(dx / this.#down.size, dy / this.#down.size, over.clientHeight)
    } else if (event.buttons & 6 || event.shiftKey || event.ctrlKey) this.#camera.pan(dx, dy, over.clientHeight)
    else this.#camera.orbit(dx * TURN, dy * TURN)
    this.#move()
  }

  get #spread() {
    const [a, b] = [...this.#down.values()]
    return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0
  }

  /** @param {PointerEvent} event */
  #release = (event) => {
    const alone = this.#down.size === 1
    this.#down.delete(event.pointerId)
    if (!alone || this.#dragged > 4 || event.type === 'pointercancel' || event.button) return
    const hits = cuboidsAt(this.#boxes, event.offsetX, event.offsetY)
    if (hits.length) emit(this, { type: 'select', regions: [event.shiftKey ? hits[0] : cycled(hits, this.view?.selection ?? [])], add: event.shiftKey })
    else if (this.view?.selection.length) emit(this, { type: 'select', regions: [], add: false })
  }

  /** @param {WheelEvent} event */
  #wheel = (event) => {
    event.preventDefault()
    this.#camera.zoom(Math.exp(-Math.max(-300, Math.min(300, event.deltaY * (event.deltaMode === 1 ? 16 : 1))) * 0.002))
    this.#move()
  }

  /** @param {KeyboardEvent} event */
  #key = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const camera = this.#camera
    const { clientHeight } = /** @type {HTMLElement} */ (event.currentTarget)
    const arrow = /** @type {Record<string, [number, number]>} */ ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] })[event.key]
    if (arrow && event.shiftKey) camera.pan(-arrow[0] * 40, -arrow[1] * 40, clientHeight)
    else if (arrow) camera.orbit(arrow[0] * KEY_TURN, arrow[1] * KEY_TURN)
    else if (event.key === '+' || event.key === '=') camera.zoom(1.2)
    else if (event.key === '-') camera.zoom(1 / 1.2)
    else if (event.key === 'Home') this.stand('free')
    else return
    event.preventDefault()
    event.stopPropagation()
    this.#move()
  }

  render() {
    const { fault, progress, ways, note } = this
    const side = (/** @type {'top' | 'side' | 'front' | 'free'} */ name, /** @type {string} */ text) => html`<button class="button button-quiet button-small" type="button" ?disabled=${!this.count} @click=${() => this.stand(name)}>${text}</button>`
    return html`<div class="media media-cloud">
      <div class="media-bar" role="toolbar" aria-label=${t('View of the points')}>
        ${side('free', t('Whole'))}${side('top', t('Top'))}${side('side', t('Side'))}${side('front', t('Front'))}
        <span class="grow"></span>
        ${note ? html`<span class="muted small">${note}</span>` : nothing}
        ${this.count ? html`<span class="muted small number">${t('{n} points', { n: this.count })}</span>` : nothing}
        <label class="media-speed"><span class="visually-hidden">${t('Colour by')}</span><select class="select" title=${t('Colour by')} ?disabled=${ways.length < 2} @change=${(/** @type {Event} */ event) => { this.by = /** @type {any} */ (/** @type {HTMLSelectElement} */ (event.target).value) }}>
          ${ways.map((way) => html`<option value=${way} ?selected=${way === this.by}>${t(WAYS[way])}</option>`)}</select></label>
      </div>
      <div class="cloud-stage">
        <canvas class="cloud-points" aria-hidden="true"></canvas>
        <canvas class="cloud-over" tabindex="0" role="application" aria-label=${this.count ? t('Point cloud, {n} points', { n: this.count }) : t('Point cloud')} aria-description=${t('Arrow keys turn, with Shift they move, plus and minus zoom, Home shows everything.')}
          @pointerdown=${this.#press} @pointermove=${this.#drag} @pointerup=${this.#release} @pointercancel=${this.#release} @contextmenu=${(/** @type {Event} */ event) => event.preventDefault()} @wheel=${{ handleEvent: this.#wheel, passive: false }} @keydown=${this.#key}></canvas>
        ${progress ? html`<p class="media-progress" role="status">${progress} …</p>` : nothing}
        ${fault
          ? html`<div class="media-message" role="alert"><kite-icon name="problem"></kite-icon><p><strong>${told(fault.message)}</strong></p>${fault.hint ? html`<p>${told(fault.hint)}</p>` : nothing}
              ${this.source?.url ? html`<button class="button" type="button" @click=${() => this.#load()}>${t('Try again')}</button>` : nothing}</div>`
          : nothing}
      </div>
    </div>`
  }
}
