/**
 * One task in work: the view that is drawn, the intents that wait for Python, and their log in IndexedDB.
 * Nothing here knows a labeling rule; the engine's answers are applied as they come, in order.
 *
 * @typedef {{id: number, annotation: number | null, region: string | null, reply_to: number | null, text: string, person: {id: number, name: string}, created_at: string, resolved: boolean}} Comment
 * @typedef {{task: {id: number, data: Record<string, unknown>, allow_skip?: boolean}, display: Record<string, any>, view: Record<string, any>, result: unknown[],
 *   annotation?: {id: number, version: number}, draft_saved_at?: string, lease?: {token: string, expires_at: string}, media: string[], config_version: number, origin?: 'manual' | 'prediction',
 *   sent_back?: boolean, comments?: Comment[], begun?: boolean, kept?: boolean, suggest?: boolean, prediction?: number, predictions?: {id: number, model_version: string | null, score: number | null}[]}} Envelope sent_back: own work that a reviewer
 *   wants looked at once more; begun: there is work of one's own, even if nothing is in it; kept: not from the server, which knows of no newer draft; suggest: what a prediction says has to be accepted; predictions: all that one may start from, the newest first
 */
import { ownSettings } from '../elements/own-settings.js'
import { ActiveTime } from './active-time.js'
import { applyPatch } from './patch.js'
import { Steps } from './steps.js'
import { appendIntent, dropWork, readWork, startWork, updateWork, workKey } from './worklog.js'

/** Intents that change nothing that would be submitted. */
const LOOKS = new Set(['object_loaded', 'select', 'select_next', 'prefer'])
/** Intents that go back and forth in the history. */
const TRAVELS = new Set(['undo', 'redo'])
/** Which session opened a task in the engine last: that of one that comes back may open before the one that left is closed. @type {Map<string, TaskSession>} */
const latest = new Map()
/** Time without any input that still counts as work. */
const IDLE_AFTER_MS = 60_000

/** Whether a patch tells of any region. @param {Record<string, any>} patch */
const regionsIn = ({ regions, changes }) => [regions, changes].some((some) => some && Object.keys(some).length > 0)

/** Events: `view` after each change; `problems` with detail [Problem] when an intent was refused; `checked` with what is still missing, to be added to. */
export class TaskSession extends EventTarget {
  /** Everything since the base, in order. @type {Record<string, unknown>[]} */
  #log = []
  /** How many of the log Python has been given; -1: not opened there. */
  #given = -1
  /** Ends when all that was logged is in IndexedDB. @type {Promise<unknown>} */
  #written = Promise.resolve()
  /** Labels that are active from the start, as they were in the task before. @type {Record<string, string[]>} */
  #active = {}
  /** Those of the task before, until it is known whether they stay; sent: what had been sent here by then. @type {{active: Record<string, string[]>, sent: number} | null} */
  #carried = null
  /** What they look like until the engine has them. @type {Record<string, unknown>[]} */
  #picks = []
  /** How many intents were sent here, without those taken up. */
  #sent = 0
  /** Ends when the engine has been asked to open it. @type {Promise<unknown> | null} */
  #opening = null
  /** The view has the regions of what the task is opened with: the engine need not tell them. */
  #told = true
  #steps = new Steps()
  #lastInput = 0
  #seconds = 0
  /** Working time without the pauses; the page tells of every sign of life. */
  active = new ActiveTime()

  /**
   * @param {{envelope: Envelope, project: number, person: number, plan: Record<string, any>, engine: import('./runtime.js').Engine}} given
   */
  constructor({ envelope, project, person, plan, engine }) {
    super()
    this.envelope = envelope
    this.plan = plan
    this.engine = engine
    this.key = workKey(person, project, envelope.task.id)
    this.project = project
    this.person = person
    this.view = envelope.view
    /** Intents that Python has not answered yet, oldest first. @type {Record<string, unknown>[]} */
    this.pending = []
    /** How many logged intents the server's draft has. */
    this.synced = 0
    /** What stands between this task and a submit, as last asked. @type {import('./api.js').Problem[]} */
    this.problems = []
    /** The engine said so, and is asked again after each change; else the server did. */
    this.checked = false
  }

  get task() {
    return this.envelope.task.id
  }

  /** Logged intents since the base. */
  get length() {
    return this.#log.length
  }

  /** There is something that the server's draft does not have. */
  get unsynced() {
    return this.#log.slice(this.synced).some((intent) => !LOOKS.has(String(intent.type)))
  }

  /** The answer may differ from the one that was submitted. */
  get touched() {
    return this.unsynced || this.synced > 0 || !!this.envelope.draft_saved_at
  }

  /** Something was done here, now or before. */
  get begun() {
    return this.touched || !!this.envelope.annotation || !!this.envelope.begun
  }

