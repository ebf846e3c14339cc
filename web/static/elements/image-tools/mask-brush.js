import { t } from '../../app/texts.js'
import { extended } from '../mask-stroke.js'
import { begun, erasedMask, selectedMask, showing } from './mask-target.js'
import { nextSize, set, settings } from './mask-settings.js'

/**
 * Painting and erasing by hand, with a soft or with a pixel's pen. The selected mask goes on; without one a new region begins. Shift+click
 * draws a straight line from where the last stroke ended; Alt erases while it is held at the press; the pressure of a pen is its width.
 *
 * @typedef {import('./registry.js').ImageTool} ImageTool
 * @typedef {import('./registry.js').Context} Context
 * @typedef {import('../types.js').Region} Region
 * @typedef {import('../mask-stroke.js').Place} Place
 * @typedef {import('../mask-stroke.js').Stroke} Stroke
 * @typedef {{tool: string, live: import('./mask-target.js').Live, strokes: Stroke[], erase: boolean, exact: boolean, existing: boolean, x: number, y: number, moved: boolean}} Painting
 */

const STEP = 0.1 // of the radius: a hand that moved less paints no new point
const LEAST_STEP = 0.5 // pixels
const LIGHTEST = 0.25 // of the width, for a pen that hardly touches
const WIDTHS = 12 // a stroke of a pen has at most so many

/** Where the last stroke ended, for straight lines. @type {{region: string, at: Place} | null} */
let last = null

/** @param {{kind: 'brush' | 'bitmask' | 'eraser', options: ImageTool['options']}} made @returns {ImageTool} */
export function painter({ kind, options }) {
  const erase = kind === 'eraser'
  /** Whole pixels for bitmaps. @param {Region | null} region @param {Context} context */
  const exactFor = (region, context) => (erase ? (region?.kind ?? context.control?.shape) : kind) === 'bitmask'
  return {
    kind,
    options,
    shifts: true,
    sweeps: true,
    press(_gesture, point, context) {
      const erasing = erase || !!point.alt || !!point.eraser
      const region = erasing ? erasedMask(context) : selectedMask(context, [kind])
      if (erasing && !region) context.tip?.(t('No mask is here to erase from'))
      else if (!region && context.tool.color === undefined) context.tip?.(t('Pick a label first'))
      if (erasing ? !region : !region && context.tool.color === undefined) return null
      const exact = exactFor(region, context)
      const live = begun(region, context, kind)
      const at = placed(point, exact)
      const from = point.shift && last?.region === live.id ? last.at : at
      const stroke = { ...penOf(exact, point), points: [from] }
      /** @type {Painting} */
      const gesture = { tool: kind, live, strokes: [stroke], erase: erasing, exact, existing: !!region, x: point.x, y: point.y, moved: false }
      const first = drawn(gesture, from, from, context)
      return from === at ? first : onward(first, at, context)
    },
    move(gesture, point, context) {
      const at = placed(point, gesture.exact)
      const stroke = gesture.strokes.at(-1)
      const before = stroke.points.at(-1)
      const far = Math.hypot(at[0] - before[0], at[1] - before[1])
      const next = { ...gesture, x: point.x, y: point.y, moved: true }
      if (far < (gesture.exact ? 1 : Math.max(stroke.radius * STEP, LEAST_STEP))) return next
      const pen = penOf(gesture.exact, point)
      if (pen.radius !== stroke.radius) next.strokes = [...gesture.strokes, { ...pen, points: [before] }]
      return onward(next, at, context)
    },
    release(gesture, point, context) {
      const at = placed(point, gesture.exact)
      const before = gesture.strokes.at(-1).points.at(-1)
      const done = gesture.moved && (at[0] !== before[0] || at[1] !== before[1]) ? onward(gesture, at, context) : gesture
      const { live, strokes, erase: erasing } = done
      last = { region: live.id, at }
      const fill = !erasing && settings.fill && closed(strokes)
      return { gesture: null, effect: { intent: {
        type: 'paint', region: live.id, ...(erasing ? { erase: true } : done.existing ? {} : { control: context.tool.control }), strokes,
        ...(fill ? { fill: true } : {}), ...(settings.cut && !erasing ? { cut_others: true } : {}),
      } } }
    },
    resize: (way, context) => set(exactFor(selectedMask(context), context) ? { pixels: nextSize(settings.pixels, way) } : { size: nextSize(settings.size, way) }),
    says: () => (erase ? t('Erased.') : t('Painted. Shift+Enter draws a straight line from here; arrows paint while Enter is held.')),
    cursor(ctx, [sx, sy], { view, ratio }, context) {
      const exact = exactFor(selectedMask(context), context)
      const radius = exact ? settings.pixels / 2 : settings.size / 2
      const [ix, iy] = view.toImage(sx, sy)
      const [x, y] = exact ? view.toScreen(...placed({ x: ix, y: iy }, true)) : [sx, sy]
      ring(ctx, x * ratio, y * ratio, radius * view.scale * ratio, ratio, exact && settings.pixelTip === 'square')
      if (!exact && settings.softness) ring(ctx, x * ratio, y * ratio, radius * (1 - settings.softness / 2) * view.scale * ratio, ratio, false, 0.5)
    },
  }
}

