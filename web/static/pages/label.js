// The labeling page: one task after the other. The surface draws, the session keeps, the outbox sends; this page only leads
// from one to the next, so that the next task is there when Submit is pressed.
import { html, nothing, render } from 'lit'
import { Ahead } from '../app/ahead.js'
import { ApiError, api } from '../app/api.js'
import { DraftSaver } from '../app/draft-saver.js'
import { navigate } from '../app/router.js'
import { annotateEngine } from '../app/runtime.js'
import { Outbox } from '../app/outbox.js'
import { tabLock } from '../app/tab-lock.js'
import { TaskSession } from '../app/task-session.js'
import { dropWork } from '../app/worklog.js'
import '../elements/surface.js'
import { actions, instructionsDialog, message, mineDialog, problemBar, savedState, topBar } from './label-view.js'
import { sentence } from './words.js'

/** @type {object[]} */
const NO_LAYERS = []
/** A first task whose media take longer is opened in Python without them. */
const MEDIA_FIRST_MS = 1_500
const SUBMIT = { keys: 'ctrl+enter', does: 'Submit' }
const SKIP = { keys: 'ctrl+space,alt+enter', does: 'Skip' }
const PAGE_KEYS = [SUBMIT, SKIP, { keys: 'ctrl+shift+space,alt+shift+enter', does: 'Later: it comes back after the others' }, { keys: 'alt+c', does: 'Comments' }]
const UNSKIPPED_KEYS = PAGE_KEYS.filter((key) => key !== SKIP)
const AGAIN_MS = 5_000
/** With fewer tasks left than this, one is fetched ahead instead of two: others want some too. */
const PLENTY = 10
/** How long *Back* waits for a submit that is on its way. */
const PATIENCE_MS = 2_000
/** How long the feedback of the warm-up is waited for before the next task opens without it. */
const FEEDBACK_MS = 8_000
/** What is a sign of life for the working time. */
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel']

/**
 * @typedef {{project: {id: number, title: string, config_version: number, instructions?: string, skip?: 'others' | 'again' | 'drop' | 'refused'}, plan: Record<string, any>, paused?: import('../app/api.js').Problem,
 *   person: {id: number, name: string, role: string, may?: string[]}, progress: {mine: number, new: number, working: number, total: number}, next: import('../app/task-session.js').Envelope | null}} Work
 */

/** @param {HTMLElement} root @param {Record<string, string>} params @param {AbortSignal} signal */
export async function open(root, params, signal) {
  /** @type {Work} */
  const work = await api.get(`/api/projects/${params.id}/work`, { signal })
  if (signal.aborted) return
  await new LabelPage(root, work, signal).start()
}

