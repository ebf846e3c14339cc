/**
 * Masks as the view has them: base64 of little-endian varints: first row, then per row the number of runs and, for each, gap and length
 * (docs/contracts.md, section 10). Pure and small, as every patch goes through it.
 *
 * @typedef {readonly number[]} Row start, end, start, end …: pixels, ends outside, in order, not touching
 * @typedef {{top: number, rows: Row[]}} Lines rows from `top` on
 */

/** @type {Row} */
export const EMPTY = Object.freeze([])

/** @param {string} text @returns {Lines} */
export function readLines(text) {
  const bytes = atob(text)
  let at = 0
  const take = () => {
    let value = 0
    for (let shift = 0; at < bytes.length; shift += 7) {
      const byte = bytes.charCodeAt(at++)
      value += (byte & 127) * 2 ** shift
      if (byte < 128) break
    }
    return value
  }
  const top = take()
  /** @type {Row[]} */
  const rows = []
  while (at < bytes.length) {
    const count = take() * 2
    if (!count) {
      rows.push(EMPTY)
      continue
    }
    const row = new Array(count)
    for (let i = 0, x = 0; i < count; i++) row[i] = x += take()
    rows.push(row)
  }
  return { top, rows }
}

/** @param {Lines} lines */
export function writeLines({ top, rows }) {
  /** @type {string[]} */
  const parts = []
  let made = ''
  const put = (/** @type {number} */ value) => {
    let left = value
    for (; left > 127; left = Math.floor(left / 128)) made += String.fromCharCode((left & 127) | 128)
    made += String.fromCharCode(left)
  }
  put(top)
  for (const row of rows) {
    put(row.length / 2)
    for (let i = 0, x = 0; i < row.length; i++) {
      put(row[i] - x)
      x = row[i]
    }
    if (made.length > 3000) { // whole groups of three bytes: base64 of parts is the base64 of all
      const whole = made.length - (made.length % 3)
      parts.push(btoa(made.slice(0, whole)))
      made = made.slice(whole)
    }
  }
  return parts.join('') + btoa(made)
}

/** Without empty rows at its ends. @param {Lines} lines @returns {Lines} */
export function trimmed({ top, rows }) {
  let [first, last] = [0, rows.length]
  while (first < last && !rows[first].length) first++
  while (last > first && !rows[last - 1].length) last--
  return first === last ? { top: 0, rows: [] } : { top: top + first, rows: first || last < rows.length ? rows.slice(first, last) : rows }
}

/** Lines with others in their place. @param {Lines} held @param {Lines} given @returns {Lines} */
export function replaced(held, given) {
  const top = Math.min(held.top, given.top)
  const bottom = Math.max(held.top + held.rows.length, given.top + given.rows.length)
  /** @type {Row[]} */
  const rows = new Array(bottom - top).fill(EMPTY)
  held.rows.forEach((row, i) => { rows[held.top + i - top] = row })
  given.rows.forEach((row, i) => { rows[given.top + i - top] = row })
  return trimmed({ top, rows })
}

/**
 * The shape of a region after a patch: of a mask, only the rows that changed came (`base`: the version that they change).
 * @param {Record<string, any> | undefined} old @param {Record<string, any>} shape
 */
export function patchedShape(old, shape) {
  if (shape.base === undefined || typeof old?.rows !== 'string') return shape
  const { base: _base, ...members } = shape
  return { ...members, rows: writeLines(replaced(readLines(old.rows), readLines(shape.rows))) }
}
