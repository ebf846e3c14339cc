/** Sentences of the engine and the server in another language: they come filled in, so they are recognised by their fixed words. */

/** @param {string} text */
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/**
 * @param {Record<string, string>} entries translation by English sentence, `{0}` … where something was filled in
 * @param {(value: string) => string} [isolated] what was filled in, as it stands in a sentence of that language
 * @returns {(text: string) => string} unknown sentences stay as they are
 */
export function translator(entries, isolated = (value) => value) {
  // The longest first: a sentence that is more exact goes before one that would fit as well.
  const known = Object.entries(entries).sort(([a], [b]) => b.replace(/\{\d+\}/g, '').length - a.replace(/\{\d+\}/g, '').length)
    .map(([english, other]) => ({ pattern: new RegExp(`^${english.split(/\{\d+\}/).map(escaped).join('([^]*?)')}$`, 'i'), other }))
  return (text) => {
    for (const { pattern, other } of known) {
      const parts = pattern.exec(text)
      if (parts) return other.replace(/\{(\d+)\}/g, (_, at) => isolated(parts[Number(at) + 1] ?? ''))
    }
    return text
  }
}
