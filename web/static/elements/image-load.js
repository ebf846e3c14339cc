/** Loads a picture, of whatever kind, and says in words what went wrong, as far as a page may know. */
import { t } from '../app/texts.js'
import { request } from './request.js'

export class PictureProblem extends Error {
  /** @param {import('./types.js').Problem} problem */
  constructor(problem) {
    super(problem.message)
    this.problem = problem
  }
}

/**
 * Original values behind the eight bits that a screen shows: 16-bit files, DICOM.
 * @typedef {object} Deep
 * @property {number} bits of a stored value
 * @property {[number, number]} range lowest and highest value there is
 * @property {[number, number]} normal what is shown from black to white when nobody has said otherwise
 * @property {[number, number]} window what is shown now
 * @property {string} unit of the values: 'HU'; '' where the file names none
 * @property {(low: number, high: number) => void} show changes the window
 * @property {() => [number, number]} auto a window that leaves out the darkest and the brightest half percent
 *
 * @typedef {object} LoadOptions
 * @property {string} [crossOrigin] of the Image tag
 * @property {AbortSignal} signal ends loading
 * @property {(share: number | null) => void} [tell] how much has come, 0 to 1; null: its size is not known
 * @property {string} [name] of the file, where its address does not say
 */

/** A picture that has come. Its pixels are the natural ones: turned as its EXIF orientation says. */
export class Picture {
  /** paints again, when more of it has come; the stage sets it */
  changed = () => {}
  /** original values, where they are known @type {Deep | null} */
  deep = null
  /** what people should know about it: "page 1 of 12" */
  note = ''
  /** parts that could not be loaded */
  missing = 0

  /** @param {number} width @param {number} height natural pixels */
  constructor(width, height) {
    this.naturalWidth = width
    this.naturalHeight = height
  }

  /** Paints what a view shows. @param {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} _ctx counts in natural pixels @param {number} _scale device pixels per natural pixel @param {import('./geometry.js').Bounds} _seen natural pixels */
  paint(_ctx, _scale, _seen) {}

  /** Paints all of it, from what is here. @param {CanvasRenderingContext2D} ctx counts in natural pixels @param {number} scale device pixels per natural pixel */
  sketch(ctx, scale) {
    this.paint(ctx, scale, { minX: 0, minY: 0, maxX: this.naturalWidth, maxY: this.naturalHeight })
  }

  /** @param {number} x @param {number} y @param {number} w @param {number} h natural pixels @returns {ImageData | null} null: its host does not let pages read it, or it is not here */
  pixels(x, y, w, h) {
    try {
      const ctx = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(w, h).getContext('2d', { willReadFrequently: true }))
      ctx.imageSmoothingEnabled = false
      ctx.translate(-x, -y)
      this.paint(ctx, 1, { minX: x, minY: y, maxX: x + w, maxY: y + h })
      return ctx.getImageData(0, 0, w, h)
    } catch {
      return null // SecurityError: a canvas with a foreign picture on it; RangeError: too large
    }
  }

  /** Original values of a pixel. @param {number} _x @param {number} _y natural pixels, whole @returns {number[] | null} */
  valueAt(_x, _y) {
    return null
  }

  /** Asks again for parts that did not come. */
  retry() {}

  /** Lets go of its memory. */
  close() {}
}

/** What a browser draws by itself. */
class PlainPicture extends Picture {
  /** @param {HTMLImageElement | ImageBitmap} image decoded */
  constructor(image) {
    super('naturalWidth' in image ? image.naturalWidth : image.width, 'naturalHeight' in image ? image.naturalHeight : image.height)
    this.image = image
  }

  /** @param {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} ctx */
  paint(ctx) {
    ctx.drawImage(this.image, 0, 0)
  }

  close() {
    if ('close' in this.image) this.image.close()
  }
}

/** @param {ImageBitmap} bitmap @returns {Picture} */
export const ofBitmap = (bitmap) => new PlainPicture(bitmap)

/** A picture in one piece with more pixels than this takes more than a gigabyte in a browser, and none of them promises to draw it. */
const MOST_PIXELS = 2 ** 28

/** @param {string} url @returns {string} the host, or what kind of address it is */
export function hostOf(url) {
  try {
    const { protocol, host } = new URL(url, location.href)
    return host || protocol.replace(':', '') + ' address'
  } catch {
    return t('an address that cannot be read')
  }
}

