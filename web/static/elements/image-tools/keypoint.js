import { t } from '../../app/texts.js'
import { figureOf } from '../image-figures.js'
import { paintDraftFigure } from '../image-figure-painter.js'

/** Key points: a click sets one. */

const DIAMETER = 0.5 // percent of the picture's width, as in Label Studio's results

/** @type {import('./registry.js').ImageTool} */
export const keypoint = {
  kind: 'keypoint',
  press: (_gesture, point) => ({ tool: 'keypoint', ...place(point) }),
  move: (gesture, point) => ({ ...gesture, ...place(point) }),
  release(gesture, _point, context) {
    const { x, y, width, height } = { ...gesture, width: context.width, height: context.height }
    if (x < 0 || y < 0 || x > width || y > height) return { gesture: null, effect: null }
    return { gesture: null, effect: { intent: { type: 'add_region', control: context.tool.control, shape: shapeAt(gesture, context) } } }
  },
  snaps: true,
  says: () => t('Point added.'),
  paint(ctx, gesture, brush, context) {
    paintDraftFigure(ctx, figureOf({ kind: 'keypoint', shape: shapeAt(gesture, context) }, context.width, context.height), context.tool.color, brush)
  },
}

/** @param {import('./registry.js').Point} point */
const place = (point) => ({ x: point.near?.x ?? point.x, y: point.near?.y ?? point.y })

/** @param {{x: number, y: number}} at @param {import('./registry.js').Context} context */
const shapeAt = ({ x, y }, { width, height }) => ({ x: (x * 100) / width, y: (y * 100) / height, width: DIAMETER })
