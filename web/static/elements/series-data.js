import { t } from '../app/texts.js'
import { request } from './request.js'
import { timeReader } from './series-time.js'

/**
 * The numbers of a time series, out of a table in the task or of a CSV file that is read in pieces.
 *
 * @typedef {{time: Float64Array, dates: boolean, columns: Map<string, Float32Array>}} Series time ascends: seconds since 1970 (dates) or
 *   numbers as they are, 0, 1, 2 … without a time column; columns by the names that the config uses; NaN: no value there
 * @typedef {{channels: string[], timeColumn?: string, timeFormat?: string, sep?: string}} Wanted
 */

const ROWS = 20_000 // between two rests
const SEPARATORS = [',', ';', '\t', '|']

export class SeriesProblem extends Error {
  /** @param {string} message @param {string} hint */
  constructor(message, hint = '') {
    super(message)
    this.hint = hint
  }
}

/** A growing column. */
class Column {
  count = 0
  /** @param {string} name as the config has it @param {number} place in a row @param {typeof Float32Array | typeof Float64Array} kind */
  constructor(name, place, kind) {
    this.name = name
    this.place = place
    this.values = new kind(1 << 14)
    this.kind = kind
  }

  /** @param {number} value */
  add(value) {
    if (this.count === this.values.length) {
      const more = new this.kind(this.count * 2)
      more.set(this.values)
      this.values = more
    }
    this.values[this.count++] = value
  }

  get whole() {
    return this.values.subarray(0, this.count)
  }
}

/** Takes rows and makes a Series of them. */
class Rows {
  #rows = 0
  /** @type {Column[]} */
  #channels = []
  /** @type {Column | null} */
  #time = null
  /** @type {((text: string) => number) | null} */
  #read = null
  #last = -Infinity

