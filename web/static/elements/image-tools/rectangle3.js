import { t } from '../../app/texts.js'
import { corners, toPercent, turned } from '../geometry.js'
import { paintDraftPath } from '../image-figure-painter.js'
import { DRAG, LEAST } from './rectangle.js'

/** Turned boxes by three points: the two ends of one edge, then how far the opposite edge is away. */

/** @type {import('./registry.js').ImageTool} */
export const rectangle3 = {
  kind: 'rectangle3',
  press(gesture, point) {
    return gesture ? { ...gesture, x: point.x, y: point.y } : { tool: 'rectangle3', points: [[point.x, point.y]], x: point.x, y: point.y, from: point }
  },
  move: (gesture, point) => ({ ...gesture, x: point.x, y: point.y }),
  release(gesture, point, context, scale) {
    const { points } = gesture
    const [ax, ay] = points[0]
    if (points.length === 1) {
      // The press that set the first point may have been a drag along the edge.
      const away = Math.hypot(point.x - ax, point.y - ay) * scale
      return { gesture: { ...gesture, points: away >= DRAG ? [...points, [point.x, point.y]] : points, x: point.x, y: point.y }, effect: null }
    }
    const box = drawn(points, point, context)
    if (box.w * scale < LEAST || box.h * scale < LEAST) return { gesture, effect: null }
    return { gesture: null, effect: { intent: { type: 'add_region', control: context.tool.control, shape: toPercent(box, context.width, context.height) } } }
  },
  key(gesture, key) {
    if (key !== 'Backspace' || !gesture) return undefined
    return { gesture: gesture.points.length > 1 ? { ...gesture, points: gesture.points.slice(0, 1) } : null, effect: null }
  },
  says: (gesture) => (!gesture ? t('Box added.') : gesture.points.length === 1 ? t('First corner set. Enter at the other end of the edge.') : t('Edge set. Enter where the opposite edge is.')),
  paint(ctx, gesture, brush, context) {
    const [a, b] = gesture.points
    const path = b ? corners(drawn(gesture.points, gesture, context)) : [a, [gesture.x, gesture.y]]
    paintDraftPath(ctx, path, !!b, context.tool.color, brush)
  },
}

/** @param {[number, number][]} points the edge @param {{x: number, y: number}} point on the opposite edge @param {import('./registry.js').Context} context @returns {import('../geometry.js').Box} */
function drawn([[ax, ay], [bx, by]], point, context) {
  const long = Math.hypot(bx - ax, by - ay) || 1
  const [ux, uy] = [(bx - ax) / long, (by - ay) / long]
  const down = (point.y - ay) * ux - (point.x - ax) * uy // away from the edge, to its right
  // The box lies to the right of its top edge: from the other end if the third point is on the left.
  const [x, y, turn] = down < 0 ? [bx, by, Math.atan2(-uy, -ux)] : [ax, ay, Math.atan2(uy, ux)]
  const r = (turn * 180) / Math.PI
  const box = { x, y, w: long, h: Math.abs(down), r }
  const upright = context.control?.can_rotate === false
  return upright || Math.abs(r % 90) < 0.01 ? around(corners(box), context) : turned(box, r)
}

/** The upright box around some corners, inside the picture. @param {[number, number][]} points @param {{width: number, height: number}} size @returns {import('../geometry.js').Box} */
function around(points, { width, height }) {
  const xs = points.map(([x]) => Math.min(Math.max(x, 0), width))
  const ys = points.map(([, y]) => Math.min(Math.max(y, 0), height))
  const [x, y] = [Math.min(...xs), Math.min(...ys)]
  return { x, y, w: Math.max(...xs) - x, h: Math.max(...ys) - y, r: 0 }
}
