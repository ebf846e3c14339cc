// The labeling page: one task after the other. The surface draws, the session keeps, the outbox sends; this page only leads
// from one to the next, so that the next task is there when Submit is pressed.
import { html, nothing, render } from 'lit'
import { Ahead } from '../app/ahead.js'
import { ApiError, api } from '../app/api.js'
import { DraftSaver } from '../app/draft-saver.js'
import { Idle } from '../app/idle.js'
import { navigate } from '../app/router.js'
import { annotateEngine } from '../app/runtime.js'
import { Outbox } from '../app/outbox.js'
import { outgoing } from '../app/outgoing.js'
import { tabLock } from '../app/tab-lock.js'
import { TaskSession } from '../app/task-session.js'
import { t, told } from '../app/texts.js'
import { isTyping } from '../elements/keys.js'
import '../elements/surface.js'
import { openSettings } from '../elements/surface-dialogs.js'
import { Advance, HOLD_MS, soleQuestion } from './label-advance.js'
import { settingsChanged } from '../elements/own-settings.js'
import { pageCommands } from './label-commands.js'
import { Earlier } from './label-earlier.js'
import { Many } from './label-many.js'
import { hints } from './label-hints.js'
import { LabelInstructions } from './label-instructions.js'
import { LabelPrefs } from './label-prefs.js'
import { Repeat } from './label-repeat.js'
import { actions, message, mineDialog, problemBar, savedState, sentLine, topBar } from './label-view.js'
import { sentence } from './words.js'

/** @type {object[]} */
const NO_LAYERS = []
/** A first task whose media take longer is opened in Python without them. */
const MEDIA_FIRST_MS = 1_500
const AGAIN_MS = 5_000
/** With fewer tasks left than this, one is fetched ahead instead of two: others want some too. */
const PLENTY = 10
/** So many are fetched ahead where a task takes a second. */
const SWIFT = 4
/** How long the feedback of the warm-up is waited for before the next task opens without it. */
const FEEDBACK_MS = 8_000
/** What is a sign of life for the working time. */
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel']

/**
 * @typedef {{project: {id: number, title: string, config_version: number, instructions?: string, skip?: 'others' | 'again' | 'drop' | 'refused', auto_advance?: boolean, show_others?: boolean}, plan: Record<string, any>, paused?: import('../app/api.js').Problem,
 *   person: {id: number, name: string, role: string, may?: string[]}, progress: {mine: number, new: number, working: number, total: number}, next: import('../app/task-session.js').Envelope | null}} Work
 */

/** @param {HTMLElement} root @param {Record<string, string>} params @param {AbortSignal} signal */
export async function open(root, params, signal) {
  /** @type {Work} */
  const work = await api.get(`/api/projects/${params.id}/work`, { signal })
  if (signal.aborted) return
  await new LabelPage(root, work, signal).start()
}

/** Dialogs that are fetched when they are first opened, which may be offline. */
const prefetch = () => Promise.all([import('./label-outbox.js'), import('../elements/kite-palette.js'), import('../elements/kite-keymap.js'), import('../elements/kite-settings.js')])

class LabelPage {
  /** @type {TaskSession | null} */
  #current = null
  /** Where a person comes back to after a look at an earlier task. @type {TaskSession | null} */
  #aside = null
  /** @type {'work' | 'grid' | 'lesson' | 'waiting' | 'away' | 'paused' | 'done' | 'elsewhere' | 'failed'} */
  #state = 'work'
  #failure = ''
  #busy = false
  /** What a submit was stopped for, by task: a warning stops one submit only. @type {WeakMap<TaskSession, Set<string>>} */
  #warned = new WeakMap()
  /** Labels that were active last: the next task starts with them. @type {Record<string, string[]> | null} */
  #active = null
  #retry = 0
  #frame = 0
  /** Feedback, comments, messages, numbers; null until their module is here. @type {import('./label-more.js').LabelMore | null} */
  #more = null
  /** How right the last answer was, shown before the next task. @type {import('./label-more.js').Lesson | null} */
  #lesson = null
  /** Why no new tasks are given out. @type {import('../app/api.js').Problem | null} */
  #paused = null
  /** The comments are open. */
  #talk = false
  /** Others' answers to a task of one's own. @type {import('./label-others.js').Others | null} */
  #others = null

