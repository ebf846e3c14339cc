/** How often values are there among the tasks that were found: bars that filter on a click. */
import { html, nothing } from 'lit'
import { vars } from './page.js'
import { columnName, valueWords } from './explore-words.js'
import { number } from './words.js'

/** @typedef {import('./explore-index.js').Counts} Counts */
/** @typedef {import('./explore-index.js').Test} Test */

const MOST = 12

/**
 * @param {{column: string, counts: Counts, people: Record<string, string>, tests: Test[], toggle: (test: Test) => void}} given
 */
export function bars({ column, counts, people, tests, toggle }) {
  const rows = counts.values.length > counts.bins.length || !counts.bins.length ? valueRows(column, counts) : binRows(column, counts)
  const most = Math.max(1, ...rows.map(({ n }) => n))
  const others = counts.values.slice(MOST).reduce((sum, [, n]) => sum + n, counts.others)
  return html`<section class="ex-bars" aria-label=${columnName(column)}>
    <h3>${columnName(column)}</h3>
    ${rows.length ? html`<ul>${rows.map(({ test, n, words }) => html`<li><button type="button" class="ex-bar" aria-pressed=${has(tests, test)} @click=${() => toggle(test)}>
      <span class="ex-bar-name clip">${words ?? valueWords(column, test.value, people)}</span><span class="number">${number(n)}</span>
      <span class="ex-bar-fill" aria-hidden="true" ${vars({ '--part': n / most })}></span></button></li>`)}</ul>` : html`<p class="muted small">Nothing to count.</p>`}
    ${others && rows.length === MOST ? html`<p class="muted small">${number(others)} with other values</p>` : nothing}
    ${counts.without && rows.length ? html`<p class="muted small">${number(counts.without)} without</p>` : nothing}
  </section>`
}

/** @param {string} column @param {Counts} counts @returns {{test: Test, n: number, words?: string}[]} */
const valueRows = (column, { values }) => values.slice(0, MOST).map(([value, n]) => (value === ''
  ? { n, test: { column, operator: 'empty', value: true }, words: 'nothing' }
  : { n, test: { column, operator: 'equal', value } }))

/** @param {string} column @param {Counts} counts @returns {{test: Test, n: number, words: string}[]} */
function binRows(column, { bins }) {
  const say = (/** @type {number} */ value) => valueWords(column, value, {})
  return bins.flatMap(([from, below, n], at) => {
    if (!n) return []
    const last = at === bins.length - 1
    const whole = Number.isInteger(from) && Number.isInteger(below) && column !== 'agreement' && column !== 'score'
    const share = column === 'agreement' || column === 'score'
    const to = whole && below > from && !last ? below - 1 : share ? Math.min(1, below) : below
    const max = whole || last ? to : below - (below - from) * 1e-6
    return [{ n, words: from === to ? say(from) : `${say(from)} – ${say(to)}`, test: { column, operator: 'in', value: { min: from, max } } }]
  })
}

/** @param {Test[]} tests @param {Test} test */
export const has = (tests, test) => tests.some((one) => JSON.stringify(one) === JSON.stringify(test))
