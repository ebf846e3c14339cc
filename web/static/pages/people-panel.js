/**
 * `<kite-people>`: the link for annotators, how many people see each task, and what they are told.
 * Changes are saved as they are made; `kite-project` (detail: the project) tells of them.
 */
import { html, nothing } from 'lit'
import { api } from '../app/api.js'
import { icon } from './icons.js'
import './invite-link.js'
import { OwnerElement, attempt, failure } from './page.js'

/** @typedef {import('./project-frame.js').Project} Project */

class KitePeopleElement extends OwnerElement {
  /** @type {Project | null} */ #project = null
  /** @type {Record<string, 'saving' | 'saved' | unknown>} what became of each field's last change */ #saves = {}

  get project() {
    return this.#project
  }

  set project(project) {
    this.#project = project
    this.requestUpdate()
  }

  /** @param {'maximum_annotations' | 'expert_instruction'} field @param {string | number} value */
  async #save(field, value) {
    if (!this.#project || this.#project[field] === value) return
    this.#saves[field] = 'saving'
    this.requestUpdate()
    const { value: project, error } = await attempt(() => api.patch(`/api/projects/${this.#project?.id}`, { [field]: value }))
    this.#saves[field] = error ?? 'saved'
    if (project) {
      this.#project = { ...this.#project, ...project }
      this.dispatchEvent(new CustomEvent('kite-project', { detail: this.#project, bubbles: true }))
    }
    this.requestUpdate()
  }

  /** @param {string} field */
  #saved(field) {
    const save = this.#saves[field]
    if (!save) return nothing
    if (save === 'saving') return html`<span class="field-hint" role="status">Saving …</span>`
    if (save === 'saved') return html`<span class="field-hint ow-good" role="status">${icon('check')}Saved</span>`
    return failure(save, { what: 'This change is not saved.' })
  }

  render() {
    const project = this.#project
    if (!project) return nothing
    const overlap = (/** @type {Event} */ event) => {
      const input = /** @type {HTMLInputElement} */ (event.target)
      if (input.checkValidity()) void this.#save('maximum_annotations', input.valueAsNumber)
      else input.reportValidity()
    }
    const instruction = (/** @type {Event} */ event) => void this.#save('expert_instruction', /** @type {HTMLTextAreaElement} */ (event.target).value)
    return html`
      <div class="ow-people">
        <section class="card stack" aria-labelledby="people-link">
          <div>
            <h3 id="people-link">Link for annotators</h3>
            <p class="muted">Send it to anyone who should label. They type a name and start.</p>
          </div>
          <div><kite-invite-link .project=${String(project.id)} .inline=${true}></kite-invite-link></div>
        </section>
        <section class="card stack" aria-label="How they work">
          <div class="field">
            <label for="people-overlap">People per task</label>
            <input id="people-overlap" class="input ow-short number" type="number" min="1" max="100" step="1" required .value=${String(project.maximum_annotations ?? 1)} @change=${overlap} aria-describedby="people-overlap-hint">
            <span id="people-overlap-hint" class="field-hint">With 2 or more, their answers are compared and a consensus is made. Nobody gets the same task twice.</span>
            ${this.#saved('maximum_annotations')}
          </div>
          <div class="field">
            <label for="people-words">Instructions</label>
            <textarea id="people-words" class="input" rows="4" placeholder="What to mark, what to leave out, what to do when unsure" .value=${project.expert_instruction ?? ''} @change=${instruction} aria-describedby="people-words-hint"></textarea>
            <span id="people-words-hint" class="field-hint">Shown before the first task, and at any time behind “Instructions”. Markdown works: **bold**, lists, links, pictures.</span>
            ${this.#saved('expert_instruction')}
          </div>
        </section>
      </div>`
  }
}

customElements.define('kite-people', KitePeopleElement)
export { KitePeopleElement }
