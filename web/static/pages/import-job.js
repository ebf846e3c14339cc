/**
 * One project's import: an upload queue, the making of tasks from what has arrived, and the report of both. It belongs to
 * the visit, not to a page, so looking at another tab does not stop it. Dispatches `change`, and `imported` after new tasks.
 */
import { ApiError, api } from '../app/api.js'
import { newId } from '../app/ids.js'
import { UploadQueue, UploadRefused } from './upload-queue.js'

/** @typedef {{code: string, message: string, where?: string, hint?: string}} Problem */

const KEYS_PER_IMPORT = 100
/** Folders are full of other files; the server has the last word on these too. */
const READABLE = /\.(jpe?g|png|gif|webp|bmp|avif|wav|mp3|m4a|og[ga]|opus|flac|mp4|webm|mov|pdf|json|jsonl|ndjson|csv|tsv|txt)$/i

export class ImportJob extends EventTarget {
  /** Files of the last choice that cannot become tasks. @type {string[]} */ leftOut = []
  /** Tasks made by the last import. */ added = 0
  /** Answers that came along with them. */ answers = 0
  /** @type {Problem[]} */ refused = []
  /** Why the import stands still; it can go on. @type {unknown} */ error = null
  importing = false
  #path
  /** Lots of uploads that wait for their import, each with its idempotency key. @type {{keys: string[], key: string}[]} */ #lots = []

  /** @param {string} path of the project in the API */
  constructor(path) {
    super()
    this.#path = path
    this.queue = new UploadQueue((wanted) => this.#presign(wanted))
    this.queue.addEventListener('change', () => this.#moved())
    addEventListener('beforeunload', (event) => {
      if (this.busy) event.preventDefault()
    })
  }

  /** Leaving the site now would lose something. */
  get busy() {
    return !this.queue.idle || this.importing || this.#lots.length > 0
  }

  /** Files that have arrived and are no tasks yet. */
  get left() {
    return this.#lots.reduce((sum, lot) => sum + lot.keys.length, 0)
  }

  /** @param {{name: string, file: File}[]} files */
  take(files) {
    const fit = files.filter(({ name }) => READABLE.test(name))
    this.leftOut = files.filter((one) => !fit.includes(one)).map(({ name }) => name)
    if (!this.busy) {
      this.queue.clear()
      this.added = this.answers = 0
      this.refused = []
    }
    this.queue.add(fit)
    this.#changed()
  }

  /** Go on after an `error`. */
  async import() {
    if (this.importing) return
    this.importing = true
    this.error = null
    const before = this.added
    try {
      for (let lot = this.#lots[0]; lot; lot = this.#lots[0]) {
        this.#changed()
        await this.#importLot(lot)
        this.#lots.shift()
      }
    } catch (error) {
      this.error = error
    } finally {
      this.importing = false
    }
    this.#changed()
    if (this.added > before) this.dispatchEvent(new Event('imported'))
  }

  /**
   * A refusal is final and has its reasons. What passes (server away, disk full) is thrown and tried again later under the
   * same key, so that nothing is added twice.
   * @param {{keys: string[], key: string}} lot
   */
  async #importLot({ keys, key }) {
    try {
      const answer = await api.post(`${this.#path}/import`, { uploads: keys }, { key })
      this.added += answer.task_count
      this.answers += answer.annotation_count ?? 0
      this.refused.push(...(answer.refused ?? []))
    } catch (error) {
      if (!(error instanceof ApiError) || error.passing || error.status === 401) throw error
      this.refused.push(...error.problems)
    }
  }

  #moved() {
    if (this.queue.idle) {
      const keys = this.queue.take().map((item) => item.key)
      for (let i = 0; i < keys.length; i += KEYS_PER_IMPORT) this.#lots.push({ keys: keys.slice(i, i + KEYS_PER_IMPORT), key: newId() + newId() })
      if (keys.length) void this.import()
    }
    this.#changed()
  }

  /** @param {import('./upload-queue.js').Wanted[]} wanted @returns {Promise<import('./upload-queue.js').Presigned[]>} */
  async #presign(wanted) {
    try {
      return await api.post(`${this.#path}/uploads`, wanted)
    } catch (error) {
      if (error instanceof ApiError) throw new UploadRefused(error.message, error.passing)
      throw error
    }
  }

  #changed() {
    this.dispatchEvent(new Event('change'))
  }
}

/** @type {Map<string, ImportJob>} */
const jobs = new Map()

/** The import of a project, the same one all through the visit. @param {string} project */
export function importJob(project) {
  let job = jobs.get(project)
  if (!job) jobs.set(project, job = new ImportJob(`/api/projects/${project}`))
  return job
}
