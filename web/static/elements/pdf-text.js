import { around } from './pdf-shapes.js'

/**
 * The text of PDF pages as the library lays it over them: what was selected, what a box holds.
 *
 * @typedef {import('./document-text.js').DocumentText} DocumentText
 * @typedef {import('./hyper-path.js').TextNode} TextNode
 */

/** A line of the page ends after a node. @param {TextNode} node */
const endsLine = ({ node }) => node.parentElement?.nextElementSibling?.localName === 'br'

/** @param {Node} node @returns {HTMLElement | null} */
export const pageOf = (node) => (node instanceof Element ? node : node.parentElement)?.closest('.pdf-page') ?? null

/** Words as a person would type them: lines stay lines, blanks are single. @param {string} text */
const tidied = (text) => text.split('\n').map((line) => line.replace(/\s+/g, ' ').trim()).filter(Boolean).join('\n')

/** The text of a part, with its line ends. @param {DocumentText} text @param {number} start @param {number} end */
export function quoted(text, start, end) {
  let said = ''
  for (const node of text.nodes) {
    if (node.end <= start || node.start >= end) continue
    said += text.text.slice(Math.max(start, node.start), Math.min(end, node.end))
    if (endsLine(node) && node.end < end) said += '\n'
  }
  return tidied(said)
}

/** What is selected, as one box per page with its words. @param {DocumentText} text @param {number} start @param {number} end
 * @returns {import('./pdf-shapes.js').PageBox[]} */
export function boxesOf(text, start, end) {
  /** @type {Map<HTMLElement, {from: number, to: number}>} */
  const pages = new Map()
  for (const node of text.nodes) {
    if (node.end <= start || node.start >= end) continue
    const page = pageOf(node.node)
    if (!page) continue
    const [from, to] = [Math.max(start, node.start), Math.min(end, node.end)]
    const known = pages.get(page)
    if (known) known.to = to
    else pages.set(page, { from, to })
  }
  return [...pages].flatMap(([page, { from, to }]) => {
    const box = around(text.boxes(from, to), page.getBoundingClientRect())
    const ocrtext = quoted(text, from, to)
    return box && ocrtext ? [{ ...box, rotation: 0, pageIndex: Number(page.dataset.page), ocrtext }] : []
  })
}

/** The words on a page whose middle is inside. @param {DocumentText} text @param {HTMLElement} page @param {(x: number, y: number) => boolean} inside fractions of the page */
export function wordsIn(text, page, inside) {
  const frame = page.getBoundingClientRect()
  const range = document.createRange()
  const middle = (/** @type {DOMRect} */ box) => inside((box.left + box.width / 2 - frame.left) / frame.width, (box.top + box.height / 2 - frame.top) / frame.height)
  let said = ''
  let gap = '' // between the last word that counts and the next one
  for (const node of text.nodes) {
    if (pageOf(node.node) !== page) continue
    let at = 0
    for (const found of node.node.data.matchAll(/\S+/g)) {
      if (found.index > at) gap ||= ' '
      at = found.index + found[0].length
      range.setStart(node.node, found.index)
      range.setEnd(node.node, at)
      if (!middle(range.getBoundingClientRect())) {
        if (said) gap ||= ' '
        continue
      }
      said += said ? gap + found[0] : found[0]
      gap = ''
    }
    if (at < node.node.data.length) gap ||= ' '
    if (endsLine(node)) gap = '\n'
  }
  return said
}
