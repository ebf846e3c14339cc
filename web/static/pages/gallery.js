/** The gallery as pages of their own: all templates, and one of them to try before making a project of it. */
import { html, nothing } from 'lit'
import { ApiError } from '../app/api.js'
import { PreviewSession } from '../app/preview-session.js'
import { authorEngine } from '../app/runtime.js'
import { loadTemplates } from '../app/templates.js'
import '../elements/surface.js'
import { icon } from './icons.js'
import './kite-gallery.js'
import { OwnerElement, arrive, attempt, failure, mount, problemList, topbar, waiting } from './page.js'

/** @typedef {import('../app/templates.js').Template} Template */

class GalleryPage extends OwnerElement {
  firstUpdated() {
    arrive(this, 'Templates')
  }

  render() {
    return html`
      ${topbar([{ href: '/projects', text: 'Projects' }, { text: 'Templates' }])}
      <main class="page gl-page">
        <div class="page-head"><h1 tabindex="-1">Templates</h1>
          <p class="muted">Complete configs to start from. Each shows a task of its own: try it, then make it yours.</p></div>
        <kite-gallery links></kite-gallery>
      </main>`
  }
}

class TemplatePage extends OwnerElement {
  static properties = { name: { type: String, reflect: true }, bare: { type: Boolean } }

  constructor() {
    super()
    /** id of the template */
    this.name = ''
    /** only the labeling surface, for pictures */
    this.bare = false
  }

  #preview = new PreviewSession(authorEngine())
  /** @type {Template | null} */ #template = null
  /** @type {unknown} */ #error = null
  #loading = 'Loading the template …'

  connectedCallback() {
    super.connectedCallback()
    const { signal } = this
    this.#preview.addEventListener('change', () => this.requestUpdate(), { signal })
    this.addEventListener('kite-intent', (event) => {
      event.stopPropagation()
      void this.#preview.send(/** @type {CustomEvent} */ (event).detail).catch((error) => this.#failed(error))
    }, { signal })
    void this.#load().catch((error) => this.#failed(error))
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#preview.close()
  }

  /** @param {unknown} error */
  #failed(error) {
    this.#error = error
    this.requestUpdate()
  }

  async #load() {
    this.#error = null
    this.requestUpdate()
    const { value, error } = await attempt(loadTemplates)
    if (error) return this.#failed(error)
    this.#template = value?.flatMap(({ templates }) => templates).find(({ id }) => id === this.name) ?? null
    if (!this.#template) return this.#failed(new ApiError(404, [{ code: 'no-template', message: `There is no template “${this.name}”.`, hint: 'It may have another name in this version.' }]))
    arrive(this, this.#template.title)
    this.#loading = 'Starting Python for the preview …'
    this.requestUpdate()
    const { plan, diagnostics } = await authorEngine().call('compile', { source: this.#template.config })
    if (!plan) throw new Error(diagnostics?.[0]?.message ?? 'The template has a fault.')
    await this.#preview.load(plan, plan.sample.data)
    this.#loading = ''
    this.requestUpdate()
  }

  async updated() {
    const surface = /** @type {any} */ (this.querySelector('kite-surface'))
    if (!surface || this.dataset.ready) return
    await surface.ready
    this.dataset.ready = 'yes'
  }

  render() {
    const surface = this.#preview.plan
      ? html`<kite-surface .plan=${this.#preview.plan} .display=${this.#preview.display} .view=${this.#preview.view} .pending=${this.#preview.pending} .content=${this.#preview.content} .panel=${this.bare ? false : undefined}></kite-surface>`
      : nothing
    if (this.bare) return html`<main class="gl-bare" aria-label="Preview">${surface}</main>`
    const template = this.#template
    return html`
      ${topbar([{ href: '/projects', text: 'Projects' }, { href: '/templates', text: 'Templates' }, { text: template?.title ?? this.name }],
        template ? html`<a class="button button-primary" href=${`/projects/new?template=${template.id}`}>${icon('plus')}Use this template</a>` : nothing)}
      <main class="gl-template">
        <h1 tabindex="-1">${template?.title ?? 'Template'}</h1>
        ${template ? html`<p class="muted">${template.purpose} Nothing you do here is saved.</p>` : nothing}
        ${this.#error ? failure(this.#error, { what: 'The template cannot be shown.', leave: { href: '/templates', text: 'All templates' }, again: () => void this.#load().catch((error) => this.#failed(error)) }) : nothing}
        ${this.#preview.refused.length ? problemList(this.#preview.refused) : nothing}
        ${this.#loading && !this.#error ? waiting(this.#loading) : nothing}
        ${this.#error && !this.#preview.plan ? nothing : html`<div class="gl-stage">${surface}</div>`}
        ${template ? html`<details class="gl-config"><summary>The config</summary><pre tabindex="0">${template.config}</pre></details>` : nothing}
      </main>`
  }
}

customElements.define('kite-gallery-page', GalleryPage)
customElements.define('kite-template-page', TemplatePage)

/** @param {HTMLElement} root @param {Record<string, string>} params @param {AbortSignal} signal */
export function open(root, params, signal) {
  const page = /** @type {any} */ (document.createElement(params.id ? 'kite-template-page' : 'kite-gallery-page'))
  if (params.id) {
    page.name = params.id
    page.bare = new URLSearchParams(location.search).has('bare')
  }
  mount(root, page, signal)
}
