import { channels } from './colors.js'
import { decodeMask, maskSize } from './mask-rle.js'

/**
 * Masks as little pictures in their label's colour, cut to what they cover.
 *
 * @typedef {import('./image-figures.js').Figure} Figure
 * @typedef {{box: {x: number, y: number, w: number, h: number}, canvas: OffscreenCanvas | null, cover: Uint8Array, columns: number, rows: number}} Mask
 *   box: natural pixels; cover: 1 where the mask is, `columns` by `rows` over the box; canvas: the same in colour, null while it is empty
 */

const MOST_PIXELS = 4_000_000 // a larger mask is drawn from every second, third … pixel

/** @param {any} shape @param {number} width @param {number} height of the picture @param {string} color @returns {Figure | null} */
export function brushFigure(shape, width, height, color) {
  if (shape.format !== 'rle' || !Array.isArray(shape.rle) || !shape.rle.length) return null
  try {
    const alpha = decodeMask(shape.rle)
    const size = maskSize(alpha.length, width, height)
    return size && { paths: [], corners: [], mask: maskOf(alpha, size[0], size[1], width, height, color) }
  } catch (error) {
    if (error instanceof RangeError) return null // the engine has said what is wrong with it
    throw error
  }
}

/** A mask in a PNG, whose alpha counts. It comes when the browser has decoded it. @param {any} shape @param {number} width @param {number} height @param {string} color @param {() => void} ready @returns {Figure | null} */
export function bitmaskFigure(shape, width, height, color, ready) {
  if (typeof shape.imageDataURL !== 'string' || !shape.imageDataURL.startsWith('data:image/')) return null
  /** @type {Figure & {mask: Mask}} */
  const figure = { paths: [], corners: [], mask: { box: { x: 0, y: 0, w: width, h: height }, canvas: null, cover: new Uint8Array(0), columns: 0, rows: 0 } }
  const image = new Image()
  image.src = shape.imageDataURL
  image.decode().then(() => {
    const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight)
    const ctx = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'))
    ctx.drawImage(image, 0, 0)
    const { data } = ctx.getImageData(0, 0, canvas.width, canvas.height)
    figure.mask = maskOf(data.filter((_, i) => (i & 3) === 3), canvas.width, canvas.height, width, height, color)
    ready()
  }, () => {}) // no picture: nothing to draw
  return figure
}

/**
 * @param {ArrayLike<number>} alpha @param {number} columns @param {number} rows of the mask @param {number} width @param {number} height of the picture @param {string} color
 * @returns {Mask}
 */
export function maskOf(alpha, columns, rows, width, height, color) {
  let [left, top, right, bottom] = [columns, rows, -1, -1]
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      if (!alpha[y * columns + x]) continue
      if (x < left) left = x
      if (x > right) right = x
      if (y < top) top = y
      bottom = y
    }
  }
  if (right < 0) return { box: { x: 0, y: 0, w: 0, h: 0 }, canvas: null, cover: new Uint8Array(0), columns: 0, rows: 0 }
  const step = Math.ceil(Math.sqrt(((right - left + 1) * (bottom - top + 1)) / MOST_PIXELS))
  const [w, h] = [Math.ceil((right - left + 1) / step), Math.ceil((bottom - top + 1) / step)]
  const cover = new Uint8Array(w * h)
  for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) cover[y * w + x] = alpha[(top + y * step) * columns + left + x * step] ? 1 : 0
  const [sx, sy] = [width / columns, height / rows]
  return { box: { x: left * sx, y: top * sy, w: w * step * sx, h: h * step * sy }, canvas: tinted(cover, w, h, color), cover, columns: w, rows: h }
}

/** @param {Uint8Array} cover @param {number} w @param {number} h @param {string} color */
function tinted(cover, w, h, color) {
  if (typeof OffscreenCanvas === 'undefined') return null
  const [r, g, b] = channels(color.slice(0, 7)) ?? [136, 136, 136]
  const data = new ImageData(w, h)
  for (let i = 0; i < cover.length; i++) {
    if (!cover[i]) continue
    data.data[i * 4] = r
    data.data[i * 4 + 1] = g
    data.data[i * 4 + 2] = b
    data.data[i * 4 + 3] = 255
  }
  const canvas = new OffscreenCanvas(w, h)
  canvas.getContext('2d')?.putImageData(data, 0, 0)
  return canvas
}

/** @param {Mask} mask @param {number} x @param {number} y natural pixels */
export function coversAt({ box, cover, columns, rows }, x, y) {
  const [column, row] = [Math.floor(((x - box.x) / box.w) * columns), Math.floor(((y - box.y) / box.h) * rows)]
  return column >= 0 && row >= 0 && column < columns && row < rows && cover[row * columns + column] === 1
}
