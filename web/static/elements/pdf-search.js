/**
 * Looks for words in all pages of a PDF. Pages are read one after the other, so that the first hit is there at once.
 *
 * @typedef {{page: number, nth: number}} Hit page from 1, nth: which of its page, from 0
 */

/** Words with anything blank between them, also the end of a line. @param {string} words @returns {RegExp | null} */
export function pattern(words) {
  const parts = words.trim().split(/\s+/).filter(Boolean).map((part) => part.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'))
  return parts.length ? new RegExp(parts.join('\\s*'), 'gi') : null
}

export class PdfSearch {
  /** @type {Map<number, Promise<string>>} text of pages */
  #texts = new Map()
  #turn = 0
  /** @type {RegExp | null} */
  pattern = null
  /** @type {Hit[]} */
  hits = []
  /** which one is looked at */
  at = -1
  /** pages that were read, of all */
  read = 0

  /** @param {number} pages @param {(page: number) => Promise<string>} textOf */
  constructor(pages, textOf) {
    this.pages = pages
    this.textOf = textOf
  }

  /** @param {number} page */
  #text(page) {
    const known = this.#texts.get(page) ?? this.textOf(page)
    this.#texts.set(page, known)
    return known
  }

  /** @param {string} words @param {number} from the page to begin with @param {() => void} tell more is known */
  async find(words, from, tell) {
    const turn = ++this.#turn
    this.pattern = pattern(words)
    this.hits = []
    this.at = -1
    this.read = 0
    tell()
    if (!this.pattern) return
    for (let step = 0; step < this.pages; step++) {
      const page = ((from - 1 + step) % this.pages) + 1
      const text = await this.#text(page)
      if (turn !== this.#turn) return
      const count = [...text.matchAll(this.pattern)].length
      const found = Array.from({ length: count }, (_, nth) => ({ page, nth }))
      const now = this.hits[this.at]
      this.hits = [...this.hits, ...found].sort((a, b) => a.page - b.page || a.nth - b.nth)
      this.at = now ? this.hits.indexOf(now) : this.hits.length ? this.hits.findIndex((hit) => hit.page === page) : -1
      this.read = step + 1
      if (count || this.read === this.pages || this.read % 25 === 0) tell()
    }
  }

  /** @param {number} by 1 or -1 @returns {Hit | undefined} the next one */
  step(by) {
    if (!this.hits.length) return undefined
    this.at = (this.at + by + this.hits.length) % this.hits.length
    return this.hits[this.at]
  }
}
