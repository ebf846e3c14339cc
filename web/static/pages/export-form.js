/** `<kite-export-form>`: what a file of the project's work shall be: its format, whose answers, which tasks, which sets. */
import { html, nothing } from 'lit'
import { api } from '../app/api.js'
import { OwnerElement, attempt, failure } from './page.js'
import { STATES, counted } from './words.js'

/**
 * @typedef {{name: string, title: string, description: string, disabled: boolean, objects: {name: string, field: string}[], takes: string[], source: string}} Format
 * @typedef {{id: number, title: string, target: string}} Target a source whose place takes results
 * @typedef {{id: number, name: string, state: string}} Snapshot
 */

/** @type {[string, string, string][]} value, name, what it means */
const SOURCES = [
  ['consensus', 'What people agreed on', 'One answer for each task: what a reviewer accepted, else the consensus, else the only answer.'],
  ['annotations', 'What people said', 'Every submitted answer; formats with one answer for each task take the accepted one, else the newest.'],
  ['reviewed', 'What a reviewer accepted', 'Other tasks are left out.'],
]
/** Tasks in these states have answers. @type {import('./words.js').TaskState[]} */
const SOME = ['agreed', 'verified', 'disagree', 'working']
const SETS = ['train', 'val', 'test']

/** @param {string} state as a filter of the task list */
const only = (state) => JSON.stringify({ filters: { conjunction: 'and', items: [{ filter: 'filter:tasks:state', operator: 'equal', value: state, type: 'String' }] } })

class KiteExportFormElement extends OwnerElement {
  static properties = { project: { attribute: false }, formats: { attribute: false }, targets: { attribute: false }, snapshots: { attribute: false }, query: { attribute: false } }

  constructor() {
    super()
    /** @type {import('./project-frame.js').Project | null} */
    this.project = null
    /** @type {Format[]} */ this.formats = []
    /** @type {Target[]} */ this.targets = []
    /** @type {Snapshot[]} */ this.snapshots = []
    /** A filter that came along in the address. */
    this.query = ''
  }

  #format = ''
  #source = ''
  #snapshot = ''
  #sets = false
  #busy = false
  /** @type {unknown} */ #error = null

  /** @returns {Format | undefined} */
  get #chosen() {
    const fits = this.formats.filter(({ disabled }) => !disabled)
    return fits.find(({ name }) => name === this.#format) ?? fits[0]
  }

