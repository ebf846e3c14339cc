import { LitElement, html, nothing } from 'lit'
import { emit } from './emit.js'
import { ImageKeyboard } from './image-keyboard.js'
import './looking-commands.js'
import { PictureProblem, hostOf, isDeepPng, loadAhead, loadPicture } from './image-load.js'
import { ImageLooking } from './image-looking.js'
import { ImagePointer } from './image-pointer.js'
import { ImageStage } from './image-stage.js'
import { tell } from './image-telling.js'
import { settingsChanged } from './own-settings.js'
import { styled } from './styled.js'
import { t, told } from '../app/texts.js'

const HINT_FOR = 2500 // milliseconds
const HINT_ROOM = 100 // stage pixels kept to the sides
const CANCEL_AFTER = 3 // seconds
const REPORT_EVERY = 50 // milliseconds between two reports of a moving view

/** A picture with boxes: loads it, hands it with `view` to a stage, and turns what gestures did into intents. */
export class KiteImage extends LitElement {
  static properties = {
    object: { attribute: false }, source: { attribute: false }, view: { attribute: false }, layers: { attribute: false },
    controls: { attribute: false }, names: { attribute: false }, hovered: { attribute: false }, readonly: { type: Boolean },
    nameOf: { attribute: false }, unlabelled: { attribute: false }, inHand: { attribute: false }, links: { attribute: false }, state: { state: true }, hint: { state: true },
  }

