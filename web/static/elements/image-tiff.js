/**
 * Reads TIFF files with the library `geotiff`, in the decoding worker: a small one whole, a pyramid by the parts that are looked at.
 *
 * @typedef {import('./image-values.js').Raw} Raw
 * @typedef {{width: number, height: number, tileWidth: number, tileHeight: number}} Level
 * @typedef {{width: number, height: number, levels: Level[], bits: number, of: import('./image-values.js').Of, tile: (level: number, x: number, y: number, signal: AbortSignal) => Promise<Raw>}} Pyramid
 *   levels: from the smallest to the whole picture; tile: by column and row
 */
import { fromArrayBuffer, fromUrl } from 'geotiff'
import { DecodeProblem, oriented, rangeOf } from './image-values.js'

/** Pictures with fewer pixels are read whole, even where they have a pyramid. */
const WHOLE = 16e6
/** Without a pyramid, a picture with more pixels cannot be seen whole without reading gigabytes. */
const MOST = 120e6
const PART = 512 // pixels, where a file has strips in place of tiles
/** Files under this size come in one piece. */
const SMALL_FILE = 32e6

/** @param {string | ArrayBuffer} given its address (whose host gives parts), or its bytes @param {AbortSignal} signal @returns {Promise<Raw | Pyramid>} */
export async function openTiff(given, signal) {
  const tiff = typeof given === 'string' ? await fromUrl(given, { allowFullFile: true }, signal) : await fromArrayBuffer(given, signal)
  const first = await tiff.getImage(0)
  const [width, height] = [first.getWidth(), first.getHeight()]
  const { levels, pages } = await family(tiff, first)
  const of = pages > 1 ? { pages } : null
  if (width * height > (levels.length > 1 ? WHOLE : MOST)) {
    if (levels.length === 1) throw new DecodeProblem('tiff-flat', { width, height })
    return pyramid(levels, of)
  }
  const raw = await read(first, undefined, signal)
  return { ...oriented(raw, Number((await first.fileDirectory.loadValue('Orientation')) ?? 1)), of }
}

/** Whether a file is better read in one piece. @param {number} size bytes */
export const comesWhole = (size) => size > 0 && size <= SMALL_FILE

/** Smaller copies of the first picture, largest first, and how many pictures of their own there are.
 * @param {any} tiff @param {import('geotiff').GeoTIFFImage} first @returns {Promise<{levels: import('geotiff').GeoTIFFImage[], pages: number}>} */
async function family(tiff, first) {
  const count = await tiff.getImageCount()
  const [width, height] = [first.getWidth(), first.getHeight()]
  /** @type {import('geotiff').GeoTIFFImage[]} */
  const smaller = []
  for (let at = 1; at < count; at++) smaller.push(await tiff.getImage(at))
  const inner = first.fileDirectory.hasTag('SubIFDs') ? await first.fileDirectory.loadValue('SubIFDs') : []
  for (const offset of /** @type {number[]} */ (inner)) { // where OME-TIFF and libvips (--subifd) keep them
    const directory = await tiff.parser.parseFileDirectoryAt(Number(offset))
    smaller.push(new /** @type {any} */ (first.constructor)(directory, tiff.littleEndian, tiff.cache, tiff.source))
  }
  const levels = smaller.filter((one) => {
    const [w, h] = [one.getWidth(), one.getHeight()]
    return w < width && Math.abs(w / h - width / height) < 0.02 * (width / height) + 2 / Math.min(w, h) && one.getSamplesPerPixel() === first.getSamplesPerPixel()
  }).sort((a, b) => b.getWidth() - a.getWidth())
  const pages = smaller.filter((one, at) => at < count - 1 && one.getWidth() >= width / 1.5).length + 1
  return { levels: [first, ...levels], pages }
}

/** @param {import('geotiff').GeoTIFFImage[]} images largest first @param {import('./image-values.js').Of} of @returns {Pyramid} */
function pyramid(images, of) {
  const rising = [...images].reverse()
  const levels = rising.map((image) => ({
    width: image.getWidth(), height: image.getHeight(), tileWidth: image.isTiled ? image.getTileWidth() : PART, tileHeight: image.isTiled ? image.getTileHeight() : PART,
  }))
  const whole = levels[levels.length - 1]
  return {
    width: whole.width, height: whole.height, levels, bits: bitsOf(images[0]), of,
    tile(level, x, y, signal) {
      const { width, height, tileWidth, tileHeight } = levels[level]
      return read(rising[level], [x * tileWidth, y * tileHeight, Math.min(width, (x + 1) * tileWidth), Math.min(height, (y + 1) * tileHeight)], signal)
    },
  }
}

/** @param {import('geotiff').GeoTIFFImage} image */
const bitsOf = (image) => image.getBitsPerSample(0)

/** @param {import('geotiff').GeoTIFFImage} image @param {[number, number, number, number] | undefined} window pixels @param {AbortSignal} signal @returns {Promise<Raw>} */
async function read(image, window, signal) {
  const [width, height] = window ? [window[2] - window[0], window[3] - window[1]] : [image.getWidth(), image.getHeight()]
  const photometric = Number(image.fileDirectory.getValue('PhotometricInterpretation') ?? 1)
  const bits = bitsOf(image)
  const deep = bits > 8 && (photometric < 3) // grey and RGB; other colour spaces become RGB in the library
  if (!deep) {
    const rgb = /** @type {import('./image-values.js').Values} */ (await image.readRGB({ window, interleave: true, signal }))
    return { width, height, channels: 4, values: withAlpha(rgb, width * height, bits > 8 ? 1 / 257 : 1), bits: 8, range: [0, 255] }
  }
  const colors = photometric === 2 && image.getSamplesPerPixel() > 2
  const values = /** @type {import('./image-values.js').Values} */ (await image.readRasters({ window, samples: colors ? [0, 1, 2] : [0], interleave: true, signal }))
  const channels = colors ? 3 : 1
  return { width, height, channels, values: smaller(values), bits, range: rangeOf(values, channels), inverted: photometric === 0 }
}

/** @param {import('./image-values.js').Values} rgb @param {number} pixels @param {number} factor */
function withAlpha(rgb, pixels, factor) {
  const rgba = new Uint8ClampedArray(pixels * 4)
  for (let from = 0, to = 0; to < rgba.length; from += 3, to += 4) {
    rgba[to] = rgb[from] * factor
    rgba[to + 1] = rgb[from + 1] * factor
    rgba[to + 2] = rgb[from + 2] * factor
    rgba[to + 3] = 255
  }
  return rgba
}

/** Half the memory for doubles. @param {import('./image-values.js').Values} values */
const smaller = (values) => (values instanceof Float64Array ? Float32Array.from(values) : values)
