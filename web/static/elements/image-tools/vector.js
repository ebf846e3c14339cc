import { t } from '../../app/texts.js'
import { figureOf } from '../image-figures.js'
import { paintDraftFigure, paintDraftPath } from '../image-figure-painter.js'
import { bent, freshId } from '../vector-path.js'
import { DRAG } from './rectangle.js'

/**
 * Paths: clicks set points, a drag gives the new point a curve's handles (`curves`). A click on the first point closes (`closable`); a
 * click on the last, Enter or the most points allowed end it; Backspace takes the last point back. With `skeleton` a click on an
 * earlier point goes on from there, which makes a branch. A picked end (or, in a skeleton, any picked point) of the selected
 * path goes on from there.
 *
 * @typedef {import('../vector-path.js').Vertex} Vertex
 * @typedef {{tool: 'vector', region: string | null, vertices: Vertex[], last: string | null, x: number, y: number, near: any, pressed: [number, number] | null, made: boolean, control?: string, picked?: string | null,
 *   closing: boolean, started: number}} Drawing last: id of the vertex that the next one follows; pressed: stage pixels of the press; made: it has set the last vertex;
 *   started: vertices that were there before
 */

const REACH = 8 // stage pixels around a point
const LEAST = 2

/** @type {import('./registry.js').ImageTool} */
export const vector = {
  kind: 'vector',
  snaps: true,
  shifts: true,
  press(gesture, point, context) {
    const start = /** @type {Drawing} */ (gesture ?? begun(context))
    const next = tracked(start, point, context)
    const hit = next.vertices.find((vertex) => reached(vertex, next, context, REACH))
    const pressed = /** @type {[number, number]} */ ([point.sx, point.sy])
    if (next.closing || (hit && hit.id === next.last)) return { ...next, pressed, made: false }
    if (hit && context.control?.skeleton) return { ...next, pressed, made: false, last: hit.id }
    const id = freshId(next.vertices)
    const vertex = { id, ...inPercent(next, context), prevPointId: next.last, isBezier: false }
    return { ...next, pressed, made: true, last: id, vertices: [...next.vertices, vertex] }
  },
  move(gesture, point, context) {
    const next = tracked(gesture, point, context)
    if (!gesture.pressed || !gesture.made || !context.control?.curves) return next
    if (Math.hypot(point.sx - gesture.pressed[0], point.sy - gesture.pressed[1]) < DRAG) return next
    const vertices = gesture.vertices.map((/** @type {Vertex} */ vertex) => (vertex.id === gesture.last ? bent(vertex, 'controlPoint2', inPercent(point, context), false) : vertex))
    return { ...next, vertices }
  },
  release(gesture, _point, context) {
    const rest = { ...gesture, pressed: null }
    const { vertices } = gesture
    if (gesture.closing) return finish(rest, true)
    if (gesture.made) return vertices.length === most(context) ? finish(rest, false) : { gesture: rest, effect: null }
    const ended = vertices.at(-1)
    const again = ended && ended.id === gesture.last && gesture.last !== gesture.picked && reached(ended, gesture, context, REACH)
    return again && vertices.length >= least(context) ? finish(rest, false) : { gesture: { ...rest, picked: null }, effect: null }
  },
  key(gesture, key, context) {
    if (!gesture) return undefined
    if (key === 'Backspace') {
      const gone = gesture.vertices.at(-1)
      const vertices = gesture.vertices.slice(0, -1)
      const left = vertices.length > gesture.started
      return { gesture: left ? { ...gesture, vertices, last: gone.prevPointId } : null, effect: null }
    }
    const closes = key === 'c' && context.control?.closable && !context.control.skeleton && gesture.vertices.length > 2
    if (key !== 'Enter' && !closes) return undefined
    return gesture.vertices.length >= least(context) && gesture.vertices.length > gesture.started ? finish(gesture, !!closes) : { gesture, effect: null }
  },
  says: (gesture) => (gesture ? t('Point {n}. Enter twice at one place ends the path, Backspace takes it back, Escape stops.', { n: gesture.vertices.length }) : t('Path added.')),
  paint(ctx, gesture, brush, context) {
    const { color } = context.tool
    const { width, height } = context
    const draft = { vertices: gesture.vertices, closed: gesture.closing }
    paintDraftFigure(ctx, figureOf({ kind: 'vector', shape: draft }, width, height), color, brush)
    const from = gesture.vertices.find((/** @type {Vertex} */ vertex) => vertex.id === gesture.last)
    if (!from) return
    const start = /** @type {[number, number]} */ ([(from.x * width) / 100, (from.y * height) / 100])
    if (gesture.pressed && from.controlPoint2) {
      const at = (/** @type {{x: number, y: number}} */ { x, y }) => /** @type {[number, number]} */ ([(x * width) / 100, (y * height) / 100])
      paintDraftPath(ctx, [at(from.controlPoint1 ?? from), at(from.controlPoint2)], false, '#ffffff', brush, { dots: 2 })
    } else paintDraftPath(ctx, [start, [gesture.x, gesture.y]], false, color, brush, { dots: 0, light: true, closing: gesture.closing })
  },
}

