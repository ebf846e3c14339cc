import { html, nothing } from 'lit'
import { newId } from '../app/ids.js'
import { rich, t } from '../app/texts.js'
import { emit } from './emit.js'
import { eventNames, isTyping } from './keys.js'
import { styled } from './styled.js'

/** Keys that look for the second region, and how far they go. @type {Record<string, number>} */
const STEPS = { down: 1, right: 1, 'alt+.': 1, 'alt+period': 1, up: -1, left: -1, 'alt+,': -1 }

/** Labels that have a digit. */
const KEYED = 9

/** Labels that a relation of this task may have. @param {import('./kite-surface.js').KiteSurface} surface @returns {readonly import('./types.js').Option[]} */
const labelsOf = (surface) => surface.display?.relations ?? []

/**
 * Relates two regions: after `start` the next region that is selected, in the list or on the data, is the second one. It listens to what
 * the surface is about to tell, and turns that select into a `relate`. With the keyboard: arrows look for it, from the first region
 * outwards; Enter takes it, a digit takes it with that label of the config's Relations, Esc ends.
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

  /** @param {string} to nothing: a press beside everything @param {string} [label] that the relation gets */
  #pick(to, label) {
    const from = this.surface.relating
    if (to === from) return
    this.cancel()
    if (!to) return
    const ends = { from, to, gesture: newId() } // both in one undo step
    emit(this.surface, { type: 'relate', ...ends })
    if (label !== undefined) emit(this.surface, { type: 'set_relation', ...ends, labels: [label] })
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { surface } = this
    if (!surface.relating || !surface.keys || event.isComposing || isTyping(event.target) || document.querySelector('dialog[open]')) return
    const names = eventNames(event)
    const name = names.find((one) => one in STEPS)
    const digit = Number(names.find((one) => /^[1-9]$/.test(one)) ?? 0)
    const label = digit ? labelsOf(surface)[digit - 1] : undefined
    if (names.includes('escape')) this.cancel()
    else if (names.includes('enter') || names.includes('space')) {
      const pressed = /** @type {HTMLElement} */ (event.target).closest?.('button, a, summary')
      if (!this.#candidate || (pressed && !pressed.matches('.relation-start'))) return
      this.#pick(this.#candidate)
    } else if (label && this.#candidate) this.#pick(this.#candidate, label.stored)
    else if (name) this.#step(STEPS[name])
    else if (label) this.#step(1) // which one is not said yet: shows the next one, a second press takes it
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  /** @param {number} by */
  #step(by) {
    const { surface } = this
    const ids = Object.values(surface.shown.regions).filter((region) => region.id === surface.relating || !region.hidden).sort((a, b) => a.n - b.n).map((region) => region.id)
    if (ids.length < 2) return
    let at = ids.indexOf(this.#candidate || surface.relating)
    do at = (at + by + ids.length) % ids.length
    while (ids[at] === surface.relating)
    this.#candidate = ids[at]
    surface.hovered = this.#candidate
    surface.dispatchEvent(new CustomEvent('kite-reveal', { detail: { region: this.#candidate } }))
  }
}

/** What stands over the data while a second region is looked for. @param {import('./kite-surface.js').KiteSurface} surface @param {string} name of the first region */
export function relatingHint(surface, name) {
  const labels = labelsOf(surface).slice(0, KEYED)
  return html`<div class="relating" role="status">
    <p class="relating-line"><kite-icon name="link"></kite-icon><span>${rich('Relate {name} to which region? Press it in the list or on the data.', { name: html`<strong>${name}</strong>` })}</span>
      <span class="relating-keys"><kbd class="kbd">↑</kbd><kbd class="kbd">↓</kbd><kbd class="kbd">Enter</kbd><kbd class="kbd">Esc</kbd></span></p>
    ${labels.length ? html`<p class="relating-line relating-labels"><span>${t('With a label at once:')}</span>${labels.map((label, at) => html`<span class="relating-keys" style=${styled({ '--swatch': label.color ?? '' })}><kbd class="kbd">${at + 1}</kbd>${label.text}</span>`)}</p>` : nothing}</div>`
}
