/** A project's tab Explore: all tasks in a table that filters, sorts and counts a million of them in this browser. */
import { html, nothing } from 'lit'
import { api } from '../app/api.js'
import { adopt } from '../elements/sheet.js'
import css from '../styles/explore.css' with { type: 'text' }
import { bars, has } from './explore-bars.js'
import { chips } from './explore-chips.js'
import './explore-filter.js'
import { ExploreIndex } from './explore-index.js'
import './explore-rows.js'
import './explore-undo.js'
import { askedBy, askedWords, filterable, nothingAsked, queryOf, columnName } from './explore-words.js'
import { icon } from './icons.js'
import { attempt, failure, isTyping, vars, waiting } from './page.js'
import { LEAVE, ProjectTab, may, openTab } from './project-frame.js'
import { counted, number } from './words.js'

/** @typedef {import('./explore-index.js').Row} Row */
/** @typedef {import('./explore-index.js').Test} Test */
/** @typedef {import('./explore-index.js').Found} Found */
/** @typedef {import('./explore-rows.js').ExploreRows} Rows */
/** @typedef {import('./explore-undo.js').ExploreUndo} Undo */
/** @typedef {{id: number, name: string, shared: boolean, own: boolean, query: Record<string, unknown> | null, order: string[], shape: 'table' | 'grid'}} View */

adopt(css)

const COUNTED = ['state', 'labels', 'agreement', 'people']
const SEARCH_MS = 250
const PAGE = 50

class ExploreTab extends ProjectTab {
  /** @type {import('./project-frame.js').Tab} */ tab = 'explore'
  /** @type {ExploreIndex} */ index = /** @type {any} */ (null)
  /** What the filters ask for. */ #asked = nothingAsked()
  /** @type {string[]} */ #order = []
  /** @type {'table' | 'grid'} */ #shape = 'table'
  /** @type {Found} */ #found = { found: 0, maybe: 0, total: 0 }
  /** How many texts a search has to look at; 0: none. */ #toCheck = 0
  #checked = 0
  /** @type {Record<string, import('./explore-index.js').Counts>} */ #counts = {}
  /** @type {string[]} */ #counted = COUNTED
  /** @type {Set<number>} */ #selected = new Set()
  /** Rows of the first page, for as long as the table is not there. @type {Row[]} */ #early = []
  #adding = false
  /** Place of the group that the next filter goes into; -1: none. */ #group = -1
  /** @type {View[]} */ #views = []
  #view = 0
  /** Why a question was not answered. @type {unknown} */ #failed = null
  /** Why the table is not up to date. @type {unknown} */ #away = null
  #viewsCame = false
  /** What was done just now. @type {{text: string} | null} */ #done = null
  #turn = 0
  #timer = 0

