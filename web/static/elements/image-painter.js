import { inkOn, withAlpha } from './colors.js'
import { HANDLES, corners, pointOf } from './geometry.js'

/**
 * Draws boxes on a canvas in device pixels. Every line has a dark halo, so that it can be seen on any photo.
 *
 * @typedef {import('./region-index.js').Item} Item
 * @typedef {import('./image-view.js').ImageView} ImageView
 * @typedef {CanvasRenderingContext2D} Context
 * @typedef {{fill: number, width: number, opacity?: number}} Style fill: opacity 0..1; width: stage pixels; opacity: the config's
 * @typedef {{view: ImageView, ratio: number, styleOf: (region: import('./types.js').Region) => Style,
 *   nameOf: (region: import('./types.js').Region) => string, names: boolean, tags?: number, layer?: {color: string, dash: number[]},
 *   area?: import('./geometry.js').Bounds, many?: boolean, crowd?: typeof import('./image-crowd.js') | null}} Brush area: natural pixels that are painted; ratio: device
 *   pixels per stage pixel; names: write label names; tags: how large, 1 if not given; layer: another person's answer; many: more stand in sight than are painted now;
 *   crowd: the code that paints thousands, once it is there
 */

const HALO = 'rgba(0, 0, 0, 0.6)'
const LIGHT = '#ffffff'
export const HANDLE_SIZE = 9
export const ROTATE_REACH = 32 // stage pixels from the top edge to the rotating handle
/** Where the turning handle would be above or beside the stage it stands inside the shape: this part of its height from the top, at most. */
export const TURN_INSIDE = 0.35
export const CROWD = 400 // from so many boxes on, pixels are painted in place of rectangles
export const MANY = 2000 // above this many boxes in sight, halos and names are left to the hovered and selected ones

/** Canvas path of a box in device pixels; upright boxes sit on whole device pixels, so that lines are crisp.
 * @param {import('./geometry.js').Box} box @param {ImageView} view @param {number} ratio @returns {[number, number, number, number] | [number, number][]} rectangle or corners */
export function outline(box, view, ratio) {
  if (!box.r) {
    const [ax, ay] = view.toScreen(box.x, box.y)
    const [bx, by] = view.toScreen(box.x + box.w, box.y + box.h)
    const x = Math.round(Math.min(ax, bx) * ratio)
    const y = Math.round(Math.min(ay, by) * ratio)
    return [x, y, Math.max(1, Math.round(Math.max(ax, bx) * ratio) - x), Math.max(1, Math.round(Math.max(ay, by) * ratio) - y)]
  }
  return corners(box).map(([x, y]) => /** @type {[number, number]} */ (view.toScreen(x, y).map((v) => v * ratio)))
}

/** @param {ReturnType<typeof outline>} shape @returns {shape is [number, number, number, number]} */
const upright = (shape) => typeof shape[0] === 'number'

/** @param {Context} ctx @param {[number, number][]} points */
function trace(ctx, points) {
  ctx.beginPath()
  points.forEach(([x, y], i) => (i ? ctx.lineTo(x, y) : ctx.moveTo(x, y)))
  ctx.closePath()
}

/** @param {Context} ctx @param {ReturnType<typeof outline>} shape @param {string} color @param {number} width */
function stroke(ctx, shape, color, width) {
  ctx.strokeStyle = color
  ctx.lineWidth = width
  if (upright(shape)) ctx.strokeRect(...shape)
  else {
    trace(ctx, shape)
    ctx.stroke()
  }
}

/** @param {Context} ctx @param {ReturnType<typeof outline>} shape @param {string} color */
function fill(ctx, shape, color) {
  ctx.fillStyle = color
  if (upright(shape)) ctx.fillRect(...shape)
  else {
    trace(ctx, shape)
    ctx.fill()
  }
}

/** Four thin filled rectangles: several times faster than strokeRect where thousands are drawn. @param {Context} ctx @param {[number, number, number, number]} shape @param {number} width */
function frame(ctx, [x, y, w, h], width) {
  const half = width >> 1
  ctx.fillRect(x - half, y - half, w + width, width)
  ctx.fillRect(x - half, y + h - half, w + width, width)
  ctx.fillRect(x - half, y - half + width, width, h - width)
  ctx.fillRect(x + w - half, y - half + width, width, h - width)
}

