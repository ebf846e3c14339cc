import { html } from 'lit'
import { ObjectElement } from './object-element.js'
import { fetchBytes } from './object-load.js'
import { styled } from './styled.js'
import { TextProblem } from './text-load.js'

/** @typedef {import('pdfjs-dist').PDFDocumentProxy} PdfDocument */

const [LEAST, MOST] = [0.25, 5]
const WIDEST = 900 // pixels of a page at zoom 1, where there is room
const LONGEST_SIDE = 8192 // pixels of a canvas that every browser gives

/** A PDF: pages are drawn when they come near, and let go of when they are far. */
export class KitePdf extends ObjectElement {
  static properties = { ...ObjectElement.properties, pages: { state: true }, page: { state: true }, zoom: { state: true } }

  constructor() {
    super()
    /** size of each page at 100 %, in CSS pixels @type {{width: number, height: number}[]} */
    this.pages = []
    /** the page that is looked at, from 1 */
    this.page = 1
    /** 1: as wide as the room */
    this.zoom = 1
    this.room = 0
  }
  /** @type {PdfDocument | null} */
  #pdf = null
  /** @type {(() => Promise<void>) | null} */
  #destroy = null
  /** @type {IntersectionObserver | null} */
  #near = null
  /** @type {Map<number, import('pdfjs-dist').RenderTask>} */
  #drawing = new Map()
  /** @type {ResizeObserver | null} */
  #sized = null

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#near?.disconnect()
    this.#sized?.disconnect()
    void this.#close()
  }

  async #close() {
    for (const task of this.#drawing.values()) task.cancel()
    this.#drawing.clear()
    const destroy = this.#destroy
    this.#pdf = this.#destroy = null
    await destroy?.()
  }

  /** @param {import('./types.js').Source} source @param {AbortSignal} signal */
  async take(source, signal) {
    const data = await fetchBytes(source.url ?? '', signal, this.tell)
    const { openPdf } = await import('./pdf-engine.js')
    await this.#close()
    const task = openPdf(data)
    this.#destroy = () => task.destroy()
    try {
      const pdf = await task.promise
      if (signal.aborted) return
      const first = (await pdf.getPage(1)).getViewport({ scale: 1 })
      this.#pdf = pdf
      this.pages = Array.from({ length: pdf.numPages }, () => ({ width: first.width, height: first.height }))
      this.page = 1
    } catch (error) {
      if (signal.aborted) return
      const locked = /** @type {Error} */ (error).name === 'PasswordException'
      throw new TextProblem({ code: 'pdf', message: locked ? 'This PDF is locked with a password.' : 'This PDF cannot be shown.', hint: 'Download it to look at it, or skip this task.' })
    }
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
  }

  get #sheet() {
    return /** @type {HTMLElement} */ (this.querySelector('.pdf-sheet'))
  }

  /** CSS pixels per point: at zoom 1 the widest page fills the room, up to WIDEST. */
  get #scale() {
    const widest = Math.max(1, ...this.pages.map(({ width }) => width))
    return (Math.min(WIDEST, Math.max(160, this.room || 800)) / widest) * this.zoom
  }

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
    const canvas = this.#canvas(at)
    if (canvas) canvas.width = canvas.height = 0
  }

  /** @param {number} at from 1 @returns {HTMLCanvasElement | null} */
  #canvas(at) {
    return this.querySelector(`.pdf-page[data-page="${at}"] > canvas`)
  }

  /** @param {number} at from 1 */
  async #draw(at) {
    const canvas = this.#canvas(at)
    const pdf = this.#pdf
    if (!pdf || !canvas) return
    const page = await pdf.getPage(at)
    if (pdf !== this.#pdf) return
    const natural = page.getViewport({ scale: 1 })
    const known = this.pages[at - 1]
    if (Math.abs(known.width - natural.width) > 0.5 || Math.abs(known.height - natural.height) > 0.5) {
      this.pages = this.pages.with(at - 1, { width: natural.width, height: natural.height })
      await this.updateComplete
    }
    const scale = this.#scale * Math.min(devicePixelRatio, 2)
    const viewport = page.getViewport({ scale: Math.min(scale, LONGEST_SIDE / Math.max(natural.width, natural.height)) })
    const fresh = document.createElement('canvas') // what stands stays until the new drawing is there
    fresh.width = Math.round(viewport.width)
    fresh.height = Math.round(viewport.height)
    this.#drawing.get(at)?.cancel()
    const task = page.render({ canvas: fresh, viewport })
    this.#drawing.set(at, task)
    try {
      await task.promise
    } catch (error) {
      if (/** @type {Error} */ (error).name !== 'RenderingCancelledException') console.warn(error)
      return
    }
    canvas.width = fresh.width
    canvas.height = fresh.height
    canvas.getContext('2d')?.drawImage(fresh, 0, 0)
    canvas.dataset.drawn = ''
    const { items } = await page.getTextContent()
    const said = this.querySelector(`.pdf-page[data-page="${at}"] > .visually-hidden`)
    if (said) said.textContent = items.map((item) => ('str' in item ? item.str : '')).join(' ')
  }

  #redraw() {
    for (const at of [...this.#drawing.keys()]) void this.#draw(at)
  }

  /** @param {number} zoom */
  #zoomTo(zoom) {
    const sheet = this.#sheet
    const [x, y] = [sheet.scrollLeft / Math.max(1, sheet.scrollWidth), sheet.scrollTop / Math.max(1, sheet.scrollHeight)]
    this.zoom = Math.min(MOST, Math.max(LEAST, zoom))
    void this.updateComplete.then(() => {
      sheet.scrollTo(x * sheet.scrollWidth, y * sheet.scrollHeight)
      this.#redraw()
    })
  }

  /** @param {number} page from 1 */
  #go(page) {
    const at = Math.min(Math.max(1, Math.round(page) || 1), this.pages.length)
    this.querySelector(`.pdf-page[data-page="${at}"]`)?.scrollIntoView({ block: 'start' })
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

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === '+' || event.key === '=') this.#zoomTo(this.zoom * 1.25)
    else if (event.key === '-') this.#zoomTo(this.zoom / 1.25)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  body() {
    const scale = this.#scale
    const count = this.pages.length
    return html`<div class="pdf-tools tools" role="toolbar" aria-label="Pages" ?hidden=${this.state.kind !== 'shown'}>
        <button class="button button-quiet button-icon" type="button" title="Previous page" aria-label="Previous page" ?disabled=${this.page <= 1} @click=${() => this.#go(this.page - 1)}><kite-icon name="left"></kite-icon></button>
        <label class="pdf-place">Page <input class="input number" type="number" min="1" max=${count} .value=${String(this.page)} aria-label="Page" @change=${(/** @type {Event} */ event) => this.#go(/** @type {HTMLInputElement} */ (event.target).valueAsNumber)} /> <span class="number">of ${count.toLocaleString()}</span></label>
        <button class="button button-quiet button-icon" type="button" title="Next page" aria-label="Next page" ?disabled=${this.page >= count} @click=${() => this.#go(this.page + 1)}><kite-icon name="right"></kite-icon></button>
        <button class="button button-quiet button-icon" type="button" title="Zoom out (−)" aria-label="Zoom out" @click=${() => this.#zoomTo(this.zoom / 1.25)}><kite-icon name="minus"></kite-icon></button>
        <button class="button button-quiet button-small tools-scale number" type="button" title="As wide as the room" aria-label=${`Zoom ${Math.round(this.zoom * 100)} percent of the width; fit the width`} @click=${() => this.#zoomTo(1)}>${Math.round(this.zoom * 100)} %</button>
        <button class="button button-quiet button-icon" type="button" title="Zoom in (+)" aria-label="Zoom in" @click=${() => this.#zoomTo(this.zoom * 1.25)}><kite-icon name="plus"></kite-icon></button>
      </div>
      <div class="pdf-sheet" tabindex="0" role="document" aria-label=${count ? `PDF document, ${count} ${count === 1 ? 'page' : 'pages'}` : 'PDF document'} ?hidden=${this.state.kind === 'failed'} @scroll=${this.#scrolled} @keydown=${this.#key}>
        ${this.pages.map(({ width, height }, at) => html`<div class="pdf-page" data-page=${at + 1} role="group" aria-label=${`Page ${at + 1} of ${count}`} style=${styled({ width: `${width * scale}px`, height: `${height * scale}px` })}>
          <canvas width="0" height="0" aria-hidden="true"></canvas><p class="visually-hidden"></p></div>`)}
      </div>`
  }
}
