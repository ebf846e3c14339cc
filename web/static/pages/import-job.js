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
const TABLES = /\.(json|jsonl|ndjson|csv|tsv|txt|parquet)$/i
/** Archives, and files that say what is on others: read by a job, together with all that came with them. */
const BUNDLES = /\.(zip|xml|conll|conll03|iob2?|bio|bioes|ya?ml|names)$/i
/** Folders are full of other files; the server has the last word on these too. @param {string} name */
const readable = (name) => MEDIA.test(name) || TABLES.test(name) || BUNDLES.test(name)

/** Whether files are to be read together: a table may name pictures beside it. @param {string[]} names */
const belong = (names) => names.some((name) => BUNDLES.test(name)) || (names.some((name) => MEDIA.test(name)) && names.some((name) => TABLES.test(name)))

/**
 * @typedef {object} Wish how rows become tasks; members as in the API
 * @property {Record<string, string> | null} mapping column to field; null: as the server guesses
 * @property {string} key field that tells tasks apart; '' for none
 * @property {'skip' | 'update' | 'add'} duplicates
 * @property {'annotations' | 'predictions'} as
 * @property {string} image_root
 */
/**
 * @typedef {{kind: string, columns: string[], rows: Record<string, any>[], fields: string[], shown: string[], mapping: Record<string, string>, tasks: {data: Record<string, any>,
 *   annotations?: unknown[], predictions?: unknown[]}[], refused: Problem[], notes: Problem[], complete: boolean}} Preview
 */
/**
 * @typedef {object} Review files that have arrived and wait for a yes
 * @property {string[]} keys
 * @property {string[]} names
 * @property {Wish} wish
 * @property {Preview | null} preview
 * @property {boolean} looking
 * @property {unknown} error why there is no preview
 */
/** @typedef {{keys: string[], key: string, together: boolean, wish?: Wish}} Lot keys of uploads, and the idempotency key of their import */

/** @returns {Wish} */
const plainWish = () => ({ mapping: null, key: '', duplicates: 'skip', as: 'annotations', image_root: '' })