class LabelPage {
  /** @type {TaskSession | null} */
  #current = null
  /** Where a person comes back to after a look at an earlier task. @type {TaskSession | null} */
  #aside = null
  /** @type {'work' | 'lesson' | 'waiting' | 'away' | 'paused' | 'done' | 'elsewhere' | 'failed'} */
  #state = 'work'
  #failure = ''
  #busy = false
  /** What a submit was stopped for, by task: a warning stops one submit only. @type {WeakMap<TaskSession, Set<string>>} */
  #warned = new WeakMap()
  /** Labels that were active last: the next task starts with them. @type {Record<string, string[]> | null} */
  #active = null
  #retry = 0
  #first = false
  #frame = 0
  /** Feedback, comments, messages, numbers; null until their module is here. @type {import('./label-more.js').LabelMore | null} */
  #more = null
  /** How right the last answer was, shown before the next task. @type {import('./label-more.js').Lesson | null} */
  #lesson = null
  /** Why no new tasks are given out. @type {import('../app/api.js').Problem | null} */
  #paused = null
  /** The comments are open. */
  #talk = false
  /** @type {import('./label-view.js').Finished[] | null} */
  #mine = null

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
      depth: () => (this.#paused || (this.#state !== 'work' && this.#state !== 'lesson') ? 0 : this.left < PLENTY ? 1 : 2), get: (path) => this.#envelope(path), make: (envelope) => this.#session(envelope),
      refused: (error) => this.#pauses(error),
    })
    this.lock = tabLock(`labelkite-label-${work.project.id}-${work.person.id}`, signal, () => this.#stop('elsewhere'))
  }

  async start() {
    document.title = `${this.work.project.title} · Labelkite`
    const { signal } = this
    document.addEventListener('keydown', (event) => this.#key(event), { signal })
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) this.#current?.leave()
      else this.#current?.visit()
    }, { signal })
    for (const sign of SIGNS) document.addEventListener(sign, () => this.#current?.active.seen(performance.now()), { signal, passive: true, capture: true })
    addEventListener('online', () => this.#again(), { signal })
    this.engine.addEventListener('restart', () => void this.#reopen(), { signal })
    this.engine.addEventListener('up', () => this.#later(), { signal })
    this.engine.addEventListener('lost', () => {
      this.#failure = 'The labeling engine stopped several times. Your work is kept in this browser: reload the page to go on.'
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
    const opening = this.outbox.open()
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
    await opening
    await this.#openCurrent()
    this.ahead.fill()
    this.#instructionsAtFirst()
  }

  async #fetchMore() {
    const { LabelMore } = await import('./label-more.js')
    const { project, person } = this.work
    this.#more = new LabelMore({ project: project.id, person: person.id, signal: this.signal, changed: () => this.#later() })
    await this.#more.load()
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
    session.visit()
    if (this.#active) void session.carry(this.#active).catch(() => {})
    this.#draw()
  }

  async #openCurrent() {
    try {
      await this.#current?.open()
    } catch (error) {
      if (this.engine.up) {
        this.#failure = `This task could not be opened: ${error instanceof Error ? error.message : error}`
        this.#stop('failed')
      }
    }
  }

  /** The worker is a new one: whatever was open is given to it again. */
  async #reopen() {
    const sessions = [this.#current, this.#aside, ...await this.ahead.all()]
    for (const session of sessions) await session?.reopen().catch(() => {})
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
      if (!told) this.#toasts?.show({ text: 'After this task there is a break. Finish it as usual: it is taken.', kind: 'info' })
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
      this.#toast([{ code: 'practice', message: feedback.score === null ? 'Practice: this answer has no score.' : `Practice: your answer was ${Math.round(feedback.score * 100)} % right.`, hint: feedback.remark }])
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
    if (state === 'done' || state === 'paused') this.#count()
    this.#current?.leave()
    if (state !== 'failed') this.#current = null
    if (state === 'elsewhere') this.ahead.drop() // the other tab works on them
    this.#draw()
  }

  /** @param {boolean} skipped */
  async #submit(skipped = false) {
    const session = this.#current
    if (!session || this.#busy) return
    this.#busy = true
    this.#later()
    try {
      const { result, problems } = await session.dump()
      // A warning stands in the way of one submit; then it is the person's own choice.
      const told = this.#warned.get(session) ?? new Set()
      this.#warned.set(session, new Set([...told, ...problems.map(sentence)]))
      const standing = problems.filter((problem) => problem.severity !== 'warning' || !told.has(sentence(problem)))
      if (standing.length && !skipped) {
        session.showProblems(problems, true)
        this.#focusProblem(standing[0])
        if (problems.every((problem) => problem.severity === 'warning')) {
          this.#toast([{ code: 'warned', message: 'Please look at this once more.', hint: 'Submit again to send it as it is.' }])
        }
        return
      }
      session.leave()
      this.draft.rest()
      performance.mark('kite-submit')
      const { annotation, lease } = session.envelope
      const key = crypto.randomUUID()
      const feedback = this.#more?.practicing && !annotation ? this.#feedback(key) : null
      await this.outbox.add({
        key, work: session.key, person: session.person, project: session.project, task: session.task, at: Date.now(), refused: null,
        method: annotation ? 'PATCH' : 'POST',
        path: annotation ? `/api/annotations/${annotation.id}` : `/api/tasks/${session.task}/annotations`,
        body: { result, lead_time: session.leadTime, active_ms: Math.round(session.active.ms), was_cancelled: skipped, config_version: session.envelope.config_version,
          ...(annotation ? { version: annotation.version } : { lease: lease?.token ?? null }) },
      })
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
      void session.close().catch(() => {})
      await this.#leaveTask()
    } catch (error) {
      this.#toast([{ code: 'submit', message: 'This could not be submitted yet.', hint: error instanceof Error ? error.message : String(error) }])
    } finally {
      this.#busy = false
      this.#later()
    }
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
      if (/** @type {TaskSession | null} */ (this.#current)?.task === session.task) this.#toasts?.show({ text: 'Nothing else is left for you at the moment, so it is here again.', kind: 'info' })
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
    if (refused && await this.#takeBack(refused)) return
    if (this.#aside) {
      const session = this.#aside
      this.#aside = null
      this.#show(session)
    } else await this.#next()
    requestAnimationFrame(() => performance.mark('kite-next-usable'))
  }

  /** @param {{item: import('../app/worklog.js').Outgoing, problems: import('../app/api.js').Problem[]}} detail */
  #refused({ item, problems }) {
    this.#toast([{ code: 'refused', message: `A finished task was not taken by the server: ${problems[0]?.message ?? ''}`, hint: 'It is kept here: open it at the top of the page.' }])
    if (this.#state !== 'work') void this.#takeBack(item)
    this.#later()
  }

  /**
   * A refused task comes back as it was submitted, on top of what the server has now.
   * @param {import('../app/worklog.js').Outgoing} item @returns {Promise<boolean>} whether it could be opened
   */
  async #takeBack(item) {
    const envelope = await this.#envelope(`/api/tasks/${item.task}/work`).catch((error) => {
      if (!(error instanceof ApiError)) throw error
      const discard = { label: 'Discard it', run: () => void this.outbox.take(item.key) }
      this.#toasts?.show({ text: `That task cannot be opened again. ${error.message}`, kind: 'problem', action: error.passing ? undefined : discard })
      return null
    })
    if (!envelope) return false
    if (this.#current && this.#state === 'work') this.#aside ??= this.#current
    await dropWork(item.work)
    envelope.result = /** @type {unknown[]} */ (item.body.result)
    const session = this.#session(envelope)
    this.#show(session)
    await this.#openCurrent()
    await this.outbox.take(item.key) // from here on the task's own log keeps it
    session.showProblems(item.refused ?? [])
    return true
  }

  /** Open one of the person's own finished tasks to correct it. @param {number} task */
  async #correct(task) {
    /** @type {HTMLDialogElement | null} */ (this.root.querySelector('#mine'))?.close()
    if (task === this.#current?.task) return
    try {
      const envelope = await this.#envelope(`/api/tasks/${task}/work`)
      if (!envelope) return
      if (this.#current && (!this.#current.envelope.annotation || this.#current.envelope.sent_back)) this.#aside ??= this.#current
      this.#show(this.#session(envelope))
      await this.#openCurrent()
    } catch (error) {
      if (error instanceof ApiError) this.#toast(error.problems)
    }
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
    this.#mine = null
    this.#draw()
    void this.#more?.load()
    dialog.showModal()
    try {
      this.#mine = (await api.get(`/api/projects/${this.work.project.id}/mine`, { signal: this.signal })).tasks
    } catch (error) {
      if (error instanceof ApiError) this.#toast(error.problems)
      this.#mine = []
    }
    this.#draw()
  }

  /** The task that was finished last; if its submit is still on its way, that is waited for. */
  async #back() {
    try {
      if (this.outbox.waiting.length) {
        await new Promise((resolve) => {
          const timer = setTimeout(resolve, PATIENCE_MS)
          this.outbox.addEventListener('sent', () => { clearTimeout(timer); resolve(null) }, { once: true })
        })
      }
      if (this.outbox.waiting.length) throw new ApiError(0, [{ code: 'on-its-way', message: 'The last task is still being sent.', hint: 'You can correct it as soon as the server has it.' }])
      const { tasks } = await api.get(`/api/projects/${this.work.project.id}/mine`, { signal: this.signal })
      if (tasks.length) await this.#correct(tasks[0].id)
    } catch (error) {
      if (error instanceof ApiError) this.#toast(error.problems)
    }
  }

  #instructionsAtFirst() {
    const key = `labelkite-instructions-${this.work.project.id}-${this.work.person.id}`
    if (!this.work.project.instructions || localStorage.getItem(key)) return
    localStorage.setItem(key, 'shown')
    this.#first = true
    this.#draw()
    this.#openInstructions()
  }

  #openInstructions() {
    const dialog = /** @type {HTMLDialogElement | null} */ (this.root.querySelector('#instructions'))
    dialog?.addEventListener('close', () => { this.#first = false }, { once: true })
    dialog?.showModal()
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
    } else if (command && event.key === 'Enter') {
      event.preventDefault()
      void this.#submit()
    } else if ((command && event.code === 'Space') || (event.altKey && event.key === 'Enter')) {
      event.preventDefault()
      if (event.shiftKey) void this.#postpone()
      else if (this.#mayskip) void this.#submit(true)
      else if (this.#current && !this.#current.envelope.annotation) this.#toast([{ code: 'no-skip', message: 'This task is not skipped: an answer of everybody who gets it is wanted.', hint: '“Later” puts it off until the others are done.' }])
    } else if (event.altKey && event.code === 'KeyC' && !command && this.#more && this.#current) {
      event.preventDefault()
      this.#chat()
    }
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
    const { project } = this.work
    const session = this.#current
    const { state, reason } = savedState({ waiting: this.outbox.waiting.length, trouble: this.outbox.trouble || this.draft.trouble, saving: this.draft.saving, unsynced: !!session?.unsynced })
    const refused = this.outbox.refused
    render(html`<div class="label-page">
      ${topBar(this.work, { done: this.done, left: this.#state === 'done' ? null : this.left }, { instructions: () => this.#openInstructions(), mine: () => void this.#openMine(), comments: this.#more && session && this.#state === 'work' ? () => this.#chat() : null })}
      <div class="label-strips">${this.#more?.strips(this.#state === 'work' ? session : null, (region) => this.#reveal(region), this.#state === 'paused' || (this.#state === 'done' && this.done > 0))}</div>
      <div class="label-work">
        ${refused.length && session ? html`<div class="notice notice-attention label-banner row" role="alert">
            <span class="grow">${refused.length === 1 ? 'One finished task was' : `${refused.length} finished tasks were`} not taken by the server: ${refused[0].refused?.[0]?.message ?? ''}</span>
            <button class="button button-small" @click=${() => void this.#takeBack(refused[0])}>Open it</button></div>` : nothing}
        ${this.#state === 'work' && session ? html`<kite-surface
            .plan=${session.plan} .display=${session.envelope.display} .view=${session.view} .pending=${session.pending} .readonly=${false} .layers=${NO_LAYERS} .problems=${session.problems} .extraKeys=${this.#mayskip ? PAGE_KEYS : UNSKIPPED_KEYS} .content=${session.content} .task=${session.task}
            @kite-intent=${(/** @type {CustomEvent} */ event) => void session.send(event.detail).catch(() => {})}></kite-surface>${this.#talk && this.#more ? this.#more.comments(session, { show: (region) => this.#reveal(region), close: () => this.#chat() }) : nothing}`
          : this.#lesson ? this.#more?.drawLesson(this.#lesson, () => void this.#leaveTask()) : this.#message()}
      </div>
      <div class="label-bottom">
        ${problemBar(this.#state === 'work' ? session : null, (problem) => this.#focusProblem(problem), () => session?.showProblems([]))}
        <footer class="label-foot">
          <kite-save-state class="grow" .state=${session || this.done || state !== 'saved' ? state : ''} .reason=${reason}></kite-save-state>
          ${this.engine.up || this.#state !== 'work' ? nothing : html`<span class="muted small" role="status">Python is loading; you can already work.</span>`}
          ${session && this.#state === 'work' ? actions(session, { busy: this.#busy, skip: this.#mayskip && this.work.project.skip, back: this.done > 0 }, {
            cancel: () => void this.#cancelCorrection(), back: () => void this.#back(), later: () => void this.#postpone(), submit: (skipped) => void this.#submit(skipped) }) : nothing}
        </footer>
      </div>
      ${instructionsDialog(project.instructions, this.#first)}
      ${mineDialog(this.#mine, session?.task, (task) => void this.#correct(task), this.#more?.numbers())}
      <kite-toast></kite-toast>
    </div>`, this.root)
  }

  #message() {
    if (this.#state === 'work' || this.#state === 'lesson') return nothing
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