/** How a picture is read, as its address says it. @param {string} url @returns {'plain' | 'tiles' | 'tiff' | 'dicom'} */
export function kindOf(url) {
  if (/^data:/i.test(url)) {
    const type = /^data:([^;,]*)/i.exec(url)?.[1].toLowerCase() ?? ''
    return type === 'image/tiff' ? 'tiff' : type === 'application/dicom' ? 'dicom' : /\b(json|xml)$/.test(type) && !type.includes('svg') ? 'tiles' : 'plain'
  }
  const path = url.replace(/[?#].*$/s, '').toLowerCase()
  if (/\.(dzi|xml)$|\/info\.json$|\.dzi\.json$/.test(path)) return 'tiles'
  if (/\.(tiff?|btf|svs|ndpi|scn)$/.test(path)) return 'tiff'
  return /\.(dcm|dicom|ima)$/.test(path) ? 'dicom' : 'plain'
}

/** Whether a PNG has 16 bits for each value, of which a browser shows eight. Its first bytes say so; they are at hand when it has been drawn. @param {string} url @param {AbortSignal} signal */
export async function isDeepPng(url, signal) {
  const here = /^data:image\/png/i.test(url) || (/\.png(\?|$)/i.test(url) && new URL(url, location.href).origin === location.origin)
  if (!here) return false
  const answer = await request(url, signal, 32)
  const reader = answer.body?.getReader()
  const head = (await reader?.read())?.value ?? new Uint8Array(0)
  await reader?.cancel()
  return answer.ok && head[0] === 0x89 && head[24] === 16
}

/** Pictures of coming tasks, until they are drawn. @type {Map<string, HTMLImageElement | ImageBitmap>} */
const ahead = new Map()
/** More than a page fetches ahead; what is never drawn goes. */
const MOST_AHEAD = 8
/** A coming picture with more pixels is fetched, and decoded when it is shown: each pixel takes four bytes for as long as nobody looks at it. */
const DECODED_AHEAD = 4_000_000
/** One with more pixels stays with the browser, which lets go of what is not seen. */
const MOST_DECODED = 2 ** 26

/** Load a picture before it is needed, and decode it if it is not large. @param {string} url */
export async function loadAhead(url) {
  if (kindOf(url) !== 'plain' || ahead.has(url)) return
  const image = new Image()
  image.src = url
  await loaded(image, url)
  ahead.set(url, image.naturalWidth * image.naturalHeight > DECODED_AHEAD ? image : await decoded(image, url))
  for (const [oldest, given] of ahead) {
    if (ahead.size <= MOST_AHEAD) break
    ahead.delete(oldest)
    if ('close' in given) given.close()
  }
}

/**
 * As a canvas draws it. Decoding an element is done for the page, and once more for the canvas; a bitmap is there once, and goes when it is closed.
 * Drawings of lines stay elements: they are sharp at every size.
 * @param {HTMLImageElement} image loaded @param {string} url @returns {Promise<HTMLImageElement | ImageBitmap>}
 */
async function decoded(image, url) {
  const lines = /^data:image\/svg/i.test(url) || /\.svg([?#]|$)/i.test(url)
  if (lines || image.naturalWidth * image.naturalHeight > MOST_DECODED) {
    await image.decode()
    return image
  }
  const bitmap = await createImageBitmap(image)
  image.removeAttribute('src')
  return bitmap
}

/** @param {string} url @param {LoadOptions} options @returns {Promise<Picture>} with a natural size; what is seen first is here */
export async function loadPicture(url, options) {
  const kind = kindOf(url)
  if (kind !== 'plain') return (await import('./image-special.js')).openSpecial(kind, url, options)
  try {
    return new PlainPicture(await loadImage(url, options))
  } catch (error) {
    if (options.signal.aborted) throw error
    if (error instanceof PictureProblem && error.problem.code !== 'image-load') throw error
    const { diagnose } = await import('./image-diagnose.js')
    const found = await diagnose(url, options.signal)
    if (typeof found === 'string') return (await import('./image-special.js')).openSpecial(found, url, options)
    throw new PictureProblem(found)
  }
}

/** @param {string} url @param {LoadOptions} options @returns {Promise<HTMLImageElement | ImageBitmap>} decoded */
async function loadImage(url, { crossOrigin, signal }) {
  const asked = crossOrigin === 'anonymous' || crossOrigin === 'use-credentials'
  const here = asked ? undefined : ahead.get(url)
  ahead.delete(url)
  if (here && 'close' in here) return here
  const image = here?.naturalWidth && here.naturalHeight ? here : new Image()
  if (image !== here) {
    if (asked) image.crossOrigin = crossOrigin
    image.decoding = 'async'
    image.src = url
    await new Promise((done, stopped) => {
      signal.addEventListener('abort', () => {
        image.removeAttribute('src')
        stopped(signal.reason) // no event says so
      }, { once: true })
      loaded(image, url).then(done, stopped)
    })
  }
  try {
    return await decoded(image, url)
  } catch {
    throw new PictureProblem(failure(url))
  }
}

/** Its size is known, and is one that can be drawn. @param {HTMLImageElement} image @param {string} url @returns {Promise<void>} */
function loaded(image, url) {
  return new Promise((resolve, reject) => {
    const settle = () => {
      const { naturalWidth: width, naturalHeight: height } = image
      if (!width || !height) reject(new PictureProblem({ code: 'image-size', message: t('The picture has no size of its own.'), where: hostOf(url), hint: t('Give the SVG file a width and a height.') }))
      else if (width * height > MOST_PIXELS) reject(new PictureProblem(tooLarge(width, height, url)))
      else resolve()
    }
    image.addEventListener('load', settle, { once: true })
    image.addEventListener('error', () => reject(new PictureProblem(failure(url))), { once: true })
    if (image.complete && image.naturalWidth) settle()
  })
}

/** @param {number} width @param {number} height @param {string} url @returns {import('./types.js').Problem} */
export const tooLarge = (width, height, url) => ({
  code: 'image-huge', message: t('This picture has {width} × {height} pixels in one piece, more than a browser can draw.', { width, height }), where: hostOf(url),
  hint: t('Whoever sent you here can cut it into tiles, which are loaded as they are looked at: the documentation says how (“Huge pictures”).'),
})

/** @param {string} url @returns {import('./types.js').Problem} */
export function failure(url) {
  const where = hostOf(url)
  if (!navigator.onLine && !/^(data|blob):/.test(url)) {
    return { code: 'image-offline', message: t('You are offline, and this picture was not loaded before.'), where, hint: t('What you have done is kept. Try again when you are online.') }
  }
  return {
    code: 'image-load', message: t('The picture could not be loaded.'), where,
    hint: t('It may be gone, its link may have expired, or it is no picture. Try again; if that does not help, skip this task.'),
  }
}
