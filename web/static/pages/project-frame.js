/** What the pages of one project share: its header with progress, its tabs, and the refreshing of both. */
import { html, nothing } from 'lit'
import { ApiError, api } from '../app/api.js'
import { icon } from './icons.js'
import './invite-link.js'
import { OwnerElement, arrive, attempt, failure, isClosed, listKeys, mount, topbar, waiting } from './page.js'
import { progressBar } from './progress.js'
import { STATES, counted, number, statesOf } from './words.js'

/** @typedef {import('./progress.js').Progress} Progress */
/**
 * @typedef {{id: number, title: string, description?: string, label_config: string, expert_instruction?: string,
 *   maximum_annotations?: number, agreement_threshold?: number, progress: Progress, plan?: any, config_version?: number, created_at?: string, may?: string[]}} Project
 */
/** @typedef {'tasks' | 'explore' | 'data' | 'people' | 'report' | 'export' | 'settings'} Tab */

const REFRESH_MS = 4000
/** The way out of a project that is not there, or not for whoever looks. */
export const LEAVE = { href: '/projects', text: 'All projects' }
/** @type {{tab: Tab, text: string, path: string}[]} */
const TABS = [
  { tab: 'tasks', text: 'Tasks', path: '' },
  { tab: 'explore', text: 'Explore', path: '/explore' },
  { tab: 'data', text: 'Data', path: '/data' },
  { tab: 'people', text: 'People', path: '/people' },
  { tab: 'report', text: 'Report', path: '/report' },
  { tab: 'export', text: 'Export', path: '/export' },
  { tab: 'settings', text: 'Settings', path: '/settings' },
]

/**
 * Whether whoever looks may do this in the project; docs/access.md has the words.
 * @param {Project} project @param {'label' | 'read' | 'review' | 'manage' | 'own'} what
 */
export const may = (project, what) => project.may?.includes(what) ?? false

/** The project shown last, so that another tab of it is there at once. @type {Project | null} */
let recent = null

/** Base of the tab pages: subclasses say which tab they are and draw the `body`. */
export class ProjectTab extends OwnerElement {
  project = ''
  /** @type {Tab} */ tab = 'tasks'
  /** @type {Project | null} */ shown = null
  /** @type {unknown} */ error = null
  #timer = 0
  #arrived = false

  connectedCallback() {
    super.connectedCallback()
    if (recent && String(recent.id) === this.project) this.shown = recent
    // In the tabs with fields and a preview, Escape belongs to those.
    listKeys(this, this.signal, this.tab === 'tasks' ? { back: '/projects' } : {})
    document.addEventListener('visibilitychange', () => !document.hidden && void this.refresh(), { signal: this.signal })
    this.signal.addEventListener('abort', () => clearTimeout(this.#timer))
    void this.refresh()
  }

  get path() {
    return `/api/projects/${encodeURIComponent(this.project)}`
  }

  /** Ask again for what is shown; then in a few seconds once more, as long as somebody looks. */
  async refresh() {
    clearTimeout(this.#timer)
    const [{ value, error }] = await Promise.all([attempt(() => api.get(this.path, { signal: this.signal })), this.refreshBody()])
    if (!this.isConnected) return
    this.error = error ?? null
    if (error && !this.shown) document.title = `Project ${this.project} · Labelkite`
    if (value) this.took(value)
    this.requestUpdate()
    clearTimeout(this.#timer)
    if (!document.hidden) this.#timer = window.setTimeout(() => void this.refresh(), REFRESH_MS)
  }

  /** @param {Project} project */
  took(project) {
    this.shown = recent = { ...project, may: project.may ?? this.shown?.may } // a change answers without it
    this.requestUpdate()
  }

  /** What the tab itself shows anew. @returns {Promise<void>} */
  async refreshBody() {}

  /** @returns {unknown} */
  body() {
    return nothing
  }

  /** A refresh behind one's back failed: said where nothing has to move for it. @param {unknown} error */
  #stale(error) {
    const why = error instanceof ApiError ? error.problems[0]?.message : String(error)
    return html`<span class="ow-attention" role="status">Not up to date. ${why}</span>
      ${isClosed(error) ? html`<a class="button button-small" href=${LEAVE.href}>${LEAVE.text}</a>`
    : html`<button type="button" class="button button-small" @click=${() => void this.refresh()}>Try again</button>`}`
  }

  updated() {
    if (this.#arrived || !this.shown) return
    this.#arrived = true
    const text = TABS.find(({ tab }) => tab === this.tab)?.text
    arrive(this, this.tab === 'tasks' ? this.shown.title : `${text} · ${this.shown.title}`)
  }

  render() {
    const project = this.shown
    const base = `/projects/${this.project}`
    return html`
      ${topbar([{ href: '/projects', text: 'Projects' }, { text: project?.title ?? '…' }], project && this.error ? this.#stale(this.error) : nothing)}
      <main class="page">
        ${project ? header(project) : nothing}
        ${this.error && !project ? failure(this.error, { what: 'This project could not be loaded.', leave: LEAVE, again: () => void this.refresh() }) : nothing}
        ${project ? html`
          <nav class="tabs ow-tabs" aria-label="Project">
            ${TABS.filter(({ tab }) => (tab !== 'data' && tab !== 'explore') || may(project, 'manage')).map(({ tab, text, path }) => html`<a class="tab" href=${base + path} aria-current=${tab === this.tab ? 'page' : nothing}>${text}</a>`)}
            ${project.may?.includes('review') ? html`<a class="tab" href="/review/${this.project}" title="Tasks that wait for a reviewer">Review${project.progress.review
              ? html` <span class="badge badge-attention number" aria-label=${`${project.progress.review} waiting`}>${number(project.progress.review)}</span>` : nothing}</a>` : nothing}
          </nav>
          ${this.body()}` : this.error ? nothing : waiting('Loading the project …')}
      </main>`
  }
}

/** @param {Project} project */
function header(project) {
  const { progress } = project
  return html`
    <div class="page-head ow-head">
      <div class="grow ow-head-words">
        <h1 tabindex="-1">${project.title || `Project ${project.id}`}</h1>
        ${project.description ? html`<p class="muted">${project.description}</p>` : nothing}
      </div>
      <div class="row">
        ${may(project, 'manage') ? html`<kite-invite-link .project=${String(project.id)}></kite-invite-link>` : nothing}
        ${progress.total && may(project, 'label') ? html`<a class="button" href="/label/${project.id}" title="Label yourself, as annotators see it">Label tasks</a>` : nothing}
        <a class="button" href="/projects/${project.id}/export" title="The answers as a file: JSON, CSV, COCO, YOLO and more">${icon('download')}Export</a>
      </div>
    </div>
    ${progress.total ? html`
      <div class="ow-progress">
        <p><span class="ow-progress-main number">${number(progress.agreed + progress.verified)}</span> of ${counted(progress.total, 'task')} ${progress.verified ? 'agreed or verified' : 'agreed'}
          <span class="muted">· ${counted(progress.annotations, 'answer')} so far</span></p>
        ${progressBar(progress)}
        <ul class="ow-legend">
          ${statesOf(progress).map((state) => html`<li title=${STATES[state].means}><span class="ow-key ow-s-${state}" aria-hidden="true"></span>
            <span class="number">${number(progress[state])}</span> <span class="muted">${STATES[state].several}</span></li>`)}
        </ul>
      </div>` : nothing}`
}

/**
 * @param {HTMLElement} root @param {ProjectTab} page @param {Record<string, string>} params @param {AbortSignal} signal
 */
export function openTab(root, page, params, signal) {
  page.project = params.id
  mount(root, page, signal)
}
