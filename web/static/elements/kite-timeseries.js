import { LitElement, html, nothing } from 'lit'
import { t, told } from '../app/texts.js'
import { sized, themeOf, watchTheme } from './canvas-theme.js'
import { emit } from './emit.js'
import { cycled } from './image-gestures.js'
import { SyncGroup } from './media-sync.js'
import { bandsAt, paintBands } from './range-painter.js'
import { RangeView } from './range-view.js'
import { cuts, ladder, nearest } from './series-columns.js'
import { SeriesProblem, loadSeries, seriesOfTable } from './series-data.js'
import { lanesOf } from './series-lanes.js'
import { AXIS, LEFT, paintLine, paintTimes, paintValues, paintWindow, scaleOf } from './series-painter.js'
import { axisWriter, timeReader, timeWriter } from './series-time.js'
import { styled } from './styled.js'

const OVERVIEW = 48
const DRAG = 4

/** @typedef {import('./series-lanes.js').Channel} Channel */
/** @typedef {import('./series-lanes.js').Lane} Lane */

/** A time series: a lane for each channel, an overview, and what is marked on it. */
export class KiteTimeseries extends LitElement {
  /** @type {import('lit').PropertyDeclarations} */
  static properties = {
    object: { attribute: false }, source: { attribute: false }, view: { attribute: false }, layers: { attribute: false }, names: { type: Boolean }, hovered: { attribute: false }, readonly: { type: Boolean },
    nameOf: { attribute: false }, group: { attribute: false }, fault: { state: true }, progress: { state: true }, lanes: { state: true },
  }

  constructor() {
    super()
    /** @type {import('./types.js').PlanObject} */
    this.object = { name: '', type: 'timeseries' }
    /** @type {import('./types.js').Source | undefined} */
    this.source = undefined
    /** @type {import('./types.js').View | undefined} */
    this.view = undefined
    /** @type {import('./types.js').Layer[]} */
    this.layers = []
    this.names = true
    this.hovered = ''
    this.readonly = false
    this.group = ''
    /** @type {(region: import('./types.js').Region) => string} */
    this.nameOf = (region) => region.labels.join(', ')
    /** @type {import('./types.js').Problem | null} */
    this.fault = null
    this.progress = ''
    /** @type {Lane[]} */
    this.lanes = []
    /** @type {Promise<void>} the lanes are painted, or it is said why not */
    this.ready = Promise.resolve()
  }
  /** @type {() => void} */
  #painted = () => {}
  /** @type {AbortController | null} */
  #gone = null
  /** @type {AbortController | null} */
  #loading = null
  /** @type {import('./series-data.js').Series | null} */
  #series = null
  /** @type {Map<string, import('./series-columns.js').Ladder>} */
  #ladders = new Map()
  #range = new RangeView(0, 1)
  /** @type {import('./canvas-theme.js').Theme | null} */
  #theme = null
  #frame = 0
  /** value under the pointer, in time @type {number | null} */
  #pointer = null
  /** @type {{x: number, from: number, to: number, moved: boolean, band: string[]} | null} */
  #held = null
  /** @type {import('./range-painter.js').Band[]} */
  #bands = []
  /** @type {SyncGroup | null} */
  #sync = null
  /** @type {number | null} where the group plays */
  #cursor = null
  #following = 0

  createRenderRoot() {
    return this
  }

