import { inkOn, withAlpha } from './colors.js'
import { clock, clockStep, marks } from './media-time.js'

/** Draws tracks over a video and rows under it, in pixels of the page. */

export const RULER = 22
export const ROW = 20
const HALO = 'rgba(0, 0, 0, 0.6)'
const FONT = '600 11px system-ui, sans-serif'
const RADIANS = Math.PI / 180

/**
 * @typedef {import('./video-tracks.js').Shown} Shown
 * @typedef {import('./video-tracks.js').Row} Row
 * @typedef {import('./range-painter.js').Looks} Looks
 */

/** Corners of a box; it is turned about its top-left corner, in pixels. @param {import('./video-tracks.js').Keyframe} box percent @param {number} width @param {number} height @returns {[number, number][]} */
export function cornersOf(box, width, height) {
  const [x, y, w, h] = [(box.x * width) / 100, (box.y * height) / 100, (box.width * width) / 100, (box.height * height) / 100]
  const [cos, sin] = [Math.cos((box.rotation ?? 0) * RADIANS), Math.sin((box.rotation ?? 0) * RADIANS)]
  return [[x, y], [x + w * cos, y + w * sin], [x + w * cos - h * sin, y + w * sin + h * cos], [x - h * sin, y + h * cos]]
}

/** @param {CanvasRenderingContext2D} ctx @param {Shown[]} shown @param {number} width @param {number} height @param {Looks} looks */
export function paintTracks(ctx, shown, width, height, { selection, hovered, names, nameOf }) {
  for (const { region, box, vertices, closed, held, layer } of shown) {
    const color = layer?.color ?? region.color
    const chosen = !layer && selection.includes(region.id)
    const points = box ? cornersOf(box, width, height) : (vertices ?? []).map(({ x, y }) => /** @type {[number, number]} */ ([(x * width) / 100, (y * height) / 100]))
    if (!points.length) continue
    ctx.beginPath()
    points.forEach(([x, y], i) => (i ? ctx.lineTo(x, y) : ctx.moveTo(x, y)))
    if (closed) ctx.closePath()
    if (!layer && closed) {
      ctx.fillStyle = withAlpha(color.slice(0, 7), chosen ? 0.28 : hovered === region.id ? 0.22 : 0.12)
      ctx.fill()
    }
    ctx.setLineDash(layer?.dash ?? (held ? [6, 4] : []))
    for (const [style, thick] of /** @type {[string, number][]} */ ([[HALO, chosen ? 6 : 4], ...(chosen ? [['#ffffff', 4]] : []), [color, 2]])) {
      ctx.strokeStyle = style
      ctx.lineWidth = thick
      ctx.stroke()
    }
    ctx.setLineDash([])
    const text = names ? nameOf(region) : ''
    if (text) paintTag(ctx, text, color, Math.min(...points.map(([x]) => x)), Math.min(...points.map(([, y]) => y)), width)
  }
}

/** @param {CanvasRenderingContext2D} ctx @param {string} text @param {string} color @param {number} x @param {number} y @param {number} width */
function paintTag(ctx, text, color, x, y, width) {
  ctx.font = FONT
  ctx.textBaseline = 'middle'
  const w = ctx.measureText(text).width + 10
  const [left, top] = [Math.max(0, Math.min(x, width - w)), y > 18 ? y - 17 : y]
  ctx.fillStyle = color
  ctx.fillRect(left, top, w, 16)
  ctx.fillStyle = inkOn(color.slice(0, 7))
  ctx.fillText(text, left + 5, top + 8.5)
}

