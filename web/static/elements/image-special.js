/** Pictures that browsers do not draw by themselves: tiles, TIFF, DICOM, 16-bit values. Fetched when the first of them comes. */
import { t } from '../app/texts.js'
import { Picture, PictureProblem, failure, hostOf, ofBitmap } from './image-load.js'
import { TiledPicture, openTiles } from './image-tiles.js'
import { autoWindow, shown } from './image-values.js'

/** @typedef {import('./image-values.js').Raw} Raw */

/** @param {'tiles' | 'tiff' | 'dicom'} kind @param {string} url @param {import('./image-load.js').LoadOptions} options @returns {Promise<Picture>} */
export async function openSpecial(kind, url, options) {
  if (kind === 'tiles') return openTiles(url, options)
  const done = await ask({ op: kind, url: absolute(url) }, options.signal, options.tell, url)
  if (done.bitmap) return Object.assign(ofBitmap(done.bitmap), { note: noteOf(done.of) })
  if (done.raw) return new DeepPicture(done.raw)
  return ofPyramid(/** @type {PyramidFacts} */ (done.pyramid), options)
}

/** The original values of a 16-bit PNG that is on the screen already; null where it has no more than eight bits, or they cannot be read.
 * @param {string} url @param {AbortSignal} signal @returns {Promise<Picture | null>} */
export async function openDeepPng(url, signal) {
  const done = await ask({ op: 'png', url: absolute(url) }, signal, undefined, url)
  return done.raw ? new DeepPicture(done.raw) : null
}

/** A worker has no page to be relative to. @param {string} url */
const absolute = (url) => (/^data:/i.test(url) ? url : new URL(url, location.href).href)

// ---- the worker ----

/** @typedef {{width: number, height: number, levels: import('./image-tiff.js').Level[], bits: number, of: import('./image-values.js').Of, key: number}} PyramidFacts */
/** @typedef {{bitmap?: ImageBitmap, raw?: Raw, pyramid?: PyramidFacts, of?: import('./image-values.js').Of}} Done */

/** @type {Worker | null} */
let worker = null
let last = 0
/** @type {Map<number, {done: (found: Done) => void, fail: (error: unknown) => void, tell?: (share: number | null) => void, url: string}>} */
const asked = new Map()

function theWorker() {
  if (worker) return worker
  worker = new Worker(typeof __PICTURES__ === 'string' ? __PICTURES__ : '')
  worker.onmessage = ({ data }) => {
    const waiting = asked.get(data.id)
    if ('share' in data) {
      waiting?.tell?.(data.share)
      return
    }
    asked.delete(data.id)
    if (!waiting) data.done?.bitmap?.close()
    else if (data.failed) waiting.fail(new PictureProblem(problemOf(data.failed.code, data.failed.values, waiting.url)))
    else waiting.done(data.done)
  }
  worker.onerror = () => {
    worker = null // asked again, it is fetched again
    const problem = { code: 'image-decoder', message: t('The part of this page that reads such pictures could not be loaded.'), hint: t('Try again in a moment.') }
    for (const waiting of asked.values()) waiting.fail(new PictureProblem(problem))
    asked.clear()
  }
  return worker
}

/** @param {Record<string, unknown>} message @param {AbortSignal} signal @param {((share: number | null) => void) | undefined} tell @param {string} url @returns {Promise<Done>} */
function ask(message, signal, tell, url) {
  const id = (last += 1)
  return new Promise((done, fail) => {
    asked.set(id, { done, fail, tell, url })
    signal.addEventListener('abort', () => {
      asked.delete(id)
      worker?.postMessage({ id, op: 'stop' })
      fail(signal.reason)
    }, { once: true })
    theWorker().postMessage({ ...message, id })
  })
}

/** @param {import('./image-values.js').Of | undefined} of */
const noteOf = (of) => (!of ? '' : 'pages' in of ? t('page 1 of {n}', { n: of.pages }) : t('frame 1 of {n}', { n: of.frames }))

