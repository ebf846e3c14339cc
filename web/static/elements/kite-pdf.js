import { html, nothing } from 'lit'
import { t } from '../app/texts.js'
import { DocumentMarker } from './document-marker.js'
import { DocumentText } from './document-text.js'
import { contains } from './geometry.js'
import { lazy } from './lazy.js'
import { ObjectElement } from './object-element.js'
import { fetchBytes } from './object-load.js'
import { PdfBoxes } from './pdf-boxes.js'
import './pdf-commands.js'
import { PdfFinder } from './pdf-finder.js'
import { PdfPages } from './pdf-pages.js'
import { PdfSearch } from './pdf-search.js'
import { toPoints } from './pdf-shapes.js'
import { boxesOf, wordsIn } from './pdf-text.js'
import { pdfTools } from './pdf-tools.js'
import { styled } from './styled.js'

/** @typedef {import('./pdf-shapes.js').PageBox} PageBox */

const [LEAST, MOST] = [0.25, 5]
const WIDEST = 900 // pixels of a page at zoom 1, where there is room
const WHEEL_STEP = 0.0016
const loadStrip = lazy('kite-pdf-strip', () => import('./kite-pdf-strip.js').then((module) => module.KitePdfStrip))
/** whether small pages stand beside documents: whoever wants them wants them for the next task too */
let stripWanted = false
const SETTLED = 120 // milliseconds after the last step of a zoom that pages are drawn anew

/**
 * A PDF (`pdf-pages.js` draws its pages). Over each page lie its text, to be selected, and a glass with the boxes. A selection becomes a box around its words, a box is given the words inside it.
 */
export class KitePdf extends ObjectElement {
  static properties = { ...ObjectElement.properties, pages: { state: true }, page: { state: true }, zoom: { state: true }, mode: { state: true }, wordless: { state: true }, words: { state: true }, finding: { state: true }, strip: { state: true } }

