import { newId } from '../app/ids.js'
import { t } from '../app/texts.js'
import { DocumentArcs } from './document-arcs.js'
import { DocumentMarks } from './document-marks.js'
import { placeAt, selectionIn } from './dom-selection.js'
import { emit } from './emit.js'
import { cycled } from './image-gestures.js'
import { missed, refused, withoutSpace } from './marked-words.js'
import { moved } from './offset-caret.js'
import { SpanGrips } from './span-grips.js'
import { TextCaret } from './text-caret.js'

/** @typedef {import('./document-marks.js').Place} Place */
/** @typedef {import('./types.js').Region} Region */

const CLICK = 5 // pixels that the pointer may move during a click
const HINT_ROOM = 90 // pixels kept to the sides
const LINE = 30 // pixels: so far from the edges is a span that is shown

/**
 * Making and picking marked places of a document by mouse, finger and keyboard: selections become intents, spans are painted, named and
 * hovered, the ends of a selected one can be pulled. For HyperText, Paragraphs, and the text of a PDF; none of them changes its text.
 *
 * @typedef {object} Home what a marker works on
 * @property {HTMLElement} host
 * @property {HTMLElement} sheet scrolls and has the keyboard
 * @property {HTMLElement} page inside the sheet, positioned; gets names, caret and grips
 * @property {Document | ShadowRoot} root where the text is
 * @property {() => import('./document-text.js').DocumentText} text
 * @property {() => import('./object-views.js').ObjectContext} context
 * @property {string} tool the kind of region that a selection becomes
 * @property {(region: Region) => Place | null} placeOf
 * @property {(place: Place) => any} shapeOf of a new or changed region; several, if a selection makes several
 * @property {boolean} [pieces] the text is laid out piece by piece: the browser's own steps of the caret get lost
 * @property {(place: Place, clicks: number) => any} [widened] the shape that three or four clicks on the word at a place take; none: that of the word
 * @property {(event: MouseEvent) => void} [click] a click that selected nothing, where regions are no places in the text
 */
export class DocumentMarker {
  /** @type {{x: number, y: number, touch: boolean} | null} where a press began */
  #press = null
  #presses = 0
  /** the last press was a finger's: selections come and go without pointers */
  #touched = false
  #frame = 0
  /** a label was asked for, for what is selected */
  #asking = false
  /** what two clicks have marked: more of them widen it; wide: they have @type {{id: string, place: Place, gesture: string, wide?: boolean} | null} */
  #clicked = null

