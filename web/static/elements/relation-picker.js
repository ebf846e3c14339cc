import { emit } from './emit.js'
import { eventNames, isTyping } from './keys.js'

/** Keys that look for the second region, and how far they go. @type {Record<string, number>} */
const STEPS = { down: 1, right: 1, 'alt+.': 1, 'alt+period': 1, up: -1, left: -1, 'alt+,': -1 }

/**
 * Relates two regions: after `start` the next region that is selected, in the list or on the data, is the second one. It listens to what
 * the surface is about to tell, and turns that select into a `relate`. With the keyboard: arrows look for it, Enter takes it, Esc ends.
 */
export class RelationPicker {
  /** the region that the keyboard is at */
  #candidate = ''

  /** @param {import('./kite-surface.js').KiteSurface} surface @param {AbortSignal} signal ends listening */
  constructor(surface, signal) {
    this.surface = surface
    surface.addEventListener('kite-intent', (event) => this.#heard(/** @type {CustomEvent} */ (event)), { signal, capture: true })
    surface.addEventListener('kite-relate', (event) => this.start(/** @type {CustomEvent} */ (event).detail.region), { signal })
    document.addEventListener('keydown', (event) => this.#key(event), { signal, capture: true })
  }

  /** @param {string} id the first region @returns {boolean} whether it began */
  start(id) {
    const { surface } = this
    if (surface.readonly || !surface.shown.regions[id] || Object.keys(surface.shown.regions).length < 2) return false
    surface.relating = id
    this.#candidate = ''
    return true
  }

  cancel() {
    this.surface.relating = ''
    this.surface.hovered = ''
  }

  /** The surface shows something new: the first region may be gone. */
  settle() {
    if (this.surface.relating && !this.surface.shown.regions[this.surface.relating]) this.cancel()
  }

  /** @param {CustomEvent} event */
  #heard(event) {
    const { surface } = this
    const { type, regions } = event.detail
    if (!surface.relating) return
    if (type === 'select') {
      event.stopImmediatePropagation()
      this.#pick(regions[0] ?? '')
    } else if (type !== 'object_loaded' && type !== 'relate') this.cancel()
  }

  /** @param {string} to nothing: a press beside everything */
  #pick(to) {
    const from = this.surface.relating
    if (to === from) return
    this.cancel()
    if (to) emit(this.surface, { type: 'relate', from, to })
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { surface } = this
    if (!surface.relating || !surface.keys || event.isComposing || isTyping(event.target) || document.querySelector('dialog[open]')) return
    const names = eventNames(event)
    const name = names.find((one) => one in STEPS)
    if (names.includes('escape')) this.cancel()
    else if (names.includes('enter') || names.includes('space')) {
      const pressed = /** @type {HTMLElement} */ (event.target).closest?.('button, a, summary')
      if (!this.#candidate || (pressed && !pressed.matches('.relation-start'))) return
      this.#pick(this.#candidate)
    } else if (name) this.#step(STEPS[name])
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  /** @param {number} by */
  #step(by) {
    const { surface } = this
    const ids = Object.values(surface.shown.regions).filter((region) => region.id !== surface.relating && !region.hidden).sort((a, b) => a.n - b.n).map((region) => region.id)
    if (!ids.length) return
    const at = ids.indexOf(this.#candidate)
    const begin = by > 0 ? 0 : ids.length - 1
    this.#candidate = at < 0 ? ids[begin] : ids[(at + by + ids.length) % ids.length]
    surface.hovered = this.#candidate
    surface.dispatchEvent(new CustomEvent('kite-reveal', { detail: { region: this.#candidate } }))
  }
}
