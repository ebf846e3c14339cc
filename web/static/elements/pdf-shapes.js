import { fromPercent } from './geometry.js'

/**
 * Boxes on pages of a PDF: fractions of the page in results, points of the page (1/72 inch) where they are drawn. Pages count from 1. Pure.
 *
 * @typedef {import('./geometry.js').Box} Box
 * @typedef {{width: number, height: number}} Size points
 * @typedef {{x: number, y: number, width: number, height: number, rotation?: number, pageIndex?: number, ocrtext?: string}} PageBox
 */

/** @param {PageBox} shape @param {Size} page @returns {Box} */
export const toPoints = (shape, page) => fromPercent({ ...shape, x: shape.x * 100, y: shape.y * 100, width: shape.width * 100, height: shape.height * 100 }, page.width, page.height)

/** @param {import('./types.js').PercentBox} percent of the page @param {number} pageIndex from 1 @returns {PageBox} */
export const fromPagePercent = ({ x, y, width, height, rotation }, pageIndex) => ({ x: x / 100, y: y / 100, width: width / 100, height: height / 100, rotation: rotation ?? 0, pageIndex })

/** Around some rectangles, as fractions of a page; null where there are none. @param {{left: number, top: number, right: number, bottom: number}[]} boxes @param {{left: number, top: number, width: number, height: number}} page same units
 * @returns {{x: number, y: number, width: number, height: number} | null} */
export function around(boxes, page) {
  const some = boxes.filter(({ left, right, top, bottom }) => right > left && bottom > top)
  if (!some.length) return null
  const within = (/** @type {number} */ value, /** @type {number} */ from, /** @type {number} */ size) => Math.min(1, Math.max(0, (value - from) / size))
  const [x, right] = [within(Math.min(...some.map((box) => box.left)), page.left, page.width), within(Math.max(...some.map((box) => box.right)), page.left, page.width)]
  const [y, bottom] = [within(Math.min(...some.map((box) => box.top)), page.top, page.height), within(Math.max(...some.map((box) => box.bottom)), page.top, page.height)]
  return { x, y, width: right - x, height: bottom - y }
}

/** A box moved or made larger by points, kept on its page while it is not turned. @param {PageBox} shape @param {Size} page @param {number} dx @param {number} dy @param {boolean} grow changes the size instead @returns {PageBox} */
export function stepped(shape, page, dx, dy, grow) {
  const [fx, fy] = [dx / page.width, dy / page.height]
  if (grow) return { ...shape, width: Math.max(1 / page.width, Math.min(shape.width + fx, 1 - shape.x)), height: Math.max(1 / page.height, Math.min(shape.height + fy, 1 - shape.y)) }
  if (shape.rotation) return { ...shape, x: shape.x + fx, y: shape.y + fy }
  return { ...shape, x: Math.min(Math.max(0, shape.x + fx), Math.max(0, 1 - shape.width)), y: Math.min(Math.max(0, shape.y + fy), Math.max(0, 1 - shape.height)) }
}
