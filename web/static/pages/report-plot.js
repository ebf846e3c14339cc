/**
 * The charts of a report, drawn by Observable Plot as SVG with the colours of our tokens, so that one drawing is right in light, in dark
 * and in a file. Each takes the rows of its table (report_tables.py) and nothing else; no number is made here.
 */
import * as Plot from '@observablehq/plot'
import { duration, number, score } from './words.js'

/** @typedef {import('./report-table.js').Row} Row */
/** @typedef {{missing: number, date: string | null, early: string | null, late: string | null}} Forecast */
/** @typedef {{width: number, forecast?: Forecast, today?: string, weekly?: boolean}} Options */
/** @typedef {(rows: Row[], options: Options) => Element} Draw */

const MAIN = 'var(--accent)'
const SOFT = 'var(--accent-soft)'
const OTHER = 'var(--attention)'
const LINE = 'var(--line-strong)'
const TEXT = 'var(--text)'
/** Of a cell's colour: no more than leaves its number readable, in light and in dark (4.5 to 1). */
const MOST_SHADE = 0.42
const DAY = 86_400_000
/** Letters of a label beside a chart; the table has it whole. */
const LONGEST = 22
/** People and labels in one chart: more are in its table. */
const MOST_PEOPLE = 12
const MOST_IN_MATRIX = 24

