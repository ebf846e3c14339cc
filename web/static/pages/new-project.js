/** A new project in three steps on one page: what to label, the data, the people. */
import { html, nothing } from 'lit'
import { api } from '../app/api.js'
import { navigate } from '../app/router.js'
import { TEMPLATE_COUNT, loadTemplates } from '../app/templates.js'
import './config-editor.js'
import './data-import.js'
import { icon } from './icons.js'
import './kite-gallery.js'
import { OwnerElement, arrive, attempt, failure, keepInTab, mount, topbar, waiting } from './page.js'
import './people-panel.js'
import { counted } from './words.js'

/** @typedef {import('./project-frame.js').Project} Project */
/** @typedef {import('./config-editor.js').KiteConfigEditor} KiteConfigEditor */
/** @typedef {'task' | 'data' | 'people'} Step */

/** @type {{step: Step, text: string}[]} */
const STEPS = [{ step: 'task', text: 'What to label' }, { step: 'data', text: 'Data' }, { step: 'people', text: 'People' }]

/** What the editor holds before a template is picked: small, and complete. */
const START = `<View>
  <!-- {"data": {"image": "/samples/street.svg"}} -->
  <Header value="Mark every car, person and sign"/>
  <RectangleLabels name="thing" toName="photo">
    <Label value="Car"/>
    <Label value="Person"/>
    <Label value="Sign"/>
  </RectangleLabels>
  <Image name="photo" value="$image" zoom="true"/>
</View>
`

/** @typedef {import('../app/templates.js').Template} Template */

const KEPT = 'labelkite.new-project'

/**
 * A first step that is not finished, kept in this tab for a reload and for when the person comes back to it.
 * @returns {{title: string, config: string, template: Template | null} | null}
 */
function unfinished() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? 'null')
  } catch {
    return null
  }
}

class NewProjectPage extends OwnerElement {
  /** @type {Step} */ #step = 'task'
  /** @type {Project | null} made after the first step */ #project = null
  #title = ''
  #config = START
  /** @type {Template | null} null: the start */ #template = null
  /** @type {{template: Template | null, config: string} | null} what the last change of template replaced */ #replaced = null
  /** the gallery is loaded by the first who opens it */ #browsed = false
  #errors = 0
  #saving = false
  #loading = false
  /** @type {unknown} */ #error = null

