import { html, nothing } from 'lit'
import { t } from '../app/texts.js'
import { sized, themeOf, watchTheme } from './canvas-theme.js'
import { MediaElement } from './media-element.js'
import { styled } from './styled.js'
import { boxesAt, frameAt, frameRate, rowsOf, timeOf } from './video-tracks.js'
import { boxAtPoint, paintRows, paintTracks, ROW, rowAt, RULER } from './video-painter.js'

const MOST_ROWS = 8 // in sight at once

/** A video: frame by frame, with its tracks over the picture and its timeline under it. */
export class KiteVideo extends MediaElement {
  /** @type {import('lit').PropertyDeclarations} */
  static properties = { shape: { state: true } }
  /** @type {'sound' | 'picture'} */
  plays = 'picture'

  constructor() {
    super()
    /** width and height of the picture @type {[number, number] | null} */
    this.shape = null
  }
  /** @type {import('./canvas-theme.js').Theme | null} */
  #theme = null
  #drawn = 0
  /** the time of the frame on the screen, where the browser tells @type {number | null} */
  #exact = null
  #watching = 0

  connectedCallback() {
    super.connectedCallback()
    const { signal } = /** @type {AbortController} */ (this.gone)
    watchTheme(() => { this.#theme = null; this.#ask() }, signal)
    const room = new ResizeObserver(() => this.#ask())
    room.observe(this)
    signal.addEventListener('abort', () => room.disconnect())
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    cancelAnimationFrame(this.#drawn)
    this.#drawn = 0
  }

  /** @returns {HTMLVideoElement | null} */
  get media() {
    return this.querySelector('video')
  }

  get rate() {
    return frameRate(this.source?.frame_rate ?? this.object.frame_rate)
  }

  get frames() {
    return Number.isFinite(this.duration) ? Math.max(1, Math.round(this.duration * this.rate)) : 0
  }

  /** The frame that is seen, from 1. */
  get frame() {
    // While it stands, what was asked for counts; while it plays, the picture that the browser says it shows.
    const at = this.playing && this.#exact !== null && Math.abs(this.#exact - this.time) < 1 / this.rate ? this.#exact : this.time
    return Math.min(Math.max(1, frameAt(at, this.rate)), Math.max(1, this.frames))
  }

  /** @param {number} frames */
  step = (frames) => {
    this.media?.pause()
    this.goTo(this.frame + frames)
  }

  /** @param {number} frame from 1 */
  goTo(frame) {
    this.seek(timeOf(Math.min(Math.max(frame, 1), this.frames), this.rate))
  }

  /** @param {string} id */
  startOf(id) {
    const row = rowsOf(this.view, this.object.name).find(({ region }) => region.id === id)
    return row ? timeOf(row.first, this.rate) : null
  }

  sizes() {
    const { media } = this
    this.shape = media?.videoWidth ? [media.videoWidth, media.videoHeight] : null
    return media?.videoWidth ? { width: media.videoWidth, height: media.videoHeight } : {}
  }

  /** @param {Map<string, any>} changed */
  willUpdate(changed) {
    super.willUpdate(changed)
    if (changed.has('source')) this.#exact = null
  }

  /** @param {Map<string, any>} changed */
  updated(changed) {
    super.updated(changed)
    if (['view', 'layers', 'names', 'hovered', 'nameOf', 'source', 'shape', 'duration'].some((name) => changed.has(name))) this.#ask()
    this.#watch()
  }

  /** Asks the browser which frame it shows. */
  #watch() {
    const { media } = this
    if (!media || this.#watching || !('requestVideoFrameCallback' in media)) return
    this.#watching = media.requestVideoFrameCallback((_now, { mediaTime }) => {
      this.#watching = 0
      this.#exact = mediaTime
      if (!media.paused) this.time = media.currentTime
      this.#ask()
      if (this.isConnected) this.#watch()
    })
  }

  moved() {
    this.#ask()
  }

  #ask() {
    this.#drawn ||= requestAnimationFrame(() => {
      this.#drawn = 0
      this.#paint()
    })
  }

  get #looks() {
    return { selection: this.view?.selection ?? [], hovered: this.hovered, names: this.names, nameOf: this.nameOf }
  }

  #paint() {
    const [over, line] = /** @type {HTMLCanvasElement[]} */ ([...this.querySelectorAll('canvas')])
    if (!over || !line) return
    const theme = (this.#theme ??= themeOf(this))
    paintTracks(sized(over, over.clientWidth, over.clientHeight), this.#shown, over.clientWidth, over.clientHeight, this.#looks)
    const ctx = sized(line, line.clientWidth, line.clientHeight)
    paintRows(ctx, rowsOf(this.view, this.object.name), { width: line.clientWidth, height: line.clientHeight, frames: this.frames, frame: this.frame, rate: this.rate, theme, ...this.#looks })
  }

  get #shown() {
    return [...boxesAt(this.view, this.object.name, this.frame), ...this.layers.flatMap((layer) => boxesAt(layer.view, this.object.name, this.frame).map((box) => ({ ...box, layer })))]
  }

  // ---- hands ----

  /** @param {PointerEvent} event */
  #pressPicture = (event) => {
    const { clientWidth, clientHeight } = /** @type {HTMLCanvasElement} */ (event.currentTarget)
    const hit = boxAtPoint(this.#shown, (event.offsetX / clientWidth) * 100, (event.offsetY / clientHeight) * 100)
    if (hit) this.select(hit.region.id, event.shiftKey)
    else this.toggle()
  }

  /** @param {PointerEvent} event */
  #hoverPicture = (event) => {
    const { clientWidth, clientHeight } = /** @type {HTMLCanvasElement} */ (event.currentTarget)
    this.#hover(boxAtPoint(this.#shown, (event.offsetX / clientWidth) * 100, (event.offsetY / clientHeight) * 100)?.region.id ?? '')
  }

  /** @param {string} region */
  #hover(region) {
    if (region !== this.hovered) this.dispatchEvent(new CustomEvent('kite-hover', { detail: { region }, bubbles: true }))
  }

  /** @param {PointerEvent} event */
  #pressLine = (event) => {
    const line = /** @type {HTMLCanvasElement} */ (event.currentTarget)
    const rows = rowsOf(this.view, this.object.name)
    const row = event.type === 'pointerdown' ? rowAt(rows, event.offsetX, event.offsetY, line.clientWidth, this.frames) : undefined
    if (row) this.select(row.region.id, event.shiftKey)
    if (event.type === 'pointerdown') line.setPointerCapture(event.pointerId)
    else if (!line.hasPointerCapture(event.pointerId)) return
    this.goTo(Math.floor((event.offsetX / line.clientWidth) * this.frames) + 1)
  }

  /** @param {KeyboardEvent} event */
  #key = (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[event.key]
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (step) this.step(step * (event.shiftKey ? 10 : 1))
    else if (event.key === 'Home') this.goTo(1)
    else if (event.key === 'End') this.goTo(this.frames)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  render() {
    const rows = rowsOf(this.view, this.object.name).length
    const { shape, frames } = this
    const ratio = shape ? `${shape[0]} / ${shape[1]}` : '16 / 9'
    return html`<div class="media media-video">
      <div class="video-room">
        <div class="video-stage" style=${styled({ 'aspect-ratio': ratio, '--ratio': shape ? String(shape[0] / shape[1]) : '1.7778' })}>
          <video preload="metadata" playsinline src=${this.source?.url || nothing} @loadedmetadata=${this.onLoaded} @play=${this.onPlay} @pause=${this.onPause} @seeked=${this.onSeeked} @waiting=${this.onWaiting} @playing=${this.onPlaying} @error=${this.failed}></video>
          <canvas class="video-over" aria-hidden="true" @pointerdown=${this.#pressPicture} @pointermove=${this.#hoverPicture} @pointerleave=${() => this.#hover('')}></canvas>
        </div>
        ${this.trouble()}
      </div>
      ${this.bar({ digits: 2, frames: frames ? { count: frames, now: this.frame } : null })}
      <div class="video-line" style=${styled({ 'max-height': `${RULER + ROW * MOST_ROWS}px` })}>
        <canvas class="video-rows" tabindex="0" role="slider" aria-label=${t('Frame')} aria-valuemin="1" aria-valuemax=${Math.max(1, frames)} aria-valuenow=${this.frame} aria-valuetext=${t('Frame {frame} of {frames}', { frame: this.frame, frames })} style=${styled({ height: `${Math.max(Number.parseFloat(this.object.timeline_height) || 0, RULER + ROW * Math.max(1, rows))}px` })}
          @pointerdown=${this.#pressLine} @pointermove=${this.#pressLine} @keydown=${this.#key}></canvas>
      </div>
      ${this.waiting ? html`<p class="media-note muted small" role="status">${t('Waiting for more of the video …')}</p>` : nothing}
    </div>`
  }
}
