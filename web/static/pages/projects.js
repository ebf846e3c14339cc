/** The list of projects: where an owner starts. */
import { html, nothing } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { api } from '../app/api.js'
import { OwnerElement, arrive, attempt, failure, listKeys, mount, openRow, topbar, waiting } from './page.js'
import { icon } from './icons.js'
import { progressBar } from './progress.js'
import { archive, bringIn, download, duplicate, FILE_SUFFIX, remove, rename } from './project-actions.js'
import { ago, counted, date, exactly, number } from './words.js'

/** @typedef {import('./progress.js').Progress} Progress */
/**
 * @typedef {{id: number, title: string, description?: string, task_number?: number, progress?: Progress, created_at?: string,
 *   is_archived?: boolean, archived_at?: string | null, is_paused?: boolean, restoring?: boolean}} ProjectRow
 */
/** @typedef {{id: number, managed: boolean, people_today: number, last_day: string | null, paused_people: number, refused: number, refused_job: number | null}} Activity */
/** @typedef {'newest' | 'name' | 'waiting' | 'active' | 'left'} Order */

const PAGE = 100
const ACTIVITY_LOT = 25
/** From so many projects on there is something to search and sort. */
const MANY = 6
/** @type {{order: Order, text: string}[]} */
const ORDERS = [
  { order: 'newest', text: 'Newest first' }, { order: 'active', text: 'Last worked on' }, { order: 'waiting', text: 'Needs you first' },
  { order: 'left', text: 'Most left to do' }, { order: 'name', text: 'By name' },
]
const ORDER_KEY = 'labelkite.projects.order'

class ProjectsPage extends OwnerElement {
  /** @type {ProjectRow[] | null} */ #projects = null
  #count = 0
  #creates = false
  /** @type {Map<number, Activity>} */ #activity = new Map()
  /** @type {unknown} */ #error = null
  #wanted = ''
  /** @type {Order} */ #order = 'newest'
  #archived = false
  /** of an older load is dropped */ #turn = 0

  connectedCallback() {
    super.connectedCallback()
    const kept = localStorage.getItem(ORDER_KEY)
    this.#order = ORDERS.find(({ order }) => order === kept)?.order ?? 'newest'
    listKeys(this, this.signal)
    document.addEventListener('keydown', (event) => {
      const target = /** @type {HTMLElement} */ (event.target)
      if (event.key !== '/' || event.ctrlKey || event.metaKey || target.closest('input, textarea, select, dialog')) return
      const field = /** @type {HTMLElement | null} */ (this.querySelector('#projects-search'))
      if (!field) return
      event.preventDefault()
      field.focus()
    }, { signal: this.signal })
    void this.#load()
  }

