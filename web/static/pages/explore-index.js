/**
 * The table of a project's tasks in a worker: its blocks come once (this browser keeps them), what changes comes every few seconds.
 * docs/contracts.md, section 11, tells the messages.
 *
 * @typedef {{column: string, operator: string, value: unknown}} Test
 * @typedef {Record<string, unknown>} Query a Test, or several by and, or, not
 * @typedef {{found: number, maybe: number, total: number}} Found
 * @typedef {{id: number, inner: number, state: import('./words.js').TaskState, agreement: number | null, score: number | null, done: number, skipped: number,
 *   comments: number, people: number[], labels: string[], created: number, updated: number, seconds: number, review: string, gold: string}} Row
 * @typedef {{name: string, kind: string, texts?: number}} Column
 * @typedef {{bins: [number, number, number][], values: [string | number, number][], others: number, without: number}} Counts
 * @typedef {{number: number, size: number, version: string | number, url: string}} Block
 */
import { openDB } from 'idb'
import { ApiError, api } from '../app/api.js'
import { TABLES, forgetOpened } from '../app/opened.js'
import { Engine } from '../app/runtime.js'

const CHANGES_MS = 3000
const BUILDING_MS = 1500
/** How often it is asked whether there are new blocks although nothing says so. */
const BLOCKS_MS = 60_000
const AT_ONCE = 6
const CHECK = 2000

const store = () => openDB(TABLES, 1, { upgrade: (db) => void db.createObjectStore('blocks') })

/** @param {Uint8Array} bytes */
function base64(bytes) {
  let text = ''
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return btoa(text)
}

/** Events: `progress` (loading goes on), `changed` (rows are other than they were), `failed` (detail: the error), `came` (the server has answered: no failure stands any more). */
export class ExploreIndex extends EventTarget {
  /** Loaded as far as there is something to load; filters answer. */
  ready = false
  /** Blocks and bytes of them: how many are here, how many there are. */
  progress = { blocks: 0, of: 0, bytes: 0, building: false }
  /** Inner numbers that the project has given. */
  total = 0
  /** @type {Record<string, string>} */ people = {}
  /** @type {Column[]} */ columns = []
  #engine
  #after = 0
  #timer = 0
  #asked = 0
  /** @type {Promise<void> | null} */ #running = null
  /** Versions by number of the blocks that the worker has. @type {Map<number, string | number>} */ #have = new Map()

  /** @param {string} project @param {AbortSignal} signal @param {Pick<Engine, 'call' | 'addEventListener'>} [engine] */
  constructor(project, signal, engine = new Engine('explore')) {
    super()
    this.#engine = engine
    this.project = project
    this.path = `/api/projects/${encodeURIComponent(project)}/table`
    this.signal = signal
    signal.addEventListener('abort', () => clearTimeout(this.#timer))
    this.#engine.addEventListener('restart', () => {
      this.#have.clear()
      this.ready = false
      this.#running = null // what it was asked is lost with it
      void this.start()
    })
  }

  /** Load, then go on looking for what changes. Whoever asks for it meanwhile gets the same. @returns {Promise<void>} */
  start() {
    const run = this.#running ?? this.#begun().finally(() => { if (this.#running === run) this.#running = null })
    this.#running = run
    return run
  }

  async #begun() {
    clearTimeout(this.#timer)
    let again = CHANGES_MS
    try {
      const building = await this.#blocks()
      if (building) again = BUILDING_MS
      this.dispatchEvent(new Event('came'))
    } catch (error) {
      if (this.signal.aborted) return
      if (error instanceof ApiError && [401, 403, 404].includes(error.status)) void forgetOpened() // whoever may not see it keeps nothing of it
      this.dispatchEvent(new CustomEvent('failed', { detail: error }))
    }
    this.#later(again)
  }

  /** @param {number} ms */
  #later(ms) {
    clearTimeout(this.#timer)
    if (!this.signal.aborted) this.#timer = window.setTimeout(() => void this.#look(), ms)
  }