/** Why a file cannot be shown, in words. @param {string} code of the worker @param {any} values @param {string} url @returns {import('./types.js').Problem} */
function problemOf(code, values, url) {
  const where = hostOf(url)
  const skip = t('Skip this task, and tell whoever sent you here.')
  const convert = t('Whoever sent you here can save it in another way: the documentation says how (“Huge pictures”).')
  const [message, hint] = {
    'data-load': [failure(url).message, failure(url).hint],
    'tiff-flat': [t('This TIFF has {width} × {height} pixels and no smaller copies of them, so it cannot be shown without reading it all.', values), convert],
    'dicom-no-picture': [t('This DICOM file has no picture in it.'), skip],
    'dicom-compressed': [t('This DICOM file is compressed with {how}, which cannot be read here.', values), convert],
    'dicom-colours': [t('This DICOM file keeps its colours as {photometric} with {bits} bits, which cannot be read here.', values), convert],
    'dicom-short': [t('This DICOM file is damaged: its picture ends too early.'), skip],
    'dicom-broken': [t('This file is no DICOM file, or it is damaged.'), skip],
  }[code] ?? [t('This picture is damaged, or of a kind that cannot be read here.'), `${skip} (${values.detail})`]
  return { code, message: message ?? '', hint, where }
}

// ---- pictures ----

/** A picture with more values than a screen shows: a window of them is drawn. */
class DeepPicture extends Picture {
  /** @param {Raw} raw */
  constructor(raw) {
    super(raw.width, raw.height)
    this.raw = raw
    this.note = noteOf(raw.of)
    this.canvas = new OffscreenCanvas(raw.width, raw.height)
    const normal = raw.normal ?? raw.range
    this.deep = { bits: raw.bits, range: raw.range, normal, window: normal, unit: raw.unit ?? '', show: (/** @type {number} */ low, /** @type {number} */ high) => this.#show(low, high), auto: () => autoWindow(raw) }
    this.#draw()
  }
  #waiting = 0

  /** @param {number} low @param {number} high */
  #show(low, high) {
    if (!this.deep || (this.deep.window[0] === low && this.deep.window[1] === high)) return
    this.deep.window = [low, high]
    this.#waiting ||= requestAnimationFrame(() => {
      this.#waiting = 0
      this.#draw()
      this.changed()
    })
  }

  #draw() {
    const { raw, canvas, deep } = this
    if (!deep || !canvas.width) return
    const data = new ImageData(raw.width, raw.height)
    shown(raw, deep.window, data.data)
    canvas.getContext('2d')?.putImageData(data, 0, 0)
  }

  /** @param {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} ctx */
  paint(ctx) {
    ctx.drawImage(this.canvas, 0, 0)
  }

  /** @param {number} x @param {number} y */
  valueAt(x, y) {
    const { values, width, height, channels, slope = 1, intercept = 0 } = this.raw
    if (x < 0 || y < 0 || x >= width || y >= height) return null
    const at = (y * width + x) * channels
    return Array.from(values.subarray(at, at + Math.min(channels, 3)), (value) => value * slope + intercept)
  }

  close() {
    cancelAnimationFrame(this.#waiting)
    this.canvas.width = this.canvas.height = 0
    this.raw = { ...this.raw, width: 0, height: 0, values: new Uint8Array(0) }
  }
}

/** A TIFF pyramid: the worker decodes the parts that are looked at. @param {PyramidFacts} facts @param {import('./image-load.js').LoadOptions} options @returns {Promise<Picture>} */
async function ofPyramid({ key, width, height, levels, bits, of }, options) {
  const tile = async (/** @type {number} */ level, /** @type {number} */ x, /** @type {number} */ y, /** @type {AbortSignal} */ signal, /** @type {[number, number] | undefined} */ window = undefined) => {
    const done = await ask({ op: 'tile', key, level, x, y, window }, signal, undefined, '')
    return done.raw ? { ...done.raw, bitmap: done.bitmap } : /** @type {ImageBitmap} */ (done.bitmap)
  }
  const picture = new TiledPicture({ width, height, overlap: 0, levels: levels.map((level) => ({ ...level, scale: level.width / width })), tile, end: () => worker?.postMessage({ op: 'close', key }) }, bits)
  picture.note = noteOf(of)
  await picture.first(options.signal)
  return picture
}
