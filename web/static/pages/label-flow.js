/** Which task is in hand, what was put aside for a look at another one, what comes next, and why nothing does. */
import { Ahead } from '../app/ahead.js'
import { ApiError, api } from '../app/api.js'
import { keepOpened } from '../app/opened.js'
import { TaskSession } from '../app/task-session.js'
import { t } from '../app/texts.js'

/**
 * @typedef {import('../app/task-session.js').Envelope} Envelope
 * @typedef {import('../app/api.js').Problem} Problem
 * @typedef {import('./label-more.js').Feedback} Feedback
 *
 * @typedef {{project: {id: number, title: string, config_version: number, instructions?: string, skip?: 'others' | 'again' | 'drop' | 'refused', auto_advance?: boolean, show_others?: boolean}, plan: Record<string, any>, paused?: Problem,
 *   person: {id: number, name: string, role: string, may?: string[]}, progress: {mine: number, new: number, working: number, total: number}, next: Envelope | null, away?: boolean}} Work away: the server did not
 *   answer, and this is what the browser kept
 *
 * @typedef {object} Desk what the page gives
 * @property {Work} work
 * @property {import('../app/runtime.js').Engine} engine
 * @property {import('../app/outbox.js').Outbox} outbox
 * @property {AbortSignal} signal
 * @property {() => import('./label-many.js').Many} many
 * @property {(session: TaskSession | null) => boolean} goes whether choosing is sending, so that a task takes a second
 * @property {(item: import('../app/worklog.js').Outgoing) => Promise<boolean>} takeBack opens a task that the server refused
 * @property {(problems: Problem[]) => void} halves adds what is half filled in on the page
 * @property {() => void} count asks for the person's numbers once more
 * @property {(problems: Problem[]) => void} toast
 * @property {(message: import('../elements/kite-toast.js').Message) => void} tell
 * @property {() => void} draw at once
 * @property {() => void} changed draws with the next frame
 */

const AGAIN_MS = 5_000
/** Soon, but not while something is drawn: copying a large task takes a frame. @param {() => void} act */
const whenIdle = (act) => void ('requestIdleCallback' in globalThis ? requestIdleCallback(act, { timeout: 2_000 }) : setTimeout(act, 500))
/** With fewer tasks left than this, one is fetched ahead instead of two: others want some too. */
const PLENTY = 10
/** So many are fetched ahead where a task takes a second. */
const SWIFT = 4

export class Flow {
  /** @type {TaskSession | null} */
  current = null
  /** Where a person comes back to after a look at an earlier task. @type {TaskSession | null} */
  aside = null
  /** @type {'work' | 'grid' | 'lesson' | 'waiting' | 'away' | 'paused' | 'done' | 'elsewhere' | 'failed'} */
  state = 'work'
  failure = ''
  /** A submit or the like is under way: no second one. */
  busy = false
  /** Why no new tasks are given out. @type {Problem | null} */
  paused = null
  /** How right the last answer was, shown before the next task. @type {import('./label-more.js').Lesson | null} */
  lesson = null
  /** Labels that were active last: the next task starts with them. @type {Record<string, string[]> | null} */
  #active = null
  #retry = 0

  /** @param {Desk} desk */
  constructor(desk) {
    const { work, outbox, signal } = desk
    this.desk = desk
    this.done = work.progress.mine
    /** How many may still come; others take some of them. */
    this.left = Math.max(0, Math.min(work.progress.total - work.progress.mine, work.progress.new + work.progress.working))
    this.ahead = new Ahead({
      project: work.project.id, outbox, signal, open: () => [this.current?.task, this.aside?.task], depth: () => this.#depth,
      get: (path) => this.envelope(path), make: (envelope) => this.session(envelope), refused: (error) => this.pauses(error),
    })
    signal.addEventListener('abort', () => {
      this.giveBack()
      clearTimeout(this.#retry)
      for (const session of [this.current, this.aside]) session?.leave()
    })
  }

  get #depth() {
    if (this.paused || (this.state !== 'work' && this.state !== 'lesson')) return 0
    if (this.left < PLENTY) return 1
    return this.desk.goes(this.current) ? SWIFT : 2
  }

