/** A caret for text that cannot be edited: browsers move a selection there but draw no caret. */

const LINE = 30 // pixels kept between the caret and the edge of the window

/** @type {Record<string, [string, string]>} key to direction and step of Selection.modify */
const MOVES = {
  ArrowLeft: ['left', 'character'], ArrowRight: ['right', 'character'], ArrowUp: ['backward', 'line'], ArrowDown: ['forward', 'line'],
  Home: ['backward', 'lineboundary'], End: ['forward', 'lineboundary'],
}

export class TextCaret {
  /** @param {HTMLElement} sheet scrolls and has the focus @param {HTMLElement} mark the drawn caret @param {(node: Node) => boolean} isText whether a node is part of the text @param {() => Node} first the first node of the text */
  constructor(sheet, mark, isText, first) {
    this.sheet = sheet
    this.mark = mark
    this.isText = isText
    this.first = first
  }

  /** Draws the caret where the selection ends, and scrolls it into sight. */
  draw() {
    const { sheet, mark } = this
    const selection = document.getSelection()
    const node = selection?.focusNode
    mark.hidden = document.activeElement !== sheet || !node || !sheet.contains(node)
    if (mark.hidden || !node || !selection) return
    const range = document.createRange()
    range.setStart(node, selection.focusOffset)
    const place = range.getClientRects()[0] ?? /** @type {Element} */ (node.parentElement).getBoundingClientRect()
    const origin = /** @type {HTMLElement} */ (mark.parentElement).getBoundingClientRect()
    const window = sheet.getBoundingClientRect()
    mark.style.left = `${place.left - origin.left}px`
    mark.style.top = `${place.top - origin.top}px`
    if (place.top < window.top) sheet.scrollTop -= window.top - place.top + LINE
    if (place.bottom > window.bottom) sheet.scrollTop += place.bottom - window.bottom + LINE
  }

  /** Moves or extends the selection. @param {KeyboardEvent} event @returns {boolean} whether the key was one for the caret */
  key(event) {
    const selection = document.getSelection()
    const move = MOVES[event.key]
    if (!move || !selection || event.altKey) return false
    if (!selection.focusNode || !this.sheet.contains(selection.focusNode)) this.#place(selection)
    const word = (event.ctrlKey || event.metaKey) && move[1] === 'character'
    selection.modify(event.shiftKey ? 'extend' : 'move', move[0], word ? 'word' : move[1])
    return true
  }

  /** Puts the caret into the first line in sight. @param {Selection} selection */
  #place(selection) {
    const window = this.sheet.getBoundingClientRect()
    const place = document.caretPositionFromPoint?.(window.left + 40, window.top + 30)
    if (place && this.isText(place.offsetNode)) selection.collapse(place.offsetNode, place.offset)
    else selection.collapse(this.first(), 0)
  }
}
