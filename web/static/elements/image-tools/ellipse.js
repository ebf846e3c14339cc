import { t } from '../../app/texts.js'
import { between } from '../geometry.js'
import { figureOf } from '../image-figures.js'
import { paintDraftFigure } from '../image-figure-painter.js'
import { DRAG, LEAST, clickedOn } from './rectangle.js'

/** Ellipses: a drag or two clicks from corner to corner of the box around it; with Alt from the middle outwards. */

/** @type {import('./registry.js').ImageTool} */
export const ellipse = {
  kind: 'ellipse',
  press(gesture, point, context) {
    if (gesture?.step === 'draw') return { ...gesture, ...end(point) }
    return { tool: 'ellipse', step: 'press', start: point, hits: context.hits }
  },
  move(gesture, point) {
    if (gesture.step === 'draw') return { ...gesture, ...end(point) }
    if (Math.hypot(point.sx - gesture.start.sx, point.sy - gesture.start.sy) < DRAG) return gesture
    return { tool: 'ellipse', step: 'draw', ax: gesture.start.x, ay: gesture.start.y, ...end(point), clicks: false }
  },
  release(gesture, point, context, scale) {
    if (gesture.step === 'press') {
      const clicked = clickedOn(gesture, context)
      if (clicked) return { gesture: null, effect: clicked }
      return { gesture: { tool: 'ellipse', step: 'draw', ax: gesture.start.x, ay: gesture.start.y, ...end(point), clicks: true }, effect: null }
    }
    const shape = drawn(gesture, context)
    const small = Math.min((shape.radiusX * context.width) / 50, (shape.radiusY * context.height) / 50) * scale < LEAST
    if (small) return { gesture: gesture.clicks ? gesture : null, effect: null }
    return { gesture: null, effect: { intent: { type: 'add_region', control: context.tool.control, shape } } }
  },
  says: (gesture) => (gesture ? t('First corner set. Move with the arrow keys, then Enter for the second corner, Escape to stop.') : t('Ellipse added.')),
  paint(ctx, gesture, brush, context) {
    if (gesture.step === 'draw') paintDraftFigure(ctx, figureOf({ kind: 'ellipse', shape: drawn(gesture, context) }, context.width, context.height), context.tool.color, brush)
  },
}

/** @param {import('./registry.js').Point} point */
const end = (point) => ({ bx: point.x, by: point.y, centred: !!point.alt })

/** @param {{ax: number, ay: number, bx: number, by: number, centred: boolean}} gesture @param {import('./registry.js').Context} context */
function drawn({ ax, ay, bx, by, centred }, { width, height }) {
  const [x, y] = centred ? [2 * ax - bx, 2 * ay - by] : [ax, ay]
  const box = between(x, y, bx, by, width, height)
  return { x: ((box.x + box.w / 2) * 100) / width, y: ((box.y + box.h / 2) * 100) / height, radiusX: (box.w * 50) / width, radiusY: (box.h * 50) / height, rotation: 0 }
}