/** The standing boxes. @param {Context} ctx @param {Item[]} items in the order of painting @param {Brush} brush */
export function paintBoxes(ctx, items, brush) {
  const { view, ratio, layer } = brush
  const many = brush.many ?? items.length > MANY
  if (many && !layer && brush.crowd && items.length > CROWD) items = brush.crowd.paintCrowd(ctx, items.filter(({ region }) => !region.hidden), brush, crowded(brush, brush.crowd))
  ctx.setLineDash((layer?.dash ?? []).map((length) => length * ratio))
  for (const { box, region } of items) {
    if (region.hidden) continue
    const style = brush.styleOf(region)
    const color = layer?.color ?? region.color
    const shape = outline(box, view, ratio)
    const width = Math.max(1, Math.round(style.width * ratio))
    if (!layer) fill(ctx, shape, withAlpha(color, style.fill))
    const open = region.provisional || region.suggestion // not an answer yet
    if (open) ctx.setLineDash([6 * ratio, 4 * ratio])
    if (!layer && !open && upright(shape)) {
      if (!many) {
        ctx.fillStyle = HALO
        frame(ctx, shape, width + 2 * Math.round(ratio))
      }
      ctx.fillStyle = color
      frame(ctx, shape, width)
    } else {
      if (!many) stroke(ctx, shape, HALO, width + 2 * ratio)
      stroke(ctx, shape, color, width)
    }
    if (open) ctx.setLineDash([])
  }
  ctx.setLineDash([])
  if (brush.names && !many) for (const item of items) if (!item.region.hidden) paintName(ctx, item, brush)
}

/** How boxes of a crowd are painted: there are few colours and controls among them. @param {Brush} brush @param {typeof import('./image-crowd.js')} code @returns {(item: Item) => import('./image-crowd.js').Paint | null} */
function crowded({ styleOf, ratio }, { packed }) {
  /** @type {Map<string, Map<string, import('./image-crowd.js').Paint | null>>} */
  const known = new Map()
  return ({ region }) => {
    const open = !!(region.provisional || region.suggestion)
    const control = open ? `${region.control}\n` : region.control
    let colors = known.get(control)
    if (!colors) known.set(control, (colors = new Map()))
    let paint = colors.get(region.color)
    if (paint === undefined) {
      const style = styleOf(region)
      const [fill, line] = [packed(region.color, style.fill), packed(region.color, 1)]
      paint = fill === null || line === null ? null : { fill: style.fill ? fill : 0, line, width: Math.max(1, Math.round(style.width * ratio)), dashed: open }
      colors.set(region.color, paint)
    }
    return paint
  }
}

/** @type {Map<string, OffscreenCanvas>} drawn label names, by text, colour and size */
const tags = new Map()

/** @param {string} text @param {string} color @param {number} ratio */
function tag(text, color, ratio) {
  const key = `${ratio}|${color}|${text}`
  const known = tags.get(key)
  if (known) return known
  if (tags.size > 500) tags.clear()
  const font = `600 ${11 * ratio}px system-ui, sans-serif`
  const canvas = new OffscreenCanvas(1, 1)
  const ctx = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'))
  ctx.font = font
  canvas.width = Math.ceil(ctx.measureText(text).width + 10 * ratio)
  canvas.height = Math.ceil(17 * ratio)
  ctx.fillStyle = HALO
  ctx.fillRect(0, 0, canvas.width, canvas.height)
  ctx.fillStyle = color
  ctx.fillRect(ratio, ratio, canvas.width - 2 * ratio, canvas.height - 2 * ratio)
  ctx.font = font
  ctx.fillStyle = inkOn(color)
  ctx.textBaseline = 'middle'
  ctx.textAlign = 'left' // the canvas is on no page: it would follow the page's direction
  ctx.fillText(text, 5 * ratio, canvas.height / 2 + ratio * 0.5)
  tags.set(key, canvas)
  return canvas
}

