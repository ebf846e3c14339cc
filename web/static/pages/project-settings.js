/** A project's settings: its name and config, the groups of settings-fields.js, and its end. One part of them is shown at a time. */
import { html, nothing } from 'lit'
import { createRef, ref } from 'lit/directives/ref.js'
import { api } from '../app/api.js'
import { navigate } from '../app/router.js'
import './config-change.js'
import './config-editor.js'
import './config-history.js'
import './gold-list.js'
import { icon } from './icons.js'
import { attempt, failure } from './page.js'
import { ProjectTab, may, openTab } from './project-frame.js'
import { SECTIONS } from './settings-fields.js'
import { unsaved } from './settings-section.js'
import { counted, number } from './words.js'

/** @typedef {{title: string, description: string, label_config: string}} Draft */
/** @typedef {{id: number, kind: string, state: string, progress: {done: number, total: number | null, unit: string}}} Job */

const FIRST = 'config'
/** Jobs that carry new settings to the tasks. */
const CARRIES = ['relist', 'consensus', 'states']

/** What is being edited, by project: a look at another tab loses nothing. @type {Map<string, Draft>} */
const drafts = new Map()

class SettingsTab extends ProjectTab {
  /** @type {import('./project-frame.js').Tab} */ tab = 'settings'
  /** @type {Draft | null} what is in the fields; null until the project is there */ #draft = null
  /** @type {Draft | null} what the server has */ #base = null
  #valid = true
  /** the plan of what stands in the editor, once it is compiled @type {any} */ #plan = null
  /** the version that the editor's config is again, after "Go back" @type {{version: number, label_config: string} | null} */ #again = null
  #saving = false
  #saved = false
  /** @type {unknown} */ #error = null
  #typedTitle = ''
  /** which of the parts is shown */ #part = FIRST
  /** @type {import('./settings-section.js').Person[]} */ #people = []
  /** @type {Job[]} */ #jobs = []
  /** @type {unknown} */ #deleteError = null
  #dialog = /** @type {import('lit/directives/ref.js').Ref<HTMLDialogElement>} */ (createRef())

