import { bounds } from './geometry.js'
import { nearestOn } from './geometry-near.js'
import { bitmaskFigure, brushFigure, changedPlaces, coversAt } from './image-masks.js'

export { changedPlaces }

/**
 * The shapes of an image that are not boxes, in natural pixels, to be drawn and to be pointed at. Loaded only where a task has one.
 *
 * @typedef {[number, number]} Point
 * @typedef {{points: Point[], closed: boolean}} Path
 * @typedef {{paths: Path[], corners: Point[], radius?: number, mask?: import('./image-masks.js').Mask}} Figure corners: drawn as dots; radius: of a key point
 */

const RADIANS = Math.PI / 180
const ROUND = 72 // points of a drawn ellipse
const BEND = 16 // points of a drawn curve

/** @typedef {(shape: any, width: number, height: number, color: string, ready: () => void) => Figure | null} Maker */

/** @type {Record<string, Maker>} */
const MAKERS = { ellipse, polygon, keypoint, vector, brush: brushFigure, bitmask: (shape, width, height, _color, ready) => bitmaskFigure(shape, width, height, ready) }

/** @param {{kind: string, shape: any, color?: string}} region @param {number} width @param {number} height of the picture, natural pixels @param {() => void} [ready] a picture inside the shape has come @returns {Figure | null} null: nothing that can be drawn */
export function figureOf(region, width, height, ready = () => {}) {
  return MAKERS[region.kind]?.(region.shape, width, height, region.color ?? '#888888', ready) ?? null
}

/** A figure with each point at another place; the picture of a mask only moves and grows. @param {Figure} figure @param {(point: Point) => Point} to @returns {Figure} */
export function mapped(figure, to) {
  const made = { ...figure, corners: figure.corners.map(to), paths: figure.paths.map((path) => ({ ...path, points: path.points.map(to) })) }
  if (!figure.mask) return made
  const { x, y, w, h } = figure.mask.box
  const [[ax, ay], [bx, by]] = [to([x, y]), to([x + w, y + h])]
  return { ...made, mask: { ...figure.mask, box: { x: Math.min(ax, bx), y: Math.min(ay, by), w: Math.abs(bx - ax), h: Math.abs(by - ay) } } }
}

/** @param {any} shape @param {number} width @param {number} height @returns {Figure} */
function ellipse(shape, width, height) {
  const [cx, cy, rx, ry] = [(shape.x * width) / 100, (shape.y * height) / 100, (shape.radiusX * width) / 100, (shape.radiusY * height) / 100]
  const [cos, sin] = [Math.cos((shape.rotation ?? 0) * RADIANS), Math.sin((shape.rotation ?? 0) * RADIANS)]
  /** @type {(angle: number) => Point} */
  const at = (angle) => {
    const [x, y] = [rx * Math.cos(angle), ry * Math.sin(angle)]
    return [cx + x * cos - y * sin, cy + x * sin + y * cos]
  }
  return { paths: [{ points: Array.from({ length: ROUND }, (_, i) => at((i * 2 * Math.PI) / ROUND)), closed: true }], corners: [0, 1, 2, 3].map((quarter) => at((quarter * Math.PI) / 2)) }
}

/** @param {any} shape @param {number} width @param {number} height @returns {Figure | null} */
function polygon(shape, width, height) {
  /** @type {Point[]} */
  const points = (shape.points ?? []).map((/** @type {Point} */ [x, y]) => [(x * width) / 100, (y * height) / 100])
  return points.length ? { paths: [{ points, closed: shape.closed !== false }], corners: points } : null
}

/** @param {any} shape @param {number} width @param {number} height @returns {Figure} */
function keypoint(shape, width, height) {
  const at = /** @type {Point} */ ([(shape.x * width) / 100, (shape.y * height) / 100])
  return { paths: [], corners: [at], radius: ((shape.width ?? 0) * width) / 200 }
}

