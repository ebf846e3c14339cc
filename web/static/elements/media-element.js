import { LitElement, html, nothing } from 'lit'
import { t, told } from '../app/texts.js'
import { emit } from './emit.js'
import { eventNames, isTyping, keyNames } from './keys.js'
import { hostOf } from './image-load.js'
import { mediaBar } from './media-bar.js'
import { SyncGroup } from './media-sync.js'

/** @typedef {import('./types.js').Region} Region */

/** What sound and video have in common: the player, its key, its group, what goes wrong. */
export class MediaElement extends LitElement {
  /** @type {import('lit').PropertyDeclarations} */
  static properties = {
    object: { attribute: false }, source: { attribute: false }, view: { attribute: false }, layers: { attribute: false }, names: { type: Boolean }, hovered: { attribute: false },
    readonly: { type: Boolean }, nameOf: { attribute: false }, group: { attribute: false },
    playing: { state: true }, time: { state: true }, duration: { state: true }, speed: { state: true }, volume: { state: true }, muted: { state: true }, fault: { state: true }, waiting: { state: true },
  }
  /** @type {'sound' | 'picture'} */
  plays = 'sound'

  constructor() {
    super()
    /** @type {import('./types.js').PlanObject} */
    this.object = { name: '', type: '' }
    /** @type {import('./types.js').Source | undefined} */
    this.source = undefined
    /** @type {import('./types.js').View | undefined} */
    this.view = undefined
    /** @type {import('./types.js').Layer[]} */
    this.layers = []
    this.names = true
    this.hovered = ''
    this.readonly = false
    /** @type {(region: Region) => string} */
    this.nameOf = (region) => region.labels.join(', ')
    /** name of the sync group; empty: alone */
    this.group = ''
    this.playing = false
    this.time = 0
    this.duration = NaN
    this.speed = 1
    this.volume = 1
    this.muted = false
    this.waiting = false
    /** @type {import('./types.js').Problem | null} */
    this.fault = null
    /** @type {Promise<void>} there is something to see and to play, or it is said why not */
    this.ready = Promise.resolve()
  }
  /** @type {AbortController | null} ends with the element */
  gone = null
  /** @type {() => void} */
  painted = () => {}
  /** @type {SyncGroup | null} */
  #sync = null
  /** what the browser will yet tell of deeds of a sync partner: no deeds of its own */
  #echoes = { play: 0, pause: 0 }
  #ticking = 0

  createRenderRoot() {
    return this
  }

  /** @returns {HTMLMediaElement | null} */
  get media() {
    return this.querySelector('audio, video')
  }

