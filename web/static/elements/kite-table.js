import { html, nothing } from 'lit'
import { t } from '../app/texts.js'
import { having } from './looked-for.js'
import { ObjectElement } from './object-element.js'
import { resolved } from './object-load.js'

const STEP = 200 // rows that are made at a time
const MANY = 12 // rows from which on one looks for some of them

/** Rows and columns of texts. Rows are made as the reader comes near them; those with the words that are looked for can be shown alone. */
export class KiteTable extends ObjectElement {
  static properties = { ...ObjectElement.properties, columns: { state: true }, rows: { state: true }, made: { state: true }, words: { state: true } }

  constructor() {
    super()
    /** @type {string[]} */
    this.columns = []
    /** @type {string[][]} */
    this.rows = []
    /** how many rows exist */
    this.made = STEP
    /** what is looked for */
    this.words = ''
  }

  /** @param {import('./types.js').Source} source @param {AbortSignal} signal */
  async take(source, signal) {
    const found = await resolved(source, this.context.content, signal, this.tell)
    if (signal.aborted) return
    this.columns = found.columns ?? []
    this.rows = found.rows ?? []
    this.made = STEP
    this.words = ''
  }

  #scroll = (/** @type {Event} */ event) => {
    const sheet = /** @type {HTMLElement} */ (event.currentTarget)
    if (this.made < this.rows.length && sheet.scrollTop + 2 * sheet.clientHeight > sheet.scrollHeight) this.made += STEP
  }

  /** Goes to the search. */
  find() {
    const field = /** @type {HTMLInputElement | null} */ (this.querySelector('.table-find > .input'))
    field?.select()
    return !!field
  }

  /** @param {string} words */
  #look(words) {
    this.words = words
    this.made = STEP
    this.querySelector('.sheet')?.scrollTo({ top: 0 })
  }

  /** @param {KeyboardEvent} event */
  #findKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'Escape' && this.words) this.#look('')
    else if (event.key === 'Enter' || event.key === 'Escape') /** @type {HTMLElement | null} */ (this.querySelector('.sheet'))?.focus()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  body() {
    const { columns } = this
    const fits = having(this.words)
    const rows = this.words.trim() ? this.rows.filter((row) => fits(row.join('\n'))) : this.rows
    const numeric = columns.map((_, at) => this.rows.length > 0 && this.rows.slice(0, 50).every((row) => !row[at] || /^[+-]?[\d.,\s]+%?$/.test(row[at])))
    const all = this.rows.length
    return html`${all >= MANY
        ? html`<div class="table-find tools" role="search"><input class="input" type="search" placeholder=${t('Find in the table')} aria-label=${t('Find in the table')} .value=${this.words}
            @input=${(/** @type {Event} */ event) => this.#look(/** @type {HTMLInputElement} */ (event.target).value)} @keydown=${this.#findKey} />
            ${this.words.trim() ? html`<span class="muted number" role="status">${t('{n} of {all} rows', { n: rows.length, all })}</span>` : nothing}</div>`
        : nothing}
      <div class="sheet sheet-wide" tabindex="0" role="region" aria-label=${all === 1 ? t('Table, 1 row') : t('Table, {n} rows', { n: all })} ?hidden=${this.state.kind === 'failed'} @scroll=${this.#scroll}>
      <div class="sheet-page">
        <table class="data-table">
          ${columns.length ? html`<thead><tr>${columns.map((name, at) => html`<th scope="col" class=${numeric[at] ? 'is-number' : ''} dir="auto">${name}</th>`)}</tr></thead>` : nothing}
          <tbody>${rows.slice(0, this.made).map((row) => html`<tr>${row.map((cell, at) => html`<td class=${numeric[at] ? 'is-number' : ''} dir="auto">${cell}</td>`)}</tr>`)}</tbody>
        </table>
        ${this.state.kind === 'shown' && !all ? html`<p class="muted">${t('This table has no rows.')}</p>` : nothing}
        ${all && !rows.length ? html`<p class="muted" role="status">${t('No row has this.')}</p>` : nothing}
        ${this.made < rows.length ? html`<p class="muted number" role="status">${t('{made} of {n} rows; more come as you scroll.', { made: this.made, n: rows.length })}</p>` : nothing}
      </div>
    </div>`
  }
}
