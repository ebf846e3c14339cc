/** Texts of the interface in the person's language. The English text is the key (docs/contracts.md, section 10). */

/** @typedef {string | Partial<Record<Intl.LDMLPluralRule, string>>} Entry a text, or one per plural form of `n` */

let language = 'en'
/** @type {Record<string, Entry>} */
let catalogue = {}

/** @param {string} name BCP 47 @param {Record<string, Entry>} entries by English text */
export function useTexts(name, entries) {
  language = name
  catalogue = entries
}

/**
 * @param {string} text English, with `{name}` where values stand
 * @param {Record<string, string | number>} [values] `n` chooses the plural form; numbers are written in the language's way
 */
export function t(text, values) {
  const entry = Object.hasOwn(catalogue, text) ? catalogue[text] : text
  const form = typeof entry === 'string' ? entry : (entry[new Intl.PluralRules(language).select(Number(values?.n ?? 0))] ?? entry.other ?? text)
  if (!values) return form
  return form.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name]
    return value === undefined ? whole : typeof value === 'number' ? value.toLocaleString(language) : value
  })
}
