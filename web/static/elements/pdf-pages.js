import { t } from '../app/texts.js'
import { TextProblem } from './text-load.js'

/** @typedef {import('pdfjs-dist').PDFDocumentProxy} PdfDocument */

const LONGEST_SIDE = 8192 // pixels of a canvas that every browser gives

/** The pages of a PDF as they come into sight: drawn with their text over them, and let go of when they are far. */
export class PdfPages {
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
  lettered = new Set()

  /**
   * @param {import('./kite-pdf.js').KitePdf} host
   * @param {{painted: (page: number) => void, lettered: (page: number) => void, changed: () => void}} told a page stands, its text lies over it, the text of all has changed
   */
  constructor(host, told) {
    this.host = host
    this.told = told
  }

  /** @param {Uint8Array} data @param {AbortSignal} signal @returns {Promise<{width: number, height: number}[] | null>} sizes of the pages, all as the first one; null: given up */
  async open(data, signal) {
    this.#engine = await import('./pdf-engine.js')
    await this.close()
    const task = this.#engine.openPdf(data)
    this.#destroy = () => task.destroy()
    try {
      const pdf = await task.promise
      if (signal.aborted) return null
      const { width, height } = (await pdf.getPage(1)).getViewport({ scale: 1 })
      this.#pdf = pdf
      return Array.from({ length: pdf.numPages }, () => ({ width, height }))
    } catch (error) {
      if (signal.aborted) return null
      const locked = /** @type {Error} */ (error).name === 'PasswordException'
      throw new TextProblem({ code: 'pdf', message: locked ? t('This PDF is locked with a password.') : t('This PDF cannot be shown.'), hint: t('Download it to look at it, or skip this task.') })
    }
  }

  async close() {
    this.#near?.disconnect()
    for (const task of this.#drawing.values()) task.cancel()
    this.#drawing.clear()
    this.lettered.clear()
    this.told.changed()
    const destroy = this.#destroy
    this.#pdf = this.#destroy = null
    await destroy?.()
  }

  /** @param {number} page from 1 */
  async textOf(page) {
    const content = await (await /** @type {PdfDocument} */ (this.#pdf).getPage(page)).getTextContent()
    return content.items.map((item) => ('str' in item ? item.str : '')).join('')
  }

  /** Follows what comes near. @param {HTMLElement} sheet scrolls */
  watch(sheet) {
    this.#near?.disconnect()
    this.#near = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        const at = Number(/** @type {HTMLElement} */ (target).dataset.page)
        if (isIntersecting) void this.#draw(at)
        else this.#drop(at)
      }
    }, { root: sheet, rootMargin: '100% 0px' })
    for (const page of sheet.querySelectorAll('.pdf-page')) this.#near.observe(page)
  }

  /** Pages that are drawn, or on their way. */
  get drawn() {
    return [...this.#drawing.keys()]
  }

  /** Draws what is in sight again, at another size. */
  redraw() {
    for (const at of this.drawn) void this.#draw(at)
  }

  /** A small picture of a page. @param {number} at from 1 @param {number} width in pixels of the screen @returns {Promise<HTMLCanvasElement | null>} null: another document has come */
  async picture(at, width) {
    const pdf = this.#pdf
    const page = await pdf?.getPage(at)
    if (!page || pdf !== this.#pdf) return null
    const canvas = document.createElement('canvas')
    const viewport = page.getViewport({ scale: width / page.getViewport({ scale: 1 }).width })
    canvas.width = Math.round(viewport.width)
    canvas.height = Math.round(viewport.height)
    await page.render({ canvas, viewport }).promise
    return canvas
  }

  /** @param {number} at from 1 */
  #drop(at) {
    this.#drawing.get(at)?.cancel()
    this.#drawing.delete(at)
    const element = this.host.pageElement(at)
    for (const canvas of /** @type {Iterable<HTMLCanvasElement>} */ (element?.querySelectorAll('canvas') ?? [])) canvas.width = canvas.height = 0
    if (!this.lettered.delete(at)) return
    element?.querySelector('.pdf-text')?.replaceChildren()
    this.told.changed()
  }

  /** @param {number} at from 1 */
  async #draw(at) {
    const { host } = this
    const element = host.pageElement(at)
    const pdf = this.#pdf
    if (!pdf || !element) return
    const page = await pdf.getPage(at)
    if (pdf !== this.#pdf) return
    const natural = page.getViewport({ scale: 1 })
    const known = host.pages[at - 1]
    if (Math.abs(known.width - natural.width) > 0.5 || Math.abs(known.height - natural.height) > 0.5) {
      host.pages = host.pages.with(at - 1, { width: natural.width, height: natural.height })
      await host.updateComplete
    }
    const scale = host.scale * Math.min(devicePixelRatio, 2)
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
    this.told.painted(at)
    await lettered
  }

  /** Lays a page's text over it. @param {number} at @param {import('pdfjs-dist').PDFPageProxy} page @param {import('pdfjs-dist').PageViewport} viewport */
  async #letter(at, page, viewport) {
    const box = /** @type {HTMLElement | null} */ (this.host.pageElement(at)?.querySelector('.pdf-text'))
    if (!box || this.lettered.has(at)) return
    this.lettered.add(at)
    const fresh = document.createElement('div')
    fresh.className = 'pdf-text'
    try {
      await /** @type {typeof import('./pdf-engine.js')} */ (this.#engine).layText(page, fresh, viewport)
    } catch (error) {
      if (this.#pdf) console.warn(error)
    }
    if (!this.lettered.has(at) || !box.isConnected) return
    box.replaceChildren(...fresh.childNodes)
    this.told.changed()
    this.told.lettered(at)
  }
}
