import { LitElement, html, nothing } from 'lit'
import { newId } from '../app/ids.js'
import { emit } from './emit.js'
import { hovers } from './hovered.js'
import { cycled } from './image-gestures.js'
import { SpanIndex } from './span-index.js'
import { styled } from './styled.js'
import { TextCaret } from './text-caret.js'
import { TextProblem, loadText } from './text-load.js'
import { TextLines } from './text-lines.js'
import { drawNames } from './text-names.js'
import { TextPaint } from './text-paint.js'

/** @typedef {import('./span-index.js').Span} Span */

const LINE = 30 // pixels of one line: so far from the edges is a span that is shown
const CLICK = 5 // pixels that the pointer may move during a click
const HINT_ROOM = 90 // pixels kept to the left
const LEAST = 160 // pixels of a long text that are always shown

/** A text with spans: one text node per chunk, spans painted by the browser, selections turned into intents. */
export class KiteText extends LitElement {
  static properties = {
    object: { attribute: false }, source: { attribute: false }, view: { attribute: false }, layers: { attribute: false },
    names: { attribute: false }, hovered: { attribute: false }, readonly: { type: Boolean }, nameOf: { attribute: false }, unlabelled: { attribute: false },
    state: { state: true }, hint: { state: true },
  }

  constructor() {
    super()
    /** @type {import('./types.js').PlanObject} */
    this.object = { name: '', type: 'text' }
    /** @type {{text?: string, url?: string, problem?: import('./types.js').Problem} | undefined} this object in the Display */
    this.source = undefined
    /** @type {import('./types.js').View | undefined} */
    this.view = undefined
    /** @type {import('./types.js').Layer[]} */
    this.layers = []
    this.names = true
    this.hovered = ''
    this.readonly = false
    /** @type {(region: import('./types.js').Region) => string} */
    this.nameOf = (region) => region.labels.join(', ')
    /** @type {{kind: 'empty' | 'loading' | 'shown'} | {kind: 'failed', problem: import('./types.js').Problem}} */
    this.state = { kind: 'empty' }
    /** keys of the labels, for those who select without one; null: there are no labels @type {string | null} */
    this.unlabelled = null
    /** @type {{x: number, y: number, text: string} | null} said under a selection that waits for its label */
    this.hint = null
    this.text = ''
    /** @type {Promise<void>} the text is painted, or it is said why not */
    this.ready = Promise.resolve()
  }
  /** @type {() => void} */
  #painted = () => {}
  /** @type {TextLines | null} */
  #lines = null
  #index = new SpanIndex({}, '')
  /** @type {{layer: import('./types.js').Layer, index: SpanIndex}[]} */
  #others = []
  /** @type {TextPaint | null} */
  #paint = null
  /** @type {AbortController | null} */
  #gone = null
  #frame = 0
  /** @type {{x: number, y: number, touch: boolean} | null} where a press began */
  #press = null
  #loaded = 0
  /** @type {TextCaret | null} */
  #caret = null

  createRenderRoot() {
    return this
  }

