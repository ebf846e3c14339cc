/**
 * What is selected of a grid of tiles, and where the keyboard is: clicks, arrows, a dragged band. Pure; tiles are places from 0.
 *
 * @typedef {{chosen: ReadonlySet<number>, cursor: number, anchor: number}} Selection anchor: where a range starts
 * @typedef {{left: number, top: number, right: number, bottom: number}} Box
 */

/** @type {Selection} */
export const NOTHING = { chosen: new Set(), cursor: 0, anchor: 0 }

/** @param {number} a @param {number} b @returns {number[]} both ends among them */
const between = (a, b) => Array.from({ length: Math.abs(a - b) + 1 }, (_, at) => Math.min(a, b) + at)

/** A press on a tile: alone; with Shift from the anchor to here; with Ctrl one more or one less. @param {Selection} selection @param {number} at @param {{shift?: boolean, ctrl?: boolean}} [held] @returns {Selection} */
export function pressed({ chosen, anchor }, at, { shift = false, ctrl = false } = {}) {
  if (shift) return { chosen: new Set([...(ctrl ? chosen : []), ...between(anchor, at)]), cursor: at, anchor }
  if (!ctrl) return { chosen: new Set([at]), cursor: at, anchor: at }
  const next = new Set(chosen)
  if (!next.delete(at)) next.add(at)
  return { chosen: next, cursor: at, anchor: at }
}

/**
 * An arrow, Home or End: the cursor goes on; with Shift what it passes is selected.
 * @param {Selection} selection @param {string} key @param {number} columns @param {number} count @param {boolean} shift @returns {Selection | null} null: another key
 */
export function stepped({ chosen, cursor, anchor }, key, columns, count, shift) {
  const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, Home: -cursor, End: count - 1 - cursor }[key]
  if (by === undefined || !count) return null
  const to = cursor + by
  const at = to < 0 || to >= count ? cursor : to
  return shift ? { chosen: new Set(between(anchor, at)), cursor: at, anchor } : { chosen, cursor: at, anchor: at }
}

/** Tiles that a band touches. @param {Box} band @param {Box[]} tiles @returns {number[]} */
export function touched(band, tiles) {
  return tiles.flatMap((tile, at) => (tile.left < band.right && tile.right > band.left && tile.top < band.bottom && tile.bottom > band.top ? [at] : []))
}

/** The same tiles after some have gone: places move up. @param {Selection} selection @param {ReadonlySet<number>} gone @param {number} left how many there are now @returns {Selection} */
export function without({ chosen, cursor }, gone, left) {
  const moved = (/** @type {number} */ at) => at - [...gone].filter((one) => one < at).length
  const at = Math.max(0, Math.min(moved(cursor), left - 1))
  return { chosen: new Set([...chosen].filter((one) => !gone.has(one)).map(moved)), cursor: at, anchor: at }
}
