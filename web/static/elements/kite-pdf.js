import { html, nothing } from 'lit'
import { t } from '../app/texts.js'
import { DocumentMarker } from './document-marker.js'
import { DocumentText } from './document-text.js'
import { contains } from './geometry.js'
import { eventNames, planned } from './keys.js'
import { ObjectElement } from './object-element.js'
import { fetchBytes } from './object-load.js'
import { PdfBoxes } from './pdf-boxes.js'
import { PdfFinder } from './pdf-finder.js'
import { PdfSearch } from './pdf-search.js'
import { toPoints } from './pdf-shapes.js'
import { boxesOf, wordsIn } from './pdf-text.js'
import { styled } from './styled.js'
import { TextProblem } from './text-load.js'

/** @typedef {import('pdfjs-dist').PDFDocumentProxy} PdfDocument */
/** @typedef {import('./pdf-shapes.js').PageBox} PageBox */

const [LEAST, MOST] = [0.25, 5]
const WIDEST = 900 // pixels of a page at zoom 1, where there is room
const LONGEST_SIDE = 8192 // pixels of a canvas that every browser gives
const WHEEL_STEP = 0.0016
const SETTLED = 120 // milliseconds after the last step of a zoom that pages are drawn anew

/**
 * A PDF: pages are drawn when they come near, and let go of when they are far. Over each page lie its text, to be selected, and a glass
 * with the boxes. A selection becomes a box around its words, a box is given the words inside it.
 */
