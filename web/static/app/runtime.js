/**
 * The Python engine in a worker. Calls made before it is there wait in order; a worker that dies or hangs is replaced, and
 * whoever listens for `restart` opens their sessions again.
 *
 * @typedef {{pyscript: string, tiers: Record<string, string>, workers: Record<string, string>}} Runtime
 * @typedef {{sync: {dispatch: (message: string) => Promise<string>}} & Worker} PythonWorker
 */
import { t } from './texts.js'

/** @type {Runtime} */
const runtime = JSON.parse(__RUNTIME__)

/** An answer that takes longer than this means that the worker hangs. Loading is not counted. Much to read takes longer, and a machine
 * that was too slow once is given twice the time: to begin again would not make it faster. */
const HUNG_MS = 10_000
const READS = 100 // letters per millisecond that a slow machine reads at least
/** Loading that takes longer will not end: a file of it did not come. Slow lines have time for some megabytes. */
const LOAD_MS = 180_000
/** Before it is tried again; twice as long each time. */
const PAUSE_MS = 1_000

let missed = 0

export class Engine extends EventTarget {
  /** @type {Promise<PythonWorker> | null} */
  #worker = null
  #restarts = 0
  #lost = false
  /** Plans that the worker has, by their sha. @type {Map<string, Promise<unknown>>} */
  #plans = new Map()

  /** @param {'annotate' | 'author' | 'explore'} tier */
  constructor(tier) {
    super()
    this.tier = tier
    /** Python answers. */
    this.up = false
    /** @type {(text: string) => void} */
    this.onprogress = () => {}
  }

  /** Resolves when Python answers, also where it takes several tries; rejects when it is given up. The first use starts it. */
  get ready() {
    return this.#readied()
  }

  async #readied() {
    while (!this.#lost) {
      try {
        await this.#start()
        return
      } catch {
        // it is tried again
      }
    }
    throw new Error(t('The labeling engine stopped several times. Your work is kept in this browser: reload the page to go on.'))
  }

  #start() {
    if (!this.#worker) {
      const made = this.#loaded(() => this.#worker === made)
      this.#worker = made
    }
    return this.#worker
  }

  /** What cannot be loaded is tried again, after a pause. @param {() => boolean} wanted not replaced meanwhile @returns {Promise<PythonWorker>} */
  async #loaded(wanted) {
    let timer = 0
    const late = new Promise((_, reject) => { timer = window.setTimeout(() => reject(new Error('Python was not loaded in time')), LOAD_MS) })
    try {
      return await /** @type {Promise<PythonWorker>} */ (Promise.race([this.#load(), late]))
    } catch (error) {
      await new Promise((done) => { setTimeout(done, PAUSE_MS * 2 ** this.#restarts) })
      if (wanted()) this.#failed(String(error))
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  /** @returns {Promise<PythonWorker>} */
  async #load() {
    this.onprogress(t('Loading Python …'))
    const asset = (/** @type {string} */ path) => new URL(path, new URL('/assets/', location.href)).href
    // A module that could not be fetched stays so under its address.
    const { PyWorker, hooks } = await import(asset(runtime.pyscript) + (missed ? `?again=${missed}` : '')).catch((error) => {
      missed += 1
      throw error
    })
    // PyScript's own plugins (terminal, editor) hook into every worker by building functions from text, which our
    // content security policy forbids and which an engine without a console does not need.
    for (const name of ['onReady', 'onBeforeRun', 'onBeforeRunAsync', 'onAfterRun', 'onAfterRunAsync']) hooks.worker[name].clear()
    const worker = /** @type {PythonWorker} */ (await PyWorker(asset(runtime.workers[this.tier]), {
      version: asset(runtime.tiers[this.tier]), config: { packages_cache: 'passthrough' },
    }))
    worker.addEventListener('error', (event) => this.#failed(event.message || 'the worker stopped'))
    await worker.sync.dispatch('{"op":"hello"}')
    this.up = true
    this.onprogress('')
    performance.mark(`kite-python-${this.tier}`)
    this.dispatchEvent(new Event('up'))
    return worker
  }

  /**
   * @param {string} op
   * @param {Record<string, unknown>} [members]
   * @returns {Promise<any>} the answer; it may have `problems`
   */
  async call(op, members = {}) {
    const asked = this.#start()
    const worker = await asked
    const message = JSON.stringify({ op, ...members })
    const limit = HUNG_MS * 2 ** this.#restarts + message.length / READS
    let timer = 0
    const hung = new Promise((_, reject) => {
      timer = window.setTimeout(() => reject(new Error(`Python did not answer "${op}" in ${Math.round(limit / 1000)} s`)), limit)
    })
    try {
      return JSON.parse(/** @type {string} */ (await Promise.race([worker.sync.dispatch(message), hung])))
    } catch (error) {
      if (this.#worker === asked) this.#failed(String(error)) // of several that a dead worker leaves without an answer, the first begins a new one
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  /** Gives the worker a plan, once: one with a large tree takes a while. @param {Record<string, any>} plan */
  async learn(plan) {
    const sha = String(plan.config_sha256)
    const told = this.#plans.get(sha) ?? this.call('plan', { plan })
    this.#plans.set(sha, told)
    await told.catch((error) => {
      this.#plans.delete(sha)
      throw error
    })
  }

  /** @param {string} reason */
  #failed(reason) {
    const dead = this.#worker
    if (!dead) return
    this.#worker = null
    this.#plans.clear()
    this.up = false
    console.error('labelkite: the Python worker is restarted:', reason)
    dead.then((worker) => worker.terminate(), () => {})
    if (this.#restarts++ > 5) {
      this.#lost = true
      this.dispatchEvent(new CustomEvent('lost', { detail: reason }))
      return
    }
    this.dispatchEvent(new CustomEvent('restart', { detail: reason }))
  }
}

/** @type {Engine | undefined} */
let annotate
/** @type {Engine | undefined} */
let author

/** The engine of the labeling page: no compiler in it. */
export function annotateEngine() {
  annotate ??= new Engine('annotate')
  return annotate
}

/** The engine with the compiler: the config editor's. */
export function authorEngine() {
  author ??= new Engine('author')
  return author
}
