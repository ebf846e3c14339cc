import { html, nothing } from 'lit'
import { t } from '../app/texts.js'
import { DocumentMarker } from './document-marker.js'
import { DocumentText } from './document-text.js'
import { selectionIn } from './dom-selection.js'
import { emit } from './emit.js'
import { hyperEnds } from './hyper-path.js'
import { ObjectElement } from './object-element.js'
import { fetchText } from './object-load.js'
import { TextFind } from './text-find.js'

/** @typedef {import('./document-marks.js').Place} Place */

/** An HTML document: cleaned, in a shadow root; what is selected in it becomes a region. The engine is told its text and text nodes, and
 * makes paths and offsets of them. */
export class KiteHypertext extends ObjectElement {
  static properties = { ...ObjectElement.properties, text: { state: true }, searching: { state: true } }

  constructor() {
    super()
    /** the HTML */
    this.text = ''
    this.searching = false
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
  #finding = new TextFind(this, {
    text: () => this.#shown?.text ?? '', lines: () => (this.#shown ? { sheet: this.#sheet, range: (start, end) => /** @type {DocumentText} */ (this.#shown).range(start, end) } : null),
    chosen: () => this.#marker?.chosen() ?? null, selected: () => this.#marker?.selected(), show: (offset) => this.#marker?.show(offset), redraw: () => this.#drawFound(),
    caret: () => this.#marker?.focus ?? null, selection: () => selectionIn(/** @type {ShadowRoot} */ (this.#rich.renderRoot)),
  })

  get #rich() {
    return /** @type {import('./kite-rich.js').KiteRich} */ (this.querySelector('kite-rich'))
  }

  get #sheet() {
    return /** @type {HTMLElement} */ (this.querySelector('.sheet'))
  }

  /** Keys of labels while words wait for one; empty: they have none; null: nothing can be marked. */
  get unlabelled() {
    return this.context.unlabelled
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
    this.#finding.stop()
    this.#places = new WeakMap()
    const shown = (this.#shown = new DocumentText(this.#rich.document))
    emit(this, { type: 'object_loaded', object: this.object.name, text: shown.text, nodes: shown.rows(), ...(this.#fetched ? { source: this.text } : {}) })
    if (this.#marker) this.#marker.renew()
    else this.#listen()
  }

  #listen() {
    this.#gone = new AbortController()
    this.#marker = new DocumentMarker({
      host: this, sheet: this.#sheet, page: /** @type {HTMLElement} */ (this.querySelector('.sheet-page')),
      root: /** @type {ShadowRoot} */ (this.#rich.renderRoot), text: () => /** @type {DocumentText} */ (this.#shown), context: () => this.context, tool: 'hyperspan',
      placeOf: (region) => this.#placeOf(region), shapeOf: (place) => place, widened: (place, clicks) => ({ ...place, unit: clicks === 3 ? 'sentence' : 'paragraph' }),
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

  /** Looks for words: those that are selected, or what will be typed. */
  find() {
    this.#finding.open()
  }

  #drawFound() {
    const { found, now } = this.#finding.found
    const places = found.map(({ start, end }) => ({ start16: start, end16: end }))
    this.#marker?.showFound(now < 0 ? places : [places[now], ...places.toSpliced(now, 1)])
  }

  /** The label that the next marked words get, in words. */
  get #activeLabel() {
    const { controls, view, object } = this.context
    return view.tools[object.name]?.tool === 'hyperspan' ? controls.flatMap(({ name }) => view.active[name] ?? []).join(', ') : ''
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
    </div>
    ${this.searching ? this.#finding.template(this.#activeLabel) : nothing}`
  }
}
