/**
 * `<kite-explore-undo>`: the change to many tasks that was made last in this tab: how far its job is, what came of it, and taking it back.
 *
 * Property down: `path` (the project's). Methods: `begin`, `undo`. A reload shows it again.
 */
import { html, nothing } from 'lit'
import { api } from '../app/api.js'
import { icon } from './icons.js'
import { OwnerElement, attempt, failure, keepInTab, vars } from './page.js'
import { doneWords, undoneWords } from './explore-words.js'
import { counted, exactly, number } from './words.js'

/** @typedef {{doing: string, done: string}} Words e.g. `Assigning to Ana`, `assigned to Ana`: what is done to the tasks */
/** @typedef {{job: number, tasks: number, until: string, undo: number | null, words: Words}} Change */
/** @typedef {{state: string, progress: {done: number, total: number | null}, result: Record<string, number> | null, problems: any[]}} Job */

const LOOK_MS = 400
const ENDED = ['done', 'failed', 'cancelled']

export class ExploreUndo extends OwnerElement {
  path = ''
  /** @type {Change | null} */ #change = null
  /** The job that runs or ran last: the change's, or the one that takes it back. @type {Job | null} */ #job = null
  /** @type {unknown} */ #failed = null
  #turn = 0

  connectedCallback() {
    super.connectedCallback()
    try {
      this.#change = JSON.parse(sessionStorage.getItem(this.#name) ?? 'null')
    } catch { /* what nobody can read is none */ }
    if (this.#change && Date.parse(this.#change.until) > Date.now()) void this.#follow()
    else this.#change = null
  }

  get #name() {
    return `kite-bulk${this.path}`
  }

  get #running() {
    return !!this.#change && !(this.#job && ENDED.includes(this.#job.state))
  }

  /** There is something that Ctrl+Z takes back. */
  get open() {
    return !!this.#change && !this.#change.undo
  }

  /** @param {number[]} tasks @param {Record<string, unknown>} change @param {Words} words @throws {import('../app/api.js').ApiError} */
  async begin(tasks, change, words) {
    const made = await api.post(`${this.path}/bulk`, { tasks, change })
    this.#show({ ...made, words })
    await this.updateComplete
    this.#focus('.ex-undo')
  }

  async undo() {
    const change = this.#change
    if (!change || change.undo) return
    const { value, error } = await attempt(() => api.post(`${this.path}/bulk/${change.job}/undo`, {}))
    this.#failed = error ?? null
    if (value) this.#show({ ...change, undo: value.undo })
    this.requestUpdate()
    await this.updateComplete
    if (!error) this.#focus('.ex-undo-words')
  }

  /** @param {string} which */
  #focus(which) {
    const found = /** @type {HTMLElement | null} */ (this.querySelector(which))
    found?.focus()
  }

  /** @param {Change} change */
  #show(change) {
    this.#change = change
    this.#job = null
    this.#failed = null
    keepInTab(this.#name, JSON.stringify(change))
    void this.#follow()
  }

  #close() {
    this.#change = null
    this.#turn += 1
    sessionStorage.removeItem(this.#name)
    this.requestUpdate()
    this.dispatchEvent(new CustomEvent('kite-undo-closed', { bubbles: true }))
  }

  /** Look at the job until it has ended; a server that is away is asked again. */
  async #follow() {
    const turn = ++this.#turn
    const change = /** @type {Change} */ (this.#change)
    this.requestUpdate()
    while (turn === this.#turn && this.isConnected) {
      const { value } = await attempt(() => api.get(`/api/jobs/${change.undo ?? change.job}`, { signal: this.signal }))
      if (turn !== this.#turn) return
      this.#job = value ?? this.#job
      this.requestUpdate()
      if (value && ENDED.includes(value.state)) return
      await new Promise((done) => { setTimeout(done, LOOK_MS) })
    }
  }

  /** What broke off goes on where it stopped. */
  async #resume() {
    const change = /** @type {Change} */ (this.#change)
    const { error } = await attempt(() => api.post(`/api/jobs/${change.undo ?? change.job}/resume`, {}))
    this.#failed = error ?? null
    if (!error) this.#job = null
    void this.#follow()
  }

  render() {
    const change = this.#change
    if (!change) return nothing
    const job = this.#job
    const done = job?.state === 'done'
    const stopped = !!job && !done && !this.#running
    const total = job?.progress.total ?? change.tasks
    const words = done ? (change.undo ? undoneWords(job?.result ?? {}) : doneWords(change.words.done, job?.result ?? {}))
      : stopped ? `${change.undo ? 'Undoing' : change.words.doing} stopped after ${number(job.progress.done)} of ${counted(total, 'task')}.`
        : `${change.undo ? 'Undoing' : change.words.doing} …`
    return html`<div class="toolbar ex-undo-bar">
      <span class="grow ex-undo-words" role="status" tabindex="-1">${done ? html`<span class="ow-good">${icon('check')}</span>` : nothing}${words}</span>
      ${this.#running ? html`<span class="progress ex-progress" aria-hidden="true"><span class="progress-bar" ${vars({ '--value': (100 * (job?.progress.done ?? 0)) / Math.max(1, total) })}></span></span>
        <span class="muted number" aria-hidden="true">${number(job?.progress.done ?? 0)} of ${number(total)}</span>` : nothing}
      ${stopped ? html`<button type="button" class="button" @click=${() => void this.#resume()}>Go on</button>` : nothing}
      ${change.undo ? nothing : html`<span class="muted small ex-until">can be undone until ${exactly(change.until)}</span>
        <button type="button" class="button ex-undo" @click=${() => void this.undo()}>Undo <kbd class="kbd">Ctrl Z</kbd></button>`}
      ${this.#running ? nothing : html`<button type="button" class="button button-quiet ex-undo-close" aria-label="Close" @click=${() => this.#close()}>${icon('close')}</button>`}
    </div>
    ${this.#failed ? failure(this.#failed, { what: 'This was not undone.' }) : nothing}`
  }
}

customElements.define('kite-explore-undo', ExploreUndo)
