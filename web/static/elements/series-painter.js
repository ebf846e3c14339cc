import { extent } from './series-columns.js'
import { axisWriter } from './series-time.js'
import { clockStep, marks, niceStep } from './media-time.js'

/**
 * Draws lanes of a time series, in pixels of the page.
 *
 * @typedef {{ladder: import('./series-columns.js').Ladder, color: string, width: number, step: boolean, marker: number}} Line
 * @typedef {{cuts: Uint32Array, time: Float64Array, from: number, to: number, dates: boolean}} Looking
 */

export const LEFT = 64 // pixels for the numbers at the side
export const AXIS = 22 // pixels for the times below

/** Lowest and highest of what is looked at, with a little room. @param {Line[]} lines @param {Looking} looking @param {boolean} all of the data, not only what is seen @param {[number, number] | null} asked @returns {[number, number]} */
export function scaleOf(lines, { cuts }, all, asked) {
  if (asked) return asked
  let [least, most] = [Infinity, -Infinity]
  for (const { ladder } of lines) {
    const [low, high] = all ? extent(ladder, 0, ladder.values.length) : extent(ladder, Math.max(0, cuts[0] - 1), Math.min(ladder.values.length, cuts[cuts.length - 1] + 1))
    least = Math.min(least, low)
    most = Math.max(most, high)
  }
  if (!(most >= least)) return [0, 1]
  if (most === least) return [least - 1, most + 1]
  const room = (most - least) * 0.06
  return [least - room, most + room]
}

/** @param {CanvasRenderingContext2D} ctx @param {Line} line @param {Looking} looking @param {{left: number, top: number, width: number, height: number}} place @param {[number, number]} scale */
export function paintLine(ctx, line, { cuts, time, from, to }, place, [low, high]) {
  const { left, top, width, height } = place
  const y = (/** @type {number} */ value) => top + height - ((value - low) / (high - low)) * height
  const { values } = line.ladder
  const [first, last] = [Math.max(0, cuts[0] - 1), Math.min(values.length, cuts[cuts.length - 1] + 1)]
  ctx.save()
  ctx.beginPath()
  ctx.rect(left, top, width, height)
  ctx.clip()
  ctx.strokeStyle = line.color
  ctx.fillStyle = line.color
  ctx.lineWidth = line.width
  ctx.lineJoin = 'round'
  ctx.beginPath()
  const few = last - first <= width * 2
  if (few) {
    let pen = false
    for (let i = first; i < last; i++) {
      if (Number.isNaN(values[i])) {
        pen = false
        continue
      }
      const px = left + ((time[i] - from) / (to - from)) * width
      const py = y(values[i])
      if (!pen) ctx.moveTo(px, py)
      else if (line.step) {
        ctx.lineTo(px, y(values[i - 1]))
        ctx.lineTo(px, py)
      } else ctx.lineTo(px, py)
      pen = true
    }
  } else {
    let before = NaN
    for (let x = 0; x < cuts.length - 1; x++) {
      if (cuts[x] === cuts[x + 1]) continue
      const [least, most] = extent(line.ladder, cuts[x], cuts[x + 1])
      if (least > most) {
        before = NaN
        continue
      }
      const entry = values[cuts[x]]
      if (Number.isNaN(before)) ctx.moveTo(left + x + 0.5, y(Number.isNaN(entry) ? least : entry))
      else ctx.lineTo(left + x + 0.5, y(Number.isNaN(entry) ? least : entry))
      ctx.lineTo(left + x + 0.5, y(least))
      ctx.lineTo(left + x + 0.5, y(most))
      before = values[cuts[x + 1] - 1]
      if (!Number.isNaN(before)) ctx.lineTo(left + x + 0.5, y(before))
    }
  }
  ctx.stroke()
  if (few && (line.marker || last - first < width / 12)) {
    const size = line.marker || 2
    for (let i = first; i < last; i++) {
      if (Number.isNaN(values[i])) continue
      ctx.beginPath()
      ctx.arc(left + ((time[i] - from) / (to - from)) * width, y(values[i]), size, 0, 7)
      ctx.fill()
    }
  }
  ctx.restore()
}

/** Lines and numbers of the value axis. @param {CanvasRenderingContext2D} ctx @param {{left: number, top: number, width: number, height: number}} place @param {[number, number]} scale @param {import('./canvas-theme.js').Theme} theme @param {string | undefined} format */
export function paintValues(ctx, { left, top, width, height }, [low, high], theme, format) {
  const step = niceStep(high - low, Math.max(2, height / 32))
  const write = axisWriter(format, false, step)
  ctx.font = '11px system-ui, sans-serif'
  ctx.textBaseline = 'middle'
  ctx.textAlign = 'right'
  for (const value of marks(low, high, step)) {
    const y = Math.round(top + height - ((value - low) / (high - low)) * height)
    ctx.fillStyle = theme.line
    ctx.fillRect(left, y, width, 1)
    if (y < top + 6 || y > top + height - 5) continue
    ctx.fillStyle = theme['text-muted']
    ctx.fillText(write(value), left - 6, y)
  }
  ctx.textAlign = 'left'
}

/** Times below the lanes. @param {CanvasRenderingContext2D} ctx @param {Looking} looking @param {{left: number, width: number}} place @param {import('./canvas-theme.js').Theme} theme @param {string | undefined} format */
export function paintTimes(ctx, { from, to, dates }, { left, width }, theme, format) {
  ctx.font = '11px system-ui, sans-serif'
  ctx.textBaseline = 'middle'
  const sample = axisWriter(format, dates, (to - from) / 6)(to)
  const most = Math.max(2, width / Math.max(70, ctx.measureText(sample).width + 28))
  const step = dates ? clockStep(to - from, most) : niceStep(to - from, most)
  const write = axisWriter(format, dates, step)
  for (const at of marks(from, to, step)) {
    const x = Math.round(left + ((at - from) / (to - from)) * width)
    ctx.fillStyle = theme['line-strong']
    ctx.fillRect(x, 0, 1, 5)
    ctx.fillStyle = theme['text-muted']
    const text = write(at)
    const w = ctx.measureText(text).width
    if (x - w / 2 > left - 40 && x + w / 2 < left + width) ctx.fillText(text, x - w / 2, 13)
  }
}

/** The part of the overview that is looked at. @param {CanvasRenderingContext2D} ctx @param {number} from @param {number} to pixels @param {{left: number, width: number, height: number}} place @param {import('./canvas-theme.js').Theme} theme */
export function paintWindow(ctx, from, to, { left, width, height }, theme) {
  ctx.globalAlpha = 0.55
  ctx.fillStyle = theme.sunken
  ctx.fillRect(left, 0, from - left, height)
  ctx.fillRect(to, 0, left + width - to, height)
  ctx.globalAlpha = 1
  ctx.strokeStyle = theme.accent
  ctx.lineWidth = 2
  ctx.strokeRect(Math.min(from, left + width - 4) + 1, 1, Math.max(4, to - from - 2), height - 2)
}
