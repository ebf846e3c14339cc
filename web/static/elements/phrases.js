import { t, text } from '../app/texts.js'
import { having } from './looked-for.js'

/** What a conversation looks like: colours of its authors, times. Pure. */

const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#a6761d', '#7f7f7f']

/** A colour for each author, in the order in which they speak. @param {{author?: string}[]} phrases @returns {Map<string, {color: string, place: number}>} */
export function authors(phrases) {
  /** @type {Map<string, {color: string, place: number}>} */
  const found = new Map()
  for (const { author } of phrases) if (author && !found.has(author)) found.set(author, { color: COLOURS[found.size % COLOURS.length], place: found.size })
  return found
}

/** Seconds as people read them: 0:07, 12:30, 1:02:03. @param {number} seconds */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds))
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60]
  return h ? `${h}:${String(m).padStart(2, '0')}:${String(s).padStart(2, '0')}` : `${m}:${String(s).padStart(2, '0')}`
}

/** The phrase that is heard at a time: the last that has begun and has not ended; -1: none. @param {{start?: number, end?: number}[]} phrases in any order @param {number} time seconds */
export function phraseAt(phrases, time) {
  let found = -1
  phrases.forEach(({ start, end }, at) => {
    if (start === undefined || start > time + 0.01 || (end !== undefined && end <= time)) return
    if (found < 0 || start >= (phrases[found].start ?? 0)) found = at
  })
  return found
}

/** Which phrases are looked for: those of an author (empty: of everybody) that have all the words. @param {{author?: string, text: string}[]} phrases @param {string} author @param {string} words @returns {boolean[]} */
export function wanted(phrases, author, words) {
  const fits = having(words)
  return phrases.map((phrase) => (!author || phrase.author === author) && fits(`${phrase.author ?? ''} ${phrase.text}`))
}

const ROLES = /** @type {Record<string, string>} */ ({ user: text('User'), assistant: text('Assistant'), system: text('System'), tool: text('Tool'), developer: text('Developer') })

/** @param {string} role */
export const roleName = (role) => (Object.hasOwn(ROLES, role) ? t(ROLES[role]) : role)
