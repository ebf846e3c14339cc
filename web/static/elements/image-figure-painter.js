import { withAlpha } from './colors.js'
import { paintName } from './image-painter.js'
import { maskOpacity, paintMasks, paintOutline } from './mask-paint.js'

/**
 * Draws ellipses, polygons, key points, vectors and masks on a canvas in device pixels, with the same halo as boxes.
 *
 * @typedef {import('./image-painter.js').Brush} Brush
 * @typedef {import('./region-index.js').Item & {figure: import('./image-figures.js').Figure}} Item
 * @typedef {{fill: number, width: number, halo: boolean, color: string, inner?: string, dots: boolean}} Look fill: opacity; width: stage pixels
 */

const HALO = 'rgba(0, 0, 0, 0.6)'
const LIGHT = '#ffffff'
const LEAST_POINT = 4 // stage pixels: the radius of a key point that would be too small to see
const DOT = 3
const OTHERS = 0.35 // opacity of other people's masks
const MANY_HANDLES = 60 // above which those that touch each other are left out

/** The standing figures. @param {CanvasRenderingContext2D} ctx @param {Item[]} items @param {Brush} brush */
export function paintFigures(ctx, items, brush) {
  const { layer } = brush
  /** @type {Parameters<typeof paintMasks>[1][number][]} */
  let masks = []
  const flush = () => {
    paintMasks(ctx, masks, brush)
    masks = []
  }
  for (const item of items) {
    if (item.region.hidden) continue
    const style = brush.styleOf(item.region)
    if (item.figure.mask) {
      masks.push({ mask: item.figure.mask, color: layer?.color ?? item.region.color, opacity: layer ? OTHERS : maskOpacity(style.opacity) })
      continue
    }
    flush()
    if (layer) ctx.setLineDash(layer.dash.map((length) => length * brush.ratio))
    else if (item.region.provisional || item.region.suggestion) ctx.setLineDash([6 * brush.ratio, 4 * brush.ratio])
    paint(ctx, item, brush, { fill: layer ? 0 : style.fill, width: style.width, halo: true, color: layer?.color ?? item.region.color, dots: false })
    ctx.setLineDash([])
  }
  flush()
  if (brush.names) for (const item of items) if (!item.region.hidden) paintName(ctx, item, brush)
}

/** @param {CanvasRenderingContext2D} ctx @param {Item} item @param {Brush} brush */
export function paintHoveredFigure(ctx, item, brush) {
  paint(ctx, item, brush, { fill: 0.2, width: 2, halo: true, color: item.region.color, dots: false })
  paintName(ctx, item, brush, true)
}

/** @param {CanvasRenderingContext2D} ctx @param {Item} item @param {Brush} brush */
export function paintSelectedFigure(ctx, item, brush) {
  paint(ctx, item, brush, { fill: 0.25, width: 3, halo: true, color: LIGHT, inner: item.region.color, dots: false })
  paintName(ctx, item, brush, true)
}

/** @param {CanvasRenderingContext2D} ctx @param {Item} item @param {Brush} brush @param {Look} look */
function paint(ctx, { figure, region }, brush, look) {
  const { view, ratio } = brush
  const at = (/** @type {[number, number]} */ [x, y]) => /** @type {[number, number]} */ (view.toScreen(x, y).map((value) => value * ratio))
  if (figure.mask) {
    paintOutline(ctx, figure.mask, region.color, brush) // its border alone: what stands under it is not covered
    return
  }
  if (figure.radius !== undefined) {
    const [x, y] = at(figure.corners[0])
    ctx.beginPath()
    ctx.arc(x, y, Math.max(LEAST_POINT, figure.radius * view.scale) * ratio, 0, 2 * Math.PI)
    ctx.fillStyle = withAlpha(region.color, Math.max(0.5, look.fill))
    if (look.fill) ctx.fill()
    stroke(ctx, look, ratio)
    return
  }
  for (const path of figure.paths) {
    trace(ctx, path.points.map(at), path.closed)
    if (path.closed && look.fill) {
      ctx.fillStyle = withAlpha(region.color, look.fill)
      ctx.fill()
    }
    stroke(ctx, look, ratio)
  }
  if (look.dots || !figure.paths.some((path) => path.closed)) for (const corner of figure.corners) dot(ctx, ...at(corner), region.color, ratio)
}

/** @param {CanvasRenderingContext2D} ctx @param {[number, number][]} points @param {boolean} closed */
function trace(ctx, points, closed) {
  ctx.beginPath()
  points.forEach(([x, y], i) => (i ? ctx.lineTo(x, y) : ctx.moveTo(x, y)))
  if (closed) ctx.closePath()
}

/** @param {CanvasRenderingContext2D} ctx @param {Look} look @param {number} ratio */
function stroke(ctx, look, ratio) {
  ctx.lineJoin = 'round'
  if (look.halo) {
    ctx.strokeStyle = HALO
    ctx.lineWidth = (look.width + 2) * ratio
    ctx.stroke()
  }
  ctx.strokeStyle = look.color
  ctx.lineWidth = look.width * ratio
  ctx.stroke()
  if (!look.inner) return
  ctx.strokeStyle = look.inner
  ctx.lineWidth = 2 * ratio
  ctx.stroke()
}

