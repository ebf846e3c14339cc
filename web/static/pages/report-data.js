/** The newest report of a project, as several pages show it. The server makes a new one when the last is out of date. */
import { api } from '../app/api.js'
import { attempt } from './page.js'

/** @typedef {import('./numbers.js').Figure} Figure */
/** @typedef {{right: string, said: string, n: number}} Said */
/**
 * @typedef {{control: string, judged_by: string, right: Figure, confusion: Said[], dawid_skene: {accuracy: Figure} | null,
 *   mixed_up: {pair: [string, string] | null, reason?: string}, says: string | null}} Errors what a person says where what is right
 */
/**
 * @typedef {{id: number, name: string, items: number, skipped: number, skip_rate: Figure, time: import('./numbers.js').Times, with_others: Figure, with_consensus: Figure,
 *   with_each: (Figure & {person: number, name: string})[], gold: Figure, attention: Figure, warm_up: Figure, themselves: Figure, paused: unknown, discarded: string | null,
 *   labels: Errors[], errs: string[]}} PersonRow
 */
/**
 * @typedef {{control: string, type: string, agreement: Figure, reason?: string, labels: (Figure & {label: string})[], confusion: {a: string, b: string, n: number}[],
 *   coefficients: {percent: Figure, cohen: Figure, fleiss: Figure, krippendorff: Figure & {level: string}} | null}} Control
 */
/**
 * @typedef {{made_at: string, progress: import('./progress.js').Progress & {gold: number}, throughput: {day: string, items: number, skipped: number, people: number}[],
 *   forecast: {missing: number, pace_per_day: Figure, over_days: number, days: number | null, date: string | null, early: string | null, late: string | null, reason?: string, formula: string},
 *   agreement: Control[], people: PersonRow[]}} Report
 */
/** @typedef {{hourly_rate: number, currency: string, hours: number | null, cost: number | null, per_answer: number | null, finished: number, per_finished: number | null, left: number | null}} Cost */
/** @typedef {{report: Report | null, made_at: string | null, job: number | null, tables?: import('./report-table.js').Table[], cost?: Cost}} Answer `tables`, `cost`: only if asked for */
/** @typedef {{state: string, progress: {done: number, total: number | null}, problems: import('../app/api.js').Problem[]}} Job */

/** A report is a large answer and costs a job: it is not asked for with every refresh. */
const OFTEN_MS = 30_000

/** @type {{path: string, at: number, answer: Answer} | null} */
let kept = null

/**
 * @param {string} path of the project @param {AbortSignal} signal @param {{now?: boolean, tables?: boolean}} [options] now: ask the server whatever is known
 * @returns {Promise<Answer>} Throws ApiError.
 */
export async function newestReport(path, signal, { now = false, tables = false } = {}) {
  const enough = kept?.path === path && (!tables || kept.answer.tables || !kept.answer.report)
  if (!now && kept && enough && !kept.answer.job && Date.now() - kept.at < OFTEN_MS) return kept.answer
  const answer = await api.get(`${path}/report${tables ? '?tables=yes' : ''}`, { signal })
  kept = { path, at: Date.now(), answer }
  return answer
}

/** The same, for pages that do without it. @param {string} path @param {AbortSignal} signal @returns {Promise<Report | null>} */
export const loadReport = async (path, signal) => (await attempt(() => newestReport(path, signal))).value?.report ?? null
