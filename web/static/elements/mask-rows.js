import { EMPTY, trimmed } from './mask-text.js'

/**
 * Masks as rows of runs, for drawing and for the echo of strokes. Never changed in place; rows that stay are shared.
 *
 * @typedef {import('./mask-text.js').Row} Row
 * @typedef {{width: number, height: number, top: number, rows: Row[]}} Rows of a picture of width x height pixels
 * @typedef {{left: number, top: number, right: number, bottom: number}} Area pixels, right and bottom outside
 */

/** @param {number} width @param {number} height @returns {Rows} */
export const nothing = (width, height) => ({ width, height, top: 0, rows: [] })

/** @param {Rows} mask @param {number} y */
export const rowOf = ({ top, rows }, y) => rows[y - top] ?? EMPTY

/** @param {Rows} mask @param {number} x @param {number} y whole pixels */
export function covers(mask, x, y) {
  const row = rowOf(mask, y)
  for (let i = 0; i < row.length; i += 2) if (x < row[i + 1]) return x >= row[i]
  return false
}

/** @param {Rows} mask @returns {Area | null} */
export function areaOf({ top, rows }) {
  let [left, right] = [Infinity, -Infinity]
  for (const row of rows) {
    if (!row.length) continue
    if (row[0] < left) left = row[0]
    if (row[row.length - 1] > right) right = row[row.length - 1]
  }
  return left < right ? { left, top, right, bottom: top + rows.length } : null
}

/** The row with a run more. @param {Row} row @param {number} start @param {number} end @returns {Row} */
export function added(row, start, end) {
  const length = row.length
  if (!length || start > row[length - 1]) return [...row, start, end]
  let first = 0
  while (first < length && row[first + 1] < start) first += 2
  if (first < length && row[first] <= start && row[first + 1] >= end) return row
  let last = first
  let [low, high] = [start, end]
  for (; last < length && row[last] <= end; last += 2) {
    if (row[last] < low) low = row[last]
    if (row[last + 1] > high) high = row[last + 1]
  }
  return [...row.slice(0, first), low, high, ...row.slice(last)]
}

/** The row without a run. @param {Row} row @param {number} start @param {number} end @returns {Row} */
export function removed(row, start, end) {
  if (!row.length || end <= row[0] || start >= row[row.length - 1]) return row
  /** @type {number[]} */
  const made = []
  let same = true
  for (let i = 0; i < row.length; i += 2) {
    const [from, to] = [row[i], row[i + 1]]
    if (to <= start || from >= end) {
      made.push(from, to)
      continue
    }
    same = false
    if (from < start) made.push(from, start)
    if (to > end) made.push(end, to)
  }
  return same ? row : made
}

/** Collects changes of single rows, then gives the mask with them. */
export class Changing {
  /** @type {Map<number, Row>} */
  #rows = new Map()

  /** @param {Rows} mask @param {boolean} erase */
  constructor(mask, erase) {
    this.mask = mask
    this.change = erase ? removed : added
  }

  /** @param {number} y @param {number} start @param {number} end inside the picture */
  put = (y, start, end) => {
    const before = this.#rows.get(y) ?? rowOf(this.mask, y)
    const after = this.change(before, start, end)
    if (after !== before) this.#rows.set(y, after)
  }

  /** @returns {Rows} */
  get made() {
    const { mask } = this
    if (!this.#rows.size) return mask
    let [first, last] = mask.rows.length ? [mask.top, mask.top + mask.rows.length] : [Infinity, -Infinity]
    for (const y of this.#rows.keys()) {
      if (y < first) first = y
      if (y >= last) last = y + 1
    }
    /** @type {Row[]} */
    const rows = new Array(last - first).fill(EMPTY)
    mask.rows.forEach((row, i) => { rows[mask.top + i - first] = row })
    for (const [y, row] of this.#rows) rows[y - first] = row
    return { width: mask.width, height: mask.height, ...trimmed({ top: first, rows }) }
  }
}

/** What either has, or what the first has and the second has not. @param {Rows} a @param {Rows} b @param {boolean} erase @returns {Rows} */
export function combined(a, b, erase) {
  const changing = new Changing(a, erase)
  b.rows.forEach((row, i) => { for (let k = 0; k < row.length; k += 2) changing.put(b.top + i, row[k], row[k + 1]) })
  return changing.made
}

/** Where two masks of one picture differ; null: nowhere. @param {Rows} a @param {Rows} b @returns {Area | null} */
export function difference(a, b) {
  const area = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity }
  const first = Math.min(a.rows.length ? a.top : Infinity, b.rows.length ? b.top : Infinity)
  const last = Math.max(a.top + a.rows.length, b.top + b.rows.length)
  for (let y = first; y < last; y++) {
    const [one, other] = [rowOf(a, y), rowOf(b, y)]
    if (one === other) continue
    const most = Math.min(one.length, other.length)
    let head = 0
    while (head < most && one[head] === other[head]) head++
    if (head === one.length && head === other.length) continue
    let tail = 0
    while (tail < most - head && one[one.length - 1 - tail] === other[other.length - 1 - tail]) tail++
    const left = Math.min(one[head] ?? Infinity, other[head] ?? Infinity)
    const right = Math.max(one[one.length - 1 - tail] ?? -Infinity, other[other.length - 1 - tail] ?? -Infinity)
    if (left < area.left) area.left = left
    if (right > area.right) area.right = right
    if (y < area.top) area.top = y
    area.bottom = y + 1
  }
  return area.top < area.bottom ? area : null
}

/** Rows of runs of pixel numbers, counted row by row, that may go over ends of rows. @param {readonly number[]} runs start, end, start, end … @param {number} width @param {number} height @returns {Rows} */
export function ofRuns(runs, width, height) {
  if (!runs.length) return nothing(width, height)
  const top = Math.floor(runs[0] / width)
  /** @type {number[][]} */
  const rows = Array.from({ length: Math.ceil(runs[runs.length - 1] / width) - top }, () => [])
  for (let i = 0; i < runs.length; i += 2) {
    let [start, y] = [runs[i], Math.floor(runs[i] / width)]
    for (; runs[i + 1] > (y + 1) * width; y++, start = y * width) rows[y - top].push(start - y * width, width)
    rows[y - top].push(start - y * width, runs[i + 1] - y * width)
  }
  return { width, height, ...trimmed({ top, rows }) }
}

/** @param {ArrayLike<number>} values one per pixel, 0 where nothing is; every `step`th, from `from` on @param {number} width @param {number} height @returns {Rows} */
export function ofValues(values, width, height, step = 1, from = 0) {
  /** @type {number[][]} */
  const rows = []
  for (let y = 0; y < height; y++) {
    /** @type {number[]} */
    const row = []
    let inside = false
    for (let x = 0, i = y * width * step + from; x < width; x++, i += step) {
      if (values[i] !== 0 === inside) continue
      inside = !inside
      row.push(x)
    }
    if (inside) row.push(width)
    rows.push(row)
  }
  return { width, height, ...trimmed({ top: 0, rows }) }
}