  connectedCallback() {
    super.connectedCallback()
    this.#gone = new AbortController()
    const { signal } = this.#gone
    watchTheme(() => { this.#theme = null; this.#ask() }, signal)
    const room = new ResizeObserver(() => this.#ask())
    room.observe(this)
    signal.addEventListener('abort', () => room.disconnect())
    this.#join()
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#gone?.abort()
    this.#loading?.abort()
    this.#sync?.leave()
    this.#sync = null
    for (const frame of [this.#frame, this.#following]) cancelAnimationFrame(frame)
    this.#frame = this.#following = 0
  }

  /** @param {Map<string, any>} changed */
  willUpdate(changed) {
    if (changed.has('group') && this.isConnected) this.#join()
    if (!changed.has('source') || !this.source) return
    this.ready = new Promise((done) => { this.#painted = done })
    void this.#load()
  }

  /** @param {Map<string, any>} changed */
  updated(changed) {
    if (['view', 'layers', 'names', 'hovered', 'nameOf', 'lanes'].some((name) => changed.has(name))) this.#ask()
  }

  // ---- data ----

  async #load() {
    this.#loading?.abort()
    const { signal } = (this.#loading = new AbortController())
    this.fault = null
    this.lanes = []
    this.#series = null
    const { source, object } = this
    /** @type {Channel[]} */
    const channels = object.channels ?? []
    /** @type {import('./series-data.js').Wanted} */
    const wanted = { channels: channels.map(({ column }) => String(column)), timeColumn: object.time_column === undefined ? undefined : String(object.time_column), timeFormat: object.time_format, sep: object.sep }
    try {
      if (source?.problem) throw new SeriesProblem(source.problem.message, source.problem.hint)
      const table = source?.series ?? source?.value
      if (table) this.#series = seriesOfTable(table, wanted)
      else if (source?.url) {
        this.progress = t('Reading the data')
        this.#series = await loadSeries(source.url, wanted, { signal, progress: (text) => { this.progress = text } })
      } else throw new SeriesProblem(t('This task has no data to draw.'), t('Skip it, and tell whoever sent you here.'))
      if (signal.aborted) return
      this.#show(this.#series, channels)
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof SeriesProblem)) throw error
      this.fault = { code: 'series', message: error.message, hint: error.hint }
      this.#painted()
    } finally {
      if (!signal.aborted) this.progress = ''
    }
  }

  /** @param {import('./series-data.js').Series} series @param {Channel[]} channels */
  #show(series, channels) {
    const { time } = series
    this.#ladders = new Map([...series.columns].map(([name, values]) => [name, ladder(values)]))
    this.#range = new RangeView(time[0], time[time.length - 1], (time[time.length - 1] - time[0]) / Math.max(1, time.length) * 4)
    const asked = channels.find((channel) => channel.time_range)?.time_range
    if (asked) this.#range.show(...asked)
    this.lanes = lanesOf(channels, this.object.multi_channels ?? [], this.#ladders)
    void this.updateComplete.then(() => this.#ask(() => this.#painted()))
  }

  get #read() {
    const read = this.#series?.dates && this.object.time_format ? timeReader(this.object.time_format) : null
    return (/** @type {unknown} */ given) => (typeof given === 'string' && read ? read(given) : Number(given))
  }

  // ---- partners ----

  #join() {
    this.#sync?.leave()
    this.#sync = null
    if (!this.group) return
    this.#sync = new SyncGroup(this.closest('kite-surface') ?? document, this.group, {
      plays: 'data', now: () => null,
      follow: (deed) => {
        this.#at(deed.time)
        if (deed.type === 'play') this.#following ||= requestAnimationFrame(this.#follow)
      },
    })
  }

  #follow = () => {
    this.#following = 0
    const now = this.#sync?.now ?? null
    if (now === null) return
    this.#at(now)
    this.#following = requestAnimationFrame(this.#follow)
  }

  /** Seconds of the group: numbers are seconds, dates count from the first one. @param {number} seconds */
  #at(seconds) {
    if (!this.#series) return
    this.#cursor = seconds + (this.#series.dates ? this.#series.time[0] : 0)
    if (this.#range.follow(this.#cursor)) this.#ask()
    this.#ask()
  }

  // ---- looking ----

  /** @param {string} id */
  reveal(id) {
    const region = this.view?.regions[id]
    if (region && this.#range.reveal(this.#read(region.shape.start), this.#read(region.shape.end))) this.#ask()
  }

  /** @param {() => void} [then] */
  #ask(then) {
    if (then) this.#then.push(then)
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0
      this.#paint()
      for (const done of this.#then.splice(0)) done()
    })
  }
  /** @type {(() => void)[]} */
  #then = []

  #paint() {
    const series = this.#series
    if (!series || !this.lanes.length) return
    const theme = (this.#theme ??= themeOf(this))
    const canvases = /** @type {HTMLCanvasElement[]} */ ([...this.querySelectorAll('canvas.series-lane')])
    const outer = canvases[0]?.clientWidth ?? 0
    if (outer <= LEFT) return
    const width = outer - LEFT
    const range = this.#range
    const looking = { cuts: cuts(series.time, range.from, range.to, Math.round(width)), time: series.time, from: range.from, to: range.to, dates: series.dates }
    const focus = this.#pointer === null ? -1 : nearest(series.time, this.#pointer)
    this.lanes.forEach((lane, at) => {
      const canvas = canvases[at]
      if (!canvas) return
      const place = { left: LEFT, top: 4, width, height: canvas.clientHeight - 8 }
      const ctx = sized(canvas, outer, canvas.clientHeight)
      const [channel] = lane.channels
      const scale = scaleOf(lane.lines, looking, lane.fixed || this.object.fixed_scale === true, channel.data_range ?? null)
      if (lane.axis) paintValues(ctx, place, scale, theme, channel.display_format)
      for (const line of lane.lines) paintLine(ctx, line, looking, place, scale)
      this.#bands = [...this.#bandsOf(this.view, width, canvas.clientHeight), ...this.layers.flatMap((layer) => this.#bandsOf(layer.view, width, canvas.clientHeight).map((band) => ({ ...band, layer })))]
      ctx.save()
      ctx.translate(LEFT, 0)
      ctx.beginPath()
      ctx.rect(0, 0, width, canvas.clientHeight)
      ctx.clip()
      paintBands(ctx, this.#bands, width, { selection: this.view?.selection ?? [], hovered: this.hovered, names: this.names && at === 0, nameOf: this.nameOf })
      if (focus >= 0) this.#upright(ctx, series.time[focus], width, canvas.clientHeight, theme['text-muted'], 1)
      if (this.#cursor !== null) this.#upright(ctx, this.#cursor, width, canvas.clientHeight, String(this.object.cursor_color ?? theme.accent), 2)
      ctx.restore()
      this.#tell(at, lane, focus)
    })
    this.#paintTimes(looking, width, theme)
    this.#paintOverview(series, width, theme)
  }

  /** @param {CanvasRenderingContext2D} ctx @param {number} at @param {number} width @param {number} height @param {string} color @param {number} thick */
  #upright(ctx, at, width, height, color, thick) {
    ctx.fillStyle = color
    ctx.fillRect(Math.round(this.#range.x(at, width)) - thick / 2, 0, thick, height)
  }

  /** Values under the pointer. @param {number} at @param {Lane} lane @param {number} focus index */
  #tell(at, lane, focus) {
    const place = this.querySelectorAll('.series-values')[at]
    if (!place) return
    place.textContent = focus < 0 ? '' : lane.channels.map((channel, i) => {
      const value = lane.lines[i].ladder.values[focus]
      return Number.isNaN(value) ? '–' : `${axisWriter(channel.display_format, false, 0.001)(value)}${channel.units ? ` ${channel.units}` : ''}`
    }).join(' · ')
  }

  /** @param {import('./series-painter.js').Looking} looking @param {number} width @param {import('./canvas-theme.js').Theme} theme */
  #paintTimes(looking, width, theme) {
    const canvas = /** @type {HTMLCanvasElement | null} */ (this.querySelector('canvas.series-times'))
    if (canvas) paintTimes(sized(canvas, canvas.clientWidth, AXIS), looking, { left: LEFT, width }, theme, this.object.time_display_format)
  }

  /** @param {import('./series-data.js').Series} series @param {number} lanes width of the lanes @param {import('./canvas-theme.js').Theme} theme */
  #paintOverview(series, lanes, theme) {
    const canvas = /** @type {HTMLCanvasElement | null} */ (this.querySelector('canvas.series-overview'))
    if (!canvas) return
    const ctx = sized(canvas, canvas.clientWidth, OVERVIEW)
    const width = Math.max(1, canvas.clientWidth - LEFT)
    const { least, most, from, to } = this.#range
    const looking = { cuts: cuts(series.time, least, most, Math.round(width)), time: series.time, from: least, to: most, dates: series.dates }
    const place = { left: LEFT, top: 4, width, height: OVERVIEW - 8 }
    const asked = (this.object.overview_channels ?? []).filter((/** @type {string} */ name) => this.#ladders.has(name))
    for (const name of asked.length ? asked : [...this.#ladders.keys()].slice(0, 1)) {
      const line = { ladder: /** @type {import('./series-columns.js').Ladder} */ (this.#ladders.get(name)), color: theme['text-muted'], width: 1, step: false, marker: 0 }
      paintLine(ctx, line, looking, place, scaleOf([line], looking, true, null))
    }
    const x = (/** @type {number} */ at) => LEFT + ((at - least) / (most - least)) * width
    for (const band of this.#bandsOf(this.view, lanes, OVERVIEW)) {
      if (band.region.hidden) continue
      const [left, right] = [x(this.#range.value(band.from, lanes)), x(this.#range.value(band.to, lanes))]
      ctx.fillStyle = band.region.color
      ctx.fillRect(left, OVERVIEW - 4, Math.max(2, right - left), 4)
    }
    paintWindow(ctx, x(from), x(to), { left: LEFT, width, height: OVERVIEW }, theme)
  }

  /** @param {import('./types.js').View | undefined} view @param {number} width @param {number} height @returns {import('./range-painter.js').Band[]} */
  #bandsOf(view, width, height) {
    const read = this.#read
    return Object.values(view?.regions ?? {})
      .filter((region) => region.object === this.object.name && region.kind === 'series')
      .map((region) => ({ region, from: this.#range.x(read(region.shape.start), width), to: this.#range.x(read(region.shape.end), width), top: 0, bottom: height }))
      .filter(({ from, to }) => Number.isFinite(from) && Number.isFinite(to))
      .sort((a, b) => a.from - b.from)
  }

  // ---- hands ----

  /** @param {PointerEvent} event */
  #press = (event) => {
    if (event.button) return
    const lane = /** @type {HTMLCanvasElement} */ (event.currentTarget)
    lane.setPointerCapture(event.pointerId)
    const band = bandsAt(this.#bands, event.offsetX - LEFT, 1).map(({ region }) => region.id)
    this.#held = { x: event.offsetX, from: this.#range.from, to: this.#range.to, moved: false, band }
  }

  /** @param {PointerEvent} event */
  #move = (event) => {
    const lane = /** @type {HTMLCanvasElement} */ (event.currentTarget)
    const width = lane.clientWidth - LEFT
    const held = this.#held
    if (held) {
      const by = event.offsetX - held.x
      held.moved ||= Math.abs(by) > DRAG
      if (held.moved) this.#range.show(held.from - (by / width) * (held.to - held.from), held.to - (by / width) * (held.to - held.from))
    } else {
      const [band] = bandsAt(this.#bands, event.offsetX - LEFT, 1)
      if ((band?.region.id ?? '') !== this.hovered) this.#hover(band?.region.id ?? '')
      lane.style.cursor = band ? 'pointer' : this.#range.whole ? 'crosshair' : 'grab'
    }
    this.#pointer = event.offsetX < LEFT ? null : this.#range.value(event.offsetX - LEFT, width)
    this.#ask()
  }

  /** @param {PointerEvent} event */
  #release = (event) => {
    const held = this.#held
    this.#held = null
    if (!held || held.moved || event.type === 'pointercancel') return
    if (held.band.length) emit(this, { type: 'select', regions: [event.shiftKey ? held.band[0] : cycled(held.band, this.view?.selection ?? [])], add: event.shiftKey })
    else if (this.#sync && this.#series && this.#pointer !== null) {
      const time = this.#pointer - (this.#series.dates ? this.#series.time[0] : 0)
      this.#at(time)
      this.#sync.tell({ type: 'seek', time, speed: 1 })
    } else if (this.view?.selection.length) emit(this, { type: 'select', regions: [], add: false })
  }

  #leave = () => {
    this.#pointer = null
    this.#hover('')
    this.#ask()
  }

  /** @param {string} region */
  #hover(region) {
    if (region !== this.hovered) this.dispatchEvent(new CustomEvent('kite-hover', { detail: { region }, bubbles: true }))
  }

  /** @param {WheelEvent} event */
  #wheel = (event) => {
    event.preventDefault()
    const { clientWidth } = /** @type {HTMLCanvasElement} */ (event.currentTarget)
    const width = clientWidth - LEFT
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) this.#range.pan((((event.deltaX || event.deltaY) * (event.deltaMode === 1 ? 16 : 1)) / width) * this.#range.span)
    else this.#range.zoom(this.#range.value(Math.max(0, event.offsetX - LEFT), width), Math.exp(-Math.max(-300, Math.min(300, event.deltaY * (event.deltaMode === 1 ? 16 : 1))) * 0.002))
    this.#ask()
  }

  /** @param {PointerEvent} event */
  #overview = (event) => {
    const canvas = /** @type {HTMLCanvasElement} */ (event.currentTarget)
    if (event.type === 'pointerdown') canvas.setPointerCapture(event.pointerId)
    else if (!canvas.hasPointerCapture(event.pointerId)) return
    const { least, most, span } = this.#range
    const middle = least + ((event.offsetX - LEFT) / (canvas.clientWidth - LEFT)) * (most - least)
    this.#range.show(middle - span / 2, middle + span / 2)
    this.#ask()
  }

  /** @param {KeyboardEvent} event */
  #key = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const { span, from, to } = this.#range
    if (event.key === 'ArrowLeft') this.#range.pan(-span * (event.shiftKey ? 0.5 : 0.1))
    else if (event.key === 'ArrowRight') this.#range.pan(span * (event.shiftKey ? 0.5 : 0.1))
    else if (event.key === '+' || event.key === '=') this.#range.zoom((from + to) / 2, 1.5)
    else if (event.key === '-') this.#range.zoom((from + to) / 2, 1 / 1.5)
    else if (event.key === 'Home') this.#range.pan(this.#range.least - from)
    else if (event.key === 'End') this.#range.pan(this.#range.most - to)
    else if (event.key === '0') this.#range.show(this.#range.least, this.#range.most)
    else return
    event.preventDefault()
    event.stopPropagation()
    this.#ask()
  }

  /** @param {number} factor */
  #zoom(factor) {
    this.#range.zoom((this.#range.from + this.#range.to) / 2, factor)
    this.#ask()
  }

  render() {
    const { lanes, fault, progress } = this
    const series = this.#series
    const write = series ? (series.dates ? timeWriter(this.object.time_format) : String) : String
    return html`<div class="series" tabindex="0" role="group" aria-label=${series ? t('Time series, {n} points from {from} to {to}', { n: series.time.length, from: write(series.time[0]), to: write(series.time[series.time.length - 1]) }) : t('Time series')}
      aria-description=${t('Arrow keys move, plus and minus zoom, 0 shows everything.')} @keydown=${this.#key}>
      ${fault
        ? html`<div class="media-message" role="alert"><kite-icon name="problem"></kite-icon><p><strong>${told(fault.message)}</strong></p>${fault.hint ? html`<p>${told(fault.hint)}</p>` : nothing}
            ${this.source?.url ? html`<button class="button" type="button" @click=${() => this.#load()}>${t('Try again')}</button>` : nothing}</div>`
        : nothing}
      ${progress ? html`<p class="media-note muted" role="status">${progress} …</p>` : nothing}
      ${lanes.map((lane) => html`<div class="series-row">
        <div class="series-legend">${lane.channels.map((channel, i) => html`<span class="series-name"><span class="swatch" style=${styled({ '--swatch': lane.lines[i].color })}></span>${channel.legend || channel.column}${channel.units ? html` <span class="muted">${channel.units}</span>` : nothing}</span>`)}
          <output class="series-values number"></output></div>
        <canvas class="series-lane" role="img" aria-label=${lane.channels.map((channel) => `${channel.legend || channel.column}${channel.units ? ` in ${channel.units}` : ''}`).join(', ')} style=${styled({ height: `${lane.height}px` })}
          @pointerdown=${this.#press} @pointermove=${this.#move} @pointerup=${this.#release} @pointercancel=${this.#release} @pointerleave=${this.#leave} @wheel=${{ handleEvent: this.#wheel, passive: false }}></canvas>
      </div>`)}
      ${lanes.length
        ? html`<canvas class="series-times" aria-hidden="true"></canvas>
            <div class="series-foot"><canvas class="series-overview" aria-hidden="true" @pointerdown=${this.#overview} @pointermove=${this.#overview}></canvas>
              <span class="tools"><button class="button button-quiet button-icon" type="button" title=${t('Zoom out (−)')} aria-label=${t('Zoom out')} @click=${() => this.#zoom(1 / 1.5)}><kite-icon name="minus"></kite-icon></button>
                <button class="button button-quiet button-icon" type="button" title=${t('Zoom in (+, wheel)')} aria-label=${t('Zoom in')} @click=${() => this.#zoom(1.5)}><kite-icon name="plus"></kite-icon></button>
                <button class="button button-quiet button-icon" type="button" title=${t('Everything (0)')} aria-label=${t('Show everything')} @click=${() => { this.#range.show(this.#range.least, this.#range.most); this.#ask() }}><kite-icon name="fit"></kite-icon></button></span></div>`
        : nothing}
    </div>`
  }
}
