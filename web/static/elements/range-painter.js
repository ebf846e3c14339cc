import { inkOn, withAlpha } from './colors.js'

/**
 * Ranges on a line: coloured bands with their labels, as sound, video and series show them.
 *
 * @typedef {import('./types.js').Region} Region
 * @typedef {{region: Region, from: number, to: number, top: number, bottom: number, layer?: import('./types.js').Layer}} Band from, to, top, bottom: pixels
 * @typedef {{selection: string[], hovered: string, names: boolean, nameOf: (region: Region) => string}} Looks
 */

const FONT = '600 11px system-ui, sans-serif'
const TAG = 16 // height of a label
const THIN = 3 // pixels: a range that is shorter is still to be seen

/** @param {CanvasRenderingContext2D} ctx in pixels of the page @param {Band[]} bands @param {number} width of the canvas @param {Looks} looks */
export function paintBands(ctx, bands, width, { selection, hovered, names, nameOf }) {
  for (const { region, from, to, top, bottom, layer } of bands) {
    if (region.hidden || to < -1 || from > width + 1) continue
    const chosen = !layer && selection.includes(region.id)
    const color = layer?.color ?? region.color
    const [x, w] = [Math.max(from, -2), Math.max(THIN, Math.min(to, width + 2) - Math.max(from, -2))]
    if (!layer) {
      ctx.fillStyle = withAlpha(color.slice(0, 7), chosen ? 0.4 : hovered === region.id ? 0.32 : 0.22)
      ctx.fillRect(x, top, w, bottom - top)
    }
    ctx.setLineDash(layer?.dash ?? (region.provisional ? [6, 4] : []))
    ctx.strokeStyle = color
    ctx.lineWidth = chosen ? 3 : 2
    ctx.beginPath()
    for (const edge of [from, Math.max(to, from + THIN)]) {
      if (edge < -2 || edge > width + 2) continue
      ctx.moveTo(edge, top)
      ctx.lineTo(edge, bottom)
    }
    ctx.stroke()
    if (chosen || layer) ctx.strokeRect(x, top + 1, w, bottom - top - 2)
    ctx.setLineDash([])
  }
  if (!names) return
  ctx.font = FONT
  ctx.textBaseline = 'middle'
  /** @type {number[]} where the last label of each row ends */
  const rows = []
  for (const { region, from, to, top, bottom, layer } of bands) {
    const text = nameOf(region)
    if (region.hidden || !text || to < 0 || from > width) continue
    const x = Math.max(from, 0) + 1
    const need = ctx.measureText(text).width + 8
    if (Math.min(to, width) - x < need && !selection.includes(region.id) && hovered !== region.id && Math.min(to, width) - x < 12) continue
    const row = Math.max(0, rows.findIndex((end) => end <= x))
    const free = rows.length === 0 || rows.some((end) => end <= x)
    const place = free ? row : rows.length
    if (top + (place + 1) * (TAG + 1) > bottom) continue
    rows[place] = x + need
    const y = layer ? bottom - (place + 1) * (TAG + 1) : top + 1 + place * (TAG + 1)
    const color = layer?.color ?? region.color
    ctx.fillStyle = color
    ctx.fillRect(x, y, need, TAG)
    ctx.fillStyle = inkOn(color.slice(0, 7))
    ctx.fillText(text, x + 4, y + TAG / 2 + 0.5)
  }
}

/** Bands under a point, the shortest first. @param {Band[]} bands @param {number} x @param {number} y pixels */
export function bandsAt(bands, x, y) {
  return bands
    .filter(({ region, from, to, top, bottom, layer }) => !layer && !region.hidden && x >= from - 3 && x <= Math.max(to, from + THIN) + 3 && y >= top && y <= bottom)
    .sort((a, b) => a.to - a.from - (b.to - b.from) || b.region.n - a.region.n)
}
