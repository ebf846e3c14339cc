/**
 * Many tasks of one kind beside each other: select some, press the key of a choice, send them all. Each task is a session of its own,
 * so that what is chosen survives a reload; each is sent as an annotation of its own.
 */
import { html, nothing } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { ActiveTime } from '../app/active-time.js'
import { ApiError, api } from '../app/api.js'
import { outgoing } from '../app/outgoing.js'
import { t } from '../app/texts.js'
import { inkOn } from '../elements/colors.js'
import { echo } from '../elements/echo.js'
import { eventNames, isTyping, planned, printed } from '../elements/keys.js'
import { adopt } from '../elements/sheet.js'
import { styled } from '../elements/styled.js'
import css from '../styles/label-grid.css' with { type: 'text' }
import { dragBand } from './label-grid-band.js'
import { NOTHING, pressed, stepped, without } from './label-grid-select.js'
import { drawData, drawEmpty } from './label-grid-view.js'
import { sentence } from './words.js'

/**
 * @typedef {import('../app/task-session.js').TaskSession} TaskSession
 * @typedef {import('../app/task-session.js').Envelope} Envelope
 *
 * @typedef {object} Desk what the page gives
 * @property {number} project
 * @property {import('../elements/types.js').Plan} plan
 * @property {import('./label-grid-plan.js').GridPlan} grid
 * @property {import('../app/outbox.js').Outbox} outbox
 * @property {(path: string) => Promise<any>} get
 * @property {(envelope: Envelope) => TaskSession} session
 * @property {(error: ApiError) => boolean} pauses whether it says that no new tasks are given out; the page tells then
 * @property {(sent: number) => void} sent so many were put into the outbox
 * @property {() => void} leave the person goes back to one task at a time
 * @property {(message: import('../elements/kite-toast.js').Message) => void} tell
 * @property {() => void} changed
 * @property {HTMLElement} root
 * @property {AbortSignal} signal
 */

adopt(css)

/** Tasks that are seen at once. */
export const TILES = 30
const SIZES = /** @type {const} */ (['small', 'medium', 'large'])
const SIZE_KEPT = 'labelkite-grid-size'
const MAC = /Mac|iPhone|iPad/.test(navigator.platform)

export class LabelGrid {
  /** @type {TaskSession[]} */
  #tiles = []
  /** @type {import('./label-grid-select.js').Selection} */
  #selection = NOTHING
  /** @type {'loading' | 'ready' | 'empty' | 'away' | 'left'} */
  #state = 'loading'
  #trouble = ''
  #sending = false
  /** What was given last, with what was there before, to be taken back in this order. @type {{session: TaskSession, before: string[]}[][]} */
  #given = []
  /** What is there again once an undo on its way is answered. @type {Map<TaskSession, string[]>} */
  #undone = new Map()
  /** Seconds of work from when a task was looked at alone. @type {WeakMap<TaskSession, number>} */
  #before = new WeakMap()
  /** Tasks that could not be opened: what is chosen for them would reach nobody. @type {WeakSet<TaskSession>} */
  #failed = new WeakSet()
  /** What stands in the way of single tasks, by task. @type {Map<number, string>} */
  #problems = new Map()
  /** The task that is looked at closely. @type {TaskSession | null} */
  #close = null
  /** The band that is dragged, in pixels of the window. @type {import('./label-grid-select.js').Box | null} */
  #band = null
  #said = ''
  /** Pictures that could not be shown, by task. @type {Set<number>} */
  #broken = new Set()
  #size = SIZES.find((size) => size === localStorage.getItem(SIZE_KEPT)) ?? 'medium'
  /** Working time since the last tasks were sent: it is shared among the next ones. */
  active = new ActiveTime()

  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk
    const { signal } = desk
    document.addEventListener('keydown', (event) => this.#key(event), { signal })
    this.active.start(performance.now())
  }

