import { nearestOn } from './geometry-near.js'

/** Corners of polygons. Pure; see image-edit.js. Names of handles: `v3` a corner, `e3` the edge that ends at it. */

const LEAST = 3

/** @typedef {[number, number]} Pair percent */

/** @param {string} handle */
const placeOf = (handle) => Number(handle.slice(1))

/** A point as the shape stores it, inside the picture. @param {{x: number, y: number}} point @param {import('./image-gestures.js').Context} context @returns {Pair} */
export function stored(point, { width, height, owner }) {
  const snapped = owner?.snap === 'pixel' ? { x: Math.round(point.x), y: Math.round(point.y) } : point
  return [(Math.min(Math.max(snapped.x, 0), width) * 100) / width, (Math.min(Math.max(snapped.y, 0), height) * 100) / height]
}

/** @type {import('./image-edit.js').Editor} */
export const polygon = {
  handles: (shape, { width, height }) => shape.points.map((/** @type {Pair} */ [x, y], /** @type {number} */ place) => ({ name: `v${place}`, x: (x * width) / 100, y: (y * height) / 100, look: 'corner' })),
  edge(shape, { width, height }, _control, x, y, reach) {
    const points = shape.points.map((/** @type {Pair} */ [px, py]) => [(px * width) / 100, (py * height) / 100])
    const found = nearestOn(points, shape.closed !== false, x, y)
    return found && found.away <= reach ? `e${found.end}` : null
  },
  after(shape, handle, { width, height }) {
    const { points } = shape
    const place = placeOf(handle)
    if (shape.closed === false && place === points.length - 1) return null
    const end = (place + 1) % points.length
    return { handle: `e${end}`, x: ((points[place][0] + points[end][0]) * width) / 200, y: ((points[place][1] + points[end][1]) * height) / 200 }
  },
  taken(shape, handle, point, context) {
    const place = placeOf(handle)
    if (handle[0] === 'e') {
      const points = [...shape.points]
      points.splice(place || points.length, 0, stored(point, context))
      return { handle: `v${place || points.length - 1}`, now: { ...shape, points } }
    }
    if (!point.alt) return { handle, now: shape }
    const now = polygon.removed?.(shape, handle, context)
    return now ? { handle: '', now } : { handle, now: shape }
  },
  pulled(shape, handle, point, context) {
    const at = point.near ?? point
    return { ...shape, points: shape.points.map((/** @type {Pair} */ pair, /** @type {number} */ place) => (place === placeOf(handle) ? stored(at, context) : pair)) }
  },
  removed(shape, handle) {
    if (handle[0] !== 'v' || shape.points.length <= (shape.closed === false ? 1 : LEAST)) return null
    return { ...shape, points: shape.points.filter((/** @type {Pair} */ _, /** @type {number} */ place) => place !== placeOf(handle)) }
  },
}
