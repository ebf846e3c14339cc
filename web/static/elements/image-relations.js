import { pointOf } from './geometry.js'

/** Arrows between related regions of one image: those of what is selected or hovered, or all of them. */

const HALO = 'rgba(0, 0, 0, 0.7)'
const LINE = '#ffffff'
const HEAD = 9 // stage pixels
const BEND = 0.12 // of the length: two relations between the same regions do not lie on each other
const NEAR = 12 // stage pixels below which there is no arrow to see

/** @typedef {{from: string, to: string, direction: string, labels: string[]}} Relation */

/** Those that are to be seen. @param {readonly Relation[]} relations @param {Set<string>} about ids of selected and hovered regions @param {boolean} all @returns {Relation[]} */
export const seen = (relations, about, all) => relations.filter(({ from, to }) => all || about.has(from) || about.has(to))

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {readonly Relation[]} relations
 * @param {Map<string, import('./region-index.js').Item>} items
 * @param {import('./image-painter.js').Brush} brush
 */
export function paintRelations(ctx, relations, items, { view, ratio }) {
  for (const { from, to, direction, labels } of relations) {
    const [start, end] = [items.get(from), items.get(to)]
    if (!start || !end || start.region.hidden || end.region.hidden) continue
    const [ax, ay] = view.toScreen(...pointOf(start.box, 0.5, 0.5)).map((value) => value * ratio)
    const [bx, by] = view.toScreen(...pointOf(end.box, 0.5, 0.5)).map((value) => value * ratio)
    const long = Math.hypot(bx - ax, by - ay)
    if (long < NEAR * ratio) continue
    const [mx, my] = [(ax + bx) / 2 - (by - ay) * BEND, (ay + by) / 2 + (bx - ax) * BEND]
    for (const [color, width] of /** @type {[string, number][]} */ ([[HALO, 5], [LINE, 2]])) {
      ctx.strokeStyle = color
      ctx.lineWidth = width * ratio
      ctx.lineCap = 'round'
      ctx.beginPath()
      ctx.moveTo(ax, ay)
      ctx.quadraticCurveTo(mx, my, bx, by)
      ctx.stroke()
      if (direction !== 'left') head(ctx, mx, my, bx, by, ratio)
      if (direction !== 'right') head(ctx, mx, my, ax, ay, ratio)
    }
    if (labels.length) named(ctx, labels.join(', '), (ax + bx) / 4 + mx / 2, (ay + by) / 4 + my / 2, ratio)
  }
  ctx.lineCap = 'butt'
}

/** @param {CanvasRenderingContext2D} ctx @param {number} fx @param {number} fy where it comes from @param {number} x @param {number} y @param {number} ratio */
function head(ctx, fx, fy, x, y, ratio) {
  const angle = Math.atan2(y - fy, x - fx)
  ctx.beginPath()
  for (const side of [-0.45, 0.45]) {
    ctx.moveTo(x, y)
    ctx.lineTo(x - Math.cos(angle + side) * HEAD * ratio, y - Math.sin(angle + side) * HEAD * ratio)
  }
  ctx.stroke()
}

/** @param {CanvasRenderingContext2D} ctx @param {string} text @param {number} x @param {number} y device pixels @param {number} ratio */
function named(ctx, text, x, y, ratio) {
  ctx.font = `600 ${11 * ratio}px system-ui, sans-serif`
  const width = ctx.measureText(text).width + 10 * ratio
  ctx.fillStyle = '#101314'
  ctx.fillRect(x - width / 2, y - 9 * ratio, width, 18 * ratio)
  ctx.fillStyle = LINE
  ctx.textBaseline = 'middle'
  ctx.textAlign = 'center'
  ctx.fillText(text, x, y)
  ctx.textAlign = 'start'
}
