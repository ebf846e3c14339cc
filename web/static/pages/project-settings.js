/** A project's settings: name, config, when people count as agreed; and its end. */
import { html, nothing } from 'lit'
import { createRef, ref } from 'lit/directives/ref.js'
import { api } from '../app/api.js'
import { navigate } from '../app/router.js'
import './config-change.js'
import './config-editor.js'
import './config-history.js'
import { icon } from './icons.js'
import { attempt, failure } from './page.js'
import { ProjectTab, openTab } from './project-frame.js'
import { counted } from './words.js'

/** @typedef {{title: string, description: string, agreement_threshold: number, label_config: string}} Draft */

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
  /** @type {unknown} */ #deleteError = null
  #dialog = /** @type {import('lit/directives/ref.js').Ref<HTMLDialogElement>} */ (createRef())

  connectedCallback() {
    super.connectedCallback()
    addEventListener('beforeunload', (event) => {
      if (this.#changed.length) event.preventDefault()
    }, { signal: this.signal })
  }

  /** @param {import('./project-frame.js').Project} project */
  took(project) {
    const server = { title: project.title, description: project.description ?? '', agreement_threshold: project.agreement_threshold ?? 0.7, label_config: project.label_config }
    // What is being edited is never overwritten by a refresh.
    this.#draft = this.#changed.length ? this.#draft : (drafts.get(this.project) ?? { ...server })
    this.#base = server
    super.took(project)
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
    const text = (/** @type {keyof Draft} */ name) => (/** @type {Event} */ event) => this.#edit({ [name]: /** @type {HTMLInputElement} */ (event.target).value })
    const configChanged = this.#changed.includes('label_config')
    return html`
      <div class="stack ow-section">
        <section class="ow-two">
          <div class="field"><label for="set-title">Name</label><input id="set-title" class="input" required maxlength="200" .value=${draft.title} @input=${text('title')}></div>
          <div class="field"><label for="set-about">About</label><input id="set-about" class="input" maxlength="1000" placeholder="For yourself and other owners" .value=${draft.description} @input=${text('description')}></div>
          <div class="field"><label for="set-threshold">Agreed from</label>
            <input id="set-threshold" class="input ow-short number" type="number" min="0" max="1" step="0.05" .value=${String(draft.agreement_threshold)} aria-describedby="set-threshold-hint"
              @input=${(/** @type {Event} */ event) => Number.isFinite(/** @type {HTMLInputElement} */ (event.target).valueAsNumber) && this.#edit({ agreement_threshold: /** @type {HTMLInputElement} */ (event.target).valueAsNumber })}>
            <span id="set-threshold-hint" class="field-hint">Agreement goes from 0 to 1. Tasks below this are marked “Disagrees”.</span></div>
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
        <section class="card ow-danger">
          <div><h2>Delete this project</h2><p class="muted">Its ${counted(project.progress.total, 'task')}, ${counted(project.progress.annotations, 'answer')} and links go with it, for good. Download the JSON first.</p></div>
          <button type="button" class="button button-danger" @click=${() => this.#dialog.value?.showModal()}>Delete …</button>
        </section>
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
      </div>`
  }
}

customElements.define('kite-project-settings', SettingsTab)

/** @param {HTMLElement} root @param {Record<string, string>} params @param {AbortSignal} signal */
export async function open(root, params, signal) {
  openTab(root, new SettingsTab(), params, signal)
}