  /** All of them, a page after the other: deployments have few, and searching needs all. */
  async #load() {
    const turn = ++this.#turn
    this.#error = null
    this.requestUpdate()
    /** @type {ProjectRow[]} */ const found = []
    for (let page = 1; ; page += 1) {
      const { value, error } = await attempt(() => api.get(`/api/projects?page=${page}&page_size=${PAGE}`, { signal: this.signal }))
      if (!this.isConnected || turn !== this.#turn) return
      if (error) {
        this.#error = error
        this.requestUpdate()
        break
      }
      found.push(...value.results)
      this.#count = value.count
      this.#creates = value.may_create
      if (!this.#projects || found.length >= this.#projects.length || !value.next) this.#projects = [...found]
      this.requestUpdate()
      if (!value.next) break
    }
    await this.updateComplete
    arrive(this, 'Projects')
    if (found.length) await this.#look(turn, found.filter((one) => !one.restoring).map(({ id }) => id))
  }

  /** Who works and what waits: asked for behind the list, in lots. @param {number} turn @param {number[]} ids */
  async #look(turn, ids) {
    for (let i = 0; i < ids.length; i += ACTIVITY_LOT) {
      const { value } = await attempt(() => api.get(`/api/projects/activity?projects=${ids.slice(i, i + ACTIVITY_LOT).join(',')}`, { signal: this.signal }))
      if (!this.isConnected || turn !== this.#turn || !value) return
      for (const one of value.projects) this.#activity.set(one.id, one)
      this.requestUpdate()
    }
  }

  #where = () => ({ signal: this.signal, changed: () => void this.#load() })

  #bring = (/** @type {Event} */ event) => {
    const input = /** @type {HTMLInputElement} */ (event.target)
    const file = input.files?.[0]
    input.value = ''
    if (file) void bringIn(file, this.#where())
  }

  render() {
    const projects = this.#projects
    const live = projects?.filter((one) => !one.is_archived) ?? []
    return html`
      ${topbar([])}
      <main class="page">
        <div class="page-head ow-head">
          <div>
            <h1 tabindex="-1">Projects</h1>
            ${projects?.length ? html`<p class="muted">${counted(this.#count, 'project')} on this server</p>` : nothing}
          </div>
          ${projects?.length && this.#creates ? html`<div class="row">
            ${bringButton(this.#bring)}
            <a class="button button-primary" href="/projects/new">${icon('plus')}New project</a></div>` : nothing}
        </div>
        ${this.#error ? failure(this.#error, { what: 'The projects could not be loaded.', again: () => void this.#load() }) : nothing}
        ${projects ? (projects.length ? this.#lists(projects, live) : this.#creates ? empty(this.#bring) : NOWHERE) : this.#error ? nothing : waiting('Loading the projects …')}
      </main>`
  }

  /** @param {ProjectRow[]} projects @param {ProjectRow[]} live */
  #lists(projects, live) {
    const wanted = this.#wanted.trim().toLowerCase()
    const fits = (/** @type {ProjectRow} */ one) => !wanted || `${one.title} ${one.description ?? ''}`.toLowerCase().includes(wanted)
    const shown = this.#sorted(live.filter(fits))
    const old = projects.filter((one) => one.is_archived && fits(one))
    return html`
      ${projects.length >= MANY ? this.#tools(shown.length + old.length) : nothing}
      ${live.length ? (shown.length ? this.#table(shown) : html`<p class="muted ow-none">No project of this name${old.length ? ' among those in work' : ''}.
        <button type="button" class="button button-small" @click=${() => this.#search('')}>Show all</button></p>`)
        : html`<p class="muted ow-none">All projects are archived.</p>`}
      ${old.length ? html`
        <details class="ow-archived" ?open=${this.#archived || (wanted !== '' && !shown.length)} @toggle=${(/** @type {Event} */ event) => {
          this.#archived = /** @type {HTMLDetailsElement} */ (event.target).open
        }}>
          <summary><h2>Archived <span class="muted number">${number(old.length)}</span></h2></summary>
          ${this.#table(old)}
        </details>` : nothing}`
  }

  /** @param {string} text */
  #search(text) {
    this.#wanted = text
    this.requestUpdate()
  }

  /** @param {number} found */
  #tools(found) {
    return html`
      <div class="row ow-tools" role="search">
        <input id="projects-search" class="input" type="search" placeholder="Search by name" aria-label="Search projects" autocomplete="off" aria-keyshortcuts="/" .value=${this.#wanted}
          @input=${(/** @type {Event} */ event) => this.#search(/** @type {HTMLInputElement} */ (event.target).value)}>
        <label class="row small" for="projects-order">Sort
          <select id="projects-order" class="select" @change=${(/** @type {Event} */ event) => {
            this.#order = /** @type {Order} */ (/** @type {HTMLSelectElement} */ (event.target).value)
            localStorage.setItem(ORDER_KEY, this.#order)
            this.requestUpdate()
          }}>${ORDERS.map(({ order, text }) => html`<option value=${order} ?selected=${order === this.#order}>${text}</option>`)}</select></label>
        <span class="muted small" role="status">${this.#wanted ? `${number(found)} found` : nothing}</span>
      </div>`
  }

  /** @param {ProjectRow[]} rows */
  #sorted(rows) {
    const left = (/** @type {ProjectRow} */ one) => (one.progress ? one.progress.new + one.progress.working : 0)
    const waits = (/** @type {ProjectRow} */ one) => this.#needs(one).length
    /** @type {Record<Order, (a: ProjectRow, b: ProjectRow) => number>} */
    const by = {
      newest: () => 0,
      name: (a, b) => a.title.localeCompare(b.title, undefined, { numeric: true }),
      waiting: (a, b) => waits(b) - waits(a),
      active: (a, b) => (this.#activity.get(b.id)?.last_day ?? '').localeCompare(this.#activity.get(a.id)?.last_day ?? ''),
      left: (a, b) => left(b) - left(a),
    }
    return [...rows].sort((a, b) => by[this.#order](a, b) || b.id - a.id)
  }

  /**
   * What waits for the owner: each leads to where it is settled.
   * @param {ProjectRow} project @returns {{text: string, href: string}[]}
   */
  #needs({ id, progress, is_archived: archived }) {
    const known = this.#activity.get(id)
    const disagree = progress ? progress.review || progress.disagree : 0
    return archived ? [] : [
      ...(disagree ? [{ text: progress?.review ? `${number(disagree)} to review` : counted(disagree, 'disagreement'), href: progress?.review ? `/review/${id}` : `/projects/${id}?state=disagree` }] : []),
      ...(known?.paused_people ? [{ text: `${counted(known.paused_people, 'person', 'people')} paused`, href: `/projects/${id}/people` }] : []),
      ...(known?.refused ? [{ text: `${number(known.refused)} refused in an import`, href: `/projects/${id}/settings` }] : []),
    ]
  }

  /** @param {ProjectRow[]} projects */
  #table(projects) {
    return html`
      <div class="table-wrap">
        <table class="table ow-projects">
          <thead><tr><th>Project</th><th>Progress</th><th class="ow-col-people">Today</th><th class="ow-col-last">Last work</th><th>Needs you</th><th><span class="visually-hidden">Actions</span></th></tr></thead>
          <tbody @click=${openRow}>${repeat(projects, ({ id }) => id, (project) => this.#row(project))}</tbody>
        </table>
      </div>`
  }

  /** @param {ProjectRow} project */
  #row(project) {
    const known = this.#activity.get(project.id)
    const needs = this.#needs(project)
    const title = project.title || `Project ${project.id}`
    return html`
      <tr class="is-link ${project.is_archived ? 'is-archived' : ''}">
        <td class="ow-project-name">
          <a class="strong" data-row href="/projects/${project.id}">${title}</a>
          ${project.restoring ? html`<span class="badge badge-info">being brought in</span>` : project.is_paused ? html`<span class="badge badge-quiet">paused</span>` : nothing}
          <div class="muted small clip">${project.description || html`made <span title=${exactly(project.created_at)}>${ago(project.created_at)}</span>`}</div>
        </td>
        <td class="ow-project-progress">${project.progress ? summary(project.progress) : nothing}</td>
        <td class="ow-col-people">${known ? (known.people_today ? counted(known.people_today, 'person', 'people') : html`<span class="muted">nobody</span>`) : html`<span class="muted">…</span>`}</td>
        <td class="muted ow-col-last">${known ? day(known.last_day) : '…'}</td>
        <td>${needs.length ? html`<ul class="ow-needs">${needs.map(({ text, href }) => html`<li><a class="ow-attention" href=${href}>${text}</a></li>`)}</ul>` : html`<span class="muted">–</span>`}</td>
        <td class="ow-actions">${this.#menu(project, title)}</td>
      </tr>`
  }

  /** @param {ProjectRow} project @param {string} title */
  #menu(project, title) {
    const id = `actions-${project.id}`
    const act = (/** @type {(project: ProjectRow, where: any) => unknown} */ what) => () => {
      /** @type {HTMLElement | null} */ (this.querySelector(`#${id}`))?.hidePopover()
      void what(project, this.#where())
    }
    const whole = !project.restoring
    if (this.#activity.get(project.id)?.managed === false) return nothing // who may only look changes nothing
    return html`
      <button type="button" class="button button-quiet button-icon" popovertarget=${id} aria-label="Actions of ${title}" @click=${(/** @type {MouseEvent} */ event) => placed(event, id)}>${icon('more')}</button>
      <div id=${id} class="menu" popover>
        ${whole ? html`
          <button type="button" class="menu-item" @click=${act(rename)}>Rename …</button>
          <button type="button" class="menu-item" @click=${act(duplicate)}>Duplicate …</button>
          <button type="button" class="menu-item" @click=${act(download)}>Download as one file …</button>
          <button type="button" class="menu-item" @click=${act(archive)}>${project.is_archived ? 'Bring back from the archive …' : 'Archive …'}</button>` : nothing}
        <button type="button" class="menu-item ow-danger-item" @click=${act(remove)}>Delete …</button>
      </div>`
  }
}

/** A menu beside its button: popovers are placed by the page. @param {MouseEvent} event @param {string} id */
function placed(event, id) {
  const button = /** @type {HTMLElement} */ (event.currentTarget)
  const menu = document.getElementById(id)
  if (!menu) return
  const { bottom, right, top } = button.getBoundingClientRect()
  const height = 5 * 36 + 16
  const above = bottom + height > innerHeight && top > height
  menu.style.setProperty('inset', above ? `auto ${innerWidth - right}px ${innerHeight - top + 4}px auto` : `${bottom + 4}px ${innerWidth - right}px auto auto`)
}

/** A day of UTC as people say it. @param {string | null} value such as 2026-11-22 */
function day(value) {
  if (!value) return 'not yet'
  const days = Math.round((Date.parse(new Date().toISOString().slice(0, 10)) - Date.parse(value)) / 86_400_000)
  return days <= 0 ? 'today' : days === 1 ? 'yesterday' : days < 14 ? `${days} days ago` : date(value)
}

/** @param {Progress} progress */
function summary(progress) {
  const done = progress.agreed + progress.disagree + progress.verified + progress.dropped
  return progress.total ? html`${progressBar(progress)}
    <div class="small muted"><span class="number">${number(done)}</span> of <span class="number">${number(progress.total)}</span> done · ${counted(progress.annotations, 'answer')}</div>`
    : html`<span class="small muted">No data yet</span>`
}

/** @param {(event: Event) => void} bring */
const bringButton = (bring) => html`<label class="button ow-file" title="A file that “Download as one file” has made, here or elsewhere">Bring in a project
  <input class="visually-hidden" type="file" accept="${FILE_SUFFIX},.gz" @change=${bring}></label>`

const NOWHERE = html`
  <div class="card empty">
    <h2>No project is open to you</h2>
    <p>Projects stand here once you review or manage one. To label, open the link that you were sent.</p>
  </div>`

/** @param {(event: Event) => void} bring */
const empty = (bring) => html`
  <div class="card empty">
    <h2>Make your first project</h2>
    <p>A project is a question to people about your data: what to mark in photos or texts, the data itself, and a link.
      Whoever opens the link can label, with nothing to install.</p>
    <div class="row">
      <a class="button button-primary" href="/projects/new?browse=1">Start from a template</a>
      <a class="button" href="/projects/new">Write your own config</a>
      ${bringButton(bring)}
    </div>
    <p class="muted small">To look around first: <code>labelkite up</code> in an empty folder makes two demo projects with data and people.</p>
  </div>`

customElements.define('kite-projects-page', ProjectsPage)

/** @param {HTMLElement} root @param {Record<string, string>} _params @param {AbortSignal} signal */
export async function open(root, _params, signal) {
  mount(root, document.createElement('kite-projects-page'), signal)
}
