/**
 * Boxes in natural pixels of the image. `r` is degrees clockwise about the box's top-left corner, as results store it, so every
 * function that turns a box about its centre moves that corner too.
 *
 * @typedef {{x: number, y: number, w: number, h: number, r: number}} Box
 * @typedef {{minX: number, minY: number, maxX: number, maxY: number}} Bounds
 * @typedef {{name: string, fx: number, fy: number}} Handle fx, fy: where it sits, 0..1 of width and height
 */

const RADIANS = Math.PI / 180

/** @type {readonly Handle[]} clockwise from the top-left corner */
export const HANDLES = Object.freeze([
  { name: 'nw', fx: 0, fy: 0 }, { name: 'n', fx: 0.5, fy: 0 }, { name: 'ne', fx: 1, fy: 0 }, { name: 'e', fx: 1, fy: 0.5 },
  { name: 'se', fx: 1, fy: 1 }, { name: 's', fx: 0.5, fy: 1 }, { name: 'sw', fx: 0, fy: 1 }, { name: 'w', fx: 0, fy: 0.5 },
])

/** @param {import('./types.js').PercentBox} shape @param {number} width @param {number} height natural pixels @returns {Box} */
export const fromPercent = (shape, width, height) => ({
  x: (shape.x * width) / 100, y: (shape.y * height) / 100, w: (shape.width * width) / 100, h: (shape.height * height) / 100, r: shape.rotation ?? 0,
})

/** @param {Box} box @param {number} width @param {number} height natural pixels @returns {import('./types.js').PercentBox} */
export const toPercent = (box, width, height) => ({
  x: (box.x * 100) / width, y: (box.y * 100) / height, width: (box.w * 100) / width, height: (box.h * 100) / height, rotation: box.r,
})

/** A point of the box, `fx`, `fy` in 0..1 of its own width and height. @param {Box} box @param {number} fx @param {number} fy @returns {[number, number]} */
export function pointOf(box, fx, fy) {
  const dx = box.w * fx
  const dy = box.h * fy
  if (!box.r) return [box.x + dx, box.y + dy]
  const cos = Math.cos(box.r * RADIANS)
  const sin = Math.sin(box.r * RADIANS)
  return [box.x + dx * cos - dy * sin, box.y + dx * sin + dy * cos]
}

/** The four corners, clockwise from the top-left one. @param {Box} box */
export const corners = (box) => [pointOf(box, 0, 0), pointOf(box, 1, 0), pointOf(box, 1, 1), pointOf(box, 0, 1)]

/** A point in the box's own axes: 0..w, 0..h is inside. @param {Box} box @param {number} px @param {number} py @returns {[number, number]} */
export function toLocal(box, px, py) {
  const dx = px - box.x
  const dy = py - box.y
  if (!box.r) return [dx, dy]
  const cos = Math.cos(box.r * RADIANS)
  const sin = Math.sin(box.r * RADIANS)
  return [dx * cos + dy * sin, dy * cos - dx * sin]
}

/** @param {Box} box @param {number} px @param {number} py @param {number} slack pixels around that still count */
export function contains(box, px, py, slack = 0) {
  const [lx, ly] = toLocal(box, px, py)
  return lx >= -slack && ly >= -slack && lx <= box.w + slack && ly <= box.h + slack
}

/** @param {Box} box @returns {Bounds} */
export function bounds(box) {
  if (!box.r) return { minX: box.x, minY: box.y, maxX: box.x + box.w, maxY: box.y + box.h }
  const points = corners(box)
  const xs = points.map((point) => point[0])
  const ys = points.map((point) => point[1])
  return { minX: Math.min(...xs), minY: Math.min(...ys), maxX: Math.max(...xs), maxY: Math.max(...ys) }
}

/** The box between two opposite corners, cut at the image's border. @param {number} ax @param {number} ay @param {number} bx @param {number} by @param {number} width @param {number} height @returns {Box} */
export function between(ax, ay, bx, by, width, height) {
  const clampX = (/** @type {number} */ v) => Math.min(Math.max(v, 0), width)
  const clampY = (/** @type {number} */ v) => Math.min(Math.max(v, 0), height)
  const [x0, x1] = ax < bx ? [clampX(ax), clampX(bx)] : [clampX(bx), clampX(ax)]
  const [y0, y1] = ay < by ? [clampY(ay), clampY(by)] : [clampY(by), clampY(ay)]
  return { x: x0, y: y0, w: x1 - x0, h: y1 - y0, r: 0 }
}

/** Moved, and kept inside the image if it was inside; a box that already sticks out, or is turned, moves freely.
 * @param {Box} box @param {number} dx @param {number} dy @param {number} width @param {number} height @returns {Box} */
export function moved(box, dx, dy, width, height) {
  const inside = !box.r && box.x >= 0 && box.y >= 0 && box.x + box.w <= width && box.y + box.h <= height
  if (!inside) return { ...box, x: box.x + dx, y: box.y + dy }
  return { ...box, x: Math.min(Math.max(box.x + dx, 0), width - box.w), y: Math.min(Math.max(box.y + dy, 0), height - box.h) }
}

/** One edge or corner pulled to a point; the opposite one stays where it is, also when the box is turned. Pulled past it, the box flips.
 * @param {Box} box @param {string} handle a name of HANDLES @param {number} px @param {number} py @returns {Box} */
export function resized(box, handle, px, py) {
  const [lx, ly] = toLocal(box, px, py)
  let [left, right, top, bottom] = [0, box.w, 0, box.h]
  if (handle.includes('w')) left = lx
  if (handle.includes('e')) right = lx
  if (handle.includes('n')) top = ly
  if (handle.includes('s')) bottom = ly
  if (left > right) [left, right] = [right, left]
  if (top > bottom) [top, bottom] = [bottom, top]
  const cos = Math.cos(box.r * RADIANS)
  const sin = Math.sin(box.r * RADIANS)
  return { x: box.x + left * cos - top * sin, y: box.y + left * sin + top * cos, w: right - left, h: bottom - top, r: box.r }
}

/** Turned about its centre to `degrees`, brought into -180..180. @param {Box} box @param {number} degrees @returns {Box} */
export function turned(box, degrees) {
  const r = ((((degrees + 180) % 360) + 360) % 360) - 180
  const [cx, cy] = pointOf(box, 0.5, 0.5)
  const cos = Math.cos(r * RADIANS)
  const sin = Math.sin(r * RADIANS)
  return { x: cx - (box.w / 2) * cos + (box.h / 2) * sin, y: cy - (box.w / 2) * sin - (box.h / 2) * cos, w: box.w, h: box.h, r }
}

/** The angle that lets the box's top edge look at a point. @param {Box} box @param {number} px @param {number} py */
export function angleTo(box, px, py) {
  const [cx, cy] = pointOf(box, 0.5, 0.5)
  return Math.atan2(px - cx, cy - py) / RADIANS
}

/** Edges on whole pixels; a turned box stays as it is. @param {Box} box @returns {Box} */
export function onPixels(box) {
  if (box.r) return box
  const x = Math.round(box.x)
  const y = Math.round(box.y)
  return { x, y, w: Math.max(1, Math.round(box.x + box.w) - x), h: Math.max(1, Math.round(box.y + box.h) - y), r: 0 }
}
