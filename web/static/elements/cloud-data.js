import { t } from '../app/texts.js'
import { request } from './request.js'

/**
 * Points in space: out of a list in the task, a JSON, PLY or PCD file.
 *
 * @typedef {{count: number, positions: Float32Array, intensity: Float32Array | null, rgb: Uint8Array | null, least: [number, number, number], most: [number, number, number]}} Cloud
 *   positions: x, y, z in turn, metres as they came; rgb: 0..255, three in turn
 */

export class CloudProblem extends Error {
  /** @param {string} message @param {string} hint */
  constructor(message, hint = '') {
    super(message)
    this.hint = hint
  }
}

/** Collects points one after the other. */
class Points {
  /** @param {number} count @param {'none' | 'intensity' | 'rgb' | 'both'} more */
  constructor(count, more) {
    this.count = count
    this.positions = new Float32Array(count * 3)
    this.intensity = more === 'intensity' || more === 'both' ? new Float32Array(count) : null
    this.rgb = more === 'rgb' || more === 'both' ? new Uint8Array(count * 3) : null
  }

  /** @returns {Cloud} */
  get cloud() {
    const least = /** @type {[number, number, number]} */ ([Infinity, Infinity, Infinity])
    const most = /** @type {[number, number, number]} */ ([-Infinity, -Infinity, -Infinity])
    for (let i = 0; i < this.positions.length; i++) {
      const value = this.positions[i]
      if (value < least[i % 3]) least[i % 3] = value
      if (value > most[i % 3]) most[i % 3] = value
    }
    if (!this.count || !Number.isFinite(least[0] + least[1] + least[2])) throw new CloudProblem(t('The point cloud has no points.'))
    return { count: this.count, positions: this.positions, intensity: this.intensity, rgb: this.rgb, least, most }
  }
}

/** @param {unknown} rows `[x, y, z]`, with an intensity, or with r, g, b (0..255, or 0..1) @returns {Cloud} Throws CloudProblem */
export function cloudOfRows(rows) {
  if (!Array.isArray(rows)) throw new CloudProblem(t('The data has no list of points.'), t('It is written as {form}.', { form: '{"points": [[x, y, z], …]}' }))
  const width = Array.isArray(rows[0]) ? rows[0].length : 0
  const points = new Points(rows.length, width >= 7 ? 'both' : width >= 6 ? 'rgb' : width >= 4 ? 'intensity' : 'none')
  const at = width >= 7 ? 4 : 3
  let unit = true
  if (points.rgb) for (let i = 0; i < rows.length && unit; i++) unit = rows[i][at] <= 1 && rows[i][at + 1] <= 1 && rows[i][at + 2] <= 1
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]
    for (let axis = 0; axis < 3; axis++) {
      const value = Number(row?.[axis])
      if (!Number.isFinite(value)) throw new CloudProblem(t('Point {n} has no {axis}.', { n: i + 1, axis: 'xyz'[axis] }), t('Each point is a list of numbers: {form}.', { form: '[x, y, z]' }))
      points.positions[i * 3 + axis] = value
    }
    if (points.intensity) points.intensity[i] = Number(row[3]) || 0
    if (points.rgb) for (let c = 0; c < 3; c++) points.rgb[i * 3 + c] = Math.round((Number(row[at + c]) || 0) * (unit ? 255 : 1))
  }
  return points.cloud
}

