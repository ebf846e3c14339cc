/**
 * Pictures too large to load: the tiles that are looked at, at the size they are looked at. Formats (DZI, IIIF, Zoomify …) are read by
 * OpenSeadragon's tile sources; tiles are painted here, into the same canvas and by the same camera as every other picture, so that
 * regions never swim over them.
 *
 * @typedef {import('./image-values.js').Raw} Raw
 * @typedef {{width: number, height: number, tileWidth: number, tileHeight: number, scale: number, columns?: number, rows?: number}} Level scale: of the whole picture
 * @typedef {object} Grid
 * @property {number} width of the whole picture, pixels
 * @property {number} height
 * @property {number} overlap pixels that a tile shares with each neighbour
 * @property {Level[]} levels from the smallest to the whole picture
 * @property {(level: number, x: number, y: number, signal: AbortSignal, window?: [number, number]) => Promise<ImageBitmap | HTMLImageElement | DeepTile>} tile by column and row; window: of original values
 * @property {() => void} [end] the picture is closed
 *
 * @typedef {{level: number, x: number, y: number, key: string}} Place
 * @typedef {Raw & {bitmap?: ImageBitmap}} DeepTile bitmap: what a window of its values looks like
 * @typedef {{image: ImageBitmap | HTMLImageElement | OffscreenCanvas, raw: Raw | null, bytes: number, window?: [number, number]}} Tile window: that `image` was made with
 */
import { t } from '../app/texts.js'
import { Picture, PictureProblem, failure, hostOf } from './image-load.js'
import { request } from './request.js'
import { autoWindow, shown } from './image-values.js'

const AT_ONCE = 6 // tiles on their way
const MOST_BYTES = 150e6 // of decoded tiles
const TRIES = 3
const SHARP = 0.7 // device pixels of the screen per pixel of a level, under which the next finer one is not needed
const MOST_READ = 16e6 // pixels that are read at once

/** Which level is fine enough. @param {readonly {scale: number}[]} levels rising @param {number} scale device pixels per natural pixel */
export function levelFor(levels, scale) {
  const found = levels.findIndex((level) => level.scale >= scale * SHARP)
  return found < 0 ? levels.length - 1 : found
}

/** The tiles of a level that touch some bounds, those in their middle first. @param {Level} level @param {number} at its index @param {import('./geometry.js').Bounds} seen natural pixels @returns {Place[]} */
export function tilesIn(level, at, seen) {
  const columns = level.columns ?? Math.ceil(level.width / level.tileWidth)
  const rows = level.rows ?? Math.ceil(level.height / level.tileHeight)
  const [w, h] = [level.tileWidth / level.scale, level.tileHeight / level.scale]
  const clamp = (/** @type {number} */ value, /** @type {number} */ most) => Math.min(Math.max(Math.floor(value), 0), most - 1)
  const places = []
  if (seen.maxX <= 0 || seen.maxY <= 0 || seen.minX >= columns * w || seen.minY >= rows * h) return []
  for (let y = clamp(seen.minY / h, rows); y <= clamp((seen.maxY - 1e-6) / h, rows); y++) {
    for (let x = clamp(seen.minX / w, columns); x <= clamp((seen.maxX - 1e-6) / w, columns); x++) places.push({ level: at, x, y, key: `${at}/${x}/${y}` })
  }
  const [mx, my] = [(seen.minX + seen.maxX) / 2 / w - 0.5, (seen.minY + seen.maxY) / 2 / h - 0.5]
  return places.sort((a, b) => Math.hypot(a.x - mx, a.y - my) - Math.hypot(b.x - mx, b.y - my))
}

export class TiledPicture extends Picture {
  /** oldest use first @type {Map<string, Tile>} */
  #tiles = new Map()
  #bytes = 0
  /** @type {Place[]} what is looked at and not here */
  #wanted = []
  /** @type {Map<string, AbortController>} */
  #loading = new Map()
  /** @type {Map<string, number>} how often a tile has failed */
  #failures = new Map()
  /** tiles that failed and are asked for again in a moment @type {Map<string, ReturnType<typeof setTimeout>>} */
  #waiting = new Map()
  /** level that is always here */
  #base

  /** @param {Grid} grid @param {number} bits of a value; more than 8: tiles come as original values */
  constructor(grid, bits = 8) {
    super(grid.width, grid.height)
    this.grid = grid
    this.bits = bits
    this.#base = Math.max(0, grid.levels.findLastIndex((level) => level.width <= level.tileWidth && level.height <= level.tileHeight))
  }