  connectedCallback() {
    super.connectedCallback()
    this.#gone = new AbortController()
    this.#paint = new TextPaint()
    const { signal } = this.#gone
    document.addEventListener('selectionchange', () => this.#selectionMoved(), { signal })
    if (this.hasUpdated) this.#listen()
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#gone?.abort()
    this.#paint?.stop()
    this.#lines?.stop()
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
  }

  firstUpdated() {
    const mark = /** @type {HTMLElement} */ (this.querySelector('.text-caret'))
    const lines = (this.#lines = new TextLines(/** @type {HTMLElement} */ (this.querySelector('.text-lines')), this.#sheet, () => this.#ask()))
    this.#caret = new TextCaret(this.#sheet, mark, (node) => lines.has(node), () => lines.first)
    this.#listen()
  }

  #listen() {
    const signal = this.#gone?.signal
    const sheet = this.#sheet
    sheet.addEventListener('pointerdown', (event) => {
      this.#press = { x: event.clientX, y: event.clientY, touch: event.pointerType === 'touch' }
      sheet.classList.add('is-pointed') // no focus ring for a hand on the mouse, whatever keys it presses
    }, { signal })
    sheet.addEventListener('blur', () => sheet.classList.remove('is-pointed'), { signal })
    sheet.addEventListener('pointercancel', () => this.#offer(), { signal })
    sheet.addEventListener('pointermove', (event) => this.#hover(event), { signal })
    sheet.addEventListener('pointerleave', () => this.#sendHover(''), { signal })
    sheet.addEventListener('keydown', (event) => this.#key(event), { signal })
    // The button may be let go outside the text.
    document.addEventListener('mouseup', (event) => this.#up(event), { signal })
    const resized = new ResizeObserver(() => this.#measure())
    resized.observe(sheet)
    resized.observe(/** @type {Element} */ (sheet.firstElementChild))
    signal?.addEventListener('abort', () => resized.disconnect())
    if (this.text) this.#layOut()
  }

  get #sheet() {
    return /** @type {HTMLElement} */ (this.querySelector('.text-sheet'))
  }

  /** @param {Map<string, any>} changed */
  willUpdate(changed) {
    if (!changed.has('source') || !this.source) return
    this.ready = new Promise((done) => { this.#painted = done })
    queueMicrotask(() => this.#load())
  }

  /** @param {Map<string, any>} changed */
  updated(changed) {
    if (this.state.kind !== 'shown') return
    if (this.hint && this.#tool === 'span') this.markSelection() // it has got its label now
    if (changed.has('view') || changed.has('layers')) this.#sync()
    else if (changed.has('hovered') || changed.has('names')) this.#ask()
  }

  /** @param {string} id */
  reveal(id) {
    const span = this.#index.spans.find((one) => one.id === id)
    if (!span) return
    this.#lines?.elementAt(span.start).scrollIntoView({ block: 'nearest' }) // lays a far chunk out, so that the span has a place
    requestAnimationFrame(() => {
      const box = this.#range(span.start, Math.min(span.end, span.start + 1)).getBoundingClientRect()
      const sheet = this.#sheet.getBoundingClientRect()
      if (box.top < sheet.top + LINE || box.bottom > sheet.bottom - LINE) this.#sheet.scrollTop += box.top - sheet.top - sheet.height / 3
    })
  }

  // ---- the text ----

  async #load() {
    const turn = ++this.#loaded
    const source = this.source
    if (source?.url && source.text === undefined) this.state = { kind: 'loading' }
    try {
      const text = await loadText(source, this.#gone?.signal)
      if (turn !== this.#loaded) return
      this.text = text
      this.state = { kind: 'shown' }
      if (source?.text === undefined) emit(this, { type: 'object_loaded', object: this.object.name, text })
    } catch (error) {
      if (turn !== this.#loaded) return
      if (!(error instanceof TextProblem)) throw error
      return this.#fail(error.problem)
    }
    await this.updateComplete
    if (turn !== this.#loaded) return
    this.#layOut()
    this.#painted()
  }

  /** @param {import('./types.js').Problem} problem */
  #fail(problem) {
    this.state = { kind: 'failed', problem }
    this.#painted()
  }

  #layOut() {
    this.#lines?.show(this.text)
    this.#sync()
  }

  /** @param {number} start @param {number} end UTF-16 offsets of the whole text */
  #range(start, end) {
    return /** @type {TextLines} */ (this.#lines).range(start, end)
  }

  /** @param {Node | null} node @param {number} offset */
  #offsetOf(node, offset) {
    return this.#lines?.offsetOf(node, offset) ?? null
  }

  // ---- painting ----

  #sync() {
    if (!this.view) return
    this.#index = new SpanIndex(this.view.regions, this.object.name)
    this.#others = this.layers.map((layer) => ({ layer, index: new SpanIndex(layer.view.regions, this.object.name) }))
    this.#ask()
  }

  /** A short text needs no room to scroll in: its frame may shrink to LEAST, or to the text itself if that is lower. */
  #measure() {
    const page = /** @type {HTMLElement} */ (this.#sheet.firstElementChild)
    const bar = this.parentElement?.querySelector('.bar')?.clientHeight ?? 0
    this.parentElement?.style.setProperty('--least', `${bar + Math.min(LEAST, page.offsetHeight + 2)}px`)
    this.#ask()
  }

  #ask() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0
      this.#draw()
    })
  }

  #draw() {
    const lines = this.#lines
    if (!lines?.chunks.length || !this.isConnected) return
    /** @type {Parameters<TextPaint['paint']>[0]} */
    const marks = []
    /** @type {Map<string, Span>} */
    const seen = new Map()
    const selection = new Set(this.view?.selection)
    for (const at of [...lines.near].sort((a, b) => a - b)) {
      const { start, end } = lines.chunks[at]
      for (const span of this.#index.over(start, end)) {
        if (span.start >= this.text.length) continue
        if (!seen.has(span.id)) seen.set(span.id, span)
        const look = selection.has(span.id) ? 'selected' : hovers(this.hovered, span.id) ? 'hovered' : span.region.provisional ? 'pending' : 'plain'
        marks.push({ color: this.object.highlight_color || span.region.color, level: span.level, look, range: lines.part(at, span) })
      }
      for (const { layer, index } of this.#others) {
        for (const span of index.over(start, end)) marks.push({ color: layer.color, level: span.level, look: 'other', range: lines.part(at, span) })
      }
    }
    this.#paint?.paint(marks)
    this.#drawNames([...seen.values()])
  }

  /** @param {Span[]} spans in sight */
  #drawNames(spans) {
    const shown = this.names && this.object.show_labels !== false ? spans : []
    drawNames(/** @type {HTMLElement} */ (this.querySelector('.text-names')), this.#sheet.getBoundingClientRect(), shown.map((span) => ({
      text: this.nameOf(span.region), color: span.region.color, first: () => this.#range(span.start, Math.min(span.start + 1, this.text.length)).getClientRects()[0],
    })))
  }

  #selectionMoved() {
    this.#caret?.draw()
    if (this.classList.contains('has-selection')) this.#offer()
    if (this.hint && !this.#chosen()) this.hint = null
  }

  // ---- pointers ----

  /** @param {MouseEvent} event */
  #up(event) {
    const press = this.#press
    this.#press = null
    if (!press || event.button) return
    // The browser settles the selection of a click after mouseup.
    setTimeout(() => {
      const chosen = this.#chosen()
      if (chosen && press.touch) this.#offer()
      else if (chosen) this.markSelection()
      else if (event.detail < 2 && Math.hypot(event.clientX - press.x, event.clientY - press.y) < CLICK) this.#click(event)
    })
  }

