/** Long texts are laid out in chunks, so that the browser works on those that can be seen only. Offsets are UTF-16. Pure. */

const TARGET = 2000 // what the browser lays out within a frame
const LONGEST = 16000
const ENDLESS = 4 // times LONGEST: no paragraph, a file without line ends

/**
 * Cuts after line ends; a line longer than LONGEST is cut after a space, never inside a surrogate pair. One that has no end is cut small: it looks broken anyway.
 * @param {string} text
 * @returns {{start: number, end: number}[]} they join to the whole text; one empty chunk for an empty text
 */
export function chunks(text, target = TARGET, longest = LONGEST) {
  /** @type {{start: number, end: number}[]} */
  const found = []
  let start = 0
  while (text.length - start > target) {
    const line = text.indexOf('\n', start + target - 1)
    let end = line < 0 ? text.length : line + 1
    if (end - start > longest) {
      const most = end - start > ENDLESS * longest ? Math.min(2 * target, longest) : longest
      const space = text.lastIndexOf(' ', start + most - 1)
      end = space > start ? space + 1 : start + most
      const code = text.charCodeAt(end - 1)
      if (code >= 0xd800 && code <= 0xdbff) end--
    }
    found.push({ start, end })
    start = end
  }
  if (start < text.length || !found.length) found.push({ start, end: text.length })
  return found
}

/** Which chunk has an offset; the end of the text belongs to the last one. @param {{start: number, end: number}[]} list @param {number} offset */
export function chunkAt(list, offset) {
  let low = 0
  let high = list.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (list[middle].end <= offset) low = middle + 1
    else high = middle
  }
  return low
}

/** A guess at how many lines a chunk takes, for the scroll bar before it is laid out. @param {string} text @param {number} start @param {number} end @param {number} columns */
export function lineCount(text, start, end, columns = 80) {
  let lines = 0
  let at = start
  while (at < end) {
    let stop = text.indexOf('\n', at)
    if (stop < 0 || stop > end) stop = end
    lines += Math.max(1, Math.ceil((stop - at) / columns))
    at = stop + 1
  }
  return Math.max(1, lines)
}
