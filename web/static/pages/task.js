/** One task: everybody's answer over the data, how far they agree, what they see differently, and the consensus. */
import { html, nothing } from 'lit'
import { api } from '../app/api.js'
import { PreviewSession } from '../app/preview-session.js'
import { navigate } from '../app/router.js'
import { annotateEngine } from '../app/runtime.js'
import '../elements/surface.js'
import { answersTable, consensusSample, lineSample, styleOf } from './answers-view.js'
import { differences, emptied, onlyRegions } from './differences.js'
import { OwnerElement, arrive, attempt, failure, isTyping, mount, ofProject, problemList, topbar, waiting } from './page.js'
import { stateBadge } from './progress.js'
import { LEAVE } from './project-frame.js'
import { ago, counted, duration, exactly, score } from './words.js'

/** @typedef {import('./differences.js').Annotation} Annotation */
/** @typedef {import('./differences.js').Difference} Difference */
/**
 * @typedef {{task: {id: number, project: number, data: Record<string, unknown>}, state: import('./words.js').TaskState, plan: any, display: any,
 *   annotations: Annotation[], consensus?: any, previous?: number | null, next?: number | null}} Answers
 */

/** @type {never[]} */
const NOTHING = []

class TaskPage extends OwnerElement {
  project = ''
  task = ''
  /** @type {Answers | null} */ #answers = null
  /** @type {Difference[]} */ #differences = []
  /** @type {Set<number>} annotations that are switched off */ #off = new Set()
  #consensus = false
  /** The difference that alone is shown. */ #only = ''
  #title = ''
  #reviews = false
  /** @type {unknown} */ #error = null
  /** reads files that stand behind an object's url; Python starts only for these @type {Promise<PreviewSession> | null} */ #reader = null

  /** @param {string} object @param {string} text what the file holds */
  #content = async (object, text) => {
    this.#reader ??= this.#read()
    return (await this.#reader).content(object, text)
  }

  async #read() {
    const { plan, task } = /** @type {Answers} */ (this.#answers)
    const session = new PreviewSession(annotateEngine())
    this.signal.addEventListener('abort', () => session.close())
    await session.load(plan, task.data)
    return session
  }

  connectedCallback() {
    super.connectedCallback()
    document.addEventListener('keydown', (event) => this.#key(event), { signal: this.signal })
    void this.#load()
  }

  async #load() {
    const path = `/api/tasks/${encodeURIComponent(this.task)}/answers`
    const [{ value, error }, project] = await Promise.all([
      attempt(async () => ofProject(await api.get(path, { signal: this.signal }), this.project)),
      attempt(() => api.get(`/api/projects/${encodeURIComponent(this.project)}`, { signal: this.signal })),
    ])
    if (!this.isConnected) return
    this.#error = error ?? null
    if (error) document.title = `Task ${this.task} · Labelkite`
    this.#title = project.value?.title ?? ''
    this.#reviews = !!project.value?.may?.includes('review')
    if (value) {
      this.#answers = value
      this.#differences = differences(value)
    }
    this.requestUpdate()
    await this.updateComplete
    if (value) arrive(this, `Task ${this.task} · ${this.#title}`)
  }

  get #back() {
    return `/projects/${this.project}`
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
    const { previous, next } = this.#answers ?? {}
    if (event.key === 'Escape') {
      if (!this.#only) return navigate(this.#back)
      this.#show('')
    } else if (event.key === 'j' && next) navigate(`${this.#back}/tasks/${next}`)
    else if (event.key === 'k' && previous) navigate(`${this.#back}/tasks/${previous}`)
    else if (event.key === 'c' && this.#answers?.consensus?.view) this.#toggleConsensus()
    else if (/^[1-9]$/.test(event.key)) {
      const one = this.#answers?.annotations[Number(event.key) - 1]
      if (one) this.#toggle(one.id)
    }
  }

  /** @param {number} id */
  #toggle(id) {
    if (!this.#off.delete(id)) this.#off.add(id)
    this.#only = ''
    this.requestUpdate()
  }

  #toggleConsensus() {
    this.#consensus = !this.#consensus
    this.#only = ''
    this.requestUpdate()
  }