  /** Fingers adjust a selection before it is marked: a button stands by. */
  #offer() {
    this.classList.toggle('has-selection', !this.readonly && this.unlabelled !== null && !!this.#chosen())
  }

  /** What the browser has selected in this text. @returns {{start16: number, end16: number} | null} */
  #chosen() {
    const selection = document.getSelection()
    if (!selection?.rangeCount || selection.isCollapsed) return null
    const range = selection.getRangeAt(0)
    if (!this.#sheet.contains(range.commonAncestorContainer)) return null
    const start16 = this.#offsetOf(range.startContainer, range.startOffset)
    const end16 = this.#offsetOf(range.endContainer, range.endOffset)
    return start16 === null || end16 === null || start16 >= end16 ? null : { start16, end16 }
  }

  get #tool() {
    return (this.readonly ? undefined : this.view?.tools[this.object.name])?.tool ?? 'select'
  }

  /** Marks what is selected now with the active label. */
  markSelection() {
    const chosen = this.#chosen()
    if (!chosen || this.readonly) return
    if (this.#tool !== 'span') return this.#askForLabel()
    this.hint = null
    this.classList.remove('has-selection')
    emit(this, { type: 'add_region', region: newId(), object: this.object.name, shape: chosen })
    document.getSelection()?.collapseToEnd()
  }

  /** Words are selected and no label is active: whoever picks one now marks them. */
  #askForLabel() {
    const box = document.getSelection()?.getRangeAt(0).getBoundingClientRect()
    if (this.unlabelled === null || !box) return
    if (this.view?.selection.length) emit(this, { type: 'select', regions: [], add: false }) // the label is for these words, not for a span selected before
    const own = this.getBoundingClientRect()
    this.hint = { x: Math.max(box.left + box.width / 2 - own.left, HINT_ROOM), y: box.bottom - own.top, text: `Pick a label for it${this.unlabelled ? ` (${this.unlabelled})` : ''}` }
  }

  /** @param {MouseEvent} event @returns {Span[]} spans under the pointer */
  #under(event) {
    const place = document.caretPositionFromPoint?.(event.clientX, event.clientY)
    const offset = place && this.#sheet.contains(place.offsetNode) ? this.#offsetOf(place.offsetNode, place.offset) : null
    if (offset === null) return []
    // A caret stands between two letters: take the one whose box the pointer is in.
    for (const at of [offset, offset - 1]) {
      if (at < 0 || at >= this.text.length) continue
      const box = this.#range(at, at + 1).getBoundingClientRect()
      if (event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top - 3 && event.clientY <= box.bottom + 3) return this.#index.at(at)
    }
    return []
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const hits = this.#under(event).map((span) => span.id)
    const selection = this.view?.selection ?? []
    this.classList.remove('has-selection')
    if (hits.length) emit(this, { type: 'select', regions: [event.shiftKey ? hits[0] : cycled(hits, selection)], add: event.shiftKey })
    else if (selection.length) emit(this, { type: 'select', regions: [], add: false })
  }

  /** @param {PointerEvent} event */
  #hover(event) {
    if (event.buttons || event.pointerType === 'touch') return
    const [span] = this.#under(event)
    this.#sheet.title = span ? this.nameOf(span.region) : ''
    this.#sendHover(span?.id ?? '')
  }

  /** @param {string} id */
  #sendHover(id) {
    if (id !== this.hovered) this.dispatchEvent(new CustomEvent('kite-hover', { detail: { region: id }, bubbles: true }))
  }

  // ---- keys: a caret, as in an editor; Enter marks what is selected ----

  /** @param {KeyboardEvent} event */
  #key(event) {
    const selection = document.getSelection()
    if (!selection) return
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
      if (this.#chosen()) this.markSelection()
      else {
        const at = this.#offsetOf(selection.focusNode, selection.focusOffset)
        const hits = at === null ? [] : this.#index.at(at).map((span) => span.id)
        if (!hits.length) return
        emit(this, { type: 'select', regions: [cycled(hits, this.view?.selection ?? [])], add: false })
      }
    } else if (event.key === 'Escape' && !selection.isCollapsed) selection.collapseToEnd()
    else if (!this.#caret?.key(event)) return
    this.#sheet.classList.remove('is-pointed')
    event.preventDefault()
  }

  render() {
    const { state } = this
    return html`<div class="text-sheet" tabindex="0" role="document" aria-label="Text"
        aria-description="Arrow keys move the caret, with Shift they select, Enter marks the selection with the active label."
        ?hidden=${state.kind === 'failed'} @focus=${() => this.#caret?.draw()} @blur=${() => this.#caret?.draw()}>
        <div class="text-page">
          <div class="text-lines"></div>
          <div class="text-names" aria-hidden="true"></div>
          <div class="text-caret" aria-hidden="true" hidden></div>
        </div>
      </div>
      <button class="button button-primary text-mark" type="button" @click=${() => this.markSelection()}>Mark the selection</button>
      ${this.hint ? html`<p class="text-hint" role="status" style=${styled({ left: `${this.hint.x}px`, top: `${this.hint.y}px` })}>${this.hint.text}</p>` : nothing}
      ${state.kind === 'loading' ? html`<p class="text-message" role="status">Loading the text …</p>` : nothing}
      ${state.kind === 'failed' ? this.#renderProblem(state.problem) : nothing}`
  }

  /** @param {import('./types.js').Problem} problem */
  #renderProblem(problem) {
    return html`<div class="text-message" role="alert">
      <kite-icon name="problem"></kite-icon>
      <p><strong>${problem.message}</strong>${problem.where ? html`<br /><span class="muted">From ${problem.where}</span>` : nothing}</p>
      ${problem.hint ? html`<p>${problem.hint}</p>` : nothing}
      ${this.source?.url ? html`<button class="button" type="button" @click=${() => this.#load()}>Try again</button>` : nothing}
    </div>`
  }
}
