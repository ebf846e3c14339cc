import { areaOf, combined, covers, difference, nothing, ofRuns, ofValues } from './mask-rows.js'
import { maskRuns, maskSize } from './mask-rle.js'
import { painted } from './mask-stroke.js'
import { readLines } from './mask-text.js'

/**
 * Masks of brush and bitmap regions as figures: rows of runs, whatever form they came in.
 *
 * @typedef {import('./image-figures.js').Figure} Figure
 * @typedef {import('./mask-rows.js').Rows} Rows
 * @typedef {{box: {x: number, y: number, w: number, h: number}, area: import('./mask-rows.js').Area, rows: Rows}} Mask box: where `area` of the mask stands, in
 *   natural pixels of the picture
 * @typedef {{erase?: boolean, strokes?: import('./mask-stroke.js').Stroke[], rows?: string}} Painting a `paint` that the engine has not answered yet
 */

/** A mask in rows, in the run-length code, or nothing yet but strokes. @param {any} shape @param {number} width @param {number} height of the picture @returns {Figure | null} */
export function brushFigure(shape, width, height) {
  try {
    const rows = rowsOf(shape, width, height)
    return rows && figureOfMask(withEcho(rows, shape.echo), width, height)
  } catch (error) {
    if (error instanceof RangeError || error instanceof DOMException) return null // the engine has said what is wrong with it
    throw error
  }
}

/** @param {any} shape @param {number} width @param {number} height @returns {Rows | null} */
function rowsOf(shape, width, height) {
  if (typeof shape.rows === 'string') return { width: shape.width, height: shape.height, ...readLines(shape.rows) }
  if (shape.rle?.length) {
    const code = typeof shape.rle === 'string' ? Uint8Array.from(atob(shape.rle), (letter) => letter.charCodeAt(0)) : shape.rle
    const { pixels, runs } = maskRuns(code)
    const size = maskSize(pixels, width, height)
    return size && ofRuns(runs, ...size)
  }
  return shape.echo ? nothing(width, height) : null
}

/** @type {Map<string, Rows>} masks of pictures that were decoded, the last ones */
const decoded = new Map()
const MOST_DECODED = 400
/** pictures are decoded one after another: each takes four bytes per pixel while it is @type {Promise<unknown>} */
let decoding = Promise.resolve()

/** A mask in rows, or in a PNG, whose alpha counts: that comes when the browser has decoded it. @param {any} shape @param {number} width @param {number} height @param {() => void} ready @returns {Figure | null} */
export function bitmaskFigure(shape, width, height, ready) {
  const url = shape.imageDataURL
  if (typeof shape.rows === 'string' || typeof url !== 'string') return brushFigure(shape, width, height)
  if (!url.startsWith('data:image/')) return null
  const held = decoded.get(url)
  const figure = figureOfMask(withEcho(held ?? nothing(width, height), shape.echo), width, height)
  if (!held) decoding = decoding.then(() => decode(url)).then(() => {
    const rows = decoded.get(url)
    if (!rows) return // no picture: nothing to draw
    Object.assign(figure, figureOfMask(withEcho(rows, shape.echo), width, height))
    ready()
  })
  return figure
}

/** @param {string} url */
async function decode(url) {
  if (decoded.has(url)) return
  const image = new Image()
  image.src = url
  try {
    await image.decode()
  } catch {
    return
  }
  const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight)
  const ctx = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d', { willReadFrequently: true }))
  ctx.drawImage(image, 0, 0)
  const { data } = ctx.getImageData(0, 0, canvas.width, canvas.height)
  decoded.set(url, ofValues(data, canvas.width, canvas.height, 4, 3))
  for (const oldest of decoded.keys()) {
    if (decoded.size <= MOST_DECODED) break
    decoded.delete(oldest)
  }
}

/** With what was painted since, and is not answered yet. @param {Rows} rows @param {Painting[] | undefined} echo @returns {Rows} */
function withEcho(rows, echo = []) {
  let made = rows
  for (const { erase = false, strokes = [], rows: text } of echo) {
    made = painted(made, strokes, erase)
    if (text) made = combined(made, { width: rows.width, height: rows.height, ...readLines(text) }, erase)
  }
  return made
}

/** @param {Rows} rows @param {number} width @param {number} height of the picture @returns {Figure & {mask: Mask}} */
export function figureOfMask(rows, width, height) {
  const area = areaOf(rows) ?? { left: 0, top: 0, right: 0, bottom: 0 }
  const [sx, sy] = [width / rows.width, height / rows.height]
  const box = { x: area.left * sx, y: area.top * sy, w: (area.right - area.left) * sx, h: (area.bottom - area.top) * sy }
  return { paths: [], corners: [], mask: { box, area, rows } }
}

/** @param {Mask} mask @param {number} x @param {number} y natural pixels */
export function coversAt({ box, area, rows }, x, y) {
  if (!box.w || !box.h) return false
  return covers(rows, Math.floor(area.left + ((x - box.x) / box.w) * (area.right - area.left)), Math.floor(area.top + ((y - box.y) / box.h) * (area.bottom - area.top)))
}

/** @param {import('./mask-rows.js').Area} area @param {number} sx @param {number} sy @returns {import('./geometry.js').Bounds} */
const natural = ({ left, top, right, bottom }, sx, sy) => ({ minX: left * sx, minY: top * sy, maxX: right * sx, maxY: bottom * sy })

/**
 * Where the picture of a mask must be painted anew: what differs, and the corner at which its name stands, if that moved.
 * @param {Figure | undefined} before @param {Figure | undefined} after @returns {import('./geometry.js').Bounds[] | null} null: everything
 */
export function changedPlaces(before, after) {
  const [old, now] = [before?.mask, after?.mask]
  if (!old || !now) {
    const { box } = old ?? now ?? {}
    return box ? [{ minX: box.x, minY: box.y, maxX: box.x + box.w, maxY: box.y + box.h }] : null
  }
  if (old.rows.width !== now.rows.width || old.rows.height !== now.rows.height) return null
  const area = difference(old.rows, now.rows)
  if (!area) return []
  const [sx, sy] = [now.box.w / (now.area.right - now.area.left) || 1, now.box.h / (now.area.bottom - now.area.top) || 1]
  const places = [natural(area, sx, sy)]
  if (old.box.x !== now.box.x || old.box.y !== now.box.y) for (const { x, y } of [old.box, now.box]) places.push({ minX: x, minY: y, maxX: x, maxY: y })
  return places
}