  // ---- what is in hand ----------------------------------------------------------------------------------------------

  /** @param {Envelope} envelope */
  session(envelope) {
    const { work, engine, changed, toast } = this.desk
    const session = new TaskSession({ envelope, project: work.project.id, person: work.person.id, plan: work.plan, engine })
    session.addEventListener('view', changed)
    session.addEventListener('checked', (event) => session === this.current && this.desk.halves(/** @type {CustomEvent} */ (event).detail))
    session.addEventListener('problems', (event) => toast(/** @type {CustomEvent} */ (event).detail))
    return session
  }

  /** All that are in hand or fetched ahead. */
  async sessions() {
    return [this.current, this.aside, ...(this.desk.many().grid?.sessions ?? []), ...await this.ahead.all()]
  }

  /**
   * A task to work on, with the plan that it was prepared with: the owner may have changed the config since the last one.
   * @param {string} path @returns {Promise<Envelope | null>}
   */
  async envelope(path) {
    const { work, signal } = this.desk
    const envelope = await api.get(path, { signal })
    if (envelope && envelope.config_version !== work.project.config_version) {
      const { project, plan } = await api.get(`/api/projects/${work.project.id}/work`, { signal })
      Object.assign(work, { project, plan })
    }
    return envelope
  }

  /** @param {TaskSession} session */
  show(session) {
    this.#keepActive()
    this.current?.leave()
    this.current = session
    this.state = 'work'
    this.#endLesson()
    void this.desk.many().drop()
    session.visit()
    if (this.#active) void session.carry(this.#active).catch(() => {})
    this.#keep(session.envelope, session.plan)
    this.desk.draw()
  }

  /** For a reload while the server is away; when there is time. @param {Envelope | null} next @param {Record<string, any>} [plan] that it is of */
  #keep(next, plan = this.desk.work.plan) {
    const { work } = this.desk
    whenIdle(() => void keepOpened({ ...work, plan, progress: { ...work.progress, mine: this.done }, next, away: undefined }))
  }

  async openCurrent() {
    try {
      await this.current?.open()
    } catch (error) {
      if (this.desk.engine.up) this.fail(t('This task could not be opened: {why}', { why: String(error instanceof Error ? error.message : error) }))
    }
  }

  /** Puts the task in hand aside, to come back to it. */
  putAside() {
    if (this.current && this.state === 'work') this.aside ??= this.current
  }

  /** The task in hand was answered in the warm-up: before the next one, how right that was. @param {import('./label-more.js').Lesson} lesson */
  learn(lesson) {
    this.#keepActive()
    this.#keep(null)
    this.lesson = lesson
    this.current = null
    this.state = 'lesson'
    this.ahead.fill()
  }

  /** Many tasks at once from here on: what is in hand goes, what was done of it stays. */
  toGrid() {
    for (const session of [this.current, this.aside, ...this.ahead.drop()]) {
      session?.leave()
      void session?.close().catch(() => {})
    }
    this.current = this.aside = null
    this.#keep(null)
    this.state = 'grid'
  }