  /** @param {SubmitEvent} event */
  async #send(event) {
    event.preventDefault()
    const chosen = this.#chosen
    if (this.#busy || !chosen) return
    const said = new FormData(/** @type {HTMLFormElement} */ (event.target))
    const text = (/** @type {string} */ name) => String(said.get(name) ?? '').trim()
    /** @type {Record<string, unknown>} */
    const asked = { format: chosen.name, source: text('source') }
    for (const name of ['object', 'key', 'names', 'size']) if (text(name)) asked[name] = text(name)
    for (const name of ['bounds', 'frames', 'spreadsheet', 'download_all_tasks']) if (said.get(name)) asked[name] = true
    if (this.#sets) asked.split = SETS.map((name) => `${name}:${text(name) || 0}`).join(',')
    if (this.#snapshot) asked.snapshot = this.#snapshot
    else if (this.query && text('state') === 'query') asked.query = this.query
    else if (text('state')) asked.query = only(text('state'))
    if (text('to')) asked.to = Number(text('to'))
    this.#busy = true
    this.requestUpdate()
    const { value, error } = await attempt(() => api.post(`/api/projects/${this.project?.id}/export/jobs`, asked))
    this.#busy = false
    this.#error = error ?? null
    this.requestUpdate()
    if (value) this.dispatchEvent(new CustomEvent('kite-begun', { detail: value, bubbles: true }))
  }

  render() {
    const [fits, others] = [this.formats.filter(({ disabled }) => !disabled), this.formats.filter(({ disabled }) => disabled)]
    const chosen = this.#chosen
    return html`<form class="card ex-form" @submit=${this.#send}>
      <fieldset class="ex-formats">
        <legend class="field-label">Format</legend>
        <div class="ex-list">${fits.map((format) => this.#choice(format, format === chosen))}</div>
        ${others.length ? html`<details class="ex-others"><summary>${counted(others.length, 'format')} ${others.length === 1 ? 'does' : 'do'} not fit this config</summary>
          <dl class="ex-why">${others.map(({ name, description }) => html`<div><dt>${name}</dt><dd class="muted">${description}</dd></div>`)}</dl></details>` : nothing}
      </fieldset>
      ${chosen ? html`<div class="stack ex-options">
        ${this.#answers(chosen)}${this.#tasks(chosen)}${this.#split()}${this.#more(chosen)}
        ${this.#error ? failure(this.#error, { what: 'No export was begun.' }) : nothing}
        <div class="row"><button class="button button-primary" type="submit" ?disabled=${this.#busy}>Export ${chosen.name}</button>
          <span class="muted small">A job makes the file; you may leave this page meanwhile.</span></div>
      </div>` : nothing}
    </form>`
  }

  /** @param {Format} format @param {boolean} checked */
  #choice({ name, title }, checked) {
    const [, words] = title.split(/:(.*)/s)
    return html`<label class="ex-format"><input type="radio" name="format" value=${name} .checked=${checked}
      @change=${() => { this.#format = name; this.#error = null; this.requestUpdate() }}>
      <span><strong>${name}</strong> <span class="muted">${(words ?? title).trim()}</span></span></label>`
  }

  /** @param {Format} chosen */
  #answers(chosen) {
    const source = this.#source || chosen.source
    return html`<label class="field"><span class="field-label">Whose answers</span>
      <select class="select" name="source" .value=${source} @change=${(/** @type {Event} */ event) => { this.#source = /** @type {HTMLSelectElement} */ (event.target).value; this.requestUpdate() }}>
        ${SOURCES.map(([value, name]) => html`<option value=${value} ?selected=${value === source}>${name}</option>`)}</select>
      <span class="field-hint">${SOURCES.find(([value]) => value === source)?.[2]}</span></label>`
  }

  /** @param {Format} chosen */
  #tasks(chosen) {
    const ready = this.snapshots.filter(({ state }) => state === 'ready')
    return html`<div class="ex-pair">
      ${ready.length ? html`<label class="field"><span class="field-label">As of</span>
        <select class="select" name="snapshot" @change=${(/** @type {Event} */ event) => { this.#snapshot = /** @type {HTMLSelectElement} */ (event.target).value; this.requestUpdate() }}>
          <option value="">now</option>${ready.map(({ id, name }) => html`<option value=${id} ?selected=${String(id) === this.#snapshot}>snapshot “${name}”</option>`)}</select></label>` : nothing}
      <label class="field"><span class="field-label">Which tasks</span>
        <select class="select" name="state" ?disabled=${!!this.#snapshot}>
          ${this.query ? html`<option value="query">those that the filter of Explore finds</option>` : nothing}
          <option value="">all with answers</option>
          ${SOME.map((state) => html`<option value=${state}>only: ${STATES[state].several}</option>`)}</select>
        ${this.#snapshot ? html`<span class="field-hint">A snapshot is exported as a whole.</span>` : nothing}</label>
    </div>
    ${chosen.takes.includes('download_all_tasks') ? html`<label class="check"><input type="checkbox" name="download_all_tasks"> Also tasks that nobody has answered</label>` : nothing}`
  }

  #split() {
    /** @type {string[]} */
    const fields = (this.project?.plan?.fields ?? []).map((/** @type {{name: string}} */ field) => field.name)
    return html`<label class="check"><input type="checkbox" .checked=${this.#sets} @change=${(/** @type {Event} */ event) => {
      this.#sets = /** @type {HTMLInputElement} */ (event.target).checked
      this.requestUpdate()
    }}> Split into training, validation and test sets</label>
    ${this.#sets ? html`<div class="ex-sets">
      ${SETS.map((name, n) => html`<label class="field"><span class="field-label">${name}</span><input class="input" name=${name} type="number" min="0" max="1000" step="any" required value=${[80, 10, 10][n]}></label>`)}
      <label class="field ex-key"><span class="field-label">Kept together by</span><input class="input" name="key" list="ex-fields" maxlength="200" autocomplete="off" placeholder="each task by itself">
        <datalist id="ex-fields">${fields.map((name) => html`<option value=${name}></option>`)}</datalist></label>
      <p class="field-hint ex-wide">Shares of the tasks. A task is in the same set in every export. Name a data field, such as the patient, to keep what has the same value in one set.</p>
    </div>` : nothing}`
  }

  /** @param {Format} chosen */
  #more(chosen) {
    const { objects, takes } = chosen
    const check = (/** @type {string} */ name, /** @type {string} */ words) => (takes.includes(name)
      ? html`<label class="check"><input type="checkbox" name=${name}> ${words}</label>` : nothing)
    return html`
      ${objects.length > 1 ? html`<label class="field"><span class="field-label">About</span><select class="select" name="object">
        ${objects.map(({ name, field }) => html`<option value=${name}>${name} (field ${field})</option>`)}</select></label>` : nothing}
      ${check('bounds', 'The box around shapes that this format has no form for; else they are left out')}
      ${check('frames', 'Every frame of tracks, not the key frames alone')}
      ${check('spreadsheet', 'For Excel and the like: marked as UTF-8, and no text is run as a formula')}
      ${takes.includes('names') || takes.includes('size') ? html`<div class="ex-pair">
        ${takes.includes('names') ? html`<label class="field"><span class="field-label">Names of files</span><select class="select" name="names">
          <option value="">with the task’s number before them</option><option value="original">as they are</option></select></label>` : nothing}
        ${takes.includes('size') ? html`<label class="field"><span class="field-label">Size where it is not known</span><input class="input" name="size" pattern="[0-9]+x[0-9]+" title="Such as 1920x1080" placeholder="1920x1080" autocomplete="off"></label>` : nothing}
      </div>` : nothing}
      ${this.targets.length ? html`<label class="field"><span class="field-label">Where to</span><select class="select" name="to">
        <option value="">download</option>${this.targets.map(({ id, target }) => html`<option value=${id}>download, and ${target}</option>`)}</select></label>` : nothing}`
  }
}

customElements.define('kite-export-form', KiteExportFormElement)
