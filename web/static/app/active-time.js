/** A pause counts up to this; the rest of it is no work. */
export const IDLE_MS = 30_000

/**
 * Working time without the pauses: between two signs of life (pointer, key, wheel) at most 30 s count, and nothing while nobody
 * looks, as in a hidden tab. Times are `performance.now()`, which does not jump when somebody sets the clock.
 */
export class ActiveTime {
  /** When the last sign of life was; null: nobody looks. @type {number | null} */
  #seen = null

  /** @param {number} ms from before */
  constructor(ms = 0) {
    this.ms = ms
  }

  /** Somebody looks from here on. @param {number} now */
  start(now) {
    this.#seen ??= now
  }

  /** A sign of life. @param {number} now */
  seen(now) {
    if (this.#seen === null) return
    this.ms += Math.min(Math.max(now - this.#seen, 0), IDLE_MS)
    this.#seen = now
  }

  /** @param {number} now */
  stop(now) {
    this.seen(now)
    this.#seen = null
  }
}