  #keepActive() {
    this.#active = this.current?.view.active ?? this.#active
  }

  #endLesson() {
    this.lesson?.close()
    this.lesson = null
  }

  // ---- what comes next ----------------------------------------------------------------------------------------------

  async next() {
    clearTimeout(this.#retry)
    if (this.paused) return this.stop('paused')
    let session = this.ahead.shift() ?? null
    if (!session) {
      this.#keepActive()
      this.current = null
      if (this.state !== 'away') this.state = 'waiting'
      this.#keep(null)
      this.desk.draw()
      try {
        session = await this.ahead.next()
      } catch (error) {
        if (this.pauses(error)) return
        if (!(error instanceof ApiError) || !error.passing) throw error
        this.state = 'away'
        this.#retry = window.setTimeout(() => this.again(), AGAIN_MS)
        this.desk.draw()
        return
      }
      if (this.current || this.desk.signal.aborted) return // something else was opened meanwhile
    }
    if (session) this.show(session)
    else this.stop('done')
    this.ahead.fill()
  }

  /** On to what comes after the task in hand: a refused one first, then what was put aside, then the next. */
  async leaveTask() {
    const [refused] = this.desk.outbox.refused
    if (refused && await this.desk.takeBack(refused)) return
    if (this.aside) {
      const session = this.aside
      this.aside = null
      this.show(session)
    } else await this.next()
    requestAnimationFrame(() => performance.mark('kite-next-usable'))
  }

  /** So many tasks were finished; a negative number: came back. @param {number} n */
  counted(n) {
    this.done += n
    this.left = Math.max(0, this.left - n)
  }

  /** Tasks that nothing was done on are free for others as soon as the page is left. */
  giveBack() {
    // The one in hand last: who has only reloaded the page gets it again, not one that was fetched ahead and is still held.
    this.#free([...this.ahead.drop().reverse(), this.current])
    void this.desk.many().grid?.leave()
  }

  /** @param {(TaskSession | null)[]} sessions */
  #free(sessions) {
    for (const session of sessions) {
      if (session && !session.begun) api.delete(`/api/tasks/${session.task}/lease`, { keepalive: true }).catch(() => {})
    }
  }

  // ---- why nothing comes --------------------------------------------------------------------------------------------

  /** Whether an error says that there are no new tasks for this person, or for nobody, at the moment. @param {unknown} error */
  pauses(error) {
    const problem = error instanceof ApiError && error.problems[0]?.code === 'paused' ? error.problems[0] : null
    if (problem) this.pause(problem)
    return !!problem
  }

  /** A task that is begun may be finished; then there is a break. @param {Problem} problem */
  pause(problem) {
    const told = !!this.paused
    this.paused = problem
    this.#free(this.ahead.drop())
    if (this.state === 'lesson' || (this.current?.begun && this.state === 'work')) {
      if (!told) this.desk.tell({ text: t('After this task there is a break. Finish it as usual: it is taken.'), kind: 'info' })
    } else this.stop('paused')
  }

  /** Is it over? */
  resume() {
    this.paused = null
    this.desk.outbox.now()
    void this.next()
  }

  /** Asks the server again. Submits go first: what comes after them says whether it is there. */
  again() {
    this.desk.outbox.now()
    if (!this.desk.outbox.waiting.length) this.reached()
  }

  /** The server answers, maybe again. @param {{feedback?: Feedback}} [answer] to a submit */
  reached({ feedback } = {}) {
    if (feedback && !this.busy) { // it came too late to be shown over the data
      this.desk.toast([{ code: 'practice', message: feedback.score === null ? t('Practice: this answer has no score.') : t('Practice: your answer was {share} % right.', { share: Math.round(feedback.score * 100) }), hint: feedback.remark }])
    }
    if (this.state === 'away') void this.next()
    else if (this.state === 'done' || this.state === 'paused') this.desk.count()
    else this.ahead.fill()
    this.desk.changed()
  }

  /** @param {string} why */
  fail(why) {
    this.failure = why
    this.stop('failed')
  }

  /** @param {'done' | 'paused' | 'elsewhere' | 'failed'} state */
  stop(state) {
    this.state = state
    this.#endLesson()
    void this.desk.many().drop()
    if (state === 'done' || state === 'paused') {
      this.desk.count()
      this.#keep(null)
    }
    this.current?.leave()
    if (state !== 'failed') this.current = null
    if (state === 'elsewhere') this.ahead.drop() // the other tab works on them
    this.desk.draw()
  }
}
