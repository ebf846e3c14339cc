/** `<kite-config-history>`: the versions of a project's config; `kite-go-back` (detail: {version, label_config}) when one is to be the config again. */
import { html, nothing } from 'lit'
import { api } from '../app/api.js'
import { OwnerElement, attempt, failure, waiting } from './page.js'
import { ago, counted, exactly } from './words.js'

/** @typedef {{version: number, created_at: string, by?: string | null, note: string, same_as?: number | null, annotations: number, current: boolean}} Version */

class KiteConfigHistoryElement extends OwnerElement {
  static properties = { path: {}, current: { type: Number } }

  constructor() {
    super()
    /** API path of the project */
    this.path = ''
    /** the version that the project has; a new one loads the list again */
    this.current = 0
  }

  /** @type {Version[] | null} */ #versions = null
  /** @type {{version: number, label_config: string} | null} */ #shown = null
  /** @type {unknown} */ #error = null

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has('path') || changed.has('current')) void this.#load()
  }

  async #load() {
    const { value, error } = await attempt(() => api.get(`${this.path}/configs`, { signal: this.signal }))
    if (!this.isConnected) return
    this.#versions = value?.configs ?? this.#versions
    this.#error = error ?? null
    this.requestUpdate()
  }

  /** @param {number} version */
  async #config(version) {
    const { value, error } = await attempt(() => api.get(`${this.path}/configs/${version}`))
    this.#error = error ?? null
    this.requestUpdate()
    return value
  }

  /** @param {number} version */
  async #look(version) {
    this.#shown = this.#shown?.version === version ? null : (await this.#config(version)) ?? null
    this.requestUpdate()
  }

  /** @param {number} version */
  async #back(version) {
    const detail = await this.#config(version)
    if (detail) this.dispatchEvent(new CustomEvent('kite-go-back', { detail, bubbles: true }))
  }

  render() {
    if (this.#error) return failure(this.#error, { what: 'The versions could not be loaded.', again: () => void this.#load() })
    const versions = this.#versions
    if (!versions) return waiting('Loading the versions …')
    if (versions.length < 2) return html`<p class="muted">This config has not been changed yet. Each change is kept here, and you can go back.</p>`
    return html`<div class="table-wrap"><table class="table">
      <thead><tr><th>Version</th><th>Saved</th><th>Note</th><th class="table-number">Answers made with it</th><th></th></tr></thead>
      <tbody>${versions.map((version) => html`
        <tr><td><strong>${version.version}</strong>${version.current ? html` <span class="muted">in use</span>` : nothing}${version.same_as ? html` <span class="muted">the same as ${version.same_as}</span>` : nothing}</td>
          <td><span title=${exactly(version.created_at)}>${ago(version.created_at)}</span>${version.by ? html` <span class="muted">by ${version.by}</span>` : nothing}</td>
          <td>${version.note}</td><td class="table-number">${version.annotations}</td>
          <td class="row cc-actions"><button type="button" class="button button-small" aria-expanded=${this.#shown?.version === version.version} @click=${() => void this.#look(version.version)}>Look</button>
            ${version.current ? nothing : html`<button type="button" class="button button-small" @click=${() => void this.#back(version.version)}>Go back to it</button>`}</td></tr>
        ${this.#shown?.version === version.version ? html`<tr><td colspan="5"><pre class="cc-source" tabindex="0" aria-label=${`Config of version ${version.version}`}>${this.#shown.label_config}</pre></td></tr>` : nothing}`)}
      </tbody></table></div>
      <p class="muted small">${counted(versions.length, 'version')}. Answers are never rewritten: they are read with today’s names.</p>`
  }
}

customElements.define('kite-config-history', KiteConfigHistoryElement)
