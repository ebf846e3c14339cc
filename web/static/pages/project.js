/** A project's tasks: their state, who answered, how well they agree. */
import { html, nothing } from 'lit'
import { api } from '../app/api.js'
import { icon } from './icons.js'
import { attempt, failure, openRow, waiting } from './page.js'
import { agreementCell, stateBadge } from './progress.js'
import { ProjectTab, may, openTab } from './project-frame.js'
import { STATES, STATE_ORDER, statesOf, ago, exactly, number } from './words.js'

/** @typedef {import('./words.js').TaskState} TaskState */
/**
 * @typedef {{id: number, title?: string, state: TaskState, annotations: number, needed?: number, people?: string[],
 *   agreement?: number | null, reason?: string | null, updated_at?: string}} TaskRow
 */

const PAGE_SIZE = 50

class TasksTab extends ProjectTab {
  /** @type {{tasks: TaskRow[], total: number} | null} */ #tasks = null
  /** @type {unknown} */ #error = null
  #page = 1
  /** @type {TaskState | ''} */ #state = ''
  #asked = 0

  connectedCallback() {
    const query = new URLSearchParams(location.search)
    this.#page = Math.max(1, Math.floor(Number(query.get('page'))) || 1)
    const state = /** @type {TaskState} */ (query.get('state'))
    this.#state = STATE_ORDER.includes(state) ? state : ''
    super.connectedCallback()
  }