/** The track under a point, the smallest first. @param {Shown[]} shown @param {number} px @param {number} py percent */
export function boxAtPoint(shown, px, py) {
  return shown
    .filter(({ box, layer }) => {
      if (!box || layer) return false
      const [dx, dy, angle] = [px - box.x, py - box.y, (box.rotation ?? 0) * RADIANS]
      const [x, y] = [dx * Math.cos(angle) + dy * Math.sin(angle), dy * Math.cos(angle) - dx * Math.sin(angle)]
      return x >= -1 && y >= -1 && x <= box.width + 1 && y <= box.height + 1
    })
    .sort((a, b) => (a.box?.width ?? 0) * (a.box?.height ?? 0) - (b.box?.width ?? 0) * (b.box?.height ?? 0))[0]
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {Row[]} rows
 * @param {Looks & {width: number, height: number, frames: number, frame: number, rate: number, theme: import('./canvas-theme.js').Theme}} looks
 */
export function paintRows(ctx, rows, { width, height, frames, frame, rate, theme, selection, hovered, names, nameOf }) {
  ctx.fillStyle = theme.surface
  ctx.fillRect(0, 0, width, height)
  if (!frames) return
  const x = (/** @type {number} */ at) => ((Math.min(at, frames + 1) - 1) / frames) * width
  const step = clockStep(frames / rate, Math.max(2, width / 90))
  ctx.font = '11px system-ui, sans-serif'
  ctx.textBaseline = 'middle'
  for (const at of marks(0, frames / rate, step)) {
    const left = Math.round(x(at * rate + 1))
    ctx.fillStyle = theme['line-strong']
    ctx.fillRect(left, RULER - 5, 1, 5)
    ctx.fillStyle = theme['text-muted']
    if (left < width - 30) ctx.fillText(clock(at, step < 1 ? 1 : 0), left + 4, RULER / 2)
  }
  ctx.fillStyle = theme.line
  ctx.fillRect(0, RULER, width, 1)
  rows.forEach(({ region, spans, keys }, at) => {
    const top = RULER + 1 + at * ROW
    const chosen = selection.includes(region.id)
    if (chosen || hovered === region.id) {
      ctx.fillStyle = theme.sunken
      ctx.fillRect(0, top, width, ROW)
    }
    for (const [start, end] of spans) {
      const [left, right] = [x(start), Math.max(x(start) + 3, x(end + 1))]
      ctx.fillStyle = withAlpha(region.color.slice(0, 7), region.hidden ? 0.2 : 0.55)
      ctx.fillRect(left, top + 3, right - left, ROW - 6)
      ctx.strokeStyle = chosen ? theme.text : region.color
      ctx.lineWidth = chosen ? 2 : 1
      ctx.strokeRect(left + 0.5, top + 3.5, right - left - 1, ROW - 7)
    }
    ctx.fillStyle = theme.text
    for (const key of keys) {
      const middle = (x(key) + x(key + 1)) / 2
      ctx.beginPath()
      ctx.moveTo(middle, top + 5)
      ctx.lineTo(middle + 5, top + ROW / 2)
      ctx.lineTo(middle, top + ROW - 5)
      ctx.lineTo(middle - 5, top + ROW / 2)
      ctx.fill()
    }
    const text = names ? nameOf(region) : ''
    if (!text) return
    ctx.font = FONT
    const left = Math.min(x(spans[0][0]) + (keys.length ? 12 : 5), width - ctx.measureText(text).width - 8)
    const w = ctx.measureText(text).width + 6
    ctx.fillStyle = theme.surface
    ctx.fillRect(left - 3, top + 4, w, ROW - 8)
    ctx.fillStyle = theme.text
    ctx.fillText(text, left, top + ROW / 2 + 0.5)
  })
  const now = (x(frame) + x(frame + 1)) / 2
  ctx.fillStyle = theme.accent
  ctx.fillRect(now - 1, 0, 2, height)
}

/** The row under a point of the timeline, where the point is on what it marks. @param {Row[]} rows @param {number} px @param {number} py @param {number} width @param {number} frames */
export function rowAt(rows, px, py, width, frames) {
  const row = rows[Math.floor((py - RULER - 1) / ROW)]
  const frame = (px / width) * frames + 1
  return row?.spans.some(([start, end]) => frame >= start - 1 && frame <= end + 2) ? row : undefined
}