  /** Loads what shows all of the picture, coarsely. @param {AbortSignal} signal */
  async first(signal) {
    const all = { minX: 0, minY: 0, maxX: this.grid.width, maxY: this.grid.height }
    const places = tilesIn(this.grid.levels[this.#base], this.#base, all).slice(0, 16)
    try {
      const found = await Promise.all(places.map((place) => this.grid.tile(place.level, place.x, place.y, signal)))
      const [raw] = found
      if ('values' in raw) this.#deepen(raw)
      found.forEach((tile, at) => this.#keep(places[at], tile, this.deep?.window))
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** Tiles that are looked at and not here yet. */
  get pending() {
    return this.#wanted.length
  }

  /** Tiles are original values: what they span is told by the smallest of them. @param {Raw} raw */
  #deepen(raw) {
    this.deep = {
      bits: this.bits, range: raw.range, normal: raw.range, window: raw.range, unit: raw.unit ?? '', auto: () => autoWindow(raw),
      show: (low, high) => {
        if (!this.deep || (this.deep.window[0] === low && this.deep.window[1] === high)) return
        this.deep.window = [low, high]
        this.changed() // what is drawn is made anew
      },
    }
  }

  /** @param {Raw} raw */
  #developed(raw) {
    const canvas = new OffscreenCanvas(raw.width, raw.height)
    const data = new ImageData(raw.width, raw.height)
    shown(raw, this.deep?.window ?? raw.range, data.data)
    canvas.getContext('2d')?.putImageData(data, 0, 0)
    return canvas
  }

  /** @param {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} ctx @param {number} scale @param {import('./geometry.js').Bounds} seen */
  paint(ctx, scale, seen) {
    const places = this.#draw(ctx, scale, seen)
    this.#wanted = places.filter(({ key }) => !this.#tiles.has(key) && !this.#waiting.has(key) && (this.#failures.get(key) ?? 0) < TRIES)
    const keys = new Set(this.#wanted.map(({ key }) => key))
    for (const [key, stop] of this.#loading) if (!keys.has(key)) stop.abort()
    this.#load()
  }

  /** @param {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} ctx @param {number} scale @param {import('./geometry.js').Bounds} seen @returns {Place[]} what should have been drawn */
  #draw(ctx, scale, seen) {
    const at = Math.max(this.#base, levelFor(this.grid.levels, scale))
    const places = tilesIn(this.grid.levels[at], at, seen)
    const seam = scale ? 0.6 / scale : 0 // tiles meet between device pixels: each goes a little under its neighbour
    for (const place of places) {
      const tile = this.#use(place.key)
      if (tile) this.#drawTile(ctx, place, tile, seam)
      else this.#drawCoarser(ctx, place, seam)
    }
    return places
  }

  /** @param {string} key */
  #use(key) {
    const tile = this.#tiles.get(key)
    if (tile) {
      this.#tiles.delete(key)
      this.#tiles.set(key, tile)
    }
    return tile
  }

  /** Where a tile stands, natural pixels. @param {Place} place */
  #bounds({ level, x, y }) {
    const { width, height, tileWidth, tileHeight, scale } = this.grid.levels[level]
    const [w, h] = [Math.min(tileWidth, width - x * tileWidth), Math.min(tileHeight, height - y * tileHeight)]
    return { x: (x * tileWidth) / scale, y: (y * tileHeight) / scale, w: w / scale, h: h / scale, inner: { w, h } }
  }

  /** @param {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} ctx @param {Place} place @param {Tile} tile @param {number} seam */
  #drawTile(ctx, place, tile, seam) {
    if (tile.raw && tile.window !== this.deep?.window) {
      letGo(tile.image)
      tile.image = this.#developed(tile.raw)
      tile.window = this.deep?.window
    }
    const { image } = tile
    const { x, y, w, h, inner } = this.#bounds(place)
    const { overlap } = this.grid
    if (overlap) ctx.drawImage(image, place.x ? overlap : 0, place.y ? overlap : 0, inner.w, inner.h, x, y, w + seam, h + seam)
    else ctx.drawImage(image, x, y, w + seam, h + seam)
  }

  /** What a coarser level has of a place, until its own tile is here. @param {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} ctx @param {Place} place @param {number} seam */
  #drawCoarser(ctx, place, seam) {
    const { x, y, w, h } = this.#bounds(place)
    const area = { minX: x, minY: y, maxX: x + w, maxY: y + h }
    for (let level = place.level - 1; level >= 0; level--) {
      const coarser = tilesIn(this.grid.levels[level], level, area)
      if (!coarser.every(({ key }) => this.#tiles.has(key))) continue
      ctx.save()
      ctx.beginPath()
      ctx.rect(x, y, w + seam, h + seam)
      ctx.clip()
      for (const one of coarser) this.#drawTile(ctx, one, /** @type {Tile} */ (this.#use(one.key)), seam)
      ctx.restore()
      return
    }
  }

  #load() {
    for (const place of this.#wanted) {
      if (this.#loading.size >= AT_ONCE) return
      if (!this.#loading.has(place.key)) void this.#fetch(place)
    }
  }

  /** @param {Place} place */
  async #fetch(place) {
    const stop = new AbortController()
    this.#loading.set(place.key, stop)
    try {
      const window = this.deep?.window
      const tile = await this.grid.tile(place.level, place.x, place.y, stop.signal, window)
      if (stop.signal.aborted) letGo(tile)
      else {
        this.#failures.delete(place.key)
        this.#keep(place, tile, window)
      }
    } catch {
      if (!stop.signal.aborted) this.#fail(place)
    }
    this.#loading.delete(place.key)
    this.#wanted = this.#wanted.filter(({ key }) => key !== place.key)
    if (!stop.signal.aborted) this.changed() // paints it, which asks for the next
    else this.#load()
  }

  /** @param {Place} place */
  #fail({ key }) {
    const times = (this.#failures.get(key) ?? 0) + 1
    this.#failures.set(key, times)
    this.missing = [...this.#failures.values()].filter((count) => count >= TRIES).length
    if (times >= TRIES) return
    this.#waiting.set(key, setTimeout(() => {
      this.#waiting.delete(key)
      this.changed()
    }, 1000 * times))
  }

  /** @param {Place} place @param {ImageBitmap | HTMLImageElement | DeepTile} found @param {[number, number]} [window] that was asked for */
  #keep({ key, level }, found, window) {
    const raw = 'values' in found ? found : null
    const image = raw ? (raw.bitmap ?? this.#developed(raw)) : /** @type {ImageBitmap | HTMLImageElement} */ (found)
    if (raw) delete raw.bitmap
    const bytes = image.width * image.height * 4 + (raw ? raw.values.byteLength : 0)
    this.#tiles.set(key, { image, raw, bytes, window })
    if (level === this.#base) return // always here, and not counted
    this.#bytes += bytes
    for (const [oldest, tile] of this.#tiles) {
      if (this.#bytes <= MOST_BYTES) break
      if (oldest === key || oldest.startsWith(`${this.#base}/`)) continue
      this.#tiles.delete(oldest)
      this.#bytes -= tile.bytes
      letGo(tile.image)
    }
  }

  /** @param {CanvasRenderingContext2D} ctx */
  sketch(ctx) {
    this.#draw(ctx, 0, { minX: 0, minY: 0, maxX: this.grid.width, maxY: this.grid.height })
  }

  /** @param {number} x @param {number} y @param {number} w @param {number} h */
  pixels(x, y, w, h) {
    if (w * h > MOST_READ) return null
    try {
      const ctx = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(w, h).getContext('2d', { willReadFrequently: true }))
      ctx.imageSmoothingEnabled = false
      ctx.translate(-x, -y)
      this.#draw(ctx, 1, { minX: x, minY: y, maxX: x + w, maxY: y + h })
      return ctx.getImageData(0, 0, w, h)
    } catch {
      return null
    }
  }

  /** @param {number} x @param {number} y */
  valueAt(x, y) {
    const at = this.grid.levels.length - 1
    const level = this.grid.levels[at]
    const [column, row] = [Math.floor(x / level.tileWidth), Math.floor(y / level.tileHeight)]
    const raw = this.#tiles.get(`${at}/${column}/${row}`)?.raw
    if (!raw || x < 0 || y < 0) return null
    const [u, v] = [x - column * level.tileWidth, y - row * level.tileHeight]
    if (u >= raw.width || v >= raw.height) return null
    const from = (v * raw.width + u) * raw.channels
    return Array.from(raw.values.subarray(from, from + Math.min(raw.channels, 3)))
  }

  retry() {
    this.#failures.clear()
    this.missing = 0
    this.changed()
  }

  close() {
    for (const stop of this.#loading.values()) stop.abort()
    for (const again of this.#waiting.values()) clearTimeout(again)
    for (const tile of this.#tiles.values()) letGo(tile.image)
    this.#tiles.clear()
    this.#wanted = []
    this.#bytes = 0
    this.grid.end?.()
    this.changed = () => {}
  }
}

/** @param {ImageBitmap | HTMLImageElement | OffscreenCanvas | DeepTile} image */
function letGo(image) {
  if ('bitmap' in image) image.bitmap?.close()
  else if ('close' in image) image.close()
  else if (typeof OffscreenCanvas !== 'undefined' && image instanceof OffscreenCanvas) image.width = image.height = 0
}

/** @param {string} url of a .dzi, an info.json … @param {import('./image-load.js').LoadOptions} options @returns {Promise<Picture>} */
export async function openTiles(url, options) {
  const [text, { default: library }] = await Promise.all([manifest(url, options.signal), import('openseadragon')])
  const source = sourceOf(library, text, url)
  if (!source?.dimensions?.x || !source.dimensions.y) {
    throw new PictureProblem({ code: 'tiles-format', message: t('The description of this picture’s tiles cannot be read.'), where: hostOf(url), hint: t('It should be a Deep Zoom file (.dzi, XML or JSON) or a IIIF info.json. Tell whoever sent you here.') })
  }
  const { x: width, y: height } = source.dimensions
  const asked = options.crossOrigin === 'anonymous' || options.crossOrigin === 'use-credentials' ? options.crossOrigin : ''
  const numbers = Array.from({ length: source.maxLevel - source.minLevel + 1 }, (_, at) => source.minLevel + at)
  const levels = numbers.map((level) => {
    const scale = source.getLevelScale(level)
    const { x: columns, y: rows } = source.getNumTiles(level)
    return { width: Math.ceil(width * scale), height: Math.ceil(height * scale), tileWidth: source.getTileWidth(level), tileHeight: source.getTileHeight(level), scale, columns, rows }
  })
  const tile = (/** @type {number} */ level, /** @type {number} */ x, /** @type {number} */ y, /** @type {AbortSignal} */ signal) => loadTile(source.getTileUrl(numbers[level], x, y), asked, signal)
  const picture = new TiledPicture({ width, height, overlap: source.tileOverlap ?? 0, levels, tile })
  try {
    await picture.first(options.signal)
  } catch (error) {
    if (options.signal.aborted) throw error
    throw new PictureProblem({ code: 'tiles-load', message: t('The description of this picture is there, but its tiles could not be loaded.'), where: hostOf(url), hint: t('They stand beside it, in a folder whose name ends in “_files”. Try again; if that does not help, skip this task.') })
  }
  return picture
}

/** @param {string} url @param {AbortSignal} signal @returns {Promise<string>} */
async function manifest(url, signal) {
  let answer
  try {
    answer = await request(url, signal)
  } catch (error) {
    if (signal.aborted) throw error
    const elsewhere = /^https?:/i.test(url) && new URL(url).origin !== location.origin
    throw new PictureProblem(elsewhere ? { code: 'tiles-elsewhere', message: t('The description of this picture’s tiles is on another site, which this page may not read.'), where: hostOf(url), hint: t('Whoever sent you here can put the description into the task itself: the documentation says how (“Huge pictures”).') } : failure(url))
  }
  if (!answer.ok) throw new PictureProblem({ ...failure(url), message: answer.status === 404 ? t('The picture is not there any more.') : t('The picture could not be loaded: its server answers {n}.', { n: answer.status }) })
  return answer.text()
}

/** @param {any} library OpenSeadragon @param {string} text @param {string} url @returns {any} a TileSource, or null */
function sourceOf(library, text, url) {
  try {
    const data = text.trimStart().startsWith('<') ? new DOMParser().parseFromString(text, 'text/xml') : JSON.parse(text)
    const Source = library.TileSource.determineType(library.TileSource.prototype, data, url)
    return Source && new Source({ ...Source.prototype.configure.call(Source.prototype, data, url, null), ready: true })
  } catch {
    return null
  }
}

/** @param {string} url @param {string} crossOrigin @param {AbortSignal} signal @returns {Promise<HTMLImageElement | ImageBitmap>} decoded */
async function loadTile(url, crossOrigin, signal) {
  if (new URL(url, location.href).origin === location.origin) { // decoded beside the page's thread, and let go of when we say so
    const answer = await fetch(url, { signal })
    if (!answer.ok) throw new Error(`${answer.status}`)
    return createImageBitmap(await answer.blob())
  }
  const image = new Image()
  if (crossOrigin) image.crossOrigin = crossOrigin
  image.src = url
  signal.addEventListener('abort', () => image.removeAttribute('src'), { once: true })
  await image.decode()
  return image
}
