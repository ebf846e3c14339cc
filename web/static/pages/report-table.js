/** A table of a report as the server makes it: its columns say what kind of number a cell is. */
import { html, nothing } from 'lit'
import { percent, time } from './numbers.js'
import { counted, number, score } from './words.js'

/** @typedef {'text' | 'id' | 'day' | 'count' | 'share' | 'score' | 'number' | 'seconds' | 'hours' | 'money'} Kind */
/** @typedef {string | number | boolean | null} Cell */
/** @typedef {{id: string, title: string, how: string, empty: string, says: string, columns: {name: string, label: string, kind: Kind}[], rows: Cell[][]}} Table */
/** @typedef {Record<string, any>} Row a row by the names of its columns */

/** Of more rows a page only makes the browser slow: the file has them all. */
const MOST_ROWS = 300

/** @param {Table} table @returns {Row[]} */
export const rowsOf = ({ columns, rows }) => rows.map((row) => Object.fromEntries(columns.map(({ name }, i) => [name, row[i]])))

/** @param {number} value @param {string} currency */
export const money = (value, currency) => `${value.toFixed(2)} ${currency}`.trim()

/** @param {Kind} kind @param {Cell} value @param {string} currency */
export function cellText(kind, value, currency) {
  if (value === null) return '–'
  if (typeof value !== 'number') return value === '' ? '(nothing)' : String(value)
  switch (kind) {
    case 'count': return number(Math.round(value))
    case 'share': return percent(value)
    case 'score': return score(value)
    case 'number': return value.toFixed(1)
    case 'seconds': return time(value * 1000)
    case 'hours': return `${value.toFixed(value < 10 ? 1 : 0)} h`
    case 'money': return money(value, currency)
    default: return String(value)
  }
}

const LEFT = ['text', 'day']

/** @param {Table} table @param {{currency: string, newestFirst?: boolean, without?: string[]}} how without: columns that its title says already */
export function tableView(table, { currency, newestFirst = false, without = [] }) {
  const said = (/** @type {number} */ at) => table.rows.some((row) => row[at] !== null && (row[at] !== '' || at === 0 || table.columns[at].name === 'label'))
  const columns = table.columns.map((column, at) => ({ ...column, at })).filter(({ kind, name, at }) => kind !== 'id' && !without.includes(name) && said(at))
  const rows = newestFirst ? table.rows.slice().reverse() : table.rows
  return html`<div class="table-wrap pj-fit" tabindex="0" role="region" aria-label="${table.title}, as a table"><table class="table">
    <thead><tr>${columns.map(({ label, kind }) => html`<th scope="col" class=${LEFT.includes(kind) ? '' : 'table-number'}>${label}</th>`)}</tr></thead>
    <tbody>${rows.slice(0, MOST_ROWS).map((row) => html`<tr>${columns.map(({ kind, at }, i) => (i === 0
      ? html`<th scope="row">${cellText(kind, row[at], currency)}</th>`
      : html`<td class=${LEFT.includes(kind) ? '' : 'table-number'}>${cellText(kind, row[at], currency)}</td>`))}</tr>`)}</tbody>
  </table></div>
  ${rows.length > MOST_ROWS ? html`<p class="small muted">The first ${counted(MOST_ROWS, 'row')} of ${number(rows.length)}; the CSV file has all.</p>` : nothing}`
}
