import { html } from 'lit'
import { DocumentMarks } from './document-marks.js'
import { emit } from './emit.js'
import { cycled } from './image-gestures.js'
import { hyperEnds } from './hyper-path.js'
import { ObjectElement } from './object-element.js'
import { fetchText } from './object-load.js'

/** An HTML document: cleaned, in a shadow root, with its stored regions highlighted. */
export class KiteHypertext extends ObjectElement {
  static properties = { ...ObjectElement.properties, text: { state: true } }

  constructor() {
    super()
    this.text = ''
  }
  /** @type {DocumentMarks | null} */
  #marks = null

  get #rich() {
    return /** @type {import('./kite-rich.js').KiteRich} */ (this.querySelector('kite-rich'))
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#marks?.stop()
    this.#marks = null
  }

  /** @param {import('./types.js').Source} source @param {AbortSignal} signal */
  async take(source, signal) {
    const text = source.text ?? (source.url ? await fetchText(source.url, signal, this.tell) : '')
    if (source.text === undefined && !signal.aborted) emit(this, { type: 'object_loaded', object: this.object.name, text })
    this.text = text
  }

  async laidOut() {
    await this.#rich.updateComplete
    await this.#rich.ready
    this.#paint()
  }

  /** @param {Map<string, any>} changed */
  updated(changed) {
    if (this.state.kind === 'shown' && (changed.has('view') || changed.has('layers') || changed.has('hovered'))) this.#paint()
  }

  #paint() {
    if (!this.view || !this.isConnected) return
    const root = this.#rich.document
    this.#marks ??= new DocumentMarks(/** @type {ShadowRoot} */ (this.#rich.renderRoot), ({ shape }) => {
      const ends = hyperEnds(root, shape)
      if (!ends) return null
      const range = document.createRange()
      range.setStart(ends.from, Math.min(ends.fromOffset, ends.from.data.length))
      range.setEnd(ends.to, Math.min(ends.toOffset, ends.to.data.length))
      return range
    })
    this.#marks.show(this.object.name, this.view, this.layers, this.hovered)
  }

  /** @param {string} id */
  reveal(id) {
    this.#marks?.reveal(id)
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const hits = this.#marks?.at(event.clientX, event.clientY) ?? []
    const selection = this.view?.selection ?? []
    if (hits.length) emit(this, { type: 'select', regions: [cycled(hits, selection)], add: event.shiftKey })
    else if (selection.length) emit(this, { type: 'select', regions: [], add: false })
  }

  body() {
    return html`<div class="sheet" tabindex="0" role="document" aria-label="Document" ?hidden=${this.state.kind === 'failed'} @click=${this.#click}>
      <div class="sheet-page"><kite-rich .html=${this.text} .links=${!!this.object.clickable_links} .plain=${!!this.object.inline}></kite-rich></div>
    </div>`
  }
}
