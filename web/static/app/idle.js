/** A minute without a sign of life: the working time stands still (`active-time.js` counts so much of a pause and no more), and the page says so. */

const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart', 'scroll']

export class Idle {
  /** Nobody has moved for a while. */
  paused = false
  #timer = 0

  /** @param {{signal: AbortSignal, changed: () => void, after?: number, target?: EventTarget}} given after: ms */
  constructor({ signal, changed, after = 60_000, target = document }) {
    this.changed = changed
    this.after = after
    for (const sign of SIGNS) target.addEventListener(sign, () => this.#seen(), { signal, passive: true, capture: true })
    signal.addEventListener('abort', () => clearTimeout(this.#timer))
    this.#wait()
  }

  #seen() {
    if (this.paused) {
      this.paused = false
      this.changed()
    }
    this.#wait()
  }

  #wait() {
    clearTimeout(this.#timer)
    this.#timer = /** @type {any} */ (setTimeout(() => {
      this.paused = true
      this.changed()
    }, this.after))
  }
}
