/**
 * Reads Label Studio's run-length masks (result type `brush`, `"format": "rle"`): a bit stream, most significant bit first.
 *
 *   32 bits  how many values follow: 4 per pixel (RGBA), row by row
 *    5 bits  size of a value - 1
 *  4x4 bits  the four sizes that a length may have - 1
 *   then     1 bit: one value repeated, or values as they are; 2 bits: which of the four sizes; the length - 1; the value or values
 *
 * The mask is every fourth value. Pure.
 */

const MOST = 4 * 400_000_000 // values; more is no picture

/** @param {ArrayLike<number>} bytes 0..255 each @returns {{pixels: number, runs: number[]}} runs of painted pixels, counted row by row: start, end, start, end …
 * Throws RangeError where the bytes are no mask */
export function maskRuns(bytes) {
  const bits = bytes.length * 8
  let at = 0
  const take = (/** @type {number} */ size) => {
    if (at + size > bits) throw new RangeError(`The mask ends after ${bytes.length} bytes, in the middle of a run.`)
    let value = 0
    while (size > 0) {
      const free = 8 - (at & 7)
      const part = Math.min(free, size)
      value = value * 2 ** part + ((bytes[at >>> 3] >>> (free - part)) & ((1 << part) - 1))
      at += part
      size -= part
    }
    return value
  }
  const count = take(32)
  if (count > MOST) throw new RangeError(`The mask claims ${count} values.`)
  const word = take(5) + 1
  const sizes = [take(4) + 1, take(4) + 1, take(4) + 1, take(4) + 1]
  /** @type {number[]} */
  const runs = []
  const put = (/** @type {number} */ start, /** @type {number} */ end) => {
    if (runs.length && runs[runs.length - 1] === start) runs[runs.length - 1] = end
    else runs.push(start, end)
  }
  for (let i = 0; i < count;) {
    const repeated = take(1)
    const length = take(sizes[take(2)]) + 1
    const end = Math.min(i + length, count)
    if (repeated) {
      // Alpha is a pixel's last value: a run that ends inside a pixel does not have it.
      if (take(word) && i >>> 2 < end >>> 2) put(i >>> 2, end >>> 2)
      i = end
    } else for (; i < end; i++) if (take(word) && (i & 3) === 3) put(i >>> 2, (i >>> 2) + 1)
  }
  return { pixels: count >>> 2, runs }
}

/**
 * The size of a mask whose picture is `width` by `height`: the picture's, or, if it was made on a smaller or larger copy, that one's.
 * @param {number} pixels @param {number} width @param {number} height @returns {[number, number] | null} null: it belongs to a picture of another form
 */
export function maskSize(pixels, width, height) {
  if (pixels === width * height) return [width, height]
  const guess = Math.round(Math.sqrt((pixels * width) / height))
  for (const w of [guess, guess - 1, guess + 1]) {
    const h = pixels / w
    if (w > 0 && Number.isInteger(h) && Math.abs(w / h - width / height) < 0.02 * (width / height)) return [w, h]
  }
  return null
}
