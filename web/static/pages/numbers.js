/** Numbers of people and reports as the server gives them, `{value, n, reason?}`, in words; roles, kinds and days too. */
import { html, nothing } from 'lit'
import { adopt } from '../elements/sheet.js'
import css from '../styles/project.css' with { type: 'text' }
import { vars } from './page.js'
import { counted, duration, number, score } from './words.js'

/** @typedef {{value: number | null, n: number, reason?: string, not_scored?: number}} Figure */
/** @typedef {{median_ms: number | null, mean_ms: number | null, n: number, cut: number, reason?: string}} Times */

adopt(css)

/** @type {Record<string, string>} */
export const ROLES = { owner: 'Owner', manager: 'Manager', reviewer: 'Reviewer', annotator: 'Annotator', viewer: 'Viewer', removed: 'Removed' }

/** What each role may do, for whoever hands it out. @type {Record<string, string>} */
export const ROLE_MEANS = {
  annotator: 'labels and sees their own work',
  reviewer: 'labels, sees everything and decides what is right',
  viewer: 'sees everything and changes nothing',
  manager: 'changes settings, data, links and people too',
  owner: 'may do all of that, and delete the project',
}

/** @type {Record<string, {word: string, means: string}>} */
export const GOLD_KINDS = {
  gold: { word: 'Known answer', means: 'mixed in unseen; gives a score' },
  attention: { word: 'Attention check', means: 'mixed in unseen; passed or failed' },
  warm_up: { word: 'Warm-up', means: 'comes first, with the right answer shown after it' },
}

/** @param {number} value */
export const percent = (value) => `${Math.round(100 * value)} %`

/** "4.2 s", "1 min 20 s". @param {number | null | undefined} ms */
export const time = (ms) => (typeof ms === 'number' && ms < 9950 ? `${(ms / 1000).toFixed(1)} s` : duration(typeof ms === 'number' ? ms / 1000 : null))

/**
 * A number with what it rests on; where there is none, a dash that says why.
 * @param {Figure | undefined | null} figure @param {(value: number) => string} [format]
 */
export const cell = (figure, format = score) => (figure && figure.value !== null
  ? html`<span class="number" title="from ${number(figure.n)}">${format(figure.value)}</span>`
  : none(figure?.reason ?? 'no report has been made yet'))

/** @param {string} reason */
export const none = (reason) => html`<span class="muted" title=${reason}><span aria-hidden="true">–</span><span class="visually-hidden">none: ${reason}</span></span>`

/**
 * The same with both said in full.
 * @param {Figure} figure @param {{one: string, format?: (value: number) => string}} of one: what n counts
 */
export const whole = ({ value, n, reason }, { one, format = score }) => (value === null
  ? html`<span class="pj-none">not known: ${reason}</span>`
  : html`<span class="number strong">${format(value)}</span> <span class="muted small">from ${counted(n, one)}</span>`)

/**
 * One number large, with its name and what it rests on.
 * @param {string} name @param {unknown} value @param {unknown} note
 */
export const tile = (name, value, note) => html`<div class="stat pj-tile"><span class="stat-label">${name}</span>
  <span class="stat-value">${value}</span><span class="small muted">${note}</span></div>`

/** @param {string} name @param {Figure} figure @param {{one: string, format?: (value: number) => string}} of */
export const figureTile = (name, figure, { one, format = score }) => tile(name, figure.value === null ? '–' : format(figure.value),
  html`${figure.value === null ? figure.reason : `from ${counted(figure.n, one)}`}${figure.not_scored ? ` · ${number(figure.not_scored)} without a score` : nothing}`)

const DAY = 86_400_000

/**
 * The days from the first to the last of a list, those without anything too; the newest ones if there are many.
 * @template {{day: string}} T @param {T[]} days oldest first @param {number} [most] @returns {{day: string, at?: T}[]}
 */
export function calendar(days, most = 45) {
  if (!days.length) return []
  const by = new Map(days.map((one) => [one.day, one]))
  const last = Date.parse(days[days.length - 1].day)
  const first = Math.max(Date.parse(days[0].day), last - (most - 1) * DAY)
  return Array.from({ length: Math.round((last - first) / DAY) + 1 }, (_, i) => {
    const day = new Date(first + i * DAY).toISOString().slice(0, 10)
    return { day, at: by.get(day) }
  })
}

/**
 * A small bar for each day. The numbers themselves stand in a table behind it, so the picture needs only one sentence.
 * @template {{day: string}} T
 * @param {T[]} days oldest first @param {{name: string, value: (day: T) => number}} of
 */
export function dayBars(days, { name, value }) {
  const all = calendar(days)
  const most = Math.max(1, ...days.map(value))
  return html`<div class="pj-bars" role="img" aria-label="${name} by day: ${counted(days.length, 'day')}, at most ${number(most)} on one">
    ${all.map(({ day, at }) => html`<span class="pj-bar" title="${day}: ${number(at ? value(at) : 0)}" ${vars({ '--part': at ? value(at) / most : 0 })}></span>`)}
  </div>
  <div class="pj-bars-ends small muted number" aria-hidden="true"><span>${all[0]?.day}</span>${all.length > 1 ? html`<span>${all[all.length - 1].day}</span>` : nothing}</div>`
}

/**
 * Two labels against each other as a table; the darker a cell, the more often.
 * @param {{right: string, said: string, n: number}[]} counts @param {{down: string, across: string}} words what rows and columns are
 */
export function confusion(counts, { down, across }) {
  const rows = [...new Set(counts.map(({ right }) => right))].sort()
  const columns = [...new Set(counts.flatMap(({ right, said }) => [right, said]))].sort()
  const by = new Map(counts.map(({ right, said, n }) => [JSON.stringify([right, said]), n]))
  const most = Math.max(1, ...counts.map(({ n }) => n))
  const label = (/** @type {string} */ name) => name || html`<span class="muted">nothing</span>`
  return html`<div class="table-wrap pj-fit"><table class="table pj-confusion">
    <caption class="small muted">Down: ${down}. Across: ${across}.</caption>
    <thead><tr><td></td>${columns.map((name) => html`<th scope="col" class="table-number">${label(name)}</th>`)}</tr></thead>
    <tbody>${rows.map((right) => html`<tr><th scope="row">${label(right)}</th>
      ${columns.map((said) => {
        const n = by.get(JSON.stringify([right, said])) ?? 0
        return html`<td class="table-number ${right === said ? 'is-same' : ''}" ${vars({ '--heat': `${Math.round((60 * n) / most)}%` })}>${n ? number(n) : html`<span class="muted">0</span>`}</td>`
      })}</tr>`)}</tbody>
  </table></div>`
}
