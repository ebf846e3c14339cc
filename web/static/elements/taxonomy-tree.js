/**
 * The tree of a Taxonomy as a flat list in the order of the config, made when it is first opened: a hundred thousand nodes are searched
 * and folded with one walk over it. What only rows in sight need (path, texts from the root) is made when it is asked for. Pure.
 *
 * @typedef {{value?: string, stored: string, text?: any, alias?: string, hint?: string, color?: string, children?: Item[]}} Item
 */

/** @param {Item} item */
const textOf = (item) => String(item.text ?? item.value ?? item.stored)

export class Node {
  /** @param {Item} item @param {number} at place in the list @param {Node | null} above @param {number} place among its siblings, from 1 @param {number} siblings how many there are, itself included @param {string} separator */
  constructor(item, at, above, place, siblings, separator) {
    this.item = item
    this.at = at
    this.above = above
    this.place = place
    this.siblings = siblings
    this.separator = separator
    /** place in the list after everything beneath */
    this.end = at + 1
    /** from 1 @type {number} */
    this.level = above ? above.level + 1 : 1
    this.text = textOf(item)
    /** what is looked for in: its text and alias, lower case */
    this.low = (item.alias && item.alias !== this.text ? `${this.text} ${item.alias}` : this.text).toLowerCase()
  }

  /** place of the node above; -1: none */
  get parent() {
    return this.above?.at ?? -1
  }

  /** stored names from the root @returns {string[]} */
  get path() {
    return this.#line().map((node) => node.item.stored)
  }

  /** texts from the root */
  get full() {
    return this.#line().map((node) => node.text).join(this.separator)
  }

  get hint() {
    return this.item.hint ?? ''
  }

  get color() {
    return this.item.color ?? ''
  }

  #line() {
    /** @type {Node[]} */
    const line = []
    for (let node = /** @type {Node | null} */ (this); node; node = node.above) line.unshift(node)
    return line
  }
}

/** @param {readonly Item[]} options @param {string} separator between the texts of a path @returns {Node[]} */
export function flatten(options, separator = ' / ') {
  /** @type {Node[]} */
  const nodes = []
  // A stack of its own: trees from data may be deeper than the language's.
  /** @type {{items: readonly Item[], next: number, above: Node | null}[]} */
  const open = [{ items: options, next: 0, above: null }]
  for (let top = open.at(-1); top; top = open.at(-1)) {
    if (top.next === top.items.length) {
      if (top.above) top.above.end = nodes.length
      open.pop()
      continue
    }
    const item = top.items[top.next++]
    const node = new Node(item, nodes.length, top.above, top.next, top.items.length, separator)
    nodes.push(node)
    if (item.children?.length) open.push({ items: item.children, next: 0, above: node })
  }
  return nodes
}

/** The items of a path, without the list; fewer where the tree does not have it. @param {readonly Item[]} options @param {readonly string[]} path stored names @returns {Item[]} */
export function along(options, path) {
  const found = []
  let beneath = options
  for (const step of path) {
    const item = beneath.find((one) => one.stored === step)
    if (!item) break
    found.push(item)
    beneath = item.children ?? []
  }
  return found
}

/** Texts of a path, its stored names where the tree does not have it. @param {readonly Item[]} options @param {readonly string[]} path @returns {string[]} */
export function textsAlong(options, path) {
  const items = along(options, path)
  return path.map((step, at) => (items[at] ? textOf(items[at]) : step))
}

/** Whether any node has a colour. @param {readonly Item[]} options @returns {boolean} */
export function anyColour(options) {
  const open = [...options]
  for (let item = open.pop(); item; item = open.pop()) {
    if (item.color) return true
    if (item.children) for (const child of item.children) open.push(child)
  }
  return false
}

/** @param {Node} node */
export const isBranch = (node) => node.end > node.at + 1

/** Nodes whose parents are all open, in order. @param {Node[]} nodes @param {ReadonlySet<number>} open places @returns {Node[]} */
export function unfolded(nodes, open) {
  const shown = []
  for (let at = 0; at < nodes.length; at = isBranch(nodes[at]) && !open.has(at) ? nodes[at].end : at + 1) shown.push(nodes[at])
  return shown
}

const MOST_WORDS = 30 // of a query: each has a bit

/** Nodes in whose path every word of a query stands, in the node itself or above it. @param {Node[]} nodes @param {string} query @returns {Node[]} */
export function found(nodes, query) {
  const words = query.toLowerCase().split(/\s+/).filter((word) => /[^/>\\|·›»]/.test(word)).slice(0, MOST_WORDS)
  if (!words.length) return []
  const all = 2 ** words.length - 1
  const seen = new Int32Array(nodes.length) // which words stand in each node or above it
  /** @type {Node[]} */
  const rows = []
  for (const node of nodes) {
    let bits = node.above ? seen[node.above.at] : 0
    if (bits !== all) for (let at = 0; at < words.length; at++) if (!(bits & (1 << at)) && node.low.includes(words[at])) bits |= 1 << at
    seen[node.at] = bits
    if (bits === all) rows.push(node)
  }
  return rows
}

/** What a key does in a tree (WAI-ARIA's tree pattern): the row that gets the cursor, and a branch to open or close.
 * @param {Node[]} rows in sight @param {number} at place in `rows` @param {string} key @param {ReadonlySet<number>} open
 * @param {number} page rows of a page @param {boolean} [rtl] branches open to the left
 * @returns {{at: number, open?: number, close?: number} | null} */
export function keyed(rows, at, key, open, page, rtl = false) {
  const last = rows.length - 1
  const node = rows[at]
  const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -rows.length, End: rows.length }[key]
  if (step) return { at: Math.min(Math.max(at + step, 0), last) }
  if (!node) return null
  const [into, out] = rtl ? ['ArrowLeft', 'ArrowRight'] : ['ArrowRight', 'ArrowLeft']
  if (key === into && isBranch(node)) return open.has(node.at) ? { at: Math.min(at + 1, last) } : { at, open: node.at }
  if (key === out && isBranch(node) && open.has(node.at)) return { at, close: node.at }
  if (key === out && node.parent >= 0) return { at: Math.max(rows.findIndex((row) => row.at === node.parent), 0) }
  return null
}
