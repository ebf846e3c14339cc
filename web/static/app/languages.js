/** Which language the interface speaks. English is part of every page; another one is fetched before the first page opens. */
import { isolate, t, useTexts } from './texts.js'

const KEPT = 'labelkite-language'

/** `locale`: how numbers and dates are written, where that is more than the language: digits stay those of the data and of the keys.
 * @type {Record<string, {name: string, dir: 'ltr' | 'rtl', locale?: string, load?: () => Promise<{default: import('../texts/types.js').Catalogue}>}>} names as their speakers write them */
export const LANGUAGES = {
  en: { name: 'English', dir: 'ltr' },
  ar: { name: 'العربية', dir: 'rtl', locale: 'ar-u-nu-latn', load: () => import('../texts/ar.json') },
}

/** The one chosen in this browser, else the first of the browser's that there is. @param {readonly string[]} [wanted] BCP 47 */
export function chosenLanguage(wanted = navigator.languages) {
  const kept = localStorage.getItem(KEPT)
  if (kept && Object.hasOwn(LANGUAGES, kept)) return kept
  return wanted.map((name) => name.split('-')[0]).find((name) => Object.hasOwn(LANGUAGES, name)) ?? 'en'
}

/** Pages are drawn anew in it: what is on the way is kept in this browser. @param {string} name */
export function chooseLanguage(name) {
  localStorage.setItem(KEPT, name)
  location.reload()
}

/** Fetches the texts; where they cannot be had the page speaks English. */
export async function startLanguage() {
  const name = chosenLanguage()
  const { load, dir, locale = name } = LANGUAGES[name]
  if (!load) return
  try {
    const [{ default: catalogue }, { translator }] = await Promise.all([load(), import('./said.js'), dir === 'rtl' && import('./right-to-left.js')])
    const rtl = dir === 'rtl'
    useTexts(locale, catalogue.interface, translator(catalogue.said, rtl ? isolate : undefined), rtl)
  } catch (error) {
    console.warn(`labelkite: no texts in ${name}:`, error)
    return
  }
  document.documentElement.lang = name
  document.documentElement.dir = dir
  document.documentElement.style.setProperty('--required', JSON.stringify(` · ${t('required')}`)) // a word that a style sheet writes
}
