import { cycled } from './image-gestures.js'

/**
 * Mouse, pen and finger on a text. The browser selects; here it is found out what was meant: words to mark, or a click on a span.
 *
 * @typedef {object} PointerHost
 * @property {() => boolean} chosen whether words of this text are selected
 * @property {(clicks: number) => void} mark two clicks: the word that the browser has selected, three: its sentence, four: its paragraph
 * @property {() => void} offer a finger has selected and may go on: a button stands by
 * @property {(x: number, y: number) => import('./span-index.js').Span[]} under spans at a point of the window, the shortest first
 * @property {() => string[]} selection ids of selected regions
 * @property {(ids: string[], add: boolean) => void} select
 * @property {(spans: import('./span-index.js').Span[]) => void} hover
 */

const CLICK = 5 // pixels that the pointer may move during a click

export class TextPointer {
  /** @type {{x: number, y: number, touch: boolean} | null} where a press began */
  #press = null
  #presses = 0
  /** the last press was a finger's: what it selects is adjusted before it is marked */
  touching = false

  /** @param {HTMLElement} sheet @param {PointerHost} host @param {AbortSignal} signal ends listening */
  constructor(sheet, host, signal) {
    this.sheet = sheet
    this.host = host
    sheet.addEventListener('pointerdown', (event) => {
      this.#press = { x: event.clientX, y: event.clientY, touch: event.pointerType === 'touch' }
      this.#presses += 1
      this.touching = event.pointerType === 'touch'
      sheet.classList.add('is-pointed') // no focus ring for a hand on the mouse, whatever keys it presses
    }, { signal })
    sheet.addEventListener('blur', () => sheet.classList.remove('is-pointed'), { signal })
    sheet.addEventListener('pointercancel', () => host.offer(), { signal })
    sheet.addEventListener('pointermove', (event) => {
      if (!event.buttons && event.pointerType !== 'touch') host.hover(host.under(event.clientX, event.clientY))
    }, { signal })
    sheet.addEventListener('pointerleave', () => host.hover([]), { signal })
    // The button may be let go outside the text.
    document.addEventListener('mouseup', (event) => this.#up(event), { signal })
  }

  /** @param {MouseEvent} event */
  #up(event) {
    const press = this.#press
    this.#press = null
    if (!press || event.button) return
    const moved = Math.hypot(event.clientX - press.x, event.clientY - press.y) >= CLICK
    if (!press.touch && (moved || event.detail > 1) && this.host.chosen()) return this.host.mark(event.detail)
    // The browser settles the selection of a click after mouseup.
    const turn = this.#presses
    setTimeout(() => {
      if (turn !== this.#presses) return // the first of two clicks: what is selected by now is the second one's
      const chosen = this.host.chosen()
      if (chosen && press.touch) this.host.offer()
      else if (chosen) this.host.mark(event.detail)
      else if (event.detail < 2 && !moved) this.#click(event)
    })
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const hits = this.host.under(event.clientX, event.clientY).map(({ id }) => id)
    const selection = this.host.selection()
    if (hits.length) this.host.select([event.shiftKey ? hits[0] : cycled(hits, selection)], event.shiftKey)
    else if (selection.length) this.host.select([], false)
  }
}
