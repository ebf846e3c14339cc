import { chunkAt, chunks, lineCount } from './text-chunks.js'

/** @typedef {import('./span-index.js').Span} Span */
/** @typedef {{above: number, below: number}} Room pixels that a line needs beyond its own height */

const AROUND = 800 // pixels above and below the window that are drawn too
const LINE = 30 // pixels of one line, for chunks that are not laid out yet

/**
 * The text on the page, and the way from offsets to places in the DOM and back. A chunk is an element with one text node; where a line
 * needs room above it (`room`), an empty element with a height of line stands in it, and the chunk has several nodes. Offsets are UTF-16.
 */
export class TextLines {
  text = ''
  /** @type {{start: number, end: number}[]} */
  chunks = []
  /** chunks near the window @type {Set<number>} */
  near = new Set()
  /** one per chunk @type {HTMLElement[]} */
  #elements = []
  /** text nodes of each chunk with the offsets at which they begin @type {{node: Text, start: number}[][]} */
  #pieces = []
  /** text node to chunk and offset @type {Map<Node, {at: number, start: number}>} */
  #places = new Map()
  /** what makes room in each chunk, by offset @type {Map<number, Map<number, HTMLElement>>} */
  #struts = new Map()
  /** line ends before each chunk @type {number[]} */
  #before = []

  /** @param {HTMLElement} box gets the chunks @param {HTMLElement} sheet scrolls @param {() => void} moved other chunks came near the window */
  constructor(box, sheet, moved) {
    this.box = box
    this.sheet = sheet
    this.moved = moved
  }

  /** Follows what is scrolled: the sheet, or a page around it. (An observer of all chunks would look at each of them in every frame.) @param {AbortSignal} signal ends it */
  listen(signal) {
    document.addEventListener('scroll', ({ target }) => { if (/** @type {Node} */ (target).contains(this.sheet)) this.scrolled() }, { capture: true, passive: true, signal })
  }

  /** The sheet has moved: are there other chunks now? */
  scrolled() {
    const before = this.near
    this.look()
    if (this.near !== before) this.moved()
  }

  /** Finds the chunks near the window; `near` stays the same set where they are the same. */
  look() {
    const [top, bottom] = this.#window()
    const found = []
    if (bottom > top) for (let at = this.#firstBelow(top - AROUND); at < this.#elements.length && this.#elements[at].getBoundingClientRect().top < bottom + AROUND; at++) found.push(at)
    if (found.length !== this.near.size || found.some((at) => !this.near.has(at))) this.near = new Set(found)
  }

  /** Whether something of a chunk is in the window. @param {number} at */
  seen(at) {
    const [top, bottom] = this.#window()
    const box = this.#elements[at].getBoundingClientRect()
    return box.bottom > top && box.top < bottom
  }

  /** What is seen of the sheet, from top to bottom, in the window. @returns {[number, number]} */
  #window() {
    const { top, bottom } = this.sheet.getBoundingClientRect()
    return [Math.max(top, 0), Math.min(bottom, innerHeight)]
  }

