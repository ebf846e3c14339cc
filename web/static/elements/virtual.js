/** Which rows of a long list can be seen, with a few more on both sides. Pure. @param {number} scrollTop @param {number} height of the list's window @param {number} row height of one row @param {number} count @param {number} spare rows on each side */
export function visibleRows(scrollTop, height, row, count, spare = 8) {
  const first = Math.min(Math.max(0, Math.floor(scrollTop / row) - spare), Math.max(0, count - 1))
  const last = Math.min(count, Math.ceil((scrollTop + height) / row) + spare)
  return { first, last: Math.max(first, last) }
}
