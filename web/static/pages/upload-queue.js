/**
 * Files on their way to the bucket: five at a time, straight to presigned addresses, with progress, pause and retry.
 *
 * It knows nothing of projects: whoever makes it hands in how to presign. It dispatches `change` whenever something to
 * show has changed, at most once per frame.
 */

/** @typedef {{key: string, url: string, method: string, fields?: Record<string, string>, headers?: Record<string, string>}} Presigned */
/** @typedef {{name: string, size: number, type: string}} Wanted */
/** @typedef {"waiting" | "sending" | "done" | "failed" | "cancelled"} UploadState */
/**
 * @typedef {object} Upload
 * @property {number} id
 * @property {string} name path inside the dropped folder, or the file's name
 * @property {File} file
 * @property {number} sent bytes
 * @property {UploadState} state
 * @property {string} problem why it failed, in words
 * @property {string} key of the object, once it is there
 * @property {boolean} taken the key has been handed out by `take`
 */

/** A browser opens six connections to one server: one is left for what the page asks meanwhile. */
const PARALLEL = 5
/** Addresses are asked for in small lots, just before use: a long pause must not let thousands of them expire. */
const PRESIGN_LOT = 100
const PRESIGN_LOT_BYTES = 64e6
/** The next lot is asked for while so many addresses are left. */
const PRESIGN_AHEAD = 30
const PRESIGNED_FOR_MS = 5 * 60_000
const TRIES = 3
const FIRST_WAIT_MS = 400
/** Of many files what is shown changes less often than every frame. */
const MANY = 200
const TOLD_EVERY_MS = 120

export class UploadRefused extends Error {
  /** @param {string} message @param {boolean} again whether another try may help */
  constructor(message, again) {
    super(message)
    this.again = again
  }
}

export class UploadQueue extends EventTarget {
  /** @type {Upload[]} */ items = []
  paused = false

  #nextId = 1
  /** @type {Map<Upload, AbortController>} */ #running = new Map()
  /** @type {Map<Upload, {presigned: Presigned, at: number}>} */ #presigned = new Map()
  /** @type {Promise<void> | null} */ #asking = null
  #frame = 0
  #told = 0
  /** Before this place nothing waits. */ #from = 0
  #presign

  /** @param {(wanted: Wanted[]) => Promise<Presigned[]>} presign one address per file, or a throw that says which is refused */
  constructor(presign) {
    super()
    this.#presign = presign
  }

