import { LitElement, html, nothing } from 'lit'
import { live } from 'lit/directives/live.js'
import { newId } from '../app/ids.js'
import { emit } from './emit.js'
import { fromPercent, toPercent } from './geometry.js'
import { styled } from './styled.js'

/** The selected region: what it is, the config's questions about it, its note, where it is in pixels. */
export class KiteRegion extends LitElement {
  static properties = { region: { attribute: false }, count: { attribute: false }, size: { attribute: false }, readonly: { type: Boolean }, questions: { attribute: false }, relates: { type: Boolean }, nameOf: { attribute: false } }

  constructor() {
    super()
    /** @type {import('./types.js').Region | undefined} */
    this.region = undefined
    /** how many regions are selected */
    this.count = 0
    /** @type {{width: number, height: number} | undefined} natural pixels of its image */
    this.size = undefined
    this.readonly = false
    /** there is another region that it can be related to */
    this.relates = false
    /** the config's questions about this region, drawn by the surface @type {unknown} */
    this.questions = nothing
    /** @type {(region: import('./types.js').Region) => string} */
    this.nameOf = (region) => region.labels.join(', ')
    this.gesture = ''
  }

  createRenderRoot() {
    return this
  }

  render() {
    const { region } = this
    if (!region) return nothing
    const fixed = this.readonly || !!region.readonly || !!region.locked
    const ids = this.count > 1 ? undefined : [region.id]
    return html`<header class="panel-head">
        <h2>${this.count > 1 ? `${this.count} regions` : 'This region'}</h2>
        ${this.readonly
          ? nothing
          : html`<span class="row panel-acts">
              ${this.count > 1 || !this.relates ? nothing : html`<button class="button button-quiet button-icon button-small relation-start" type="button" title="Relate to another region (Alt+R)" aria-label="Relate to another region" @click=${() => this.dispatchEvent(new CustomEvent('kite-relate', { detail: { region: region.id }, bubbles: true }))}><kite-icon name="link"></kite-icon></button>`}
              <button class="button button-quiet button-icon button-small" type="button" title="Duplicate (Ctrl+D)" aria-label="Duplicate" @click=${() => emit(this, { type: 'duplicate', ids: Array.from({ length: this.count }, () => newId()) })}><kite-icon name="copy"></kite-icon></button>
              <button class="button button-quiet button-icon button-small" type="button" title="Delete (Backspace)" aria-label="Delete" ?disabled=${fixed} @click=${() => emit(this, ids ? { type: 'delete', regions: ids } : { type: 'delete' })}><kite-icon name="trash"></kite-icon></button>
            </span>`}
      </header>
      ${this.count > 1 ? nothing : html`<div class="region-detail">
        <p class="row"><span class="swatch" style=${styled({ '--swatch': region.color })}></span><strong>${this.nameOf(region) || 'No label'}</strong>
          ${region.locked ? html`<span class="badge">locked</span>` : nothing}${region.origin && region.origin !== 'manual' ? html`<span class="badge badge-info">${region.origin}</span>` : nothing}</p>
        ${region.text ? html`<blockquote class="region-quote" dir="auto">${region.text}</blockquote>` : nothing}
      </div>`}
      ${this.questions}
      ${this.count > 1 ? nothing : html`<div class="region-detail">
        <label class="field"><span class="field-label">Note</span><input class="input region-note" dir="auto" .value=${live(region.note ?? '')} ?disabled=${fixed} placeholder="Anything a reader should know"
          @focus=${() => { this.gesture = newId() }} @change=${(/** @type {Event} */ event) => emit(this, { type: 'note', region: region.id, text: /** @type {HTMLInputElement} */ (event.target).value, gesture: this.gesture })} /></label>
        ${region.kind === 'rectangle' ? this.#box(region, fixed) : nothing}
      </div>`}`
  }

  /** @param {import('./types.js').Region} region @param {boolean} fixed */
  #box(region, fixed) {
    if (!this.size) return nothing
    const box = fromPercent(region.shape, this.size.width, this.size.height)
    const fields = /** @type {const} */ ([['x', 'x', 'px'], ['y', 'y', 'px'], ['w', 'width', 'px'], ['h', 'height', 'px'], ['r', 'turned', '°']])
    return html`<div class="region-numbers">${fields.filter(([key]) => key !== 'r' || box.r).map(
      ([key, name, unit]) => html`<label title=${`${name} in ${unit === 'px' ? 'pixels' : 'degrees'}`}><span aria-hidden="true">${key === 'r' ? '∠' : key}</span>
        <input class="input number" type="number" step="1" aria-label=${`${name} in ${unit === 'px' ? 'pixels' : 'degrees'}`} .value=${live(String(Math.round(box[key] * 10) / 10))} ?disabled=${fixed}
          @change=${(/** @type {Event} */ event) => this.#move({ ...box, [key]: /** @type {HTMLInputElement} */ (event.target).valueAsNumber })} /></label>`,
    )}</div>`
  }

  /** @param {import('./geometry.js').Box} box */
  #move(box) {
    if (!this.region || !this.size || Object.values(box).some(Number.isNaN) || box.w <= 0 || box.h <= 0) {
      this.requestUpdate()
      return
    }
    emit(this, { type: 'edit_region', region: this.region.id, shape: toPercent(box, this.size.width, this.size.height) })
  }
}