export class ImportJob extends EventTarget {
  /** Files of the last choice that cannot become tasks. @type {string[]} */ leftOut = []
  /** Tasks made by the last import. */ added = 0
  /** Answers that came along with them. */ answers = 0
  /** @type {Problem[]} */ refused = []
  /** Tasks that were there already, by their key; and those of them that have new data. */ duplicates = 0
  updated = 0
  /** Entries that were refused, of which `refused` has the first ones. */ refusals = 0
  /** Files with rows, looked at before they are imported. @type {Review | null} */ review = null
  /** Why the import stands still; it can go on. @type {unknown} */ error = null
  importing = false
  /** How far the server is with what it reads as a whole, 0 to 1. @type {number | null} */ share = null
  #path
  /** Uploads that wait for their import. @type {Lot[]} */ #lots = []
  /** The job that reads them now. */ #running = 0
  /** Of looks at the files: an older one is dropped. */ #turn = 0

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
    return !this.queue.idle || this.importing || this.#lots.length > 0 || !!this.review
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
      this.added = this.answers = this.duplicates = this.updated = this.refusals = 0
      this.refused = []
    }
    this.queue.add(fit)
    this.#changed()
  }

  /** Look at the first rows, with the wish as it is. */
  async look() {
    const { review } = this
    if (!review) return
    const turn = ++this.#turn
    Object.assign(review, { looking: true, error: null })
    this.#changed()
    const query = new URLSearchParams({ preview: 'true', as: review.wish.as })
    if (review.wish.mapping) query.set('mapping', JSON.stringify(review.wish.mapping))
    if (review.wish.image_root) query.set('image_root', review.wish.image_root)
    try {
      const preview = await api.post(`${this.#path}/import?${query}`, { uploads: review.keys.slice(0, KEYS_PER_JOB) })
      if (turn === this.#turn) {
        review.preview = preview
        const { wish } = review
        const names = preview.columns.map((/** @type {string} */ column) => (wish.mapping ?? preview.mapping)[column] ?? column)
        if (names.length && !names.includes(wish.key)) wish.key = '' // other files, other columns: with a key that no row has all are refused
      }
    } catch (error) {
      if (turn === this.#turn) review.error = error
    }
    if (turn !== this.#turn) return
    review.looking = false
    this.#changed()
  }

  /** Another wish; what shows in the rows is looked at again. @param {Partial<Wish>} change */
  choose(change) {
    if (!this.review) return
    Object.assign(this.review.wish, change)
    if ('mapping' in change || 'as' in change || 'image_root' in change) void this.look()
    this.#changed()
  }

  /** Import what was looked at. */
  confirm() {
    const { review } = this
    if (!review) return
    this.review = null
    this.#turn += 1
    const together = belong(review.names)
    const most = KEYS_PER_JOB
    if (together && review.keys.length > most) this.#tooMany(review.keys.length)
    else for (let i = 0; i < review.keys.length; i += most) this.#lots.push({ keys: review.keys.slice(i, i + most), key: newId() + newId(), together: true, wish: review.wish })
    void this.import()
  }

  /** Leave what was looked at. */
  drop() {
    this.review = null
    this.#turn += 1
    this.#changed()
  }

  /** End the job that reads now: what it has made stays. */
  async stop() {
    this.#lots.length = Math.min(this.#lots.length, 1)
    if (this.#running) await api.post(`/api/jobs/${this.#running}/cancel`, {}).catch(() => {})
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
  async #importLot({ keys, key, together, wish }) {
    try {
      if (together) return await this.#read(keys, key, wish)
      const answer = await api.post(`${this.#path}/import`, { uploads: keys }, { key })
      this.added += answer.task_count
      this.answers += answer.annotation_count ?? 0
      this.#refuse(answer.refused ?? [])
    } catch (error) {
      if (!(error instanceof ApiError) || error.passing || error.status === 401) throw error
      this.#refuse(error.problems)
    }
  }

  /** @param {Problem[]} problems @param {number} [count] of entries, where more were refused than are told */
  #refuse(problems, count) {
    this.refused.push(...problems)
    this.refusals += Math.max(count ?? 0, problems.filter(({ code, severity }) => severity !== 'warning' && code !== 'duplicate').length)
  }

  /** @param {number} count */
  #tooMany(count) {
    this.#refuse([{ code: 'too-many-together', message: `${count} files that belong together are more than one import reads.`, where: `${count} files`, hint: `Pack them into one zip; without one at most ${KEYS_PER_JOB} can be read together.` }])
  }

  /** Has the server read files together, in a job, and waits for it. @param {string[]} keys @param {string} key @param {Wish} [wish] */
  async #read(keys, key, wish) {
    const asked = wish ? { as: wish.as, image_root: wish.image_root, key: wish.key, duplicates: wish.duplicates, ...(wish.mapping ? { mapping: wish.mapping } : {}) } : {}
    let job = await api.post(`${this.#path}/import/jobs`, { uploads: keys, ...asked }, { key })
    this.#running = job.id
    while (job.state === 'queued' || job.state === 'running') {
      this.share = job.progress.total ? job.progress.done / job.progress.total : 0
      this.#changed()
      await new Promise((done) => { setTimeout(done, LOOK_MS) })
      job = await api.get(`/api/jobs/${job.id}`)
    }
    this.share = null
    this.#running = 0
    this.added += job.result?.task_count ?? 0
    this.answers += job.result?.annotation_count ?? 0
    this.updated += job.result?.updated_count ?? 0
    this.duplicates += Math.max((job.result?.duplicate_count ?? 0) - (job.result?.updated_count ?? 0), job.problems.filter((/** @type {Problem} */ { code }) => code === 'duplicate').length)
    this.#refuse(job.problems, job.result?.refused_count)
    if (job.state !== 'done' && !job.problems.length) {
      this.#refuse([{ code: 'import-ended', message: 'The import ended before all was read.', hint: job.state === 'cancelled' ? 'What it had made stays. Import the file again with a key column to add only the rest.' : 'Settings tells how far it came, and goes on with it.' }])
    }
  }

  #moved() {
    if (this.queue.idle) {
      const items = this.queue.take()
      const keys = items.map((item) => item.key)
      const names = items.map(({ name }) => name)
      if (names.some((name) => !MEDIA.test(name))) {
        const before = this.review // what came while the first files were looked at is read with them
        this.review = { keys: [...(before?.keys ?? []), ...keys], names: [...(before?.names ?? []), ...names], wish: before?.wish ?? plainWish(), preview: before?.preview ?? null, looking: false, error: null }
        void this.look()
      } else {
        for (let i = 0; i < keys.length; i += KEYS_PER_IMPORT) this.#lots.push({ keys: keys.slice(i, i + KEYS_PER_IMPORT), key: newId() + newId(), together: false })
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
