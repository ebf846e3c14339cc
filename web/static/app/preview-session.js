/**
 * A labeling session on the author engine, for the live preview: nothing of it is ever saved.
 *
 * Holds what `<kite-surface>` draws (plan, display, view, pending) and the result JSON. Work done in the preview survives
 * edits of the config that leave its objects and controls alone (a colour, a text, one more label).
 */
import { newId } from './ids.js'
import { applyPatch } from './patch.js'

/** @typedef {{code?: string, message: string, where?: string, hint?: string}} Problem */
/** @typedef {{call: (op: string, members: Record<string, unknown>) => Promise<any>}} Engine */

const DUMP_AFTER_MS = 120

export class PreviewSession extends EventTarget {
  /** @type {any} */ plan = null
  /** @type {any} */ display = null
  /** @type {any} */ view = null
  /** Intents that the engine has not answered yet, oldest first. @type {any[]} */ pending = []
  /** The result JSON as it would be submitted. @type {unknown[]} */ result = []
  /** What would stand between an annotator and Submit. @type {Problem[]} */ problems = []
  /** Why nothing can be shown. @type {Problem[]} */ refused = []

  #engine
  #session = ''
  #data = ''
  #load = 0
  /** What was done while something is being loaded: it is done again in what comes. @type {Record<string, unknown>[] | null} */ #late = null
  #dumpTimer = 0

  /** @param {Engine} engine */
  constructor(engine) {
    super()
    this.#engine = engine
  }

  /**
   * Show a plan with a task's data. Calls that are overtaken by a newer one change nothing.
   * @param {any} plan @param {Record<string, unknown>} data
   * @param {{known?: boolean, result?: unknown[]}} [options] known: this engine compiled the plan and has it; result: what to begin with
   * @returns {Promise<void>}
   */
  async load(plan, data, { known = false, result: begin } = {}) {
    const turn = ++this.#load
    const keep = this.view && sameWork(plan, this.plan) && JSON.stringify(data) === this.#data
    const session = newId()
    const { sha, problems: unplanned } = known ? { sha: plan.config_sha256 } : await this.#engine.call('plan', { plan })
    if (turn !== this.#load) return
    if (!sha) return this.#refuse(unplanned ?? [])
    this.#late = []
    const result = begin ?? (keep ? await this.#asItIs() : [])
    const [shown, opened] = await Promise.all([
      this.#engine.call('display', { sha, data }),
      this.#engine.call('open', { session, sha, data, result, intents: [] }),
    ])
    if (turn !== this.#load) return this.#forget(session)
    if (!shown.display || !opened.view) {
      const problems = shown.problems ?? opened.problems ?? []
      // The worker was replaced since the plan was compiled: it does not know the plan any more.
      if (known && problems[0]?.code === 'unknown-plan') return this.load(plan, data, { result: begin })
      return this.#refuse(problems)
    }
    const [old, late] = [this.#session, (keep && this.#late) || []]
    this.#late = null
    this.#session = session
    this.#data = JSON.stringify(data)
    this.plan = plan
    this.display = shown.display
    this.view = opened.view
    this.pending = []
    this.refused = []
    this.#changed()
    if (old) this.#forget(old)
    void this.dump().catch(() => {})
    for (const intent of late) void this.send(intent).catch(() => {}) // an engine that is gone has said so
  }

  /** The newest result, which the one that is shown may be behind. @returns {Promise<unknown[]>} */
  async #asItIs() {
    const { result } = this.#session ? await this.#engine.call('dump', { session: this.#session }) : this
    return result ?? this.result
  }

  /**
   * Take an intent of the surface: stamp it, echo it, ask the engine, apply its patch.
   * @param {Record<string, unknown>} detail an intent without `at`
   */
  async send(detail) {
    const session = this.#session
    if (!session) return
    const intent = { ...detail, at: Date.now() }
    this.#late?.push(detail)
    this.pending = [...this.pending, intent]
    this.#changed()
    const { patch, problems } = await this.#engine.call('intent', { session, intent })
    if (session !== this.#session) return
    this.pending = this.pending.filter((one) => one !== intent)
    if (patch) this.view = applyPatch(this.view, patch)
    else if (problems) this.view = { ...this.view, problems }
    this.#changed()
    clearTimeout(this.#dumpTimer)
    this.#dumpTimer = window.setTimeout(() => this.dump().catch(() => {}), DUMP_AFTER_MS)
  }

  /** What the engine reads out of the file that stands behind an object's url. @param {string} object @param {string} text */
  content = async (object, text) => {
    const { object: read, problems } = await this.#engine.call('content', { session: this.#session, object, text })
    return read ?? { problem: problems?.[0] }
  }

  /** A worker that is gone has forgotten by itself. @param {string} session */
  #forget(session) {
    this.#engine.call('close', { session }).catch(() => {})
  }

  close() {
    this.#load += 1
    clearTimeout(this.#dumpTimer)
    if (this.#session) this.#forget(this.#session)
    this.#session = ''
  }

  /** Brings `result` and `problems` up to date. */
  async dump() {
    const session = this.#session
    if (!session) return
    const { result, problems } = await this.#engine.call('dump', { session })
    if (session !== this.#session || !result) return
    this.result = result
    this.problems = problems ?? []
    this.#changed()
  }

  /** @param {Problem[]} problems */
  #refuse(problems) {
    this.refused = problems
    this.#changed()
  }

  #changed() {
    this.dispatchEvent(new Event('change'))
  }
}

/**
 * Whether answers given under one plan are answers under the other: same objects, same controls.
 * @param {any} a @param {any} b
 */
function sameWork(a, b) {
  if (!a || !b) return false
  const frame = (/** @type {any} */ plan) =>
    JSON.stringify([
      plan.objects.map((/** @type {any} */ o) => [o.name, o.type]),
      plan.controls.map((/** @type {any} */ c) => [c.name, c.type, c.to]),
    ])
  return frame(a) === frame(b)
}