  connectedCallback() {
    const asked = new URLSearchParams(location.search).get('part')
    this.#part = SECTIONS.find(({ id }) => id === asked)?.id ?? FIRST
    super.connectedCallback()
    addEventListener('beforeunload', (event) => {
      if (this.#changed.length || unsaved(this.project).length) event.preventDefault()
    }, { signal: this.signal })
  }

  /** @param {import('./project-frame.js').Project} project */
  took(project) {
    const server = { title: project.title, description: project.description ?? '', label_config: project.label_config }
    // What is being edited is never overwritten by a refresh.
    this.#draft = this.#changed.length ? this.#draft : (drafts.get(this.project) ?? { ...server })
    this.#base = server
    super.took(project)
  }

  async refreshBody() {
    if (this.#part === FIRST) return
    const [people, jobs] = await Promise.all([
      attempt(() => api.get(`${this.path}/people`, { signal: this.signal })),
      attempt(() => api.get(`${this.path}/jobs`, { signal: this.signal })),
    ])
    if (people.value) this.#people = people.value.people
    if (jobs.value) this.#jobs = jobs.value.jobs.filter((/** @type {Job} */ job) => CARRIES.includes(job.kind) && ['queued', 'running'].includes(job.state))
    this.requestUpdate()
  }

  /** @param {MouseEvent} event @param {string} part */
  #show(event, part) {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    this.#part = part
    history.replaceState(history.state, '', location.pathname + (part === FIRST ? '' : `?part=${part}`))
    this.requestUpdate()
    void this.refreshBody()
  }

  /** @returns {(keyof Draft)[]} */
  get #changed() {
    const [draft, base] = [this.#draft, this.#base]
    if (!draft || !base) return []
    return /** @type {(keyof Draft)[]} */ (Object.keys(base)).filter((name) => draft[name] !== base[name])
  }

  /** @param {Partial<Draft>} change */
  #edit(change) {
    this.#draft = { .../** @type {Draft} */ (this.#draft), ...change }
    if (this.#changed.length) drafts.set(this.project, this.#draft)
    else drafts.delete(this.project)
    this.#saved = false
    this.requestUpdate()
  }

  async #save() {
    const draft = this.#draft
    if (!draft || this.#saving) return
    this.#saving = true
    this.requestUpdate()
    /** @type {Record<string, unknown>} */
    const changes = Object.fromEntries(this.#changed.map((name) => [name, draft[name]]))
    if (changes.label_config) {
      const asker = /** @type {import('./config-change.js').KiteConfigChange} */ (this.querySelector('kite-config-change'))
      const decision = await asker.open(this.path, draft.label_config, this.#plan)
      if (!decision) {
        this.#saving = false
        this.requestUpdate()
        return
      }
      const { config_mapping, config_note, accept_orphans } = decision
      Object.assign(changes, { config_mapping, accept_orphans }, config_note ? { config_note } : {})
      if (this.#again?.label_config === draft.label_config) {
        delete changes.label_config
        changes.config_same_as = this.#again.version
      }
    }
    const { value, error } = await attempt(() => api.patch(this.path, changes))
    this.#saving = false
    this.#error = error ?? null
    this.#saved = !error
    if (value) {
      this.#base = { ...draft }
      drafts.delete(this.project)
      this.took({ .../** @type {import('./project-frame.js').Project} */ (this.shown), ...value })
    }
    this.requestUpdate()
  }

  async #delete() {
    const { error } = await attempt(() => api.delete(this.path))
    this.#deleteError = error ?? null
    this.requestUpdate()
    if (error) return
    this.#dialog.value?.close()
    this.#draft = this.#base
    drafts.delete(this.project)
    navigate('/projects', { replace: true })
  }

  body() {
    const [project, draft] = [this.shown, this.#draft]
    if (!project || !draft) return nothing
    const typed = unsaved(this.project)
    const parts = [{ id: FIRST, title: 'Name and config', dirty: this.#changed.length > 0 },
      ...SECTIONS.map(({ id, title, fields }) => ({ id, title, dirty: fields.some(({ name }) => typed.includes(name)) }))]
    return html`
      <div class="stack ow-section" @kite-typed=${() => this.requestUpdate()} @kite-project=${(/** @type {CustomEvent} */ event) => {
        this.took({ ...project, ...event.detail })
        void this.refreshBody()
      }}>
        <nav class="pj-parts" aria-label="Settings">
          ${parts.map(({ id, title, dirty }) => html`<a class="chip pj-part" href="/projects/${this.project}/settings${id === FIRST ? '' : `?part=${id}`}" aria-current=${id === this.#part ? 'true' : nothing}
            @click=${(/** @type {MouseEvent} */ event) => this.#show(event, id)}>${title}${dirty ? html`<span class="ow-attention" title="Not saved yet"><span aria-hidden="true">●</span><span class="visually-hidden">, not saved yet</span></span>` : nothing}</a>`)}
        </nav>
        ${may(project, 'manage') ? nothing : html`<div class="notice notice-info">${icon('info')}<p>You may look at these settings. Owners and managers of the project change them.</p></div>`}
        ${this.#jobs.map(({ progress }) => html`<p class="muted" role="status">New settings are being carried to the tasks: <span class="number">${number(progress.done)}${progress.total ? html` of ${counted(progress.total, 'task')}` : nothing}</span>. You can leave this page.</p>`)}
        ${this.#part === FIRST ? (may(project, 'manage') ? this.#general(project, draft) : this.#readOnly(project)) : this.#section(project)}
      </div>`
  }

  /** @param {import('./project-frame.js').Project} project */
  #section(project) {
    const section = SECTIONS.find(({ id }) => id === this.#part)
    const locked = !may(project, 'manage')
    return html`<kite-settings-section .section=${section} .project=${project} .people=${this.#people} .locked=${locked}></kite-settings-section>
      ${this.#part === 'quality' && !locked ? html`<kite-gold-list .project=${this.project}></kite-gold-list>` : nothing}`
  }

  /** @param {import('./project-frame.js').Project} project */
  #readOnly(project) {
    return html`<section class="stack stack-tight"><h2>What people do</h2>
      <pre class="card pj-config" tabindex="0" aria-label="Config">${project.label_config}</pre></section>`
  }

  /** @param {import('./project-frame.js').Project} project @param {Draft} draft */
  #general(project, draft) {
    const text = (/** @type {keyof Draft} */ name) => (/** @type {Event} */ event) => this.#edit({ [name]: /** @type {HTMLInputElement} */ (event.target).value })
    const configChanged = this.#changed.includes('label_config')
    return html`
        <section class="pj-two">
          <div class="field"><label for="set-title">Name</label><input id="set-title" class="input" required maxlength="200" .value=${draft.title} @input=${text('title')}></div>
          <div class="field"><label for="set-about">About</label><input id="set-about" class="input" maxlength="1000" placeholder="For yourself and other owners" .value=${draft.description} @input=${text('description')}></div>
        </section>
        <section class="stack stack-tight">
          <h2>What people do</h2>
          ${project.progress.annotations && configChanged ? html`<div class="notice notice-attention">${icon('problem')}<p>${counted(project.progress.annotations, 'answer')} ${project.progress.annotations === 1 ? 'was' : 'were'} made with the saved config. Before this is saved you see what happens to them.</p></div>` : nothing}
          <kite-config-editor .value=${draft.label_config}
            @kite-typed=${(/** @type {Event} */ event) => this.#edit({ label_config: /** @type {import('./config-editor.js').KiteConfigEditor} */ (event.target).value })}
            @kite-config=${(/** @type {CustomEvent} */ event) => {
              this.#valid = event.detail.plan !== null
              this.#plan = event.detail.plan
              this.requestUpdate()
            }}></kite-config-editor>
          <kite-config-change></kite-config-change>
          <details class="ow-versions"><summary>Versions of the config</summary>
            <kite-config-history .path=${this.path} .current=${project.config_version ?? 0} @kite-go-back=${(/** @type {CustomEvent} */ event) => {
              this.#again = event.detail
              this.#edit({ label_config: event.detail.label_config })
              this.querySelector('kite-config-editor')?.scrollIntoView({ block: 'start' })
            }}></kite-config-history>
          </details>
        </section>
        ${this.#error ? failure(this.#error, { what: 'The changes are not saved; they are still here.' }) : nothing}
        <div class="ow-foot">
          <span class="muted" role="status">${this.#saving ? 'Saving …' : this.#changed.length ? (configChanged && !this.#valid ? 'The config has errors; mend them to save.' : 'Not saved yet') : this.#saved ? html`<span class="ow-good">${icon('check')}Saved</span>` : ''}</span>
          <button type="button" class="button" ?disabled=${!this.#changed.length || this.#saving} @click=${() => this.#edit(/** @type {Draft} */ (this.#base))}>Discard</button>
          <button type="button" class="button button-primary" ?disabled=${!this.#changed.length || this.#saving || !draft.title.trim() || (configChanged && !this.#valid)} @click=${() => void this.#save()}>Save changes</button>
        </div>
        ${may(project, 'own') ? html`<section class="card ow-danger">
          <div><h2>Delete this project</h2><p class="muted">Its ${counted(project.progress.total, 'task')}, ${counted(project.progress.annotations, 'answer')} and links go with it, for good. Download the JSON first.</p></div>
          <button type="button" class="button button-danger" @click=${() => this.#dialog.value?.showModal()}>Delete …</button>
        </section>` : nothing}
        <dialog class="dialog" aria-labelledby="del-title" ${ref(this.#dialog)}>
          <div class="dialog-head"><h2 id="del-title">Delete “${project.title}”?</h2></div>
          <div class="dialog-body stack">
            <p>${counted(project.progress.annotations, 'answer')} on ${counted(project.progress.total, 'task')} will be gone. This cannot be undone.</p>
            <div class="field"><label for="del-name">Type the project’s name to go on</label>
              <input id="del-name" class="input" autocomplete="off" .value=${this.#typedTitle} @input=${(/** @type {Event} */ event) => {
                this.#typedTitle = /** @type {HTMLInputElement} */ (event.target).value
                this.requestUpdate()
              }}></div>
            ${this.#deleteError ? failure(this.#deleteError, { what: 'The project is not deleted.' }) : nothing}
          </div>
          <div class="dialog-foot">
            <button type="button" class="button" @click=${() => this.#dialog.value?.close()}>Keep it</button>
            <button type="button" class="button button-danger" ?disabled=${this.#typedTitle.trim() !== project.title.trim()} @click=${() => void this.#delete()}>Delete for good</button>
          </div>
        </dialog>
`
  }
}

customElements.define('kite-project-settings', SettingsTab)

/** @param {HTMLElement} root @param {Record<string, string>} params @param {AbortSignal} signal */
export async function open(root, params, signal) {
  openTab(root, new SettingsTab(), params, signal)
}
