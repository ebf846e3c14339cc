/**
 * `<kite-settings-section>`: one group of a project's settings. Saved as a whole; what the server refuses is said at the field it is
 * about. `kite-project` (detail: the project) tells of a change.
 */
import { html, nothing } from 'lit'
import { ApiError, api } from '../app/api.js'
import { icon } from './icons.js'
import './numbers.js'
import { OwnerElement, attempt, failure } from './page.js'
import { valueOf } from './settings-fields.js'
import { sentence } from './words.js'

/** @typedef {import('./settings-fields.js').Field} Field */
/** @typedef {import('./settings-fields.js').Section} Section */
/** @typedef {import('./project-frame.js').Project} Project */
/** @typedef {{id: number, name: string, role: string}} Person */
/** @typedef {{message: string, hint?: string, where?: string}} Problem */

/** What is being edited, as it was typed: by project, by the name of the setting. @type {Map<string, Map<string, unknown>>} */
const drafts = new Map()

/** Names of the settings of a project that are typed and not saved. @param {string} project */
export const unsaved = (project) => [...(drafts.get(project)?.keys() ?? [])]

/** Whether two settings say the same. @param {unknown} a @param {unknown} b */
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b)

/** Roles that may label or review, for the lists of people to tick. @type {Record<string, string[]>} */
const ROLES_THAT = { label: ['owner', 'manager', 'reviewer', 'annotator'], review: ['owner', 'manager', 'reviewer'] }

class KiteSettingsSectionElement extends OwnerElement {
  static properties = { section: { attribute: false }, project: { attribute: false }, people: { attribute: false }, locked: { type: Boolean } }

  constructor() {
    super()
    /** @type {Section | null} */ this.section = null
    /** @type {Project | null} */ this.project = null
    /** @type {Person[]} */ this.people = []
    /** for people who may look, and not change */
    this.locked = false
  }

  #saving = false
  #saved = false
  /** @type {Map<string, string>} by field */ #problems = new Map()
  /** @type {unknown} what belongs to no field */ #error = null

