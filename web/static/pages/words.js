/** Numbers, times and states in words, the same on every owner's page. */
import { locale, t, told } from '../app/texts.js'

const whole = new Intl.NumberFormat('en')
/** English dates are written as in Britain: the day goes first. */
const dated = () => (locale() === 'en' ? 'en-GB' : locale())
const days = () => new Intl.DateTimeFormat(dated(), { day: 'numeric', month: 'short', year: 'numeric' })
const moments = () => new Intl.DateTimeFormat(dated(), { dateStyle: 'medium', timeStyle: 'short' })

/** @typedef {"new" | "working" | "agreed" | "disagree" | "verified" | "dropped"} TaskState */

/**
 * What people call the states of a task. `shape` goes beside the colour, so that no state is told by colour alone.
 * @type {Record<TaskState, {word: string, several: string, shape: string, tone: string, means: string}>}
 */
export const STATES = {
  verified: { word: 'Verified', several: 'verified', shape: '✔', tone: 'good', means: 'a reviewer has decided what is right' },
  agreed: { word: 'Agreed', several: 'agreed', shape: '●', tone: 'good', means: 'enough people answered and they agree' },
  disagree: { word: 'Disagrees', several: 'disagree', shape: '▲', tone: 'attention', means: 'enough people answered, but they differ' },
  working: { word: 'In work', several: 'in work', shape: '◐', tone: 'info', means: 'some people answered, more are needed' },
  dropped: { word: 'Dropped', several: 'dropped', shape: '✕', tone: 'quiet', means: 'somebody skipped it, so nobody gets it any more' },
  new: { word: 'Waiting', several: 'waiting', shape: '○', tone: 'quiet', means: 'nobody has answered yet' },
}

/** The order in which states are listed and drawn. @type {TaskState[]} */
export const STATE_ORDER = ['verified', 'agreed', 'disagree', 'dropped', 'working', 'new']

/** @type {TaskState[]} */
const RARE = ['verified', 'dropped']

/** The states to list: that nothing is verified or dropped is said only where that happens. @param {Record<TaskState, number>} progress */
export const statesOf = (progress) => STATE_ORDER.filter((state) => !RARE.includes(state) || progress[state] > 0)

/**
 * A problem as one sentence: "This region is locked: unlock it first".
 * @param {{message: string, hint?: string}} problem
 */
export function sentence({ message, hint }) {
  const [given, way] = [told(message), told(hint)]
  const said = given.charAt(0).toUpperCase() + given.slice(1)
  if (!way) return said
  return /[.!?؟]$/.test(said) ? `${said} ${way.charAt(0).toUpperCase()}${way.slice(1)}` : `${said}: ${way}`
}

/** @param {number} n */
export const number = (n) => whole.format(n)

/**
 * "1 task", "1,204 tasks".
 * @param {number} n @param {string} one @param {string} [many]
 */
export const counted = (n, one, many = `${one}s`) => `${whole.format(n)} ${n === 1 ? one : many}`

/**
 * Agreement from 0 to 1 with two digits; a dash where it is not defined.
 * @param {number | null | undefined} value
 */
export const score = (value) => (typeof value === 'number' ? value.toFixed(2) : '–')

/**
 * File sizes with decimal units, as file managers show them.
 * @param {number} n
 */
export function bytes(n) {
  if (n < 1000) return `${n} B`
  const units = ['kB', 'MB', 'GB', 'TB']
  let unit = -1
  let value = n
  do {
    value /= 1000
    unit += 1
  } while (value >= 999.5 && unit < units.length - 1)
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
}

/**
 * "2 min ago"; older than two days, the day.
 * @param {string | undefined | null} iso @param {number} [now] ms since 1970
 */
export function ago(iso, now = Date.now()) {
  const then = iso ? Date.parse(iso) : NaN
  if (Number.isNaN(then)) return '–'
  const seconds = Math.round((now - then) / 1000) // a clock that is a little ahead gives a time to come: "just now"
  if (seconds < 10) return t('just now')
  if (seconds < 60) return t('{n} s ago', { n: seconds })
  if (seconds < 3600) return t('{n} min ago', { n: Math.round(seconds / 60) })
  if (seconds < 48 * 3600) return t('{n} h ago', { n: Math.round(seconds / 3600) })
  return days().format(then)
}

/** @param {string | undefined | null} iso */
export const date = (iso) => (iso && !Number.isNaN(Date.parse(iso)) ? days().format(Date.parse(iso)) : '–')

/** Date and time, for titles. @param {string | undefined | null} iso */
export const exactly = (iso) => (iso && !Number.isNaN(Date.parse(iso)) ? moments().format(Date.parse(iso)) : '')

/**
 * "41 s", "3 min 20 s".
 * @param {number | null | undefined} seconds
 */
export function duration(seconds) {
  if (typeof seconds !== 'number' || !Number.isFinite(seconds)) return '–'
  const s = Math.round(seconds)
  if (s < 60) return t('{seconds} s', { seconds: s })
  if (s < 3600) return t('{minutes} min {seconds} s', { minutes: Math.floor(s / 60), seconds: s % 60 })
  return t('{hours} h {minutes} min', { hours: Math.floor(s / 3600), minutes: Math.round((s % 3600) / 60) })
}

/**
 * "Ana", "Ana and Li", "Ana, Li and Omar".
 * @param {string[]} names
 */
export function listed(names) {
  if (names.length < 2) return names[0] ?? ''
  return `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`
}

/**
 * A file name that every system takes, from a project's title.
 * @param {string} title
 */
export function fileName(title) {
  const plain = title
    .normalize('NFKD')
    .replace(/[^\w\s-]/g, '')
    .trim()
    .replace(/[\s_]+/g, '-')
    .toLowerCase()
  return plain || 'project'
}