  connectedCallback() {
    super.connectedCallback()
    this.index = new ExploreIndex(this.project, this.signal)
    this.#fromAddress()
    this.index.addEventListener('progress', () => this.requestUpdate())
    this.index.addEventListener('changed', () => void this.#ask({ keep: true }))
    this.index.addEventListener('failed', (event) => { this.#away = /** @type {CustomEvent} */ (event).detail; this.requestUpdate() })
    this.index.addEventListener('came', () => this.#came())
    this.addEventListener('kite-filter', (event) => this.#added(/** @type {CustomEvent} */ (event).detail))
    this.addEventListener('kite-order', (event) => this.#sort(/** @type {CustomEvent} */ (event).detail))
    this.addEventListener('kite-select', (event) => void this.#select(/** @type {CustomEvent} */ (event).detail))
    this.addEventListener('kite-open', (event) => void this.#open(/** @type {CustomEvent} */ (event).detail))
    document.addEventListener('keydown', (event) => this.#key(event), { signal: this.signal })
    void this.index.start()
    void this.#first()
  }

  updated() {
    super.updated()
    this.#rows?.requestUpdate() // what it got are other sets and lists
  }

  /** What failed with the table is asked for again with the project, however that came about. */
  async refreshBody() {
    if (this.#away) await this.index.start()
    if (!this.#viewsCame) await this.#loadViews()
  }

  #came() {
    if (!this.#away) return
    this.#away = null
    this.requestUpdate()
    void (this.index.ready ? this.#ask({ keep: true }) : undefined)
  }

  async #again() {
    this.#failed = null
    await this.refresh()
    if (!this.#away) await this.#ask({ keep: true })
  }

  /** Something to look at at once: the first tasks, before any filter can answer. */
  async #first() {
    const { value } = await attempt(() => api.get(`${this.path}/tasks?page=1&page_size=${PAGE}`, { signal: this.signal }))
    if (!value || this.index.ready) return
    this.#early = value.tasks.map((/** @type {any} */ task) => ({
      id: task.id, inner: task.inner_id, state: task.state, agreement: task.agreement, score: null, done: task.annotations, skipped: task.skipped, comments: 0,
      people: [], labels: [], created: 0, updated: Date.parse(task.updated_at) / 1000, seconds: 0, review: '', gold: '',
    }))
    this.requestUpdate()
    await this.updateComplete
    await this.#rows?.show()
    performance.mark('kite-explore-usable')
  }

  /** @returns {Rows | null} */
  get #rows() {
    return this.querySelector('kite-explore-rows')
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (this.#takesBack(event)) {
      event.preventDefault()
      void this.#undo?.undo()
    }
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector('dialog[open]')) return
    if (event.key === '/') /** @type {HTMLElement | null} */ (this.querySelector('.ex-search'))?.focus()
    else if (event.key === 'f') this.#add()
    else return
    event.preventDefault()
  }

  /** Ctrl+Z where nobody writes. @param {KeyboardEvent} event */
  #takesBack(event) {
    const pressed = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'z'
    return pressed && !event.defaultPrevented && !isTyping(event.target) && !document.querySelector('dialog[open]') && !!this.#undo?.open
  }

  // ---- what is asked ----

  get #query() {
    return queryOf(this.#asked, this.index.columns)
  }

  /** @param {{keep?: boolean}} [options] keep: the same question again, since rows are other */
  async #ask({ keep = false } = {}) {
    if (!this.index.ready) return
    const turn = ++this.#turn
    const query = this.#query
    const { value, error } = await attempt(() => this.index.ask(query, this.#order))
    if (turn !== this.#turn || !this.isConnected) return
    this.#failed = error ?? (value?.problems ? new Error(value.problems[0].message) : null)
    if (!value || value.problems) return this.requestUpdate()
    this.#found = value
    if (!keep) this.#checked = 0
    this.#toCheck = value.maybe
    this.requestUpdate()
    await this.updateComplete
    if (!keep) this.#rows?.top()
    await this.#rows?.show()
    performance.mark('kite-explore-ready')
    if (turn === this.#turn) await this.#count(turn)
    if (turn === this.#turn && query && value.maybe) await this.#check(turn, query)
  }

  /** @param {number} turn */
  async #count(turn) {
    const { value, error } = await attempt(() => this.index.counted(this.#counted))
    if (turn !== this.#turn) return
    this.#failed = error ?? this.#failed
    this.#counts = value ?? {}
    this.requestUpdate()
  }

  /** Let the server read what only texts can tell, some at a time; what is found is shown as it comes. @param {number} turn @param {Record<string, unknown>} query */
  async #check(turn, query) {
    for (;;) {
      const { value, error } = await attempt(() => this.index.check(query))
      if (turn !== this.#turn || !this.isConnected) return
      if (error) this.#failed = error
      if (!value) break
      this.#checked += this.#found.maybe - value.maybe
      this.#found = value
      this.requestUpdate()
      await this.updateComplete
      await this.#rows?.show()
    }
    this.#toCheck = 0
    this.requestUpdate()
    await this.#count(turn)
  }

  /** Another question. @param {Partial<import('./explore-words.js').Asked>} change */
  #change(change) {
    this.#asked = { ...this.#asked, ...change }
    this.#view = 0
    this.#selected = new Set()
    this.#toAddress()
    void this.#ask()
    this.requestUpdate()
  }

  /** @param {Test} test */
  #toggle = (test) => {
    const { tests } = this.#asked
    const there = has(tests, test)
    this.#change({ tests: there ? tests.filter((one) => !has([one], test)) : [...tests, test] })
  }

  /** @param {number} [group] the next filter's */
  #add(group = -1) {
    this.#adding = !this.#adding || group !== this.#group
    this.#group = group
    this.requestUpdate()
    if (this.#adding) void this.updateComplete.then(() => /** @type {HTMLElement | null} */ (this.querySelector('#ex-column'))?.focus())
  }

  /** @param {{test: Test, group: number} | null} made */
  #added(made) {
    this.#adding = false
    const { tests, groups, any } = this.#asked
    if (made && made.group < 0) this.#change({ tests: [...tests, made.test] })
    else if (made) {
      const there = groups[made.group] ?? { any: !any, tests: [] }
      this.#change({ groups: [...groups.slice(0, made.group), { ...there, tests: [...there.tests, made.test] }, ...groups.slice(made.group + 1)] })
    }
    this.requestUpdate()
    void this.updateComplete.then(() => /** @type {HTMLElement | null} */ (this.querySelector('.ex-add'))?.focus())
  }

  /** @param {Event} event */
  #search(event) {
    const words = /** @type {HTMLInputElement} */ (event.target).value.trim()
    clearTimeout(this.#timer)
    this.#timer = window.setTimeout(() => words !== this.#asked.words && this.#change({ words }), SEARCH_MS)
  }

  /** Up, down, as imported. @param {string} column */
  #sort(column) {
    const was = this.#order[0]
    this.#order = was === column ? [`-${column}`] : was === `-${column}` ? [] : [column]
    this.#toAddress()
    void this.#ask()
  }

  #fromAddress() {
    const query = new URLSearchParams(location.search)
    try {
      this.#asked = askedBy(JSON.parse(query.get('filter') ?? 'null'), []) // words stand for themselves in the address
    } catch { /* a filter that nobody can read is none */ }
    this.#asked.words = query.get('words') ?? this.#asked.words
    this.#order = query.getAll('order')
    this.#shape = query.get('shape') === 'grid' ? 'grid' : 'table'
  }

  #toAddress() {
    const query = new URLSearchParams()
    const filter = queryOf({ ...this.#asked, words: '' }, [])
    if (filter) query.set('filter', JSON.stringify(filter))
    if (this.#asked.words) query.set('words', this.#asked.words)
    for (const name of this.#order) query.append('order', name)
    if (this.#shape === 'grid') query.set('shape', 'grid')
    const text = query.toString()
    history.replaceState(history.state, '', location.pathname + (text && `?${text}`))
  }

  // ---- views ----

  async #loadViews() {
    const { value } = await attempt(() => api.get(`${this.path}/views`, { signal: this.signal }))
    if (value) this.#views = value.views
    this.#viewsCame ||= !!value
    this.requestUpdate()
  }

  /** @param {number} id */
  #use(id) {
    const view = this.#views.find((one) => one.id === id)
    this.#asked = askedBy(view?.query ?? null, this.index.columns)
    this.#order = view?.order ?? []
    this.#shape = view?.shape ?? this.#shape
    this.#view = id
    this.#selected = new Set()
    this.#toAddress()
    this.requestUpdate()
    void this.#ask()
  }

  async #save() {
    const { saveView } = await import('./explore-actions.js')
    const body = { query: this.#query, order: this.#order, shape: this.#shape }
    const made = await saveView(this.path, body, this.signal)
    await this.#loadViews()
    if (made) this.#view = made
    this.requestUpdate()
  }

  async #forget() {
    const { value, error } = await attempt(() => api.delete(`${this.path}/views/${this.#view}`, { signal: this.signal }))
    this.#failed = error ?? null
    if (value !== undefined) this.#view = 0
    await this.#loadViews()
  }

  // ---- rows ----

  /** @param {{row?: Row, all?: boolean}} what */
  async #select({ row, all }) {
    const selected = new Set(this.#selected)
    if (row && !selected.delete(row.id)) selected.add(row.id)
    if (all && selected.size) selected.clear()
    else if (all) for (const id of await this.index.ids(0, 100_000)) selected.add(id)
    this.#selected = selected
    this.#done = null
    this.requestUpdate()
  }

  /** @param {Row} row */
  async #open(row) {
    const { openTask } = await import('./explore-task.js')
    await openTask(this.project, row, (step) => this.#rows?.move(this.#rows.at + step) ?? Promise.resolve(undefined), this.signal)
    const box = /** @type {HTMLElement | null | undefined} */ (this.#rows?.querySelector('.ex-box'))
    box?.focus()
  }

  /** @param {'assign' | 'priority' | 'delete'} what */
  async #bulk(what) {
    const actions = await import('./explore-actions.js')
    const tasks = [...this.#selected]
    this.#done = null
    if (what === 'delete') {
      this.#done = await actions.remove(tasks, this.signal)
      if (!this.#done) return
    } else {
      const act = { assign: actions.assign, priority: actions.priority }[what]
      const undo = /** @type {Undo} */ (this.#undo)
      if (!await act(tasks, this.index.people, this.signal, (...asked) => undo.begin(...asked))) return
    }
    this.#selected = new Set()
    this.requestUpdate()
    await this.updateComplete
    const next = /** @type {HTMLElement | null} */ (this.querySelector(what === 'delete' ? '.ex-box' : '.ex-undo'))
    next?.focus()
  }

  /** @returns {Undo | null} */
  get #undo() {
    return this.querySelector('kite-explore-undo')
  }

  // ---- drawing ----

  body() {
    const { ready, progress } = this.index
    if (this.shown && !may(this.shown, 'manage')) return html`<div class="card empty"><h2>Not for you</h2><p>Only managers and owners of the project can explore its tasks.</p></div>`
    if (this.shown && !this.shown.progress.total) return html`<div class="card empty"><h2>Nothing to explore yet</h2><p>Add photos or texts; every task is a row here, with its answers.</p>
      <a class="button button-primary" href="/projects/${this.project}/data">${icon('plus')}Add data</a></div>`
    return html`<div class="ex">
      ${this.#bar(ready)}
      ${this.#away ?? this.#failed ? failure(this.#away ?? this.#failed, { what: this.#away ? 'The table is not up to date.' : 'What you asked for was not found out.', leave: LEAVE, again: () => void this.#again() }) : nothing}
      ${this.#status(ready, progress)}
      <div class="ex-main">
        <div class="ex-left">
          <kite-explore-undo .path=${this.path} @kite-undo-closed=${() => /** @type {HTMLElement | null} */ (this.querySelector('.ex-box'))?.focus()}></kite-explore-undo>
          ${this.#selected.size ? this.#selection() : nothing}
          ${ready || this.#early.length ? this.#list(ready) : waiting('Loading the tasks …')}
        </div>
        <aside class="ex-side" aria-label="Counts of what was found">${ready ? this.#counted.map((column) => (this.#counts[column]
          ? bars({ column, counts: this.#counts[column], people: this.index.people, tests: this.#asked.tests, toggle: this.#toggle }) : nothing)) : nothing}
          ${ready ? this.#more() : html`<p class="muted small">How often each state, label, length and person is there: counted here as soon as the table has come. A click on one filters.</p>`}</aside>
      </div>
    </div>`
  }

  /** @param {boolean} ready */
  #bar(ready) {
    const { tests, groups, words, raw } = this.#asked
    const people = this.index.people
    const view = this.#views.find(({ id }) => id === this.#view)
    return html`<div class="ex-bar-top" role="search">
      <input class="input ex-search" type="search" placeholder="Search in the data  ( / )" aria-label="Search in the data" .value=${words} ?disabled=${!ready} @input=${(/** @type {Event} */ event) => this.#search(event)}>
      <button type="button" class="button ex-add" aria-expanded=${this.#adding} ?disabled=${!ready} @click=${() => this.#add()}>${icon('plus')}Filter <kbd class="kbd">F</kbd></button>
      <span class="grow"></span>
      <label class="visually-hidden" for="ex-view">Saved view</label>
      <select class="select ex-views" id="ex-view" ?disabled=${!ready} @change=${(/** @type {Event} */ event) => this.#use(Number(/** @type {HTMLSelectElement} */ (event.target).value))}>
        <option value="0" ?selected=${!this.#view}>All tasks</option>
        ${this.#views.map(({ id, name, shared, own }) => html`<option value=${id} ?selected=${id === this.#view}>${name}${shared ? (own ? ' (shared)' : ' (of others)') : ''}</option>`)}
      </select>
      ${view?.own ? html`<button type="button" class="button button-quiet" @click=${() => void this.#forget()}>Delete view</button>` : nothing}
      <button type="button" class="button" ?disabled=${!ready || (!tests.length && !groups.length && !raw && !words && !this.#order.length)} @click=${() => void this.#save()}>Save view …</button>
      <div class="button-group" role="group" aria-label="Shape">
        ${/** @type {const} */ (['table', 'grid']).map((shape) => html`<button type="button" class="button" aria-pressed=${this.#shape === shape} @click=${() => this.#turnTo(shape)}>${shape === 'table' ? 'Table' : 'Grid'}</button>`)}
      </div>
    </div>
    ${this.#adding ? html`<kite-explore-filter .columns=${this.index.columns} .people=${this.index.people} .values=${this.#values} .group=${this.#group} .beside=${!!tests.length || !!groups.length}
      .groups=${groups.map((group) => askedWords({ ...nothingAsked(), groups: [group] }, people).slice('Tasks where '.length, -1))}></kite-explore-filter>` : nothing}
    ${chips({ asked: this.#asked, people, origin: view ? 'view' : 'address', change: (change) => this.#change(change), add: (group) => this.#add(group) })}`
  }

  /** @param {string} column */
  #values = async (column) => {
    const counts = await this.index.counted([column])
    return (counts[column]?.values ?? []).map(([value]) => String(value)).filter(Boolean)
  }

  /** @param {'table' | 'grid'} shape */
  #turnTo(shape) {
    this.#shape = shape
    this.#toAddress()
    this.requestUpdate()
    void this.updateComplete.then(() => this.#rows?.top()).then(() => this.#rows?.show())
  }

  /** @param {boolean} ready @param {ExploreIndex['progress']} progress */
  #status(ready, { blocks, of, building }) {
    const { found, total } = this.#found
    const loading = blocks < of
    const words = this.#toCheck ? `Searching texts: ${number(this.#checked)} of ${number(this.#checked + this.#found.maybe)}` : ''
    return html`<div class="ex-status" role="status">
      ${ready ? html`<span><strong class="number ex-found">${number(found)}</strong> of ${counted(total, 'task')}</span>` : html`<span>${building ? 'The table is being made' : 'Loading the table'}: filters and sorting come with it</span>`}
      ${loading || this.#toCheck ? html`<span class="progress ex-progress" aria-hidden="true"><span class="progress-bar" ${vars({ '--value': 100 * (loading ? blocks / Math.max(1, of) : this.#checked / Math.max(1, this.#checked + this.#found.maybe)) })}></span></span>` : nothing}
      ${loading ? html`<span class="muted number">${number(Math.min(blocks * 4096, this.index.total))} of ${counted(this.index.total, 'task')} here</span>` : nothing}
      ${words ? html`<span class="muted number">${words}</span>` : nothing}
      ${this.#done ? html`<span class="ow-good">${icon('check')}${this.#done.text}</span>` : nothing}
    </div>`
  }

  #selection() {
    return html`<div class="toolbar ex-selection" role="toolbar" aria-label="What to do with the selected tasks">
      <strong class="number">${counted(this.#selected.size, 'task')} selected</strong>
      <button type="button" class="button" @click=${() => void this.#bulk('assign')}>Assign …</button>
      <button type="button" class="button" @click=${() => void this.#bulk('priority')}>Priority …</button>
      <button type="button" class="button button-danger" @click=${() => void this.#bulk('delete')}>Delete …</button>
      <span class="grow"></span>
      <button type="button" class="button button-quiet" @click=${() => { this.#selected = new Set(); this.requestUpdate() }}>Select none</button>
    </div>`
  }

  /** @param {boolean} ready */
  #list(ready) {
    if (ready && !this.#found.found && !this.#toCheck && this.#found.total) return html`<div class="card empty"><h2>No task fits</h2><p>No task has all of that. Take a filter away, or let any of them be enough.</p>
      <button type="button" class="button" @click=${() => this.#change(nothingAsked())}>Show all tasks</button></div>`
    return html`<kite-explore-rows .total=${this.index.total} .count=${ready ? this.#found.found : this.#early.length} .read=${ready ? this.#read : this.#readEarly} .order=${this.#order} .selected=${this.#selected} .people=${this.index.people}
      .shape=${this.#shape} .path=${this.index.path} .project=${this.project}></kite-explore-rows>`
  }

  /** @param {number} from @param {number} to */
  #read = (from, to) => this.index.window(from, to)
  /** @param {number} from @param {number} to */
  #readEarly = async (from, to) => this.#early.slice(from, to)

  #more() {
    const rest = filterable(this.index.columns).filter(({ name, kind }) => !this.#counted.includes(name) && kind !== 'text' && kind !== 'nothing' && name !== 'id' && name !== 'inner')
    return html`<label class="field"><span class="field-label">Count another column</span><select class="select" @change=${(/** @type {Event} */ event) => this.#countMore(/** @type {HTMLSelectElement} */ (event.target))}>
      <option value="">Choose …</option>${rest.map(({ name }) => html`<option value=${name}>${columnName(name)}</option>`)}</select></label>`
  }

  /** @param {HTMLSelectElement} select */
  #countMore(select) {
    if (select.value) this.#counted = [...this.#counted, select.value]
    select.value = ''
    void this.#count(this.#turn)
  }
}

customElements.define('kite-explore', ExploreTab)

/** @param {HTMLElement} root @param {Record<string, string>} params @param {AbortSignal} signal */
export async function open(root, params, signal) {
  openTab(root, new ExploreTab(), params, signal)
}
