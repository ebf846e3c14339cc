import { placeAt } from './dom-selection.js'

/**
 * The caret's way through a text whose pieces are laid out one by one (a PDF's), where the browser's own steps get lost: by letters and
 * words in the order of the text, by lines in the order of the page.
 *
 * @typedef {import('./document-text.js').DocumentText} DocumentText
 */

const REACH = 4 // line heights that an arrow looks for the next line

/** Letters and words: where one begins or ends after or before an offset. Pure.
 * @param {string} text @param {number} offset @param {1 | -1} way @param {'grapheme' | 'word'} unit */
export function stepped(text, offset, way, unit) {
  const near = 200 // UTF-16 units that are looked at
  const start = way > 0 ? offset : Math.max(0, offset - near)
  const borders = []
  for (const { index, segment, isWordLike } of new Intl.Segmenter(undefined, { granularity: unit }).segment(text.slice(start, way > 0 ? offset + near : offset))) {
    if (unit === 'word' && !isWordLike) continue
    borders.push(start + (way > 0 ? index + segment.length : index))
  }
  if (way > 0) return borders.find((border) => border > offset) ?? Math.min(text.length, offset + near)
  return borders.findLast((border) => border < offset) ?? Math.max(0, start)
}

/** Where a key takes the caret; null: not its key. @param {KeyboardEvent} event @param {DocumentText} text @param {number} offset @returns {number | null} */
export function moved(event, text, offset) {
  const held = event.ctrlKey || event.metaKey
  switch (event.key) {
    case 'ArrowLeft':
    case 'ArrowRight':
      return stepped(text.text, offset, event.key === 'ArrowRight' ? 1 : -1, held ? 'word' : 'grapheme')
    case 'ArrowUp':
    case 'ArrowDown':
      return lineFrom(text, offset, event.key === 'ArrowDown' ? 1 : -1)
    case 'Home':
    case 'End':
      return held ? (event.key === 'End' ? text.length : 0) : lineEnd(text, offset, event.key === 'End')
    default:
      return null
  }
}

/** The box of the letter at the caret. @param {DocumentText} text @param {number} offset @returns {DOMRect | undefined} */
function boxAt(text, offset) {
  return text.boxes(Math.min(offset, Math.max(0, text.length - 1)), Math.min(offset + 1, text.length))[0]
}

/** The same place a line up or down. @param {DocumentText} text @param {number} offset @param {1 | -1} way */
function lineFrom(text, offset, way) {
  const box = boxAt(text, offset)
  if (!box) return null
  for (let step = 1; step <= REACH * 2; step++) {
    const y = box.top + box.height / 2 + way * box.height * (0.5 + step / 2)
    const place = placeAt(document, box.left + 1, y)
    const found = place && text.has(place.node) ? text.offsetOf(place.node, place.offset) : null
    if (found !== null && found !== offset && (found - offset) * way > 0) return found
  }
  return way > 0 ? lineEnd(text, offset, true) : lineEnd(text, offset, false)
}

/** The first or last letter of the line. @param {DocumentText} text @param {number} offset @param {boolean} end */
function lineEnd(text, offset, end) {
  const box = boxAt(text, offset)
  if (!box) return offset
  let found = offset
  for (let at = offset; end ? at < text.length : at > 0; at += end ? 1 : -1) {
    const next = boxAt(text, end ? at : at - 1)
    if (next && Math.abs(next.top - box.top) > box.height / 2) break
    found = end ? at + 1 : at - 1
  }
  return found
}
