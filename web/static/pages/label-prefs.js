/**
 * Keeps what a person has set for themselves, their keys among it: in this browser at once, and on their account, so that it is there on
 * other machines. What was changed last wins.
 */
import { ApiError, api } from '../app/api.js'
import { checked, ownKeys, ownKeysChanged, useOwnKeys } from '../elements/own-keys.js'
import { ownSettings, settingsChanged, useSettings } from '../elements/own-settings.js'

const PATH = '/api/me/settings'
const AFTER_MS = 800
const RETRY_MS = 30_000

/** @typedef {{at?: number, keys?: any, surface?: Record<string, any>, [member: string]: any}} Kept at: when it was changed, ms since 1970 */

export class LabelPrefs {
  /** Members of the account that others keep there stay as they are. @type {Kept} */
  #kept = {}
  #timer = 0
  #reading = false

  /** @param {number} person @param {AbortSignal} signal */
  constructor(person, signal) {
    this.key = `labelkite-settings-${person}`
    this.signal = signal
    this.#take(this.#read())
    for (const target of [ownKeysChanged, settingsChanged]) target.addEventListener('change', () => this.#changed(), { signal })
    addEventListener('online', () => { if (this.#timer) void this.#send() }, { signal })
    addEventListener('storage', (event) => { if (event.key === this.key) this.#take(this.#read()) }, { signal }) // another tab
    signal.addEventListener('abort', () => clearTimeout(this.#timer))
  }

  /** Takes what the account has, where it is newer; sends what it lacks. */
  async fetch() {
    try {
      const kept = /** @type {Kept} */ (await api.get(PATH, { signal: this.signal }))
      if ((kept.at ?? 0) > (this.#kept.at ?? 0)) {
        this.#take(kept)
        this.#write()
      } else if ((kept.at ?? 0) < (this.#kept.at ?? 0)) this.#later(0)
    } catch (error) {
      if (!(error instanceof ApiError) && !this.signal.aborted) throw error
    }
  }

  /** @returns {Kept} */
  #read() {
    try {
      return JSON.parse(localStorage.getItem(this.key) ?? '{}')
    } catch {
      return {}
    }
  }

  #write() {
    try {
      localStorage.setItem(this.key, JSON.stringify(this.#kept))
    } catch {
      // no room, or a private window: it is kept on the account
    }
  }

  /** @param {Kept} kept */
  #take(kept) {
    this.#kept = kept
    this.#reading = true
    useOwnKeys(checked(kept.keys))
    useSettings(kept.surface && typeof kept.surface === 'object' ? kept.surface : {})
    this.#reading = false
  }

  #changed() {
    if (this.#reading) return
    this.#kept = { ...this.#kept, at: Date.now(), keys: ownKeys(), surface: ownSettings() }
    this.#write()
    this.#later(AFTER_MS)
  }

  /** @param {number} ms */
  #later(ms) {
    clearTimeout(this.#timer)
    this.#timer = window.setTimeout(() => void this.#send(), ms)
  }

  async #send() {
    clearTimeout(this.#timer)
    this.#timer = 0
    try {
      await api.put(PATH, this.#kept, { keepalive: true })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.passing && !this.signal.aborted) this.#later(RETRY_MS)
    }
  }
}
