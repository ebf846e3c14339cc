import { Changing } from './mask-rows.js'

/**
 * What a stroke will paint, for the eye while the hand moves: the engine paints it again by the same rule (labeling/masks/strokes.py says
 * it in words) and only what it made is kept.
 *
 * @typedef {[number, number]} Place natural pixels
 * @typedef {{points: Place[], radius: number, softness?: number, tip?: 'round' | 'square'}} Stroke
 * @typedef {import('./mask-rows.js').Rows} Rows
 */

/** @param {Rows} mask @param {readonly Stroke[]} strokes @param {boolean} erase @returns {Rows} */
export function painted(mask, strokes, erase) {
  const changing = new Changing(mask, erase)
  for (const stroke of strokes) {
    sweep(changing, stroke, stroke.points[0], stroke.points[0])
    for (let i = 1; i < stroke.points.length; i++) sweep(changing, stroke, stroke.points[i - 1], stroke.points[i])
  }
  return changing.made
}

/** One more piece of a stroke. @param {Rows} mask @param {Omit<Stroke, 'points'>} stroke @param {Place} a @param {Place} b @param {boolean} erase @returns {Rows} */
export function extended(mask, stroke, a, b, erase) {
  const changing = new Changing(mask, erase)
  sweep(changing, stroke, a, b)
  return changing.made
}

/** @param {Changing} changing @param {Omit<Stroke, 'points'>} stroke @param {Place} a @param {Place} b */
function sweep(changing, { radius, softness = 0, tip = 'round' }, [ax, ay], [bx, by]) {
  const { width, height } = changing.mask
  const reach = radius * (1 - softness / 2)
  const first = Math.max(Math.ceil(Math.min(ay, by) - reach - 0.5), 0)
  const last = Math.min(Math.floor(Math.max(ay, by) + reach - 0.5), height - 1)
  const extent = tip === 'square' ? square : capsule
  for (let y = first; y <= last; y++) {
    const [low, high] = extent(ax, ay, bx, by, reach, y + 0.5)
    const [start, end] = [Math.max(Math.ceil(low - 0.5), 0), Math.min(Math.floor(high - 0.5) + 1, width)]
    if (start < end) changing.put(y, start, end)
  }
}

/** @param {number} ax @param {number} ay @param {number} bx @param {number} by @param {number} reach @param {number} y @returns {Place} from, to */
function capsule(ax, ay, bx, by, reach, y) {
  const [dx, dy, down, up] = [bx - ax, by - ay, y - ay, y - by]
  const long = dx * dx + dy * dy
  let [low, high] = [Infinity, -Infinity]
  if (up * up <= reach * reach) {
    const half = Math.sqrt(reach * reach - up * up)
    low = bx - half
    high = bx + half
  }
  if (long) {
    const across = reach * Math.sqrt(long)
    const [first, last] = between(dx, -down * dy, long - down * dy)
    const [left, right] = between(dy, down * dx - across, down * dx + across)
    const [from, to] = [Math.max(first, left), Math.min(last, right)]
    if (from <= to) {
      low = Math.min(low, ax + from)
      high = Math.max(high, ax + to)
    }
  }
  return [low, high]
}

/** @param {number} ax @param {number} ay @param {number} bx @param {number} by @param {number} reach @param {number} y @returns {Place} */
function square(ax, ay, bx, by, reach, y) {
  const dx = bx - ax
  const [from, to] = between(by - ay, y - reach - ay, y + reach - ay)
  const [first, last] = [Math.max(from, 0), Math.min(to, 1)]
  if (first > last) return [Infinity, -Infinity]
  const [one, other] = [ax + first * dx, ax + last * dx]
  return [Math.min(one, other) - reach, Math.max(one, other) + reach]
}

/** Where factor * x is in least..most. @param {number} factor @param {number} least @param {number} most @returns {Place} */
function between(factor, least, most) {
  if (factor > 0) return [least / factor, most / factor]
  if (factor < 0) return [most / factor, least / factor]
  return least <= 0 && most >= 0 ? [-Infinity, Infinity] : [Infinity, -Infinity]
}