  /** @param {Home} home @param {AbortSignal} signal ends listening */
  constructor(home, signal) {
    this.home = home
    const { host, sheet, page, root, text } = home
    this.marks = new DocumentMarks(root, text, home.placeOf)
    const names = made('div', 'text-names')
    const caret = made('div', 'text-caret')
    caret.hidden = true
    this.hint = made('p', 'text-hint')
    this.hint.hidden = true
    this.hint.setAttribute('role', 'status')
    this.button = made('button', 'button button-primary text-mark')
    this.button.type = 'button'
    this.button.textContent = t('Mark the selection')
    page.append(names, caret)
    host.append(this.button, this.hint)
    this.names = names
    this.caret = new TextCaret(sheet, caret, (node) => text().has(node), { first: () => text().first, last: () => text().place(text().length, true) }, root)
    this.grips = new SpanGrips(this, signal)
    this.arcs = new DocumentArcs(page, text, () => this.ask())
    this.button.addEventListener('click', () => this.markSelection(), { signal })
    page.addEventListener('pointerdown', (event) => {
      this.#touched = event.pointerType === 'touch'
      this.#press = { x: event.clientX, y: event.clientY, touch: this.#touched }
      this.#presses++
      sheet.classList.add('is-pointed') // no focus ring for a hand on the mouse
    }, { signal })
    sheet.addEventListener('blur', () => {
      sheet.classList.remove('is-pointed')
      this.caret.draw(false)
    }, { signal })
    sheet.addEventListener('focus', () => this.caret.draw(false), { signal })
    sheet.addEventListener('scroll', () => this.ask(), { signal, passive: true })
    page.addEventListener('pointermove', (event) => this.#hover(event), { signal })
    page.addEventListener('pointerleave', () => this.#sendHover(''), { signal })
    page.addEventListener('pointercancel', () => this.#offer(), { signal })
    sheet.addEventListener('keydown', (event) => { if (event.target === sheet && this.key(event)) event.preventDefault() }, { signal })
    document.addEventListener('mouseup', (event) => this.#up(event), { signal }) // the button may be let go outside
    document.addEventListener('selectionchange', () => this.#selectionMoved(), { signal })
    host.closest('kite-surface')?.addEventListener('kite-intent', (event) => this.#picked(/** @type {CustomEvent} */ (event).detail), { signal })
    const room = new ResizeObserver(() => this.ask())
    room.observe(page)
    signal.addEventListener('abort', () => {
      room.disconnect()
      cancelAnimationFrame(this.#frame)
      this.marks.stop()
      this.arcs.stop()
      for (const one of [names, caret, this.hint, this.button]) one.remove()
    })
  }

  get context() {
    return this.home.context()
  }

  /** Draws what the context says now. */
  sync() {
    if (!this.context.view) return
    this.marks.show(this.context)
    this.ask()
  }

  /** The text is another one. */
  renew() {
    this.marks.renew()
    this.ask()
  }

  /** What a search has found, the one that is looked at first. @param {Place[]} places */
  showFound(places) {
    this.marks.found = places
    this.marks.draw()
  }

  /** Names and grips in the next frame. */
  ask() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0
      this.marks.drawNames(this.names, this.home.sheet)
      this.grips.draw()
      this.caret.draw(false)
      if (this.context.view) this.arcs.draw(this.context, this.marks.index)
    })
  }

  /** @param {string} id */
  reveal(id) {
    const span = this.marks.index.spans.find((one) => one.id === id)
    if (span) this.show(span.start)
  }

  /** The selected span, if it is the only one. */
  selected() {
    const { selection } = this.context.view
    return selection.length === 1 ? this.marks.index.spans.find(({ id }) => id === selection[0]) : undefined
  }

  /** Scrolls to a character. @param {number} offset */
  show(offset) {
    const { sheet } = this.home
    const range = this.home.text().range(offset, offset + 1)
    range.startContainer.parentElement?.scrollIntoView({ block: 'nearest' })
    const box = range.getBoundingClientRect()
    const window = sheet.getBoundingClientRect()
    if (box.top < window.top + LINE || box.bottom > window.bottom - LINE) sheet.scrollTop += box.top - window.top - window.height / 3
  }

  // ---- selections ----

  /** What the browser has selected in this text. @returns {Place | null} */
  chosen() {
    const selection = selectionIn(this.home.root)
    if (!selection?.rangeCount || selection.isCollapsed) return null
    const text = this.home.text()
    const range = selection.getRangeAt(0)
    const start = text.offsetOf(range.startContainer, range.startOffset)
    const end = text.offsetOf(range.endContainer, range.endOffset)
    if (start === null || end === null || start >= end) return null
    const seen = text.seen(start, end)
    return seen.start16 < seen.end16 ? seen : null
  }

  /** @param {Place} place */
  choose({ start16, end16 }) {
    const text = this.home.text()
    const [from, to] = [text.place(start16), text.place(end16, true)]
    selectionIn(this.home.root)?.setBaseAndExtent(...from, ...to)
  }

  /** Where the caret is. @returns {number | null} */
  get focus() {
    const selection = selectionIn(this.home.root)
    return selection ? this.home.text().offsetOf(selection.focusNode, selection.focusOffset) : null
  }

  get #marking() {
    const { readonly, view, object } = this.context
    return !readonly && view?.tools[object.name]?.tool === this.home.tool
  }

  /** Marks what is selected now with the active label. @param {number} [clicks] that selected it: three and four take more than the word that two have marked */
  markSelection(clicks = 1) {
    const place = this.chosen()
    if (!place || this.context.readonly) return
    if (missed(this.home.text().text, place, clicks)) return selectionIn(this.home.root)?.collapseToEnd()
    if (!this.#marking) return this.#askForLabel()
    const clicked = clicks > 2 ? this.#clicked : null
    const wide = clicked && this.home.widened?.(clicked.place, clicks)
    if (wide) this.#widen(clicked, wide)
    else if (clicks < 3) this.add(place, clicks === 2)
    selectionIn(this.home.root)?.collapseToEnd()
  }

  /** @param {Place} place @param {boolean} [clicked] by two clicks: more of them would widen it @returns {string[]} ids of the new regions */
  add(place, clicked = false) {
    this.#asking = false
    this.hint.hidden = true
    this.home.host.classList.remove('has-selection')
    const words = withoutSpace(this.home.text().text, place)
    const made = [this.home.shapeOf(words)].flat().map((shape) => this.#emit(shape, clicked ? `clicks-${newId()}` : ''))
    this.#clicked = clicked && made.length === 1 ? { ...made[0], place: words } : null
    return made.map(({ id }) => id)
  }

  /** @param {any} shape of a new region @param {string} gesture that more steps may join; empty: none */
  #emit(shape, gesture) {
    const id = newId()
    emit(this.home.host, { type: 'add_region', region: id, object: this.context.object.name, shape, ...(gesture ? { gesture } : {}) })
    return { id, gesture }
  }

  /** The word that two clicks have marked becomes more; where it was marked before, what is more is marked.
   * @param {{id: string, place: Place, gesture: string, wide?: boolean}} clicked @param {any} shape */
  #widen(clicked, shape) {
    if (clicked.wide || !refused(this.context.view)) emit(this.home.host, { type: 'edit_region', region: clicked.id, shape, gesture: clicked.gesture })
    else this.#clicked = { ...this.#emit(shape, clicked.gesture), place: clicked.place, wide: true }
  }

  /** Words are selected and no label is active: whoever picks one now marks them. */
  #askForLabel() {
    const { unlabelled, view } = this.context
    if (unlabelled === null) return
    if (view.selection.length) emit(this.home.host, { type: 'select', regions: [], add: false }) // the label is for these words, not for a span selected before
    this.#asking = true
    const box = selectionIn(this.home.root)?.getRangeAt(0).getBoundingClientRect()
    const own = this.home.host.getBoundingClientRect()
    if (!box) return
    this.hint.textContent = unlabelled ? t('Pick a label for it ({keys})', { keys: unlabelled }) : t('Pick a label for it')
    this.hint.style.left = `${Math.min(Math.max(box.left + box.width / 2 - own.left, HINT_ROOM), own.width - HINT_ROOM)}px`
    this.hint.style.top = `${Math.min(box.bottom - own.top, own.height - LINE)}px`
    this.hint.hidden = false
  }

  /** A label is picked while words are selected: it is for them. @param {import('./types.js').Intent} intent */
  #picked({ type, control, label }) {
    if (type !== 'pick_label' || !label || this.context.readonly || this.context.view.selection.length || !this.context.controls.some(({ name }) => name === control)) return
    const place = this.chosen()
    if (!place) return
    queueMicrotask(() => { // the label first
      this.add(place)
      selectionIn(this.home.root)?.collapseToEnd()
    })
  }

  #selectionMoved() {
    this.caret.draw(!this.home.sheet.classList.contains('is-pointed')) // the hand on the mouse scrolls by itself
    if (this.#touched || this.home.host.classList.contains('has-selection')) this.#offer()
    if (this.#asking && !this.chosen()) {
      this.#asking = false
      this.hint.hidden = true
    }
  }

  /** Fingers adjust a selection before it is marked: a button stands by. */
  #offer() {
    const { readonly, unlabelled } = this.context
    this.home.host.classList.toggle('has-selection', !readonly && unlabelled !== null && !!this.chosen())
  }

