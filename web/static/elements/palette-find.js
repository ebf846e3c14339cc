/** Finds by a few letters: those of a word's beginnings count most. Pure. */

/**
 * How well a text fits what is looked for: every letter must be there, in this order; each word of the query on its own. The higher the
 * better, -1: not at all.
 * @param {string} query in small letters @param {string} text in small letters
 */
export function fit(query, text) {
  let sum = 0
  for (const word of query.split(/\s+/)) {
    if (!word) continue
    const one = fitWord(word, text)
    if (one < 0) return -1
    sum += one
  }
  return sum
}

/** @param {string} word @param {string} text */
function fitWord(word, text) {
  const whole = text.indexOf(word)
  if (whole >= 0) return 100 - Math.min(whole, 40) + (starts(text, whole) ? 50 : 0) + (word.length === text.length ? 50 : 0)
  let sum = 0
  let at = -1
  for (const letter of word) {
    // The next beginning of a word with this letter is better than the next such letter; the first one begins a word.
    let next = text.indexOf(letter, at + 1)
    for (let other = next; other >= 0 && (next !== at + 1 || at < 0); other = text.indexOf(letter, other + 1)) {
      if (!starts(text, other)) continue
      next = other
      break
    }
    if (next < 0 || (at < 0 && !starts(text, next))) return -1
    sum += starts(text, next) ? 8 : next === at + 1 ? 5 : 0
    at = next
  }
  return sum >= word.length * 4 ? sum : -1 // letters strewn about are no find
}

/** Whether a word begins at a place. @param {string} text @param {number} at */
const starts = (text, at) => at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1])

/**
 * The best that fit, best first; equal ones in their order.
 * @template T @param {string} query @param {readonly T[]} items @param {(item: T) => string} textOf in small letters @param {number} most @returns {T[]}
 */
export function best(query, items, textOf, most) {
  const wanted = query.trim().toLowerCase()
  if (!wanted) return items.slice(0, most)
  const found = items.flatMap((item, at) => {
    const score = fit(wanted, textOf(item))
    return score < 0 ? [] : [{ item, score, at }]
  })
  return found.sort((a, b) => b.score - a.score || a.at - b.at).slice(0, most).map(({ item }) => item)
}