  /** What can be done on a task beside what its surface does. @type {readonly import('../elements/commands.js').Command[]} */
  #commands = [
    { id: 'task.same', does: 'The same answers as the task before', keys: 'alt+s', group: 'Edit', run: () => this.#same(false) },
    { id: 'task.same-all', does: 'The same answers and regions as the task before', keys: 'alt+shift+s', group: 'Edit', run: () => this.#same(true) },
    ...pageCommands({
      submit: () => void this.#submit(), skip: () => this.#skip(), later: () => void this.#postpone(), back: () => void this.#back(), comments: () => this.#chat(), instructions: () => this.instructions.open(), mine: () => void this.#openMine(),
      waiting: () => void this.#openWaiting(),
      may: { skip: () => this.#mayskip, later: () => !!this.#current && !this.#current.envelope.annotation, back: () => this.done > 0, comments: () => !!this.#more, instructions: () => !!this.work.project.instructions },
    }),
  ]

  /** @param {HTMLElement} root @param {Work} work @param {AbortSignal} signal */
  constructor(root, work, signal) {
    this.root = root
    this.work = work
    this.done = work.progress.mine
    /** How many may still come; others take some of them. */
    this.left = Math.max(0, Math.min(work.progress.total - work.progress.mine, work.progress.new + work.progress.working))
    this.signal = signal
    this.engine = annotateEngine()
    this.outbox = new Outbox(work.person.id, signal)
    this.draft = new DraftSaver({ engine: this.engine, current: () => this.#current, changed: () => this.#later(), signal })
    this.ahead = new Ahead({
      project: work.project.id, outbox: this.outbox, signal, open: () => [this.#current?.task, this.#aside?.task],
      depth: () => (this.#paused || (this.#state !== 'work' && this.#state !== 'lesson') ? 0 : this.left < PLENTY ? 1 : this.advance.goes(this.#current) ? SWIFT : 2), get: (path) => this.#envelope(path), make: (envelope) => this.#session(envelope),
      refused: (error) => this.#pauses(error),
    })
    this.prefs = new LabelPrefs(work.person.id, signal)
    hints(signal)
    this.instructions = new LabelInstructions({ text: work.project.instructions, key: `labelkite-instructions-${work.project.id}-${work.person.id}`, root, changed: () => this.#draw() })
    this.idle = new Idle({ signal, changed: () => this.#later() })
    this.repeat = new Repeat(this.engine)
    this.advance = new Advance({ project: work.project.id, person: work.person.id, given: !!work.project.auto_advance, signal, changed: () => this.#later() })
    this.earlier = new Earlier({
      project: work.project.id, outbox: this.outbox, signal, current: () => this.#current, envelope: (path) => this.#envelope(path), session: (envelope) => this.#session(envelope),
      aside: () => { if (this.#current && this.#state === 'work') this.#aside ??= this.#current },
      enter: async (session) => {
        this.#show(session)
        await this.#openCurrent()
      },
      toast: (problems) => this.#toast(problems), tell: (said) => this.#toasts?.show(said), changed: () => this.#draw(),
    })
    this.many = new Many({
      project: work.project.id, plan: () => this.work.plan, outbox: this.outbox, root, signal, get: (path) => this.#envelope(path), session: (envelope) => this.#session(envelope),
      pauses: (error) => this.#pauses(error), next: () => this.#next(), tell: (said) => this.#toasts?.show(said), changed: () => this.#later(),
      sent: (n) => {
        this.done += n
        this.left = Math.max(0, this.left - n)
      },
    })
    this.lock = tabLock(`labelkite-label-${work.project.id}-${work.person.id}`, signal, () => this.#stop('elsewhere'))
  }

  async start() {
    document.title = `${this.work.project.title} · Labelkite`
    const { signal } = this
    document.addEventListener('keydown', (event) => this.#key(event), { signal })
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) this.#current?.leave()
      else if (!this.many.grid) this.#current?.visit()
      if (document.hidden) this.many.grid?.active.stop(performance.now())
      else this.many.grid?.active.start(performance.now())
    }, { signal })
    for (const sign of SIGNS) document.addEventListener(sign, () => (this.many.grid ?? this.#current)?.active.seen(performance.now()), { signal, passive: true, capture: true })
    addEventListener('online', () => this.#again(), { signal })
    settingsChanged.addEventListener('change', (event) => {
      const { detail } = /** @type {CustomEvent} */ (event)
      if (!('keep_labels' in detail || 'select_new' in detail)) return
      void this.#sessions().then((sessions) => sessions.forEach((session) => session?.prefer())) // the engine is to know
    }, { signal })
    this.engine.addEventListener('restart', () => void this.#reopen(), { signal })
    this.engine.addEventListener('up', () => this.#later(), { signal })
    this.engine.addEventListener('lost', () => {
      this.#failure = t('The labeling engine stopped several times. Your work is kept in this browser: reload the page to go on.')
      this.#stop('failed')
    }, { signal })
    this.outbox.addEventListener('change', () => this.#later(), { signal })
    this.outbox.addEventListener('refused', (event) => this.#refused(/** @type {CustomEvent} */ (event).detail), { signal })
    this.outbox.addEventListener('sent', (event) => this.#reached(/** @type {CustomEvent} */ (event).detail.answer), { signal })
    addEventListener('pagehide', () => this.#giveBack(), { signal })
    signal.addEventListener('abort', () => {
      this.#giveBack()
      clearTimeout(this.#retry)
      for (const session of [this.#current, this.#aside]) session?.leave()
    })
    if (!(await this.lock.hold())) {
      this.#stop('elsewhere')
      return
    }
    await this.#begin()
  }

  async #begin() {
    this.#state = 'work'
    const opening = this.outbox.open().then(() => this.outbox.waiting.map((item) => item.task))
    if (this.work.next) this.#show(this.#session(this.work.next))
    else if (this.work.paused) this.#pause(this.work.paused)
    else this.#stop('done')
    const surface = /** @type {any} */ (this.root.querySelector('kite-surface'))
    await surface?.updateComplete // before its first update `ready` is of nothing yet
    // The labels are there and the media were asked for before anything else: now Python, in its worker.
    this.engine.ready.catch(() => {}) // `lost` and `restart` tell
    await Promise.race([surface?.ready, new Promise((resolve) => setTimeout(resolve, MEDIA_FIRST_MS))])
    performance.mark('kite-usable')
    void this.#fetchMore()
    void this.prefs.fetch()
    const sent = await opening
    // What was finished without a connection, and is only now on its way, the server gives out once more.
    if (this.#current && !this.#current.envelope.annotation && sent.includes(this.#current.task)) await this.#next()
    else await this.#openCurrent()
    this.ahead.fill()
    this.instructions.atFirst()
  }

  async #fetchMore() {
    const { LabelMore } = await import('./label-more.js')
    void prefetch().catch(() => {}) // what may be wanted where there is no connection
    const { project, person } = this.work
    this.#more = new LabelMore({ project: project.id, person: person.id, signal: this.signal, changed: () => this.#later() })
    await this.#more.load()
    if (this.#grids && this.many.wanted) this.#openGrid()
  }

  /** @param {import('../app/task-session.js').Envelope} envelope */
  #session(envelope) {
    const session = new TaskSession({ envelope, project: this.work.project.id, person: this.work.person.id, plan: this.work.plan, engine: this.engine })
    session.addEventListener('view', () => this.#later())
    session.addEventListener('problems', (event) => this.#toast(/** @type {CustomEvent} */ (event).detail))
    return session
  }

  /** @param {TaskSession} session */
  #show(session) {
    this.#active = this.#current?.view.active ?? this.#active
    this.#current?.leave()
    this.#current = session
    this.#state = 'work'
    this.#endLesson()
    void this.many.drop()
    session.visit()
    if (this.#active) void session.carry(this.#active).catch(() => {})
    this.#draw()
  }

  async #openCurrent() {
    try {
      await this.#current?.open()
    } catch (error) {
      if (this.engine.up) {
        this.#failure = t('This task could not be opened: {why}', { why: String(error instanceof Error ? error.message : error) })
        this.#stop('failed')
      }
    }
  }

  /** The worker is a new one: whatever was open is given to it again. */
  async #reopen() {
    for (const session of await this.#sessions()) await session?.reopen().catch(() => {})
  }

  /** All that are in hand or fetched ahead. */
  async #sessions() {
    return [this.#current, this.#aside, ...(this.many.grid?.sessions ?? []), ...await this.ahead.all()]
  }

  /**
   * A task to work on, with the plan that it was prepared with: the owner may have changed the config since the last one.
   * @param {string} path @returns {Promise<import('../app/task-session.js').Envelope | null>}
   */
  async #envelope(path) {
    const envelope = await api.get(path, { signal: this.signal })
    if (envelope && envelope.config_version !== this.work.project.config_version) {
      const { project, plan } = await api.get(`/api/projects/${this.work.project.id}/work`, { signal: this.signal })
      Object.assign(this.work, { project, plan })
    }
    return envelope
  }

  async #next() {
    clearTimeout(this.#retry)
    if (this.#paused) return this.#stop('paused')
    let session = this.ahead.shift() ?? null
    if (!session) {
      const before = this.#state
      this.#active = this.#current?.view.active ?? this.#active
      this.#current = null
      if (before !== 'away') this.#state = 'waiting'
      this.#draw()
      try {
        session = await this.ahead.next()
      } catch (error) {
        if (this.#pauses(error)) return
        if (!(error instanceof ApiError) || !error.passing) throw error
        this.#state = 'away'
        this.#retry = window.setTimeout(() => this.#again(), AGAIN_MS)
        this.#draw()
        return
      }
      if (this.#current || this.signal.aborted) return // something else was opened meanwhile
    }
    if (session) this.#show(session)
    else this.#stop('done')
    this.ahead.fill()
  }

  /** Tasks that nothing was done on are free for others as soon as the page is left. */
  #giveBack() {
    this.#free([this.#current, ...this.ahead.drop()])
    void this.many.grid?.leave()
  }

  /** @param {(TaskSession | null)[]} sessions */
  #free(sessions) {
    for (const session of sessions) {
      if (session && !session.begun) api.delete(`/api/tasks/${session.task}/lease`, { keepalive: true }).catch(() => {})
    }
  }

  /** Whether an error says that there are no new tasks for this person, or for nobody, at the moment. @param {unknown} error */
  #pauses(error) {
    const problem = error instanceof ApiError && error.problems[0]?.code === 'paused' ? error.problems[0] : null
    if (problem) this.#pause(problem)
    return !!problem
  }

  /** A task that is begun may be finished; then there is a break. @param {import('../app/api.js').Problem} problem */
  #pause(problem) {
    const told = !!this.#paused
    this.#paused = problem
    this.#free(this.ahead.drop())
    if (this.#state === 'lesson' || (this.#current?.begun && this.#state === 'work')) {
      if (!told) this.#toasts?.show({ text: t('After this task there is a break. Finish it as usual: it is taken.'), kind: 'info' })
    } else this.#stop('paused')
  }

  /** Is it over? */
  #resume() {
    this.#paused = null
    this.outbox.now()
    void this.#next()
  }

  /** Asks the server again. Submits go first: what comes after them says whether it is there. */
  #again() {
    this.outbox.now()
    if (!this.outbox.waiting.length) this.#reached()
  }

  /** The server answers, maybe again. @param {{feedback?: import('./label-more.js').Feedback}} [answer] to a submit */
  #reached({ feedback } = {}) {
    if (feedback && !this.#busy) { // it came too late to be shown over the data
      this.#toast([{ code: 'practice', message: feedback.score === null ? t('Practice: this answer has no score.') : t('Practice: your answer was {share} % right.', { share: Math.round(feedback.score * 100) }), hint: feedback.remark }])
    }
    if (this.#state === 'away') void this.#next()
    else if (this.#state === 'done' || this.#state === 'paused') this.#count()
    else this.ahead.fill()
    this.#later()
  }

  /** Their numbers, as soon as all that was done is in them. */
  #count() {
    if (!this.outbox.waiting.length) void this.#more?.load()
  }

  /** @param {'done' | 'paused' | 'elsewhere' | 'failed'} state */
  #stop(state) {
    this.#state = state
    this.#endLesson()
    void this.many.drop()
    if (state === 'done' || state === 'paused') this.#count()
    this.#current?.leave()
    if (state !== 'failed') this.#current = null
    if (state === 'elsewhere') this.ahead.drop() // the other tab works on them
    this.#draw()
  }

  /** @param {boolean} [skipped] @param {string} [decided] what was chosen, where choosing is sending */
  async #submit(skipped = false, decided = '') {
    const session = this.#current
    if (!session || this.#busy) return
    this.#busy = true
    this.#later()
    try {
      if (!this.engine.up) this.#toasts?.show({ text: t('This is sent as soon as everything is loaded.'), kind: 'info' })
      const { result, problems } = await session.dump()
      // A warning stands in the way of one submit; then it is the person's own choice.
      const told = this.#warned.get(session) ?? new Set()
      this.#warned.set(session, new Set([...told, ...problems.map(sentence)]))
      const standing = problems.filter((problem) => problem.severity !== 'warning' || !told.has(sentence(problem)))
      if (standing.length && !skipped) {
        session.showProblems(problems, true)
        this.#focusProblem(standing[0])
        if (problems.every((problem) => problem.severity === 'warning')) {
          this.#toast([{ code: 'warned', message: t('Please look at this once more.'), hint: t('Submit again to send it as it is.') }])
        }
        return
      }
      session.leave()
      this.draft.rest()
      performance.mark('kite-submit')
      const { annotation } = session.envelope
      const item = outgoing(session, result, { skipped })
      const feedback = this.#more?.practicing && !annotation ? this.#feedback(item.key) : null
      await this.outbox.add(item, decided && !feedback ? HOLD_MS : 0)
      if (!annotation) {
        this.done += 1
        this.left = Math.max(0, this.left - 1)
      }
      const said = await feedback
      if (said && this.#more) {
        this.#lesson = this.#more.lesson(session, said)
        this.#active = session.view.active ?? this.#active
        this.#current = null
        this.#state = 'lesson'
        this.ahead.fill()
        return
      }
      const kept = skipped ? Promise.resolve() : this.repeat.keep(session)
      void kept.catch(() => {}).then(() => session.close()).catch(() => {}).then(() => this.#later())
      if (decided) this.earlier.sent(item.key, session, decided)
      await this.#leaveTask()
    } catch (error) {
      this.#toast([{ code: 'submit', message: t('This could not be submitted yet.'), hint: error instanceof Error ? error.message : String(error) }])
    } finally {
      this.#busy = false
      this.#later()
    }
  }

  /** What a person did on the surface. @param {TaskSession} session @param {Record<string, unknown>} intent */
  #act(session, intent) {
    if (this.#busy && this.advance.goes(session)) return // it is on its way: a second press would not reach it any more
    void session.send(intent).catch(() => {})
    const decided = this.advance.decided(session, intent)
    if (decided) void this.#submit(false, decided)
  }

  /** What was just sent comes back, as long as nobody has it. */
  async #takeLast() {
    const session = await this.earlier.takeLast()
    if (!session) return
    this.done -= 1
    this.left += 1
    this.#later()
  }

  /** The answers of the task before, once more. @param {boolean} regions with all regions */
  #same(regions) {
    const session = this.#current
    if (!session || this.#state !== 'work') return
    if (this.repeat.has(regions)) this.#act(session, this.repeat.intent(regions))
    else this.#toasts?.show({ text: regions ? t('The task before had nothing to take over.') : t('The task before had no answers to take over. With Shift its regions come along.'), kind: 'info' })
  }

  /** Many tasks at once: what is here goes along. */
  #openGrid() {
    if (this.#busy) return
    void this.many.open(() => {
      this.outbox.release()
      for (const session of [this.#current, this.#aside, ...this.ahead.drop()]) {
        session?.leave()
        void session?.close().catch(() => {})
      }
      this.draft.rest()
      this.#current = this.#aside = null
      this.#state = 'grid'
    })
  }

  /** What the server says to a submit of the warm-up; null where it says nothing, or nothing in time. @param {string} key of the submit @returns {Promise<import('./label-more.js').Feedback | null>} */
  async #feedback(key) {
    const answer = await this.outbox.answer(key, FEEDBACK_MS)
    if (this.#more && answer && !answer.feedback) this.#more.practicing = false // the warm-up is over, or there is none
    return answer?.feedback ?? null
  }

  #endLesson() {
    this.#lesson?.close()
    this.#lesson = null
  }

  /** Put the task off: it comes back after the others, with what was done of it. */
  async #postpone() {
    const session = this.#current
    if (!session || this.#busy || session.envelope.annotation) return
    this.#busy = true
    this.#later()
    try {
      session.leave()
      await this.draft.save()
      await api.post(`/api/tasks/${session.task}/lease/postpone`, {})
      this.draft.rest()
      void session.close().catch(() => {})
      await this.#leaveTask()
      if (/** @type {TaskSession | null} */ (this.#current)?.task === session.task) this.#toasts?.show({ text: t('Nothing else is left for you at the moment, so it is here again.'), kind: 'info' })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      session.visit()
      this.#toast(error.problems)
    } finally {
      this.#busy = false
      this.#later()
    }
  }

  /** On to what comes after the current task: a refused one first, then what was put aside, then the next. */
  async #leaveTask() {
    const [refused] = this.outbox.refused
    if (refused && await this.earlier.takeBack(refused)) return
    if (this.#aside) {
      const session = this.#aside
      this.#aside = null
      this.#show(session)
    } else await this.#next()
    requestAnimationFrame(() => performance.mark('kite-next-usable'))
  }

  /** @param {{item: import('../app/worklog.js').Outgoing, problems: import('../app/api.js').Problem[]}} detail */
  #refused({ item, problems }) {
    this.#toast([{ code: 'refused', message: t('A finished task was not taken by the server: {why}', { why: told(problems[0]?.message) }), hint: t('It is kept here: open it at the top of the page.') }])
    if (this.#state !== 'work' && this.#state !== 'grid') void this.earlier.takeBack(item)
    this.#later()
  }

  /** Starts the task from another prediction, as long as nothing was done. @param {number} prediction */
  async #startFrom(prediction) {
    const session = this.#current
    if (!session || session.touched || this.#busy) return
    this.#busy = true
    try {
      const envelope = await this.#envelope(`/api/tasks/${session.task}/work?prediction=${prediction}`)
      await session.close().catch(() => {})
      await session.forget()
      if (!envelope || session !== this.#current) return
      this.#show(this.#session(envelope))
      await this.#openCurrent()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      this.#toast(error.problems)
    } finally {
      this.#busy = false
      this.#later()
    }
  }

  /** What others said, where one may see it: the module comes with the first task that one looks at again. @param {TaskSession} session */
  #othersOf(session) {
    if (!session.envelope.annotation || session.envelope.sent_back || !this.work.project.show_others) return null
    if (!this.#others) {
      void import('./label-others.js').then(({ Others }) => {
        this.#others ??= new Others({ root: this.root, signal: this.signal, changed: () => this.#later(), act: (of, intent) => this.#act(of, intent) })
        this.#later()
      }).catch(console.warn)
    }
    return this.#others
  }

  /** Suggestions over the data; their element comes with the first that there are. @param {TaskSession} session */
  #suggestions(session) {
    const { predictions = [], prediction } = session.envelope
    if (!session.view.suggestions && predictions.length < 2) return nothing
    if (!customElements.get('kite-suggestions')) void import('../elements/kite-suggestions.js').catch(console.warn)
    return html`<kite-suggestions .view=${session.view} .predictions=${predictions} .prediction=${prediction} ?fixed=${session.touched}
      @kite-intent=${(/** @type {CustomEvent} */ event) => this.#act(session, event.detail)} @kite-prediction=${(/** @type {CustomEvent} */ event) => void this.#startFrom(event.detail.prediction)}></kite-suggestions>`
  }

  /** Leave a correction without a new version. */
  async #cancelCorrection() {
    const session = this.#current
    if (!session?.envelope.annotation) return
    await session.close().catch(() => {})
    await session.forget()
    await this.#leaveTask()
  }

  async #openMine() {
    const dialog = /** @type {HTMLDialogElement} */ (this.root.querySelector('#mine'))
    void this.#more?.load()
    const listed = this.earlier.list()
    dialog.showModal()
    await listed
  }

  /** @param {number} task */
  async #correct(task) {
    /** @type {HTMLDialogElement | null} */ (this.root.querySelector('#mine'))?.close()
    await this.many.drop()
    await this.earlier.correct(task)
    if (!this.#current) await this.#next()
  }

  async #back() {
    if (this.earlier.held) await this.#takeLast()
    else await this.earlier.back()
  }

  /** The list of what is not on the server yet. */
  async #openWaiting() {
    const { openOutbox } = await import('./label-outbox.js')
    openOutbox({ outbox: this.outbox, draft: this.draft, session: this.#current, project: this.work.project, signal: this.signal })
  }

  // ---- keys and drawing ---------------------------------------------------------------------------------------------

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (this.root.querySelector('dialog[open]')) return
    const command = event.ctrlKey || event.metaKey
    if (this.#state === 'lesson' && event.key === 'Enter') {
      if (event.repeat || /** @type {Element} */ (event.target).closest('button, a')) return // Submit that is held down, or what is pressed anyway
      event.preventDefault()
      void this.#leaveTask()
    } else if (command && event.key === 'Enter' && this.many.grid) {
      event.preventDefault()
      void this.many.grid.submit()
    } else if (command && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'z' && this.earlier.held && !this.#busy && (!this.#current || !this.#current.view.undo) && !isTyping(event.target)) {
      event.preventDefault()
      void this.#takeLast()
    } else if (event.key === 'Enter' && /** @type {Element} */ (event.target).matches?.('input[type=radio]') && this.advance.goes(this.#current)) {
      event.preventDefault()
      void this.#submit()
    }
  }

  /** Skipping by its key: where it is not allowed, it is said. */
  #skip() {
    if (this.#mayskip) void this.#submit(true)
    else if (this.#current && !this.#current.envelope.annotation) this.#toast([{ code: 'no-skip', message: t('This task is not skipped: an answer of everybody who gets it is wanted.'), hint: t('“Later” puts it off until the others are done.') }])
  }

  /** Whether tasks can be shown beside each other: practice and corrections are looked at alone. */
  get #grids() {
    const here = this.#state === 'grid' || (this.#state === 'work' && !this.#current?.envelope.annotation)
    return here && !this.#paused && !!this.#more && !this.#more.practicing && this.many.fits
  }

  /** A refused task is looked at alone. @param {import('../app/worklog.js').Outgoing} item */
  async #openRefused(item) {
    await this.many.drop()
    await this.earlier.takeBack(item)
    if (!this.#current) await this.#next()
  }

  get #mayskip() {
    const { annotation, task } = this.#current?.envelope ?? {}
    return this.work.project.skip !== 'refused' && task?.allow_skip !== false && !annotation
  }

  /** Opens and closes the comments. */
  #chat() {
    this.#talk = !this.#talk
    this.#draw()
    if (this.#talk) requestAnimationFrame(() => /** @type {any} */ (this.root.querySelector('kite-comments'))?.write())
  }

  /** @param {string} region */
  #reveal(region) {
    /** @type {any} */ (this.root.querySelector('kite-surface'))?.focusRegion(region)
  }

  /** @param {import('../app/api.js').Problem} problem */
  #focusProblem(problem) {
    const surface = /** @type {any} */ (this.root.querySelector('kite-surface'))
    if (problem.region) surface?.focusRegion(problem.region, problem.control)
    else if (problem.control) surface?.focusNode(problem.control)
  }

  get #toasts() {
    return /** @type {import('../elements/kite-toast.js').KiteToast | null} */ (this.root.querySelector('kite-toast'))
  }

  /** @param {import('../app/api.js').Problem[]} problems */
  #toast(problems) {
    for (const problem of problems) this.#toasts?.show({ text: sentence(problem), kind: 'attention' })
  }

  #later() {
    if (this.#frame || this.signal.aborted) return
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0
      this.#draw()
      if (!this.#busy) this.draft.soon()
    })
  }

  #draw() {
    if (this.signal.aborted) return
    const session = this.#current
    const { state, reason } = savedState({ waiting: this.outbox.waiting.length, held: !!this.outbox.held, trouble: this.outbox.trouble || this.draft.trouble, saving: this.draft.saving, unsynced: !!(session ?? this.many.grid)?.unsynced })
    const refused = this.outbox.refused
    const others = this.#state === 'work' && session ? this.#othersOf(session) : null
    render(html`<div class="label-page">
      ${topBar(this.work, { done: this.done, left: this.#state === 'done' ? null : this.left }, { instructions: () => this.instructions.open(), mine: () => void this.#openMine(), comments: this.#more && session && this.#state === 'work' ? () => this.#chat() : null,
        settings: session && this.#state === 'work' ? () => openSettings(/** @type {any} */ (this.root.querySelector('kite-surface'))) : null,
        grid: this.#grids ? { on: !!this.many.grid, switch: () => (this.many.grid ? void this.many.leave() : this.#openGrid()) } : null })}
      <div class="label-strips">${this.#more?.strips(this.#state === 'work' ? session : null, (region) => this.#reveal(region), this.#state === 'paused' || (this.#state === 'done' && this.done > 0))}${this.#state === 'work' && session ? html`${others?.strip(session) ?? nothing}${this.#suggestions(session)}` : nothing}</div>
      <div class="label-work ${this.#state === 'work' && session && this.instructions.docked ? 'has-docked' : ''} ${others?.aside ? 'has-others' : ''}">
        ${this.#state === 'work' && session ? this.instructions.panel() : nothing}
        ${refused.length && (session || this.many.grid) ? html`<div class="notice notice-attention label-banner row" role="alert">
            <span class="grow">${t('{n} finished tasks were not taken by the server: {why}', { n: refused.length, why: told(refused[0].refused?.[0]?.message) })}</span>
            <button class="button button-small" @click=${() => void this.#openRefused(refused[0])}>${t('Open it')}</button></div>` : nothing}
        ${this.#state === 'work' && session ? html`<kite-surface
            .plan=${session.plan} .display=${session.envelope.display} .view=${session.view} .pending=${session.pending} .readonly=${false} .layers=${others?.layers(session) ?? NO_LAYERS} .problems=${session.problems} .commands=${this.#commands} .content=${session.content} .copy=${session.copy} .task=${session.task}
            @kite-intent=${(/** @type {CustomEvent} */ event) => this.#act(session, event.detail)} @kite-say=${(/** @type {CustomEvent} */ event) => this.#toasts?.show(event.detail)}></kite-surface>${others?.beside(session) ?? nothing}${this.#talk && this.#more ? this.#more.comments(session, { show: (region) => this.#reveal(region), close: () => this.#chat() }) : nothing}`
          : this.many.grid ? this.many.grid.draw() : this.#lesson ? this.#more?.drawLesson(this.#lesson, () => void this.#leaveTask()) : this.#message()}
      </div>
      <div class="label-bottom">
        ${problemBar(this.#state === 'work' ? session : null, (problem) => this.#focusProblem(problem), () => session?.showProblems([]))}
        <footer class="label-foot">
          <kite-save-state class="grow" .state=${session || this.done || state !== 'saved' ? state : ''} .reason=${reason} opens @kite-waiting=${() => void this.#openWaiting()}></kite-save-state>
          ${this.idle.paused && (session || this.many.grid) ? html`<span class="label-idle small" role="status">${t('Paused, your time does not count; move to go on.')}</span>` : nothing}
          ${sentLine(this.earlier.held, () => void this.#takeLast())}
          ${this.engine.up || this.#state !== 'work' ? nothing : html`<span class="muted small" role="status">${t('Python is loading; you can already work.')}</span>`}
          ${session && this.#state === 'work' ? actions(session, { busy: this.#busy, skip: this.#mayskip && this.work.project.skip, back: this.done > 0 }, {
            cancel: () => void this.#cancelCorrection(), back: () => void this.#back(), later: () => void this.#postpone(), submit: (skipped) => void this.#submit(skipped),
            same: this.repeat.has(false) && !session.begun && !this.advance.goes(session) ? () => this.#same(false) : null, before: soleQuestion(/** @type {any} */ (session.envelope.display.plan ?? session.plan)) && !session.envelope.annotation ? this.advance.draw() : nothing }) : this.many.grid ? this.many.grid.actions() : nothing}
        </footer>
      </div>
      ${this.instructions.dialog()}
      ${mineDialog(this.earlier.mine, session?.task, (task) => void this.#correct(task), this.#more?.numbers())}
      <kite-toast></kite-toast>
    </div>`, this.root)
  }

  #message() {
    if (this.#state === 'work' || this.#state === 'lesson' || this.#state === 'grid') return nothing
    return message(this.#state, { done: this.done, kept: this.outbox.waiting.length, failure: this.#failure, paused: this.#paused, numbers: this.#more?.numbers(false) }, {
      takeOver: () => void this.#takeOver(), again: () => (this.#state === 'away' ? this.#again() : this.#resume()), mine: () => void this.#openMine(),
    })
  }

  async #takeOver() {
    if (!(await this.lock.steal())) return
    // What the other tab wrote is in IndexedDB and on the server by now: start from there.
    navigate(location.pathname, { replace: true })
  }
}