  // ---- pointers ----

  /** @param {MouseEvent} event */
  #up(event) {
    const press = this.#press
    this.#press = null
    if (!press || event.button) return
    const still = Math.hypot(event.clientX - press.x, event.clientY - press.y) < CLICK
    if (!press.touch && (!still || event.detail > 1) && this.chosen()) return this.markSelection(event.detail)
    // The browser settles the selection of a click after mouseup.
    const turn = this.#presses
    setTimeout(() => {
      if (turn !== this.#presses) return // the first of two clicks
      const chosen = this.chosen()
      if (chosen && press.touch) this.#offer()
      else if (chosen) {
        this.markSelection(event.detail)
      } else if (event.detail < 2 && still) this.#click(event)
    })
  }

  /** The character under the pointer. @param {{clientX: number, clientY: number}} event */
  #offsetAt({ clientX, clientY }) {
    const place = placeAt(this.home.root, clientX, clientY)
    const text = this.home.text()
    const offset = place && text.has(place.node) ? text.offsetOf(place.node, place.offset) : null
    if (offset === null) return null
    // A caret stands between two letters: take the one whose box the pointer is in.
    for (const at of [offset, offset - 1]) {
      if (at < 0 || at >= text.length) continue
      for (const box of text.range(at, at + 1).getClientRects()) {
        if (clientX >= box.left && clientX <= box.right && clientY >= box.top - 3 && clientY <= box.bottom + 3) return at
      }
    }
    return null
  }

  /** @param {{clientX: number, clientY: number}} event */
  #under(event) {
    const offset = this.#offsetAt(event)
    return offset === null ? [] : this.marks.at(offset)
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const [inner] = event.composedPath()
    if (inner instanceof Element && inner.closest('button, a[href], audio, input, select, textarea')) return
    this.home.host.classList.remove('has-selection')
    if (this.home.click) return this.home.click(event)
    const hits = this.#under(event).map((span) => span.id)
    const { selection } = this.context.view
    if (hits.length) emit(this.home.host, { type: 'select', regions: [event.shiftKey ? hits[0] : cycled(hits, selection)], add: event.shiftKey })
    else if (selection.length) emit(this.home.host, { type: 'select', regions: [], add: false })
  }

  /** @param {PointerEvent} event */
  #hover(event) {
    if (event.buttons || event.pointerType === 'touch' || !this.marks.index.spans.length) return
    const [span] = this.#under(event)
    this.home.page.title = span ? this.context.nameOf(span.region) : ''
    this.#sendHover(span?.id ?? '')
  }

  /** @param {string} id */
  #sendHover(id) {
    if (id !== this.context.hovered) this.home.host.dispatchEvent(new CustomEvent('kite-hover', { detail: { region: id }, bubbles: true }))
  }

  // ---- keys: a caret, as in an editor; Enter marks what is selected ----

  /** @param {KeyboardEvent} event @returns {boolean} whether it was one of ours */
  key(event) {
    const selection = selectionIn(this.home.root)
    if (!selection) return false
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey && !event.altKey) {
      if (this.chosen()) this.markSelection()
      else {
        const hits = this.focus === null ? [] : this.marks.at(this.focus).map((span) => span.id)
        if (!hits.length) return false
        emit(this.home.host, { type: 'select', regions: [cycled(hits, this.context.view.selection)], add: false })
      }
    } else if (event.altKey) return false // the surface's: Alt+Shift and arrows move the ends of the selected span
    else if (event.key === 'Escape' && !selection.isCollapsed) selection.collapseToEnd()
    else if (!(this.home.pieces ? this.#step(event, selection) : this.caret.key(event))) return false
    this.home.sheet.classList.remove('is-pointed')
    return true
  }

  /** @param {KeyboardEvent} event @param {Selection} selection */
  #step(event, selection) {
    const text = this.home.text()
    const from = this.focus ?? this.#firstInSight()
    const to = moved(event, text, from)
    if (to === null) return false
    const place = text.place(to, to > from)
    if (event.shiftKey) selection.setBaseAndExtent(...(selection.anchorNode && text.offsetOf(selection.anchorNode, selection.anchorOffset) !== null ? /** @type {[Node, number]} */ ([selection.anchorNode, selection.anchorOffset]) : text.place(from)), ...place)
    else selection.collapse(...place)
    return true
  }

  /** Where the caret begins: the first text that can be seen. */
  #firstInSight() {
    const window = this.home.sheet.getBoundingClientRect()
    const text = this.home.text()
    return text.nodes.find(({ node }) => (node.parentElement?.getBoundingClientRect().top ?? -1) >= window.top)?.start ?? 0
  }

  /** Whether a span runs from right to left. @param {string} id */
  rightToLeft(id) {
    const span = this.marks.index.spans.find((one) => one.id === id)
    const [node] = span ? this.home.text().place(span.end, true) : []
    return !!node?.parentElement && getComputedStyle(node.parentElement).direction === 'rtl'
  }
}

/** @template {keyof HTMLElementTagNameMap} T @param {T} tag @param {string} names @returns {HTMLElementTagNameMap[T]} */
function made(tag, names) {
  const element = document.createElement(tag)
  element.className = names
  if (tag === 'div') element.setAttribute('aria-hidden', 'true')
  return element
}
