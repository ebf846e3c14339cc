/** Finds words in a text. Pure. Offsets are UTF-16. */

const MOST = 20_000

/**
 * @param {string} text @param {string} query blanks stand for any run of blanks and line ends
 * @param {{exact?: boolean, whole?: boolean}} how exact: capitals count; whole: no letter or digit stands before or after
 * @returns {{start: number, end: number}[]} in order, without overlaps
 */
export function findAll(text, query, { exact = false, whole = false } = {}) {
  const words = query.trim().split(/\s+/).filter(Boolean)
  if (!words.length) return []
  const body = words.map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('\\s+')
  const edge = '[\\p{L}\\p{N}\\p{M}_]'
  const pattern = new RegExp(whole ? `(?<!${edge})${body}(?!${edge})` : body, exact ? 'gu' : 'giu')
  const found = []
  for (const match of text.matchAll(pattern)) {
    found.push({ start: match.index, end: match.index + match[0].length })
    if (found.length >= MOST) break
  }
  return found
}

/** The first place from an offset on, the first of all after the last one. @param {readonly {start: number}[]} found @param {number} offset */
export function firstFrom(found, offset) {
  const at = found.findIndex(({ start }) => start >= offset)
  return at < 0 && found.length ? 0 : at
}
