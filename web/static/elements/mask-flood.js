/**
 * The pixels of a picture that are like one of them. Two colours are as far apart as the channel that differs most.
 *
 * @typedef {{width: number, height: number, data: ArrayLike<number>}} Pixels RGBA
 */

/** @param {Pixels} pixels @param {number} x @param {number} y whole pixels @param {number} tolerance 0..255 @returns {Uint8Array} one per pixel, 1: as near as that, and joined to it without a gap */
export function flooded({ width, height, data }, x, y, tolerance) {
  const near = nearness(data, (y * width + x) * 4, tolerance)
  const found = new Uint8Array(width * height)
  const waiting = [x, y]
  while (waiting.length) {
    const row = /** @type {number} */ (waiting.pop())
    const column = /** @type {number} */ (waiting.pop())
    const base = row * width
    if (found[base + column]) continue
    let [start, end] = [column, column + 1]
    while (start > 0 && !found[base + start - 1] && near((base + start - 1) * 4)) start--
    while (end < width && !found[base + end] && near((base + end) * 4)) end++
    found.fill(1, base + start, base + end)
    for (const next of [row - 1, row + 1]) {
      if (next < 0 || next >= height) continue
      let inside = false
      for (let i = start, at = next * width + start; i < end; i++, at++) {
        const fits = !found[at] && near(at * 4)
        if (fits && !inside) waiting.push(i, next)
        inside = fits
      }
    }
  }
  return found
}

/** All pixels as near as that, wherever they are. @param {Pixels} pixels @param {number} x @param {number} y @param {number} tolerance @returns {Uint8Array} */
export function alike({ width, height, data }, x, y, tolerance) {
  const near = nearness(data, (y * width + x) * 4, tolerance)
  const found = new Uint8Array(width * height)
  for (let i = 0; i < found.length; i++) if (near(i * 4)) found[i] = 1
  return found
}

/** @param {ArrayLike<number>} data @param {number} seed @param {number} tolerance @returns {(place: number) => boolean} */
function nearness(data, seed, tolerance) {
  const [r, g, b, a] = [data[seed], data[seed + 1], data[seed + 2], data[seed + 3]]
  return (place) => Math.abs(data[place] - r) <= tolerance && Math.abs(data[place + 1] - g) <= tolerance && Math.abs(data[place + 2] - b) <= tolerance && Math.abs(data[place + 3] - a) <= tolerance
}