/** The label's name on the top edge, where the box is wide enough to carry it. @param {Context} ctx @param {Item} item @param {Brush} brush @param {boolean} always */
export function paintName(ctx, item, brush, always = false) {
  const { view, ratio } = brush
  const text = brush.nameOf(item.region)
  if (!text) return
  const wide = item.box.w * view.scale
  if (!always && wide < 28) return
  const sprite = tag(text, brush.layer?.color ?? item.region.color, ratio * (brush.tags ?? 1))
  if (!always && wide * ratio < sprite.width * 0.75) return
  const points = item.box.r || view.turn ? corners(item.box).map(([x, y]) => view.toScreen(x, y)) : [view.toScreen(item.box.x, item.box.y)]
  const top = points.reduce((best, point) => (point[1] < best[1] ? point : best))
  const left = points.length > 1 && !item.box.r ? Math.min(...points.map((point) => point[0])) : top[0]
  const y = Math.round(top[1] * ratio)
  // Another person's names stand at the lower edge, so that they do not cover one's own.
  const low = Math.max(...points.map((point) => point[1]), brush.layer ? view.toScreen(...pointOf(item.box, 0, 1))[1] : 0)
  const place = brush.layer ? Math.min(Math.round(low * ratio) - ratio, ctx.canvas.height - sprite.height) : y >= sprite.height ? y - sprite.height + ratio : y
  ctx.drawImage(sprite, Math.round(left * ratio) - ratio, place)
}

/** @param {Context} ctx @param {Item} item @param {Brush} brush */
export function paintHovered(ctx, item, brush) {
  const shape = outline(item.box, brush.view, brush.ratio)
  const width = Math.max(2, Math.round(2 * brush.ratio))
  fill(ctx, shape, withAlpha(item.region.color, 0.18))
  stroke(ctx, shape, HALO, width + 3 * brush.ratio)
  stroke(ctx, shape, item.region.color, width)
  paintName(ctx, item, brush, true)
}

/** @param {Context} ctx @param {Item} item @param {Brush} brush @param {{handles: boolean, rotate: boolean}} what */
export function paintSelected(ctx, item, brush, what) {
  const { view, ratio } = brush
  const shape = outline(item.box, view, ratio)
  fill(ctx, shape, withAlpha(item.region.color, 0.22))
  stroke(ctx, shape, HALO, 5 * ratio)
  stroke(ctx, shape, LIGHT, 3 * ratio)
  stroke(ctx, shape, item.region.color, 2 * ratio)
  paintName(ctx, item, brush, true)
  if (what.handles) paintHandles(ctx, item.box, brush, what.rotate)
}

/** Thousands of selected regions: their outlines. @param {Context} ctx @param {Item[]} items @param {Brush} brush */
export function paintMany(ctx, items, { view, ratio, crowd }) {
  const width = Math.max(1, Math.round(2 * ratio))
  const paint = crowd ? { fill: 0, line: /** @type {number} */ (crowd.packed(LIGHT, 1)), width } : null
  for (const item of crowd ? crowd.paintCrowd(ctx, items, { view, ratio }, () => paint) : items) {
    const shape = outline(item.box, view, ratio)
    if (upright(shape)) {
      ctx.fillStyle = LIGHT
      frame(ctx, shape, width)
    } else stroke(ctx, shape, LIGHT, width)
  }
}

/** Around several selected regions, with handles to pull. @param {Context} ctx @param {import('./geometry.js').Box} box @param {Brush} brush @param {boolean} handles */
export function paintFrame(ctx, box, brush, handles) {
  const { ratio } = brush
  const shape = outline(box, brush.view, ratio)
  stroke(ctx, shape, HALO, 3 * ratio)
  ctx.setLineDash([6 * ratio, 4 * ratio])
  stroke(ctx, shape, LIGHT, ratio)
  ctx.setLineDash([])
  if (handles) paintHandles(ctx, box, brush, true)
}

/** @param {Context} ctx @param {import('./geometry.js').Box} box @param {Brush} brush @param {boolean} rotates */
function paintHandles(ctx, box, { view, ratio }, rotates) {
  const size = Math.round(HANDLE_SIZE * ratio)
  if (rotates) {
    const [[ax, ay], [bx, by]] = rotateHandle(box, view).map((point) => point.map((v) => v * ratio))
    ctx.strokeStyle = HALO
    ctx.lineWidth = 3 * ratio
    line(ctx, ax, ay, bx, by)
    ctx.strokeStyle = LIGHT
    ctx.lineWidth = ratio
    line(ctx, ax, ay, bx, by)
    ctx.beginPath()
    ctx.arc(bx, by, size / 2, 0, 2 * Math.PI)
    ctx.fillStyle = LIGHT
    ctx.fill()
    ctx.strokeStyle = '#000000'
    ctx.stroke()
  }
  for (const handle of handlesOf(box, view)) {
    const [x, y] = view.toScreen(...pointOf(box, handle.fx, handle.fy))
    const at = /** @type {const} */ ([Math.round(x * ratio - size / 2), Math.round(y * ratio - size / 2), size, size])
    ctx.fillStyle = '#000000'
    ctx.fillRect(at[0] - ratio, at[1] - ratio, size + 2 * ratio, size + 2 * ratio)
    ctx.fillStyle = LIGHT
    ctx.fillRect(...at)
  }
}

