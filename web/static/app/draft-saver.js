/** Keeps the server's draft of the current task close behind the work. */
import { told } from './texts.js'
import { ApiError, api } from './api.js'
import { textOf } from './outgoing.js'

const AFTER_MS = 2_000
/** The next save waits so many times as long as the last one took: megabytes of masks are not to fill a line all the time. */
const REST = 10
const MOST_MS = 60_000
const RETRY_MS = 10_000

export class DraftSaver {
  /** A save is under way. */
  saving = false
  /** Why the last save did not get through; empty when it did. */
  trouble = ''
  #timer = 0
  #retry = 0
  #took = 0

  /**
   * @param {{engine: import('./runtime.js').Engine, current: () => import('./task-session.js').TaskSession | null, changed: () => void, signal: AbortSignal}} given
   */
  constructor({ engine, current, changed, signal }) {
    this.engine = engine
    this.current = current
    this.changed = changed
    addEventListener('online', () => void this.save(), { signal })
    signal.addEventListener('abort', () => this.rest())
  }

  /** There may be something to save. */
  soon() {
    if (!this.current()?.unsynced || this.#timer) return
    this.#timer = window.setTimeout(() => {
      this.#timer = 0
      void this.save()
    }, Math.min(Math.max(AFTER_MS, REST * this.#took), MOST_MS))
  }

  /** Nothing is to be saved for the moment: the task is on its way as a submit. */
  rest() {
    clearTimeout(this.#timer)
    clearTimeout(this.#retry)
    this.#timer = 0
    this.trouble = ''
  }

  async save() {
    const session = this.current()
    clearTimeout(this.#retry)
    if (!session?.unsynced || !this.engine.up || this.saving) return
    this.saving = true
    const began = performance.now()
    this.changed()
    try {
      const { result, count } = await session.dump(true)
      if (session !== this.current()) return
      const body = { lead_time: session.leadTime, lease: session.envelope.lease?.token ?? null }
      const { saved_at: savedAt } = await api.put(`/api/tasks/${session.task}/draft`, textOf({ body, result }), { type: 'application/json' })
      await session.markSynced(count, savedAt)
      this.#took = performance.now() - began
      this.trouble = ''
    } catch (error) {
      if (session !== this.current()) return // it has been submitted meanwhile, and that tells its own story
      this.trouble = error instanceof ApiError ? told(error.problems[0].message) : String(error)
      this.#retry = window.setTimeout(() => void this.save(), RETRY_MS)
    } finally {
      this.saving = false
      this.changed()
    }
  }
}