  /** @returns {Promise<void>} */
  async refreshBody() {
    const asked = ++this.#asked
    const state = this.#state ? `&state=${this.#state}` : ''
    const { value, error } = await attempt(() => api.get(`${this.path}/tasks?page=${this.#page}&page_size=${PAGE_SIZE}${state}`, { signal: this.signal }))
    if (asked !== this.#asked || !this.isConnected) return
    this.#error = error ?? null
    if (value) this.#tasks = value
    // The page may have emptied since: tasks leave a state while people work.
    const last = value ? Math.max(1, Math.ceil(value.total / PAGE_SIZE)) : 0
    if (value && this.#page > last) return this.#go({ page: last })
    this.requestUpdate()
  }

  /** @param {{page?: number, state?: TaskState | ''}} to @returns {Promise<void>} */
  #go({ page = 1, state = this.#state }) {
    if (state !== this.#state) this.#tasks = null
    this.#page = page
    this.#state = state
    history.replaceState(history.state, '', location.pathname + this.#query())
    this.requestUpdate()
    return this.refreshBody()
  }

  #query() {
    const query = new URLSearchParams()
    if (this.#page > 1) query.set('page', String(this.#page))
    if (this.#state) query.set('state', this.#state)
    const text = query.toString()
    return text && `?${text}`
  }

  body() {
    const progress = this.shown?.progress
    if (!progress) return nothing
    if (!progress.total) return this.#empty()
    return html`
      <div class="ow-filters" role="group" aria-label="Show tasks by state">
        ${this.#chip('', 'All', progress.total)}
        ${statesOf(progress).map((state) => this.#chip(state, STATES[state].word, progress[state]))}
        <span class="grow"></span>
        <span class="muted small ow-keys"><kbd class="kbd">J</kbd> <kbd class="kbd">K</kbd> move · <kbd class="kbd">Enter</kbd> open</span>
      </div>
      ${this.#error ? failure(this.#error, { what: 'The tasks could not be loaded.', again: () => void this.refresh() }) : nothing}
      ${this.#tasks ? this.#table(this.#tasks) : this.#error ? nothing : waiting('Loading the tasks …')}`
  }

  /** @param {TaskState | ''} state @param {string} text @param {number} count */
  #chip(state, text, count) {
    return html`<button type="button" class="chip" aria-pressed=${this.#state === state} @click=${() => void this.#go({ state })}>
      ${state ? html`<span class="ow-key ow-s-${state}" aria-hidden="true"></span>` : nothing}${text} <span class="number muted">${number(count)}</span></button>`
  }

  /** @param {{tasks: TaskRow[], total: number}} given */
  #table({ tasks, total }) {
    if (!tasks.length) return html`<div class="card empty"><h2>No task here</h2><p>${this.#state ? `No task is in the state “${STATES[this.#state].word}”: ${STATES[this.#state].means}.` : 'This page is empty.'}</p>
      <button type="button" class="button" @click=${() => void this.#go({ state: '' })}>Show all tasks</button></div>`
    const first = (this.#page - 1) * PAGE_SIZE + 1
    const pages = Math.max(1, Math.ceil(total / PAGE_SIZE))
    return html`
      <div class="table-wrap">
        <table class="table ow-tasks">
          <thead><tr><th class="table-number">#</th><th>Task</th><th>State</th><th>People</th><th>Agreement</th><th>Updated</th>${this.#manages ? html`<th><span class="visually-hidden">Action</span></th>` : nothing}</tr></thead>
          <tbody @click=${openRow}>${tasks.map((task) => this.#row(task))}</tbody>
        </table>
      </div>
      <nav class="row row-between ow-more" aria-label="Pages of tasks">
        <span class="muted number">${number(first)}–${number(first + tasks.length - 1)} of ${number(total)}</span>
        ${pages > 1 ? html`<span class="row">
          <button type="button" class="button" ?disabled=${this.#page <= 1} @click=${() => void this.#go({ page: this.#page - 1 })}>${icon('left')}Previous</button>
          <span class="muted number">page ${number(this.#page)} of ${number(pages)}</span>
          <button type="button" class="button" ?disabled=${this.#page >= pages} @click=${() => void this.#go({ page: this.#page + 1 })}>Next${icon('right')}</button>
        </span>` : nothing}
      </nav>`
  }

  /** @param {TaskRow} task */
  #row(task) {
    const people = task.people ?? []
    return html`<tr class="is-link">
      <td class="table-number muted">${task.id}</td>
      <td class="ow-task-title"><a data-row class="clip" href="/projects/${this.project}/tasks/${task.id}">${task.title || `Task ${task.id}`}</a></td>
      <td>${stateBadge(task.state)}</td>
      <td class="ow-task-people"><span class="number">${task.annotations}${task.needed ? html`<span class="muted"> of ${task.needed}</span>` : nothing}</span>
        ${people.length ? html`<span class="muted clip" title=${people.join(', ')}>${people.join(', ')}</span>` : nothing}</td>
      <td>${agreementCell(task.agreement, task.reason ?? (task.annotations < 2 ? 'agreement needs two people' : 'not defined for these answers'))}</td>
      <td class="muted"><span title=${exactly(task.updated_at)}>${ago(task.updated_at)}</span></td>
      ${this.#manages ? html`<td class="table-number">${task.annotations ? html`<button type="button" class="button button-small button-quiet" aria-label="Known answer of ${task.title || `task ${task.id}`} …"
        title="Mix this task in unseen, to find out how right people are" @click=${() => void this.#gold(task)}>Known answer …</button>` : nothing}</td>` : nothing}
    </tr>`
  }

  get #manages() {
    return !!this.shown && may(this.shown, 'manage')
  }

  /** @param {TaskRow} task */
  async #gold({ id, title }) {
    const { makeGold } = await import('./make-gold.js')
    const { value, error } = await attempt(() => makeGold({ id, title: title || `Task ${id}` }, this.signal))
    if (value) await this.refresh()
    if (error) this.#error = error
    this.requestUpdate()
  }

  #empty() {
    return html`<div class="card empty"><h2>No data yet</h2>
      <p>Add what people should label: files, a table, or pasted lines. Each becomes a task, and the tasks are listed here with their answers.</p>
      <a class="button button-primary" href="/projects/${this.project}/data">${icon('plus')}Add data</a></div>`
  }
}

customElements.define('kite-project-tasks', TasksTab)

/** The other tabs come when they are opened: the editor of the settings is large. @type {Record<string, () => Promise<import('../app/router.js').Page>>} */
const TABS = {
  data: () => import('./project-data.js'),
  explore: () => import('./explore.js'),
  people: () => import('./project-people.js'),
  person: () => import('./project-person.js'),
  report: () => import('./project-report.js'),
  export: () => import('./project-export.js'),
  settings: () => import('./project-settings.js'),
}

/** @param {HTMLElement} root @param {Record<string, string>} params with `tab` for another one than the tasks @param {AbortSignal} signal */
export async function open(root, params, signal) {
  const other = TABS[params.tab]
  if (!other) return openTab(root, new TasksTab(), params, signal)
  const page = await other()
  if (!signal.aborted) await page.open(root, params, signal)
}