/** Only corners where the box is too small for handles on its sides. @param {import('./geometry.js').Box} box @param {ImageView} view */
export function handlesOf(box, view) {
  const roomy = Math.min(box.w, box.h) * view.scale > 4 * HANDLE_SIZE
  return roomy ? HANDLES : HANDLES.filter((handle) => handle.name.length === 2)
}

/** From the middle of the top edge outwards. @param {import('./geometry.js').Box} box @param {ImageView} view @returns {[[number, number], [number, number]]} stage pixels */
export function rotateHandle(box, view) {
  const top = view.toScreen(...pointOf(box, 0.5, 0))
  const far = box.h ? ROTATE_REACH / view.scale / box.h : 0
  const out = view.toScreen(...pointOf(box, 0.5, -far))
  return [top, view.shows(...out) ? out : view.toScreen(...pointOf(box, 0.5, Math.min(far, TURN_INSIDE)))]
}

/** @param {Context} ctx @param {number} ax @param {number} ay @param {number} bx @param {number} by */
function line(ctx, ax, ay, bx, by) {
  ctx.beginPath()
  ctx.moveTo(ax, ay)
  ctx.lineTo(bx, by)
  ctx.stroke()
}

/** The box under the pen, with its size. @param {Context} ctx @param {import('./geometry.js').Box} box @param {string} color @param {{view: ImageView, ratio: number}} brush */
export function paintDraft(ctx, box, color, { view, ratio }) {
  const shape = outline(box, view, ratio)
  fill(ctx, shape, withAlpha(color, 0.2))
  stroke(ctx, shape, HALO, 4 * ratio)
  stroke(ctx, shape, color, 2 * ratio)
  const [x, y] = view.toScreen(...pointOf(box, 1, 1))
  note(ctx, `${Math.round(box.w)} × ${Math.round(box.h)} px`, x + 8, y + 8, ratio)
}

/** @param {Context} ctx @param {import('./geometry.js').Bounds} area @param {{view: ImageView, ratio: number}} brush */
export function paintBand(ctx, area, { view, ratio }) {
  const shape = outline({ x: area.minX, y: area.minY, w: area.maxX - area.minX, h: area.maxY - area.minY, r: 0 }, view, ratio)
  fill(ctx, shape, 'rgba(255, 255, 255, 0.15)')
  stroke(ctx, shape, HALO, 3 * ratio)
  ctx.setLineDash([4 * ratio, 4 * ratio])
  stroke(ctx, shape, LIGHT, ratio)
  ctx.setLineDash([])
}

/** @param {Context} ctx @param {number} sx @param {number} sy @param {number} width @param {number} height stage pixels @param {number} ratio */
export function paintCrosshair(ctx, sx, sy, width, height, ratio) {
  for (const [color, thick] of /** @type {[string, number][]} */ ([[HALO, 3], ['rgba(255, 255, 255, 0.9)', 1]])) {
    ctx.strokeStyle = color
    ctx.lineWidth = thick * ratio
    line(ctx, sx * ratio, 0, sx * ratio, height * ratio)
    line(ctx, 0, sy * ratio, width * ratio, sy * ratio)
  }
}

/** The keyboard's cursor. @param {Context} ctx @param {number} sx @param {number} sy @param {number} ratio */
export function paintCursor(ctx, sx, sy, ratio) {
  const [x, y] = [sx * ratio, sy * ratio]
  for (const [color, thick] of /** @type {[string, number][]} */ ([['#000000', 5], [LIGHT, 2]])) {
    ctx.strokeStyle = color
    ctx.lineWidth = thick * ratio
    line(ctx, x - 12 * ratio, y, x + 12 * ratio, y)
    line(ctx, x, y - 12 * ratio, x, y + 12 * ratio)
  }
}

/** @param {Context} ctx @param {string} text @param {number} sx @param {number} sy @param {number} ratio */
function note(ctx, text, sx, sy, ratio) {
  const sprite = tag(text, '#101314', ratio)
  const x = Math.min(sx * ratio, ctx.canvas.width - sprite.width)
  const y = Math.min(sy * ratio, ctx.canvas.height - sprite.height)
  ctx.drawImage(sprite, Math.round(x), Math.round(y))
}
