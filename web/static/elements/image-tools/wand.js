import { t } from '../../app/texts.js'
import { alike, flooded, smoothed } from '../mask-flood.js'
import { combined, ofValues } from '../mask-rows.js'
import { writeLines } from '../mask-text.js'
import { wandOptions } from './mask-options.js'
import { beginAt, nextTolerance, set, settings } from './mask-settings.js'
import { begun, selectedMask, showing } from './mask-target.js'

/**
 * The magic wand: a press takes what looks like the place under it, a drag to the right or upwards takes more, to the left or downwards less;
 * the area is seen before the button is let go. Alt takes it away from the selected mask.
 */

const DRAG = 4 // stage pixels before a press changes the tolerance
const PER_PIXEL = 0.25 // tolerance per stage pixel
const WHOLE = 2.55 // tolerance 100 is every colour

/** the pixels of the picture that the wand was last used on @type {{picture: object, pixels: ImageData} | null} */
let read = null

/** @param {any} picture @returns {ImageData | null} null: the page may not read it */
function pixelsOf(picture) {
  if (read && read.picture === picture) return read.pixels
  const pixels = picture?.pixels?.(0, 0, picture.naturalWidth, picture.naturalHeight) ?? null
  read = pixels && { picture, pixels }
  return pixels
}

/** @param {any} gesture @param {import('./registry.js').Context} context */
function taken(gesture, context) {
  const { pixels, tolerance, base, erase } = gesture
  const find = settings.contiguous ? flooded : alike
  const found = find(pixels, gesture.column, gesture.row, tolerance * WHOLE)
  const rows = ofValues(smoothed(found, pixels.width, pixels.height, settings.smooth), pixels.width, pixels.height)
  return { ...gesture, rows, live: showing(gesture.live, combined(base, rows, erase), context) }
}

/** @type {import('./registry.js').ImageTool} */
export const wand = {
  kind: 'magicwand',
  options: wandOptions,
  shifts: true,
  press(_gesture, point, context) {
    const [column, row] = [Math.floor(point.x), Math.floor(point.y)]
    if (column < 0 || row < 0 || column >= context.width || row >= context.height) return null
    const pixels = pixelsOf(context.picture)
    if (!pixels) {
      context.tip?.(t('The wand cannot read this picture: its host does not let pages look at the pixels. Whoever set this up can write crossOrigin="anonymous" on the Image, and the host must allow it (CORS).'))
      return null
    }
    beginAt(context.control)
    const region = selectedMask(context)
    if (!region && context.tool.color === undefined) {
      context.tip?.(t('Pick a label first'))
      return null
    }
    const live = begun(region, context, context.control?.shape ?? 'brush')
    return taken({ tool: 'magicwand', pixels, column, row, tolerance: settings.tolerance, start: { sx: point.sx, sy: point.sy, tolerance: settings.tolerance }, base: live.figure.mask.rows, live, existing: !!region, erase: !!point.alt && !!region }, context)
  },
  move(gesture, point, context) {
    const [dx, dy] = [point.sx - gesture.start.sx, gesture.start.sy - point.sy]
    if (Math.hypot(dx, dy) < DRAG && gesture.tolerance === gesture.start.tolerance) return gesture
    const tolerance = Math.round(Math.min(Math.max(gesture.start.tolerance + (dx + dy) * PER_PIXEL, 0), 100))
    return tolerance === gesture.tolerance ? gesture : taken({ ...gesture, tolerance }, context)
  },
  release(gesture, _point, context) {
    set({ tolerance: gesture.tolerance })
    return { gesture: null, effect: { intent: {
      type: 'paint', region: gesture.live.id, ...(gesture.erase ? { erase: true } : gesture.existing ? {} : { control: context.tool.control }), rows: writeLines(gesture.rows),
      ...(settings.cut && !gesture.erase ? { cut_others: true } : {}),
    } } }
  },
  resize: (way) => set({ tolerance: nextTolerance(settings.tolerance, way) }),
  says: () => t('Area taken.'),
}