  /** The first chunk that ends below a height of the window. @param {number} y */
  #firstBelow(y) {
    let [low, high] = [0, this.#elements.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#elements[middle].getBoundingClientRect().bottom <= y) low = middle + 1
      else high = middle
    }
    return low
  }

  /** @param {string} text @param {number} [line] pixels of one line */
  show(text, line = LINE) {
    this.text = text
    this.chunks = chunks(text)
    this.#places.clear()
    this.#struts.clear()
    this.#pieces = []
    this.near = new Set()
    const elements = this.chunks.map(({ start, end }) => {
      const element = document.createElement('div')
      element.className = 'text-chunk'
      element.dir = 'auto'
      if (this.chunks.length > 1) element.style.containIntrinsicBlockSize = `auto ${lineCount(text, start, end) * line}px`
      element.append(document.createTextNode(text.slice(start, end)))
      return element
    })
    this.box.replaceChildren(...elements)
    this.#elements = elements
    elements.forEach((_, at) => this.#index(at))
    let lines = 0
    this.#before = this.chunks.map(({ start, end }) => {
      const before = lines
      for (let at = text.indexOf('\n', start); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) lines++
      return before
    })
    this.sheet.scrollTop = 0
  }

  /** Finds the text nodes of a chunk anew. @param {number} at */
  #index(at) {
    for (const { node } of this.#pieces[at] ?? []) this.#places.delete(node)
    let { start } = this.chunks[at]
    this.#pieces[at] = []
    for (const node of this.#elements[at].childNodes) {
      if (!(node instanceof Text)) continue
      this.#pieces[at].push({ node, start })
      this.#places.set(node, { at, start })
      start += node.length
    }
  }

  get first() {
    return this.#pieces[0]?.[0].node
  }

  /** The place behind the last letter. @returns {[Node, number]} */
  get last() {
    const { node, offset } = this.place(this.text.length, true)
    return [node, offset]
  }

  /** @param {Node} node */
  has(node) {
    return this.#places.has(node)
  }

  /** @param {number} offset @returns {HTMLElement} the element of its chunk */
  elementAt(offset) {
    return this.#elements[chunkAt(this.chunks, offset)]
  }

  /** @param {number} offset */
  chunkOf(offset) {
    return chunkAt(this.chunks, offset)
  }

  /** The number of the line of the source that an offset is in, from 1. @param {number} offset */
  lineAt(offset) {
    const chunk = chunkAt(this.chunks, offset)
    let line = this.#before[chunk] + 1
    for (let at = this.text.indexOf('\n', this.chunks[chunk].start); at >= 0 && at < offset; at = this.text.indexOf('\n', at + 1)) line++
    return line
  }

  /** Where the lines of the source begin that begin in a chunk. @param {number} at @returns {{line: number, start: number}[]} */
  linesOf(at) {
    const { start, end } = this.chunks[at]
    let line = this.#before[at] + 1
    const found = start === 0 || this.text[start - 1] === '\n' ? [{ line, start }] : []
    for (let place = this.text.indexOf('\n', start); place >= 0 && place + 1 < end; place = this.text.indexOf('\n', place + 1)) found.push({ line: ++line, start: place + 1 })
    if (at === this.chunks.length - 1 && this.text.endsWith('\n') && end > start) found.push({ line: line + 1, start: end })
    return found
  }

  /** A place in the DOM. @param {number} offset @param {boolean} [end] of two nodes that meet there, the one that ends @returns {{node: Text, offset: number}} */
  place(offset, end = false) {
    const pieces = this.#pieces[chunkAt(this.chunks, end ? offset - 1 : offset)]
    let low = 0
    let high = pieces.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (end ? pieces[middle].start < offset : pieces[middle].start <= offset) low = middle
      else high = middle - 1
    }
    const { node, start } = pieces[low]
    return { node, offset: Math.min(Math.max(0, offset - start), node.length) }
  }

  /** @param {number} start @param {number} end */
  range(start, end) {
    const [from, to] = [this.place(start), this.place(Math.max(start, end), end > start)]
    const range = document.createRange()
    range.setStart(from.node, from.offset)
    range.setEnd(to.node, to.offset)
    return range
  }

  /** The box of the caret before a character, in the window. @param {number} offset @param {boolean} [end] after the character before @returns {DOMRect | undefined} */
  caretBox(offset, end = false) {
    const { node, offset: inside } = this.place(offset, end)
    const range = document.createRange()
    range.setStart(node, inside)
    const [box] = range.getClientRects()
    return box ?? this.lineBox(offset)
  }

  /** The box of the first character at a place, in the window; also of a line that is empty. @param {number} offset @returns {DOMRect | undefined} */
  lineBox(offset) {
    const [box] = this.range(offset, Math.min(offset + 1, this.text.length)).getClientRects()
    return box ?? (this.text ? undefined : this.#elements[0].getBoundingClientRect())
  }

  /** The part of a span that lies in one chunk. @param {number} at @param {{start: number, end: number}} span */
  part(at, span) {
    const { start, end } = this.chunks[at]
    const [from, to] = [this.place(Math.max(start, span.start)), this.place(Math.min(span.end, end), true)]
    return new StaticRange({ startContainer: from.node, startOffset: from.offset, endContainer: to.node, endOffset: to.offset })
  }

  /** The offset of a place in the DOM. @param {Node | null} node @param {number} offset */
  offsetOf(node, offset) {
    if (!node) return null
    const place = this.#places.get(node)
    if (place) return place.start + offset
    if (node === this.box) return this.chunks[offset]?.start ?? this.text.length
    const at = this.#elements.indexOf(/** @type {HTMLElement} */ (node instanceof Text ? node.parentElement : node.parentElement === this.box ? node : node.parentElement))
    if (at < 0) return null
    // A place between the nodes of a chunk: the next text says where.
    let next = node === this.#elements[at] ? node.childNodes[offset] : node
    while (next && !this.#places.has(next)) next = /** @type {ChildNode} */ (next.nextSibling)
    return next ? /** @type {{start: number}} */ (this.#places.get(next)).start : this.chunks[at].end
  }

  /**
   * Makes room above and below the lines in which some places of a chunk are, and takes away what was made before.
   * @param {number} at chunk @param {Map<number, Room>} wanted by offset @returns {boolean} whether lines have moved
   */
  room(at, wanted) {
    const struts = this.#struts.get(at) ?? new Map()
    if (!struts.size && !wanted.size) return false
    this.#struts.set(at, struts)
    const element = this.#elements[at]
    let [changed, cut] = [false, false]
    for (const [offset, strut] of struts) {
      if (wanted.has(offset)) continue
      strut.remove()
      struts.delete(offset)
      changed = cut = true
    }
    if (cut) {
      element.normalize() // ranges and the selection go along
      this.#index(at)
    }
    for (const [offset, { above, below }] of wanted) {
      let strut = struts.get(offset)
      if (!strut) {
        strut = document.createElement('span')
        strut.className = 'text-room'
        const { node, offset: inside } = this.place(offset, true)
        element.insertBefore(strut, inside < node.length ? node.splitText(inside) : node.nextSibling)
        struts.set(offset, strut)
        this.#index(at)
      }
      const size = `${above} ${below}`
      if (strut.dataset.room === size) continue
      strut.dataset.room = size
      strut.style.lineHeight = `calc(var(--text-line) + ${above + below}px)`
      strut.style.verticalAlign = `${(above - below) / 2}px`
      changed = true
    }
    return changed
  }
}
