import { placeAt, selectionIn } from './dom-selection.js'

/** A caret for text that cannot be edited: browsers move a selection there but draw no caret. */

const LINE = 30 // pixels kept between the caret and the edge of the window

/** @type {Record<string, [string, string]>} key to direction and step of Selection.modify */
const MOVES = {
  ArrowLeft: ['left', 'character'], ArrowRight: ['right', 'character'], ArrowUp: ['backward', 'line'], ArrowDown: ['forward', 'line'],
  Home: ['backward', 'lineboundary'], End: ['forward', 'lineboundary'],
}

/** Steps with Ctrl; Home and End go to the ends of the text, which the browser does not know. @type {Record<string, string>} */
const LARGER = { character: 'word', line: 'paragraph' }

export class TextCaret {
  /** @param {HTMLElement} sheet scrolls and has the focus @param {HTMLElement} mark the drawn caret @param {(node: Node) => boolean} isText whether a node is part of the text @param {{first: () => Node, last: () => [Node, number]}} ends the first node of the text, and the place behind its last letter @param {Document | ShadowRoot} root that the text is in */
  constructor(sheet, mark, isText, ends, root = document) {
    this.sheet = sheet
    this.mark = mark
    this.isText = isText
    this.ends = ends
    this.root = root
  }

  /** @param {Node} node */
  #holds(node) {
    return this.sheet.contains(node) || (this.root !== document && node.getRootNode() === this.root)
  }

  /** Draws the caret where the selection ends. @param {boolean} [follow] scrolls it into sight */
  draw(follow = true) {
    const { sheet, mark } = this
    // To ask for the selection lays the page out: only where it is needed.
    const selection = document.activeElement === sheet ? selectionIn(this.root) : null
    const node = selection?.focusNode
    mark.hidden = !node || !this.#holds(node)
    if (mark.hidden || !node || !selection) return
    const range = document.createRange()
    range.setStart(node, selection.focusOffset)
    const place = range.getClientRects()[0] ?? (node.nodeType === Node.TEXT_NODE ? /** @type {Element} */ (node.parentElement).getBoundingClientRect() : null)
    if (!place) {
      mark.hidden = true // an element: it may be a whole page
      return
    }
    const origin = /** @type {HTMLElement} */ (mark.parentElement).getBoundingClientRect()
    const window = sheet.getBoundingClientRect()
    mark.style.left = `${place.left - origin.left}px`
    mark.style.top = `${place.top - origin.top}px`
    if (!follow) return
    if (place.top < window.top) sheet.scrollTop -= window.top - place.top + LINE
    if (place.bottom > window.bottom) sheet.scrollTop += place.bottom - window.bottom + LINE
  }

  /** Moves or extends the selection: by letters, Ctrl by words and paragraphs, Ctrl+Home and End to the ends. @param {KeyboardEvent} event @returns {boolean} whether the key was one for the caret */
  key(event) {
    const selection = selectionIn(this.root)
    const move = MOVES[event.key]
    if (!move || !selection || event.altKey) return false
    if (!selection.focusNode || !this.#holds(selection.focusNode)) this.#place(selection)
    const held = event.ctrlKey || event.metaKey
    if (held && move[1] === 'lineboundary') this.#toEnd(selection, event)
    else selection.modify(event.shiftKey ? 'extend' : 'move', move[0], held ? LARGER[move[1]] : move[1])
    return true
  }

  /** To the first or the last letter. @param {Selection} selection @param {KeyboardEvent} event */
  #toEnd(selection, { key, shiftKey }) {
    const [node, offset] = key === 'Home' ? /** @type {[Node, number]} */ ([this.ends.first(), 0]) : this.ends.last()
    if (shiftKey && selection.anchorNode && this.#holds(selection.anchorNode)) selection.setBaseAndExtent(selection.anchorNode, selection.anchorOffset, node, offset)
    else selection.collapse(node, offset)
  }

  /** Puts the caret into the first line in sight. @param {Selection} selection */
  #place(selection) {
    const window = this.sheet.getBoundingClientRect()
    const place = placeAt(this.root, window.left + 40, window.top + 30)
    if (place && this.isText(place.node)) selection.collapse(place.node, place.offset)
    else selection.collapse(this.ends.first(), 0)
  }
}