  /** Seconds of active work, idle time cut out. */
  get leadTime() {
    return Math.round(this.#seconds * 10) / 10
  }

  /** Takes up what this browser still has of the task, then hands everything to Python when it is there. */
  open() {
    const early = [...this.#log] // the data may be there before
    this.#written = this.#takeUp().then(() => Promise.all(early.map((intent) => appendIntent(this.key, intent))))
    this.#opening = this.#written.then(() => this.reopen())
    return this.#opening
  }

  /** What the engine has not answered yet, for the eye: with the labels of the task before while they are on their way. */
  get echoed() {
    return this.#picks.length ? [...this.#picks, ...this.pending] : this.pending
  }

  /**
   * Labels stay active from the task before, if nothing had been done here before now. They are seen at once, and what is drawn with
   * them before the engine has them waits for it.
   * @param {Record<string, string[]>} active
   */
  async carry(active) {
    if (this.#log.some((intent) => !LOOKS.has(String(intent.type)))) return
    this.#carried = { active, sent: this.#sent }
    this.#picks = Object.entries(active).flatMap(([control, labels]) => labels.map((label) => ({ type: 'pick_label', control, label, by: 'key' })))
    if (!this.#opening) return // opening takes them
    await this.#opening
    if (!this.#carried) return // the engine was replaced meanwhile, and has them
    if (this.#inherits()) return this.reopen()
    this.dispatchEvent(new Event('view'))
    await this.#flush()
  }

  /** Takes the labels of the task before, where they are wanted. @returns {boolean} whether the engine has to be told */
  #inherits() {
    const carried = this.#carried
    if (!carried) return false
    this.#carried = null
    const before = this.#log.slice(0, this.#log.length - (this.#sent - carried.sent))
    if (before.some((intent) => !LOOKS.has(String(intent.type))) || JSON.stringify(carried.active) === JSON.stringify(this.view.active)) {
      this.#picks = []
      return false
    }
    this.#active = carried.active
    this.#written = this.#written.then(() => updateWork(this.key, { active: carried.active }))
    return true
  }

  async #takeUp() {
    const { annotation = null, draft_saved_at: savedAt = null } = this.envelope
    const baseVersion = JSON.stringify(annotation)
    const kept = await readWork(this.key)
    // What was written here and has not reached the server wins; a draft saved elsewhere since then wins over a copy of an older one.
    if (kept && kept.work.baseVersion === baseVersion && (kept.intents.length > kept.work.syncedIntents || kept.work.draftSavedAt === savedAt || this.envelope.kept)) {
      this.envelope.result = kept.work.base
      this.#told = false
      Object.assign(this.envelope, { begun: undefined, ...kept.work.from }) // as it was when the log began
      this.#active = kept.work.active ?? {}
      this.#log.unshift(.../** @type {Record<string, unknown>[]} */ (kept.intents))
      this.synced = kept.work.syncedIntents
      this.#seconds += kept.work.seconds
      this.active.ms += kept.work.activeMs ?? 0
      this.pending = [...this.#log]
      this.dispatchEvent(new Event('view'))
    } else {
      const { origin, begun, suggest, prediction } = this.envelope
      await startWork({ from: { origin, begun, suggest, prediction }, key: this.key, person: this.person, project: this.project, task: this.task, base: this.envelope.result,
        baseVersion, draftSavedAt: savedAt, syncedIntents: 0, seconds: 0, startedAt: Date.now() })
    }
    this.prefer()
  }

  /** Tells the engine what the person has set, where it is another setting than before: in the log, as what is drawn next depends on it. */
  prefer() {
    const { keep_labels, select_new } = ownSettings()
    const told = this.#log.findLast((intent) => intent.type === 'prefer') ?? { keep_labels: true, select_new: false }
    if (told.keep_labels !== keep_labels || told.select_new !== select_new) void this.send({ type: 'prefer', keep_labels, select_new }).catch(() => {})
  }

  /** Open it in Python from the base and the log: at first, and again when the worker was replaced. */
  async reopen() {
    this.#inherits()
    this.#given = -1
    await this.engine.learn(this.plan)
    latest.set(this.key, this)
    const given = this.#log.length
    const answer = await this.engine.call('open', { session: this.key, sha: this.plan.config_sha256,
      data: this.envelope.task.data, result: this.envelope.result, origin: this.envelope.origin, begun: !!this.envelope.begun,
      settings: { active: this.#active, suggest: !!this.envelope.suggest }, intents: this.#log.slice(0, given), shown: this.#told })
    if (!answer.view && !answer.patch) throw new Error(answer.problems?.[0]?.message ?? 'the engine did not open the task')
    // All answers that there are come with it: the page may show some that were taken back since.
    this.view = answer.view ?? applyPatch({ ...this.view, answers: {} }, answer.patch)
    this.#told &&= !!answer.patch && !regionsIn(answer.patch)
    this.#steps.forget()
    this.#given = given
    this.#picks = []
    this.pending = this.#log.slice(given)
    this.dispatchEvent(new Event('view'))
    performance.mark('kite-opened')
    await this.#flush()
  }

  /** @param {Record<string, unknown>} intent without `at` */
  send(intent) {
    const stamped = { ...intent, at: Date.now() }
    this.#countTime(stamped.at)
    this.#log.push(stamped)
    this.#sent += 1
    this.pending = [...this.pending, stamped]
    if (this.#opening) this.#written = this.#written.then(() => appendIntent(this.key, stamped)) // before that, what is kept would be thrown away as that of an older opening
    this.dispatchEvent(new Event('view'))
    return this.#flush()
  }

  /** Give Python what it has not been given; the worker keeps the order. */
  async #flush() {
    if (this.#given < 0 || this.#carried) return
    const asks = this.#log.slice(this.#given).map((intent) => this.#ask(intent))
    this.#given = this.#log.length
    await Promise.all(asks)
  }

  /** @param {Record<string, unknown>} intent */
  async #ask(intent) {
    if (intent.type === 'object_loaded') this.#steps.forget()
    const known = this.#steps.known()
    const { patch, problems } = await this.engine.call('intent', { session: this.key, intent, steps: TRAVELS.has(String(intent.type)) ? [...known.notes.keys()] : [] })
    if (patch) this.view = this.#steps.apply(this.view, patch, known)
    if (patch && (patch.way || regionsIn(patch))) this.#told = false
    this.pending = this.pending.filter((other) => other !== intent)
    if (this.checked && this.problems.length && !this.pending.length) void this.#recheck()
    const refused = problems ?? patch?.problems
    if (refused?.length) this.dispatchEvent(new CustomEvent('problems', { detail: refused }))
    this.dispatchEvent(new Event('view'))
  }

  /** What was missing may be there now. */
  async #recheck() {
    const { problems } = await this.engine.call('dump', { session: this.key, as: 'problems' })
    if (!problems || !this.checked) return
    this.dispatchEvent(new CustomEvent('checked', { detail: problems })) // the page adds what only it knows
    this.showProblems(problems, true)
  }

  /** Python has the task, with its labels; again after the worker was replaced. */
  async #opened() {
    while (this.#given < 0 || this.#carried) await new Promise((done) => { this.addEventListener('view', done, { once: true }) })
  }

  /** What the engine reads out of the file that stands behind an object's url. @param {string} object @param {string} text */
  content = async (object, text) => {
    await this.#opened()
    const { object: read, problems } = await this.engine.call('content', { session: this.key, object, text })
    return read ?? { problem: problems?.[0] }
  }

  /** Results of regions, to be pasted into another task. @param {string[]} regions @returns {Promise<{rows?: any[], ids?: string[], problems?: import('./api.js').Problem[]}>} */
  copy = (regions) => this.engine.call('copy', { session: this.key, regions })

  /** @param {number} now */
  #countTime(now) {
    if (this.#lastInput) this.#seconds += Math.min(now - this.#lastInput, IDLE_AFTER_MS) / 1000
    this.#lastInput = now
  }

  /**
   * Results as they stand, and what stands between them and a submit.
   * @param {boolean} draft with the suggestions that are undecided
   * @returns {Promise<{result: string, problems: import('./api.js').Problem[], count: number}>} result: the JSON of its rows; count: logged intents they hold
   */
  async dump(draft = false) {
    await this.#written
    await this.engine.ready
    await this.#opened() // who submits as soon as there is something to press may be before that
    const count = this.#log.length
    const { result, problems = [] } = await this.engine.call('dump', { session: this.key, draft, as: 'text' })
    if (!result) throw new Error(problems[0]?.message ?? 'the engine gave no result')
    return { result, problems, count }
  }

  /** The server has everything up to `count` intents. @param {number} count @param {string} savedAt */
  async markSynced(count, savedAt) {
    this.synced = count
    await updateWork(this.key, { syncedIntents: count, draftSavedAt: savedAt, seconds: this.leadTime, activeMs: this.active.ms })
  }

  /** @param {import('./api.js').Problem[]} problems @param {boolean} checked the engine said so */
  showProblems(problems, checked = false) {
    this.problems = problems
    this.checked = checked
    this.dispatchEvent(new Event('view'))
  }

  /** The person looks at it: time counts from here. */
  visit() {
    this.#lastInput = Date.now()
    this.active.start(performance.now())
  }

  leave() {
    if (this.#lastInput) this.#countTime(Date.now())
    this.#lastInput = 0
    this.active.stop(performance.now())
  }

  async close() {
    if (latest.get(this.key) !== this) return
    latest.delete(this.key)
    if (this.#given >= 0 && this.engine.up) await this.engine.call('close', { session: this.key })
  }

  /** Nothing of it is to be kept here. */
  async forget() {
    await this.#written
    await dropWork(this.key)
  }
}