  constructor() {
    super()
    /** size of each page at 100 %, in CSS pixels @type {{width: number, height: number}[]} */
    this.pages = []
    /** the page that is looked at, from 1 */
    this.page = 1
    /** 1: as wide as the room */
    this.zoom = 1
    this.room = 0
    /** what a drag does @type {'text' | 'box'} */
    this.mode = 'text'
    /** the first pages have no text */
    this.wordless = false
    /** what is looked for */
    this.words = ''
    /** the search has its row */
    this.finding = false
    /** small pages stand beside it */
    this.strip = stripWanted
    /** @type {PdfFinder | null} */
    this.finder = null
  }
  #drawn = new PdfPages(this, {
    painted: (page) => this.#boxes?.paint(page),
    lettered: (page) => this.finder?.lettered(page),
    changed: () => { this.#text = null },
  })
  #left = false
  /** @type {ResizeObserver | null} */
  #sized = null
  /** @type {AbortController | null} */
  #gone = null
  /** @type {DocumentMarker | null} */
  #marker = null
  /** @type {PdfBoxes | null} */
  #boxes = null
  /** @type {DocumentText | null} the text of the pages that are laid out */
  #text = null
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #settling

  connectedCallback() {
    super.connectedCallback()
    if (this.#left) void this.load()
    this.#left = false
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#left = this.pages.length > 0
    this.#sized?.disconnect()
    this.#sized = null
    this.#gone?.abort()
    this.#marker = this.#boxes = null
    clearTimeout(this.#settling)
    void this.#drawn.close()
  }

  /** @param {import('./types.js').Source} source @param {AbortSignal} signal */
  async take(source, signal) {
    const data = await fetchBytes(source.url ?? '', signal, this.tell)
    const pages = await this.#drawn.open(data, signal)
    if (!pages) return
    this.pages = pages
    this.page = 1
    this.finder = new PdfFinder(this, new PdfSearch(pages.length, (page) => this.#drawn.textOf(page)))
    const some = await Promise.all([1, 2, 3].filter((page) => page <= pages.length).map((page) => this.#drawn.textOf(page)))
    const pictures = this.wordless
    this.wordless = !some.join('').trim()
    if (this.wordless) this.mode = 'box'
    else if (pictures) this.mode = 'text' // else as it was in the task before
    if (this.strip && pages.length > 1) void loadStrip()
  }

  laidOut() {
    const sheet = this.#sheet
    this.#drawn.watch(sheet)
    this.#sized ??= new ResizeObserver(([entry]) => {
      if (Math.abs(entry.contentRect.width - this.room) < 1) return
      this.room = entry.contentRect.width
      this.requestUpdate()
      this.#drawn.redraw()
    })
    this.#sized.observe(sheet)
    if (!this.#marker) this.#listen(sheet)
  }

  /** @param {HTMLElement} sheet */
  #listen(sheet) {
    const { signal } = (this.#gone = new AbortController())
    sheet.addEventListener('keydown', (event) => {
      if (event.target !== sheet || !this.#key(event)) return
      event.preventDefault()
      event.stopImmediatePropagation()
    }, { signal })
    sheet.addEventListener('wheel', (event) => {
      if (!event.ctrlKey && !event.metaKey) return
      event.preventDefault()
      this.zoomAt(Math.exp(-event.deltaY * WHEEL_STEP * (event.deltaMode ? 20 : 1)), event.clientX, event.clientY)
    }, { signal, passive: false })
    this.#boxes = new PdfBoxes(this, sheet, (text) => this.#say(text), signal)
    this.#marker = new DocumentMarker({
      host: this, sheet, page: /** @type {HTMLElement} */ (this.querySelector('.pdf-pages')), root: document, text: () => this.text, context: () => this.context, tool: 'ocrbox', pieces: true,
      placeOf: () => null, shapeOf: ({ start16, end16 }) => boxesOf(this.text, start16, end16), click: (event) => this.#boxes?.click(event),
    }, signal)
    this.#marker.sync()
  }

  /** The text of the pages that are laid out now. */
  get text() {
    return (this.#text ??= new DocumentText(/** @type {HTMLElement} */ (this.querySelector('.pdf-pages')), ({ node }) => !!node.parentElement?.closest('.pdf-text')))
  }

  /** Pages whose text is laid over them. */
  get lettered() {
    return this.#drawn.lettered
  }

  /** Paints what a search has found, the hit that is looked at first. @param {import('./document-marks.js').Place[]} found */
  showFound(found) {
    this.#marker?.showFound(found)
  }

  get #sheet() {
    return /** @type {HTMLElement} */ (this.querySelector('.pdf-sheet'))
  }

  /** CSS pixels per point: at zoom 1 the widest page fills the room, up to WIDEST. */
  get scale() {
    const widest = Math.max(1, ...this.pages.map(({ width }) => width))
    return (Math.min(WIDEST, Math.max(160, this.room || 800)) / widest) * this.zoom
  }

  /** @param {number} at from 1 @returns {HTMLElement | null} */
  pageElement(at) {
    return this.querySelector(`.pdf-page[data-page="${at}"]`)
  }

  /** A box with the words that are in it; where the page has none, with those that it had. @param {PageBox} shape @param {string} [before] @returns {PageBox} */
  read(shape, before) {
    const { pageIndex = 1 } = shape
    const element = this.pageElement(pageIndex)
    const size = this.pages[pageIndex - 1]
    const box = toPoints(shape, size)
    const words = element?.querySelector('.pdf-text > *') ? wordsIn(this.text, element, (x, y) => contains(box, x * size.width, y * size.height)) : before
    const { ocrtext: _, ...rest } = shape
    return words ? { ...rest, ocrtext: words } : rest
  }

  /** @param {Map<string, any>} changed */
  updated(changed) {
    if (this.state.kind !== 'shown' || !this.#boxes) return
    this.#boxes.drawing = this.mode === 'box'
    if (['view', 'layers', 'hovered', 'names', 'zoom', 'pages'].some((name) => changed.has(name))) for (const at of this.#drawn.drawn) this.#boxes.paint(at)
  }

  /** @param {string} id */
  reveal(id) {
    const shape = this.view?.regions[id]?.shape
    const page = shape && this.pageElement(shape.pageIndex ?? 1)
    if (!page) return
    const frame = page.getBoundingClientRect()
    this.bringIn(new DOMRect(frame.left + shape.x * frame.width, frame.top + shape.y * frame.height, shape.width * frame.width, shape.height * frame.height))
  }

  /** Scrolls so that a part of the window can be seen. @param {DOMRect | undefined} box */
  bringIn(box) {
    if (!box) return
    const sheet = this.#sheet
    const window = sheet.getBoundingClientRect()
    if (box.top < window.top + 20 || box.bottom > window.bottom - 20) sheet.scrollTop += box.top - window.top - window.height / 3
    if (box.left < window.left || box.right > window.right) sheet.scrollLeft += box.left - window.left - window.width / 3
  }

  // ---- looking ----

  /** What is under a point of the window stays there. @param {number} factor @param {number} x @param {number} y */
  zoomAt(factor, x, y) {
    const sheet = this.#sheet
    const zoom = Math.min(MOST, Math.max(LEAST, this.zoom * factor))
    if (zoom === this.zoom) return
    const page = document.elementsFromPoint(x, y).map((one) => /** @type {HTMLElement | null} */ (one.closest('.pdf-page'))).find(Boolean) ?? this.pageElement(this.page)
    const before = page?.getBoundingClientRect()
    this.zoom = zoom
    void this.updateComplete.then(() => {
      const after = page?.getBoundingClientRect()
      if (before && after) sheet.scrollBy(after.left + ((x - before.left) / before.width) * after.width - x, after.top + ((y - before.top) / before.height) * after.height - y)
      clearTimeout(this.#settling)
      this.#settling = setTimeout(() => this.#drawn.redraw(), SETTLED)
    })
  }

  /** About the middle of what is seen. @param {number} zoom */
  zoomTo(zoom) {
    const { left, top, width, height } = this.#sheet.getBoundingClientRect()
    this.zoomAt(zoom / this.zoom, left + width / 2, top + height / 2)
  }

  /** @param {number} page from 1 */
  turnTo(page) {
    const at = Math.min(Math.max(1, Math.round(page) || 1), this.pages.length)
    this.pageElement(at)?.scrollIntoView({ block: 'start' })
    this.page = at
  }

  #scrolled() {
    const top = this.#sheet.getBoundingClientRect().top + this.#sheet.clientHeight / 3
    for (const place of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll('.pdf-page'))) {
      if (place.getBoundingClientRect().bottom < top) continue
      this.page = Number(place.dataset.page)
      return
    }
  }

  /** Boxes may be drawn on it, or words marked. */
  get marks() {
    return this.context.controls.length > 0
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether it was one of ours */
  #key(event) {
    if (this.mode === 'box' || !this.#marker?.chosen()) if (this.#boxes?.key(event)) return true
    if (event.ctrlKey || event.metaKey || event.altKey) return false
    if (event.key === 'PageDown' || event.key === 'PageUp') this.turnTo(this.page + (event.key === 'PageDown' ? 1 : -1))
    else if (event.key === '+' || event.key === '=') this.zoomTo(this.zoom * 1.25)
    else if (event.key === '-') this.zoomTo(this.zoom / 1.25)
    else return false
    return true
  }

  /** Small pages beside the document, or none. @param {boolean} on @param {boolean} [enter] the keyboard goes there */
  showStrip(on, enter = false) {
    this.strip = stripWanted = on
    if (!on) {
      if (!enter) return
      this.#sheet.focus({ preventScroll: true })
    } else void loadStrip().then(() => this.updateComplete).then(() => {
      const strip = /** @type {import('./kite-pdf-strip.js').KitePdfStrip | null} */ (this.querySelector('kite-pdf-strip'))
      void strip?.updateComplete.then(() => { if (enter) strip.enter() })
    }, (error) => console.warn(error))
  }

  /** Regions on each page. */
  get #counts() {
    /** @type {Map<number, number>} */
    const counts = new Map()
    for (const { object, shape } of Object.values(this.view?.regions ?? {})) if (object === this.object.name) counts.set(shape?.pageIndex ?? 1, (counts.get(shape?.pageIndex ?? 1) ?? 0) + 1)
    return counts
  }

  /** Where the small pages have the keyboard: O and Escape go back to the document. @param {KeyboardEvent} event */
  #stripKey(event) {
    if (event.key !== 'Escape' && (event.key !== 'o' || event.ctrlKey || event.metaKey || event.altKey)) return
    event.preventDefault()
    event.stopPropagation()
    if (event.key === 'o') this.showStrip(false)
    this.#sheet.focus({ preventScroll: true })
  }

  /** @param {'text' | 'box'} mode */
  use(mode) {
    this.mode = mode
    this.#boxes?.drop()
    this.#say(mode === 'box' ? t('Drags draw boxes') : t('Drags select text'))
  }

  /** @param {string} text */
  #say(text) {
    const live = this.querySelector('[aria-live]')
    if (live) live.textContent = text
  }

  // ---- finding words ----

  /** Opens the search. */
  find() {
    this.finding = true
    void this.updateComplete.then(() => /** @type {HTMLInputElement | null} */ (this.querySelector('.pdf-find > input'))?.select())
    return true
  }

  /** @param {string} words */
  look(words) {
    this.words = words
    this.finder?.look(words)
  }

  /** The hit that was looked at is selected, so that a label or Enter marks it. */
  closeSearch() {
    const place = this.finder?.place
    this.finding = false
    this.look('')
    this.#sheet.focus({ preventScroll: true })
    if (place && this.mode === 'text') this.#marker?.choose(place)
  }

  /** @param {KeyboardEvent} event */
  findKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'Enter') this.finder?.step(event.shiftKey ? -1 : 1)
    else if (event.key === 'Escape') this.closeSearch()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  // ---- drawing ----

  body() {
    const { scale } = this
    const count = this.pages.length
    const shown = this.state.kind === 'shown'
    return html`${pdfTools(this, !shown)}
      ${shown && this.wordless ? html`<p class="pdf-wordless" role="note">${this.marks ? t('This PDF has no text, only pictures of it: draw boxes.') : t('This PDF has no text, only pictures of it.')}</p>` : nothing}
      <div class="pdf-room" ?hidden=${this.state.kind === 'failed'}>
        ${shown && this.strip && count > 1 ? html`<kite-pdf-strip role="navigation" aria-label=${t('Small pages')} .pages=${this.pages} .page=${this.page} .counts=${this.#counts} .picture=${this.#picture}
          @pdf-page=${(/** @type {CustomEvent} */ event) => this.turnTo(event.detail.page)} @keydown=${this.#stripKey}></kite-pdf-strip>` : nothing}
        <div class="pdf-sheet ${this.mode === 'box' ? 'is-boxes' : ''} ${this.view?.tools[this.object.name]?.tool === 'ocrbox' && !this.readonly ? 'is-armed' : ''}" tabindex="0" role="document" aria-label=${count === 1 ? t('PDF document, 1 page') : count ? t('PDF document, {n} pages', { n: count }) : t('PDF document')}
          aria-description=${this.mode === 'box' ? t('Arrow keys move a cursor, Enter sets the corners of a box, Escape stops. Page up and down turn pages.') : t('Arrow keys move the caret, with Shift they select, Enter marks the selection with the active label.')}
          @scroll=${this.#scrolled}>
          <div class="pdf-pages">${this.pages.map(({ width, height }, at) => html`<div class="pdf-page" data-page=${at + 1} role="group" aria-label=${t('Page {n} of {count}', { n: at + 1, count })} style=${styled({ width: `${width * scale}px`, height: `${height * scale}px`, '--total-scale-factor': String(scale) })}>
            <canvas class="pdf-photo" width="0" height="0" aria-hidden="true"></canvas><div class="pdf-text"></div><canvas class="pdf-glass" width="0" height="0" aria-hidden="true"></canvas></div>`)}</div>
        </div>
      </div>
      <div class="visually-hidden" aria-live="polite"></div>`
  }

  /** @param {number} page @param {number} width */
  #picture = (page, width) => this.#drawn.picture(page, width)
}
