import { withAlpha } from './colors.js'
import { paintName } from './image-painter.js'

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

/** The standing figures. @param {CanvasRenderingContext2D} ctx @param {Item[]} items @param {Brush} brush */
export function paintFigures(ctx, items, brush) {
  for (const item of items) {
    if (item.region.hidden) continue
    const style = brush.styleOf(item.region)
    const { layer } = brush
    if (layer) ctx.setLineDash(layer.dash.map((length) => length * brush.ratio))
    else if (item.region.provisional) ctx.setLineDash([6 * brush.ratio, 4 * brush.ratio])
    paint(ctx, item, brush, { fill: layer ? 0 : style.fill, width: style.width, halo: true, color: layer?.color ?? item.region.color, dots: false })
    ctx.setLineDash([])
  }
  if (brush.names) for (const item of items) if (!item.region.hidden) paintName(ctx, item, brush)
}

/** @param {CanvasRenderingContext2D} ctx @param {Item} item @param {Brush} brush */
export function paintHoveredFigure(ctx, item, brush) {
  paint(ctx, item, brush, { fill: 0.2, width: 2, halo: true, color: item.region.color, dots: false })
  paintName(ctx, item, brush, true)
}

/** @param {CanvasRenderingContext2D} ctx @param {Item} item @param {Brush} brush */
export function paintSelectedFigure(ctx, item, brush) {
  paint(ctx, item, brush, { fill: 0.25, width: 3, halo: true, color: LIGHT, inner: item.region.color, dots: true })
  paintName(ctx, item, brush, true)
}

/** @param {CanvasRenderingContext2D} ctx @param {Item} item @param {Brush} brush @param {Look} look */
function paint(ctx, { figure, region, box }, { view, ratio }, look) {
  const at = (/** @type {[number, number]} */ [x, y]) => /** @type {[number, number]} */ (view.toScreen(x, y).map((value) => value * ratio))
  if (figure.mask) {
    paintMask(ctx, figure.mask, view, ratio, look.inner ? 0.7 : Math.min(0.6, Math.max(0.35, look.fill * 2)))
    if (look.inner || !look.fill) {
      trace(ctx, [[box.x, box.y], [box.x + box.w, box.y], [box.x + box.w, box.y + box.h], [box.x, box.y + box.h]].map((point) => at(/** @type {[number, number]} */ (point))), true)
      ctx.setLineDash([5 * ratio, 4 * ratio])
      stroke(ctx, look, ratio)
      ctx.setLineDash([])
    }
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

/** @param {CanvasRenderingContext2D} ctx @param {import('./image-masks.js').Mask} mask @param {import('./image-view.js').ImageView} view @param {number} ratio @param {number} opacity */
function paintMask(ctx, mask, view, ratio, opacity) {
  if (!mask.canvas) return
  const [a, b, c, d, e, f] = view.matrix().map((value) => value * ratio)
  ctx.save()
  ctx.transform(a, b, c, d, e, f)
  ctx.globalAlpha = opacity
  ctx.imageSmoothingEnabled = view.scale < 2
  ctx.drawImage(mask.canvas, mask.box.x, mask.box.y, mask.box.w, mask.box.h)
  ctx.restore()
}
