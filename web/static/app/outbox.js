/**
 * Submits leave through here. They are in IndexedDB before the page moves on; they are sent in order, again and again, under
 * one idempotency key each, until the server acknowledges or refuses them.
 */
import { told } from './texts.js'
import { ApiError, api } from './api.js'
import { textOf, waitBefore } from './outgoing.js'
import { dropOutgoing, dropWork, putOutgoing, readOutbox } from './worklog.js'

const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 30_000

/** Events: `change`; `sent` with detail {item, answer}; `refused` with detail {item, problems}. */
export class Outbox extends EventTarget {
  /** @type {import('./worklog.js').Outgoing[]} */
  #items = []
  #sending = false
  #wait = FIRST_WAIT_MS
  #timer = 0
  /** The newest item, while it may still be taken back: nothing is sent of it. @type {{key: string, timer: number} | null} */
  #held = null
  /** The page goes: what is sent now must outlive it. */
  #hurry = false

  /** @param {number} person @param {AbortSignal} signal */
  constructor(person, signal) {
    super()
    this.person = person
    this.signal = signal
    /** Why the last try did not get through; null when it did. @type {string | null} */
    this.trouble = null
    addEventListener('online', () => this.now(), { signal })
    addEventListener('pagehide', () => this.#last(), { signal })
    document.addEventListener('visibilitychange', () => document.hidden && this.#last(), { signal })
    signal.addEventListener('abort', () => {
      this.#last()
      clearTimeout(this.#timer)
    })
  }

  /** Nobody can take back what is held any more. */
  #last() {
    this.#hurry = true
    this.#letGo()
    void this.#send()
    this.#hurry = false
  }

  /** Not yet acknowledged and not refused. */
  get waiting() {
    return this.#items.filter((item) => !item.refused)
  }

  get refused() {
    return this.#items.filter((item) => item.refused)
  }

  async open() {
    this.#items = await readOutbox(this.person)
    this.now()
  }

  /**
   * Resolves when it is safe in this browser; sending goes on behind.
   * @param {import('./worklog.js').Outgoing} item @param {number} [hold] ms for which it can be taken back, unless another one comes or the page is left
   */
  async add(item, hold = 0) {
    await putOutgoing(item)
    this.#letGo()
    this.#items.push(item)
    if (hold) {
      this.#held = { key: item.key, timer: window.setTimeout(() => this.release(), hold) }
    }
    this.dispatchEvent(new Event('change'))
    this.now()
  }

  /** The item that can still be taken back, with `take`. */
  get held() {
    return this.#items.find((item) => item.key === this.#held?.key) ?? null
  }

  /** It cannot be taken back any more. */
  release() {
    if (!this.#held) return
    this.#letGo()
    this.dispatchEvent(new Event('change'))
    void this.#send()
  }

  #letGo() {
    clearTimeout(this.#held?.timer)
    this.#held = null
  }

  /**
   * What the server says to one item that is about to be added.
   * @param {string} key @param {number} patience ms @returns {Promise<any>} null: it refused, cannot be reached, or took too long
   */
  answer(key, patience) {
    const over = new AbortController()
    const { signal } = over
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(null), patience)
      signal.addEventListener('abort', () => clearTimeout(timer))
      this.addEventListener('change', () => { if (this.trouble) resolve(null) }, { signal })
      for (const type of ['sent', 'refused']) {
        this.addEventListener(type, (event) => {
          const { item, answer = null } = /** @type {CustomEvent} */ (event).detail
          if (item.key === key) resolve(answer)
        }, { signal })
      }
    }).finally(() => over.abort())
  }

  /** A refused or held task was taken back into work. @param {string} key */
  async take(key) {
    if (this.#held?.key === key) this.#letGo()
    this.#items = this.#items.filter((item) => item.key !== key)
    await dropOutgoing(key)
    this.dispatchEvent(new Event('change'))
  }

  /** Tries again at once. */
  now() {
    clearTimeout(this.#timer)
    this.#wait = FIRST_WAIT_MS
    void this.#send()
  }

  async #send() {
    if (this.#sending) return
    this.#sending = true
    try {
      for (let item = this.waiting[0]; item && item.key !== this.#held?.key; item = this.waiting[0]) {
        if (!(await this.#sendOne(item))) break
      }
    } finally {
      this.#sending = false
    }
  }

  /** @param {import('./worklog.js').Outgoing} item @returns {Promise<boolean>} go on with the next one */
  async #sendOne(item) {
    try {
      const answer = await (item.method === 'POST' ? api.post : api.patch)(item.path, textOf(item), { key: item.key, keepalive: this.#hurry, type: 'application/json' })
      this.#items = this.#items.filter((other) => other !== item)
      await dropOutgoing(item.key)
      await dropWork(item.work)
      this.trouble = null
      this.#wait = FIRST_WAIT_MS
      this.dispatchEvent(new CustomEvent('sent', { detail: { item, answer } }))
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.passing || error.status === 401) {
        this.trouble = told(error.problems[0]?.message ?? error.message)
        if (this.signal.aborted) return false // the next page's outbox goes on with it, as whoever is signed in then
        this.#timer = window.setTimeout(() => void this.#send(), waitBefore(this.#wait, error.waitS, Math.random()))
        this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MS)
        this.dispatchEvent(new Event('change'))
        return false
      }
      item.refused = error.problems
      await putOutgoing(item)
      this.dispatchEvent(new CustomEvent('refused', { detail: { item, problems: error.problems } }))
    }
    this.dispatchEvent(new Event('change'))
    return true
  }
}
