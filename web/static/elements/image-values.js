/**
 * Original values of a picture (16-bit files, DICOM, floats) and the eight bits that a screen shows of them. Pure.
 *
 * @typedef {Uint8Array | Uint8ClampedArray | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array} Values
 * @typedef {object} Raw what a decoder gives
 * @property {number} width
 * @property {number} height
 * @property {number} channels 1: grey; 3: red, green, blue; 4: with alpha, or ready to be drawn where `bits` is 8
 * @property {Values} values row by row, the channels of a pixel beside each other
 * @property {number} bits of a stored value; 8: `values` is RGBA
 * @property {[number, number]} range lowest and highest value, after slope and intercept
 * @property {[number, number]} [normal] what the file wants to be shown from black to white
 * @property {number} [slope] the value of a pixel is stored value × slope + intercept
 * @property {number} [intercept]
 * @property {boolean} [inverted] the lowest value is white
 * @property {string} [unit]
 * @property {Of} [of] what else is in the file, of which this is the first
 * @typedef {{pages: number} | {frames: number} | null} Of
 */

const STEPS = 65_536
const PERCENT = 0.005

/** Why a file cannot be shown; the page has the words for it (image-special.js). */
export class DecodeProblem extends Error {
  /** @param {string} code @param {Record<string, string | number>} [values] */
  constructor(code, values = {}) {
    super(code)
    this.code = code
    this.values = values
  }
}

/** Lowest and highest of some values; what is no number does not count. @param {Values} values @param {number} channels @returns {[number, number]} */
export function rangeOf(values, channels = 1) {
  let [low, high] = [Infinity, -Infinity]
  const colors = channels === 4 ? 3 : channels
  for (let at = 0; at < values.length; at += channels) {
    for (let c = 0; c < colors; c++) {
      const value = values[at + c]
      if (value < low) low = value
      if (value > high) high = value
    }
  }
  return low <= high ? [low, high] : [0, 1]
}

/** A window without the darkest and the brightest half percent. @param {Raw} raw @returns {[number, number]} */
export function autoWindow({ values, channels, range, slope = 1, intercept = 0 }) {
  const [low, high] = range
  if (high <= low) return [low, low + 1]
  const counts = new Uint32Array(4096)
  const colors = channels === 4 ? 3 : channels
  const step = Math.max(1, Math.floor(values.length / channels / 1_000_000)) * channels // a million pixels tell enough
  let count = 0
  for (let at = 0; at < values.length; at += step) {
    for (let c = 0; c < colors; c++) {
      const bin = Math.floor(((values[at + c] * slope + intercept - low) / (high - low)) * 4095)
      if (bin >= 0 && bin < 4096) {
        counts[bin] += 1
        count += 1
      }
    }
  }
  const place = (/** @type {number} */ share) => {
    let seen = 0
    const bin = counts.findIndex((some) => (seen += some) > share * count)
    return low + ((high - low) * (bin < 0 ? 4095 : bin)) / 4095
  }
  const window = /** @type {[number, number]} */ ([place(PERCENT), place(1 - PERCENT)])
  return window[1] > window[0] ? window : [low, high]
}

/**
 * Eight bits of each value: black at and under the window's low end, white at and over its high end.
 * @param {Raw} raw @param {[number, number]} window after slope and intercept @param {Uint8ClampedArray} into RGBA, of the same size
 */
export function shown({ values, channels, slope = 1, intercept = 0, inverted }, [low, high], into) {
  const spread = high - low || 1
  const eight = (/** @type {number} */ stored) => {
    const share = Math.min(1, Math.max(0, (stored * slope + intercept - low) / spread))
    return (inverted ? 1 - share : share) * 255
  }
  const least = values instanceof Int16Array ? -32_768 : 0
  const table = (values instanceof Uint16Array || values instanceof Int16Array) && values.length > STEPS ? Uint8ClampedArray.from({ length: STEPS }, (_, at) => eight(at + least)) : null
  const alpha = channels === 4 ? (values instanceof Uint16Array ? 1 / 257 : 1) : 0
  for (let at = 0, to = 0; at < values.length; at += channels, to += 4) {
    const first = table ? table[values[at] - least] : eight(values[at])
    into[to] = first
    into[to + 1] = channels < 3 ? first : table ? table[values[at + 1] - least] : eight(values[at + 1])
    into[to + 2] = channels < 3 ? first : table ? table[values[at + 2] - least] : eight(values[at + 2])
    into[to + 3] = alpha ? values[at + 3] * alpha : 255
  }
}

/** Turned and mirrored as an orientation of TIFF and EXIF says (1 to 8). @param {Raw} raw @param {number} orientation @returns {Raw} */
export function oriented(raw, orientation) {
  if (orientation < 2 || orientation > 8) return raw
  const { width: w, height: h, channels, values } = raw
  const swaps = orientation > 4
  const [width, height] = swaps ? [h, w] : [w, h]
  const turned = /** @type {Values} */ (new /** @type {any} */ (values.constructor)(values.length))
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += channels) {
      const [sx, sy] = [
        [x, y], [w - 1 - x, y], [w - 1 - x, h - 1 - y], [x, h - 1 - y], [y, x], [y, h - 1 - x], [w - 1 - y, h - 1 - x], [w - 1 - y, x],
      ][orientation - 1]
      const from = (sy * w + sx) * channels
      for (let c = 0; c < channels; c++) turned[to + c] = values[from + c]
    }
  }
  return { ...raw, width, height, values: turned }
}
