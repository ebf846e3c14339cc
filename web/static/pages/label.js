// The labeling page: one task after the other. The surface draws, the session keeps, the outbox sends; this page only leads
// from one to the next, so that the next task is there when Submit is pressed.
import { render } from 'lit'
import { DraftSaver } from '../app/draft-saver.js'
import { Idle } from '../app/idle.js'
import { navigate } from '../app/router.js'
import { annotateEngine } from '../app/runtime.js'
import { openWork } from '../app/opened.js'
import { Outbox } from '../app/outbox.js'
import { tabLock } from '../app/tab-lock.js'
import { t, told } from '../app/texts.js'
import { isTyping } from '../elements/keys.js'
import { settingsChanged } from '../elements/own-settings.js'
import '../elements/surface.js'
import { Advance } from './label-advance.js'
import { pageCommands } from './label-commands.js'
import { Earlier } from './label-earlier.js'
import { Ending } from './label-ending.js'
import { Flow } from './label-flow.js'
import { hints } from './label-hints.js'
import { LabelInstructions } from './label-instructions.js'
import { Many } from './label-many.js'
import { LabelPrefs } from './label-prefs.js'
import { Repeat } from './label-repeat.js'
import { screen } from './label-screen.js'
import { sentence } from './words.js'

/** A first task whose media take longer is opened in Python without them. */
const MEDIA_FIRST_MS = 1_500
/** What is a sign of life for the working time. */
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel']

/**
 * @typedef {import('./label-flow.js').Work} Work
 * @typedef {import('../app/task-session.js').TaskSession} TaskSession
 * @typedef {import('../app/api.js').Problem} Problem
 * @typedef {HTMLElement & {ready: Promise<unknown>, updateComplete: Promise<unknown>, focusRegion: (region: string, control?: string) => void, focusNode: (name: string) => void}} Surface
 */

/** @param {HTMLElement} root @param {Record<string, string>} params @param {AbortSignal} signal */
export async function open(root, params, signal) {
  const work = await openWork(Number(params.id), signal)
  if (signal.aborted) return
  await new LabelPage(root, work, signal).start()
}

/** Dialogs that are fetched when they are first opened, which may be offline. */
const prefetch = () => Promise.all([import('./label-outbox.js'), import('../elements/kite-palette.js'), import('../elements/kite-keymap.js'), import('../elements/kite-settings.js')])

export class LabelPage {
  /** Feedback, comments, messages, numbers; null until their module is here. @type {import('./label-more.js').LabelMore | null} */
  more = null
  /** The comments are open. */
  talk = false
  /** Others' answers to a task of one's own. @type {import('./label-others.js').Others | null} */
  #others = null
  #frame = 0
  #drawing = false