/** The pen as it is set, pressed as it is. @param {boolean} exact @param {import('./registry.js').Point} point @returns {Omit<Stroke, 'points'>} */
function penOf(exact, point) {
  if (exact) return { radius: settings.pixels / 2, ...(settings.pixelTip === 'square' ? { tip: /** @type {const} */ ('square') } : {}) }
  const share = point.pen && point.pressure ? Math.max(Math.round((LIGHTEST + (1 - LIGHTEST) * point.pressure) * WIDTHS) / WIDTHS, LIGHTEST) : 1
  return { radius: round((settings.size / 2) * share), ...(settings.softness ? { softness: settings.softness } : {}) }
}

/** @param {number} value */
const round = (value) => Math.round(value * 100) / 100

/** Where the pen stands; a pixel's pen on the middle of a pixel, or between two where it is an even number of them wide. @param {{x: number, y: number}} point @param {boolean} exact @returns {Place} */
function placed({ x, y }, exact) {
  if (!exact) return [round(x), round(y)]
  return settings.pixels % 2 ? [Math.floor(x) + 0.5, Math.floor(y) + 0.5] : [Math.round(x), Math.round(y)]
}

/** @param {Painting} gesture @param {Place} a @param {Place} b @param {Context} context @returns {Painting} */
function drawn(gesture, a, b, context) {
  const stroke = /** @type {Stroke} */ (gesture.strokes.at(-1))
  return { ...gesture, live: showing(gesture.live, extended(gesture.live.figure.mask.rows, stroke, a, b, gesture.erase), context) }
}

/** @param {Painting} gesture @param {Place} at @param {Context} context @returns {Painting} */
function onward(gesture, at, context) {
  const stroke = /** @type {Stroke} */ (gesture.strokes.at(-1))
  const strokes = [...gesture.strokes.slice(0, -1), { ...stroke, points: [...stroke.points, at] }]
  return drawn({ ...gesture, strokes }, /** @type {Place} */ (stroke.points.at(-1)), at, context)
}

/** Whether a line comes back to where it began. @param {Stroke[]} strokes */
function closed(strokes) {
  const first = strokes[0].points[0]
  const end = /** @type {Place} */ (strokes.at(-1)?.points.at(-1))
  const long = strokes.reduce((sum, stroke) => sum + stroke.points.length, 0)
  return long > 8 && Math.hypot(first[0] - end[0], first[1] - end[1]) <= 2 * strokes[0].radius
}

/** @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y @param {number} radius device pixels @param {number} ratio @param {boolean} square @param {number} [strength] */
function ring(ctx, x, y, radius, ratio, square, strength = 1) {
  ctx.save()
  ctx.globalAlpha = strength
  for (const [color, width] of /** @type {[string, number][]} */ ([['rgba(0, 0, 0, 0.8)', 3], ['#ffffff', 1]])) {
    ctx.beginPath()
    if (square) ctx.rect(x - radius, y - radius, 2 * radius, 2 * radius)
    else ctx.arc(x, y, Math.max(radius, 1), 0, 2 * Math.PI)
    ctx.strokeStyle = color
    ctx.lineWidth = width * ratio
    ctx.stroke()
  }
  ctx.restore()
}
