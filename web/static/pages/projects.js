/** The list of projects: where an owner starts. */
import { html, nothing } from 'lit'
import { api } from '../app/api.js'
import { OwnerElement, arrive, attempt, failure, listKeys, mount, openRow, topbar, waiting } from './page.js'
import { icon } from './icons.js'
import { progressBar } from './progress.js'
import { ago, counted, exactly, number } from './words.js'

/** @typedef {import('./progress.js').Progress} Progress */
/** @typedef {{id: number, title: string, description?: string, task_number?: number, progress?: Progress, created_at?: string}} ProjectRow */

const PAGE = 100

class ProjectsPage extends OwnerElement {
  /** @type {ProjectRow[] | null} */ #projects = null
  #count = 0
  /** @type {unknown} */ #error = null

  connectedCallback() {
    super.connectedCallback()
    listKeys(this, this.signal)
    void this.#load()
  }

  async #load() {
    this.#error = null
    this.requestUpdate()
    const page = Math.floor((this.#projects?.length ?? 0) / PAGE) + 1
    const { value, error } = await attempt(() => api.get(`/api/projects?page=${page}&page_size=${PAGE}`, { signal: this.signal }))
    if (!this.isConnected) return
    if (error) this.#error = error
    else {
      this.#projects = [...(this.#projects ?? []), ...value.results]
      this.#count = value.count
    }
    this.requestUpdate()
    await this.updateComplete
    arrive(this, 'Projects')
  }

  render() {
    const projects = this.#projects
    return html`
      ${topbar([])}
      <main class="page">
        <div class="page-head ow-head">
          <div>
            <h1 tabindex="-1">Projects</h1>
            ${projects?.length ? html`<p class="muted">${counted(this.#count, 'project')} on this server</p>` : nothing}
          </div>
          ${projects?.length ? html`<a class="button button-primary" href="/projects/new">${icon('plus')}New project</a>` : nothing}
        </div>
        ${this.#error ? failure(this.#error, { what: 'The projects could not be loaded.', again: () => void this.#load() }) : nothing}
        ${projects ? (projects.length ? this.#table(projects) : empty) : this.#error ? nothing : waiting('Loading the projects …')}
      </main>`
  }

  /** @param {ProjectRow[]} projects */
  #table(projects) {
    return html`
      <div class="table-wrap">
        <table class="table ow-projects">
          <thead><tr><th>Project</th><th>Progress</th><th class="table-number">Tasks</th><th class="table-number">Answers</th><th>Made</th></tr></thead>
          <tbody @click=${openRow}>
            ${projects.map((project) => html`
              <tr class="is-link">
                <td class="ow-project-name">
                  <a class="strong" data-row href="/projects/${project.id}">${project.title || `Project ${project.id}`}</a>
                  ${project.description ? html`<div class="muted small clip">${project.description}</div>` : nothing}
                </td>
                <td class="ow-project-progress">${project.progress ? summary(project.progress) : nothing}</td>
                <td class="table-number">${number(project.progress?.total ?? project.task_number ?? 0)}</td>
                <td class="table-number">${number(project.progress?.annotations ?? 0)}</td>
                <td class="muted"><span title=${exactly(project.created_at)}>${ago(project.created_at)}</span></td>
              </tr>`)}
          </tbody>
        </table>
      </div>
      ${projects.length < this.#count ? html`<p class="row ow-more"><button type="button" class="button" @click=${() => void this.#load()}>Show more</button>
        <span class="muted">${number(projects.length)} of ${number(this.#count)}</span></p>` : nothing}`
  }
}

/** @param {Progress} progress */
const summary = (progress) => (progress.total ? html`${progressBar(progress)}
  <div class="small muted">${number(progress.agreed)} of ${number(progress.total)} agreed${progress.disagree ? html` · <span class="ow-attention">${number(progress.disagree)} disagree</span>` : nothing}</div>`
  : html`<span class="small muted">No data yet</span>`)

const empty = html`
  <div class="card empty">
    <h2>Make your first project</h2>
    <p>A project is a question to people about your data: what to mark in photos or texts, the data itself, and a link.
      Whoever opens the link can label, with nothing to install.</p>
    <a class="button button-primary" href="/projects/new">${icon('plus')}New project</a>
  </div>`

customElements.define('kite-projects-page', ProjectsPage)

/** @param {HTMLElement} root @param {Record<string, string>} _params @param {AbortSignal} signal */
export async function open(root, _params, signal) {
  mount(root, document.createElement('kite-projects-page'), signal)
}