/** @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y device pixels @param {string} color @param {number} ratio */
function dot(ctx, x, y, color, ratio) {
  ctx.beginPath()
  ctx.arc(x, y, DOT * ratio, 0, 2 * Math.PI)
  ctx.fillStyle = color
  ctx.fill()
  ctx.lineWidth = ratio
  ctx.strokeStyle = '#000000'
  ctx.stroke()
}

/** A figure that is being drawn. @param {CanvasRenderingContext2D} ctx @param {import('./image-figures.js').Figure | null} figure @param {string | undefined} color @param {Brush} brush */
export function paintDraftFigure(ctx, figure, color = '#888888', brush) {
  if (!figure) return
  const item = /** @type {any} */ ({ figure, region: { color }, box: null })
  paint(ctx, item, brush, { fill: 0.2, width: 2, halo: true, color, dots: true })
}

/** A line that is being drawn. @param {CanvasRenderingContext2D} ctx @param {[number, number][]} points natural pixels @param {boolean} closed @param {string | undefined} color @param {Brush} brush
 * @param {{dots?: number, closing?: boolean, light?: boolean}} [look] dots: corners that stand; closing: the first one is under the pointer; light: no halo */
export function paintDraftPath(ctx, points, closed, color = '#888888', { view, ratio }, { dots = points.length, closing = false, light = false } = {}) {
  const placed = points.map(([x, y]) => /** @type {[number, number]} */ (view.toScreen(x, y).map((value) => value * ratio)))
  if (closed) {
    trace(ctx, placed, true)
    ctx.fillStyle = withAlpha(color, 0.2)
    ctx.fill()
  }
  trace(ctx, placed, closing)
  stroke(ctx, { fill: 0, width: 2, halo: !light, color, dots: false }, ratio)
  for (const [x, y] of placed.slice(0, dots)) dot(ctx, x, y, color, ratio)
  if (closing || (closed && dots)) ring(ctx, placed[0], closing ? 9 : 6, ratio)
}

/** What the point is drawn to. @param {CanvasRenderingContext2D} ctx @param {{x: number, y: number, at: 'corner' | 'edge'}} snapped @param {Brush} brush */
export function paintSnap(ctx, snapped, { view, ratio }) {
  ring(ctx, /** @type {[number, number]} */ (view.toScreen(snapped.x, snapped.y).map((value) => value * ratio)), snapped.at === 'corner' ? 8 : 5, ratio)
}

/** @param {CanvasRenderingContext2D} ctx @param {[number, number]} at device pixels @param {number} radius stage pixels @param {number} ratio */
function ring(ctx, [x, y], radius, ratio) {
  for (const [color, width] of /** @type {[string, number][]} */ ([['#000000', 4], [LIGHT, 2]])) {
    ctx.beginPath()
    ctx.arc(x, y, radius * ratio, 0, 2 * Math.PI)
    ctx.strokeStyle = color
    ctx.lineWidth = width * ratio
    ctx.stroke()
  }
}

/** Handles of the one selected figure; where they would touch, not all of them. @param {CanvasRenderingContext2D} ctx @param {import('./image-edit.js').Handle[]} handles @param {string | null} picked @param {string} color @param {Brush} brush */
export function paintHandles(ctx, handles, picked, color, { view, ratio }) {
  /** @type {[number, number] | null} */
  let last = null
  for (const handle of handles) {
    const at = view.toScreen(handle.x, handle.y)
    const crowded = handles.length > MANY_HANDLES && last && handle.name !== picked && Math.hypot(at[0] - last[0], at[1] - last[1]) < 2 * DOT
    if (crowded) continue
    last = at
    const [x, y] = [at[0] * ratio, at[1] * ratio]
    if (handle.from) {
      trace(ctx, [/** @type {[number, number]} */ (view.toScreen(...handle.from).map((value) => value * ratio)), [x, y]], false)
      stroke(ctx, { fill: 0, width: 1, halo: true, color: LIGHT, dots: false }, ratio)
    }
    knob(ctx, x, y, handle.look === 'corner', handle.name === picked ? color : LIGHT, (handle.name === picked ? 6 : handle.look === 'bend' ? 3.5 : 4.5) * ratio, ratio)
  }
}

/** @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y device pixels @param {boolean} square @param {string} color @param {number} radius device pixels @param {number} ratio */
function knob(ctx, x, y, square, color, radius, ratio) {
  ctx.beginPath()
  if (square) ctx.rect(x - radius, y - radius, 2 * radius, 2 * radius)
  else ctx.arc(x, y, radius, 0, 2 * Math.PI)
  ctx.fillStyle = color
  ctx.fill()
  ctx.strokeStyle = '#000000'
  ctx.lineWidth = 1.5 * ratio
  ctx.stroke()
}
