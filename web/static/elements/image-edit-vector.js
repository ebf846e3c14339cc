import { curveOf, bent, movedTo, pieces, split, toggled, without } from './vector-path.js'
import { onEdge } from './geometry-near.js'

/**
 * Corners of vectors and the handles of their curves. Pure; see image-edit.js. Names of handles: `v3` a vertex, `a3` and `b3` its
 * handles on the way in and out, `e3` the piece that ends at it.
 */

const LEAST = 2
const BEND = 16 // straight parts that a curve is looked at as

/** @typedef {import('./vector-path.js').Vector} Vector */

/** @param {string} handle */
const placeOf = (handle) => Number(handle.slice(1).split(':')[0])

/** @param {{x: number, y: number}} point @param {import('./image-gestures.js').Context} context */
const inPercent = (point, { width, height }) => ({ x: (point.x * 100) / width, y: (point.y * 100) / height })
/** @param {{x: number, y: number}} point @param {import('./image-gestures.js').Context} context */
const inside = (point, { width, height }) => ({ x: Math.min(Math.max(point.x, 0), width), y: Math.min(Math.max(point.y, 0), height) })

/** @param {import('./types.js').Control | undefined} control @param {Vector} shape */
const full = (control, shape) => control?.max_points > 0 && shape.vertices.length >= control?.max_points

/** @type {import('./image-edit.js').Editor} */
export const vector = {
  handles(/** @type {Vector} */ shape, { width, height }, control) {
    const at = (/** @type {{x: number, y: number}} */ point) => ({ x: (point.x * width) / 100, y: (point.y * height) / 100 })
    /** @type {import('./image-edit.js').Handle[]} */
    const found = shape.vertices.map((vertex, place) => ({ name: `v${place}`, ...at(vertex), look: vertex.isBezier ? 'round' : 'corner' }))
    if (control && !control.curves) return found
    shape.vertices.forEach((vertex, place) => {
      if (!vertex.isBezier) return
      const { x, y } = at(vertex)
      for (const [name, bend] of /** @type {const} */ ([[`a${place}`, vertex.controlPoint1], [`b${place}`, vertex.controlPoint2]])) if (bend) found.push({ name, ...at(bend), look: 'bend', from: [x, y] })
    })
    return found
  },
  edge(shape, { width, height }, control, x, y, reach) {
    if (full(control, shape)) return null
    const at = (/** @type {{x: number, y: number}} */ point) => [(point.x * width) / 100, (point.y * height) / 100]
    let best = null
    let least = reach
    for (const piece of pieces(shape)) {
      const points = alongOf(piece).map(at)
      for (let i = 1; i < points.length; i++) {
        const found = onEdge(points[i - 1], points[i], x, y, piece.end)
        if (found.away > least) continue
        least = found.away
        best = `e${piece.end}:${((i - 1 + found.t) / (points.length - 1)).toFixed(4)}`
      }
    }
    return best
  },
  after(shape, handle, _size, control) {
    const piece = handle[0] === 'v' && !full(control, shape) && pieces(shape).find(({ from }) => from === shape.vertices[placeOf(handle)])
    return piece ? { handle: `e${piece.end}:0.5`, x: 0, y: 0 } : null
  },
  taken(shape, handle, point, context) {
    const place = placeOf(handle)
    if (handle[0] === 'e') {
      const made = split(shape, place, Number(handle.split(':')[1]))
      return { handle: `v${made.place}`, now: made.vector }
    }
    if (handle[0] !== 'v') return { handle, now: shape }
    if (point.alt) {
      const now = vector.removed?.(shape, handle, context)
      return now ? { handle: '', now } : { handle, now: shape }
    }
    if (!point.shift || !context.owner?.curves) return { handle, now: shape }
    const now = toggled(shape, place)
    return { handle: now.vertices[place].isBezier ? `b${place}` : '', now }
  },
  pulled(shape, handle, point, context) {
    const place = placeOf(handle)
    const vertices = shape.vertices.map((/** @type {import('./vector-path.js').Vertex} */ vertex, /** @type {number} */ i) => {
      if (i !== place) return vertex
      if (handle[0] !== 'v') return bent(vertex, handle[0] === 'a' ? 'controlPoint1' : 'controlPoint2', inPercent(point, context), !!point.alt)
      const to = inPercent(inside(point.near ?? point, context), context)
      return movedTo(vertex, to.x, to.y)
    })
    return { ...shape, vertices }
  },
  removed(shape, handle, { owner }) {
    if (handle[0] !== 'v' || shape.vertices.length <= Math.max(LEAST, owner?.min_points ?? 0)) return null
    return without(shape, placeOf(handle))
  },
}

/** Points along a piece. @param {import('./vector-path.js').Piece} piece */
function alongOf(piece) {
  const [a, b, c, d] = curveOf(piece)
  if (b === a && c === d) return [a, d]
  return Array.from({ length: BEND + 1 }, (_, i) => {
    const t = i / BEND
    const u = 1 - t
    const [p, q, r, s] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t]
    return { x: p * a.x + q * b.x + r * c.x + s * d.x, y: p * a.y + q * b.y + r * c.y + s * d.y }
  })
}
