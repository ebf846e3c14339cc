import { LitElement, html, nothing } from 'lit'
import { t, told } from '../app/texts.js'
import { loadArcs } from './arcs-load.js'
import { placeAt } from './dom-selection.js'
import { emit } from './emit.js'
import { hoveredOf } from './hovered.js'
import { cycled } from './image-gestures.js'
import { ownSettings, settingsChanged } from './own-settings.js'
import { SpanIndex } from './span-index.js'
import { TextCaret } from './text-caret.js'
import './text-commands.js'
import { TextFind } from './text-find.js'
import { TextHandles } from './text-handles.js'
import { textHint } from './text-hint.js'
import { TextProblem, loadText } from './text-load.js'
import { TextLines } from './text-lines.js'
import { TextMarking } from './text-marking.js'
import { rightToLeft } from './text-names.js'
import { TextPointer } from './text-pointer.js'
import { TextScene } from './text-scene.js'

/** @typedef {import('./span-index.js').Span} Span */

const EDGE = 30 // pixels: so far from the edges is a span that is shown
const TALL = 1.875 // height of a line in letters; surface.css has the same number
const LEAST = 160 // pixels of a long text that are always shown

/** A text with spans: one text node per chunk, spans painted by the browser, selections turned into intents. */
export class KiteText extends LitElement {
  static properties = {
    object: { attribute: false }, source: { attribute: false }, view: { attribute: false }, layers: { attribute: false },
    names: { attribute: false }, hovered: { attribute: false }, readonly: { type: Boolean }, nameOf: { attribute: false }, unlabelled: { attribute: false },
    labels: { attribute: false }, relationLabels: { attribute: false }, manyLabels: { type: Boolean }, state: { state: true }, hint: { state: true }, searching: { state: true },
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
    /** labels that words may get @type {readonly import('./text-hint.js').TextLabel[]} */
    this.labels = []
    /** labels that relations may have @type {import('./types.js').Option[]} */
    this.relationLabels = []
    this.manyLabels = false
    /** @type {{x: number, y: number} | null} under a selection that waits for its label */
    this.hint = null
    this.searching = false
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
  /** what the index has followed @type {{regions: unknown, edition: unknown}} */
  #followed = { regions: null, edition: null }
  /** layers that `#others` was made of @type {unknown} */
  #layered = null
  /** where the caret was last scrolled to @type {number | null} */
  #seenAt = null
  /** @type {TextScene | null} */
  #scene = null
  /** @type {AbortController | null} */
  #gone = null
  #frame = 0
  #loaded = 0
  /** @type {TextCaret | null} */
  #caret = null
  /** @type {TextHandles | null} */
  #handles = null
  /** @type {TextPointer | null} */
  #pointer = null
  /** @type {{id: string, start: number, end: number} | null} a span whose border is being pulled */
  #pulled = null
  #marking = new TextMarking(this, () => this.#lines)
  #finding = new TextFind(this, {
    text: () => this.text, lines: () => this.#lines, chosen: () => this.#marking.chosen(), selected: () => (this.view?.selection.length === 1 ? this.#index.byId.get(this.view.selection[0]) : undefined),
    show: (offset) => this.#show(offset), redraw: () => this.#ask(), caret: () => this.#caretAt,
  })

  createRenderRoot() {
    return this
  }

  connectedCallback() {
    super.connectedCallback()
    this.#gone = new AbortController()
    const { signal } = this.#gone
    document.addEventListener('selectionchange', () => this.#selectionMoved(), { signal })
    settingsChanged.addEventListener('change', () => this.#look(), { signal })
    this.closest('kite-surface')?.addEventListener('kite-intent', (event) => this.#marking.heard(/** @type {CustomEvent} */ (event)), { signal, capture: true })
    if (this.hasUpdated) this.#listen()
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#gone?.abort()
    this.#scene?.stop()
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
  }

  firstUpdated() {
    const mark = /** @type {HTMLElement} */ (this.querySelector('.text-caret'))
    const lines = (this.#lines = new TextLines(/** @type {HTMLElement} */ (this.querySelector('.text-lines')), this.#sheet, () => this.#ask()))
    this.#caret = new TextCaret(this.#sheet, mark, (node) => lines.has(node), { first: () => lines.first, last: () => lines.last })
    this.#listen()
  }

  #listen() {
    const signal = /** @type {AbortController} */ (this.#gone).signal
    const sheet = this.#sheet
    this.#lines?.listen(signal)
    this.#scene = new TextScene(this.#page, /** @type {TextLines} */ (this.#lines))
    this.#pointer = new TextPointer(sheet, {
      chosen: () => !!this.#marking.chosen(), mark: (clicks) => this.#marking.mark(clicks), offer: () => this.#marking.offer(), under: (x, y) => this.#under(x, y),
      selection: () => this.view?.selection ?? [],
      select: (regions, add) => {
        this.classList.remove('has-selection')
        emit(this, { type: 'select', regions, add })
      },
      hover: (spans) => this.#hover(spans),
    }, signal)
    this.#handles = new TextHandles(this.#page, {
      offsetAt: (x, y) => this.#offsetAt(x, y), regionAt: (x, y) => this.#under(x, y).find(({ id }) => id !== this.view?.selection[0])?.id ?? '',
      pull: (id, start, end) => {
        this.#pulled = start < 0 ? null : { id, start, end }
        this.#ask()
      },
      pulled: (id, start16, end16) => emit(this, { type: 'edit_region', region: id, shape: { start16, end16 } }),
      aim: (id, over) => this.#sendHover(over ? hoveredOf([id, over]) : id),
      aimed: (id, over) => { if (over) emit(this, { type: 'relate', from: id, to: over }) },
    }, signal)
    sheet.addEventListener('keydown', (event) => this.#key(event), { signal })
    const resized = new ResizeObserver(() => this.#measure())
    resized.observe(sheet)
    resized.observe(this.#page)
    signal.addEventListener('abort', () => resized.disconnect())
    this.#look()
    if (this.text) this.#layOut()
  }

  get #sheet() {
    return /** @type {HTMLElement} */ (this.querySelector('.text-sheet'))
  }

  get #page() {
    return /** @type {HTMLElement} */ (this.querySelector('.text-page'))
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
    if (changed.has('view') || changed.has('layers') || changed.has('object')) this.#sync()
    else if (changed.has('hovered') || changed.has('names') || changed.has('readonly') || changed.has('relationLabels')) this.#ask()
  }

  /** @param {string} id */
  reveal(id) {
    const span = this.#index.byId.get(id)
    if (span) this.#show(span.start)
  }

  /** @param {number} offset */
  #show(offset) {
    const lines = /** @type {TextLines} */ (this.#lines)
    const sheet = this.#sheet
    lines.elementAt(offset).scrollIntoView({ block: 'nearest' }) // lays a far chunk out, so that the place is somewhere
    requestAnimationFrame(() => {
      const box = lines.range(offset, Math.min(offset + 1, this.text.length)).getBoundingClientRect()
      const view = sheet.getBoundingClientRect()
      if (box.top < view.top + EDGE || box.bottom > view.bottom - EDGE) sheet.scrollTop += box.top - view.top - view.height / 3
      if (box.left < view.left || box.right > view.right) sheet.scrollLeft += box.left - view.left - view.width / 3
    })
  }

  /** Whether a span is written from right to left. @param {string} id */
  rightToLeft(id) {
    const span = this.#index.byId.get(id)
    return !!span && rightToLeft(this.text.slice(span.start, span.end))
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
      this.state = { kind: 'failed', problem: error.problem }
      return this.#painted()
    }
    await this.updateComplete
    if (turn !== this.#loaded) return
    this.#layOut()
    this.#painted()
  }

  #layOut() {
    this.#finding.stop()
    this.#scene?.clear()
    this.#scene?.prepare(this.labels.flatMap(({ option }) => option.color ?? []))
    this.#lines?.show(this.text, ownSettings().text_size * TALL)
    this.#sync()
  }

  /** Letters, wrapping, width and numbers as the person wants them. */
  #look() {
    const { text_size: size, text_wrap: wrap, text_wide: wide, text_numbers: numbers } = ownSettings()
    if (this.style.getPropertyValue('--text-size') !== `${size}px`) this.style.setProperty('--text-size', `${size}px`)
    this.classList.toggle('is-unwrapped', !wrap)
    this.classList.toggle('is-wide', wide || !wrap)
    this.classList.toggle('has-numbers', numbers)
    this.#ask()
  }

  // ---- painting ----

  #sync() {
    if (!this.view) return
    const { name } = this.object
    const { regions, edition } = this.view
    if (this.#index.object === name) {
      if (regions !== this.#followed.regions || edition !== this.#followed.edition) this.#index.follow(regions)
    } else this.#index = new SpanIndex(regions, name)
    this.#followed = { regions, edition }
    if (this.#layered !== this.layers) this.#others = this.layers.map((layer) => ({ layer, index: new SpanIndex(layer.view.regions, name) }))
    this.#layered = this.layers
    if (this.view.relations?.length && !this.#page.querySelector('kite-arcs')) this.#addArcs()
    this.#ask()
  }

  #addArcs() {
    this.#page.append(document.createElement('kite-arcs'))
    loadArcs().then(() => this.#ask(), (error) => console.warn(error)) // without them relations stand in their list
  }

  /** A short text needs no room to scroll in: its frame may shrink to LEAST, or to the text itself if that is lower. */
  #measure() {
    const bar = this.parentElement?.querySelector('.bar')?.clientHeight ?? 0
    this.parentElement?.style.setProperty('--least', `${bar + Math.min(LEAST, this.#page.offsetHeight + 2)}px`)
    this.#ask()
  }

  #ask() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0
      this.#draw()
    })
  }

  #draw() {
    const [lines, { view }] = [this.#lines, this]
    if (!lines?.chunks.length || !this.isConnected || !view || this.state.kind !== 'shown') return
    lines.look()
    const given = {
      object: this.object, view, index: this.#index, others: this.#others, hovered: this.hovered, names: this.names, numbers: ownSettings().text_numbers, readonly: this.readonly, nameOf: this.nameOf,
      relationLabels: this.relationLabels, manyLabels: this.manyLabels, pulled: this.#pulled, ...this.#finding.found,
    }
    const left = this.#scene?.arrange(given)
    this.#drawHandles()
    this.#caret?.draw(false)
    this.#scene?.paint(given)
    if (left) this.#ask()
  }

  #drawHandles() {
    const lines = /** @type {TextLines} */ (this.#lines)
    const span = this.view?.selection.length === 1 ? this.#index.byId.get(this.view.selection[0]) : undefined
    const fixed = this.readonly || span?.region.locked || span?.region.readonly || span?.region.provisional
    const inSight = span && !fixed && (lines.near.has(lines.chunkOf(span.start)) || lines.near.has(lines.chunkOf(span.end - 1)))
    if (this.#handles?.busy && inSight) return
    const [startBox, endBox] = inSight ? [lines.caretBox(span.start), lines.caretBox(span.end, true)] : []
    this.#handles?.show(span && startBox && endBox ? { id: span.id, start: span.start, end: span.end, startBox, endBox, relates: this.#index.spans.length > 1 } : null)
  }

  /** Where the selection ends in the text; null: elsewhere. */
  get #caretAt() {
    const { focusNode = null, focusOffset = 0 } = document.getSelection() ?? {}
    return focusNode && this.#sheet.contains(focusNode) ? (this.#lines?.offsetOf(focusNode, focusOffset) ?? null) : null
  }

  #selectionMoved() {
    // Room above a line splits its text, which browsers tell as a selection that moved: nobody wants to be taken there.
    const at = this.#caretAt
    this.#caret?.draw(at !== this.#seenAt)
    this.#seenAt = at
    this.#marking.moved()
    if (this.#pointer?.touching) this.#marking.offer()
  }

  // ---- pointers ----

  /** The offset of a point of the window: between two characters. @param {number} x @param {number} y */
  #offsetAt(x, y) {
    const place = placeAt(document, x, y)
    return place && this.#sheet.contains(place.node) ? (this.#lines?.offsetOf(place.node, place.offset) ?? null) : null
  }

  /** @param {number} x @param {number} y of the window @returns {Span[]} spans there, the shortest first */
  #under(x, y) {
    const offset = this.#offsetAt(x, y)
    if (offset === null) return []
    // A caret stands between two letters: take the one whose box the pointer is in.
    for (const at of [offset, offset - 1]) {
      if (at < 0 || at >= this.text.length) continue
      const box = /** @type {TextLines} */ (this.#lines).range(at, at + 1).getBoundingClientRect()
      if (x >= box.left && x <= box.right && y >= box.top - 3 && y <= box.bottom + 3) return this.#index.at(at)
    }
    return []
  }

  /** @param {Span[]} spans under the pointer, the shortest first */
  #hover(spans) {
    this.#sheet.title = spans.map((span) => this.nameOf(span.region)).join(' · ')
    this.#sendHover(spans[0]?.id ?? '')
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
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey && !event.altKey) {
      if (this.#marking.chosen()) this.#marking.mark()
      else {
        const at = this.#lines?.offsetOf(selection.focusNode, selection.focusOffset) ?? null
        const hits = at === null ? [] : this.#index.at(at).map((span) => span.id)
        if (!hits.length) return
        emit(this, { type: 'select', regions: [cycled(hits, this.view?.selection ?? [])], add: false })
      }
    } else if (event.key === 'Escape' && !selection.isCollapsed) selection.collapseToEnd()
    else if (!this.#caret?.key(event)) return
    this.#sheet.classList.remove('is-pointed')
    event.preventDefault()
  }

  /** Moves the keyboard to the arcs of a region. @param {string} id */
  focusArc(id) {
    return this.#scene?.arcs?.focusArc(id) ?? false
  }

  /** Where the caret stands; undefined outside of the text. @returns {number | undefined} */
  caretAt() {
    return this.#caretAt ?? undefined
  }

  /** Moves the keyboard to the text. */
  go() {
    this.#sheet.focus({ preventScroll: true })
  }

  /** Looks for words: those that are selected, or what will be typed. */
  find() {
    this.#finding.open()
  }

  render() {
    const { state } = this
    return html`<div class="text-sheet" tabindex="0" role="document" aria-label=${t('Text')}
        aria-description=${t('Arrow keys move the caret, with Shift they select, a label’s key or Enter marks the selection.')}
        ?hidden=${state.kind === 'failed'} @focus=${() => this.#caret?.draw()} @blur=${() => this.#caret?.draw()}>
        <div class="text-page">
          <div class="text-lines"></div>
          <div class="text-numbers" aria-hidden="true"></div>
          <div class="text-names" aria-hidden="true"></div>
          <div class="text-caret" aria-hidden="true" hidden></div>
        </div>
      </div>
      ${state.kind === 'shown' && !this.text ? html`<p class="text-message muted" role="note">${t('This text is empty.')}</p>` : nothing}
      ${this.searching ? this.#finding.template(this.#marking.activeLabel) : nothing}
      <button class="button button-primary text-mark" type="button" @click=${() => this.#marking.mark()}>${t('Mark the selection')}</button>
      ${this.hint ? textHint(this.hint, this.labels, this.unlabelled ?? '', ({ control, option }) => emit(this, { type: 'pick_label', control, label: option.stored, by: 'key' })) : nothing}
      ${state.kind === 'loading' ? html`<p class="text-message" role="status">${t('Loading the text …')}</p>` : nothing}
      ${state.kind === 'failed' ? this.#renderProblem(state.problem) : nothing}`
  }

  /** @param {import('./types.js').Problem} problem */
  #renderProblem(problem) {
    return html`<div class="text-message" role="alert">
      <kite-icon name="problem"></kite-icon>
      <p><strong>${told(problem.message)}</strong>${problem.where ? html`<br /><span class="muted">${t('From {place}', { place: problem.where })}</span>` : nothing}</p>
      ${problem.hint ? html`<p>${told(problem.hint)}</p>` : nothing}
      ${this.source?.url ? html`<button class="button" type="button" @click=${() => this.#load()}>${t('Try again')}</button>` : nothing}
    </div>`
  }
}
