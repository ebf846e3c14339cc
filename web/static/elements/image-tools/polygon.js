import { t } from '../../app/texts.js'
import { stored } from '../image-edit-polygon.js'
import { paintDraftPath } from '../image-figure-painter.js'

/**
 * Polygons: clicks set corners, a drag with Shift draws freehand. A click on the first corner, a double click, Enter or C closes it;
 * Backspace takes the last corner back.
 *
 * @typedef {{tool: 'polygon', points: [number, number][], x: number, y: number, from: [number, number] | null, free: boolean, near?: any, closing?: boolean}} Drawing
 *   natural pixels; x, y: the pointer; from: where the button went down, in stage pixels; free: freehand
 */

const LEAST = 3
const CLOSE = 10 // stage pixels around the first corner
const SAME = 4 // stage pixels: a second click at one place ends it
const FREE_STEP = 5 // stage pixels between two corners of a freehand line
const FREE_SLACK = 1 // stage pixels that a freehand corner may stand off the line through its neighbours

/** @type {import('./registry.js').ImageTool} */
export const polygon = {
  kind: 'polygon',
  snaps: true,
  shifts: true,
  press(gesture, point, context) {
    const start = gesture ?? { tool: 'polygon', points: [], from: null, free: false }
    return { ...tracked(start, point, context), from: [point.sx, point.sy], free: !!point.shift }
  },
  move(gesture, point, context) {
    const next = tracked(gesture, point, context)
    if (!gesture.from || !gesture.free) return next
    const points = gesture.drawn || same(gesture.points.at(-1), gesture, context) ? gesture.points : [...gesture.points, [gesture.x, gesture.y]] // where the button went down
    const last = points.at(-1)
    if (Math.hypot(last[0] - point.x, last[1] - point.y) * context.scale < FREE_STEP) return { ...gesture, closing: false }
    return { ...next, points: [...points, within([point.x, point.y], context)], drawn: true }
  },
  release(gesture, point, context) {
    const { points, free } = gesture
    const rest = { ...gesture, from: null, free: false, drawn: false }
    if (free && gesture.drawn) {
      // A freehand loop that comes back to its beginning is closed; else it goes on with clicks.
      const thinned = thin(points, FREE_SLACK / context.scale)
      const loop = thinned.length >= LEAST && near(points[0], point, context, CLOSE * 1.5)
      return loop ? finish({ ...rest, points: thinned }, context) : { gesture: { ...rest, points: thinned }, effect: null }
    }
    const again = same(points.at(-1), gesture, context)
    if (points.length >= LEAST && (gesture.closing || again)) return finish(rest, context)
    if (again) return { gesture: rest, effect: null }
    return { gesture: { ...rest, points: [...points, [gesture.x, gesture.y]] }, effect: null }
  },
  key(gesture, key, context) {
    if (!gesture) return undefined
    if (key === 'Backspace') return { gesture: gesture.points.length > 1 ? { ...gesture, points: gesture.points.slice(0, -1) } : null, effect: null }
    if (key !== 'Enter' && key !== 'c') return undefined
    return gesture.points.length >= LEAST ? finish(gesture, context) : { gesture, effect: null }
  },
  says: (gesture) => (gesture ? t('Corner {n}. Enter twice at one place or C closes, Backspace takes it back, Escape stops.', { n: gesture.points.length }) : t('Polygon added.')),
  paint(ctx, gesture, brush, context) {
    const ready = gesture.points.length >= LEAST
    paintDraftPath(ctx, [...gesture.points, [gesture.x, gesture.y]], ready, context.tool.color, brush, { dots: gesture.points.length, closing: gesture.closing })
  },
}

/** With the pointer where it counts: on the first corner, on what it snaps to, inside the picture. @param {any} gesture @param {import('./registry.js').Point} point @param {import('./registry.js').Context} context */
function tracked(gesture, point, context) {
  const closing = gesture.points.length >= LEAST && near(gesture.points[0], point, context, CLOSE)
  const [x, y] = closing ? gesture.points[0] : within([point.near?.x ?? point.x, point.near?.y ?? point.y], context)
  return { ...gesture, x, y, closing }
}

/** @param {[number, number]} at @param {import('./registry.js').Context} context @returns {[number, number]} */
function within([x, y], { width, height, snap }) {
  const inside = /** @type {[number, number]} */ ([Math.min(Math.max(x, 0), width), Math.min(Math.max(y, 0), height)])
  return snap ? [Math.round(inside[0]), Math.round(inside[1])] : inside
}

/** @param {[number, number]} at @param {{x: number, y: number}} point @param {{scale: number}} context @param {number} reach stage pixels */
const near = ([x, y], point, { scale }, reach) => Math.hypot(point.x - x, point.y - y) * scale <= reach

/** Whether the pointer is where the last corner is. @param {[number, number] | undefined} last @param {{x: number, y: number}} gesture @param {{scale: number}} context */
const same = (last, gesture, context) => !!last && near(last, gesture, context, SAME)

/** @param {Drawing} gesture @param {import('./registry.js').Context} context */
function finish({ points }, context) {
  const shape = { points: points.map(([x, y]) => stored({ x, y }, { ...context, owner: context.control })), closed: true }
  return { gesture: null, effect: { intent: { type: 'add_region', control: context.tool.control, shape } } }
}

/** Without the points that a line through the others passes (Douglas and Peucker, 1973). @param {[number, number][]} points @param {number} slack @returns {[number, number][]} */
export function thin(points, slack) {
  if (points.length < 3) return points
  const keep = new Set([0, points.length - 1])
  const spans = [[0, points.length - 1]]
  while (spans.length) {
    const [from, to] = /** @type {[number, number]} */ (spans.pop())
    const [[ax, ay], [bx, by]] = [points[from], points[to]]
    const long = Math.hypot(bx - ax, by - ay)
    let [far, at] = [slack, -1]
    for (let i = from + 1; i < to; i++) {
      const [x, y] = points[i]
      const away = long ? Math.abs((x - ax) * (by - ay) - (y - ay) * (bx - ax)) / long : Math.hypot(x - ax, y - ay)
      if (away > far) [far, at] = [away, i]
    }
    if (at < 0) continue
    keep.add(at)
    spans.push([from, at], [at, to])
  }
  return points.filter((_, i) => keep.has(i))
}
