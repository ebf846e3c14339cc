/**
 * Millions of points on a thousand columns of pixels: the lowest and highest value of each column, found through blocks, so that a
 * look at everything costs no more than a look at a part. Pure.
 */

const BLOCK = 64

/** @typedef {{values: Float32Array, lows: Float32Array[], highs: Float32Array[]}} Ladder lows[k], highs[k]: of blocks of 64 ** (k + 1) values */

/** @param {Float32Array} values NaN: none @returns {Ladder} */
export function ladder(values) {
  /** @type {Ladder} */
  const made = { values, lows: [], highs: [] }
  for (let [low, high] = [values, values]; low.length > BLOCK;) {
    const count = Math.ceil(low.length / BLOCK)
    const [lows, highs] = [new Float32Array(count), new Float32Array(count)]
    for (let block = 0; block < count; block++) {
      let [least, most] = [Infinity, -Infinity]
      for (let i = block * BLOCK, end = Math.min(i + BLOCK, low.length); i < end; i++) {
        if (low[i] < least) least = low[i]
        if (high[i] > most) most = high[i]
      }
      lows[block] = least
      highs[block] = most
    }
    made.lows.push(lows)
    made.highs.push(highs)
    ;[low, high] = [lows, highs]
  }
  return made
}

/** Lowest and highest of a part. @param {Ladder} ladder @param {number} from @param {number} to excluded @returns {[number, number]} [Infinity, -Infinity]: no value there */
export function extent(ladder, from, to) {
  let [least, most] = [Infinity, -Infinity]
  const take = (/** @type {Float32Array} */ low, /** @type {Float32Array} */ high, /** @type {number} */ i) => {
    if (low[i] < least) least = low[i]
    if (high[i] > most) most = high[i]
  }
  let [low, high] = [ladder.values, ladder.values]
  for (let level = 0; from < to; level++) {
    const next = ladder.lows[level]
    if (!next || to - from < 2 * BLOCK) {
      for (let i = from; i < to; i++) take(low, high, i)
      break
    }
    for (; from % BLOCK && from < to; from++) take(low, high, from)
    for (; to % BLOCK && from < to; to--) take(low, high, to - 1)
    from /= BLOCK
    to /= BLOCK
    ;[low, high] = [next, ladder.highs[level]]
  }
  return [least, most]
}

/** First index whose value is not below. @param {Float64Array} sorted @param {number} value */
export function lowerBound(sorted, value) {
  let [from, to] = [0, sorted.length]
  while (from < to) {
    const middle = (from + to) >>> 1
    if (sorted[middle] < value) from = middle + 1
    else to = middle
  }
  return from
}

/** Where columns of pixels begin in the data. @param {Float64Array} time ascending @param {number} from @param {number} to @param {number} columns @returns {Uint32Array} columns + 1 indexes */
export function cuts(time, from, to, columns) {
  const found = new Uint32Array(columns + 1)
  for (let x = 0; x <= columns; x++) found[x] = lowerBound(time, from + ((to - from) * x) / columns)
  return found
}

/** The nearest point in time. @param {Float64Array} time @param {number} value @returns {number} index, -1 where there is none */
export function nearest(time, value) {
  const at = lowerBound(time, value)
  if (at >= time.length) return time.length - 1
  return at > 0 && value - time[at - 1] < time[at] - value ? at - 1 : at
}