  async #look() {
    if (document.hidden) return this.#later(CHANGES_MS)
    if (this.progress.building || performance.now() - this.#asked > BLOCKS_MS || !this.ready) return this.start()
    try {
      if (await this.#changes()) return await this.start() // there are tasks that no block has
      this.dispatchEvent(new Event('progress'))
      this.dispatchEvent(new Event('came'))
    } catch (error) {
      if (this.signal.aborted) return
      this.dispatchEvent(new CustomEvent('failed', { detail: error }))
    }
    this.#later(CHANGES_MS)
  }

  /** What the server has and the worker has not. @returns {Promise<boolean>} whether blocks are being made */
  async #blocks() {
    this.#asked = performance.now()
    const begun = this.#have.size ? Promise.resolve() : this.#engine.call('begin')
    const told = await api.get(this.path, { signal: this.signal })
    this.people = told.people
    this.total = told.total
    const wanted = /** @type {Block[]} */ (told.blocks).filter(({ number, version }) => this.#have.get(number) !== version)
    const bytes = /** @type {Block[]} */ (told.blocks).reduce((sum, { size }) => sum + size, 0)
    this.progress = { blocks: told.blocks.length - wanted.length, of: Math.max(told.blocks.length, Math.ceil(told.total / 4096)), bytes, building: told.job !== null }
    this.dispatchEvent(new Event('progress'))
    const known = await this.#kept(wanted)
    await begun
    if (wanted.length || !this.#after) {
      // What has changed since they were made comes on top of them, whether it was there before or not.
      this.#seen.clear()
      this.#after = told.changes
    }
    const waiting = [...wanted]
    const load = async () => {
      for (let block = waiting.shift(); block; block = waiting.shift()) {
        const data = known.get(block.number) ?? await this.#fetched(block)
        const { problems } = await this.#engine.call('put', { number: block.number, data: base64(data) })
        if (problems) throw new Error(problems[0].message)
        this.#have.set(block.number, block.version)
        this.progress.blocks += 1
        this.dispatchEvent(new Event('progress'))
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, load))
    await this.#changes(this.ready && !wanted.length)
    if (wanted.length || !this.ready) {
      this.columns = (await this.#engine.call('columns')).columns
      this.ready = !!told.blocks.length || !told.total
      this.dispatchEvent(new Event('changed'))
    }
    return this.progress.building
  }

  /** Blocks that this browser has kept. Older versions of them go. @param {Block[]} wanted @returns {Promise<Map<number, Uint8Array>>} */
  async #kept(wanted) {
    /** @type {Map<number, Uint8Array>} */
    const found = new Map()
    try {
      const db = await store()
      const read = db.transaction('blocks').store
      const kept = await Promise.all(wanted.map(({ number }) => read.get(`${this.project}/${number}`)))
      wanted.forEach(({ number, version, size }, n) => kept[n]?.version === version && kept[n].data.length === size && found.set(number, kept[n].data))
      db.close()
    } catch { /* a browser that keeps nothing loads them anew */ }
    return found
  }

  /** @param {Block} block @returns {Promise<Uint8Array>} */
  async #fetched({ number, version, url }) {
    const answer = await fetch(url, { signal: this.signal })
    if (!answer.ok) throw new Error(`A part of the table did not come (${answer.status}). It is tried again.`)
    const data = new Uint8Array(await answer.arrayBuffer())
    try {
      const db = await store()
      await db.put('blocks', { version, data }, `${this.project}/${number}`)
      db.close()
    } catch { /* the next visit fetches it again */ }
    return data
  }

  /** @param {boolean} [tell] @returns {Promise<boolean>} whether there are tasks that no block has */
  async #changes(tell = true) {
    for (let more = true; more;) {
      const told = await api.get(`${this.path}/changes?after=${this.#after}`, { signal: this.signal })
      this.#after = told.until
      more = told.more
      const rows = told.rows.filter((/** @type {Row} */ row) => this.#news(row))
      if (rows.length || told.gone.length) {
        await this.#engine.call('change', { rows, gone: told.gone })
        if (tell) this.dispatchEvent(new Event('changed'))
      }
      if (told.total > this.total) {
        this.total = told.total
        return true
      }
    }
    return false
  }

  /** Rows of the last seconds come again and again: only what is other counts. @type {Map<number, string>} */ #seen = new Map()

  /** @param {Row} row */
  #news(row) {
    const text = JSON.stringify(row)
    if (this.#seen.get(row.inner) === text) return false
    this.#seen.set(row.inner, text)
    return true
  }

  /** @param {Query | null} query @param {string[]} order @returns {Promise<Found & {problems?: {message: string}[]}>} */
  ask(query, order) {
    return this.#engine.call('ask', { query, order })
  }

  /** @param {number} from @param {number} to @returns {Promise<Row[]>} */
  async window(from, to) {
    return (await this.#engine.call('window', { from, to })).rows
  }

  /** Ids of what was found. @param {number} from @param {number} to @returns {Promise<number[]>} */
  async ids(from, to) {
    return (await this.#engine.call('ids', { from, to })).ids
  }

  /** @param {string[]} columns @returns {Promise<Record<string, Counts>>} */
  async counted(columns) {
    const { counts, problems } = await this.#engine.call('counted', { columns, bins: 12 })
    if (!counts) throw new Error(problems[0].message)
    return counts
  }

  /** Asks the server about the next tasks that only texts can tell. @param {Query} query @returns {Promise<Found | null>} null: nothing is left */
  async check(query) {
    const { ids } = await this.#engine.call('doubtful', { most: CHECK })
    if (!ids.length) return null
    const { tasks } = await api.post(`${this.path}/check`, { query, tasks: ids }, { signal: this.signal })
    return this.#engine.call('decided', { asked: ids, right: tasks })
  }
}
