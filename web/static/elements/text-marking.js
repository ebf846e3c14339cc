import { newId } from '../app/ids.js'
import { emit } from './emit.js'
import { missed, refused, withoutSpace } from './marked-words.js'

/**
 * Words that are selected in a text become spans: with the active label at once, else with the one that is picked next.
 *
 * @typedef {HTMLElement & {object: import('./types.js').PlanObject, view: import('./types.js').View | undefined, readonly: boolean, unlabelled: string | null,
 *   labels: readonly import('./text-hint.js').TextLabel[], hint: {x: number, y: number} | null}} MarkingHost
 */

const EDGE = 30 // pixels that are kept below
const HINT_ROOM = 120 // and beside

export class TextMarking {
  /** the span that clicks have made last: more clicks widen it; wide: they have @type {{id: string, shape: {start16: number, end16: number}, gesture: string, wide?: boolean} | null} */
  #clicked = null

  /** @param {MarkingHost} host @param {() => import('./text-lines.js').TextLines | null} lines */
  constructor(host, lines) {
    this.host = host
    this.lines = lines
  }

  /** What the browser has selected in this text. @returns {{start16: number, end16: number} | null} */
  chosen() {
    const selection = document.getSelection()
    if (!selection?.rangeCount || selection.isCollapsed) return null
    const range = selection.getRangeAt(0)
    const lines = this.lines()
    if (!lines?.sheet.contains(range.commonAncestorContainer)) return null
    const start16 = lines.offsetOf(range.startContainer, range.startOffset)
    const end16 = lines.offsetOf(range.endContainer, range.endOffset)
    return start16 === null || end16 === null || start16 >= end16 ? null : { start16, end16 }
  }

  /** There is a label for the next span. */
  get ready() {
    const { host } = this
    return !host.readonly && host.view?.tools[host.object.name]?.tool === 'span'
  }

  /** @returns {string} the label that the next span gets, in words */
  get activeLabel() {
    if (!this.ready) return ''
    const active = this.host.view?.active ?? {}
    return this.host.labels.filter(({ control, option }) => active[control]?.includes(option.stored)).map(({ option }) => option.text).join(', ')
  }

  /** Marks what is selected. @param {number} clicks that selected it: three take the sentence of the word that two have marked, four its paragraph */
  mark(clicks = 1) {
    const { host } = this
    const shape = this.chosen()
    if (!shape || host.readonly) return
    if (missed(this.lines()?.text ?? '', shape, clicks)) return document.getSelection()?.collapseToEnd()
    if (!this.ready) return this.#askForLabel()
    const before = this.#clicked
    if (clicks > 2 && before) {
      document.getSelection()?.collapseToEnd()
      const wide = { ...before.shape, unit: clicks === 3 ? 'sentence' : 'paragraph' }
      if (before.wide || !refused(host.view)) emit(host, { type: 'edit_region', region: before.id, shape: wide, gesture: before.gesture })
      else this.#clicked = { ...before, wide: true, id: this.#emit(wide, before.gesture) } // the word was marked before
    } else this.#add(shape, clicks === 2)
  }

  /** @param {{start16: number, end16: number}} chosen @param {boolean} [clicked] by two clicks: more of them would widen it */
  #add(chosen, clicked = false) {
    const { host } = this
    const shape = withoutSpace(this.lines()?.text ?? '', chosen)
    const gesture = clicked ? `clicks-${newId()}` : ''
    host.hint = null
    host.classList.remove('has-selection')
    document.getSelection()?.collapseToEnd()
    const id = this.#emit(shape, gesture)
    this.#clicked = clicked ? { id, shape, gesture } : null
  }

  /** @param {any} shape of a new span @param {string} gesture that more clicks may join; empty: none @returns {string} its id */
  #emit(shape, gesture) {
    const region = newId()
    emit(this.host, { type: 'add_region', region, object: this.host.object.name, shape, ...(gesture ? { gesture } : {}) })
    return region
  }

  /** Words are selected and no label is active: whoever picks one now marks them. */
  #askForLabel() {
    const { host } = this
    const box = document.getSelection()?.getRangeAt(0).getBoundingClientRect()
    if (host.unlabelled === null || !box) return
    this.#unselect() // the label is for these words, not for a span selected before
    const own = host.getBoundingClientRect()
    const x = Math.max(box.left + box.width / 2 - own.left, Math.min(HINT_ROOM, own.width / 2))
    host.hint = { x: Math.min(x, Math.max(own.width - HINT_ROOM, own.width / 2)), y: Math.min(box.bottom - own.top, own.height - EDGE) }
  }

  #unselect() {
    if (this.host.view?.selection.length) emit(this.host, { type: 'select', regions: [], add: false })
  }

  /**
   * A label is picked while words are selected: it is for them, whatever span is selected and whether or not it is active already. The words
   * as they are now: who writes fast has moved on when the label is seen to be active.
   * @param {CustomEvent} event
   */
  heard(event) {
    const { host } = this
    const { type, control, label } = event.detail
    const shape = type === 'pick_label' && !host.readonly && host.labels.some((one) => one.control === control) ? this.chosen() : null
    if (!shape || host.view?.full?.[control]?.includes(label)) return
    if (this.ready && host.view?.active[control]?.includes(label)) event.stopImmediatePropagation()
    else this.#unselect()
    queueMicrotask(() => this.#add(shape)) // the engine gets it after the label
  }

  /** The selection of the browser has moved. */
  moved() {
    if (this.host.classList.contains('has-selection')) this.offer()
    if (this.host.hint && !this.chosen()) this.host.hint = null
  }

  /** Fingers adjust a selection before it is marked: a button stands by, or the labels. */
  offer() {
    const { host } = this
    const offered = !host.readonly && host.unlabelled !== null && !!this.chosen()
    host.classList.toggle('has-selection', offered && this.ready)
    if (offered && !this.ready) this.#askForLabel()
  }
}
