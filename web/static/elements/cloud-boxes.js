import { CloudCamera, EDGES, cornersOf, upright } from './cloud-camera.js'
import { inkOn } from './colors.js'

/**
 * Cuboids as wire boxes over the points, in pixels of the page.
 *
 * @typedef {import('./types.js').Region} Region
 * @typedef {{region: Region, points: ([number, number, number] | null)[]}} Seen points: corners on the screen, and how far away; null: behind
 * @typedef {{object: string, hovered: string, names: boolean, nameOf: (region: Region) => string, yUp: boolean, matrix: Float32Array, width: number, height: number}} Looks
 */

const FONT = '600 11px system-ui, sans-serif'

/** @param {CanvasRenderingContext2D} ctx @param {import('./types.js').View | undefined} view @param {import('./types.js').Layer[]} layers @param {Looks} looks @returns {Seen[]} one's own, as they were drawn */
export function paintCuboids(ctx, view, layers, { object, hovered, names, nameOf, yUp, matrix, width, height }) {
  const own = Object.values(view?.regions ?? {}).map((region) => ({ region, layer: /** @type {import('./types.js').Layer | null} */ (null) }))
  const others = layers.flatMap((layer) => Object.values(layer.view.regions).map((region) => ({ region, layer })))
  /** @type {Seen[]} */
  const seen = []
  ctx.font = FONT
  ctx.textBaseline = 'middle'
  for (const { region, layer } of [...others, ...own]) {
    if (region.object !== object || region.kind !== 'cuboid' || region.hidden) continue
    const points = cornersOf(region.shape, yUp).map((corner) => CloudCamera.project(corner, matrix, width, height))
    const chosen = !layer && (view?.selection.includes(region.id) ?? false)
    const color = layer?.color ?? region.color
    ctx.setLineDash(layer?.dash ?? (region.provisional ? [6, 4] : []))
    trace(ctx, points)
    for (const [style, thick] of /** @type {[string, number][]} */ ([['rgba(0, 0, 0, 0.55)', chosen ? 6 : 4], ...(chosen ? [['#ffffff', 4]] : []), [color, hovered === region.id ? 3 : 2]])) {
      ctx.strokeStyle = style
      ctx.lineWidth = thick
      ctx.stroke()
    }
    ctx.setLineDash([])
    if (!layer) seen.push({ region, points })
    const text = names ? nameOf(region) : ''
    const top = points.reduce((/** @type {[number, number, number] | null} */ best, point) => (point && (!best || point[1] < best[1]) ? point : best), null)
    if (!text || !top) continue
    const wide = ctx.measureText(text).width + 8
    ctx.fillStyle = color
    ctx.fillRect(top[0] - wide / 2, top[1] - 20, wide, 16)
    ctx.fillStyle = inkOn(color.slice(0, 7))
    ctx.fillText(text, top[0] - wide / 2 + 4, top[1] - 11.5)
  }
  return seen
}

/** The edges; the side that it looks to has a cross. @param {CanvasRenderingContext2D} ctx @param {Seen['points']} points */
function trace(ctx, points) {
  ctx.beginPath()
  for (const [a, b] of [...EDGES, [0, 5], [1, 4]]) {
    const [from, to] = [points[a], points[b]]
    if (!from || !to) continue
    ctx.moveTo(from[0], from[1])
    ctx.lineTo(to[0], to[1])
  }
}

/** Cuboids around a point of the screen, the nearest first. @param {Seen[]} seen @param {number} x @param {number} y pixels @returns {string[]} ids */
export function cuboidsAt(seen, x, y) {
  return seen
    .flatMap(({ region, points }) => {
      const corners = points.filter((point) => point !== null)
      if (corners.length < 8) return []
      const [xs, ys] = [corners.map((point) => point[0]), corners.map((point) => point[1])]
      const inside = x >= Math.min(...xs) - 3 && x <= Math.max(...xs) + 3 && y >= Math.min(...ys) - 3 && y <= Math.max(...ys) + 3
      return inside ? [{ id: region.id, depth: Math.min(...corners.map((point) => point[2])) }] : []
    })
    .sort((a, b) => a.depth - b.depth)
    .map(({ id }) => id)
}

/** Which way x, y and z go, in the corner. @param {CanvasRenderingContext2D} ctx @param {CloudCamera} camera @param {boolean} yUp @param {number} height @param {import('./canvas-theme.js').Theme} theme */
export function paintAxes(ctx, camera, yUp, height, theme) {
  const [right, up] = camera.axes
  const [cx, cy, long] = [38, height - 38, 24]
  for (const [at, name] of [...'xyz'].entries()) {
    const axis = upright(/** @type {[number, number, number]} */ ([0, 1, 2].map((i) => (i === at ? 1 : 0))), yUp)
    const x = cx + (axis[0] * right[0] + axis[1] * right[1] + axis[2] * right[2]) * long
    const y = cy - (axis[0] * up[0] + axis[1] * up[1] + axis[2] * up[2]) * long
    ctx.strokeStyle = theme['text-muted']
    ctx.lineWidth = 1.5
    ctx.beginPath()
    ctx.moveTo(cx, cy)
    ctx.lineTo(x, y)
    ctx.stroke()
    ctx.fillStyle = theme.text
    ctx.fillText(name, x + (x - cx) * 0.25 - 3, y + (y - cy) * 0.25)
  }
}
