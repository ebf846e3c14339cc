/** A project's exports: a form for a new one, and those that were made, with what they have left out. */
import { html, nothing } from 'lit'
import { api } from '../app/api.js'
import './export-form.js'
import { exportReport, short } from './export-report.js'
import { icon } from './icons.js'
import './numbers.js'
import { attempt, failure, problemList, waiting } from './page.js'
import { ProjectTab, may, openTab } from './project-frame.js'
import { ago, bytes, exactly, number } from './words.js'

/** @typedef {import('./export-form.js').Format} Format */
/**
 * @typedef {{id: number, kind: string, state: string, created_at: string, progress: {done: number, total: number | null}, export: Record<string, any>, problems: any[],
 *   result?: {url?: string, filename: string, format: string, bytes?: number, target?: string, report: import('./export-report.js').Report} | null}} Job
 */

const LOOK_MS = 700
/** @type {Record<string, string>} */
const SOURCES = { consensus: 'agreed on', annotations: 'as people said', reviewed: 'accepted by reviewers' }

class ExportTab extends ProjectTab {
  /** @type {import('./project-frame.js').Tab} */ tab = 'export'
  /** @type {Format[] | null} */ #formats = null
  /** @type {Job[] | null} */ #jobs = null
  /** @type {import('./export-form.js').Target[]} */ #targets = []
  /** @type {import('./export-form.js').Snapshot[]} */ #snapshots = []
  /** @type {unknown} */ #error = null
  /** @type {unknown} */ #refused = null
  /** Whose report is open. @type {number} */ #open = 0
  #soon = 0
  #query = new URLSearchParams(location.search).get('query') ?? ''

