import { t } from '../../app/texts.js'
import { between, onPixels, toPercent } from '../geometry.js'
import { paintDraft } from '../image-painter.js'

/**
 * Boxes: a drag from corner to corner, or two clicks.
 *
 * @typedef {{tool: 'rectangle', step: 'press', start: import('./registry.js').Point, hits: string[], shift: boolean}} Pressed
 * @typedef {{tool: 'rectangle', step: 'draw', ax: number, ay: number, bx: number, by: number, clicks: boolean}} Drawing
 */

export const DRAG = 4 // stage pixels before a press becomes a drag
export const LEAST = 3 // stage pixels that a new shape needs in each direction

/** @type {import('./registry.js').ImageTool} */
export const rectangle = {
  kind: 'rectangle',
  press(gesture, point, context) {
    if (gesture?.step === 'draw') return { ...gesture, bx: point.x, by: point.y }
    return { tool: 'rectangle', step: 'press', start: point, hits: context.hits, shift: !!point.shift }
  },
  move(gesture, point) {
    if (gesture.step === 'draw') return { ...gesture, bx: point.x, by: point.y }
    if (Math.hypot(point.sx - gesture.start.sx, point.sy - gesture.start.sy) < DRAG) return gesture
    return { tool: 'rectangle', step: 'draw', ax: gesture.start.x, ay: gesture.start.y, bx: point.x, by: point.y, clicks: false }
  },
  release(gesture, point, context, scale) {
    if (gesture.step === 'press') {
      // A click on a region picks it, also while boxes are drawn; beside the selected one it selects nothing; else it sets the first corner of a box.
      const clicked = clickedOn(gesture, context)
      if (clicked) return { gesture: null, effect: clicked }
      return { gesture: { tool: 'rectangle', step: 'draw', ax: gesture.start.x, ay: gesture.start.y, bx: point.x, by: point.y, clicks: true }, effect: null }
    }
    const box = drawn(gesture, context)
    if (box.w * scale < LEAST || box.h * scale < LEAST) return { gesture: gesture.clicks ? gesture : null, effect: null }
    return { gesture: null, effect: { intent: { type: 'add_region', control: context.tool.control, shape: toPercent(box, context.width, context.height) } } }
  },
  says: (gesture) => (gesture ? t('First corner set. Move with the arrow keys, then Enter for the second corner, Escape to stop.') : t('Box added.')),
  paint(ctx, gesture, brush, context) {
    if (gesture.step === 'draw') paintDraft(ctx, drawn(gesture, context), context.tool.color ?? '#888888', brush)
  },
}

/** What a click means that begins nothing. @param {{hits: string[], shift?: boolean}} gesture @param {import('./registry.js').Context} context @returns {import('./registry.js').Effect | null} */
export function clickedOn({ hits, shift }, { selection }) {
  if (hits.length) return { click: hits, extend: !!shift }
  return selection.length ? { select: [], extend: false } : null
}

/** The box that is being drawn. @param {Drawing} gesture @param {{width: number, height: number, snap: boolean}} context */
function drawn(gesture, context) {
  const box = between(gesture.ax, gesture.ay, gesture.bx, gesture.by, context.width, context.height)
  return context.snap ? onPixels(box) : box
}