/** @param {ArrayBuffer} data of a file @returns {Cloud} Throws CloudProblem */
export function cloudOfFile(data) {
  const start = new TextDecoder('latin1').decode(new Uint8Array(data, 0, Math.min(2048, data.byteLength)))
  if (/^ply\r?\n/.test(start)) return cloudOfPly(data)
  if (/^(#.*\n)*\s*(VERSION|FIELDS)/.test(start)) return cloudOfPcd(data)
  if (/^\s*[{[]/.test(start)) {
    let given
    try {
      given = JSON.parse(new TextDecoder().decode(data))
    } catch {
      throw new CloudProblem(t('The file is no sound JSON.'))
    }
    return cloudOfRows(Array.isArray(given) ? given : given.points)
  }
  throw new CloudProblem(t('The file is of no form that is known here.'), t('JSON with “points”, PLY and PCD are read.'))
}

/** @typedef {{name: string, type: string, size: number}} Field */

/** @type {Record<string, [string, number]>} */
const PLY_TYPES = {
  char: ['Int8', 1], int8: ['Int8', 1], uchar: ['Uint8', 1], uint8: ['Uint8', 1], short: ['Int16', 2], int16: ['Int16', 2], ushort: ['Uint16', 2], uint16: ['Uint16', 2],
  int: ['Int32', 4], int32: ['Int32', 4], uint: ['Uint32', 4], uint32: ['Uint32', 4], float: ['Float32', 4], float32: ['Float32', 4], double: ['Float64', 8], float64: ['Float64', 8],
}

/** @param {ArrayBuffer} data @returns {Cloud} */
function cloudOfPly(data) {
  const bytes = new Uint8Array(data)
  const { text, end } = headUntil(bytes, 'end_header')
  const form = /^format\s+(\S+)/m.exec(text)?.[1]
  /** @type {Field[]} */
  const fields = []
  let [count, inside, before] = [0, false, false]
  for (const line of text.split(/\r?\n/)) {
    const [word, first, second] = line.trim().split(/\s+/)
    if (word === 'element') {
      before ||= !inside && first !== 'vertex' && count === 0
      inside = first === 'vertex'
      if (inside) count = Number(second)
    } else if (word === 'property' && inside) {
      const type = PLY_TYPES[first]
      if (!type) throw new CloudProblem(t('The PLY file has lists among its points; those are not read.'))
      fields.push({ name: second, type: type[0], size: type[1] })
    }
  }
  if (before) throw new CloudProblem(t('The PLY file does not begin with its points.'))
  if (form === 'ascii') return cloudOfText(new TextDecoder().decode(bytes.subarray(end)), fields.map(({ name }) => name), count)
  if (form !== 'binary_little_endian' && form !== 'binary_big_endian') throw new CloudProblem(t('The PLY file is of the form “{form}”, which is not known.', { form: String(form) }))
  return cloudOfBytes(new DataView(data, end), fields, count, form === 'binary_little_endian')
}

/** @param {ArrayBuffer} data @returns {Cloud} */
function cloudOfPcd(data) {
  const bytes = new Uint8Array(data)
  const { text, end } = headUntil(bytes, 'DATA')
  const words = (/** @type {string} */ key) => new RegExp(`^${key}\\s+(.*)$`, 'm').exec(text)?.[1].trim().split(/\s+/) ?? []
  const [names, sizes, types, counts] = [words('FIELDS'), words('SIZE').map(Number), words('TYPE'), words('COUNT').map(Number)]
  const count = Number(words('POINTS')[0] ?? 0)
  const form = words('DATA')[0]
  if (form === 'ascii') return cloudOfText(new TextDecoder().decode(bytes.subarray(end)), names, count)
  if (form !== 'binary') throw new CloudProblem(t('The PCD file is of the form “{form}”; ascii and binary are read.', { form: String(form) }))
  /** @type {Field[]} */
  const fields = names.flatMap((name, at) => Array.from({ length: counts[at] || 1 }, (_, i) => ({
    name: i ? `${name}.${i}` : name, size: sizes[at], type: types[at] === 'F' ? `Float${sizes[at] * 8}` : types[at] === 'U' ? `Uint${sizes[at] * 8}` : `Int${sizes[at] * 8}`,
  })))
  return cloudOfBytes(new DataView(data, end), fields, count, true)
}

/** A text at the beginning of a file, up to the line with a word. @param {Uint8Array} bytes @param {string} word */
function headUntil(bytes, word) {
  const text = new TextDecoder('latin1').decode(bytes.subarray(0, Math.min(bytes.length, 1 << 16)))
  const at = new RegExp(`^${word}[^\\n]*\\n`, 'm').exec(text)
  if (!at) throw new CloudProblem(t('The head of the file does not end.'))
  const end = at.index + at[0].length
  return { text: text.slice(0, end), end }
}

/** Where the members of a point are. @param {string[]} names */
function places(names) {
  const low = names.map((name) => name.toLowerCase())
  const at = (/** @type {string[]} */ ...wanted) => low.findIndex((name) => wanted.includes(name))
  const found = { xyz: [at('x'), at('y'), at('z')], intensity: at('intensity', 'scalar_intensity', 'reflectance', 'i'), rgb: [at('red', 'r'), at('green', 'g'), at('blue', 'b')], packed: at('rgb', 'rgba') }
  if (found.xyz.some((place) => place < 0)) throw new CloudProblem(t('The points of the file have no {axis}.', { axis: 'xyz'[found.xyz.findIndex((place) => place < 0)] }), t('They have {names}.', { names: names.join(', ') }))
  return found
}

/** @param {string} text @param {string[]} names @param {number} count @returns {Cloud} */
function cloudOfText(text, names, count) {
  const at = places(names)
  const coloured = at.rgb.every((place) => place >= 0)
  const lines = text.split('\n')
  const points = new Points(Math.min(count, lines.filter((line) => line.trim()).length), coloured ? (at.intensity >= 0 ? 'both' : 'rgb') : at.intensity >= 0 ? 'intensity' : 'none')
  let i = 0
  for (const line of lines) {
    if (i >= points.count || !line.trim()) continue
    const row = line.trim().split(/\s+/)
    at.xyz.forEach((place, axis) => { points.positions[i * 3 + axis] = Number(row[place]) })
    if (points.intensity) points.intensity[i] = Number(row[at.intensity])
    if (points.rgb) at.rgb.forEach((place, c) => { /** @type {Uint8Array} */ (points.rgb)[i * 3 + c] = Number(row[place]) })
    i++
  }
  return points.cloud
}

/** @param {DataView} data @param {Field[]} fields @param {number} count @param {boolean} little @returns {Cloud} */
function cloudOfBytes(data, fields, count, little) {
  const at = places(fields.map(({ name }) => name))
  const size = fields.reduce((sum, field) => sum + field.size, 0)
  if (count * size > data.byteLength) throw new CloudProblem(t('The file ends after {read} of {count} points.', { read: Math.floor(data.byteLength / size), count }))
  const offsets = fields.map((_, i) => fields.slice(0, i).reduce((sum, field) => sum + field.size, 0))
  const reader = (/** @type {number} */ place) => {
    const get = /** @type {(at: number, little: boolean) => number} */ (/** @type {any} */ (data)[`get${fields[place].type}`])
    if (!get) throw new CloudProblem(t('“{name}” of the file is of a type that is not read.', { name: fields[place].name }))
    return (/** @type {number} */ point) => get.call(data, point * size + offsets[place], little)
  }
  const coloured = at.rgb.every((place) => place >= 0)
  const points = new Points(count, coloured || at.packed >= 0 ? (at.intensity >= 0 ? 'both' : 'rgb') : at.intensity >= 0 ? 'intensity' : 'none')
  const [x, y, z] = at.xyz.map(reader)
  const intensity = at.intensity >= 0 ? reader(at.intensity) : null
  const rgb = coloured ? at.rgb.map(reader) : null
  for (let i = 0; i < count; i++) {
    points.positions.set([x(i), y(i), z(i)], i * 3)
    if (points.intensity && intensity) points.intensity[i] = intensity(i)
    if (points.rgb && rgb) points.rgb.set([rgb[0](i), rgb[1](i), rgb[2](i)], i * 3)
    else if (points.rgb) {
      const packed = data.getUint32(i * size + offsets[at.packed], little)
      points.rgb.set([(packed >> 16) & 255, (packed >> 8) & 255, packed & 255], i * 3)
    }
  }
  return points.cloud
}

/** @param {string} url @param {{signal: AbortSignal, progress: (text: string) => void}} options @returns {Promise<Cloud>} Throws CloudProblem */
export async function loadCloud(url, { signal, progress }) {
  let answer
  try {
    answer = await request(url, signal)
  } catch (error) {
    if (signal.aborted) throw error
    throw new CloudProblem(t('The point cloud could not be loaded.'), navigator.onLine ? t('Its link may have expired, or its host does not let pages read it. Try again; if that does not help, skip this task.') : t('You are offline. What you have done is kept.'))
  }
  if (!answer.ok || !answer.body) throw new CloudProblem(t('The point cloud could not be loaded: its host answered {status}.', { status: answer.status }), t('Its link may have expired. Try again; if that does not help, skip this task.'))
  const total = Number(answer.headers.get('content-encoding') ? 0 : answer.headers.get('content-length')) || 0
  const parts = []
  let size = 0
  for await (const part of /** @type {AsyncIterable<Uint8Array<ArrayBuffer>>} */ (/** @type {unknown} */ (answer.body))) {
    parts.push(part)
    size += part.length
    if (total > 1e6) progress(t('Loading the points, {share} %', { share: Math.round((size / total) * 100) }))
  }
  const data = await new Blob(parts).arrayBuffer()
  signal.throwIfAborted()
  return cloudOfFile(data)
}