/** A new path, or the selected one going on from its picked point. @param {import('./registry.js').Context} context @returns {any} */
function begun({ selected, vertex, control, tool }) {
  const start = { tool: 'vector', control: tool.control, region: null, vertices: [], last: null, started: 0, pressed: null, made: false, closing: false }
  const [region] = selected
  if (selected.length !== 1 || region.kind !== 'vector' || !vertex?.startsWith('v') || region.control !== control?.name) return start
  const { vertices, closed } = region.shape
  const place = Number(vertex.slice(1))
  if (closed || !vertices[place] || (!control.skeleton && place !== vertices.length - 1)) return start
  if (control.max_points > 0 && vertices.length >= control.max_points) return start
  const { id } = vertices[place]
  return { ...start, region: region.id, vertices, started: vertices.length, last: id, picked: id }
}

/** @param {Drawing} gesture @param {import('./registry.js').Point} point @param {import('./registry.js').Context} context @returns {Drawing} */
function tracked(gesture, point, context) {
  const { control, width, height } = context
  const [first] = gesture.vertices
  const closing = !!control?.closable && !control.skeleton && !gesture.started && gesture.vertices.length > 2 && reached(first, point, context, REACH)
  const at = closing ? { x: (first.x * width) / 100, y: (first.y * height) / 100 } : (point.near ?? point)
  return { ...gesture, closing, x: Math.min(Math.max(at.x, 0), width), y: Math.min(Math.max(at.y, 0), height) }
}

/** @param {Vertex} vertex @param {{x: number, y: number}} at natural pixels @param {import('./registry.js').Context} context @param {number} reach stage pixels */
const reached = (vertex, at, { width, height, scale }, reach) => Math.hypot((vertex.x * width) / 100 - at.x, (vertex.y * height) / 100 - at.y) * scale <= reach

/** @param {{x: number, y: number}} point @param {import('./registry.js').Context} context */
const inPercent = ({ x, y }, { width, height, snap }) => ({ x: ((snap ? Math.round(x) : x) * 100) / width, y: ((snap ? Math.round(y) : y) * 100) / height })

/** @param {import('./registry.js').Context} context */
const least = ({ control }) => Math.max(LEAST, control?.min_points ?? 0)
/** @param {import('./registry.js').Context} context */
const most = ({ control }) => (control?.max_points > 0 ? control?.max_points : Infinity)

/** @param {any} gesture @param {boolean} closed */
function finish({ region, vertices, control }, closed) {
  const shape = { vertices, closed }
  return { gesture: null, effect: { intent: region ? { type: 'edit_region', region, shape } : { type: 'add_region', control, shape } } }
}
