/**
 * The decoding worker: what browsers cannot draw by themselves. Fetches and decodes off the page's thread; the libraries are in this file
 * alone. Messages: `{id, op, …}`; answers: `{id, share}` while it loads, then `{id, done}` or `{id, failed: {code, values}}`. `{id, op: 'stop'}` ends one.
 */
import { decode as decodePng } from 'fast-png'
import { fetchBytes } from './object-load.js'
import { readDicom } from './image-dicom.js'
import { comesWhole, openTiff } from './image-tiff.js'
import { rangeOf, shown } from './image-values.js'
import { dataOf, request } from './request.js'

/** @typedef {import('./image-values.js').Raw} Raw */

// A decoder inside geotiff (zstd) fetches its own code from a `data:` address, which the page's policy forbids: it is read from the address itself.
const fetched = globalThis.fetch.bind(globalThis)
/** @type {typeof fetch} */
const reading = (input, init) => {
  const inside = typeof input === 'string' ? dataOf(input) : null
  return inside ? Promise.resolve(new Response(inside)) : fetched(input, init)
}
globalThis.fetch = reading

/** Pictures that are read in parts @type {Map<number, import('./image-tiff.js').Pyramid>} */
const open = new Map()
/** @type {Map<number, AbortController>} */
const running = new Map()
const scope = /** @type {{postMessage(message: unknown, transfer?: Transferable[]): void, onmessage: ((event: MessageEvent) => void) | null}} */ (/** @type {unknown} */ (globalThis))

scope.onmessage = (/** @type {MessageEvent} */ { data }) => {
  if (data.op === 'stop') running.get(data.id)?.abort()
  else if (data.op === 'close') open.delete(data.key)
  else void answer(data)
}

/** @param {{id: number, op: 'tiff' | 'dicom' | 'png' | 'tile', url: string, key: number, level: number, x: number, y: number, window?: [number, number]}} asked */
async function answer(asked) {
  const { id } = asked
  const stop = new AbortController()
  running.set(id, stop)
  try {
    const tell = (/** @type {number | null} */ share) => { scope.postMessage({ id, share }) }
    const found = asked.op === 'tile' ? await open.get(asked.key)?.tile(asked.level, asked.x, asked.y, stop.signal) : await opened(asked, tell, stop.signal)
    if (!found) return
    if ('levels' in found) {
      open.set(id, found)
      const { tile: _, ...told } = found
      scope.postMessage({ id, done: { pyramid: { ...told, key: id } } })
    } else await send(id, found, asked.window)
  } catch (error) {
    const { code, values, problem } = /** @type {{code?: string, values?: object, problem?: {code: string}}} */ (error)
    if (!stop.signal.aborted) scope.postMessage({ id, failed: { code: problem?.code ?? code ?? 'image-broken', values: { detail: String(error).slice(0, 160), ...values } } })
  } finally {
    running.delete(id)
  }
}

/** @param {{op: string, url: string}} asked @param {(share: number | null) => void} tell @param {AbortSignal} signal @returns {Promise<Raw | import('./image-tiff.js').Pyramid>} */
async function opened({ op, url }, tell, signal) {
  if (op === 'tiff') return openTiff((await inOnePiece(url, signal)) ? (await fetchBytes(url, signal, tell)).buffer : url, signal)
  const bytes = await fetchBytes(url, signal, tell)
  if (op === 'dicom') return readDicom(bytes, decodeJpeg)
  const { width, height, channels, data, depth } = decodePng(bytes)
  if (channels === 2) return { width, height, channels: 1, values: data.filter((_, at) => at % 2 === 0), bits: depth, range: rangeOf(data, 2) }
  return { width, height, channels, values: data, bits: depth, range: rangeOf(data, channels) }
}

/** A small file, or one whose host gives no parts. @param {string} url @param {AbortSignal} signal */
async function inOnePiece(url, signal) {
  if (dataOf(url)) return true
  const answer = await request(url, signal, 16)
  await answer.body?.cancel()
  const size = Number(/\/(\d+)$/.exec(answer.headers.get('content-range') ?? '')?.[1] ?? answer.headers.get('content-length') ?? 0)
  return answer.status !== 206 || comesWhole(size)
}

/** @param {Uint8Array} jpeg @returns {Promise<Raw>} */
async function decodeJpeg(jpeg) {
  const bitmap = await createImageBitmap(new Blob([/** @type {BlobPart} */ (jpeg)], { type: 'image/jpeg' }))
  const { width, height } = bitmap
  const ctx = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(width, height).getContext('2d'))
  ctx.drawImage(bitmap, 0, 0)
  bitmap.close()
  return { width, height, channels: 4, values: ctx.getImageData(0, 0, width, height).data, bits: 8, range: [0, 255] }
}

/** Ready to be drawn, or the original values, with what a window of them looks like. @param {number} id @param {Raw} raw @param {[number, number]} [window] */
async function send(id, raw, window) {
  if (raw.bits > 8 || raw.channels !== 4) {
    const data = window && new ImageData(raw.width, raw.height)
    if (data) shown(raw, window, data.data)
    const bitmap = data && (await createImageBitmap(data))
    scope.postMessage({ id, done: { raw, bitmap } }, [/** @type {ArrayBuffer} */ (raw.values.buffer), ...(bitmap ? [bitmap] : [])])
    return
  }
  const bitmap = await createImageBitmap(new ImageData(/** @type {any} */ (raw.values), raw.width, raw.height))
  scope.postMessage({ id, done: { bitmap, of: raw.of ?? null } }, [bitmap])
}
