/** @typedef {import('./document-marks.js').Place} Place */

/** A search shown on the pages of a PDF: goes to the pages that have hits, and paints those on pages whose text is laid out. */
export class PdfFinder {
  /** the hit that is looked at has no place yet: its page is on its way */
  #wanted = false

  /** @param {import('./kite-pdf.js').KitePdf} pdf @param {import('./pdf-search.js').PdfSearch} search */
  constructor(pdf, search) {
    this.pdf = pdf
    this.search = search
  }

  get #now() {
    return this.search.hits[this.search.at]
  }

  /** Where the hit is that is looked at, if its page is laid out. @returns {Place | undefined} */
  get place() {
    const now = this.#now
    return now && this.#foundOn(now.page)[now.nth]
  }

  /** @param {string} words */
  look(words) {
    let first = true
    void this.search.find(words, this.pdf.page, () => {
      if (first && this.#now) {
        first = false
        this.#goToHit()
      }
      this.#show()
      this.pdf.requestUpdate()
    })
  }

  /** @param {number} by 1 or -1 */
  step(by) {
    this.search.step(by)
    this.#goToHit()
    this.pdf.requestUpdate()
  }

  /** The text of a page is there now. @param {number} page */
  lettered(page) {
    if (this.search.pattern) this.#show(this.#wanted && this.#now?.page === page)
  }

  #goToHit() {
    const hit = this.#now
    this.#wanted = !!hit && !this.#foundOn(hit.page)[hit.nth]
    if (hit && this.#wanted) this.pdf.turnTo(hit.page) // its text is laid over it there, and the hit shown then
    this.#show(true)
  }

  /** @param {number} page @returns {Place[]} */
  #foundOn(page) {
    const { text } = this.pdf
    const nodes = text.nodes.filter(({ node }) => Number(/** @type {HTMLElement | null} */ (node.parentElement?.closest('.pdf-page'))?.dataset.page) === page)
    const { pattern } = this.search
    if (!nodes.length || !pattern) return []
    const start = nodes[0].start
    return [...text.text.slice(start, nodes[nodes.length - 1].end).matchAll(pattern)].map((found) => ({ start16: start + found.index, end16: start + found.index + found[0].length }))
  }

  /** @param {boolean} [scroll] to the hit that is looked at */
  #show(scroll = false) {
    const { place } = this
    const others = [...this.pdf.lettered].flatMap((page) => this.#foundOn(page)).filter(({ start16 }) => start16 !== place?.start16)
    this.pdf.showFound(place ? [place, ...others] : others)
    if (!scroll || !place) return
    this.#wanted = false
    this.pdf.bringIn(this.pdf.text.boxes(place.start16, place.end16)[0])
  }
}
