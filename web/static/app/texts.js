/** Texts of the interface in the person's language. The English text is the key (docs/contracts.md, section 10). */
import { PLURALS } from '../texts/english.js'

/**
 * @typedef {string | Partial<Record<Intl.LDMLPluralRule, string>>} Entry a text, or one per plural form of `n`
 * @typedef {Record<string, string | number>} Values numbers are written in the language's way
 */

let language = 'en'
/** @type {Record<string, Entry>} */
let catalogue = PLURALS
let translate = (/** @type {string} */ text) => text
let isolated = (/** @type {string} */ value) => value
const MARK = /\{(\w+)\}/

/** Keeps names, paths and keys in their own direction inside a sentence of the other one (Unicode FSI … PDI). @param {string} value */
export const isolate = (value) => `\u2068${value}\u2069`

/** @param {string} name BCP 47 @param {Record<string, Entry>} entries by English text @param {(text: string) => string} said what the engine and the server say, in that language
 * @param {boolean} [rtl] written from right to left */
export function useTexts(name, entries, said, rtl = false) {
  language = name
  catalogue = entries
  translate = said
  isolated = rtl ? isolate : (value) => value
}

/** The language of the interface, for numbers and dates. */
export const locale = () => language

/** @param {string} text @param {Record<string, unknown>} [values] */
function form(text, values) {
  const entry = Object.hasOwn(catalogue, text) ? catalogue[text] : text
  return typeof entry === 'string' ? entry : (entry[new Intl.PluralRules(language).select(Number(values?.n ?? 0))] ?? entry.other ?? text)
}

/** @param {unknown} value */
const shown = (value) => (typeof value === 'number' ? value.toLocaleString(language) : typeof value === 'string' ? isolated(value) : value)

/** @param {string} text English, with `{name}` where values stand; `n` chooses the plural form @param {Values} [values] */
export function t(text, values) {
  const found = form(text, values)
  return values ? found.replace(new RegExp(MARK, 'g'), (whole, name) => (Object.hasOwn(values, name) ? String(shown(values[name])) : whole)) : found
}

/** As `t`, for a template: values may be templates too. @param {string} text @param {Record<string, unknown>} values @returns {unknown[]} */
export const rich = (text, values) => form(text, values).split(MARK).map((part, at) => (at % 2 ? shown(values[part]) : part))

/** A message of the engine or the server. @param {string | undefined} text */
export const told = (text) => (text ? translate(text) : '')

/** Marks a text that stands in a table, for the catalogue; where it is shown it goes through `t`. @template {string} T @param {T} english @returns {T} */
export const text = (english) => english
