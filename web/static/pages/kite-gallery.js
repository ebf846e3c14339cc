/**
 * `<kite-gallery>`: the templates in groups, with pictures and a search. `kite-template` (detail: the Template) comes when
 * one is picked; with `href` given the cards are links to it.
 */
import { html } from 'lit'
import { TEMPLATE_COUNT, loadTemplates, search } from '../app/templates.js'
import { OwnerElement, attempt, failure, waiting } from './page.js'
import { counted } from './words.js'

/** @typedef {import('../app/templates.js').Group} Group */
/** @typedef {import('../app/templates.js').Template} Template */

class KiteGalleryElement extends OwnerElement {
  static properties = { links: { type: Boolean }, chosen: { type: String } }

  constructor() {
    super()
    /** cards are links to the template's page instead of buttons */
    this.links = false
    /** id of the template that is in use */
    this.chosen = ''
  }

  /** @type {Group[] | null} */ #groups = null
  #query = ''
  #group = ''
  /** @type {unknown} */ #error = null

  connectedCallback() {
    super.connectedCallback()
    void this.#load()
  }

  async #load() {
    this.#error = null
    const { value, error } = await attempt(loadTemplates)
    this.#groups = value ?? null
    this.#error = error ?? null
    this.requestUpdate()
  }

  /** The search field, for the one who opens the gallery. */
  focus() {
    const field = /** @type {HTMLElement | null} */ (this.querySelector('input[type=search]'))
    field?.focus()
  }

  render() {
    if (this.#error) return failure(this.#error, { what: 'The templates could not be loaded.', again: () => void this.#load() })
    if (!this.#groups) return waiting('Loading the templates …')
    const found = search(this.#groups, this.#query)
    const shown = this.#group && !this.#query ? found.filter(({ id }) => id === this.#group) : found
    const count = found.reduce((sum, group) => sum + group.templates.length, 0)
    return html`
      <div class="gl">
        <div class="gl-side">
          <input class="input" type="search" placeholder="Search templates" aria-label=${`Search ${TEMPLATE_COUNT} templates`} .value=${this.#query}
            @input=${(/** @type {Event} */ event) => { this.#query = /** @type {HTMLInputElement} */ (event.target).value; this.requestUpdate() }}>
          <p class="small muted" role="status">${this.#query ? (count ? `${counted(count, 'template')} found` : 'Nothing found') : counted(count, 'template')}</p>
          <nav aria-label="Groups of templates">
            <ul class="gl-groups">
              ${[{ id: '', title: 'All', templates: this.#groups.flatMap(({ templates }) => templates) }, ...this.#groups].map(({ id, title, templates }) => html`<li>
                <button type="button" class="gl-group" aria-pressed=${!this.#query && id === this.#group} @click=${() => this.#pickGroup(id)}>${title}<span class="muted">${templates.length}</span></button></li>`)}
            </ul>
          </nav>
        </div>
        <div class="gl-main">
          ${shown.length ? shown.map((group) => this.#section(group)) : html`<div class="card empty"><h2>No template fits “${this.#query}”</h2>
            <p>Try the name of a tag (<code>Taxonomy</code>), of the data (<i>audio</i>) or of the task (<i>ranking</i>). Any template can be changed in the editor.</p>
            <button type="button" class="button" @click=${() => this.#pickGroup('')}>Show all</button></div>`}
        </div>
      </div>`
  }

  /** @param {string} id */
  #pickGroup(id) {
    this.#group = id
    this.#query = ''
    this.requestUpdate()
    void this.updateComplete.then(() => this.querySelector('.gl-main')?.scrollTo(0, 0))
  }

  /** @param {Group} group */
  #section(group) {
    return html`<section aria-labelledby=${`gl-${group.id}`}>
      <h2 class="gl-title" id=${`gl-${group.id}`}>${group.title}</h2>
      <p class="muted small">${group.about}</p>
      <div class="gl-cards">${group.templates.map((template) => this.#card(template))}</div>
    </section>`
  }

  /** @param {Template} template */
  #card(template) {
    const inside = html`
      ${template.picture ? html`<img class="gl-picture" src=${template.picture} alt="" width="480" height="300" loading="lazy">` : html`<span class="gl-picture"></span>`}
      <span class="gl-name">${template.title}</span>
      <span class="gl-purpose">${template.purpose}</span>`
    return this.links
      ? html`<a class="gl-card" href=${`/templates/${template.id}`}>${inside}</a>`
      : html`<button type="button" class="gl-card" aria-pressed=${template.id === this.chosen}
          @click=${() => this.dispatchEvent(new CustomEvent('kite-template', { detail: template, bubbles: true }))}>${inside}</button>`
  }
}

/** @typedef {KiteGalleryElement} KiteGallery */
customElements.define('kite-gallery', KiteGalleryElement)
