/** Where a region of a picture is, as numbers that a person can type: pixels of the picture, degrees. Pure. */
import { text } from '../app/texts.js'
import { fromPercent, toPercent } from './geometry.js'

/** @typedef {import('./types.js').Region} Region */
/** @typedef {import('./geometry.js').Box} Box */
/** @typedef {{width: number, height: number}} Size natural pixels */

/** @type {[keyof Box, string, string, string][]} key, sign, name, unit */
const PLACE = [['x', 'x', text('x in pixels'), 'px'], ['y', 'y', text('y in pixels'), 'px']]
/** @type {[keyof Box, string, string, string][]} */
const EXTENT = [['w', 'w', text('width in pixels'), 'px'], ['h', 'h', text('height in pixels'), 'px']]
/** @type {[keyof Box, string, string, string][]} */
const TURN = [['r', '∠', text('turned by degrees, clockwise'), '°']]

/** The numbers of a kind, in their order. @param {Region} region */
export function numbered({ kind }) {
  if (kind === 'keypoint') return PLACE
  return kind === 'rectangle' || kind === 'ellipse' ? [...PLACE, ...EXTENT, ...TURN] : []
}

/** Null for kinds that have other numbers than these. @param {Region} region @param {Size} size @returns {Box | null} an ellipse's: the box around it, unturned */
export function boxOf({ kind, shape }, { width, height }) {
  if (kind === 'rectangle') return fromPercent(shape, width, height)
  const x = (shape.x * width) / 100
  const y = (shape.y * height) / 100
  if (kind === 'keypoint') return { x, y, w: 0, h: 0, r: 0 }
  if (kind !== 'ellipse') return null
  const [rx, ry] = [(shape.radiusX * width) / 100, (shape.radiusY * height) / 100]
  return { x: x - rx, y: y - ry, w: 2 * rx, h: 2 * ry, r: shape.rotation ?? 0 }
}

/** The shape that has these numbers; null where there is none. @param {Region} region @param {Box} box @param {Size} size @returns {any} */
export function shapeOf({ kind, shape }, box, { width, height }) {
  const { x, y, w, h, r } = box
  if ([x, y, w, h, r].some((number) => !Number.isFinite(number)) || (kind !== 'keypoint' && (w <= 0 || h <= 0))) return null
  if (kind === 'rectangle') return toPercent(box, width, height)
  if (kind === 'keypoint') return { ...shape, x: (x * 100) / width, y: (y * 100) / height }
  if (kind !== 'ellipse') return null
  return { ...shape, x: ((x + w / 2) * 100) / width, y: ((y + h / 2) * 100) / height, radiusX: (w * 50) / width, radiusY: (h * 50) / height, rotation: r }
}