  connectedCallback() {
    super.connectedCallback()
    addEventListener('pagehide', () => this.#keep(), { signal: this.signal })
    addEventListener('beforeunload', (event) => { // a reload keeps it, a closed tab does not
      if (!this.#project && this.#config !== (this.#template?.config ?? START)) event.preventDefault()
    }, { signal: this.signal })
    // A reload in the middle goes on where it was: the address names the project once it is made.
    const query = new URLSearchParams(location.search)
    const [id, step] = [query.get('project'), query.get('step')]
    if (id) void this.#resume(id, STEPS.find((one) => one.step === step)?.step ?? 'data')
    else if (query.get('template')) void this.#preset(query.get('template') ?? '')
    else {
      const kept = unfinished()
      if (kept) [this.#title, this.#config, this.#template] = [kept.title, kept.config, kept.template]
      else if (query.has('browse')) this.#browse()
    }
    this.signal.addEventListener('abort', () => this.#keep())
  }

  /** What is typed and not saved yet outlives the page. */
  #keep() {
    if (this.#project || !(this.#title || this.#config !== START)) sessionStorage.removeItem(KEPT)
    else keepInTab(KEPT, JSON.stringify({ title: this.#title, config: this.#config, template: this.#template }))
  }

  /** The name that a project gets which nobody has named. */
  get #usual() {
    return this.#template?.title ?? 'Boxes on photos'
  }

  firstUpdated() {
    arrive(this, 'New project')
    this.#focusName()
  }

  #focusName() {
    const field = /** @type {HTMLElement | null} */ (this.querySelector('#new-title'))
    field?.focus()
  }

  /** @param {string} id @param {Step} step */
  async #resume(id, step) {
    this.#loading = true
    const { value, error } = await attempt(() => api.get(`/api/projects/${encodeURIComponent(id)}`))
    this.#loading = false
    this.#error = error ?? null
    if (value) this.#took(value, step)
    this.requestUpdate()
  }

  /** @param {Project} project @param {Step} step */
  #took(project, step) {
    this.#project = project
    this.#title = project.title
    this.#config = project.label_config
    this.#goto(step)
  }

  /** @param {Step} step */
  #goto(step) {
    this.#step = step
    if (this.#project) history.replaceState(history.state, '', `${location.pathname}?project=${this.#project.id}&step=${step}`)
    this.requestUpdate()
    if (step === 'people') void this.#refresh()
    void this.updateComplete.then(() => {
      scrollTo(0, 0)
      this.querySelector('h1')?.focus({ preventScroll: true })
    })
  }

  /** A link of the gallery names its template. @param {string} id */
  async #preset(id) {
    const { value } = await attempt(loadTemplates)
    const found = value?.flatMap(({ templates }) => templates).find((one) => one.id === id)
    if (found && this.#config === START) this.#pick(found)
    this.#replaced = null
    this.requestUpdate()
  }

  /** @param {Template} template */
  #pick(template) {
    this.#dialog()?.close()
    if (template.config === this.#config) return
    this.#replaced = { template: this.#template, config: this.#config }
    this.#template = template
    this.#config = template.config
    this.requestUpdate()
  }

  /** @returns {HTMLDialogElement | null} */
  #dialog() {
    return this.querySelector('dialog.gl-dialog')
  }

  #browse() {
    this.#browsed = true
    this.requestUpdate()
    void this.updateComplete.then(() => {
      this.#dialog()?.showModal()
      const gallery = /** @type {HTMLElement | null} */ (this.querySelector('.gl-dialog kite-gallery'))
      gallery?.focus()
    })
  }

  #unpick() {
    if (!this.#replaced) return
    this.#template = this.#replaced.template
    this.#config = this.#replaced.config
    this.#replaced = null
    this.requestUpdate()
  }

  async #save() {
    this.#saving = true
    this.requestUpdate()
    const asked = { title: this.#title.trim() || this.#usual, label_config: this.#config }
    const project = this.#project
    const { value, error } = await attempt(() => (project ? api.patch(`/api/projects/${project.id}`, asked) : api.post('/api/projects', { ...asked, maximum_annotations: 2 })))
    this.#saving = false
    this.#error = error ?? null
    if (value) {
      // The plan comes with the project itself, not with every answer that mentions it.
      const whole = value.plan ? value : (await attempt(() => api.get(`/api/projects/${value.id}`))).value ?? value
      this.#took(whole, 'data')
    }
    this.requestUpdate()
  }

  async #refresh() {
    const id = this.#project?.id
    const { value } = await attempt(() => api.get(`/api/projects/${id}`))
    if (value && this.isConnected) {
      this.#project = value
      this.requestUpdate()
    }
  }

