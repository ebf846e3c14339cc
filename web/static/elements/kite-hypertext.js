import { html } from 'lit'
import { t } from '../app/texts.js'
import { DocumentMarker } from './document-marker.js'
import { DocumentText } from './document-text.js'
import { emit } from './emit.js'
import { hyperEnds } from './hyper-path.js'
import { ObjectElement } from './object-element.js'
import { fetchText } from './object-load.js'

/** @typedef {import('./document-marks.js').Place} Place */

/** An HTML document: cleaned, in a shadow root; what is selected in it becomes a region. The engine is told its text and text nodes, and
 * makes paths and offsets of them. */
export class KiteHypertext extends ObjectElement {
  static properties = { ...ObjectElement.properties, text: { state: true } }

  constructor() {
    super()
    /** the HTML */
    this.text = ''
  }
  /** @type {DocumentMarker | null} */
  #marker = null
  /** @type {AbortController | null} */
  #gone = null
  /** @type {DocumentText | null} */
  #shown = null
  /** where regions stand @type {WeakMap<object, Place | null>} */
  #places = new WeakMap()
  /** it was fetched: the engine does not have it */
  #fetched = false

  get #rich() {
    return /** @type {import('./kite-rich.js').KiteRich} */ (this.querySelector('kite-rich'))
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#gone?.abort()
    this.#marker = null
  }

  connectedCallback() {
    super.connectedCallback()
    if (this.#shown) this.#listen()
  }

  /** @param {import('./types.js').Source} source @param {AbortSignal} signal */
  async take(source, signal) {
    this.#fetched = source.text === undefined
    this.text = source.text ?? (source.url ? await fetchText(source.url, signal, this.tell) : '')
  }

  async laidOut() {
    await this.#rich.updateComplete
    await this.#rich.ready
    this.#places = new WeakMap()
    const shown = (this.#shown = new DocumentText(this.#rich.document))
    emit(this, { type: 'object_loaded', object: this.object.name, text: shown.text, nodes: shown.rows(), ...(this.#fetched ? { source: this.text } : {}) })
    if (this.#marker) this.#marker.renew()
    else this.#listen()
  }

  #listen() {
    this.#gone = new AbortController()
    this.#marker = new DocumentMarker({
      host: this, sheet: /** @type {HTMLElement} */ (this.querySelector('.sheet')), page: /** @type {HTMLElement} */ (this.querySelector('.sheet-page')),
      root: /** @type {ShadowRoot} */ (this.#rich.renderRoot), text: () => /** @type {DocumentText} */ (this.#shown), context: () => this.context, tool: 'hyperspan',
      placeOf: (region) => this.#placeOf(region), shapeOf: (place) => place,
    }, this.#gone.signal)
    this.#marker.sync()
  }

  /** What the engine says in paths and code points, in this document; a shape that is still an echo has the place itself.
   * @param {import('./types.js').Region} region @returns {Place | null} */
  #placeOf(region) {
    const known = this.#places.get(region)
    if (known !== undefined) return known
    const { shape } = region
    const text = /** @type {DocumentText} */ (this.#shown)
    const echoed = typeof shape.start16 === 'number' && (region.provisional || !shape.start) ? { start16: shape.start16, end16: shape.end16 } : null
    const ends = echoed ? null : hyperEnds(this.#rich.document, shape, () => text.nodes)
    const found = ends && { start16: text.startOf(ends.from) + ends.fromOffset, end16: text.startOf(ends.to) + ends.toOffset }
    const place = echoed ?? (found && found.start16 < found.end16 ? found : null)
    this.#places.set(region, place)
    return place
  }

  /** @param {Map<string, any>} changed */
  updated(changed) {
    if (this.state.kind === 'shown' && (changed.has('view') || changed.has('layers') || changed.has('hovered') || changed.has('names'))) this.#marker?.sync()
  }

  /** @param {string} id */
  reveal(id) {
    this.#marker?.reveal(id)
  }

  /** Moves the keyboard to the arcs of a region. @param {string} id */
  focusArc(id) {
    return this.#marker?.arcs.focusArc(id) ?? false
  }

  /** @param {string} id */
  rightToLeft(id) {
    return this.#marker?.rightToLeft(id) ?? false
  }

  body() {
    return html`<div class="sheet" tabindex="0" role="document" aria-label=${t('Document')} aria-description=${t('Arrow keys move the caret, with Shift they select, Enter marks the selection with the active label.')} ?hidden=${this.state.kind === 'failed'}>
      <div class="sheet-page is-marked"><kite-rich .html=${this.text} .links=${!!this.object.clickable_links} .plain=${!!this.object.inline}></kite-rich></div>
    </div>`
  }
}