  /** @param {string} key of a difference, empty for everything */
  #show(key) {
    this.#only = this.#only === key ? '' : key
    this.requestUpdate()
  }

  /** What the surface gets: the consensus or one person's own view underneath, the others as layers over it. */
  #drawn() {
    const { annotations, consensus } = /** @type {Answers} */ (this.#answers)
    const shown = annotations.map((one, i) => ({ one, style: styleOf(i) })).filter(({ one }) => !this.#off.has(one.id))
    const layer = (/** @type {typeof shown[0]} */ { one, style }, /** @type {any} */ view) => ({ id: String(one.id), name: one.person.name, ...style, view })
    const only = this.#differences.find(({ key }) => key === this.#only)
    const blank = emptied(annotations[0]?.view ?? consensus?.view)
    if (only?.sources.length) {
      const layers = annotations.map((one, i) => layer({ one, style: styleOf(i) },
        onlyRegions(one.view, (id) => only.sources.some((source) => source.annotation === one.id && source.id === id))))
      return { view: blank, layers, blank: true }
    }
    if (this.#consensus && consensus?.view) return { view: consensus.view, layers: shown.map((entry) => layer(entry, entry.one.view)), blank: false }
    if (shown.length === 1) return { view: shown[0].one.view, layers: [], blank: false }
    return { view: blank, layers: shown.map((entry) => layer(entry, entry.one.view)), blank: annotations.length > 0 }
  }

  render() {
    const answers = this.#answers
    const crumbs = [{ href: '/projects', text: 'Projects' }, { href: this.#back, text: this.#title || '…' }, { text: `Task ${this.task}` }]
    return html`
      ${topbar(crumbs, answers ? this.#neighbours(answers) : nothing)}
      <main class="ow-task">
        ${this.#error ? html`<div class="page">${failure(this.#error, { what: 'This task could not be loaded.', again: () => void this.#load(), leave: this.#title ? { href: this.#back, text: 'All tasks' } : LEAVE })}</div>` : nothing}
        ${answers ? this.#page(answers) : this.#error ? nothing : html`<div class="page">${waiting('Loading the task and its answers …')}</div>`}
      </main>`
  }

  /** @param {Answers} answers */
  #neighbours({ previous, next }) {
    const step = (/** @type {number | null | undefined} */ id, /** @type {string} */ text, /** @type {string} */ key, /** @type {unknown} */ mark) => (id
      ? html`<a class="button button-small" href="${this.#back}/tasks/${id}" title="${text} task (${key})">${mark}${text}</a>`
      : html`<span class="button button-small" aria-disabled="true">${mark}${text}</span>`)
    return html`<nav class="row" aria-label="Neighbours">${step(previous, 'Previous', 'K', html`<kbd class="kbd">K</kbd>`)}${step(next, 'Next', 'J', html`<kbd class="kbd">J</kbd>`)}</nav>`
  }

  /** @param {Answers} answers */
  #page(answers) {
    const { plan, display, annotations, consensus, state } = answers
    const { view, layers, blank } = this.#drawn()
    return html`
      <div class="ow-task-head">
        <h1 tabindex="-1">Task ${answers.task.id}</h1>
        ${stateBadge(state)}
        <span class="muted">${annotations.length ? html`agreement <strong class="number ow-plain">${score(consensus?.agreement)}</strong>${consensus?.reason ? html` · ${consensus.reason}` : nothing}` : 'Nobody has answered yet'}</span>
        ${this.#reviews && annotations.length ? html`<a class="button button-small" href="/review/${this.project}?task=${answers.task.id}">Review this task</a>` : nothing}
      </div>
      <div class="ow-task-grid">
        <section class="ow-task-stage ${blank ? 'is-layers' : ''}" aria-label="Data with answers">
          <kite-surface .plan=${plan} .display=${display} .view=${view} .layers=${layers} .pending=${NOTHING} .readonly=${true} .panel=${false} .content=${this.#content}></kite-surface>
        </section>
        <aside class="ow-task-side">
          ${this.#legend(answers)}
          ${this.#differenceList(annotations)}
          ${consensus?.problems?.length ? html`<section class="stack stack-tight"><h2>Could not be read</h2>${problemList(consensus.problems)}</section>` : nothing}
        </aside>
        ${annotations.length ? answersTable(answers) : nothing}
      </div>`
  }

  /** @param {Answers} answers */
  #legend({ annotations, consensus }) {
    return html`<section class="stack stack-tight" aria-label="Whose answers are shown">
      <h2>People</h2>
      ${annotations.length ? html`<ul class="ow-people-list">
        ${annotations.map((one, i) => html`<li>
          <label class="check"><input type="checkbox" .checked=${!this.#off.has(one.id)} @change=${() => this.#toggle(one.id)}>
            ${lineSample(styleOf(i))}<span class="strong grow clip">${one.person.name}</span>
            ${i < 9 ? html`<kbd class="kbd">${i + 1}</kbd>` : nothing}</label>
          <div class="small muted ow-people-facts">${one.was_cancelled ? 'skipped · ' : ''}${counted(Object.keys(one.view.regions ?? {}).length, 'region')} · ${duration(one.lead_time)} · <span title=${exactly(one.created_at)}>${ago(one.created_at)}</span></div>
        </li>`)}
        ${consensus?.view ? html`<li class="ow-people-consensus">
          <label class="check"><input type="checkbox" .checked=${this.#consensus} @change=${() => this.#toggleConsensus()}>
            ${consensusSample}
            <span class="strong grow">Consensus</span><kbd class="kbd">C</kbd></label>
          <div class="small muted ow-people-facts">${consensus.n < 2 ? 'one answer, taken as it is' : `what most of ${consensus.n} people said`}</div>
        </li>` : nothing}
      </ul>` : html`<p class="muted">Nobody has answered this task yet. Send the annotator link; answers appear here as they come.</p>`}
    </section>`
  }

  /** @param {Annotation[]} annotations */
  #differenceList(annotations) {
    if (annotations.length < 2) return nothing
    const list = this.#differences
    return html`<section class="stack stack-tight" aria-label="Differences">
      <h2>${list.length ? counted(list.length, 'difference') : 'No differences'}</h2>
      ${list.length ? html`<ul class="ow-differences">${list.map((one) => html`<li>${one.sources.length
        ? html`<button type="button" class="ow-difference" aria-pressed=${this.#only === one.key} title="Show only this" @click=${() => this.#show(one.key)}><span class="strong">${one.where}</span><span>${one.text}</span></button>`
        : html`<div class="ow-difference"><span class="strong">${one.where}</span><span>${one.text}</span></div>`}</li>`)}</ul>
        ${this.#only ? html`<button type="button" class="button button-small" @click=${() => this.#show('')}>Show everything <kbd class="kbd">Esc</kbd></button>` : nothing}`
        : html`<p class="muted">They say the same wherever it can be compared; borders may differ a little.</p>`}
    </section>`
  }
}

customElements.define('kite-task-page', TaskPage)

/** @param {HTMLElement} root @param {Record<string, string>} params @param {AbortSignal} signal */
export async function open(root, params, signal) {
  const page = new TaskPage()
  page.project = params.id
  page.task = params.task
  mount(root, page, signal)
}