/** @param {string} text */
const short = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text)
/** @param {string} name */
const label = (name) => name || '(nothing)'
/** Room for labels at the left. @param {string[]} names */
const room = (names) => 16 + 6.8 * Math.min(LONGEST, Math.max(4, ...names.map((name) => name.length)))
/** @param {string} day */
const at = (day) => new Date(`${day}T00:00:00Z`)
/** @param {Date | number} day */
const dayText = (day) => new Date(day).toLocaleDateString(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' })
const percent = (/** @type {number} */ value) => `${Math.round(100 * value)} %`

/** What all charts share. @param {Plot.PlotOptions} options */
function plot(options) {
  const made = Plot.plot({ marginTop: 24, marginRight: 20, marginBottom: 34, ...options })
  // The sheet that Plot writes into the drawing is inline style, which the page's policy forbids; project.css has the same rules.
  for (const style of made.querySelectorAll('style')) style.remove()
  // The whole drawing is one picture with a name of its own; the groups inside it may have none.
  for (const group of made.querySelectorAll('[aria-label]')) {
    if (group.getAttribute('aria-label')?.includes('grid')) group.classList.add('rp-grid')
    group.removeAttribute('aria-label')
  }
  return made
}

/** Days of a time axis, at least two weeks, so that the first day is no wall. @param {Row[]} rows @param {string} name @param {Date} [until] */
function span(rows, name, until) {
  const last = Math.max(+at(rows[rows.length - 1][name]) + DAY, until ? +until : 0)
  return [new Date(Math.min(+at(rows[0][name]), last - 14 * DAY)), new Date(last)]
}

/** Few enough words that none lie on each other. @param {number} width */
const timeTicks = (width) => ({ ticks: Math.max(3, Math.floor(width / 90)), tickFormat: dayText, label: null })

/** Answers so far, the line to all that are wanted, and between which days it may be reached. @type {Draw} */
export function burnUp(rows, { width, forecast, today }) {
  const now = rows[rows.length - 1].so_far
  const wanted = now + (forecast?.missing ?? 0)
  const from = at(today ?? rows[rows.length - 1].day)
  const goal = forecast?.date && forecast.missing ? at(forecast.date) : null
  // The slow end of the range may be far off: shown as far as twice the way to the day itself.
  const far = goal ? new Date(Math.min(forecast?.late ? +at(forecast.late) : Infinity, +from + 2 * (+goal - +from) + 2 * DAY)) : from
  const x = span(rows, 'day', far)
  const line = [...rows.map((row) => ({ day: at(row.day), so_far: row.so_far })), ...(today ? [{ day: from, so_far: now }] : [])]
  const early = goal && forecast?.early ? at(forecast.early) : null
  const lateAt = goal && forecast?.late ? at(forecast.late) : null
  return plot({
    width, height: 260, marginLeft: 52, x: { type: 'utc', domain: x, ...timeTicks(width) }, y: { domain: [0, wanted * 1.08 || 1], label: 'Answers', grid: true, tickFormat: number, ticks: 5 }, marks: [
      early ? Plot.areaX([{ y: now, a: from, b: from }, { y: wanted, a: early, b: lateAt ?? new Date(+from + 40 * (+far - +from)) }], { y: 'y', x1: 'a', x2: 'b', fill: MAIN, fillOpacity: 0.16, clip: true }) : null,
      Plot.areaY(line, { x: 'day', y: 'so_far', fill: SOFT, curve: 'step-after' }),
      Plot.lineY(line, { x: 'day', y: 'so_far', stroke: MAIN, strokeWidth: 2, curve: 'step-after' }),
      goal ? Plot.line([[from, now], [goal, wanted]], { stroke: MAIN, strokeWidth: 1.5, strokeDasharray: '4 3' }) : null,
      goal ? Plot.dot([[goal, wanted]], { r: 4, fill: 'var(--surface)', stroke: MAIN, strokeWidth: 2 }) : null,
      Plot.ruleY([wanted], { stroke: TEXT, strokeDasharray: '2 3' }),
      Plot.text([[x[0], wanted]], { text: [`wanted: ${number(wanted)}`], textAnchor: 'start', dx: 4, dy: -8, fill: TEXT, fontSize: 12 }),
      goal ? Plot.text([[goal, wanted]], { text: [dayText(goal)], dy: 16, fill: TEXT, fontSize: 12, textAnchor: 'middle' }) : null,
    ],
  })
}

/** Answers of each day, skips on top. @type {Draw} */
export function days(rows, { width }) {
  return plot({
    width, height: 180, marginLeft: 52, x: { type: 'utc', domain: span(rows, 'day'), ...timeTicks(width) }, y: { label: 'Answers', grid: true, tickFormat: number, ticks: 4 }, marks: [
      Plot.rectY(rows, { x: (/** @type {Row} */ row) => at(row.day), y: 'answers', interval: 'day', fill: MAIN, inset: 1, title: (/** @type {Row} */ row) => `${row.day}: ${number(row.answers)} answers, ${number(row.skipped)} skipped` }),
      Plot.rectY(rows.filter(({ skipped }) => skipped), { x: (/** @type {Row} */ row) => at(row.day), y1: 'answers', y2: (/** @type {Row} */ row) => row.answers + row.skipped, interval: 'day', fill: 'none', stroke: OTHER, strokeWidth: 1.5, inset: 1.5 }),
      Plot.ruleY([0], { stroke: LINE }),
    ],
  })
}

/** @type {Draw} */
export function states(rows, { width }) {
  return plot({
    width, height: 12 + 26 * rows.length, marginTop: 6, marginBottom: 6, marginLeft: room(rows.map(({ state }) => state)), marginRight: 110, x: { axis: null }, y: { label: null, domain: rows.map(({ state }) => state) }, marks: [
      Plot.barX(rows, { x: 'tasks', y: 'state', fill: MAIN, insetTop: 3, insetBottom: 3 }),
      Plot.text(rows, { x: 'tasks', y: 'state', text: (/** @type {Row} */ row) => `${number(row.tasks)} · ${percent(row.share)}`, textAnchor: 'start', dx: 6, fill: TEXT, fontSize: 12 }),
      Plot.ruleX([0], { stroke: LINE }),
    ],
  })
}

/** How often a second person says a label too, from 0 to 1. @type {Draw} */
export function labels(rows, { width }) {
  const known = rows.filter(({ agreement }) => agreement !== null)
  return plot({
    width, height: 56 + 24 * known.length, marginTop: 8, marginLeft: room(known.map((row) => label(row.label))), marginRight: 120, x: { domain: [0, 1], label: null, tickFormat: percent, ticks: 4, grid: true },
    y: { label: null, domain: known.map((row) => row.label), tickFormat: (/** @type {string} */ name) => short(label(name)) }, marks: [
      Plot.ruleY(known, { x: 'agreement', y: 'label', stroke: MAIN, strokeWidth: 2 }),
      Plot.dot(known, { x: 'agreement', y: 'label', r: 5, fill: MAIN }),
      Plot.text(known, { x: 1, y: 'label', text: (/** @type {Row} */ row) => `${percent(row.agreement)} of ${number(row.pairs)}`, textAnchor: 'start', dx: 12, fill: TEXT, fontSize: 12 }),
    ],
  })
}

/**
 * Two names against each other; the stronger the colour, the more.
 * @param {{a: string, b: string, part: number, text: string, same?: boolean}[]} cells part: 0 to 1 @param {string[]} names @param {number} width @param {string} across
 */
function matrix(cells, names, width, across) {
  const left = room(names.map(label))
  const side = Math.max(24, Math.min(72, (width - left - 20) / names.length))
  const turned = side < 6.5 * Math.min(LONGEST, Math.max(...names.map((name) => label(name).length)))
  const top = turned ? room(names.map(label)) * 0.75 : 30
  return plot({
    width: left + side * names.length + (turned ? 60 : 20), height: top + Math.min(44, side) * names.length + 28, marginLeft: left, marginTop: top, marginRight: turned ? 60 : 20, marginBottom: 26, padding: 0.04,
    x: { domain: names, axis: 'top', label: null, tickFormat: (/** @type {string} */ name) => short(label(name)), tickSize: 0, ...(turned ? { tickRotate: -40 } : {}) },
    y: { domain: names, label: null, tickFormat: (/** @type {string} */ name) => short(label(name)), tickSize: 0 }, marks: [
      Plot.cell(cells, { x: 'b', y: 'a', fill: (/** @type {any} */ cell) => (cell.same === false ? OTHER : MAIN), fillOpacity: (/** @type {any} */ cell) => 0.04 + MOST_SHADE * cell.part, title: (/** @type {any} */ cell) => `${label(cell.a)} – ${label(cell.b)}: ${cell.text}` }),
      Plot.text(cells, { x: 'b', y: 'a', text: 'text', fill: TEXT, fontSize: side < 34 ? 10 : 12 }),
      Plot.text([across], { frameAnchor: 'bottom', dy: 20, fill: 'var(--text-muted)', fontSize: 11 }),
    ].filter(Boolean), color: { type: 'identity' }, opacity: { type: 'identity' },
  })
}

/** Pairs of labels that two people gave to one thing; a cell is shaded by its part of its row. @type {Draw} */
export function confusion(rows, { width }) {
  const pairs = rows.filter(({ person }) => person === null)
  /** @type {Map<string, number>} */ const often = new Map()
  for (const { right, said, n } of pairs) for (const name of new Set([right, said])) often.set(name, (often.get(name) ?? 0) + n)
  const names = [...often].sort((a, b) => b[1] - a[1]).slice(0, MOST_IN_MATRIX).map(([name]) => name).sort((a, b) => (a === '' ? 1 : b === '' ? -1 : a.localeCompare(b)))
  const both = pairs.flatMap(({ right: a, said: b, n }) => (a === b ? [{ a, b, n }] : [{ a, b, n }, { a: b, b: a, n }])).filter(({ a, b }) => names.includes(a) && names.includes(b))
  const whole = new Map(names.map((name) => [name, both.filter(({ a }) => a === name).reduce((sum, { n }) => sum + n, 0)]))
  return matrix(both.map(({ a, b, n }) => ({ a, b, part: n / (whole.get(a) || 1), text: number(n), same: a === b })), names, width, 'down: one person says · across: the other says')
}

/** Who agrees with whom. @type {Draw} */
export function pairs(rows, { width }) {
  /** @type {Map<string, number>} */ const most = new Map()
  for (const { name_a, name_b, comparisons } of rows) for (const name of [name_a, name_b]) most.set(name, (most.get(name) ?? 0) + comparisons)
  const names = [...most].sort((a, b) => b[1] - a[1]).slice(0, MOST_IN_MATRIX).map(([name]) => name).sort((a, b) => a.localeCompare(b))
  const shown = rows.filter(({ name_a, name_b, agreement }) => agreement !== null && names.includes(name_a) && names.includes(name_b))
  const [least, largest] = [Math.min(...shown.map(({ agreement }) => agreement)), Math.max(...shown.map(({ agreement }) => agreement))]
  // Most people agree mostly: shades go from the lowest to the highest here, or nobody would stand out.
  const part = (/** @type {number} */ value) => (largest - least < 0.05 ? Math.max(0, value) : 0.1 + (0.9 * (value - least)) / (largest - least))
  const cells = shown.flatMap(({ name_a: a, name_b: b, agreement }) => [[a, b], [b, a]].map(([one, other]) => ({ a: one, b: other, part: part(agreement), text: score(agreement) })))
  return matrix(cells, names, width, 'mean agreement of the two, 0 to 1')
}

/** Those with the most answers. @param {Row[]} rows */
function busiest(rows) {
  /** @type {Map<string, number>} */ const sums = new Map()
  for (const { name, answers } of rows) sums.set(name, (sums.get(name) ?? 0) + answers)
  return [...sums].sort((a, b) => b[1] - a[1]).slice(0, MOST_PEOPLE).map(([name]) => name)
}

/** A strip for each person. @param {Row[]} rows @param {number} width @param {Plot.ScaleOptions} y @param {(people: string[], shown: Row[]) => any[]} marks */
function strips(rows, width, y, marks) {
  const people = busiest(rows)
  const shown = rows.filter(({ name }) => people.includes(name)).sort((a, b) => (a.from < b.from ? -1 : 1))
  return plot({
    width, height: 40 + 54 * people.length, marginTop: 8, marginLeft: 40, marginRight: room(people), x: { type: 'utc', domain: span(shown, 'from'), ...timeTicks(width) }, y: { label: null, grid: true, ticks: 2, ...y },
    fy: { domain: people, label: null, tickFormat: short, padding: 0.18 }, marks: marks(people, shown),
  })
}

/** @type {Draw} */
export function answersOverTime(rows, { width, weekly }) {
  return strips(rows, width, { tickFormat: number }, (_, shown) => [
    Plot.rectY(shown, { x: (/** @type {Row} */ row) => at(row.from), fy: 'name', y: 'answers', interval: weekly ? 'week' : 'day', fill: MAIN, inset: 0.5, title: (/** @type {Row} */ row) => `${row.name}, ${row.from}: ${number(row.answers)}` }),
    Plot.ruleY([0], { stroke: LINE }),
  ])
}

/** @type {Draw} */
export function agreementOverTime(rows, { width }) {
  return strips(rows, width, { domain: [0, 1], ticks: [0.5, 1], tickFormat: score }, (_, shown) => [
    Plot.lineY(shown, { x: (/** @type {Row} */ row) => at(row.from), fy: 'name', y: 'with_consensus', z: 'name', stroke: MAIN, strokeWidth: 1.5 }),
    Plot.dot(shown, { x: (/** @type {Row} */ row) => at(row.from), fy: 'name', y: 'with_consensus', r: 3, fill: MAIN, title: (/** @type {Row} */ row) => `${row.name}, ${row.from}: ${score(row.with_consensus)} from ${row.compared}` }),
    Plot.ruleY([0], { stroke: LINE }),
  ])
}

/** @param {Row} row */
const timeClass = ({ from_s, to_s }) => (to_s === null ? `over ${duration(from_s)}` : to_s <= 60 ? `${from_s}–${to_s} s` : `${from_s / 60}–${to_s / 60} min`)

/** @type {Draw} */
export function times(rows, { width }) {
  return plot({
    width, height: 200, marginLeft: 48, x: { label: null, domain: rows.map(timeClass), tickSize: 0 }, y: { label: 'Answers', grid: true, tickFormat: number, ticks: 4 }, marks: [
      Plot.barY(rows, { x: timeClass, y: 'answers', fill: MAIN, insetLeft: 1, insetRight: 1 }),
      Plot.text(rows, { x: timeClass, y: 'answers', text: (/** @type {Row} */ row) => percent(row.share), dy: -8, fill: TEXT, fontSize: 12 }),
      Plot.ruleY([0], { stroke: LINE }),
    ],
  })
}

/** Median in the bar of the middle half. @type {Draw} */
export function speed(rows, { width }) {
  const shown = rows.slice().sort((a, b) => b.answers - a.answers).slice(0, MOST_PEOPLE).sort((a, b) => a.median_s - b.median_s)
  return plot({
    width, height: 48 + 26 * shown.length, marginTop: 8, marginLeft: room(shown.map(({ name }) => name)), marginRight: 70, x: { label: null, domain: [0, Math.max(...shown.map(({ q3_s }) => q3_s)) * 1.05 || 1], grid: true, ticks: 5, tickFormat: (/** @type {number} */ s) => duration(s) },
    y: { label: null, domain: shown.map(({ name }) => name), tickFormat: short }, marks: [
      Plot.barX(shown, { x1: 'q1_s', x2: 'q3_s', y: 'name', fill: SOFT, stroke: MAIN, insetTop: 5, insetBottom: 5 }),
      Plot.tickX(shown, { x: 'median_s', y: 'name', stroke: MAIN, strokeWidth: 3, insetTop: 3, insetBottom: 3 }),
      Plot.text(shown, { x: 'q3_s', y: 'name', text: (/** @type {Row} */ row) => duration(row.median_s), textAnchor: 'start', dx: 8, fill: TEXT, fontSize: 12 }),
    ],
  })
}

/** Bars: what tasks come to; a mark across: what people said. @type {Draw} */
export function classes(rows, { width }) {
  const shown = rows.slice(0, MOST_IN_MATRIX)
  return plot({
    width, height: 56 + 24 * shown.length, marginTop: 8, marginLeft: room(shown.map((row) => label(row.label))), marginRight: 100, x: { label: null, tickFormat: percent, grid: true, ticks: 4, domain: [0, Math.max(0.01, ...shown.flatMap((row) => [row.final_share ?? 0, row.given_share ?? 0]))] },
    y: { label: null, domain: shown.map((row) => row.label), tickFormat: (/** @type {string} */ name) => short(label(name)) }, marks: [
      Plot.barX(shown, { x: 'final_share', y: 'label', fill: MAIN, insetTop: 4, insetBottom: 4 }),
      Plot.tickX(shown, { x: 'given_share', y: 'label', stroke: OTHER, strokeWidth: 3, insetTop: 1, insetBottom: 1 }),
      Plot.text(shown, { x: (/** @type {Row} */ row) => Math.max(row.final_share ?? 0, row.given_share ?? 0), y: 'label', text: (/** @type {Row} */ row) => `${number(row.final)} · ${percent(row.final_share ?? 0)}`, textAnchor: 'start', dx: 8, fill: TEXT, fontSize: 12 }),
      Plot.ruleX([0], { stroke: LINE }),
    ],
  })
}
