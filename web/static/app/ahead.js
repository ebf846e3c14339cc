/**
 * Tasks that are here before they are asked for: their lease, their media, their state in Python. So the next task opens at once,
 * and work goes on for a while when the server is away.
 */
import { loadAhead } from '../elements/image-load.js'
import { ApiError } from './api.js'

/**
 * @typedef {import('./task-session.js').TaskSession} TaskSession
 * @typedef {import('./task-session.js').Envelope} Envelope
 */

export class Ahead {
  /** Oldest first. @type {TaskSession[]} */
  #ready = []
  /** @type {Promise<TaskSession | null> | null} */
  #coming = null
  /** What was asked for in an earlier one is not wanted any more. */
  #era = 0

  /**
   * @param {{project: number, outbox: import('./outbox.js').Outbox, signal: AbortSignal, open: () => (number | undefined)[],
   *   depth: () => number, get: (path: string) => Promise<any>, make: (envelope: Envelope) => TaskSession, refused: (error: ApiError) => void}} given open: tasks
   *   that the page has open; depth: how many to have here; get: asks the server for a task; refused: hears why none was given ahead
   */
  constructor({ project, outbox, signal, open, depth, get, make, refused }) {
    this.project = project
    this.outbox = outbox
    this.signal = signal
    this.open = open
    this.depth = depth
    this.get = get
    this.make = make
    this.refused = refused
  }

  /** What is here or on its way. @returns {Promise<(TaskSession | null)[]>} */
  async all() {
    const coming = await this.#coming?.catch(() => null)
    return [...this.#ready, ...(coming && !this.#ready.includes(coming) ? [coming] : [])]
  }

  /** Fetches until there are enough, one after the other. What fails is tried again by the next call. */
  fill() {
    // A person may hold a few tasks only, and those whose submit is on its way still count.
    if (this.#coming || this.signal.aborted || this.#ready.length + this.outbox.waiting.length >= this.depth()) return
    void this.#fetch().then((session) => session && this.fill(), (error) => {
      if (error instanceof ApiError) this.refused(error)
      else if (!this.signal.aborted) throw error
    })
  }

  /** @returns {TaskSession | undefined} the next task if it is here */
  shift() {
    return this.#ready.shift()
  }

  /** Forgets what is here, and what is on its way. @returns {TaskSession[]} what was */
  drop() {
    this.#era += 1
    return this.#ready.splice(0)
  }

  /** The next task, waited for. @returns {Promise<TaskSession | null>} null: nothing is left. Rejects with ApiError. */
  async next() {
    if (this.#coming) await this.#coming.catch(() => null)
    const session = this.#ready.shift()
    if (session) return session
    await this.#fetch() // also where a fetch ahead said "nothing left": that may be old news
    return this.#ready.shift() ?? null
  }

  #fetch() {
    this.#coming = this.#ask().finally(() => { this.#coming = null })
    return this.#coming
  }

  /** @returns {Promise<TaskSession | null>} */
  async #ask() {
    const busy = [...this.open(), ...this.#ready.map((session) => session.task), ...this.outbox.waiting.map((item) => item.task), ...this.outbox.refused.map((item) => item.task)]
    const exclude = busy.filter((id) => id !== undefined).join(',')
    const era = this.#era
    /** @type {Envelope[]} */
    let envelopes
    try {
      envelopes = await this.#given(exclude)
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 409 && this.outbox.waiting.length)) throw error
      await new Promise((resolve) => this.outbox.addEventListener('sent', resolve, { once: true, signal: this.signal }))
      return this.#ask()
    }
    const sessions = envelopes.map((envelope) => this.make(envelope))
    for (const session of sessions) {
      await Promise.allSettled(session.envelope.media.map((/** @type {string} */ url) => loadAhead(url)))
      await session.open()
      if (era !== this.#era) {
        void session.close().catch(() => {})
        continue
      }
      this.#ready.push(session)
      performance.mark('kite-ahead')
    }
    return era === this.#era ? (sessions[0] ?? null) : null
  }

  /** Several at once where many are wanted; what is looked at alone comes when these are over. @param {string} exclude @returns {Promise<Envelope[]>} */
  async #given(exclude) {
    const depth = this.depth()
    if (depth > 2) {
      const { tasks } = await this.get(`/api/projects/${this.project}/next/many?count=${Math.max(1, depth - this.#ready.length)}&exclude=${exclude}`)
      if (tasks.length) return tasks
    }
    const envelope = await this.get(`/api/projects/${this.project}/next?or_null=1&exclude=${exclude}`)
    return envelope ? [envelope] : []
  }
}