  constructor() {
    super()
    /** @type {import('./types.js').PlanObject} */
    this.object = { name: '', type: 'image' }
    /** @type {{url?: string, urls?: string[], problem?: import('./types.js').Problem} | undefined} this object in the Display; urls: of its pages */
    this.source = undefined
    /** @type {import('./types.js').View | undefined} */
    this.view = undefined
    /** @type {import('./types.js').Layer[]} */
    this.layers = []
    /** @type {import('./types.js').Control[]} */
    this.controls = []
    /** label names stand on the boxes */
    this.names = true
    this.hovered = ''
    this.readonly = false
    /** @type {(region: import('./types.js').Region) => string} what is written on a box */
    this.nameOf = (region) => region.labels.join(', ')
    /** @type {{kind: 'empty' | 'loading' | 'shown'} | {kind: 'slow', seconds: number, share: number | null} | {kind: 'failed', problem: import('./types.js').Problem}} */
    this.state = { kind: 'empty' }
    /** keys of the labels, for those who draw without one; null: there are no labels @type {string | null} */
    this.unlabelled = null
    /** @type {{x: number, y: number, text: string} | null} said beside the pointer for a moment */
    this.hint = null
    /** the tool that was chosen in the palette; undefined: the engine's @type {import('./types.js').Tool | undefined} */
    this.inHand = undefined
    /** arrows of all relations are drawn */
    this.links = false
    /** light, map, pixel values … */
    this.looking = new ImageLooking(this, () => this.#report())
    /** @type {Promise<void>} the picture is painted, or it is said why not */
    this.ready = Promise.resolve()
  }
  /** @type {ImageStage | null} */
  #stage = null
  /** @type {() => void} */
  #painted = () => {}
  /** @type {AbortController | null} */
  #loading = null
  /** @type {AbortController | null} */
  #gone = null
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #reporting
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #hinting
  #panned = false
  /** of the picture that is loading, 0 to 1 @type {number | null} */
  #share = null
  /** what is loaded or on its way */
  #shown = { url: '', page: 0 }
  #needsPages = false
  /** a region to show when its page has come */
  #wanted = ''

  createRenderRoot() {
    return this
  }

  connectedCallback() {
    super.connectedCallback()
    this.#gone = new AbortController()
    if (!this.#stage) return
    this.#listen(this.#stage)
    if (!this.picture && this.source) void this.#load()
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#gone?.abort()
    this.#loading?.abort()
    this.#stage?.stop()
    clearTimeout(this.#reporting)
    clearTimeout(this.#hinting)
    this.#reporting = undefined
    queueMicrotask(() => { if (!this.isConnected) this.#stage?.clear() }) // moved about, it keeps its picture; taken away, it lets go of the memory
  }

  // ---- what the host may ask ----

  /** The page that is looked at, from 0; undefined for an image without pages. */
  get page() {
    const pages = this.source?.urls?.length
    return pages ? Math.min(Math.max(this.view?.items?.[this.object.name] ?? 0, 0), pages - 1) : undefined
  }

  /** Address of the picture that is to be seen. */
  get url() {
    return this.source?.urls ? this.source.urls[this.page ?? 0] : this.source?.url
  }

  get picture() {
    return this.#stage?.picture ?? null
  }

  /** All of the picture is shown, and follows the size of the window. */
  get fitted() {
    return !!this.#stage?.fitted
  }

  get camera() {
    return this.#stage?.camera
  }

  fit() {
    const stage = this.#stage
    if (!stage) return
    stage.fitted = true
    stage.look((camera) => camera.fit(stage.width, stage.height), false)
  }

  /** @param {number} scale stage pixels per natural pixel */
  zoomTo(scale) {
    this.zoomBy(scale / (this.camera?.scale ?? 1))
  }

  /** Looks at the picture as somebody else does. @param {import('./image-view.js').ImageView} other */
  lookAs({ scale, tx, ty, turn, flip }) {
    this.#stage?.look((camera) => Object.assign(camera, { scale, tx, ty, turn, flip }))
  }

  /** At the keyboard's cursor, where there is one. @param {number} factor */
  zoomBy(factor) {
    const stage = this.#stage
    stage?.look((camera) => {
      const [x, y] = stage.cursor ? camera.toScreen(stage.cursor.x, stage.cursor.y) : [stage.width / 2, stage.height / 2]
      camera.zoomAt(x, y, factor, stage.width, stage.height)
    })
  }

  rotate() {
    this.camera?.quarter()
    this.fit()
  }

  get look() {
    return this.looking.look
  }

  /** Looks at the picture in another way. @param {string} tool @param {any} [value] */
  use(tool, value) {
    const stage = this.#stage
    if (tool === 'rotate') this.rotate()
    else if (tool === 'flip') stage?.look((camera) => camera.mirror(stage.width, stage.height), false)
    else if (tool === 'region') this.#frame()
    else if (tool === 'retry') stage?.picture?.retry()
    else this.looking.use(tool, value)
  }

  /** Zooms to the selected regions. */
  #frame() {
    const stage = this.#stage
    const items = stage?.selection.flatMap((id) => stage.index.items.get(id) ?? []) ?? []
    if (!stage || !items.length) return
    const all = { minX: Math.min(...items.map((item) => item.minX)), minY: Math.min(...items.map((item) => item.minY)), maxX: Math.max(...items.map((item) => item.maxX)), maxY: Math.max(...items.map((item) => item.maxY)) }
    stage.look((camera) => camera.frame(all, stage.width, stage.height))
  }

  /** @param {string} id */
  reveal(id) {
    const stage = this.#stage
    const item = this.view?.regions[id]?.item ?? 0
    if (this.page !== undefined && item !== this.page) {
      this.#wanted = id
      emit(this, { type: 'view_item', object: this.object.name, item })
      return
    }
    const found = stage?.index.items.get(id)
    if (stage && found) stage.look((camera) => { if (camera.reveal(found, stage.width, stage.height)) stage.fitted = false }, false)
  }

  // ---- life ----

  /** @param {Map<string, any>} changed */
  willUpdate(changed) {
    if (this.hint && (this.view?.tools[this.object.name]?.tool ?? 'select') !== 'select') this.hint = null
    if (!this.source) return
    const url = this.url
    if (!changed.has('source') && (url ?? '') === this.#shown.url && (this.page ?? 0) === this.#shown.page) return
    if (this.source.urls && !this.#needsPages) {
      this.#needsPages = true
      void import('./kite-image-pages.js').then(({ KiteImagePages }) => { if (!customElements.get('kite-image-pages')) customElements.define('kite-image-pages', KiteImagePages) })
    }
    this.#shown = { url: url ?? '', page: this.page ?? 0 }
    this.ready = new Promise((done) => { this.#painted = done })
    queueMicrotask(() => this.#load())
  }

  firstUpdated() {
    const canvases = /** @type {HTMLCanvasElement[]} */ ([...this.querySelectorAll('canvas')])
    this.#stage = new ImageStage(this, canvases, () => this.#report())
    this.#listen(this.#stage)
  }

  /** @param {ImageStage} stage */
  #listen(stage) {
    const { signal } = /** @type {AbortController} */ (this.#gone)
    const watch = new ResizeObserver(() => stage.measure())
    watch.observe(/** @type {Element} */ (stage.glass.parentElement))
    signal.addEventListener('abort', () => watch.disconnect())
    const pointer = new ImagePointer(stage, (effect) => tell(this, stage, effect, (text) => this.#say(text)), (id) => this.#hover(id), (x, y, still) => this.#idle(x, y, still), signal)
    new ImageKeyboard(stage, pointer, (text) => this.#say(text), signal)
    this.looking.attach(stage, signal)
    settingsChanged.addEventListener('change', (event) => { if ('mask_opacity' in /** @type {CustomEvent} */ (event).detail) stage.ask(true) }, { signal })
    if (stage.picture) this.looking.shown(this.object)
  }

  /** @param {Map<string, any>} changed */
  updated(changed) {
    if (!this.picture) return
    const all = changed.has('layers') || changed.has('names') || changed.has('controls') || changed.has('nameOf')
    if (changed.has('view') || all) this.#stage?.sync(all)
    if (changed.has('inHand') && changed.get('inHand')?.tool !== this.inHand?.tool && this.looking.hand) this.looking.use('hand', false)
    if (changed.has('inHand') && this.inHand) void this.#stage?.loadTools(this.inHand.tool)
    if (['hovered', 'view', 'inHand', 'links'].some((name) => changed.has(name))) this.#stage?.ask()
  }

  async #load() {
    this.#loading?.abort()
    const loading = (this.#loading = new AbortController())
    const source = this.source
    this.#stage?.clear()
    const { url } = this
    if (!source || !url || source.problem) {
      this.#fail(source?.problem ?? { code: 'no-picture', message: t('This task has no picture.'), hint: t('Skip it, and tell whoever sent you here.') })
      return
    }
    this.state = { kind: 'loading' }
    this.#share = null
    const started = performance.now()
    const clock = setInterval(() => { this.state = { kind: 'slow', seconds: Math.round((performance.now() - started) / 1000), share: this.#share } }, 1000)
    loading.signal.addEventListener('abort', () => clearInterval(clock))
    try {
      const picture = await loadPicture(url, { crossOrigin: this.object.cross_origin, signal: loading.signal, tell: (share) => { this.#share = share } })
      if (loading.signal.aborted) picture.close()
      else this.#show(picture, url, loading.signal)
    } catch (error) {
      if (loading.signal.aborted) return
      if (!(error instanceof PictureProblem)) console.warn(error)
      this.#fail(error instanceof PictureProblem ? error.problem : { code: 'image-decoder', message: t('The part of this page that reads such pictures could not be loaded.'), hint: t('Try again in a moment.') })
    } finally {
      clearInterval(clock)
    }
  }

  /** @param {import('./image-load.js').Picture} picture @param {string} url @param {AbortSignal} signal */
  #show(picture, url, signal) {
    this.state = { kind: 'shown' }
    emit(this, { type: 'object_loaded', object: this.object.name, width: picture.naturalWidth, height: picture.naturalHeight, ...(this.page === undefined ? {} : { item: this.page }) })
    this.#stage?.show(picture)
    if (this.object.default_zoom === 'original') this.zoomTo(1)
    if (this.#wanted) this.reveal(this.#wanted)
    this.#wanted = ''
    this.looking.shown(this.object)
    this.#stage?.inFrame(() => {
      this.#painted()
      void this.#more(url, signal)
    })
  }

  /** What is fetched when the picture is there: the next page's, and the original values of a 16-bit PNG. @param {string} url @param {AbortSignal} signal */
  async #more(url, signal) {
    const next = this.source?.urls?.[(this.page ?? 0) + 1]
    if (next) loadAhead(next).catch(() => {}) // it is asked for again when it is shown
    try {
      if (!(await isDeepPng(url, signal))) return
      const { openDeepPng } = await import('./image-special.js')
      const deep = await openDeepPng(url, signal)
      if (!deep || signal.aborted) return deep?.close()
      this.#stage?.swap(deep)
      this.looking.shown(this.object)
      this.#report()
    } catch (error) {
      if (!signal.aborted) console.warn(error) // what the browser shows stays
    }
  }

  /** Somebody does not want to wait any longer. */
  #stop() {
    this.#loading?.abort()
    this.#fail({ code: 'image-stopped', message: t('Loading was stopped.'), where: hostOf(this.url ?? ''), hint: t('The task can be answered or skipped without the picture, or try again.') })
  }

  /** @param {import('./types.js').Problem} problem */
  #fail(problem) {
    this.state = { kind: 'failed', problem }
    this.#painted()
  }

  // ---- telling ----

  #report() {
    this.looking.moved()
    this.#reporting ??= setTimeout(() => {
      this.#reporting = undefined
      const detail = { object: this.object.name, scale: this.camera?.scale ?? 1, fitted: this.#stage?.fitted, flip: !!this.camera?.flip, selected: !!this.#stage?.selection.length, ...this.looking.describe() }
      this.dispatchEvent(new CustomEvent('kite-viewport', { detail }))
    }, REPORT_EVERY)
  }

  /** @param {string} id */
  #hover(id) {
    if (id !== this.hovered) this.dispatchEvent(new CustomEvent('kite-hover', { detail: { region: id }, bubbles: true }))
  }

  /** A drag without a label draws nothing. Where it cannot move the picture either, it is always said; else once.
   * @param {number} x @param {number} y stage pixels @param {boolean} still */
  #idle(x, y, still) {
    if (this.unlabelled === null || (!still && this.#panned)) return
    this.#panned ||= !still
    this.tip(this.unlabelled ? t('Pick a label first ({keys})', { keys: this.unlabelled }) : t('Pick a label first'), x, y)
  }

  /** Says something on the picture for a moment. @param {string} text @param {number} x @param {number} y stage pixels */
  tip(text, x = this.clientWidth / 2, y = this.clientHeight / 2) {
    this.hint = { x: Math.min(Math.max(x, HINT_ROOM), this.clientWidth - HINT_ROOM), y: Math.max(y, HINT_ROOM / 2), text }
    this.#say(text)
    clearTimeout(this.#hinting)
    this.#hinting = setTimeout(() => { this.hint = null }, HINT_FOR)
  }

  /** @param {string} text */
  #say(text) {
    const live = this.querySelector('[aria-live]')
    if (live) live.textContent = text
  }

  render() {
    const { state, picture } = this
    const pages = this.source?.urls?.length
    const where = { page: (this.page ?? 0) + 1, pages: pages ?? 1 }
    const size = picture && { width: picture.naturalWidth, height: picture.naturalHeight }
    const label = size && pages ? t('Picture, page {page} of {pages}, {width} by {height} pixels', { ...where, ...size }) : size ? t('Picture, {width} by {height} pixels', size) : pages ? t('Picture, page {page} of {pages}', where) : t('Picture')
    return html`<div class="image-stage">
      <canvas class="image-layer" aria-hidden="true"></canvas>
      <canvas class="image-layer" aria-hidden="true"></canvas>
      <canvas class="image-layer image-glass" tabindex="0" role="application" aria-label=${label}
        aria-description=${t('Arrow keys move a cursor, Enter sets a point, Escape stops. Alt+period goes from region to region, square brackets from corner to corner.')}></canvas>
      <div class="visually-hidden" aria-live="polite"></div>
      ${this.hint ? html`<p class="image-hint" aria-hidden="true" style=${styled({ left: `${this.hint.x}px`, top: `${this.hint.y}px` })}>${this.hint.text}</p>` : nothing}
      ${state.kind === 'slow' ? html`<div class="image-message" role="status">
        <p>${t('Loading the picture from {host}: {n} s so far', { host: hostOf(this.url ?? ''), n: state.seconds })}${state.share === null ? nothing : html`, <span class="number">${Math.round(state.share * 100)} %</span>`}</p>
        ${state.seconds < CANCEL_AFTER ? nothing : html`<button class="button" type="button" @click=${() => this.#stop()}>${t('Stop')}</button>`}
      </div>` : nothing}
      ${state.kind === 'failed' ? this.#renderProblem(state.problem) : nothing}
    </div>
    ${this.source?.urls ? html`<kite-image-pages .object=${this.object.name} .urls=${this.source.urls} .page=${this.page ?? 0} .counts=${this.#counts()}></kite-image-pages>` : nothing}`
  }

  /** Regions on each page. */
  #counts() {
    /** @type {number[]} */
    const counts = []
    for (const region of Object.values(this.view?.regions ?? {})) if (region.object === this.object.name) counts[region.item ?? 0] = (counts[region.item ?? 0] ?? 0) + 1
    return counts
  }

  /** @param {import('./types.js').Problem} problem */
  #renderProblem(problem) {
    return html`<div class="image-message" role="alert">
      <kite-icon name="problem"></kite-icon>
      <p><strong>${told(problem.message)}</strong>${problem.where ? html`<br /><span class="muted">${t('From {place}', { place: problem.where })}</span>` : nothing}</p>
      ${problem.hint ? html`<p>${told(problem.hint)}</p>` : nothing}
      ${this.url ? html`<button class="button" type="button" @click=${() => this.#load()}>${t('Try again')}</button>` : nothing}
    </div>`
  }
}