  /** @param {string[]} header names, or numbers of columns where there are none @param {Wanted} wanted */
  constructor(header, wanted) {
    const at = (/** @type {string} */ name) => {
      const low = header.findIndex((one) => one.trim().toLowerCase() === name.trim().toLowerCase())
      return low >= 0 ? low : /^\d+$/.test(name) && Number(name) < header.length ? Number(name) : -1
    }
    const find = (/** @type {string} */ name, /** @type {string} */ what) => {
      const place = at(name)
      if (place < 0) throw new SeriesProblem(what === 'time' ? t('The data has no column “{name}” for the time.', { name }) : t('The data has no column “{name}” for a channel.', { name }), t('Its columns are {names}.', { names: header.slice(0, 12).map((one) => `“${one}”`).join(', ') }))
      return place
    }
    this.#channels = [...new Set(wanted.channels)].map((name) => new Column(name, find(name, 'channel'), Float32Array))
    if (wanted.timeColumn !== undefined && wanted.timeColumn !== '') this.#time = new Column(wanted.timeColumn, find(wanted.timeColumn, 'time'), Float64Array)
    if (this.#time && wanted.timeFormat) {
      this.#read = timeReader(wanted.timeFormat)
      if (!this.#read) throw new SeriesProblem(t('The time format “{format}” has a part that is not known.', { format: wanted.timeFormat }), t('It is written as in strftime, for example %Y-%m-%d %H:%M:%S.'))
    }
  }

  /** @param {ArrayLike<unknown>} row texts or numbers */
  add(row) {
    this.#rows++
    if (this.#time) {
      const time = this.#when(row[this.#time.place])
      if (time < this.#last) throw new SeriesProblem(t('The time does not ascend: row {row} of column “{name}” is earlier than the row before.', { row: String(this.#rows), name: this.#time.name }), t('Sort the data by time.'))
      this.#last = time
      this.#time.add(time)
    }
    for (const column of this.#channels) column.add(this.#number(row[column.place], column.name))
  }

  /** @param {unknown} given */
  #when(given) {
    const { name } = /** @type {Column} */ (this.#time)
    const time = this.#read ? this.#read(String(given ?? '')) : given === null || given === undefined || given === '' ? NaN : Number(given)
    if (!Number.isNaN(time)) return time
    if (this.#read) throw new SeriesProblem(t('Row {row} of column “{name}” has “{given}”, which is not of the time format of the config.', { row: String(this.#rows), name, given: String(given) }))
    throw new SeriesProblem(t('Row {row} of column “{name}” has “{given}”, which is no number.', { row: String(this.#rows), name, given: String(given ?? '') }), t('Dates need a timeFormat in the config.'))
  }

  /** @param {unknown} given @param {string} name */
  #number(given, name) {
    if (given === null || given === undefined || given === '') return NaN
    const value = Number(given)
    if (Number.isNaN(value) && !/^\s*(nan|na|null|none)?\s*$/i.test(String(given))) throw new SeriesProblem(t('Row {row} of column “{name}” has “{given}”, which is no number.', { row: String(this.#rows), name, given: String(given) }))
    return value
  }

  /** @returns {Series} */
  get series() {
    if (!this.#rows) throw new SeriesProblem(t('The data has no rows.'))
    const time = this.#time ? /** @type {Float64Array} */ (this.#time.whole) : Float64Array.from({ length: this.#rows }, (_, i) => i)
    return { time, dates: !!this.#read, columns: new Map(this.#channels.map((column) => [column.name, /** @type {Float32Array} */ (column.whole)])) }
  }
}

/** @param {Record<string, unknown[]>} table column to values @param {Wanted} wanted @returns {Series} Throws SeriesProblem */
export function seriesOfTable(table, wanted) {
  const header = Object.keys(table)
  for (const name of header) if (!Array.isArray(table[name])) throw new SeriesProblem(t('Column “{name}” of the data is not a list.', { name }))
  const rows = new Rows(header, wanted)
  const used = [...wanted.channels, ...(wanted.timeColumn ? [wanted.timeColumn] : [])].map((name) => name.toLowerCase())
  const lengths = header.filter((name) => used.includes(name.toLowerCase())).map((name) => table[name].length)
  const length = lengths.length ? Math.min(...lengths) : 0
  if (lengths.some((one) => one !== length)) {
    const short = header.find((name) => table[name].length === length)
    throw new SeriesProblem(t('Column “{name}” has {length} values, another column has {longest}.', { name: String(short), length, longest: Math.max(...lengths) }), t('All columns need the same length.'))
  }
  const values = header.map((name) => table[name])
  for (let i = 0; i < length; i++) rows.add(values.map((column) => column[i]))
  return rows.series
}

/** @param {string} line @param {string} sep @returns {string[]} */
export function cells(line, sep) {
  if (!line.includes('"')) return line.split(sep)
  const found = []
  for (let at = 0; at <= line.length;) {
    if (line[at] !== '"') {
      const end = line.indexOf(sep, at)
      found.push(end < 0 ? line.slice(at) : line.slice(at, end))
      at = end < 0 ? line.length + 1 : end + 1
      continue
    }
    let text = ''
    for (at++; at < line.length; at++) {
      if (line[at] !== '"') text += line[at]
      else if (line[at + 1] === '"') text += line[++at]
      else break
    }
    found.push(text)
    at = line.indexOf(sep, at)
    at = at < 0 ? line.length + 1 : at + 1
  }
  return found
}

/** Reads a CSV file piece by piece. */
export class CsvReader {
  #rest = ''
  /** @type {Rows | null} */
  #rows = null
  #sep = ''
  count = 0

  /** @param {Wanted} wanted */
  constructor(wanted) {
    this.wanted = wanted
  }

  /** @param {string} piece @param {() => Promise<void>} pause between thousands of rows */
  async add(piece, pause = async () => {}) {
    const lines = (this.#rest + piece).split('\n')
    this.#rest = lines.pop() ?? ''
    for (let i = 0; i < lines.length; i++) {
      this.#line(lines[i])
      if (i % ROWS === ROWS - 1) await pause()
    }
  }

  /** @param {string} given */
  #line(given) {
    const line = given.endsWith('\r') ? given.slice(0, -1) : given
    if (!line.trim()) return
    if (!this.#rows) {
      const asked = this.wanted.sep === '\\t' ? '\t' : this.wanted.sep
      // what the config says does not help if the file has none of it
      this.#sep = asked && line.includes(asked) ? asked : SEPARATORS.toSorted((a, b) => line.split(b).length - line.split(a).length)[0]
      const first = cells(line.replace(/^\ufeff/, ''), this.#sep)
      const named = !first.every((cell) => cell.trim() !== '' && !Number.isNaN(Number(cell)))
      this.#rows = new Rows(named ? first : first.map((_, at) => String(at)), this.wanted)
      if (named) return
    }
    this.count++
    this.#rows.add(cells(line, this.#sep))
  }

  /** @returns {Series} */
  end() {
    if (this.#rest) this.#line(this.#rest)
    this.#rest = ''
    if (!this.#rows) throw new SeriesProblem(t('The file is empty.'))
    return this.#rows.series
  }
}

/** Fetches CSV or JSON. @param {string} url @param {Wanted} wanted @param {{signal: AbortSignal, progress: (text: string) => void}} options @returns {Promise<Series>} Throws SeriesProblem */
export async function loadSeries(url, wanted, { signal, progress }) {
  let answer
  try {
    answer = await request(url, signal)
  } catch (error) {
    if (signal.aborted) throw error
    throw new SeriesProblem(t('The data could not be loaded.'), navigator.onLine ? t('Its link may have expired, or its host does not let pages read it. Try again; if that does not help, skip this task.') : t('You are offline. What you have done is kept.'))
  }
  if (!answer.ok || !answer.body) throw new SeriesProblem(t('The data could not be loaded: its host answered {status}.', { status: answer.status }), t('Its link may have expired. Try again; if that does not help, skip this task.'))
  const reader = new CsvReader(wanted)
  const total = Number(answer.headers.get('content-encoding') ? 0 : answer.headers.get('content-length')) || 0
  let [size, text, json] = [0, '', false]
  let rested = performance.now()
  const pause = async () => {
    if (performance.now() - rested < 12) return
    progress(total ? t('Reading the data, {share} %', { share: Math.round((size / total) * 100) }) : t('Reading the data, {n} rows', { n: reader.count }))
    await new Promise((done) => setTimeout(done))
    signal.throwIfAborted()
    rested = performance.now()
  }
  const decoder = new TextDecoder()
  for await (const part of /** @type {AsyncIterable<Uint8Array>} */ (/** @type {unknown} */ (answer.body))) {
    const piece = decoder.decode(part, { stream: true })
    if (!size && /^\s*[{[]/.test(piece)) json = true
    size += part.length
    if (json) text += piece
    else await reader.add(piece, pause)
    await pause()
  }
  if (!json) return reader.end()
  try {
    return seriesOfTable(tableOf(JSON.parse(text)), wanted)
  } catch (error) {
    if (error instanceof SyntaxError) throw new SeriesProblem(t('The file is no sound JSON.'))
    throw error
  }
}

/** A table of columns, also out of a list of rows. @param {any} given @returns {Record<string, unknown[]>} */
export function tableOf(given) {
  if (!Array.isArray(given)) return given ?? {}
  const names = [...new Set(given.flatMap((row) => Object.keys(row ?? {})))]
  return Object.fromEntries(names.map((name) => [name, given.map((row) => row?.[name] ?? null)]))
}
