import { html, nothing } from 'lit'
import { t } from '../app/texts.js'
import { columnsOf, loadWave, loudest, MOST_SECONDS, WaveProblem } from './audio-wave.js'
import { sized, themeOf, watchTheme } from './canvas-theme.js'
import { cycled } from './image-gestures.js'
import { MediaElement } from './media-element.js'
import { clock, clockStep, marks, spoken } from './media-time.js'
import { bandsAt, paintBands } from './range-painter.js'
import { RangeView } from './range-view.js'
import { styled } from './styled.js'

const AXIS = 20 // pixels
const LANE = 120 // pixels of the wave where the config does not say
const FINEST = 0.05 // seconds across the width

/** A sound: a player, its wave, and what is marked on it. */
export class KiteAudio extends MediaElement {
  /** @type {import('lit').PropertyDeclarations} */
  static properties = { note: { state: true }, progress: { state: true }, zoomed: { state: true } }

  constructor() {
    super()
    /** why there is no wave */
    this.note = ''
    this.progress = ''
    this.zoomed = 1
  }
  /** @type {import('./audio-wave.js').Wave | null} */
  #wave = null
  #loud = 1
  /** @type {AbortController | null} */
  #loading = null
  #range = new RangeView(0, 1)
  /** @type {import('./canvas-theme.js').Theme | null} */
  #theme = null
  /** @type {import('./range-painter.js').Band[]} */
  #bands = []
  #frame = 0

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
    this.#loading?.abort()
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
  }

  /** @param {Map<string, any>} changed */
  willUpdate(changed) {
    super.willUpdate(changed)
    if (!changed.has('source') || !this.source) return
    this.#loading?.abort()
    this.#wave = null
    this.note = ''
    this.progress = ''
    this.#range = new RangeView(0, 1)
  }

  /** @param {Map<string, any>} changed */
  updated(changed) {
    super.updated(changed)
    if (['view', 'layers', 'names', 'hovered', 'nameOf', 'source'].some((name) => changed.has(name))) this.#ask()
  }

  loaded() {
    this.#range = new RangeView(0, this.duration, FINEST)
    const zoom = Number(this.object.default_zoom) || 1
    if (zoom > 1) this.#range.show(0, this.duration / zoom)
    this.#look()
    void this.#draw()
  }

  async #draw() {
    const url = this.source?.url
    if (!url) return
    if (this.object.decoder === 'none') {
      this.note = t('The config asks for no wave.')
      return
    }
    if (this.duration > MOST_SECONDS) {
      this.note = t('The sound is {minutes} minutes long; above {most} minutes its wave would slow the page down.', { minutes: Math.round(this.duration / 60), most: MOST_SECONDS / 60 })
      return
    }
    this.#loading?.abort()
    const { signal } = (this.#loading = new AbortController())
    try {
      const wave = await loadWave(url, { split: this.object.split_channels === true, signal, progress: (text) => { this.progress = text } })
      this.#wave = wave
      this.#loud = loudest(wave) || 1
      this.#ask()
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof WaveProblem)) throw error
      this.note = t('There is no wave: {why}. Playing and marking work without it.', { why: error.message })
    } finally {
      if (!signal.aborted) this.progress = ''
    }
  }

  /** @param {string} id */
  startOf(id) {
    const region = this.view?.regions[id]
    if (!region) return null
    if (this.#range.reveal(region.shape.start, region.shape.end)) this.#look()
    return Number(region.shape.start)
  }

  // ---- looking ----

  get #canvas() {
    return /** @type {HTMLCanvasElement | null} */ (this.querySelector('canvas'))
  }

  #look() {
    this.zoomed = Math.round((this.duration / this.#range.span) * 10) / 10 || 1
    this.#ask()
  }

  moved() {
    if (this.playing && this.#range.follow(this.time)) this.#look()
    const cursor = /** @type {HTMLElement | null} */ (this.querySelector('.wave-cursor'))
    const canvas = this.#canvas
    if (!cursor || !canvas) return
    const x = this.#range.x(this.time, canvas.clientWidth)
    cursor.style.transform = `translateX(${x}px)`
    cursor.hidden = x < 0 || x > canvas.clientWidth
  }

  /** @param {number} factor */
  #zoom(factor) {
    this.#range.zoom(this.time >= this.#range.from && this.time <= this.#range.to ? this.time : (this.#range.from + this.#range.to) / 2, factor)
    this.#look()
  }

  #fit() {
    this.#range.show(0, this.duration)
    this.#look()
  }

  #ask() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0
      this.#paint()
      this.moved()
    })
  }

  #paint() {
    const canvas = this.#canvas
    if (!canvas) return
    const theme = (this.#theme ??= themeOf(this))
    const [width, height] = [canvas.clientWidth, canvas.clientHeight]
    const ctx = sized(canvas, width, height)
    const range = this.#range
    ctx.fillStyle = theme.surface
    ctx.fillRect(0, 0, width, height)
    if (!Number.isFinite(this.duration)) return
    const lanes = this.#wave?.channels.length ?? 1
    const lane = (height - AXIS) / lanes
    ctx.fillStyle = theme['text-muted']
    this.#wave?.channels.forEach((channel, at) => {
      const columns = columnsOf(channel, this.#wave?.rate ?? 1, range.from, range.to, Math.round(width))
      const [middle, scale] = [lane * (at + 0.5), ((lane / 2 - 3) / this.#loud) * (Number(this.object.default_scale) || 1)]
      for (let x = 0; x < columns.length / 2; x++) {
        const [low, high] = [Math.max(-lane / 2, columns[x * 2] * scale), Math.min(lane / 2, columns[x * 2 + 1] * scale)]
        ctx.fillRect(x, middle - high, 1, Math.max(1, high - low))
      }
      if (at) {
        ctx.fillStyle = theme.line
        ctx.fillRect(0, lane * at, width, 1)
        ctx.fillStyle = theme['text-muted']
      }
    })
    if (!this.#wave) {
      ctx.fillStyle = theme.line
      ctx.fillRect(0, lane / 2, width, 1)
    }
    this.#paintAxis(ctx, theme, width, height)
    this.#bands = [...this.#bandsOf(this.view, width, lane), ...this.layers.flatMap((layer) => this.#bandsOf(layer.view, width, lane).map((band) => ({ ...band, layer })))]
    paintBands(ctx, this.#bands, width, { selection: this.view?.selection ?? [], hovered: this.hovered, names: this.names && this.object.show_labels !== false, nameOf: this.nameOf })
  }

  /** @param {import('./types.js').View | undefined} view @param {number} width @param {number} lane pixels @returns {import('./range-painter.js').Band[]} */
  #bandsOf(view, width, lane) {
    const split = (this.#wave?.channels.length ?? 1) > 1
    return Object.values(view?.regions ?? {}).flatMap((region) => {
      if (region.object !== this.object.name || region.kind !== 'segment') return []
      const { start, end, channel } = region.shape
      const at = split && Number.isInteger(channel) ? channel : -1
      return [{ region, from: this.#range.x(start, width), to: this.#range.x(end, width), top: Math.max(0, at) * lane, bottom: at < 0 ? lane * (this.#wave?.channels.length ?? 1) : (at + 1) * lane }]
    }).sort((a, b) => a.from - b.from)
  }

  /** @param {CanvasRenderingContext2D} ctx @param {import('./canvas-theme.js').Theme} theme @param {number} width @param {number} height */
  #paintAxis(ctx, theme, width, height) {
    const step = clockStep(this.#range.span, Math.max(2, width / 90))
    ctx.fillStyle = theme.line
    ctx.fillRect(0, height - AXIS, width, 1)
    ctx.font = '11px system-ui, sans-serif'
    ctx.textBaseline = 'middle'
    for (const at of marks(this.#range.from, this.#range.to, step)) {
      const x = Math.round(this.#range.x(at, width))
      ctx.fillStyle = theme['line-strong']
      ctx.fillRect(x, height - AXIS, 1, 5)
      ctx.fillStyle = theme['text-muted']
      if (x < width - 30) ctx.fillText(clock(at, step < 0.1 ? 2 : step < 1 ? 1 : 0), x + 4, height - AXIS / 2 + 1)
    }
  }

  // ---- hands ----

  /** @param {PointerEvent} event */
  #press = (event) => {
    if (event.button || !Number.isFinite(this.duration)) return
    const canvas = /** @type {HTMLCanvasElement} */ (event.currentTarget)
    const hits = bandsAt(this.#bands, event.offsetX, event.offsetY).map(({ region }) => region.id)
    if (hits.length) {
      this.select(event.shiftKey ? hits[0] : cycled(hits, this.view?.selection ?? []), event.shiftKey)
      return
    }
    canvas.setPointerCapture(event.pointerId)
    this.seek(this.#range.value(event.offsetX, canvas.clientWidth))
  }

  /** @param {PointerEvent} event */
  #move = (event) => {
    const canvas = /** @type {HTMLCanvasElement} */ (event.currentTarget)
    if (canvas.hasPointerCapture(event.pointerId)) {
      this.seek(this.#range.value(event.offsetX, canvas.clientWidth))
      return
    }
    const [band] = bandsAt(this.#bands, event.offsetX, event.offsetY)
    canvas.style.cursor = band ? 'pointer' : 'text'
    this.#hover(band?.region.id ?? '')
  }

  /** @param {string} region */
  #hover(region) {
    if (region !== this.hovered) this.dispatchEvent(new CustomEvent('kite-hover', { detail: { region }, bubbles: true }))
  }

  /** @param {WheelEvent} event */
  #wheel = (event) => {
    if (!Number.isFinite(this.duration)) return
    const { clientWidth } = /** @type {HTMLCanvasElement} */ (event.currentTarget)
    if (event.ctrlKey || event.metaKey) this.#range.zoom(this.#range.value(event.offsetX, clientWidth), Math.exp(-Math.max(-300, Math.min(300, event.deltaY)) * 0.003))
    else if (!this.#range.whole && (event.deltaX || event.shiftKey)) this.#range.pan(((event.deltaX || event.deltaY) / clientWidth) * this.#range.span)
    else return
    event.preventDefault()
    this.#look()
  }

  render() {
    const { progress, note } = this
    const lanes = this.object.split_channels ? 2 * (Number.parseFloat(this.object.wave_height) || 32) : 0
    const height = Math.max(LANE, Number.parseFloat(this.object.height) || 0, lanes + AXIS)
    return html`<div class="media media-audio">
      <audio preload="metadata" src=${this.source?.url || nothing} @loadedmetadata=${this.onLoaded} @play=${this.onPlay} @pause=${this.onPause} @seeked=${this.onSeeked} @waiting=${this.onWaiting} @playing=${this.onPlaying} @error=${this.failed}></audio>
      ${this.bar()}
      <div class="wave" style=${styled({ height: `${height}px` })}>
        <canvas class="wave-canvas" role="img" aria-label=${Number.isFinite(this.duration) ? t('Wave of the sound, {duration}', { duration: spoken(this.duration) }) : t('Wave of the sound')} @pointerdown=${this.#press} @pointermove=${this.#move} @pointerleave=${() => this.#hover('')} @wheel=${{ handleEvent: this.#wheel, passive: false }}></canvas>
        <div class="wave-cursor" aria-hidden="true" style=${styled(this.object.cursor_color ? { background: String(this.object.cursor_color) } : {})}></div>
        ${this.trouble()}
      </div>
      <div class="media-foot">
        <span class="media-note muted small" role="status">${progress ? `${progress} …` : this.waiting ? t('Waiting for more of the sound …') : note}</span>
        <span class="tools"><button class="button button-quiet button-icon" type="button" title=${t('Zoom out')} aria-label=${t('Zoom out of the wave')} @click=${() => this.#zoom(1 / 2)}><kite-icon name="minus"></kite-icon></button>
          <button class="button button-quiet button-icon" type="button" title=${t('Zoom in (Ctrl + wheel)')} aria-label=${t('Zoom into the wave')} @click=${() => this.#zoom(2)}><kite-icon name="plus"></kite-icon></button>
          <button class="button button-quiet button-icon" type="button" title=${t('All of it')} aria-label=${t('Show all of the sound')} @click=${() => this.#fit()}><kite-icon name="fit"></kite-icon></button></span>
      </div>
    </div>`
  }
}
