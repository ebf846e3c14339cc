import { channels } from './colors.js'
import { rowOf } from './mask-rows.js'
import { ownSettings } from './own-settings.js'

/**
 * Puts masks on a canvas: their runs are filled at the size in which they are seen, and only where the canvas is painted, so that two
 * hundred masks of twelve megapixels cost what is seen of them.
 *
 * @typedef {import('./image-masks.js').Mask} Mask
 * @typedef {import('./image-painter.js').Brush} Brush
 */

/** one sheet for all: the masks of a place are laid over each other on it, then drawn from it @type {{canvas: OffscreenCanvas, ctx: OffscreenCanvasRenderingContext2D, image: ImageData, pixels: Uint32Array} | null} */
let sheet = null
const STEP = 256 // the sheet grows by so many pixels

/** @param {number} width @param {number} height */
function sheetOf(width, height) {
  if (sheet && sheet.image.width >= width && sheet.image.height >= height) return sheet
  const [w, h] = [Math.max(width, sheet?.image.width ?? 0), Math.max(height, sheet?.image.height ?? 0)].map((side) => Math.ceil(side / STEP) * STEP)
  const canvas = new OffscreenCanvas(w, h)
  const image = new ImageData(w, h)
  return (sheet = { canvas, ctx: /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d', { willReadFrequently: true })), image, pixels: new Uint32Array(image.data.buffer) })
}

/**
 * How a mask lies on the canvas: its own pixels are scaled to sheet pixels (u, v), which are turned and mirrored in whole device pixels.
 * @param {CanvasRenderingContext2D} ctx @param {Mask} mask @param {Brush} brush @param {number} [pad] device pixels that are needed around it
 */
function placed(ctx, { box, area }, { view, ratio, area: seen }, pad = 0) {
  const [a, b, c, d, e, f] = view.matrix().map((value) => value * ratio)
  const scale = Math.hypot(a, b)
  const [ua, ub, uc, ud] = [a, b, c, d].map((value) => Math.round(value / scale))
  // The part of a pixel by which the picture is shifted stays with the mask; the turned sheet lands on whole pixels.
  const fu = fraction(ua * e + ub * f)
  const fv = fraction(uc * e + ud * f)
  const matrix = /** @type {const} */ ([ua, ub, uc, ud, Math.round(e - ua * fu - uc * fv), Math.round(f - ub * fu - ud * fv)])
  const limits = seen ?? view.visible(ctx.canvas.width / ratio, ctx.canvas.height / ratio)
  const [u0, v0] = [Math.max(Math.floor(box.x * scale + fu) - pad, Math.floor(limits.minX * scale + fu) - 1), Math.max(Math.floor(box.y * scale + fv) - pad, Math.floor(limits.minY * scale + fv) - 1)]
  const [u1, v1] = [Math.min(Math.ceil((box.x + box.w) * scale + fu) + pad, Math.ceil(limits.maxX * scale + fu) + 1), Math.min(Math.ceil((box.y + box.h) * scale + fv) + pad, Math.ceil(limits.maxY * scale + fv) + 1)]
  const [kx, ky] = [(box.w * scale) / (area.right - area.left), (box.h * scale) / (area.bottom - area.top)]
  return { matrix, u0, v0, w: u1 - u0, h: v1 - v0, kx, ky, ou: box.x * scale + fu - area.left * kx, ov: box.y * scale + fv - area.top * ky }
}

/** @param {number} value */
const fraction = (value) => value - Math.floor(value)

/** The runs of a row of the sheet. @param {Mask} mask @param {ReturnType<typeof placed>} at @param {number} v @param {number[]} into start, end, … in sheet pixels from `u0` on */
function runsAt(mask, at, v, into) {
  into.length = 0
  const row = rowOf(mask.rows, Math.floor((v + 0.5 - at.ov) / at.ky))
  for (let i = 0; i < row.length; i += 2) {
    const start = Math.max(Math.ceil(row[i] * at.kx + at.ou - 0.5) - at.u0, 0)
    const end = Math.min(Math.ceil(row[i + 1] * at.kx + at.ou - 0.5) - at.u0, at.w)
    if (start < end) into.push(start, end)
  }
  return into
}

/** How strong a mask covers the picture, 0 to 1: as the person has set it, else as the config has it, but never unseen and never hiding it. @param {number | undefined} configured */
export const maskOpacity = (configured = 0.5) => (ownSettings().mask_opacity ? ownSettings().mask_opacity / 100 : Math.min(0.85, Math.max(0.35, configured)))

/** @param {string} color @param {number} [alpha] 0..255 @returns {number} a pixel */
function pixelOf(color, alpha = 255) {
  const [r, g, b] = channels(color.slice(0, 7)) ?? [136, 136, 136]
  return ((alpha << 24) | (b << 16) | (g << 8) | r) >>> 0
}

/** @param {CanvasRenderingContext2D} ctx @param {Pick<ReturnType<typeof placed>, 'matrix' | 'u0' | 'v0' | 'w' | 'h'>} at @param {CanvasImageSource} from */
function draw(ctx, at, from) {
  ctx.save()
  ctx.transform(...at.matrix)
  ctx.imageSmoothingEnabled = false
  ctx.drawImage(from, 0, 0, at.w, at.h, at.u0, at.v0, at.w, at.h)
  ctx.restore()
}

/**
 * Masks in the order in which they lie over each other. They meet on the sheet: a canvas that is drawn from is copied whole at its next change,
 * so that one after the other would cost a copy for each.
 * @param {CanvasRenderingContext2D} ctx @param {readonly {mask: Mask, color: string, opacity: number}[]} masks @param {Brush} brush
 */
export function paintMasks(ctx, masks, brush) {
  const seen = masks.flatMap(({ mask, color, opacity }) => {
    const at = mask.rows.rows.length ? placed(ctx, mask, brush) : null
    return at && at.w > 0 && at.h > 0 ? [{ mask, at, value: pixelOf(color, Math.round(opacity * 255)) }] : []
  })
  if (!seen.length) return
  const [u0, v0] = [Math.min(...seen.map(({ at }) => at.u0)), Math.min(...seen.map(({ at }) => at.v0))]
  const [w, h] = [Math.max(...seen.map(({ at }) => at.u0 + at.w)) - u0, Math.max(...seen.map(({ at }) => at.v0 + at.h)) - v0]
  const { canvas, ctx: on, image, pixels } = sheetOf(w, h)
  const { width } = image
  for (let v = 0; v < h; v++) pixels.fill(0, v * width, v * width + w)
  /** @type {number[]} */
  const runs = []
  for (const { mask, at, value } of seen) {
    for (let v = 0; v < at.h; v++) {
      const base = (at.v0 - v0 + v) * width + at.u0 - u0
      runsAt(mask, at, at.v0 + v, runs)
      for (let i = 0; i < runs.length; i += 2) lay(pixels, base + runs[i], base + runs[i + 1], value)
    }
  }
  on.putImageData(image, 0, 0, 0, 0, w, h)
  draw(ctx, { matrix: seen[0].at.matrix, u0, v0, w, h }, canvas)
}

/** A colour over what is there. Neighbours are mostly alike, and mixed once. @param {Uint32Array} pixels @param {number} start @param {number} end @param {number} value */
function lay(pixels, start, end, value) {
  let [under, over] = [0, value]
  for (let i = start; i < end; i++) {
    const held = pixels[i]
    if (held !== under) {
      under = held
      over = held ? mixed(held, value) : value
    }
    pixels[i] = over
  }
}

/** @param {number} under @param {number} over pixels, alpha not multiplied in */
function mixed(under, over) {
  const alpha = over >>> 24
  const rest = ((under >>> 24) * (255 - alpha)) / 255
  const all = alpha + rest
  if (!all) return 0
  const part = (/** @type {number} */ shift) => Math.round((((over >>> shift) & 255) * alpha + ((under >>> shift) & 255) * rest) / all) << shift
  return ((Math.round(all) << 24) | part(16) | part(8) | part(0)) >>> 0
}

/** the outlines that were drawn last: the glass is painted again with every move of the mouse @type {{key: string, rows: unknown, canvas: OffscreenCanvas}[]} */
const outlines = []
const MOST_OUTLINES = 4
const DASH = 4 // device pixels, times the ratio

/** The border of a mask, light and dark in turn, to be seen on everything. @param {CanvasRenderingContext2D} ctx @param {Mask} mask @param {string} color @param {Brush} brush */
export function paintOutline(ctx, mask, color, brush) {
  if (!mask.rows.rows.length) return
  const at = placed(ctx, mask, brush, 2 * Math.ceil(brush.ratio))
  if (at.w <= 0 || at.h <= 0) return
  const key = [color, brush.ratio, at.matrix, at.u0, at.v0, at.w, at.h, at.kx, at.ky, at.ou, at.ov].join()
  let held = outlines.find((one) => one.rows === mask.rows && one.key === key)
  if (!held) {
    held = { key, rows: mask.rows, canvas: outlined(mask, at, color, brush.ratio) }
    outlines.unshift(held)
    outlines.length = Math.min(outlines.length, MOST_OUTLINES)
  }
  draw(ctx, at, held.canvas)
}

/** @param {Mask} mask @param {ReturnType<typeof placed>} at @param {string} color @param {number} ratio */
function outlined(mask, at, color, ratio) {
  const canvas = new OffscreenCanvas(at.w, at.h)
  const ctx = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'))
  const image = new ImageData(at.w, at.h)
  const pixels = new Uint32Array(image.data.buffer)
  const inks = [0xffffffff, pixelOf(color)]
  const dark = 0xff000000
  const thick = Math.max(1, Math.round(ratio))
  const dash = DASH * thick
  /** @param {number} x @param {number} y */
  const dot = (x, y) => {
    const ink = inks[(Math.floor(x / dash) + Math.floor(y / dash)) & 1]
    for (let dy = -thick; dy <= thick; dy++) {
      for (let dx = -thick; dx <= thick; dx++) {
        const [px, py] = [x + dx, y + dy]
        if (px < 0 || py < 0 || px >= at.w || py >= at.h) continue
        const place = py * at.w + px
        if (Math.abs(dx) < thick && Math.abs(dy) < thick) pixels[place] = ink
        else if (!pixels[place]) pixels[place] = dark
      }
    }
  }
  /** @type {number[]} */
  let above = runsAt(mask, at, at.v0 - 1, [])
  /** @type {number[]} */
  let here = runsAt(mask, at, at.v0, [])
  for (let v = 0; v < at.h; v++) {
    const below = runsAt(mask, at, at.v0 + v + 1, [])
    for (let i = 0; i < here.length; i += 2) {
      const [start, end] = [here[i], here[i + 1]]
      if (start > 0) dot(start, v)
      if (end < at.w) dot(end - 1, v)
      bare(start, end, above, (x) => dot(x, v))
      bare(start, end, below, (x) => dot(x, v))
    }
    above = here
    here = below
  }
  ctx.putImageData(image, 0, 0)
  return canvas
}

/** Pixels of a run that the row beside does not have. @param {number} start @param {number} end @param {number[]} beside @param {(x: number) => void} visit */
function bare(start, end, beside, visit) {
  let x = start
  for (let i = 0; i < beside.length && x < end; i += 2) {
    if (beside[i + 1] <= x) continue
    for (const stop = Math.min(beside[i], end); x < stop; x++) visit(x)
    x = Math.max(x, beside[i + 1])
  }
  for (; x < end; x++) visit(x)
}
