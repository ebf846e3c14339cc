// The labeling page: one task after the other. The surface draws, the session keeps, the outbox sends; this page only leads
// from one to the next, so that the next task is there when Submit is pressed.
import { html, nothing, render } from 'lit'
import { ApiError, api } from '../app/api.js'
import { navigate } from '../app/router.js'
import { annotateEngine } from '../app/runtime.js'
import { Outbox } from '../app/outbox.js'
import { tabLock } from '../app/tab-lock.js'
import { TaskSession } from '../app/task-session.js'
import { dropWork } from '../app/worklog.js'
import '../elements/surface.js'

/** @type {object[]} */
const NO_LAYERS = []
const PAGE_KEYS = [{ keys: 'Ctrl Enter', does: 'Submit' }, { keys: 'Ctrl Space', does: 'Skip' }]
const DRAFT_AFTER_MS = 2_000
const DRAFT_RETRY_MS = 10_000

/**
 * @typedef {{project: {id: number, title: string, config_version: number, instructions?: string, show_skip_button?: boolean}, plan: Record<string, any>,
 *   person: {id: number, name: string, role: string}, progress: {mine: number, new: number, working: number, total: number}, next: import('../app/task-session.js').Envelope | null}} Work
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
  /** @type {Promise<TaskSession | null> | null} */
  #coming = null
  /** @type {'work' | 'waiting' | 'done' | 'elsewhere' | 'failed'} */
  #state = 'work'
  #failure = ''
  #busy = false
  #saving = false
  #draftTrouble = ''
  #draftTimer = 0
  #draftRetry = 0
  #frame = 0
  /** @type {{id: number, annotation: number, title: string, updated_at: string}[] | null} */
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
    addEventListener('online', () => void this.#saveDraft(), { signal })
    this.engine.addEventListener('restart', () => void this.#reopen(), { signal })
    this.engine.addEventListener('up', () => this.#later(), { signal })
    this.engine.addEventListener('lost', () => {
      this.#failure = 'The labeling engine stopped several times. Your work is kept in this browser: reload the page to go on.'
      this.#stop('failed')
    }, { signal })
    this.outbox.addEventListener('change', () => this.#later(), { signal })
    this.outbox.addEventListener('refused', (event) => this.#refused(/** @type {CustomEvent} */ (event).detail), { signal })
    this.outbox.addEventListener('sent', () => this.#later(), { signal })
    signal.addEventListener('abort', () => {
      clearTimeout(this.#draftTimer)
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
    else this.#stop('done')
    const surface = /** @type {any} */ (this.root.querySelector('kite-surface'))
    await Promise.race([surface?.ready, new Promise((resolve) => setTimeout(resolve, 3_000))])
    performance.mark('kite-usable')
    await opening
    await this.#openCurrent()
    this.#prefetch()
    this.#instructionsAtFirst()
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
    this.#current?.leave()
    this.#current = session
    this.#state = 'work'
    session.visit()
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
    const sessions = [this.#current, this.#aside, await this.#coming?.catch(() => null)]
    for (const session of sessions) await session?.reopen().catch(() => {})
  }

  /** Have the next task here before it is asked for: its lease, its media and its state in Python. */
  #prefetch() {
    if (this.#coming || this.#state !== 'work') return
    this.#coming = this.#fetchNext().catch((error) => {
      this.#coming = null
      if (!(error instanceof ApiError)) throw error
      return null
    })
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

  /** @returns {Promise<TaskSession | null>} null: nothing is left */
  async #fetchNext() {
    const busy = [this.#current?.task, this.#aside?.task, ...this.outbox.waiting.map((item) => item.task), ...this.outbox.refused.map((item) => item.task)]
    const exclude = busy.filter((id) => id !== undefined).join(',')
    let envelope
    try {
      envelope = await this.#envelope(`/api/projects/${this.work.project.id}/next?or_null=1&exclude=${exclude}`)
    } catch (error) {
      // A person may hold a few tasks only; those whose submit is on its way still count until the server has them.
      if (!(error instanceof ApiError && error.status === 409 && this.outbox.waiting.length)) throw error
      await new Promise((resolve) => this.outbox.addEventListener('sent', resolve, { once: true, signal: this.signal }))
      return this.#fetchNext()
    }
    if (!envelope) return null
    const session = this.#session(envelope)
    await Promise.allSettled(envelope.media.map((/** @type {string} */ url) => preload(url)))
    await session.open()
    return session
  }

  async #next() {
    const waiting = this.#coming ?? this.#fetchNext()
    this.#coming = null
    const here = await Promise.race([waiting, Promise.resolve('later')])
    if (here === 'later') {
      this.#state = 'waiting'
      this.#current = null
      this.#draw()
    }
    let session = await waiting
    if (!session) session = await this.#fetchNext() // what was prefetched as "nothing left" may be old news
    if (session) this.#show(session)
    else this.#stop('done')
    this.#prefetch()
  }

  /** @param {'done' | 'elsewhere' | 'failed'} state */
  #stop(state) {
    this.#state = state
    this.#current?.leave()
    if (state !== 'failed') this.#current = null
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
      if (problems.length && !skipped) {
        session.showProblems(problems)
        this.#focusProblem(problems[0])
        return
      }
      session.leave()
      clearTimeout(this.#draftTimer)
      this.#draftTimer = 0
      performance.mark('kite-submit')
      const { annotation, lease } = session.envelope
      await this.outbox.add({
        key: crypto.randomUUID(), work: session.key, person: session.person, project: session.project, task: session.task, at: Date.now(), refused: null,
        method: annotation ? 'PATCH' : 'POST',
        path: annotation ? `/api/annotations/${annotation.id}` : `/api/tasks/${session.task}/annotations`,
        body: { result, lead_time: session.leadTime, was_cancelled: skipped, config_version: session.envelope.config_version,
          ...(annotation ? { version: annotation.version } : { lease: lease?.token ?? null }) },
      })
      if (!annotation) {
        this.done += 1
        this.left = Math.max(0, this.left - 1)
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

  /** On to what comes after the current task: a refused one first, then what was put aside, then the next. */
  async #leaveTask() {
    const [refused] = this.outbox.refused
    if (refused) await this.#takeBack(refused)
    else if (this.#aside) {
      const session = this.#aside
      this.#aside = null
      this.#show(session)
    } else await this.#next()
    requestAnimationFrame(() => performance.mark('kite-next-usable'))
  }

  /** @param {{item: import('../app/worklog.js').Outgoing, problems: import('../app/api.js').Problem[]}} detail */
  #refused({ item, problems }) {
    this.#toast([{ code: 'refused', message: `The server did not take task ${item.task}: ${problems[0]?.message ?? ''}`, hint: 'It is kept here. Open it at the top of the page.' }])
    if (this.#state !== 'work') void this.#takeBack(item)
    this.#later()
  }

  /**
   * A refused task comes back as it was submitted, on top of what the server has now.
   * @param {import('../app/worklog.js').Outgoing} item
   */
  async #takeBack(item) {
    const envelope = await this.#envelope(`/api/tasks/${item.task}/work`)
    if (!envelope) return
    if (this.#current && this.#state === 'work') this.#aside ??= this.#current
    await dropWork(item.work)
    envelope.result = /** @type {unknown[]} */ (item.body.result)
    const session = this.#session(envelope)
    this.#show(session)
    await this.#openCurrent()
    await this.outbox.take(item.key) // from here on the task's own log keeps it
    session.showProblems(item.refused ?? [])
  }

  /** Open one of the person's own finished tasks to correct it. @param {number} task */
  async #correct(task) {
    /** @type {HTMLDialogElement | null} */ (this.root.querySelector('#mine'))?.close()
    if (task === this.#current?.task) return
    try {
      const envelope = await this.#envelope(`/api/tasks/${task}/work`)
      if (!envelope) return
      if (this.#current && !this.#current.envelope.annotation) this.#aside ??= this.#current
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
    dialog.showModal()
    try {
      this.#mine = (await api.get(`/api/projects/${this.work.project.id}/mine`, { signal: this.signal })).tasks
    } catch (error) {
      if (error instanceof ApiError) this.#toast(error.problems)
      this.#mine = []
    }
    this.#draw()
  }

  async #back() {
    const { tasks } = await api.get(`/api/projects/${this.work.project.id}/mine`, { signal: this.signal })
    if (tasks.length) await this.#correct(tasks[0].id)
  }

  #instructionsAtFirst() {
    const key = `labelkite-instructions-${this.work.project.id}-${this.work.person.id}`
    if (!this.work.project.instructions || localStorage.getItem(key)) return
    localStorage.setItem(key, 'shown')
    this.#openInstructions()
  }

  #openInstructions() {
    /** @type {HTMLDialogElement | null} */ (this.root.querySelector('#instructions'))?.showModal()
  }

  // ---- drafts -------------------------------------------------------------------------------------------------------

  #draftSoon() {
    const session = this.#current
    if (!session?.unsynced || this.#draftTimer || this.#busy) return
    this.#draftTimer = window.setTimeout(() => {
      this.#draftTimer = 0
      void this.#saveDraft()
    }, DRAFT_AFTER_MS)
  }

  async #saveDraft() {
    const session = this.#current
    clearTimeout(this.#draftRetry)
    if (!session?.unsynced || !this.engine.up || this.#saving) return
    this.#saving = true
    this.#later()
    try {
      const { result, count } = await session.dump()
      if (session !== this.#current) return
      const { saved_at: savedAt } = await api.put(`/api/tasks/${session.task}/draft`, { result, lead_time: session.leadTime, lease: session.envelope.lease?.token ?? null })
      await session.markSynced(count, savedAt)
      this.#draftTrouble = ''
    } catch (error) {
      this.#draftTrouble = error instanceof ApiError ? error.problems[0].message : String(error)
      this.#draftRetry = window.setTimeout(() => void this.#saveDraft(), DRAFT_RETRY_MS)
    } finally {
      this.#saving = false
      this.#later()
    }
  }

  // ---- keys and drawing ---------------------------------------------------------------------------------------------

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (this.root.querySelector('dialog[open]')) return
    const command = event.ctrlKey || event.metaKey
    if (command && event.key === 'Enter') {
      event.preventDefault()
      void this.#submit()
    } else if ((command && event.code === 'Space') || (event.altKey && event.key === 'Enter')) {
      event.preventDefault()
      if (this.#mayskip) void this.#submit(true)
    }
  }

  get #mayskip() {
    return this.work.project.show_skip_button !== false && !this.#current?.envelope.annotation
  }

  /** @param {import('../app/api.js').Problem} problem */
  #focusProblem(problem) {
    const surface = /** @type {any} */ (this.root.querySelector('kite-surface'))
    if (problem.region) surface?.focusRegion(problem.region)
    else if (problem.control) surface?.focusNode(problem.control)
  }

  /** @param {import('../app/api.js').Problem[]} problems */
  #toast(problems) {
    const toast = /** @type {any} */ (this.root.querySelector('kite-toast'))
    for (const problem of problems) toast?.show({ text: [problem.message, problem.hint].filter(Boolean).join(' '), kind: 'attention' })
  }

  #later() {
    if (this.#frame || this.signal.aborted) return
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0
      this.#draw()
      this.#draftSoon()
    })
  }

  /** What the person may rely on right now. */
  get #saved() {
    const session = this.#current
    const waiting = this.outbox.waiting.length
    if (this.outbox.trouble || this.#draftTrouble) {
      const left = waiting ? ` ${waiting} finished ${waiting === 1 ? 'task waits' : 'tasks wait'} here.` : ''
      return { state: 'not-saved', reason: `kept in this browser. ${this.outbox.trouble || this.#draftTrouble}${left}` }
    }
    if (this.#saving || waiting) return { state: 'saving', reason: '' }
    if (session?.unsynced) return { state: 'saved-here', reason: '' }
    return { state: 'saved', reason: '' }
  }

  #draw() {
    if (this.signal.aborted) return
    const { project, person } = this.work
    const session = this.#current
    const correcting = Boolean(session?.envelope.annotation)
    const { state, reason } = this.#saved
    const refused = this.outbox.refused
    render(html`<div class="label-page">
      <header class="label-top">
        <h1 class="label-title">${project.title}</h1>
        <span class="grow"></span>
        ${project.instructions ? html`<button class="button button-quiet button-small" @click=${() => this.#openInstructions()}>Instructions</button>` : nothing}
        <span class="label-progress" aria-live="polite">${this.done} done${this.#state === 'done' ? '' : ` · about ${this.left} left`}</span>
        <button class="button button-quiet button-small" @click=${() => void this.#openMine()} title="Your finished tasks, to look at or correct">My work</button>
        <span class="muted small clip">${person.name}</span>
      </header>
      <div class="label-work">
        ${refused.length && session ? html`<div class="notice notice-attention label-banner row" role="alert">
            <span class="grow">${refused.length === 1 ? 'One finished task was' : `${refused.length} finished tasks were`} not taken by the server: ${refused[0].refused?.[0]?.message ?? ''}</span>
            <button class="button button-small" @click=${() => void this.#takeBack(refused[0])}>Open it</button></div>` : nothing}
        ${this.#state === 'work' && session ? html`<kite-surface
            .plan=${session.plan} .display=${session.envelope.display} .view=${session.view} .pending=${session.pending} .readonly=${false} .layers=${NO_LAYERS} .extraKeys=${PAGE_KEYS} .task=${session.task}
            @kite-intent=${(/** @type {CustomEvent} */ event) => void session.send(event.detail).catch(() => {})}></kite-surface>` : this.#message()}
      </div>
      <div>
        ${session?.problems.length ? html`<div class="label-problems" role="alert">
            <p>${session.problems.length === 1 ? 'One thing is missing' : `${session.problems.length} things are missing`} before this can be submitted:</p>
            <ul>${session.problems.map((problem) => html`<li><button class="button button-quiet button-small" @click=${() => this.#focusProblem(problem)}>${problem.where ? `${problem.where}: ` : ''}${problem.message} ${problem.hint ?? ''}</button></li>`)}</ul>
          </div>` : nothing}
        <footer class="label-foot">
          <kite-save-state class="grow" .state=${state} .reason=${reason}></kite-save-state>
          ${this.engine.up || this.#state !== 'work' ? nothing : html`<span class="muted small" role="status">Python is loading; you can already work.</span>`}
          ${session && this.#state === 'work' ? html`
            ${correcting ? html`<span class="badge badge-info">Correcting task ${session.task}</span>
                <button class="button" @click=${() => void this.#cancelCorrection()}>Leave as it was</button>`
              : html`${this.done ? html`<button class="button button-quiet" @click=${() => void this.#back()} title="Open the task you finished last">Back</button>` : nothing}
                ${this.#mayskip ? html`<button class="button" ?disabled=${this.#busy} @click=${() => void this.#submit(true)} title="Leave this task unanswered">Skip <span class="kbd">Ctrl Space</span></button>` : nothing}`}
            <button class="button button-primary" ?disabled=${this.#busy} @click=${() => void this.#submit()}>${correcting ? 'Update' : 'Submit'} <span class="kbd">Ctrl ↵</span></button>` : nothing}
        </footer>
      </div>
      <dialog class="dialog" id="instructions" aria-labelledby="instructions-title">
        <div class="dialog-head"><h2 id="instructions-title">Instructions</h2></div>
        <div class="dialog-body label-instructions">${project.instructions}</div>
        <form method="dialog" class="dialog-foot"><button class="button button-primary">Start</button></form>
      </dialog>
      <dialog class="dialog" id="mine" aria-labelledby="mine-title">
        <div class="dialog-head"><h2 id="mine-title">Your finished tasks</h2></div>
        <div class="dialog-body">${this.#mine === null ? html`<p class="muted" role="status">Loading …</p>`
          : this.#mine.length === 0 ? html`<p class="muted">Nothing yet. Tasks you submit are listed here, and you can open and correct them.</p>`
            : html`<ul class="mine-list">${this.#mine.map((task) => html`<li><button class="button button-quiet" @click=${() => void this.#correct(task.id)}><span class="clip">${task.title || `Task ${task.id}`}</span><span class="muted small">${new Date(task.updated_at).toLocaleString()}</span></button></li>`)}</ul>`}</div>
        <form method="dialog" class="dialog-foot"><button class="button">Close</button></form>
      </dialog>
      <kite-toast></kite-toast>
    </div>`, this.root)
  }

  #message() {
    if (this.#state === 'waiting') return html`<div class="label-message"><p class="muted" role="status">Looking for the next task …</p></div>`
    if (this.#state === 'elsewhere') return html`<div class="label-message">
        <h2>This project is open in another tab</h2>
        <p class="muted">Two tabs would overwrite each other's work. Go on in the other tab, or take over here: everything you did there is kept.</p>
        <button class="button button-primary" @click=${() => void this.#takeOver()}>Work in this tab</button></div>`
    if (this.#state === 'failed') return html`<div class="label-message">
        <h2>Labeling stopped</h2><p class="muted">${this.#failure}</p>
        <button class="button button-primary" @click=${() => location.reload()}>Reload</button></div>`
    return html`<div class="label-message">
        <h2>${this.done ? 'All done. Thank you!' : 'There is nothing to label right now'}</h2>
        <p class="muted">${this.done ? 'There is no task left for you in this project. You can still open and correct what you did.'
          : 'Every task has enough people on it, or none has been added yet. Come back later with the same link.'}</p>
        <div class="row"><button class="button" @click=${() => void this.#next()}>Look again</button>
        ${this.done ? html`<button class="button" @click=${() => void this.#openMine()}>My work</button>` : nothing}</div></div>`
  }

  async #takeOver() {
    if (!(await this.lock.steal())) return
    // What the other tab wrote is in IndexedDB and on the server by now: start from there.
    navigate(location.pathname, { replace: true })
  }
}

/** Load and decode before it is needed. @param {string} url */
async function preload(url) {
  const image = new Image()
  image.src = url
  await image.decode()
}
