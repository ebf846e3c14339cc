/** What the browser has selected, and where a point of the window is in a text; also inside a shadow root, which hides both from the page. */

/** @param {Document | ShadowRoot} root where the text is @returns {Selection | null} */
export function selectionIn(root) {
  const within = /** @type {{getSelection?: () => Selection | null}} */ (root)
  return within.getSelection ? within.getSelection() : document.getSelection()
}

/** @param {Document | ShadowRoot} root @param {number} x @param {number} y of the window @returns {{node: Node, offset: number} | null} */
export function placeAt(root, x, y) {
  const place = document.caretPositionFromPoint?.(x, y, root instanceof ShadowRoot ? { shadowRoots: [root] } : undefined)
  if (place) return { node: place.offsetNode, offset: place.offset }
  const range = document.caretRangeFromPoint?.(x, y)
  return range ? { node: range.startContainer, offset: range.startOffset } : null
}
