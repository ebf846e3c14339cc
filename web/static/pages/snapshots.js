/** `<kite-snapshots>`: a project's dataset as it was, under names: made, compared, downloaded, deleted. */
import { html, nothing } from 'lit'
import { api } from '../app/api.js'
import { ask } from './ask.js'
import { icon } from './icons.js'
import { OwnerElement, attempt, failure, problemList, waiting } from './page.js'
import './snapshot-changes.js'
import { ago, bytes, counted, exactly, fileName, number } from './words.js'

/**
 * @typedef {{id: number, name: string, note: string, created_at: string, created_by: {id: number, name: string}, config_version: number, state: 'making' | 'ready',
 *   job: number | null, tasks: number, annotated: number, annotations: number, bytes: number}} Snapshot
 * @typedef {{id: number, state: string, progress: {done: number, total: number | null}, result?: any, problems: any[]}} Job
 */

const LOOK_MS = 700
const NOW = 0

class KiteSnapshotsElement extends OwnerElement {
  static properties = { project: { attribute: false }, manages: { type: Boolean } }

  constructor() {
    super()
    /** @type {import('./project-frame.js').Project | null} */
    this.project = null
    /** may make and delete them */
    this.manages = false
  }

  /** @type {Snapshot[] | null} */ #snapshots = null
  /** @type {unknown} */ #error = null
  /** @type {unknown} */ #refused = null
  #busy = false
  /** What is compared, or was. @type {{before: Snapshot, after: number, job: Job | null, error: unknown} | null} */ #compared = null
  /** Jobs that make a snapshot, by their id. @type {Map<number, Job>} */ #jobs = new Map()