  connectedCallback() {
    super.connectedCallback()
    this.gone = new AbortController()
    document.addEventListener('keydown', (event) => this.#key(event), { signal: this.gone.signal })
    this.#join()
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.media?.pause()
    this.gone?.abort()
    cancelAnimationFrame(this.#ticking)
    this.#ticking = 0
    this.#sync?.leave()
    this.#sync = null
  }

  /** @param {Map<string, any>} changed */
  willUpdate(changed) {
    if (changed.has('group') && this.isConnected) this.#join()
    if (!changed.has('source') || !this.source) return
    this.time = 0
    this.duration = NaN
    this.playing = false
    this.#echoes = { play: 0, pause: 0 } // the events of another source are dropped with it
    this.speed = Number(this.object.default_speed ?? this.object.default_playback_speed) || 1
    this.volume = Math.min(1, Math.max(0, Number(this.object.default_volume ?? 1)))
    this.muted = this.object.muted === true
    this.fault = this.source.problem ?? (this.source.url ? null : { code: 'no-media', message: t('This task has nothing to play.'), hint: t('Skip it, and tell whoever sent you here.') })
    this.ready = new Promise((done) => { this.painted = done })
    if (this.fault) this.painted()
  }

  /** @param {Map<string, any>} changed */
  updated(changed) {
    const { media } = this
    if (!media) return
    if (changed.has('source')) media.preservesPitch = true
    media.playbackRate = this.speed
    media.volume = this.volume
    media.muted = this.muted || !!this.#sync?.silenced
  }

  #join() {
    this.#sync?.leave()
    this.#sync = null
    if (!this.group) return
    this.#sync = new SyncGroup(this.closest('kite-surface') ?? document, this.group, {
      plays: this.plays, now: () => (this.playing ? this.time : null), follow: (deed) => this.#follow(deed), regrouped: () => this.requestUpdate(),
    })
  }

  // ---- deeds ----

  toggle = () => {
    if (this.media?.paused) void this.#play()
    else this.media?.pause()
  }

  async #play() {
    try {
      await this.media?.play()
    } catch (error) {
      // a browser may refuse to start before the first click; pausing while it starts is no fault
      if (/** @type {DOMException} */ (error).name === 'NotAllowedError') {
        this.playing = false
        this.#echoes.play = 0 // nothing will be told of what did not begin
      } else if (/** @type {DOMException} */ (error).name !== 'AbortError') this.failed()
    }
  }

  /** @param {number} seconds */
  seek = (seconds) => {
    if (!this.media || !Number.isFinite(this.duration)) return
    this.#seek(seconds)
    this.#tell('seek')
  }

  /** @param {number} seconds */
  #seek(seconds) {
    if (!this.media) return
    this.time = Math.min(Math.max(seconds, 0), this.duration || 0)
    this.media.currentTime = this.time
    this.moved()
  }

  /** @param {number} speed */
  setSpeed = (speed) => {
    this.speed = speed
    this.#tell('speed')
  }

  /** @param {number} volume */
  setVolume = (volume) => {
    this.volume = volume
    this.muted = false
  }

  mute = () => { this.muted = !this.muted }

  /** @param {number} _frames */
  step = (_frames) => {}

  /** @param {'play' | 'pause' | 'seek' | 'speed'} type */
  #tell(type) {
    this.#sync?.tell({ type, time: this.time, speed: this.speed })
  }

  /** A partner was touched. @param {import('./media-sync.js').Deed} deed */
  #follow(deed) {
    if (deed.type === 'speed') this.speed = deed.speed
    if (deed.type === 'seek' || Math.abs(deed.time - this.time) > 0.3) this.#seek(deed.time)
    const { media } = this
    if (!media || (deed.type !== 'play' && deed.type !== 'pause') || media.paused === (deed.type === 'pause')) return
    this.#echoes[deed.type]++ // a busy browser tells it late, but tells it once
    if (deed.type === 'play') void this.#play()
    else media.pause()
  }

  /** The key of the plan; the first player that may take it does. @param {KeyboardEvent} event */
  #key(event) {
    const surface = /** @type {any} */ (this.closest('kite-surface'))
    if (event.defaultPrevented || event.repeat || surface?.keys === false || isTyping(event.target) || document.querySelector('dialog[open]')) return
    const wanted = keyNames(this.hotkey)
    if (!eventNames(event).some((name) => wanted.includes(name))) return
    event.preventDefault()
    this.toggle()
  }

  get hotkey() {
    return typeof this.object.hotkey === 'string' && this.object.hotkey ? this.object.hotkey : 'shift+space'
  }

  /** Shows a region: its beginning. @param {string} id */
  reveal(id) {
    const start = this.startOf(id)
    if (start !== null && (this.media?.paused ?? true)) this.seek(start)
  }

  /** @param {string} _id @returns {number | null} seconds */
  startOf(_id) {
    return null
  }

  /** @param {string} id @param {boolean} add */
  select(id, add) {
    emit(this, { type: 'select', regions: [id], add })
  }

  // ---- what the browser tells ----

  onLoaded = () => {
    const { media } = this
    if (!media) return
    this.duration = media.duration
    this.fault = null
    emit(this, { type: 'object_loaded', object: this.object.name, ...(Number.isFinite(media.duration) ? { duration: media.duration } : {}), ...this.sizes() })
    this.loaded()
    this.painted()
  }

  /** Duration and size are known. */
  loaded() {}

  /** @returns {{width?: number, height?: number}} natural pixels */
  sizes() {
    return {}
  }

  /** @param {'play' | 'pause'} type */
  #told(type) {
    if (this.#echoes[type]) this.#echoes[type]--
    else this.#tell(type)
  }

  onPlay = () => {
    this.playing = true
    this.#told('play')
    this.#ticking ||= requestAnimationFrame(this.#tick)
  }

  onPause = () => {
    this.playing = false
    this.waiting = false
    this.#now()
    this.#told('pause')
  }

  #tick = () => {
    this.#ticking = 0
    this.#now()
    if (this.playing) this.#ticking = requestAnimationFrame(this.#tick)
  }

  #now() {
    if (this.media) this.time = this.media.currentTime
    this.moved()
  }

  /** The time is another one: what follows it is drawn. */
  moved() {}

  onSeeked = () => { if (!this.playing) this.#now() }
  onWaiting = () => { this.waiting = true }
  onPlaying = () => { this.waiting = false }

  failed = () => {
    const { media } = this
    if (this.fault || !this.source?.url) return
    const offline = !navigator.onLine && !this.source.url.startsWith('data:')
    const sound = this.plays === 'sound'
    const cannot = media?.error?.code === 4 || media?.error?.code === 3
    this.fault = {
      code: 'media-load', where: hostOf(this.source.url), message: offline ? (sound ? t('You are offline, and this sound was not loaded before.') : t('You are offline, and this video was not loaded before.')) : sound ? t('The sound could not be played.') : t('The video could not be played.'),
      hint: offline ? t('What you have done is kept. Try again when you are online.') : cannot ? t('Its link may have expired, or this browser cannot play its format. Try again; if that does not help, skip this task.') : t('The connection broke. Try again.'),
    }
    this.playing = false
    this.painted()
  }

  retry = () => {
    this.fault = null
    this.#echoes = { play: 0, pause: 0 }
    this.media?.load()
  }

  // ---- drawing ----

  /** @param {{frames?: {count: number, now: number} | null, digits?: number}} more */
  bar({ frames = null, digits = 1 } = {}) {
    return mediaBar({
      playing: this.playing, able: Number.isFinite(this.duration) && !this.fault, time: this.time, duration: this.duration, speed: this.speed, slowest: Number(this.object.min_playback_speed) || 0.25,
      volume: this.volume, muted: this.muted, silenced: this.#sync?.silenced ? t('The sound plays beside it') : '', hotkey: this.hotkey, digits, frames,
    }, this)
  }

  trouble() {
    const { fault } = this
    if (!fault) return nothing
    return html`<div class="media-message" role="alert">
      <kite-icon name="problem"></kite-icon>
      <p><strong>${told(fault.message)}</strong>${fault.where ? html`<br /><span class="muted">${t('From {place}', { place: fault.where })}</span>` : nothing}</p>
      ${fault.hint ? html`<p>${told(fault.hint)}</p>` : nothing}
      ${this.source?.url ? html`<button class="button" type="button" @click=${this.retry}>${t('Try again')}</button>` : nothing}
    </div>`
  }
}