  /** @param {{name: string, file: File}[]} files */
  add(files) {
    for (const { name, file } of files) {
      this.items.push({ id: this.#nextId++, name, file, sent: 0, state: 'waiting', problem: '', key: '', taken: false })
    }
    this.#pump()
  }

  get totals() {
    const totals = { files: 0, bytes: 0, sent: 0, waiting: 0, sending: 0, done: 0, failed: 0 }
    for (const item of this.items) {
      if (item.state === 'cancelled') continue
      totals.files += 1
      totals.bytes += item.file.size
      totals.sent += item.state === 'done' ? item.file.size : item.sent
      totals[item.state] += 1
    }
    return totals
  }

  /** Nothing is being sent and nothing waits. */
  get idle() {
    return this.items.every((item) => item.state !== 'waiting' && item.state !== 'sending')
  }

  /** Stop sending; files on their way start over when it goes on, since a presigned upload cannot be continued. */
  pause() {
    this.paused = true
    this.#from = 0
    for (const [item, abort] of this.#running) {
      item.state = 'waiting'
      item.sent = 0
      abort.abort()
    }
    this.#tell()
  }

  resume() {
    this.paused = false
    this.#pump()
  }

  /** @param {Upload} [only] this one, else all that are not there yet */
  cancel(only) {
    for (const item of only ? [only] : this.items) {
      if (item.state === 'done') continue
      item.state = 'cancelled'
      this.#running.get(item)?.abort()
      this.#presigned.delete(item)
    }
    this.#pump()
  }

  /** @param {Upload} [only] this one, else all that failed */
  retry(only) {
    for (const item of only ? [only] : this.items) {
      if (item.state !== 'failed') continue
      Object.assign(item, { state: 'waiting', sent: 0, problem: '' })
    }
    this.#from = 0
    this.#pump()
  }

  /** Keys of files that have arrived since the last call, oldest first. @returns {Upload[]} */
  take() {
    const fresh = this.items.filter((item) => item.state === 'done' && !item.taken)
    for (const item of fresh) item.taken = true
    return fresh
  }

  /** Forget what is over: done and cancelled files. */
  clear() {
    this.items = this.items.filter((item) => item.state !== 'done' && item.state !== 'cancelled')
    this.#from = 0
    this.#tell()
  }

  #pump() {
    while (!this.paused && this.#running.size < PARALLEL) {
      const item = this.#next()
      if (!item) break
      const abort = new AbortController()
      item.state = 'sending'
      this.#running.set(item, abort)
      void this.#send(item, abort.signal).finally(() => {
        this.#running.delete(item)
        this.#pump()
      })
    }
    this.#tell()
  }

  /** The first that waits; one that was paused a moment ago may still be on its way out. */
  #next() {
    let held = false
    for (let i = this.#from; i < this.items.length; i += 1) {
      const item = this.items[i]
      if (item.state === 'waiting' && !this.#running.has(item)) return item
      held ||= item.state === 'waiting'
      if (!held && i === this.#from) this.#from += 1
    }
    return null
  }

  /** @param {Upload} item @param {AbortSignal} signal */
  async #send(item, signal) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const presigned = await this.#address(item)
        if (signal.aborted) return
        await transfer(presigned, item.file, signal, (sent) => {
          item.sent = sent
          this.#tell()
        })
        Object.assign(item, { state: 'done', sent: item.file.size, key: presigned.key })
        this.#presigned.delete(item)
        return
      } catch (error) {
        if (signal.aborted) return
        this.#presigned.delete(item)
        item.sent = 0
        const refused = error instanceof UploadRefused ? error : new UploadRefused(String(error), false)
        if (!refused.again || attempt >= TRIES) {
          Object.assign(item, { state: 'failed', problem: refused.message })
          return
        }
        await pauseFor(FIRST_WAIT_MS * 4 ** (attempt - 1), signal)
        if (signal.aborted) return
      }
    }
  }

  /** @param {Upload} item @returns {Promise<Presigned>} */
  async #address(item) {
    for (;;) {
      const known = this.#presigned.get(item)
      if (known && Date.now() - known.at < PRESIGNED_FOR_MS) {
        if (this.#presigned.size < PRESIGN_AHEAD && !this.#asking) this.#ahead()
        return known.presigned
      }
      if (!this.#asking) break
      await this.#asking
    }
    const lot = this.#lot(item)
    const asking = this.#ask(lot)
    this.#asking = asking.then(
      () => {},
      () => {},
    )
    try {
      await asking
    } catch (error) {
      // One bad file (too large, wrong kind) refuses the whole lot: ask for this one alone, so that only it is refused.
      if (lot.length === 1 || (error instanceof UploadRefused && error.again)) throw error
      await this.#ask([item])
    } finally {
      this.#asking = null
    }
    const fresh = this.#presigned.get(item)
    if (!fresh) throw new UploadRefused('The server gave no address for this file.', true)
    return fresh.presigned
  }

  /** Files without an address that will be sent soon. @param {Upload} [first] */
  #lot(first) {
    const lot = first ? [first] : []
    let bytes = first?.file.size ?? 0
    for (let i = this.#from; i < this.items.length && lot.length < PRESIGN_LOT && bytes < PRESIGN_LOT_BYTES; i += 1) {
      const one = this.items[i]
      if (one === first || one.state !== 'waiting' || this.#presigned.has(one)) continue
      lot.push(one)
      bytes += one.file.size
    }
    return lot
  }

  /** The next addresses, while files are on their way. Whatever fails is asked for again when it is needed. */
  #ahead() {
    const lot = this.#lot()
    if (!lot.length) return
    const asking = this.#ask(lot).catch(() => {}).finally(() => {
      if (this.#asking === asking) this.#asking = null
    })
    this.#asking = asking
  }

  /** @param {Upload[]} lot */
  async #ask(lot) {
    const answers = await this.#presign(
      lot.map(({ name, file }) => ({ name, size: file.size, type: file.type || 'application/octet-stream' })),
    )
    lot.forEach((one, i) => {
      const presigned = answers[i]
      if (presigned) this.#presigned.set(one, { presigned, at: Date.now() })
    })
  }

  #tell() {
    if (this.#frame) return
    const show = () => {
      this.#frame = 0
      this.#told = performance.now()
      this.dispatchEvent(new Event('change'))
    }
    const wait = this.items.length > MANY ? this.#told + TOLD_EVERY_MS - performance.now() : 0
    this.#frame = wait > 0 ? Number(setTimeout(show, wait)) : requestAnimationFrame(show)
  }
}

