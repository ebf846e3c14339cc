import { html, nothing } from 'lit'
import { ObjectElement } from './object-element.js'
import { resolved } from './object-load.js'

const STEP = 200 // rows that are made at a time

/** Rows and columns of texts. Rows are made as the reader comes near them. */
export class KiteTable extends ObjectElement {
  static properties = { ...ObjectElement.properties, columns: { state: true }, rows: { state: true }, made: { state: true } }

  constructor() {
    super()
    /** @type {string[]} */
    this.columns = []
    /** @type {string[][]} */
    this.rows = []
    /** how many rows exist */
    this.made = STEP
  }

  /** @param {import('./types.js').Source} source @param {AbortSignal} signal */
  async take(source, signal) {
    const found = await resolved(source, this.context.content, signal, this.tell)
    if (signal.aborted) return
    this.columns = found.columns ?? []
    this.rows = found.rows ?? []
    this.made = STEP
  }

  #scroll = (/** @type {Event} */ event) => {
    const sheet = /** @type {HTMLElement} */ (event.currentTarget)
    if (this.made < this.rows.length && sheet.scrollTop + 2 * sheet.clientHeight > sheet.scrollHeight) this.made += STEP
  }

  body() {
    const { columns, rows } = this
    const numeric = columns.map((_, at) => rows.length > 0 && rows.slice(0, 50).every((row) => !row[at] || /^[+-]?[\d.,\s]+%?$/.test(row[at])))
    return html`<div class="sheet sheet-wide" tabindex="0" role="region" aria-label=${`Table, ${rows.length.toLocaleString()} ${rows.length === 1 ? 'row' : 'rows'}`} ?hidden=${this.state.kind === 'failed'} @scroll=${this.#scroll}>
      <div class="sheet-page">
        <table class="data-table">
          ${columns.length ? html`<thead><tr>${columns.map((name, at) => html`<th scope="col" class=${numeric[at] ? 'is-number' : ''} dir="auto">${name}</th>`)}</tr></thead>` : nothing}
          <tbody>${rows.slice(0, this.made).map((row) => html`<tr>${row.map((cell, at) => html`<td class=${numeric[at] ? 'is-number' : ''} dir="auto">${cell}</td>`)}</tr>`)}</tbody>
        </table>
        ${this.state.kind === 'shown' && !rows.length ? html`<p class="muted">This table has no rows.</p>` : nothing}
        ${this.made < rows.length ? html`<p class="muted number" role="status">${this.made.toLocaleString()} of ${rows.length.toLocaleString()} rows; more come as you scroll.</p>` : nothing}
      </div>
    </div>`
  }
}