  get #open() {
    return this.#state !== 'left' && !this.desk.signal.aborted
  }

  /** Sessions that are open in the engine, to be opened again when it was replaced. */
  get sessions() {
    return this.#tiles
  }

  /** There is something that the server does not have. */
  get unsynced() {
    return this.#tiles.some((session) => session.unsynced)
  }

  // ---- tasks ----

  /** Fetches tasks until the grid is full, or nothing is left. */
  async fill() {
    const { desk } = this
    const missing = TILES - this.#tiles.length
    if (missing <= 0 || !this.#open) return
    this.#state = 'loading'
    desk.changed()
    try {
      const exclude = [...this.#tiles.map((session) => session.task), ...desk.outbox.waiting.map((item) => item.task), ...desk.outbox.refused.map((item) => item.task)].join(',')
      const { tasks } = /** @type {{tasks: Envelope[]}} */ (await desk.get(`/api/projects/${desk.project}/next/many?count=${missing}&exclude=${exclude}`))
      if (!this.#open) return
      const known = new Set(this.#tiles.map((session) => session.task))
      const sessions = tasks.filter(({ task }) => !known.has(task.id)).map((envelope) => desk.session(envelope))
      this.#tiles = [...this.#tiles, ...sessions]
      this.#state = this.#tiles.length ? 'ready' : 'empty'
      this.#trouble = ''
      for (const session of sessions) void session.open().then(() => this.#before.set(session, session.leadTime)).catch((error) => {
        this.#failed.add(session)
        this.#problem(session, error instanceof Error ? error.message : String(error))
      })
      performance.mark('kite-grid')
      this.#focus()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (!this.#open) return
      if (error.status === 409 && desk.outbox.waiting.length) { // what is still being sent counts as held
        desk.outbox.addEventListener('sent', () => void this.fill(), { once: true, signal: desk.signal })
        return
      }
      if (desk.pauses(error)) return
      this.#state = this.#tiles.length ? 'ready' : 'away'
      this.#trouble = error.problems[0]?.message ?? ''
    } finally {
      desk.changed()
    }
  }

  /** @param {TaskSession} session @param {string} text */
  #problem(session, text) {
    this.#problems.set(session.task, text)
    this.desk.changed()
  }

  /** What a task is answered with now, the echo with it. @param {TaskSession} session @returns {string[]} stored names */
  #chosen(session) {
    const again = this.#undone.get(session)
    if (again) return again
    const { plan, grid } = this.desk
    const view = echo(plan, /** @type {any} */ (session.view), /** @type {any} */ (session.pending))
    return view.answers[grid.control.name]?.choices ?? []
  }

  get #options() {
    return /** @type {{stored: string, text: string, color: string, hotkey?: string, hint?: string}[]} */ (this.#tiles[0]?.envelope.display.options[this.desk.grid.control.name] ?? this.desk.grid.control.options ?? [])
  }

  /** Gives a choice to all that are selected, or to the tile with the keyboard; where all have it, takes it away. @param {string} choice */
  #give(choice) {
    const some = this.#selection.chosen.size > 0
    const places = some ? [...this.#selection.chosen] : [this.#selection.cursor]
    const sessions = places.flatMap((at) => this.#tiles[at] ?? []).filter((session) => !this.#failed.has(session))
    if (!sessions.length || this.#sending) return
    const single = this.desk.grid.control.choice !== 'multiple'
    const all = sessions.every((session) => this.#chosen(session).includes(choice))
    const changed = sessions.filter((session) => all || !this.#chosen(session).includes(choice))
    const before = changed.map((session) => ({ session, before: this.#chosen(session) }))
    for (const session of changed) {
      this.#problems.delete(session.task)
      this.#undone.delete(session)
      void session.send({ type: 'choose', control: this.desk.grid.control.name, choice, checked: !all }).catch(() => {})
    }
    if (before.length) this.#given.push(before)
    const name = this.#options.find((option) => option.stored === choice)?.text ?? choice
    this.#said = all ? t('“{name}” taken from {n} tasks', { name, n: sessions.length }) : t('“{name}” given to {n} tasks', { name, n: sessions.length })
    // One by one with the keyboard: the next tile waits for its key.
    if (!some && single && !all && this.#selection.cursor < this.#tiles.length - 1) {
      const at = this.#selection.cursor + 1
      this.#selection = { ...this.#selection, cursor: at, anchor: at }
      this.#focus()
    }
    this.desk.changed()
  }

  /** Takes back what was given last. */
  #undo() {
    const last = this.#given.pop()?.filter(({ session }) => this.#tiles.includes(session))
    if (!last) return
    for (const { session, before } of last) {
      this.#undone.set(session, before)
      void session.send({ type: 'undo' }).catch(() => {}).finally(() => {
        if (this.#undone.get(session) === before) this.#undone.delete(session)
        this.desk.changed()
      })
    }
    this.#said = t('Taken back for {n} tasks', { n: last.length })
    this.desk.changed()
  }

  get #answered() {
    return this.#tiles.filter((session) => !this.#failed.has(session) && this.#chosen(session).length > 0)
  }

  /** Sends all that have an answer, each for itself; the working time is shared among them. */
  async submit() {
    const sessions = this.#answered
    const { desk } = this
    if (!sessions.length || this.#sending) return
    this.#sending = true
    desk.changed()
    try {
      const ready = []
      for (const session of sessions) {
        const { result, problems } = await session.dump()
        const [standing] = problems.filter((problem) => problem.severity !== 'warning')
        if (standing) this.#problem(session, sentence(standing))
        else ready.push({ session, result })
      }
      if (!ready.length) return
      this.active.seen(performance.now())
      const share = this.active.ms / ready.length
      /** @type {TaskSession[]} */
      const sent = []
      try {
        for (const { session, result } of ready) {
          const before = this.#before.get(session) ?? 0
          await desk.outbox.add(outgoing(session, result, { seconds: Math.round((before + share / 1000) * 10) / 10, activeMs: session.active.ms + share }))
          sent.push(session)
        }
      } finally {
        if (sent.length) this.#sent(sent) // if one could not be kept, those before it are on their way all the same: never twice
      }
      const left = sessions.length - ready.length
      if (left) desk.tell({ text: t('{n} tasks were not sent: what is missing stands on them.', { n: left }), kind: 'attention' })
    } catch (error) {
      desk.tell({ text: t('This could not be submitted yet. {why}', { why: error instanceof Error ? error.message : String(error) }), kind: 'attention' })
    } finally {
      this.#sending = false
      desk.changed()
    }
    await this.fill()
  }

  /** @param {TaskSession[]} sessions */
  #sent(sessions) {
    this.active = new ActiveTime()
    this.active.start(performance.now())
    this.#drop(sessions)
    this.desk.sent(sessions.length)
    this.#said = t('{n} tasks sent', { n: sessions.length })
  }

  /** @param {TaskSession[]} sessions */
  #drop(sessions) {
    const gone = new Set(sessions.map((session) => this.#tiles.indexOf(session)))
    for (const session of sessions) void session.close().catch(() => {})
    this.#tiles = this.#tiles.filter((session) => !sessions.includes(session))
    this.#selection = { ...without(this.#selection, gone, this.#tiles.length), cursor: 0, anchor: 0 }
    this.#given = this.#given.map((one) => one.filter(({ session }) => this.#tiles.includes(session))).filter((one) => one.length)
  }

  /** Gives back what nothing was done on; what has an answer comes first when work goes on one by one. */
  leave() {
    if (this.#state === 'left') return
    this.#state = 'left'
    this.active.stop(performance.now())
    const free = this.#tiles.filter((session) => !session.begun).map((session) => session.task)
    for (const session of this.#tiles) void session.close().catch(() => {})
    if (free.length) return api.post(`/api/projects/${this.desk.project}/leases/return`, { tasks: free }, { keepalive: true }).catch(() => {})
  }

  // ---- the keyboard ----

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (!this.#open || event.defaultPrevented || event.isComposing || isTyping(event.target)) return
    const looking = !!this.#close
    if (!looking && document.querySelector('dialog[open]')) return
    const target = /** @type {HTMLElement} */ (event.target)
    const names = eventNames(event)
    const command = event.ctrlKey || event.metaKey
    const hotkey = planned(this.desk.plan.hotkeys, names, 'main', this.desk.grid.control.name)
    if (hotkey?.intent.type === 'choose') {
      event.preventDefault()
      if (!event.repeat) this.#give(hotkey.intent.choice)
      return
    }
    if (looking) return // the dialog has its own
    if (command && event.key.toLowerCase() === 'a') {
      this.#selection = { ...this.#selection, chosen: new Set(this.#tiles.flatMap((session, at) => (event.shiftKey && this.#chosen(session).length ? [] : [at]))) }
    } else if (command && event.key.toLowerCase() === 'z' && !event.shiftKey) this.#undo()
    else if (event.key === 'Escape') this.#selection = { ...this.#selection, chosen: new Set() }
    else if (target.closest?.('.grid-tiles') || target === document.body) {
      const next = stepped(this.#selection, event.key, this.#columns, this.#tiles.length, event.shiftKey)
      if (next && !command && !event.altKey) {
        this.#selection = next
        this.#focus()
      } else if (event.key === ' ') this.#selection = pressed(this.#selection, this.#selection.cursor, { shift: event.shiftKey, ctrl: true })
      else if (event.key === 'Enter' && !command && !event.altKey) this.#look(this.#selection.cursor)
      else return
    } else return
    event.preventDefault()
    this.desk.changed()
  }

  get #list() {
    return /** @type {HTMLElement | null} */ (this.desk.root.querySelector('.grid-tiles'))
  }

  /** How many tiles stand beside each other. */
  get #columns() {
    const list = this.#list
    return list ? Math.max(1, getComputedStyle(list).gridTemplateColumns.split(' ').length) : 1
  }

  #focus() {
    requestAnimationFrame(() => requestAnimationFrame(() => {
      if (!this.#open || document.querySelector('dialog[open]')) return
      const tile = /** @type {HTMLElement | null} */ (this.#list?.querySelectorAll('.grid-tile')[this.#selection.cursor] ?? null)
      tile?.focus({ preventScroll: true })
      tile?.scrollIntoView({ block: 'nearest' })
    }))
  }

  // ---- mouse, pen and finger ----

  /** @param {PointerEvent} event */
  #press(event) {
    const base = event.ctrlKey || event.metaKey || event.shiftKey ? [...this.#selection.chosen] : []
    dragBand(event, /** @type {HTMLElement} */ (this.#list), (band, tiles) => {
      this.#band = band
      if (band) this.#selection = { ...this.#selection, chosen: new Set([...base, ...tiles]) }
      this.desk.changed()
    })
  }

  /** @param {MouseEvent} event @param {number} at */
  #click(event, at) {
    const finger = /** @type {PointerEvent} */ (event).pointerType === 'touch'
    this.#selection = pressed(this.#selection, at, { shift: event.shiftKey, ctrl: finger || event.ctrlKey || event.metaKey })
    this.desk.changed()
  }

  /** A closer look at one. @param {number} at */
  #look(at) {
    this.#close = this.#tiles[at] ?? null
    if (!this.#close) return
    this.#selection = pressed(this.#selection, at)
    this.desk.changed()
    requestAnimationFrame(() => requestAnimationFrame(() => {
      const dialog = /** @type {HTMLDialogElement | null} */ (this.desk.root.querySelector('#grid-close'))
      if (dialog && !dialog.open) dialog.showModal()
    }))
  }

  // ---- drawing ----

  draw() {
    const answered = this.#answered.length
    return html`<section class="grid-page grid-${this.#size}" aria-label=${t('Grid of tasks')}>
      <div class="grid-bar">
        <div class="grid-choices" role="group" aria-label=${t('Choices')}>${this.#options.map((option) => this.#choice(option))}</div>
        <span class="grow"></span>
        <span class="muted small number">${this.#selection.chosen.size ? t('{n} selected', { n: this.#selection.chosen.size }) : t('{n} of {all} answered', { n: answered, all: this.#tiles.length })}</span>
        <span class="row grid-acts">
          <button class="button button-quiet button-small" type="button" title=${t('Ctrl+A; with Shift those without an answer')} ?disabled=${!this.#tiles.length} @click=${() => { this.#selection = { ...this.#selection, chosen: new Set(this.#tiles.keys()) }; this.desk.changed() }}>${t('Select all')}</button>
          <button class="button button-quiet button-icon button-small" type="button" title=${t('Take back what was given last (Ctrl+Z)')} aria-label=${t('Undo')} ?disabled=${!this.#given.length} @click=${() => this.#undo()}><kite-icon name="undo"></kite-icon></button>
          ${SIZES.map((size) => html`<button class="button button-quiet button-small grid-size" type="button" aria-pressed=${this.#size === size} title=${size === 'small' ? t('Small tiles') : size === 'medium' ? t('Middling tiles') : t('Large tiles')} aria-label=${size === 'small' ? t('Small tiles') : size === 'medium' ? t('Middling tiles') : t('Large tiles')} @click=${() => this.#resize(size)}><span class="grid-size-box grid-size-${size}" aria-hidden="true"></span></button>`)}
        </span>
      </div>
      ${this.#tiles.length ? this.#shelf() : this.#empty()}
      ${this.#band ? html`<div class="grid-band" style=${styled({ left: `${this.#band.left}px`, top: `${this.#band.top}px`, width: `${this.#band.right - this.#band.left}px`, height: `${this.#band.bottom - this.#band.top}px` })}></div>` : nothing}
      <span class="visually-hidden" role="status">${this.#said}</span>
      ${this.#closer()}
    </section>`
  }

  /** What can be done, for the foot of the page. */
  actions() {
    const n = this.#answered.length
    return html`<button class="button button-quiet" type="button" title=${t('What has no answer goes back to the others; the rest comes first')} @click=${() => this.desk.leave()}>${t('One by one')}</button>
      <button class="button button-primary" type="button" ?disabled=${!n || this.#sending} @click=${() => void this.submit()}>${n ? t('Submit {n}', { n }) : t('Submit')} <span class="kbd">Ctrl ↵</span></button>`
  }

  /** @param {'small' | 'medium' | 'large'} size */
  #resize(size) {
    this.#size = size
    localStorage.setItem(SIZE_KEPT, size)
    this.desk.changed()
    this.#focus()
  }

  /** @param {{stored: string, text: string, color: string, hotkey?: string, hint?: string}} option */
  #choice(option) {
    const key = option.hotkey ? printed(option.hotkey, MAC) : ''
    const used = this.#tiles.filter((session) => this.#chosen(session).includes(option.stored)).length
    return html`<button class="button button-small grid-choice" type="button" title=${[option.hint, t('Give it to what is selected'), key && t('Key {key}', { key })].filter(Boolean).join('. ')} aria-keyshortcuts=${option.hotkey || nothing} ?disabled=${!this.#tiles.length || this.#sending}
      style=${styled({ '--swatch': option.color })} @click=${() => this.#give(option.stored)}><span class="swatch"></span>${option.text}${used ? html`<span class="number muted">${used}</span>` : nothing}${key ? html`<kbd class="kbd" aria-hidden="true">${key}</kbd>` : nothing}</button>`
  }

  #shelf() {
    const names = new Map(this.#options.map((option) => [option.stored, option]))
    return html`<div class="grid-tiles" role="listbox" aria-multiselectable="true" aria-label=${t('Tasks')} aria-busy=${this.#state === 'loading'} @pointerdown=${(/** @type {PointerEvent} */ event) => this.#press(event)}>
      ${repeat(this.#tiles, (session) => session.task, (session, at) => this.#tile(session, at, names))}
    </div>`
  }

  /** @param {TaskSession} session @param {number} at @param {Map<string, {text: string, color: string}>} names */
  #tile(session, at, names) {
    const chosen = this.#chosen(session)
    const on = this.#selection.chosen.has(at)
    const texts = chosen.map((choice) => names.get(choice)?.text ?? choice)
    const problem = this.#problems.get(session.task)
    const source = session.envelope.display.objects[this.desk.grid.object.name] ?? {}
    return html`<div class="grid-tile ${on ? 'is-on' : ''} ${chosen.length ? 'is-answered' : ''} ${problem ? 'has-problem' : ''}" role="option" aria-selected=${on} tabindex=${at === this.#selection.cursor ? 0 : -1} data-task=${session.task}
      @click=${(/** @type {MouseEvent} */ event) => this.#click(event, at)} @dblclick=${() => this.#look(at)} @focus=${() => { if (this.#selection.cursor !== at) { this.#selection = { ...this.#selection, cursor: at }; this.desk.changed() } }}>
      <span class="visually-hidden">${t('Task {n}', { n: at + 1 })}. </span>${this.#data(session, source, true)}
      <span class="grid-mark" aria-hidden="true">${on ? html`<kite-icon name="check"></kite-icon>` : nothing}</span>
      ${texts.length ? html`<span class="grid-answers">${chosen.map((choice) => html`<span class="grid-answer" style=${styled(names.get(choice)?.color ? { '--swatch': names.get(choice)?.color ?? '', '--ink': inkOn(names.get(choice)?.color ?? '#888888') } : {})}>${names.get(choice)?.text ?? choice}</span>`)}</span>` : html`<span class="visually-hidden">${t('no answer yet')}</span>`}
      ${problem ? html`<span class="grid-problem">${problem}</span>` : nothing}
    </div>`
  }

  /** @param {TaskSession} session @param {any} source @param {boolean} small */
  #data(session, source, small) {
    const broken = this.#broken.has(session.task)
    return drawData(this.desk.grid.object.type, source, { small, broken, fails: () => { this.#broken.add(session.task); this.desk.changed() } })
  }

  #empty() {
    return drawEmpty(this.#state, this.#trouble, { again: () => void this.fill(), leave: () => this.desk.leave() })
  }

  #closer() {
    const session = this.#close
    const source = session?.envelope.display.objects[this.desk.grid.object.name] ?? {}
    const chosen = session ? this.#chosen(session) : []
    return html`<dialog class="dialog grid-close" id="grid-close" aria-label=${t('A closer look')} @close=${() => { this.#close = null; this.#focus(); this.desk.changed() }}>
      <div class="dialog-body" tabindex="0">${session ? this.#data(session, source, false) : nothing}</div>
      <div class="dialog-foot"><div class="grid-choices grow" role="group" aria-label=${t('Choices')}>${session ? this.#options.map((option) => html`<button class="button button-small grid-choice" type="button" aria-pressed=${chosen.includes(option.stored)} style=${styled({ '--swatch': option.color })} @click=${() => this.#give(option.stored)}><span class="swatch"></span>${option.text}${option.hotkey ? html`<kbd class="kbd" aria-hidden="true">${printed(option.hotkey, MAC)}</kbd>` : nothing}</button>`) : nothing}</div>
        <form method="dialog"><button class="button" autofocus>${t('Close')} <span class="kbd">Esc</span></button></form></div>
    </dialog>`
  }
}
