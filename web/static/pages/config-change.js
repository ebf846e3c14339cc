/**
 * `<kite-config-change>`: a dialog that shows what a new config does to the answers that are there, before it is saved.
 * Names that are gone can be mapped to new ones; the counts follow. `open(...)` resolves with what to send, or null.
 */
import { html, nothing } from 'lit'
import { createRef, ref } from 'lit/directives/ref.js'
import { api } from '../app/api.js'
import { icon } from './icons.js'
import { OwnerElement, attempt, failure, waiting } from './page.js'
import { counted, number } from './words.js'

/**
 * @typedef {{stored: string, becomes: string | null, what: string, guessed?: boolean}} OptionChange
 * @typedef {{control: string, becomes: string | null, what: string, reason: string, options: OptionChange[], guessed?: boolean}} ControlChange
 * @typedef {{objects: {object: string, becomes: string | null, what: string}[], controls: ControlChange[], added: {control: string, option?: string}[], needs: string[], same: boolean}} Changes
 * @typedef {{annotations: number, results: {kept: number, renamed: number, orphaned: number}, per_control: Record<string, {kept: number, renamed: number, orphaned: number}>}} Counts
 * @typedef {{controls: Record<string, string | null>, objects: Record<string, string | null>, options: Record<string, Record<string, string | null>>}} Mapping
 * @typedef {{config_mapping: Mapping, accept_orphans: boolean, config_note: string}} Decision
 */

class KiteConfigChangeElement extends OwnerElement {
  #dialog = /** @type {import('lit/directives/ref.js').Ref<HTMLDialogElement>} */ (createRef())
  /** @type {(decision: Decision | null) => void} */ #settle = () => {}
  #path = ''
  #source = ''
  /** names of the new plan, to choose from @type {any} */ #plan = null
  /** @type {Changes | null} */ #changes = null
  /** @type {Counts | null} */ #counts = null
  /** @type {Mapping} */ #mapping = { controls: {}, objects: {}, options: {} }
  #accepted = false
  #note = ''
  #asking = false
  /** @type {unknown} */ #error = null

