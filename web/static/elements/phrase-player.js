import { SyncGroup } from './media-sync.js'
import { phraseAt } from './phrases.js'

/** @typedef {{start?: number, end?: number}} Timed */

/**
 * The recording of a conversation: an audio element of its own, or the Audio of its sync group. Says which phrase is heard.
 */
export class PhrasePlayer {
  /** the phrase that is heard, -1: none */
  heard = -1
  running = false
  /** where one phrase that was asked for ends @type {number | null} */
  #until = null
  #frame = 0
  /** @type {SyncGroup | null} */
  #group = null
  #speed = 1

  /** @param {() => HTMLAudioElement | null} audio its own, if any @param {() => Timed[]} phrases @param {(heard: number) => void} moved another phrase is heard, or playing began or ended */
  constructor(audio, phrases, moved) {
    this.audio = audio
    this.phrases = phrases
    this.moved = moved
  }

  /** @param {object} surface @param {string} name of the sync group */
  join(surface, name) {
    this.#group?.leave()
    this.#group = name ? new SyncGroup(surface, name, { plays: 'data', follow: (deed) => this.#follow(deed), now: () => this.audio()?.currentTime ?? null }) : null
  }

  stop() {
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
    this.#group?.leave()
    this.#group = null
  }

  /** Seconds. */
  get time() {
    return this.audio()?.currentTime ?? this.#group?.now ?? 0
  }

  get #sound() {
    return this.#group?.silenced ? null : this.audio()
  }

  /** Plays one phrase to its end; stops it if it is heard already. @param {number} at @param {boolean} [on] goes on after it */
  play(at, on = false) {
    if (this.running && this.heard === at) return this.pause()
    const { start = 0, end } = this.phrases()[at] ?? {}
    this.seek(start)
    this.#until = on ? null : (end ?? null)
    const audio = this.#sound
    if (audio) void audio.play().catch(() => this.#run(false))
    else this.#group?.tell({ type: 'play', time: start, speed: this.#speed })
    this.#run(true)
  }

  pause() {
    this.#sound?.pause()
    this.#group?.tell({ type: 'pause', time: this.time, speed: this.#speed })
    this.#run(false)
  }

  /** @param {number} time seconds */
  seek(time) {
    this.#until = null
    const audio = this.audio()
    if (audio) audio.currentTime = time
    this.#group?.tell({ type: 'seek', time, speed: this.#speed })
    this.#hear(phraseAt(this.phrases(), time))
  }

  /** What its own element tells. @param {'play' | 'pause' | 'seek'} type */
  told(type) {
    const time = this.time
    if (type === 'seek') this.#hear(phraseAt(this.phrases(), time))
    else if ((type === 'play') !== this.running) {
      this.#group?.tell({ type, time, speed: this.audio()?.playbackRate ?? 1 })
      this.#run(type === 'play')
    }
  }

  /** @param {import('./media-sync.js').Deed} deed */
  #follow({ type, time, speed }) {
    this.#speed = speed
    if (type === 'seek' || type === 'play') this.#hear(phraseAt(this.phrases(), time))
    if (type === 'play' || type === 'pause') this.#run(type === 'play')
    const audio = this.#sound
    if (!audio) return
    audio.playbackRate = speed
    if (type !== 'speed' && Math.abs(audio.currentTime - time) > 0.05) audio.currentTime = time
    if (type === 'play') void audio.play().catch(() => this.#run(false))
    else if (type === 'pause') audio.pause()
  }

  /** @param {boolean} running */
  #run(running) {
    if (this.running === running) return
    this.running = running
    if (running) this.#frame ||= requestAnimationFrame(this.#tick)
    else this.#until = null
    this.moved(this.heard)
  }

  #tick = () => {
    this.#frame = 0
    if (!this.running) return
    const { time } = this
    if (this.#until !== null && time >= this.#until) return this.pause()
    this.#hear(phraseAt(this.phrases(), time))
    this.#frame = requestAnimationFrame(this.#tick)
  }

  /** @param {number} at */
  #hear(at) {
    if (at === this.heard) return
    this.heard = at
    this.moved(at)
  }
}
