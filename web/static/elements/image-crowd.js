/**
 * Thousands of upright boxes as pixels: written into a buffer and put on the canvas at once, which takes a tenth of the time that
 * the canvas needs for as many rectangles. What it cannot do (turned boxes, colours by name) is left to the caller.
 */
import { channels } from './colors.js'

/** Boxes that cover more than this many canvases are not small: there the canvas fills faster. */
const COVERS = 4
const DASH = 10
const DASH_ON = 6

/** Pixels of a canvas, not premultiplied, as ImageData has them on every machine that there is: red in the lowest byte. */
export class CrowdPixels {
  /** @param {number} width @param {number} height */
  constructor(width, height) {
    this.width = width
    this.height = height
    this.pixels = new Uint32Array(width * height)
  }

  /** @param {number} x @param {number} y @param {number} w @param {number} h @param {number} color opaque or not; over what is there */
  fill(x, y, w, h, color) {
    const { pixels, width } = this
    const [left, right] = [Math.max(0, x), Math.min(width, x + w)]
    if (left >= right) return
    for (let row = Math.max(0, y), end = Math.min(this.height, y + h); row < end; row++) {
      for (let at = row * width + left, last = row * width + right; at < last; at++) pixels[at] = pixels[at] ? over(color, pixels[at]) : color
    }
  }

  /** Four sides around the line of a rectangle. @param {number} x @param {number} y @param {number} w @param {number} h @param {number} line its width @param {number} color opaque @param {boolean} dashed */
  frame(x, y, w, h, line, color, dashed) {
    const half = line >> 1
    const [left, top, right, bottom] = [x - half, y - half, x - half + w + line, y - half + h + line]
    const dash = dashed ? DASH_ON : DASH
    this.#rows(left, top, right, top + line, color, dash)
    this.#rows(left, bottom - line, right, bottom, color, dash)
    this.#rows(left, top + line, left + line, bottom - line, color, dash)
    this.#rows(right - line, top + line, right, bottom - line, color, dash)
  }

  /** Without a call for each row: they are a few pixels long. @param {number} left @param {number} top @param {number} right @param {number} bottom @param {number} color @param {number} dash */
  #rows(left, top, right, bottom, color, dash) {
    const { pixels, width, height } = this
    const [from, to] = [left < 0 ? 0 : left, right > width ? width : right]
    for (let row = top < 0 ? 0 : top, end = bottom > height ? height : bottom; row < end; row++) {
      const line = row * width
      for (let at = from; at < to; at++) if (dash === DASH || (row + at) % DASH < dash) pixels[line + at] = color
    }
  }
}

/** @param {number} above @param {number} below neither is empty */
function over(above, below) {
  const a = (above >>> 24) / 255
  const b = ((below >>> 24) / 255) * (1 - a)
  const whole = a + b
  const mix = (/** @type {number} */ shift) => Math.round((((above >>> shift) & 255) * a + ((below >>> shift) & 255) * b) / whole)
  return ((Math.round(whole * 255) << 24) | (mix(16) << 16) | (mix(8) << 8) | mix(0)) >>> 0
}

/** @param {string} color @param {number} alpha 0..1 @returns {number | null} null: not a colour that is written in numbers */
export function packed(color, alpha) {
  const rgb = channels(color)
  return rgb && ((Math.round(alpha * 255) << 24) | (rgb[2] << 16) | (rgb[1] << 8) | rgb[0]) >>> 0
}

/**
 * @typedef {{box: import('./geometry.js').Box}} Boxed
 * @typedef {{fill: number, line: number, width: number, dashed?: boolean}} Paint packed colours; fill 0: none; width: of the line, device pixels
 */

/** The pixels that are painted on, kept for the next time. @type {{pixels: CrowdPixels, data: ImageData, canvas: OffscreenCanvas} | null} */
let kept = null

/**
 * @template {Boxed} T
 * @param {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} ctx @param {T[]} items in the order of painting @param {{view: import('./image-view.js').ImageView, ratio: number}} brush
 * @param {(item: T) => Paint | null} paintOf null: not this one
 * @returns {T[]} those that are not painted
 */
export function paintCrowd(ctx, items, { view, ratio }, paintOf) {
  const { width, height } = ctx.canvas
  const [a, b, c, d, e, f] = view.matrix().map((value) => value * ratio)
  let room = width * height * COVERS
  for (const { box } of items) room -= Math.abs((a + b) * box.w * (c + d) * box.h)
  if (room < 0 || !room) return items
  if (kept?.pixels.width !== width || kept.pixels.height !== height) {
    const pixels = new CrowdPixels(width, height)
    kept = { pixels, data: new ImageData(new Uint8ClampedArray(pixels.pixels.buffer), width, height), canvas: new OffscreenCanvas(width, height) }
  }
  const { pixels, data, canvas } = kept
  pixels.pixels.fill(0)
  /** @type {T[]} */
  const left = []
  for (const item of items) {
    const { box } = item
    const paint = box.r ? null : paintOf(item)
    if (!paint) {
      left.push(item)
      continue
    }
    const [ax, ay, bx, by] = [a * box.x + c * box.y + e, b * box.x + d * box.y + f, a * (box.x + box.w) + c * (box.y + box.h) + e, b * (box.x + box.w) + d * (box.y + box.h) + f]
    const [x, y] = [Math.round(Math.min(ax, bx)), Math.round(Math.min(ay, by))]
    const [w, h] = [Math.max(1, Math.round(Math.max(ax, bx)) - x), Math.max(1, Math.round(Math.max(ay, by)) - y)]
    if (paint.fill) pixels.fill(x, y, w, h, paint.fill)
    pixels.frame(x, y, w, h, paint.width, paint.line, !!paint.dashed)
  }
  const over = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'))
  over.putImageData(data, 0, 0)
  ctx.drawImage(canvas, 0, 0)
  return left
}