  get #path() {
    return `/api/projects/${this.project?.id}`
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    const before = /** @type {{id: number} | null | undefined} */ (changed.get('project'))
    if (changed.has('project') && before?.id !== this.project?.id) void this.#load()
  }

  async #load() {
    const { value, error } = await attempt(() => api.get(`${this.#path}/snapshots`, { signal: this.signal }))
    if (!this.isConnected) return
    this.#snapshots = value?.snapshots ?? this.#snapshots
    this.#error = error ?? null
    this.requestUpdate()
    for (const { state, job } of this.#snapshots ?? []) {
      if (state === 'making' && job !== null && !this.#jobs.has(job)) void this.#follow(job)
    }
  }

  /** Looks at a job until it ends. @param {number} id @param {(job: Job) => void} [told] @returns {Promise<Job | null>} null: the page is left */
  async #wait(id, told = () => {}) {
    for (;;) {
      const { value, error } = await attempt(() => api.get(`/api/jobs/${id}`, { signal: this.signal }))
      if (!this.isConnected) return null
      if (error) throw error
      told(value)
      this.requestUpdate()
      if (!['queued', 'running'].includes(value.state)) return value
      await new Promise((done) => { setTimeout(done, LOOK_MS) })
      if (!this.isConnected) return null
    }
  }

  /** @param {number} id */
  async #follow(id) {
    try {
      await this.#wait(id, (job) => this.#jobs.set(id, job))
      await this.#load()
    } catch (error) {
      this.#jobs.delete(id) // the next look at the list follows it again
      this.#error = error
      this.requestUpdate()
    }
  }

  /** @param {SubmitEvent} event */
  async #make(event) {
    event.preventDefault()
    const form = /** @type {HTMLFormElement} */ (event.target)
    const said = new FormData(form)
    if (this.#busy) return
    this.#busy = true
    this.requestUpdate()
    const { value, error } = await attempt(() => api.post(`${this.#path}/snapshots`, { name: said.get('name'), note: said.get('note') }))
    this.#busy = false
    this.#refused = error ?? null
    if (value) form.reset()
    await this.#load()
  }

  /** @param {Snapshot} snapshot */
  async #delete(snapshot) {
    const done = await ask({
      title: `Delete “${snapshot.name}”?`, yes: 'Delete the snapshot', danger: true, failed: 'It was not deleted.', signal: this.signal,
      body: html`<p>The ${counted(snapshot.tasks, 'task')} and ${counted(snapshot.annotations, 'answer')} as they were ${ago(snapshot.created_at)} are gone for good. The project itself stays as it is.</p>`,
      work: () => api.delete(`${this.#path}/snapshots/${snapshot.id}`),
    })
    if (!done) return
    if (this.#compared && [this.#compared.before.id, this.#compared.after].includes(snapshot.id)) this.#compared = null
    await this.#load()
  }

  /** @param {Snapshot} before @param {number} after */
  async #compare(before, after) {
    const shown = this.#compared = { before, after, job: /** @type {Job | null} */ (null), error: /** @type {unknown} */ (null) }
    this.requestUpdate()
    try {
      const begun = await api.post(`${this.#path}/snapshots/${before.id}/compare`, { after })
      await this.#wait(begun.id, (job) => { shown.job = job })
    } catch (error) {
      shown.error = error
    }
    if (this.isConnected) this.requestUpdate()
    await this.updateComplete
    const heading = /** @type {HTMLElement | null} */ (this.querySelector('.sn-compared h3'))
    heading?.focus()
  }

  render() {
    const snapshots = this.#snapshots
    return html`<div class="stack">
      ${this.manages ? this.#form() : nothing}
      ${this.#error ? failure(this.#error, { what: 'The snapshots could not be loaded.', again: () => void this.#load() }) : nothing}
      ${!snapshots ? (this.#error ? nothing : waiting('Loading the snapshots …')) : snapshots.length ? this.#table(snapshots)
        : html`<p class="muted">None yet. Keep one before you train a model or change the labels: later you see what the model had learned from, and what has changed since.</p>`}
      ${this.#compared ? this.#comparison(this.#compared) : nothing}</div>`
  }

  #form() {
    return html`<form class="row ow-snapshot-form" @submit=${this.#make}>
      <label class="field"><span class="field-label">Name</span><input class="input" name="name" required maxlength="100" autocomplete="off" placeholder="Release 1"></label>
      <label class="field grow"><span class="field-label">Note <span class="muted">(optional)</span></span><input class="input" name="note" maxlength="2000" autocomplete="off"></label>
      <button class="button" type="submit" ?disabled=${this.#busy}>Keep a snapshot</button>
    </form>
    ${this.#refused ? failure(this.#refused, { what: 'No snapshot was made.' }) : nothing}`
  }

  /** @param {Snapshot[]} snapshots */
  #table(snapshots) {
    return html`<div class="table-wrap"><table class="table">
      <thead><tr><th>Snapshot</th><th>Made</th><th class="table-number">Tasks</th><th class="table-number">Answers</th><th class="table-number">Config</th><th class="table-number">Size</th><th><span class="visually-hidden">Actions</span></th></tr></thead>
      <tbody>${snapshots.map((snapshot) => html`<tr>
        <td><strong>${snapshot.name}</strong>${snapshot.note ? html`<br><span class="muted">${snapshot.note}</span>` : nothing}</td>
        <td><span title=${exactly(snapshot.created_at)}>${ago(snapshot.created_at)}</span> <span class="muted">by ${snapshot.created_by.name}</span></td>
        ${snapshot.state === 'ready' ? html`<td class="table-number">${number(snapshot.tasks)}</td><td class="table-number">${number(snapshot.annotations)}</td>
          <td class="table-number">${snapshot.config_version}</td><td class="table-number">${bytes(snapshot.bytes)}</td>`
          : html`<td colspan="4">${this.#making(snapshot)}</td>`}
        <td><div class="row row-end">${this.#actions(snapshot, snapshots)}</div></td>
      </tr>`)}</tbody>
    </table></div>`
  }

  /** @param {Snapshot} snapshot */
  #making({ job: id }) {
    const job = this.#jobs.get(id ?? 0)
    if (job && ['failed', 'cancelled'].includes(job.state)) return html`<span class="ow-attention">Stopped at ${counted(job.progress.done, 'task')}.</span> ${problemList(job.problems.slice(0, 1))} <a href="/projects/${this.project?.id}/settings">Go on with it in Settings</a>`
    const { done = 0, total = null } = job?.progress ?? {}
    return html`<span role="status" class="muted">Being made …</span> <progress max=${total || 1} value=${total ? done : nothing} aria-label="Tasks read"></progress> <span class="muted number">${total ? `${number(done)} of ${number(total)}` : ''}</span>`
  }

  /** @param {Snapshot} snapshot @param {Snapshot[]} all */
  #actions(snapshot, all) {
    const { id, name, state } = snapshot
    const others = all.filter((other) => other.id > id && other.state === 'ready')
    return html`${state !== 'ready' ? nothing : html`
      <select class="select ow-select-small" aria-label="Compare ${name} with" .value=${''} @change=${(/** @type {Event} */ event) => {
        const select = /** @type {HTMLSelectElement} */ (event.target)
        const chosen = select.value
        select.value = ''
        if (chosen) void this.#compare(snapshot, Number(chosen))
      }}>
        <option value="">Compare with …</option>
        <option value=${NOW}>what is there now</option>
        ${others.map((other) => html`<option value=${other.id}>${other.name}</option>`)}
      </select>
      <a class="button button-small" download="${fileName(name)}.json" href="${this.#path}/export?exportType=JSON&download_all_tasks=true&snapshot=${id}" title="Tasks and answers as they were, as JSON">${icon('download')}JSON</a>`}
      ${this.manages ? html`<button type="button" class="button button-small" aria-label="Delete ${name}" @click=${() => void this.#delete(snapshot)}>Delete</button>` : nothing}`
  }

  /** @param {{before: Snapshot, after: number, job: Job | null, error: unknown}} compared */
  #comparison({ before, after, job, error }) {
    const other = after ? this.#snapshots?.find(({ id }) => id === after)?.name ?? '' : ''
    const failed = job && ['failed', 'cancelled'].includes(job.state)
    return html`<section class="stack sn-compared" aria-label="Comparison">
      <div class="row"><h3 class="grow" tabindex="-1">“${before.name}” and ${after ? `“${other}”` : 'what is there now'}</h3>
        <button type="button" class="button button-small" @click=${() => { this.#compared = null; this.requestUpdate() }}>Close</button></div>
      ${error ? failure(error, { what: 'They could not be compared.', again: () => void this.#compare(before, after) })
        : failed ? html`<div class="notice notice-problem" role="alert">${icon('problem')}<div class="grow"><strong>The comparison stopped.</strong>${problemList(job.problems)}</div></div>`
          : job?.state === 'done' && job.result ? html`<kite-snapshot-changes .found=${job.result} .project=${this.project}></kite-snapshot-changes>`
            : html`<p role="status" class="muted">Comparing … ${job?.progress.total ? `${number(job.progress.done)} of ${counted(job.progress.total, 'task')}` : ''}</p>`}
    </section>`
  }
}

customElements.define('kite-snapshots', KiteSnapshotsElement)
