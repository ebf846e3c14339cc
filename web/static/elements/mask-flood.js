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

/**
 * A smoother border: a pixel is in if most of the square around it is. An area that would vanish stays as it is.
 * @param {Uint8Array} found one per pixel @param {number} width @param {number} height @param {number} radius pixels on each side @returns {Uint8Array}
 */
export function smoothed(found, width, height, radius) {
  const area = radius > 0 ? around(found, width, height) : null
  if (!area) return found
  const reach = Math.floor(radius)
  const [left, top] = [Math.max(area.left - reach, 0), Math.max(area.top - reach, 0)]
  const [right, bottom] = [Math.min(area.right + reach, width), Math.min(area.bottom + reach, height)]
  const wide = right - left
  /** sums of the last rows, by column */
  const columns = new Uint32Array(wide)
  const made = new Uint8Array(found.length)
  let any = false
  const take = (/** @type {number} */ y, /** @type {number} */ sign) => {
    for (let x = 0, at = y * width + left; x < wide; x++, at++) columns[x] += sign * found[at]
  }
  for (let y = Math.max(top - reach, 0); y < Math.min(top + reach, height); y++) take(y, 1)
  for (let y = top; y < bottom; y++) {
    if (y + reach < height) take(y + reach, 1)
    if (y - reach - 1 >= Math.max(top - reach, 0)) take(y - reach - 1, -1)
    const tall = Math.min(y + reach, height - 1) - Math.max(y - reach, 0) + 1
    let sum = 0
    for (let x = 0; x < Math.min(reach, wide); x++) sum += columns[x]
    for (let x = 0; x < wide; x++) {
      if (x + reach < wide) sum += columns[x + reach]
      if (x - reach - 1 >= 0) sum -= columns[x - reach - 1]
      const across = Math.min(left + x + reach, width - 1) - Math.max(left + x - reach, 0) + 1
      if (2 * sum > tall * across) {
        made[y * width + left + x] = 1
        any = true
      }
    }
  }
  return any ? made : found
}

/** @param {Uint8Array} found @param {number} width @param {number} height @returns {import('./mask-rows.js').Area | null} */
function around(found, width, height) {
  const first = found.indexOf(1)
  if (first < 0) return null
  const [top, bottom] = [Math.floor(first / width), Math.floor(found.lastIndexOf(1) / width) + 1]
  let [left, right] = [width, 0]
  for (let y = top; y < Math.min(bottom, height); y++) {
    const base = y * width
    const start = found.subarray(base, base + width).indexOf(1)
    if (start < 0) continue
    if (start < left) left = start
    right = Math.max(right, found.subarray(base, base + width).lastIndexOf(1) + 1)
  }
  return { left, top, right, bottom }
}

/** @param {ArrayLike<number>} data @param {number} seed @param {number} tolerance @returns {(place: number) => boolean} */
function nearness(data, seed, tolerance) {
  const [r, g, b, a] = [data[seed], data[seed + 1], data[seed + 2], data[seed + 3]]
  return (place) => Math.abs(data[place] - r) <= tolerance && Math.abs(data[place + 1] - g) <= tolerance && Math.abs(data[place + 2] - b) <= tolerance && Math.abs(data[place + 3] - a) <= tolerance
}