  /** @param {HTMLElement} root @param {Work} work @param {AbortSignal} signal */
  constructor(root, work, signal) {
    const { project, person } = work
    this.root = root
    this.work = work
    this.signal = signal
    const changed = () => this.#later()
    const toast = (/** @type {Problem[]} */ problems) => this.#toast(problems)
    const tell = (/** @type {import('../elements/kite-toast.js').Message} */ said) => this.tell(said)
    this.engine = annotateEngine()
    this.outbox = new Outbox(person.id, signal)
    this.prefs = new LabelPrefs(person.id, signal)
    this.idle = new Idle({ signal, changed })
    this.repeat = new Repeat(this.engine)
    this.advance = new Advance({ project: project.id, person: person.id, given: !!project.auto_advance, signal, changed })
    this.instructions = new LabelInstructions({ text: project.instructions, key: `labelkite-instructions-${project.id}-${person.id}`, root, changed: () => this.#draw() })
    const halves = (/** @type {Problem[]} */ detail) => { this.surface?.dispatchEvent(new CustomEvent('kite-halves', { detail })) }
    /** @type {Flow} */
    this.flow = new Flow({
      work, engine: this.engine, outbox: this.outbox, signal, many: () => this.many, goes: (session) => this.advance.goes(session), takeBack: (item) => this.earlier.takeBack(item),
      count: () => this.#count(), halves, toast, tell, draw: () => this.#draw(), changed,
    })
    const { flow } = this
    const envelope = (/** @type {string} */ path) => flow.envelope(path)
    const session = (/** @type {import('../app/task-session.js').Envelope} */ given) => flow.session(given)
    this.draft = new DraftSaver({ engine: this.engine, current: () => flow.current, changed, signal })
    this.earlier = new Earlier({
      project: project.id, outbox: this.outbox, signal, current: () => flow.current, envelope, session, aside: () => flow.putAside(),
      enter: async (task) => {
        flow.show(task)
        await flow.openCurrent()
      },
      toast, tell, changed: () => this.#draw(),
    })
    /** @type {Many} */
    this.many = new Many({
      project: project.id, plan: () => work.plan, outbox: this.outbox, root, signal, get: envelope, session,
      pauses: (error) => flow.pauses(error), next: () => flow.next(), tell, changed, sent: (n) => flow.counted(n),
    })
    this.ending = new Ending({
      work, flow, engine: this.engine, outbox: this.outbox, draft: this.draft, repeat: this.repeat, earlier: this.earlier, more: () => this.more,
      halves,
      focus: (problem) => this.focusProblem(problem), toast, tell, changed,
    })
    this.lock = tabLock(`labelkite-label-${project.id}-${person.id}`, signal, () => flow.stop('elsewhere'))
    this.commands = this.#commands()
    hints(signal)
  }

  /** What can be done on a task beside what its surface does. @returns {readonly import('../elements/commands.js').Command[]} */
  #commands() {
    const { ending, instructions } = this
    return [
      { id: 'task.same', does: 'The same answers as the task before', keys: 'alt+s', group: 'Edit', run: () => this.same(false) },
      { id: 'task.same-all', does: 'The same answers and regions as the task before', keys: 'alt+shift+s', group: 'Edit', run: () => this.same(true) },
      ...pageCommands({
        submit: () => void ending.submit(), skip: () => ending.skip(), later: () => void ending.postpone(), back: () => void this.back(), comments: () => this.chat(),
        instructions: () => instructions.open(), mine: () => void this.openMine(), waiting: () => void this.openWaiting(),
        may: { skip: () => ending.mayskip, later: () => ending.maywait, back: () => this.flow.done > 0, comments: () => !!this.more, instructions: () => !!this.work.project.instructions },
      }),
    ]
  }

  async start() {
    document.title = `${this.work.project.title} · Labelkite`
    this.#listen()
    if (await this.lock.hold()) await this.#begin()
    else this.flow.stop('elsewhere')
  }

  #listen() {
    const { signal, flow, engine, outbox } = this
    document.addEventListener('keydown', (event) => this.#key(event), { signal })
    document.addEventListener('visibilitychange', () => this.#looked(), { signal })
    for (const sign of SIGNS) document.addEventListener(sign, () => (this.many.grid ?? flow.current)?.active.seen(performance.now()), { signal, passive: true, capture: true })
    addEventListener('online', () => flow.again(), { signal })
    addEventListener('pagehide', () => flow.giveBack(), { signal })
    settingsChanged.addEventListener('change', (event) => {
      const { detail } = /** @type {CustomEvent} */ (event)
      if (!('keep_labels' in detail || 'select_new' in detail)) return
      void flow.sessions().then((sessions) => sessions.forEach((session) => session?.prefer())) // the engine is to know
    }, { signal })
    engine.addEventListener('restart', () => void this.#reopen(), { signal })
    engine.addEventListener('up', () => this.#later(), { signal })
    engine.addEventListener('lost', () => flow.fail(t('The labeling engine stopped several times. Your work is kept in this browser: reload the page to go on.')), { signal })
    outbox.addEventListener('change', () => this.#later(), { signal })
    outbox.addEventListener('refused', (event) => this.#refused(/** @type {CustomEvent} */ (event).detail), { signal })
    outbox.addEventListener('sent', (event) => flow.reached(/** @type {CustomEvent} */ (event).detail.answer), { signal })
  }

  async #begin() {
    const { flow, work, engine, outbox } = this
    const opening = outbox.open().then(() => outbox.waiting.map((item) => item.task))
    if (work.next) flow.show(flow.session(work.next))
    else if (work.paused) flow.pause(work.paused)
    else if (work.away) void flow.next()
    else flow.stop('done')
    await this.surface?.updateComplete // before its first update `ready` is of nothing yet
    // The labels are there and the media were asked for before anything else: now Python, in its worker.
    engine.ready.catch(() => {}) // `lost` and `restart` tell
    await Promise.race([this.surface?.ready, new Promise((resolve) => setTimeout(resolve, MEDIA_FIRST_MS))])
    performance.mark('kite-usable')
    void this.#fetchMore()
    void this.prefs.fetch()
    const sent = await opening
    // What was finished without a connection, and is only now on its way, the server gives out once more.
    if (flow.current && !flow.current.envelope.annotation && sent.includes(flow.current.task)) await flow.next()
    else await flow.openCurrent()
    flow.ahead.fill()
    this.instructions.atFirst()
  }

  async #fetchMore() {
    const { LabelMore } = await import('./label-more.js')
    void prefetch().catch(() => {}) // what may be wanted where there is no connection
    const { project, person } = this.work
    this.more = new LabelMore({ project: project.id, person: person.id, signal: this.signal, changed: () => this.#later() })
    await this.more.load()
    if (this.grids && this.many.wanted) this.openGrid()
  }

  /** The worker is a new one: whatever was open is given to it again. */
  async #reopen() {
    for (const session of await this.flow.sessions()) await session?.reopen().catch(() => {})
  }

  /** The time of a page that nobody sees does not count. */
  #looked() {
    const { grid } = this.many
    if (document.hidden) {
      this.flow.current?.leave()
      grid?.active.stop(performance.now())
    } else if (grid) grid.active.start(performance.now())
    else this.flow.current?.visit()
  }

  /** Their numbers, as soon as all that was done is in them. */
  #count() {
    if (!this.outbox.waiting.length) void this.more?.load()
  }

  // ---- what the person does -----------------------------------------------------------------------------------------

  /** What a person did on the surface. @param {TaskSession} session @param {Record<string, unknown>} intent */
  act(session, intent) {
    if (this.flow.busy && this.advance.goes(session)) return // it is on its way: a second press would not reach it any more
    void session.send(intent).catch(() => {})
    if (session === this.flow.current) this.#draw() // the next key or stroke may come before the next frame: it finds what this one made
    const decided = this.advance.decided(session, intent)
    if (decided) void this.ending.submit(false, decided)
  }

  /** The answers of the task before, once more. @param {boolean} regions with all regions */
  same(regions) {
    const session = this.flow.current
    if (!session || this.flow.state !== 'work') return
    if (this.repeat.has(regions)) this.act(session, this.repeat.intent(regions))
    else this.tell({ text: regions ? t('The task before had nothing to take over.') : t('The task before had no answers to take over. With Shift its regions come along.'), kind: 'info' })
  }

  /** The task before, to be corrected: taken back while it was not sent yet. */
  async back() {
    if (this.earlier.held) await this.takeLast()
    else await this.earlier.back()
  }

  /** What was just sent comes back, as long as nobody has it. */
  async takeLast() {
    if (!(await this.earlier.takeLast())) return
    this.flow.counted(-1)
    this.#later()
  }

  /** Whether tasks can be shown beside each other: practice and corrections are looked at alone. */
  get grids() {
    const { state, current, paused } = this.flow
    const here = state === 'grid' || (state === 'work' && !current?.envelope.annotation)
    return here && !paused && !!this.more && !this.more.practicing && this.many.fits
  }

  /** Many tasks at once: what is here goes along. */
  openGrid() {
    if (this.flow.busy) return
    void this.many.open(() => {
      this.outbox.release()
      this.draft.rest()
      this.flow.toGrid()
    })
  }

  /** Opens and closes the comments. */
  chat() {
    this.talk = !this.talk
    this.#draw()
    if (this.talk) requestAnimationFrame(() => /** @type {any} */ (this.root.querySelector('kite-comments'))?.write())
  }

  async openMine() {
    const dialog = /** @type {HTMLDialogElement} */ (this.root.querySelector('#mine'))
    void this.more?.load()
    const listed = this.earlier.list()
    dialog.showModal()
    await listed
  }

  /** The list of what is not on the server yet. */
  async openWaiting() {
    const { openOutbox } = await import('./label-outbox.js')
    openOutbox({ outbox: this.outbox, draft: this.draft, session: this.flow.current, project: this.work.project, signal: this.signal })
  }

  /** @param {number} task one of one's own that was finished */
  async correct(task) {
    /** @type {HTMLDialogElement | null} */ (this.root.querySelector('#mine'))?.close()
    await this.many.drop()
    await this.earlier.correct(task)
    if (!this.flow.current) await this.flow.next()
  }

  /** A refused task is looked at alone. @param {import('../app/worklog.js').Outgoing} item */
  async openRefused(item) {
    await this.many.drop()
    await this.earlier.takeBack(item)
    if (!this.flow.current) await this.flow.next()
  }

  /** Works in this tab instead of the other one. */
  async takeOver() {
    if (!(await this.lock.steal())) return
    // What the other tab wrote is in IndexedDB and on the server by now: start from there.
    navigate(location.pathname, { replace: true })
  }

  /** @param {{item: import('../app/worklog.js').Outgoing, problems: Problem[]}} detail */
  #refused({ item, problems }) {
    this.#toast([{ code: 'refused', message: t('A finished task was not taken by the server: {why}', { why: told(problems[0]?.message) }), hint: t('It is kept here: open it at the top of the page.') }])
    if (this.flow.state !== 'work' && this.flow.state !== 'grid') void this.earlier.takeBack(item)
    this.#later()
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (this.root.querySelector('dialog[open]')) return
    const { flow, earlier, many } = this
    const target = /** @type {Element} */ (event.target)
    const command = event.ctrlKey || event.metaKey
    const undoes = command && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'z'
    if (flow.state === 'lesson' && event.key === 'Enter') {
      if (event.repeat || target.closest('button, a')) return // Submit that is held down, or what is pressed anyway
      event.preventDefault()
      void flow.leaveTask()
    } else if (command && event.key === 'Enter' && many.grid) {
      event.preventDefault()
      void many.grid.submit()
    } else if (undoes && earlier.held && !flow.busy && !flow.current?.view.undo && !isTyping(target)) {
      event.preventDefault()
      void this.takeLast()
    } else if (event.key === 'Enter' && target.matches?.('input[type=radio]') && this.advance.goes(flow.current)) {
      event.preventDefault()
      void this.ending.submit()
    }
  }

  // ---- what the person sees -----------------------------------------------------------------------------------------

  get surface() {
    return /** @type {Surface | null} */ (this.root.querySelector('kite-surface'))
  }

  /** @param {Problem} problem */
  focusProblem(problem) {
    if (problem.region) this.surface?.focusRegion(problem.region, problem.control)
    else if (problem.control) this.surface?.focusNode(problem.control)
  }

  /** What others said, where one may see it: the module comes with the first task that one looks at again. @param {TaskSession} session */
  othersOf(session) {
    if (!session.envelope.annotation || session.envelope.sent_back || !this.work.project.show_others) return null
    if (!this.#others) {
      void import('./label-others.js').then(({ Others }) => {
        this.#others ??= new Others({ root: this.root, signal: this.signal, changed: () => this.#later(), act: (of, intent) => this.act(of, intent) })
        this.#later()
      }).catch(console.warn)
    }
    return this.#others
  }

  /** @param {import('../elements/kite-toast.js').Message} said */
  tell(said) {
    /** @type {import('../elements/kite-toast.js').KiteToast | null} */ (this.root.querySelector('kite-toast'))?.show(said)
  }

  /** @param {Problem[]} problems */
  #toast(problems) {
    for (const problem of problems) this.tell({ text: sentence(problem), kind: 'attention' })
  }

  #later() {
    if (this.#frame || this.signal.aborted) return
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0
      this.#draw()
      if (!this.flow.busy) this.draft.soon()
    })
  }

  #draw() {
    if (this.signal.aborted) return
    if (this.#drawing) return this.#later() // somebody acts while being drawn
    this.#drawing = true
    try {
      render(screen(this), this.root)
    } finally {
      this.#drawing = false
    }
  }
}