/**
 * One file to one address. XMLHttpRequest, because fetch reports no upload progress.
 * @param {Presigned} to @param {File} file @param {AbortSignal} signal @param {(sent: number) => void} progress
 * @returns {Promise<void>}
 */
export function transfer(to, file, signal, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const abort = () => request.abort()
    signal.addEventListener('abort', abort, { once: true })
    request.upload.onprogress = (event) => progress(Math.min(event.loaded, file.size))
    request.onloadend = () => signal.removeEventListener('abort', abort)
    request.onabort = () => reject(new UploadRefused('Stopped.', false))
    request.onerror = () => reject(new UploadRefused('The connection broke before the file had arrived.', true))
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve()
      else reject(refusal(request.status, request.responseText))
    }
    request.open(to.method, to.url)
    for (const [name, value] of Object.entries(to.headers ?? {})) request.setRequestHeader(name, value)
    if (to.method.toUpperCase() === 'POST') {
      const form = new FormData()
      for (const [name, value] of Object.entries(to.fields ?? {})) form.append(name, value)
      form.append('file', file); // S3 reads nothing after the file, so it goes last
      request.send(form)
    } else {
      request.send(file)
    }
  })
}

/** @param {number} status @param {string} body @returns {UploadRefused} */
function refusal(status, body) {
  let said = ''
  try {
    const problem = JSON.parse(body).problems?.[0]
    if (problem) said = [problem.message, problem.hint].filter(Boolean).join(' ')
  } catch {
    // Buckets answer with XML; their words are for engineers, ours are below.
  }
  if (status === 413) return new UploadRefused(said || 'This file is larger than the store takes.', false)
  if (status === 507) return new UploadRefused(said || "The server's disk is full. Make room, then retry.", false)
  if (status === 403) return new UploadRefused(said || 'The upload address has expired or does not fit this file.', true)
  return new UploadRefused(said || `The store did not take the file (answer ${status}).`, status >= 500 || status === 429)
}

/** @param {number} ms @param {AbortSignal} signal @returns {Promise<void>} */
function pauseFor(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    function done() {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done)
  })
}

/**
 * All files in what was dropped, folders opened to any depth.
 * @param {DataTransfer} dropped @returns {Promise<{name: string, file: File}[]>}
 */
export async function filesOf(dropped) {
  const entries = [...dropped.items].map((item) => (item.kind === 'file' ? item.webkitGetAsEntry() : null))
  const plain = [...dropped.files]
  if (!entries.some((entry) => entry?.isDirectory)) return plain.map((file) => ({ name: file.name, file }))
  /** @type {{name: string, file: File}[]} */
  const found = []
  for (const entry of entries) if (entry) await walk(entry, found)
  return found
}

/** @param {FileSystemEntry} entry @param {{name: string, file: File}[]} found @returns {Promise<void>} */
async function walk(entry, found) {
  const name = entry.fullPath.replace(/^\//, '')
  if (entry.isFile) {
    /** @type {File} */
    const file = await new Promise((resolve, reject) =>
      /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject),
    )
    found.push({ name, file })
    return
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader()
  for (;;) {
    // A reader gives at most 100 entries at a time and an empty list at the end.
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) return
    for (const one of some.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))) await walk(one, found)
  }
}