export class KitePdf extends ObjectElement {
  static properties = { ...ObjectElement.properties, pages: { state: true }, page: { state: true }, zoom: { state: true }, mode: { state: true }, wordless: { state: true }, words: { state: true }, finding: { state: true } }

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
  }
  /** @type {PdfDocument | null} */
  #pdf = null
  /** @type {typeof import('./pdf-engine.js') | null} */
  #engine = null
  /** @type {(() => Promise<void>) | null} */
  #destroy = null
  /** @type {IntersectionObserver | null} */
  #near = null
  /** @type {Map<number, import('pdfjs-dist').RenderTask>} */
  #drawing = new Map()
  /** pages with their text @type {Set<number>} */
  #lettered = new Set()
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
  /** @type {PdfFinder | null} */
  #finder = null
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #settling

  connectedCallback() {
    super.connectedCallback()
    if (this.#pdf) void this.load()
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#near?.disconnect()
    this.#sized?.disconnect()
    this.#sized = null
    this.#gone?.abort()
    this.#marker = this.#boxes = null
    clearTimeout(this.#settling)
    void this.#close()
  }

  async #close() {
    for (const task of this.#drawing.values()) task.cancel()
    this.#drawing.clear()
    this.#lettered.clear()
    this.#text = null
    const destroy = this.#destroy
    this.#pdf = this.#destroy = null
    await destroy?.()
  }

  /** @param {import('./types.js').Source} source @param {AbortSignal} signal */
  async take(source, signal) {
    const data = await fetchBytes(source.url ?? '', signal, this.tell)
    this.#engine = await import('./pdf-engine.js')
    await this.#close()
    const task = this.#engine.openPdf(data)
    this.#destroy = () => task.destroy()
    try {
      const pdf = await task.promise
      if (signal.aborted) return
      const first = (await pdf.getPage(1)).getViewport({ scale: 1 })
      this.#pdf = pdf
      this.pages = Array.from({ length: pdf.numPages }, () => ({ width: first.width, height: first.height }))
      this.page = 1
      this.#finder = new PdfFinder(this, new PdfSearch(pdf.numPages, (page) => this.#textOf(page)))
      const some = await Promise.all([1, 2, 3].filter((page) => page <= pdf.numPages).map((page) => this.#textOf(page)))
      this.wordless = !some.join('').trim()
      this.mode = this.wordless ? 'box' : 'text'
    } catch (error) {
      if (signal.aborted) return
      const locked = /** @type {Error} */ (error).name === 'PasswordException'
      throw new TextProblem({ code: 'pdf', message: locked ? t('This PDF is locked with a password.') : t('This PDF cannot be shown.'), hint: t('Download it to look at it, or skip this task.') })
    }
  }

  /** @param {number} page from 1 */
  async #textOf(page) {
    const content = await (await /** @type {PdfDocument} */ (this.#pdf).getPage(page)).getTextContent()
    return content.items.map((item) => ('str' in item ? item.str : '')).join('')
  }

  laidOut() {
    const sheet = this.#sheet
    this.#near?.disconnect()
    this.#near = new IntersectionObserver((entries) => this.#seen(entries), { root: sheet, rootMargin: '100% 0px' })
    for (const page of this.querySelectorAll('.pdf-page')) this.#near.observe(page)
    this.#sized ??= new ResizeObserver(([entry]) => {
      if (Math.abs(entry.contentRect.width - this.room) < 1) return
      this.room = entry.contentRect.width
      this.requestUpdate()
      this.#redraw()
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
    return this.#lettered
  }

  /** Paints what a search has found, the hit that is looked at first. @param {import('./document-marks.js').Place[]} found */
  showFound(found) {
    if (!this.#marker) return
    this.#marker.marks.found = found
    this.#marker.marks.draw()
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
    if (['view', 'layers', 'hovered', 'names', 'zoom', 'pages'].some((name) => changed.has(name))) for (const at of this.#drawing.keys()) this.#boxes.paint(at)
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

  // ---- pages ----

  /** @param {IntersectionObserverEntry[]} entries */
  #seen(entries) {
    for (const { target, isIntersecting } of entries) {
      const at = Number(/** @type {HTMLElement} */ (target).dataset.page)
      if (isIntersecting) void this.#draw(at)
      else this.#drop(at)
    }
  }

  /** @param {number} at from 1 */
  #drop(at) {
    this.#drawing.get(at)?.cancel()
    this.#drawing.delete(at)
    for (const canvas of /** @type {Iterable<HTMLCanvasElement>} */ (this.pageElement(at)?.querySelectorAll('canvas') ?? [])) canvas.width = canvas.height = 0
    if (!this.#lettered.delete(at)) return
    this.pageElement(at)?.querySelector('.pdf-text')?.replaceChildren()
    this.#text = null
  }

  /** @param {number} at from 1 */
  async #draw(at) {
    const element = this.pageElement(at)
    const pdf = this.#pdf
    if (!pdf || !element) return
    const page = await pdf.getPage(at)
    if (pdf !== this.#pdf) return
    const natural = page.getViewport({ scale: 1 })
    const known = this.pages[at - 1]
    if (Math.abs(known.width - natural.width) > 0.5 || Math.abs(known.height - natural.height) > 0.5) {
      this.pages = this.pages.with(at - 1, { width: natural.width, height: natural.height })
      await this.updateComplete
    }
    const scale = this.scale * Math.min(devicePixelRatio, 2)
    const viewport = page.getViewport({ scale: Math.min(scale, LONGEST_SIDE / Math.max(natural.width, natural.height)) })
    const fresh = document.createElement('canvas') // what stands stays until the new drawing is there
    fresh.width = Math.round(viewport.width)
    fresh.height = Math.round(viewport.height)
    this.#drawing.get(at)?.cancel()
    const task = page.render({ canvas: fresh, viewport })
    this.#drawing.set(at, task)
    const lettered = this.#letter(at, page, natural)
    try {
      await task.promise
    } catch (error) {
      if (/** @type {Error} */ (error).name !== 'RenderingCancelledException') console.warn(error)
      return
    }
    const canvas = /** @type {HTMLCanvasElement} */ (element.querySelector('.pdf-photo'))
    canvas.width = fresh.width
    canvas.height = fresh.height
    canvas.getContext('2d')?.drawImage(fresh, 0, 0)
    canvas.dataset.drawn = ''
    this.#boxes?.paint(at)
    await lettered
  }

  /** Lays a page's text over it. @param {number} at @param {import('pdfjs-dist').PDFPageProxy} page @param {import('pdfjs-dist').PageViewport} viewport */
  async #letter(at, page, viewport) {
    const box = /** @type {HTMLElement | null} */ (this.pageElement(at)?.querySelector('.pdf-text'))
    if (!box || this.#lettered.has(at)) return
    this.#lettered.add(at)
    const fresh = document.createElement('div')
    fresh.className = 'pdf-text'
    try {
      await /** @type {typeof import('./pdf-engine.js')} */ (this.#engine).layText(page, fresh, viewport)
    } catch (error) {
      if (this.#pdf) console.warn(error)
    }
    if (!this.#lettered.has(at) || !box.isConnected) return
    box.replaceChildren(...fresh.childNodes)
    this.#text = null
    this.#finder?.lettered(at)
  }

  #redraw() {
    for (const at of [...this.#drawing.keys()]) void this.#draw(at)
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
      this.#settling = setTimeout(() => this.#redraw(), SETTLED)
    })
  }

  /** About the middle of what is seen. @param {number} zoom */
  #zoomTo(zoom) {
    const { left, top, width, height } = this.#sheet.getBoundingClientRect()
    this.zoomAt(zoom / this.zoom, left + width / 2, top + height / 2)
  }

  /** @param {number} page from 1 */
  go(page) {
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

  get #marks() {
    return this.context.controls.length > 0
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether it was one of ours */
  #key(event) {
    if (this.mode === 'box' || !this.#marker?.chosen()) if (this.#boxes?.key(event)) return true
    if (event.ctrlKey || event.metaKey || event.altKey) return false
    if (event.key === 'PageDown' || event.key === 'PageUp') this.go(this.page + (event.key === 'PageDown' ? 1 : -1))
    else if (event.key === '+' || event.key === '=') this.#zoomTo(this.zoom * 1.25)
    else if (event.key === '-') this.#zoomTo(this.zoom / 1.25)
    else if ((event.key === 'b' || event.key === 't') && this.#marks && !planned(this.context.plan.hotkeys, eventNames(event), 'main')) this.#use(event.key === 'b' ? 'box' : 'text')
    else return false
    return true
  }

  /** @param {'text' | 'box'} mode */
  #use(mode) {
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
  #look(words) {
    this.words = words
    this.#finder?.look(words)
  }

  #closeSearch() {
    this.finding = false
    this.#look('')
    this.#sheet.focus({ preventScroll: true })
  }

  /** @param {KeyboardEvent} event */
  #findKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'Enter') this.#finder?.step(event.shiftKey ? -1 : 1)
    else if (event.key === 'Escape') this.#closeSearch()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  // ---- drawing ----

  body() {
    const { scale } = this
    const count = this.pages.length
    const shown = this.state.kind === 'shown'
    return html`<div class="pdf-tools tools" role="toolbar" aria-label=${t('Pages')} ?hidden=${!shown}>
        ${this.#marks && !this.readonly ? this.#modes() : nothing}
        <button class="button button-quiet button-icon" type="button" title=${t('Previous page (Page up)')} aria-label=${t('Previous page')} ?disabled=${this.page <= 1} @click=${() => this.go(this.page - 1)}><kite-icon name="left"></kite-icon></button>
        <label class="pdf-place">${t('Page')} <input class="input number" type="number" min="1" max=${count} .value=${String(this.page)} aria-label=${t('Page')} @change=${(/** @type {Event} */ event) => this.go(/** @type {HTMLInputElement} */ (event.target).valueAsNumber)} /> <span class="number">${t('of {count}', { count })}</span></label>
        <button class="button button-quiet button-icon" type="button" title=${t('Next page (Page down)')} aria-label=${t('Next page')} ?disabled=${this.page >= count} @click=${() => this.go(this.page + 1)}><kite-icon name="right"></kite-icon></button>
        <button class="button button-quiet button-icon" type="button" title=${t('Zoom out (−)')} aria-label=${t('Zoom out')} @click=${() => this.#zoomTo(this.zoom / 1.25)}><kite-icon name="minus"></kite-icon></button>
        <button class="button button-quiet button-small tools-scale number" type="button" title=${t('As wide as the room')} aria-label=${t('Zoom {percent} percent of the width; fit the width', { percent: Math.round(this.zoom * 100) })} @click=${() => this.#zoomTo(1)}>${Math.round(this.zoom * 100)} %</button>
        <button class="button button-quiet button-icon" type="button" title=${t('Zoom in (+)')} aria-label=${t('Zoom in')} @click=${() => this.#zoomTo(this.zoom * 1.25)}><kite-icon name="plus"></kite-icon></button>
        <button class="button button-quiet button-icon" type="button" title=${t('Find in the document (Ctrl+F)')} aria-label=${t('Find in the document')} aria-pressed=${this.finding} ?hidden=${this.wordless} @click=${() => (this.finding ? this.#closeSearch() : this.find())}><kite-icon name="search"></kite-icon></button>
        ${this.finding ? this.#findRow() : nothing}
      </div>
      ${shown && this.wordless ? html`<p class="pdf-wordless" role="note">${this.#marks ? t('This PDF has no text, only pictures of it: draw boxes.') : t('This PDF has no text, only pictures of it.')}</p>` : nothing}
      <div class="pdf-sheet ${this.mode === 'box' ? 'is-boxes' : ''} ${this.view?.tools[this.object.name]?.tool === 'ocrbox' && !this.readonly ? 'is-armed' : ''}" tabindex="0" role="document" aria-label=${count === 1 ? t('PDF document, 1 page') : count ? t('PDF document, {n} pages', { n: count }) : t('PDF document')}
        aria-description=${this.mode === 'box' ? t('Arrow keys move a cursor, Enter sets the corners of a box, Escape stops. Page up and down turn pages.') : t('Arrow keys move the caret, with Shift they select, Enter marks the selection with the active label.')}
        ?hidden=${this.state.kind === 'failed'} @scroll=${this.#scrolled}>
        <div class="pdf-pages">${this.pages.map(({ width, height }, at) => html`<div class="pdf-page" data-page=${at + 1} role="group" aria-label=${t('Page {n} of {count}', { n: at + 1, count })} style=${styled({ width: `${width * scale}px`, height: `${height * scale}px`, '--total-scale-factor': String(scale) })}>
          <canvas class="pdf-photo" width="0" height="0" aria-hidden="true"></canvas><div class="pdf-text"></div><canvas class="pdf-glass" width="0" height="0" aria-hidden="true"></canvas></div>`)}</div>
      </div>
      <div class="visually-hidden" aria-live="polite"></div>`
  }

  #modes() {
    const mode = (/** @type {'text' | 'box'} */ name, /** @type {string} */ label, /** @type {string} */ title, /** @type {string} */ icon) => html`<button class="button button-quiet button-small" type="button" title=${title} aria-pressed=${this.mode === name}
      ?disabled=${name === 'text' && this.wordless} @click=${() => this.#use(name)}><kite-icon name=${icon}></kite-icon>${label}</button>`
    return html`<span class="pdf-modes" role="group" aria-label=${t('What a drag does')}>${mode('text', t('Text'), t('Drags select text (T)'), 'text')}${mode('box', t('Box'), t('Drags draw boxes (B)'), 'box')}</span>`
  }

  #findRow() {
    const { hits = [], at = -1, read = 0 } = this.#finder?.search ?? {}
    const count = this.pages.length
    const said = !this.words.trim() ? '' : hits.length ? t('{at} of {n}', { at: at + 1, n: hits.length }) : read < count ? t('{read} of {count} pages read', { read, count }) : t('Not found')
    return html`<span class="pdf-find" role="search"><input class="input" type="search" aria-label=${t('Find in the document')} placeholder=${t('Find')} .value=${this.words} @input=${(/** @type {Event} */ event) => this.#look(/** @type {HTMLInputElement} */ (event.target).value)} @keydown=${this.#findKey} />
      <span class="muted number" role="status">${said}</span></span>`
  }
}
