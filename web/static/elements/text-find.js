import { html } from 'lit'
import { newId } from '../app/ids.js'
import { emit } from './emit.js'
import { lazy } from './lazy.js'

/**
 * The search of one text: what it found, and what comes of it. The bar itself is fetched when it is first asked for.
 *
 * @typedef {object} FindTools
 * @property {() => string} text what is searched
 * @property {() => {sheet: HTMLElement, range: (start: number, end: number) => Range} | null} lines
 * @property {() => {start16: number, end16: number} | null} chosen words that are selected
 * @property {() => import('./span-index.js').Span | undefined} selected the selected span
 * @property {(offset: number) => void} show scrolls there
 * @property {() => void} redraw
 * @property {() => number | null} caret where the caret stands; null: not in the text
 * @property {() => Selection | null} [selection] the browser's, in a shadow root
 *
 * @typedef {import('lit').LitElement & {object: import('./types.js').PlanObject, readonly: boolean, unlabelled: string | null, searching: boolean}} FindHost
 */

const load = lazy('kite-text-search', () => import('./kite-text-search.js').then((module) => module.KiteTextSearch))
const NOTHING = Object.freeze({ found: [], now: -1 })

export class TextFind {
  /** @type {{found: readonly {start: number, end: number}[], now: number}} now: which of them is meant; -1: none */
  found = NOTHING

  /** @param {FindHost} host @param {FindTools} tools */
  constructor(host, tools) {
    this.host = host
    this.tools = tools
  }

  stop() {
    this.host.searching = false
    this.found = NOTHING
  }

  /** Looks for the words that are selected, or for what will be typed. */
  open() {
    const { host, tools } = this
    const [chosen, selected] = [tools.chosen(), tools.selected()]
    const words = chosen ? tools.text().slice(chosen.start16, chosen.end16) : (selected?.region.text ?? '')
    const from = chosen?.start16 ?? selected?.start ?? tools.caret() ?? 0 // before the bar takes the keyboard
    host.searching = true
    const typed = early()
    void load().then(() => host.updateComplete).then(() => {
      const bar = /** @type {import('./kite-text-search.js').KiteTextSearch | null} */ (host.querySelector('kite-text-search'))
      const begun = typed()
      bar?.open(begun || words, from, !!begun)
    }, typed)
  }

  /** @param {CustomEvent} event */
  #found({ detail: { found, now, go } }) {
    this.found = { found, now }
    if (go) this.tools.show(found[now].start)
    this.tools.redraw()
  }

  /** The place that was found last is selected, so that a label or Enter marks it. @param {CustomEvent} event */
  #close({ detail: { place } }) {
    this.stop()
    const lines = this.tools.lines()
    lines?.sheet.focus({ preventScroll: true })
    const range = place && lines?.range(place.start, place.end)
    if (range) (this.tools.selection?.() ?? document.getSelection())?.setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset)
    this.tools.redraw()
  }

  /** @param {CustomEvent} event */
  #markAll({ detail: { found } }) {
    const shapes = found.map((/** @type {{start: number, end: number}} */ { start, end }) => ({ start16: start, end16: end }))
    emit(this.host, { type: 'add_regions', object: this.host.object.name, regions: shapes.map(() => newId()), shapes })
  }

  /** @param {string} label the active one, in words */
  template(label) {
    const { host } = this
    return html`<kite-text-search .text=${this.tools.text()} .label=${label} ?marks=${!host.readonly && host.unlabelled !== null}
      @text-found=${(/** @type {CustomEvent} */ event) => this.#found(event)} @text-close=${(/** @type {CustomEvent} */ event) => this.#close(event)}
      @text-mark=${(/** @type {CustomEvent} */ event) => this.#markAll(event)}></kite-text-search>`
  }
}

/** Keeps what is typed before the bar is there. @returns {() => string} ends it, and says what was typed */
function early() {
  let text = ''
  const ended = new AbortController()
  document.addEventListener('keydown', (event) => {
    if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return
    text += event.key
    event.preventDefault()
    event.stopPropagation()
  }, { capture: true, signal: ended.signal })
  return () => {
    ended.abort()
    return text
  }
}