  connectedCallback() {
    super.connectedCallback()
    this.signal.addEventListener('abort', () => clearTimeout(this.#soon))
  }

  /** @param {string} path */
  #ask(path) {
    return attempt(() => api.get(path, { signal: this.signal }))
  }

  async refreshBody() {
    clearTimeout(this.#soon)
    const first = !this.#formats
    const [jobs, formats] = await Promise.all([this.#ask(`${this.path}/jobs?kind=export`), first ? this.#ask(`${this.path}/export/formats`) : { value: this.#formats, error: null }])
    if (!this.isConnected) return
    this.#error = jobs.error ?? formats.error ?? null
    if (formats.value) this.#formats = formats.value
    if (jobs.value) this.#jobs = jobs.value.jobs
    this.requestUpdate()
    if (this.#jobs?.some(({ state }) => state === 'queued' || state === 'running')) this.#soon = window.setTimeout(() => void this.refreshBody(), LOOK_MS)
    if (!first || !this.#formats) return
    // What only some projects have comes after what all of them need.
    const [sources, snapshots] = await Promise.all([this.#ask(`${this.path}/sources`), this.#ask(`${this.path}/snapshots`)])
    const found = /** @type {import('./export-form.js').Target[]} */ (Array.isArray(sources.value) ? sources.value : sources.value?.sources ?? [])
    this.#targets = found.filter(({ target }) => target)
    this.#snapshots = snapshots.value?.snapshots ?? []
    this.requestUpdate()
  }

  /** @param {Job} job @param {'cancel' | 'resume'} what */
  async #tell(job, what) {
    const { error } = await attempt(() => api.post(`/api/jobs/${job.id}/${what}`, {}))
    this.#refused = error ?? null
    await this.refreshBody()
  }

  body() {
    const project = this.shown
    if (!project) return nothing
    if (!project.progress.total) {
      return html`<div class="card empty ex-page"><h2>Nothing to export yet</h2><p>As soon as there are tasks with answers, you take them from here in the format that your training code reads.</p>
        ${may(project, 'manage') ? html`<a class="button button-primary" href="/projects/${this.project}/data">${icon('plus')}Add data</a>` : nothing}</div>`
    }
    return html`<div class="stack stack-loose ex-page">
      ${this.#error ? failure(this.#error, { what: 'The exports could not be loaded.', again: () => void this.refreshBody() }) : nothing}
      ${this.#formats ? html`<section class="stack" aria-labelledby="ex-new"><h2 id="ex-new">New export</h2>
        <kite-export-form .project=${project} .formats=${this.#formats} .snapshots=${this.#snapshots} .query=${this.#query}
          .targets=${may(project, 'manage') ? this.#targets : []} @kite-begun=${() => void this.refreshBody()}></kite-export-form></section>`
        : this.#error ? nothing : waiting('Loading the formats …')}
      ${this.#jobs ? html`<section class="stack" aria-labelledby="ex-made"><h2 id="ex-made">Exports</h2>
        ${this.#refused ? failure(this.#refused, { what: 'The job was not told.' }) : nothing}
        ${this.#jobs.length ? this.#table(this.#jobs) : html`<p class="muted">None yet. What you export is kept here, with a report of what was left out and why.</p>`}</section>` : nothing}
    </div>`
  }

  /** @param {Job[]} jobs */
  #table(jobs) {
    return html`<div class="table-wrap"><table class="table ex-made">
      <thead><tr><th>Format</th><th>Made</th><th>Answers</th><th class="table-number">Tasks</th><th class="table-number">Size</th><th><span class="visually-hidden">Actions</span></th></tr></thead>
      <tbody>${jobs.map((job) => html`<tr>
        <th scope="row">${job.export.format}</th>
        <td><span title=${exactly(job.created_at)}>${ago(job.created_at)}</span></td>
        <td>${this.#asked(job)}</td>
        ${job.state === 'done' && job.result ? html`<td class="table-number">${short(job.result.report)}</td><td class="table-number">${typeof job.result.bytes === 'number' ? bytes(job.result.bytes) : '–'}</td>`
          : html`<td colspan="2">${this.#state(job)}</td>`}
        <td><div class="row row-end ex-actions">${this.#actions(job)}</div></td></tr>
        ${job.id === this.#open && job.result ? html`<tr class="ex-open"><td colspan="6" id="ex-report-${job.id}">${exportReport(job.result.report, Number(this.project))}
          ${job.result.target ? html`<p class="small">Also written to <span class="mono">${job.result.target}</span></p>` : nothing}</td></tr>` : nothing}`)}</tbody>
    </table></div>`
  }

  /** What was asked for, in a few words. @param {Job} job */
  #asked({ export: asked }) {
    const source = SOURCES[asked.source] ?? SOURCES[this.#formats?.find(({ name }) => name === asked.format)?.source ?? ''] ?? ''
    const snapshot = asked.snapshot ? this.#snapshots.find(({ id }) => String(id) === String(asked.snapshot))?.name ?? asked.snapshot : ''
    return [source, snapshot && `snapshot “${snapshot}”`, asked.split && 'in sets', asked.query && 'filtered'].filter(Boolean).join(', ')
  }

  /** @param {Job} job */
  #state({ state, progress: { done, total }, problems }) {
    if (state === 'failed' || state === 'cancelled') return html`<span class="ow-attention">${state === 'failed' ? 'Stopped' : 'Cancelled'} at ${number(done)}.</span> ${problems.length ? problemList(problems.slice(0, 1)) : nothing}`
    return html`<span role="status" class="row"><progress class="ex-progress" max=${total || 1} value=${total ? done : nothing} aria-label="Tasks read"></progress>
      <span class="muted number">${state === 'queued' ? 'Waiting …' : total ? `${number(done)} of ${number(total)}` : 'Working …'}</span></span>`
  }

  /** @param {Job} job */
  #actions(job) {
    const { id, state, result } = job
    const manages = this.shown && may(this.shown, 'manage')
    const about = `${job.export.format}, ${ago(job.created_at)}`
    if (state === 'done' && result) {
      const open = this.#open === id
      return html`<button type="button" class="button button-small" aria-expanded=${open} aria-controls="ex-report-${id}" aria-label="Report of ${about}" @click=${() => { this.#open = open ? 0 : id; this.requestUpdate() }}>Report</button>
        <a class="button button-small" href=${result.url ?? ''} download=${result.filename} aria-label="Download ${about}">${icon('download')}Download</a>`
    }
    if (!manages) return nothing
    const stopped = state === 'failed' || state === 'cancelled'
    return html`<button type="button" class="button button-small" aria-label="${stopped ? 'Go on with' : 'Cancel'} ${about}" @click=${() => void this.#tell(job, stopped ? 'resume' : 'cancel')}>${stopped ? 'Go on' : 'Cancel'}</button>`
  }
}

customElements.define('kite-project-export', ExportTab)

/** @param {HTMLElement} root @param {Record<string, string>} params @param {AbortSignal} signal */
export const open = (root, params, signal) => openTab(root, new ExportTab(), params, signal)
