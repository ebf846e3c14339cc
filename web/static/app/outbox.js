/**
 * Submits leave through here. They are in IndexedDB before the page moves on; they are sent in order, again and again, under
 * one idempotency key each, until the server acknowledges or refuses them.
 */
import { ApiError, api } from './api.js'
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

  /** @param {number} person @param {AbortSignal} signal */
  constructor(person, signal) {
    super()
    this.person = person
    /** Why the last try did not get through; null when it did. @type {string | null} */
    this.trouble = null
    addEventListener('online', () => this.now(), { signal })
    signal.addEventListener('abort', () => clearTimeout(this.#timer))
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

  /** Resolves when it is safe in this browser; sending goes on behind. @param {import('./worklog.js').Outgoing} item */
  async add(item) {
    await putOutgoing(item)
    this.#items.push(item)
    this.dispatchEvent(new Event('change'))
    this.now()
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

  /** A refused task was taken back into work. @param {string} key */
  async take(key) {
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
      for (let item = this.waiting[0]; item; item = this.waiting[0]) {
        if (!(await this.#sendOne(item))) break
      }
    } finally {
      this.#sending = false
    }
  }

  /** @param {import('./worklog.js').Outgoing} item @returns {Promise<boolean>} go on with the next one */
  async #sendOne(item) {
    try {
      const answer = await (item.method === 'POST' ? api.post : api.patch)(item.path, item.body, { key: item.key })
      this.#items = this.#items.filter((other) => other !== item)
      await dropOutgoing(item.key)
      await dropWork(item.work)
      this.trouble = null
      this.#wait = FIRST_WAIT_MS
      this.dispatchEvent(new CustomEvent('sent', { detail: { item, answer } }))
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.passing || error.status === 401) {
        this.trouble = error.problems[0]?.message ?? error.message
        this.#timer = window.setTimeout(() => void this.#send(), this.#wait)
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