/** A vector's vertices name the one before them; each has a handle on the way in (controlPoint1) and on the way out (controlPoint2).
 * @param {any} shape @param {number} width @param {number} height @returns {Figure | null} */
function vector(shape, width, height) {
  /** @type {any[]} */
  const vertices = shape.vertices ?? []
  if (!vertices.length) return null
  /** @type {(point: {x: number, y: number}) => Point} */
  const at = ({ x, y }) => [(x * width) / 100, (y * height) / 100]
  const byId = new Map(vertices.map((vertex) => [vertex.id, vertex]))
  /** @type {Path[]} */
  const paths = []
  const join = (/** @type {any} */ from, /** @type {any} */ to) => {
    const [a, d] = [at(from), at(to)]
    const b = from.isBezier && from.controlPoint2 ? at(from.controlPoint2) : a
    const c = to.isBezier && to.controlPoint1 ? at(to.controlPoint1) : d
    const points = b === a && c === d ? [a, d] : Array.from({ length: BEND + 1 }, (_, i) => bent(a, b, c, d, i / BEND))
    const last = paths.at(-1)
    const end = last?.points.at(-1)
    if (last && end && end[0] === a[0] && end[1] === a[1]) last.points.push(...points.slice(1))
    else paths.push({ points, closed: false })
  }
  for (const vertex of vertices) {
    const before = byId.get(vertex.prevPointId)
    if (before) join(before, vertex)
  }
  if (shape.closed && vertices.length > 2) join(vertices[vertices.length - 1], vertices[0])
  if (shape.closed && paths.length === 1) paths[0].closed = true
  return { paths, corners: vertices.map(at) }
}

/** A point of a cubic curve. @param {Point} a @param {Point} b @param {Point} c @param {Point} d @param {number} t 0..1 @returns {Point} */
function bent(a, b, c, d, t) {
  const u = 1 - t
  const [p, q, r, s] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t]
  return [p * a[0] + q * b[0] + r * c[0] + s * d[0], p * a[1] + q * b[1] + r * c[1] + s * d[1]]
}

/** The upright box around a figure. @param {Figure} figure @returns {import('./geometry.js').Bounds} */
export function figureBounds(figure) {
  if (figure.mask) return bounds({ ...figure.mask.box, r: 0 })
  const found = { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity }
  const pad = figure.radius ?? 0
  for (const points of [figure.corners, ...figure.paths.map((path) => path.points)]) {
    for (const [x, y] of points) {
      found.minX = Math.min(found.minX, x - pad)
      found.maxX = Math.max(found.maxX, x + pad)
      found.minY = Math.min(found.minY, y - pad)
      found.maxY = Math.max(found.maxY, y + pad)
    }
  }
  return found
}

/** Whether a point is on a figure, or inside it. @param {Figure} figure @param {number} x @param {number} y natural pixels @param {number} slack pixels around that still count */
export function figureHit(figure, x, y, slack) {
  if (figure.mask) return coversAt(figure.mask, x, y)
  if (figure.radius !== undefined) return Math.hypot(figure.corners[0][0] - x, figure.corners[0][1] - y) <= Math.max(figure.radius, 2 * slack) + slack
  return figure.paths.some((path) => (path.closed && inside(path.points, x, y)) || near(path, x, y, slack)) || (!figure.paths.length && figure.corners.some(([cx, cy]) => Math.hypot(cx - x, cy - y) <= 2 * slack))
}

/** Even-odd rule. @param {Point[]} points @param {number} x @param {number} y */
function inside(points, x, y) {
  let odd = false
  for (let i = 0, j = points.length - 1; i < points.length; j = i++) {
    const [ax, ay] = points[i]
    const [bx, by] = points[j]
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) odd = !odd
  }
  return odd
}

/** @param {Path} path @param {number} x @param {number} y @param {number} slack */
function near({ points, closed }, x, y, slack) {
  return (nearestOn(points, closed, x, y)?.away ?? Infinity) <= slack
}
