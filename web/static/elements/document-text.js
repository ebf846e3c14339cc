import { textNodes } from './hyper-path.js'

/** @typedef {import('./hyper-path.js').TextNode} TextNode */

/** The text below an element: its text nodes in order, and the way from offsets of the whole text to places in the DOM and back. Offsets
 * are UTF-16. It does not notice changes: make a new one after them. */
export class DocumentText {
  /** @type {Map<Node, TextNode>} */
  #places = new Map()

  /** @param {Node} root @param {(node: TextNode) => boolean} [counts] whether a text node is part of the text */
  constructor(root, counts = () => true) {
    this.root = root
    /** @type {TextNode[]} without empty ones */
    this.nodes = []
    /** all text nodes count */
    this.whole = true
    let at = 0
    for (const node of textNodes(root)) {
      const length = node.end - node.start
      if (!length) continue
      if (!counts(node)) {
        this.whole = false
        continue
      }
      const placed = { ...node, start: at, end: at + length }
      this.nodes.push(placed)
      this.#places.set(node.node, placed)
      at += length
    }
    this.text = this.nodes.map(({ node }) => node.data).join('')
  }

  get length() {
    return this.text.length
  }

  /** The first text node; the element itself where there is none. @returns {Node} */
  get first() {
    return this.nodes[0]?.node ?? this.root
  }

  /** @param {Node} node */
  has(node) {
    return this.#places.has(node)
  }

  /** Where a text node begins. @param {Node} node */
  startOf(node) {
    return this.#places.get(node)?.start ?? 0
  }

  /** The offset of a place in the DOM; null outside. @param {Node | null} node @param {number} offset */
  offsetOf(node, offset) {
    if (!node) return null
    const known = this.#places.get(node)
    if (known) return known.start + Math.min(offset, known.end - known.start)
    if (!this.root.contains(node)) return null
    const place = document.createRange()
    place.setStart(node, offset)
    let [low, high] = [0, this.nodes.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (place.comparePoint(this.nodes[middle].node, 0) < 0) low = middle + 1
      else high = middle
    }
    return this.nodes[low]?.start ?? this.length
  }

  /** The text node with the character at an offset; at a border the one before, if `end`. @param {number} offset @param {boolean} [end] */
  #nodeAt(offset, end = false) {
    let [low, high] = [0, this.nodes.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (end ? this.nodes[middle].end < offset : this.nodes[middle].end <= offset) low = middle + 1
      else high = middle
    }
    return this.nodes[low]
  }

  /** @param {number} offset @param {boolean} [end] @returns {[Node, number]} */
  place(offset, end = false) {
    const found = this.#nodeAt(offset, end)
    return found ? [found.node, Math.min(Math.max(0, offset - found.start), found.end - found.start)] : [this.root, 0]
  }

  /** @param {number} start @param {number} end */
  range(start, end) {
    const range = document.createRange()
    range.setStart(...this.place(start))
    range.setEnd(...this.place(end, true))
    return range
  }

  /** For painting: costs nothing while the document changes. One range, or one per text node where others stand between them.
   * @param {number} start @param {number} end @returns {StaticRange[]} */
  parts(start, end) {
    const between = (/** @type {number} */ from, /** @type {number} */ to) => {
      const [startContainer, startOffset] = this.place(from)
      const [endContainer, endOffset] = this.place(to, true)
      return new StaticRange({ startContainer, startOffset, endContainer, endOffset })
    }
    if (this.whole) return [between(start, end)]
    const ranges = []
    for (let at = start; at < end;) {
      const to = Math.min(end, this.#nodeAt(at)?.end ?? end)
      ranges.push(between(at, to))
      at = to
    }
    return ranges
  }

  /** Boxes of a part, one per line and node. @param {number} start @param {number} end @returns {DOMRect[]} */
  boxes(start, end) {
    return this.parts(start, end).flatMap((part) => {
      const range = document.createRange()
      range.setStart(part.startContainer, part.startOffset)
      range.setEnd(part.endContainer, part.endOffset)
      return [...range.getClientRects()]
    })
  }

  /** The text node about a height of the window, by halving: documents run from top to bottom, nearly. @param {number} y */
  nodeNear(y) {
    let [low, high] = [0, this.nodes.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      const box = this.nodes[middle].node.parentElement?.getBoundingClientRect()
      if ((box?.bottom ?? 0) < y) low = middle + 1
      else high = middle
    }
    return this.nodes[low]
  }

  /** Without text nodes at the ends that nobody sees: line ends of the source between two paragraphs. @param {number} start @param {number} end */
  seen(start, end) {
    while (start < end) {
      const node = this.#nodeAt(start)
      if (isShown(node.node)) break
      start = Math.min(end, node.end)
    }
    while (end > start) {
      const node = this.#nodeAt(end, true)
      if (isShown(node.node)) break
      end = Math.max(start, node.start)
    }
    return { start16: start, end16: end }
  }

  /** As the engine wants to know it: path, UTF-16 units, whether a line or cell begins. @returns {[string, number, boolean][]} */
  rows() {
    return this.nodes.map(({ path, start, end, breaks }) => [path, end - start, breaks])
  }
}

/** @param {Text} node */
function isShown(node) {
  if (node.data.trim()) return true
  const range = document.createRange()
  range.selectNode(node)
  return range.getClientRects().length > 0
}