  render() {
    const at = STEPS.findIndex(({ step }) => step === this.#step)
    const total = this.#project?.progress?.total ?? 0
    return html`
      ${topbar([{ href: '/projects', text: 'Projects' }, { text: 'New project' }])}
      <main class="page ow-new ${this.#step === 'task' ? 'ow-wide' : ''}">
        <div class="ow-new-head">
          <h1 tabindex="-1">${this.#step === 'task' ? 'New project' : this.#title}</h1>
          <ol class="ow-steps" aria-label="Steps">
            ${STEPS.map(({ step, text }, i) => html`<li aria-current=${i === at ? 'step' : nothing} class=${i < at ? 'is-done' : ''}>
              <button type="button" ?disabled=${i > at && !this.#project} @click=${() => this.#goto(step)}><span class="ow-step-mark" aria-hidden="true">${i < at ? icon('check') : i + 1}</span>${text}</button></li>`)}
          </ol>
        </div>
        ${this.#error ? failure(this.#error, { what: this.#step === 'task' ? 'The project is not saved; what you wrote is still here.' : 'That did not work.' }) : nothing}
        ${this.#loading ? waiting('Loading the project …') : this.#step === 'task' ? this.#task() : this.#step === 'data' ? this.#data(total) : this.#people(total)}
      </main>`
  }

  #task() {
    const typed = (/** @type {Event} */ event) => {
      this.#title = /** @type {HTMLInputElement} */ (event.target).value
      this.requestUpdate()
    }
    return html`
      <div class="ow-new-top">
        <div class="field ow-new-name">
          <label for="new-title">Name</label>
          <input id="new-title" class="input" maxlength="200" autocomplete="off" placeholder=${this.#usual} .value=${this.#title} aria-describedby="new-title-hint" @input=${typed}>
          <span id="new-title-hint" class="field-hint">Annotators see it.</span>
        </div>
        <div class="field ow-gallery-field" role="group" aria-label="Start from">
          <span class="field-label">Start from</span>
          <div class="row">
            <strong>${this.#usual}</strong>
            <button type="button" class="button" @click=${() => this.#browse()}>Browse ${TEMPLATE_COUNT} templates …</button>
            ${this.#replaced ? html`<button type="button" class="button button-quiet" @click=${() => this.#unpick()}>Undo the change of template</button>` : nothing}
          </div>
        </div>
      </div>
      <dialog class="gl-dialog" aria-labelledby="gl-dialog-title">
        <div class="gl-dialog-in">
          <div class="gl-dialog-head"><h2 id="gl-dialog-title">Start from a template</h2>
            <button type="button" class="button button-quiet button-icon" aria-label="Close" @click=${() => this.#dialog()?.close()}>${icon('close')}</button></div>
          ${this.#browsed ? html`<kite-gallery .chosen=${this.#template?.id ?? ''} @kite-template=${(/** @type {CustomEvent} */ event) => this.#pick(event.detail)}></kite-gallery>` : nothing}
        </div>
      </dialog>
      <kite-config-editor class="ow-new-editor" .value=${this.#config}
        @kite-typed=${(/** @type {Event} */ event) => {
          this.#config = /** @type {KiteConfigEditor} */ (event.target).value
        }}
        @kite-config=${(/** @type {CustomEvent} */ event) => {
          this.#errors = event.detail.diagnostics.filter((/** @type {{severity: string}} */ one) => one.severity === 'error').length
          this.requestUpdate()
        }}></kite-config-editor>
      <div class="ow-foot">
        <span class="muted">${this.#errors ? `${counted(this.#errors, 'error')} in the config to mend first.` : 'Name and config can be changed later.'}</span>
        <a class="button button-quiet" href="/projects">Cancel</a>
        <button type="button" class="button button-primary" ?disabled=${this.#saving || this.#errors > 0} @click=${() => void this.#save()}>${this.#saving ? 'Saving …' : this.#project ? 'Save and go on' : 'Create and add data'}</button>
      </div>`
  }

  /** @param {number} total */
  #data(total) {
    return html`
      <section class="stack" @kite-imported=${() => void this.#refresh()}>
        <p class="ow-lead">Now the data: each photo, each text or each row becomes a task. It stays in your own store.</p>
        <kite-data-import .project=${this.#project}></kite-data-import>
      </section>
      <div class="ow-foot">
        <span class="muted" role="status">${total ? `${counted(total, 'task')} so far` : 'No data yet; you can also add it later.'}</span>
        <button type="button" class="button button-quiet" @click=${() => this.#goto('task')}>Back</button>
        <button type="button" class="button ${total ? 'button-primary' : ''}" @click=${() => this.#goto('people')}>${total ? 'Go on to people' : 'Skip for now'}</button>
      </div>`
  }

  /** @param {number} total */
  #people(total) {
    const project = this.#project
    const took = (/** @type {CustomEvent} */ event) => {
      this.#project = event.detail
    }
    return html`
      <section class="stack" @kite-project=${took}>
        <p class="ow-lead">${total ? `${counted(total, 'task')} wait. Send the link to whoever should label them.` : 'There is no data yet, so people would find nothing to do; the link works all the same.'}</p>
        <kite-people .project=${project}></kite-people>
      </section>
      <div class="ow-foot">
        <span class="grow"></span>
        <button type="button" class="button button-quiet" @click=${() => this.#goto('data')}>Back</button>
        <button type="button" class="button button-primary" @click=${() => navigate(`/projects/${project?.id}`)}>Open the project</button>
      </div>`
  }
}

customElements.define('kite-new-project', NewProjectPage)

/** @param {HTMLElement} root @param {Record<string, string>} _params @param {AbortSignal} signal */
export async function open(root, _params, signal) {
  mount(root, document.createElement('kite-new-project'), signal)
}
