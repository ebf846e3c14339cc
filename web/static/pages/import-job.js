/**
 * One project's import: an upload queue, the making of tasks from what has arrived, and the report of both. It belongs to
 * the visit, not to a page, so looking at another tab does not stop it. Dispatches `change`, and `imported` after new tasks.
 */
import { ApiError, api } from '../app/api.js'
import { newId } from '../app/ids.js'
import { UploadQueue, UploadRefused } from './upload-queue.js'

/** @typedef {{code: string, message: string, where?: string, hint?: string, severity?: string}} Problem severity: 'warning' where nothing was refused */

const KEYS_PER_IMPORT = 100
/** The most that one job takes. */
const KEYS_PER_JOB = 1000
const LOOK_MS = 700
const MEDIA = /\.(jpe?g|png|gif|webp|bmp|avif|tiff?|dcm|wav|mp3|m4a|og[ga]|opus|flac|mp4|webm|mov|pdf)$/i
const TABLES = /\.(json|jsonl|ndjson|csv|tsv|txt)$/i
/** Archives, and files that say what is on others: read by a job, together with all that came with them. */
const BUNDLES = /\.(zip|xml|conll|conll03|iob2?|bio|bioes|ya?ml|names)$/i
/** Folders are full of other files; the server has the last word on these too. @param {string} name */
const readable = (name) => MEDIA.test(name) || TABLES.test(name) || BUNDLES.test(name)

/** Whether files are to be read together: a table may name pictures beside it. @param {string[]} names */
const belong = (names) => names.some((name) => BUNDLES.test(name)) || (names.some((name) => MEDIA.test(name)) && names.some((name) => TABLES.test(name)))

/** @typedef {{keys: string[], key: string, together: boolean}} Lot keys of uploads, and the idempotency key of their import */

export class ImportJob extends EventTarget {
  /** Files of the last choice that cannot become tasks. @type {string[]} */ leftOut = []
  /** Tasks made by the last import. */ added = 0
  /** Answers that came along with them. */ answers = 0
  /** @type {Problem[]} */ refused = []
  /** Why the import stands still; it can go on. @type {unknown} */ error = null
  importing = false
  /** How far the server is with what it reads as a whole, 0 to 1. @type {number | null} */ share = null
  #path
  /** Uploads that wait for their import. @type {Lot[]} */ #lots = []

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
    const fit = files.filter(({ name }) => readable(name))
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
   * @param {Lot} lot
   */
  async #importLot({ keys, key, together }) {
    try {
      if (together) return await this.#read(keys, key)
      const answer = await api.post(`${this.#path}/import`, { uploads: keys }, { key })
      this.added += answer.task_count
      this.answers += answer.annotation_count ?? 0
      this.refused.push(...(answer.refused ?? []))
    } catch (error) {
      if (!(error instanceof ApiError) || error.passing || error.status === 401) throw error
      this.refused.push(...error.problems)
    }
  }

  /** Has the server read files together, in a job, and waits for it. @param {string[]} keys @param {string} key */
  async #read(keys, key) {
    let job = await api.post(`${this.#path}/import/jobs`, { uploads: keys }, { key })
    while (job.state === 'queued' || job.state === 'running') {
      this.share = job.progress.total ? job.progress.done / job.progress.total : 0
      this.#changed()
      await new Promise((done) => { setTimeout(done, LOOK_MS) })
      job = await api.get(`/api/jobs/${job.id}`)
    }
    this.share = null
    this.added += job.result?.task_count ?? 0
    this.answers += job.result?.annotation_count ?? 0
    this.refused.push(...job.problems)
    if (job.state !== 'done' && !job.problems.length) {
      this.refused.push({ code: 'import-ended', message: 'The import ended before all was read.', hint: 'Settings tells how far it came, and goes on with it.' })
    }
  }

  #moved() {
    if (this.queue.idle) {
      const items = this.queue.take()
      const keys = items.map((item) => item.key)
      const together = belong(items.map(({ name }) => name))
      const most = together ? KEYS_PER_JOB : KEYS_PER_IMPORT
      if (together && keys.length > most) {
        this.refused.push({ code: 'too-many-together', message: `${keys.length} files that belong together are more than one import reads.`, where: `${keys.length} files`, hint: `Pack them into one zip; without one at most ${KEYS_PER_JOB} can be read together.` })
      } else {
        for (let i = 0; i < keys.length; i += most) this.#lots.push({ keys: keys.slice(i, i + most), key: newId() + newId(), together })
        if (keys.length) void this.import()
      }
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