  get #drafts() {
    const id = String(this.project?.id)
    if (!drafts.has(id)) drafts.set(id, new Map())
    return /** @type {Map<string, unknown>} */ (drafts.get(id))
  }

  /** @param {string} name */
  #value(name) {
    return this.#drafts.has(name) ? this.#drafts.get(name) : valueOf(this.project, name)
  }

  get #changed() {
    return (this.section?.fields ?? []).filter(({ name }) => this.#drafts.has(name))
  }

  /** @param {Field} field @param {unknown} value as typed */
  #edit(field, value) {
    if (same(parsed(field, value), valueOf(this.project, field.name))) this.#drafts.delete(field.name)
    else this.#drafts.set(field.name, value)
    this.#problems.delete(field.name)
    this.#saved = false
    this.requestUpdate()
    this.dispatchEvent(new CustomEvent('kite-typed', { bubbles: true }))
  }

  #discard() {
    for (const { name } of this.#changed) this.#drafts.delete(name)
    this.#problems.clear()
    this.#error = null
    this.requestUpdate()
    this.dispatchEvent(new CustomEvent('kite-typed', { bubbles: true }))
  }

  /** @param {SubmitEvent} event */
  async #save(event) {
    event.preventDefault()
    const changed = this.#changed
    if (!changed.length || this.#saving) return
    this.#problems = new Map(changed.filter((field) => parsed(field, this.#value(field.name)) === null).map(({ name }) => [name, 'A number is missing here.']))
    if (this.#problems.size) return this.#toProblem()
    /** @type {Record<string, any>} */
    const body = {}
    for (const field of changed) {
      const [group, member] = field.name.split('.')
      const value = parsed(field, this.#value(field.name))
      if (member) (body[group] ??= {})[member] = value
      else body[group] = value
    }
    this.#saving = true
    this.#error = null
    this.requestUpdate()
    const { value: project, error } = await attempt(() => api.patch(`/api/projects/${this.project?.id}`, body))
    this.#saving = false
    this.#saved = !error
    if (error) this.#refused(error)
    if (project) {
      for (const { name } of changed) this.#drafts.delete(name)
      this.project = { .../** @type {Project} */ (this.project), ...project }
      this.dispatchEvent(new CustomEvent('kite-project', { detail: project, bubbles: true }))
    }
    this.requestUpdate()
    if (error) await this.#toProblem()
  }

  /** What the server says is wrong, by the field it is about. @param {unknown} error */
  #refused(error) {
    const problems = error instanceof ApiError ? error.problems : []
    const left = []
    for (const problem of /** @type {Problem[]} */ (problems)) {
      const place = problem.where?.replace(/^field /, '') ?? ''
      const field = this.section?.fields.find(({ name }) => place === name || place.startsWith(`${name}.`))
      // The hint of a wrong value is for scripts; that of a wrong choice is for people.
      const words = problem.message.startsWith(`${place}: `) ? sentence({ message: problem.message.slice(place.length + 2) }) : sentence(problem)
      if (field) this.#problems.set(field.name, [this.#problems.get(field.name), words].filter(Boolean).join(' '))
      else left.push(problem)
    }
    this.#error = left.length ? new ApiError(error instanceof ApiError ? error.status : 0, /** @type {any} */ (left)) : problems.length ? null : error
  }

  async #toProblem() {
    this.requestUpdate()
    await this.updateComplete
    const wrong = /** @type {HTMLElement | null} */ (this.querySelector('[aria-invalid=true]'))
    wrong?.focus({ preventScroll: true })
    wrong?.scrollIntoView({ block: 'center' }) // the bar with the buttons lies over the lower edge
  }

  render() {
    const { section, project } = this
    if (!section || !project) return nothing
    const changed = this.#changed
    const effects = [...new Set(changed.map(({ effect }) => effect).filter(Boolean))]
    return html`<form class="stack pj-section" novalidate @submit=${this.#save}>
      <div><h2>${section.title}</h2><p class="muted">${section.about}</p></div>
      <div class="card pj-fields">${section.fields.filter(({ when }) => !when || when((name) => this.#value(name))).map((field) => this.#field(field))}</div>
      ${effects.length ? html`<div class="notice notice-info" role="status">${icon('info')}<div class="stack stack-tight"><strong>When you save</strong>${effects.map((text) => html`<p>${text}</p>`)}</div></div>` : nothing}
      ${this.#error ? failure(this.#error, { what: 'The changes are not saved; they are still here.' }) : nothing}
      ${this.locked ? nothing : html`<div class="ow-foot">
        <span class="muted" role="status">${this.#saving ? 'Saving …' : this.#problems.size ? html`<span class="pj-bad">Not saved: see what is marked.</span>` : changed.length ? 'Not saved yet' : this.#saved ? html`<span class="ow-good">${icon('check')}Saved</span>` : ''}</span>
        <button type="button" class="button" ?disabled=${!changed.length || this.#saving} @click=${this.#discard}>Discard</button>
        <button type="submit" class="button button-primary" ?disabled=${!changed.length || this.#saving}>Save changes</button>
      </div>`}
    </form>`
  }

  /** @param {Field} field */
  #field(field) {
    const id = `set-${field.name.replace('.', '-')}`
    const problem = this.#problems.get(field.name)
    const described = `${id}-hint${problem ? ` ${id}-problem` : ''}`
    const below = html`<span id="${id}-hint" class="field-hint">${field.hint} <span class="pj-usual">Usually: ${field.usual}.</span></span>
      ${problem ? html`<span id="${id}-problem" class="field-problem">${problem}</span>` : nothing}`
    const set = (/** @type {Event} */ event) => this.#edit(field, /** @type {HTMLInputElement} */ (event.target).value)
    const value = this.#value(field.name)
    const bad = problem ? 'true' : nothing
    switch (field.kind) {
      case 'check':
        return html`<div class="field"><label class="check"><input type="checkbox" .checked=${!!value} ?disabled=${this.locked} aria-describedby=${described} aria-invalid=${bad}
          @change=${(/** @type {Event} */ event) => this.#edit(field, /** @type {HTMLInputElement} */ (event.target).checked)}><span class="pj-label">${field.label}</span></label>${below}</div>`
      case 'choice':
        return html`<div class="field"><label for=${id}>${field.label}</label>
          <select id=${id} class="select pj-choice" ?disabled=${this.locked} aria-describedby=${described} aria-invalid=${bad} @change=${set}>
            ${(field.options ?? []).map(([name, text]) => html`<option value=${name} .selected=${name === value}>${text}</option>`)}</select>${below}</div>`
      case 'people':
        return this.#peopleField(field, id, described, below, bad)
      case 'controls':
        return this.#controlsField(field, id, described, below, bad)
      default: {
        const numeric = field.kind === 'whole' || field.kind === 'number'
        const text = Array.isArray(value) ? value.join(', ') : value
        return html`<div class="field"><label for=${id}>${field.label}</label>
          <input id=${id} class="input ${numeric ? 'ow-short number' : 'pj-choice'}" type=${numeric ? 'number' : 'text'} min=${numeric ? 0 : nothing} max=${field.most ?? nothing} step=${numeric ? (field.step ?? 1) : nothing}
            .value=${String(text ?? '')} ?disabled=${this.locked} autocomplete="off" aria-describedby=${described} aria-invalid=${bad} @input=${set}>${below}</div>`
      }
    }
  }

  /** @param {Field} field @param {string} id @param {string} described @param {unknown} below @param {unknown} bad */
  #peopleField(field, id, described, below, bad) {
    const ticked = /** @type {number[]} */ (this.#value(field.name) ?? [])
    const able = this.people.filter((person) => ROLES_THAT[field.may ?? 'label'].includes(person.role) || ticked.includes(person.id))
    return html`<fieldset class="field" aria-describedby=${described}><legend class="field-label">${field.label}</legend>
      ${able.length ? html`<div class="pj-checks">${able.map((person) => html`<label class="check"><input type="checkbox" id="${id}-${person.id}" .checked=${ticked.includes(person.id)} ?disabled=${this.locked} aria-invalid=${bad}
        @change=${(/** @type {Event} */ event) => this.#edit(field, /** @type {HTMLInputElement} */ (event.target).checked ? [...ticked, person.id] : ticked.filter((one) => one !== person.id))}><span>${person.name}</span></label>`)}</div>`
        : html`<p class="muted">${field.empty}</p>`}${below}</fieldset>`
  }

  /** @param {Field} field @param {string} id @param {string} described @param {unknown} below @param {unknown} bad */
  #controlsField(field, id, described, below, bad) {
    const controls = /** @type {{name: string, type: string}[]} */ (this.project?.plan?.controls ?? [])
    const values = /** @type {Record<string, unknown>} */ (this.#value(field.name) ?? {})
    return html`<fieldset class="field" aria-describedby=${described}><legend class="field-label">${field.label}</legend>
      ${controls.length ? html`<div class="pj-controls">${controls.map(({ name, type }) => html`<label for="${id}-${name}">${name} <span class="muted small">${type}</span></label>
        <input id="${id}-${name}" class="input ow-short number" type="number" min="0" max=${field.most ?? nothing} step=${field.step ?? 1} .value=${String(values[name] ?? '')} ?disabled=${this.locked} aria-invalid=${bad}
          @input=${(/** @type {Event} */ event) => this.#edit(field, { ...values, [name]: /** @type {HTMLInputElement} */ (event.target).value })}>`)}</div>`
        : html`<p class="muted">The config asks nothing yet.</p>`}${below}</fieldset>`
  }
}

/**
 * What is sent for what was typed; null where a number is missing.
 * @param {Field} field @param {unknown} value
 */
function parsed(field, value) {
  switch (field.kind) {
    case 'whole':
    case 'number':
      return String(value ?? '').trim() === '' || !Number.isFinite(Number(value)) ? null : Number(value)
    case 'names':
      return (Array.isArray(value) ? value : String(value ?? '').split(',')).map((name) => name.trim()).filter(Boolean)
    case 'controls':
      return Object.fromEntries(Object.entries(/** @type {Record<string, unknown>} */ (value ?? {})).filter(([, one]) => String(one).trim() !== '').map(([name, one]) => [name, Number(one)]))
    default:
      return value
  }
}

customElements.define('kite-settings-section', KiteSettingsSectionElement)
export { KiteSettingsSectionElement }