  /**
   * Ask the server, and the person if there is anything to ask. A change that leaves every result as it is passes by itself.
   * @param {string} path of the project @param {string} source the new config @param {any} plan its plan, null when it is not known
   * @returns {Promise<Decision | null>} null: not now
   */
  async open(path, source, plan) {
    this.#path = path
    this.#source = source
    this.#plan = plan
    this.#mapping = { controls: {}, objects: {}, options: {} }
    this.#changes = this.#counts = this.#error = null
    this.#accepted = false
    this.#note = ''
    await this.#ask()
    const counts = /** @type {Counts | null} */ (this.#counts)
    if (!this.#error && (/** @type {Changes | null} */ (this.#changes)?.same || counts?.annotations === 0)) return { config_mapping: this.#mapping, accept_orphans: false, config_note: '' }
    this.#dialog.value?.showModal()
    return new Promise((done) => { this.#settle = done })
  }

  async #ask() {
    this.#asking = true
    this.requestUpdate()
    const { value, error } = await attempt(() => api.post(`${this.#path}/configs/preview`, { label_config: this.#source, mapping: this.#mapping }))
    this.#asking = false
    this.#error = error ?? null
    if (value?.changes) [this.#changes, this.#counts] = [value.changes, value.counts]
    this.requestUpdate()
    await this.updateComplete
  }

  /** @param {Decision | null} decision */
  #done(decision) {
    this.#settle(decision)
    this.#settle = () => {}
    this.#dialog.value?.close()
  }

  /** @param {'controls' | 'objects'} kind @param {string} name @param {string} value "" is nothing */
  #map(kind, name, value) {
    this.#mapping = { ...this.#mapping, [kind]: { ...this.#mapping[kind], [name]: value || null } }
    void this.#ask()
  }

  /** @param {string} control @param {string} name @param {string} value "" is nothing */
  #mapOption(control, name, value) {
    const options = { ...this.#mapping.options, [control]: { ...this.#mapping.options[control], [name]: value || null } }
    this.#mapping = { ...this.#mapping, options }
    void this.#ask()
  }

  render() {
    const results = this.#counts?.results
    return html`
      <dialog class="dialog cc-dialog" aria-labelledby="cc-title" ${ref(this.#dialog)} @cancel=${() => this.#done(null)}>
        <div class="dialog-head"><h2 id="cc-title">What happens to the answers that are there</h2></div>
        <div class="dialog-body stack">
          ${this.#error ? failure(this.#error, { what: 'The effect could not be worked out.', again: () => void this.#ask() }) : nothing}
          ${results
            ? html`<ul class="cc-counts" aria-live="polite">
                <li><strong>${number(results.kept)}</strong> kept as they are</li>
                <li><strong>${number(results.renamed)}</strong> renamed</li>
                <li class=${results.orphaned ? 'cc-lost' : ''}><strong>${number(results.orphaned)}</strong> set aside</li>
                <li class="muted">results of ${counted(this.#counts?.annotations ?? 0, 'answer')}${this.#asking ? ', counting …' : ''}</li></ul>`
            : this.#error ? nothing : waiting('Counting …')}
          ${this.#changes ? this.#table(this.#changes) : nothing}
          ${results?.orphaned
            ? html`<div class="notice notice-attention">${icon('problem')}<div class="stack stack-tight">
                <p>Results that are set aside are not deleted. They stay stored with their answer, are not shown to annotators, and come back when you go back to a config that has a place for them.</p>
                <label class="check"><input type="checkbox" .checked=${this.#accepted} @change=${(/** @type {Event} */ event) => { this.#accepted = /** @type {HTMLInputElement} */ (event.target).checked; this.requestUpdate() }}>
                  Set ${counted(results.orphaned, 'result')} aside</label></div></div>`
            : nothing}
          <div class="field"><label for="cc-note">Note for the list of versions</label>
            <input id="cc-note" class="input" maxlength="200" placeholder="Why the config changed" .value=${this.#note} @input=${(/** @type {Event} */ event) => { this.#note = /** @type {HTMLInputElement} */ (event.target).value }}></div>
        </div>
        <div class="dialog-foot">
          <button type="button" class="button" @click=${() => this.#done(null)}>Back to the config</button>
          <button type="button" class="button button-primary" ?disabled=${this.#asking || !results || (results.orphaned > 0 && !this.#accepted)}
            @click=${() => this.#done({ config_mapping: this.#mapping, accept_orphans: this.#accepted, config_note: this.#note.trim() })}>Save this config</button>
        </div>
      </dialog>`
  }

  /** @param {Changes} changes */
  #table(changes) {
    const rows = changes.controls.flatMap((control) => [
      ...(control.what === 'kept' ? [] : [this.#controlRow(control)]),
      ...control.options.filter(({ what, stored }) => what !== 'kept' || stored in (this.#mapping.options[control.control] ?? {})).map((option) => this.#optionRow(control, option)),
    ])
    const objects = changes.objects.filter(({ what, object }) => what !== 'kept' || object in this.#mapping.objects)
    if (!rows.length && !objects.length) return html`<p class="muted">No name of the old config is gone.${changes.added.length ? ` New: ${this.#added(changes)}.` : ''}</p>`
    return html`<div class="table-wrap cc-table"><table class="table">
      <thead><tr><th>In the saved config</th><th>Becomes</th><th></th></tr></thead>
      <tbody>
        ${objects.map((row) => html`<tr><td>Object <strong>${row.object}</strong></td>
          <td>${this.#select(`What ${row.object} becomes`, row.becomes, this.#plan?.objects.map((/** @type {any} */ o) => o.name) ?? [], (value) => this.#map('objects', row.object, value))}</td><td></td></tr>`)}
        ${rows}
      </tbody></table></div>
      ${changes.added.length ? html`<p class="muted small">New: ${this.#added(changes)}</p>` : nothing}
      ${changes.needs.length ? html`<p class="muted small">Tasks need a field more: ${changes.needs.join(', ')}. Tasks without it will say so.</p>` : nothing}`
  }

  /** @param {Changes} changes */
  #added(changes) {
    const names = changes.added.map(({ control, option }) => (option ? `${control}: ${option}` : control))
    return names.slice(0, 8).join(', ') + (names.length > 8 ? ` and ${names.length - 8} more` : '')
  }

  /** @param {ControlChange} row */
  #controlRow(row) {
    const names = (this.#plan?.controls ?? []).map((/** @type {any} */ control) => control.name)
    const count = this.#counts?.per_control[row.control]
    return html`<tr><td>Control <strong>${row.control}</strong>${count?.orphaned ? html`<div class="small muted">${counted(count.orphaned, 'result')} without a place</div>` : nothing}</td>
      <td>${this.#select(`What ${row.control} becomes`, row.becomes, names, (value) => this.#map('controls', row.control, value))}</td>
      <td class="small muted">${row.guessed ? 'guessed from its name' : row.reason}</td></tr>`
  }

  /** @param {ControlChange} control @param {OptionChange} option */
  #optionRow(control, option) {
    const other = this.#plan?.controls.find((/** @type {any} */ one) => one.name === control.becomes)
    /** @type {string[]} */
    const names = []
    const walk = (/** @type {any[]} */ options, /** @type {string} */ above) => {
      for (const one of options ?? []) {
        names.push(above + one.stored)
        walk(one.children, `${above}${one.stored} / `)
      }
    }
    walk(other?.options, '')
    return html`<tr><td class="cc-option">${control.control}: <strong>${option.stored}</strong></td>
      <td>${this.#select(`What ${option.stored} becomes`, option.becomes, names, (value) => this.#mapOption(control.control, option.stored, value))}</td>
      <td class="small muted">${option.guessed ? 'guessed from its name' : ''}</td></tr>`
  }

  /** @param {string} label @param {string | null} value @param {string[]} names @param {(value: string) => void} changed */
  #select(label, value, names, changed) {
    const all = value && !names.includes(value) ? [value, ...names] : names
    return html`<select class="input" aria-label=${label} @change=${(/** @type {Event} */ event) => changed(/** @type {HTMLSelectElement} */ (event.target).value)}>
      <option value="" ?selected=${value === null}>nothing: set aside</option>
      ${all.map((name) => html`<option value=${name} ?selected=${name === value}>${name}</option>`)}</select>`
  }
}

/** @typedef {KiteConfigChangeElement} KiteConfigChange */
customElements.define('kite-config-change', KiteConfigChangeElement)
