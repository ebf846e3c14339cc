/**
 * Where a hyperspan stands in a document: paths of text nodes as Label Studio writes them (`/div[1]/p[2]/text()[1]`) and offsets over the
 * whole text, both in code points; places here are in UTF-16 units. Works on anything that has `childNodes`, `nodeName`, `nodeType` and
 * `data`. Pure.
 *
 * @typedef {{nodeType: number, nodeName: string, childNodes: ArrayLike<any>, data?: string}} AnyNode
 * @typedef {{node: any, start: number, end: number, path: string, breaks: boolean}} TextNode start, end: in the whole text; breaks: a line or cell begins here
 */

const ELEMENT = 1
const TEXT = 3
/** Elements that stand in a line of text; all others begin and end one. */
const IN_LINE = new Set(['a', 'abbr', 'b', 'bdi', 'bdo', 'big', 'cite', 'code', 'data', 'del', 'dfn', 'em', 'font', 'i', 'ins', 'kbd', 'label', 'mark', 'q', 'ruby', 's', 'samp', 'small', 'span', 'strike', 'strong', 'sub', 'sup', 'time', 'tt', 'u', 'var', 'wbr', 'img'])
const PAIR = /[\ud800-\udbff][\udc00-\udfff]/

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

/** All text nodes below a root, in order. @param {AnyNode} root @returns {TextNode[]} */
export function textNodes(root) {
  /** @type {TextNode[]} */
  const found = []
  let at = 0
  let breaks = true
  const walk = (/** @type {AnyNode} */ parent, /** @type {string} */ path) => {
    /** @type {Map<string, number>} */
    const counts = new Map()
    for (const node of Array.from(parent.childNodes)) {
      const name = node.nodeType === TEXT ? 'text()' : node.nodeType === ELEMENT ? node.nodeName.toLowerCase() : ''
      if (!name) continue
      const place = (counts.get(name) ?? 0) + 1
      counts.set(name, place)
      const here = `${path}/${name}[${place}]`
      if (node.nodeType === TEXT) {
        const end = at + (node.data ?? '').length
        found.push({ node, start: at, end, path: here, breaks })
        if (end > at) breaks = false
        at = end
        continue
      }
      const line = !IN_LINE.has(name)
      breaks ||= line
      walk(node, here)
      breaks ||= line
    }
  }
  walk(root, '')
  return found
}

/** @param {string} text @param {number} points code points @returns {number} UTF-16 units */
export function unitsOf(text, points) {
  if (!PAIR.test(text)) return points
  let units = 0
  for (const sign of text) {
    if (points-- <= 0) break
    units += sign.length
  }
  return units + Math.max(0, points)
}

/** The end points of a hyperspan, by its paths, else by its offsets over the whole text; null where neither fits.
 * @param {AnyNode} root @param {{start?: string, end?: string, startOffset?: number, endOffset?: number, globalOffsets?: {start: number, end: number} | null}} shape
 * @param {() => TextNode[]} [nodes] of the root, where they are known
 * @returns {{from: any, fromOffset: number, to: any, toOffset: number} | null} offsets in UTF-16 units of the nodes */
export function hyperEnds(root, shape, nodes = () => textNodes(root)) {
  const from = shape.start ? nodeAt(root, shape.start) : null
  const to = shape.end ? nodeAt(root, shape.end) : null
  if (from?.nodeType === TEXT && to?.nodeType === TEXT) {
    const [fromOffset, toOffset] = [unitsOf(from.data, shape.startOffset ?? 0), unitsOf(to.data, shape.endOffset ?? 0)]
    if (fromOffset <= from.data.length && toOffset <= to.data.length) return { from, fromOffset, to, toOffset }
  }
  if (!shape.globalOffsets) return null
  const all = nodes()
  const text = all.map(({ node }) => node.data ?? '').join('')
  const [start, end] = [unitsOf(text, shape.globalOffsets.start), unitsOf(text, shape.globalOffsets.end)]
  const first = all.find((one) => one.end > start)
  const last = all.find((one) => one.end >= end)
  return first && last && end > start ? { from: first.node, fromOffset: start - first.start, to: last.node, toOffset: end - last.start } : null
}
