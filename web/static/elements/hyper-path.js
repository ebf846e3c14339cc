/**
 * Where a hyperspan stands in a document: paths of text nodes as Label Studio writes them (`/div[1]/p[2]/text()[1]`) and offsets over the
 * whole text. Works on anything that has `childNodes`, `nodeName`, `nodeType` and `data`. Pure.
 *
 * @typedef {{nodeType: number, nodeName: string, childNodes: ArrayLike<any>, data?: string}} AnyNode
 */

const ELEMENT = 1
const TEXT = 3

/** The node at a path below a root, or null. @param {AnyNode} root @param {string} path */
export function nodeAt(root, path) {
  /** @type {any} */
  let node = root
  for (const step of path.split('/').filter(Boolean)) {
    const parsed = /^(text\(\)|[\w:-]+)(?:\[(\d+)\])?$/.exec(step)
    if (!parsed) return null
    const [, name, place] = parsed
    let left = Number(place ?? 1)
    node = Array.from(node.childNodes).find((/** @type {AnyNode} */ child) => {
      const fits = name === 'text()' ? child.nodeType === TEXT : child.nodeType === ELEMENT && child.nodeName.toLowerCase() === name.toLowerCase()
      return fits && --left === 0
    })
    if (!node) return null
  }
  return node === root ? null : node
}

/** All text nodes below a root with where they begin. @param {AnyNode} root @returns {{node: any, start: number, end: number}[]} */
export function textNodes(root) {
  /** @type {{node: any, start: number, end: number}[]} */
  const found = []
  let at = 0
  const walk = (/** @type {AnyNode} */ node) => {
    if (node.nodeType === TEXT) {
      const end = at + (node.data ?? '').length
      found.push({ node, start: at, end })
      at = end
    } else for (const child of Array.from(node.childNodes)) walk(child)
  }
  walk(root)
  return found
}

/** The end points of a hyperspan, by its paths, else by its offsets over the whole text; null where neither fits.
 * @param {AnyNode} root @param {{start?: string, end?: string, startOffset?: number, endOffset?: number, globalOffsets?: {start: number, end: number} | null}} shape
 * @returns {{from: any, fromOffset: number, to: any, toOffset: number} | null} */
export function hyperEnds(root, shape) {
  const from = shape.start ? nodeAt(root, shape.start) : null
  const to = shape.end ? nodeAt(root, shape.end) : null
  const [fromOffset, toOffset] = [shape.startOffset ?? 0, shape.endOffset ?? 0]
  if (from?.nodeType === TEXT && to?.nodeType === TEXT && fromOffset <= from.data.length && toOffset <= to.data.length) return { from, fromOffset, to, toOffset }
  const whole = shape.globalOffsets
  if (!whole) return null
  const nodes = textNodes(root)
  const first = nodes.find(({ end }) => end > whole.start)
  const last = nodes.find(({ end }) => end >= whole.end)
  return first && last && whole.end > whole.start ? { from: first.node, fromOffset: whole.start - first.start, to: last.node, toOffset: whole.end - last.start } : null
}
