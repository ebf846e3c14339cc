/**
 * The tree of a Taxonomy as a flat list in the order of the config, made once per task: ten thousand nodes are searched and folded
 * with one walk over it. Pure.
 *
 * @typedef {{value?: string, stored: string, text?: any, alias?: string, hint?: string, color?: string, children?: Item[]}} Item
 * @typedef {object} Node
 * @property {number} at place in the list
 * @property {string[]} path stored names from the root
 * @property {string} key JSON of the path
 * @property {string} text
 * @property {string} full texts from the root
 * @property {string} search what is looked for in: `full` and the aliases, lower case
 * @property {number} parent place in the list; -1: none
 * @property {number} end place after everything beneath
 * @property {number} level from 1
 * @property {number} place among its siblings, from 1
 * @property {number} siblings how many there are, itself included
 * @property {string} hint
 * @property {string} color
 */

/** @param {readonly Item[]} options @param {string} separator between the texts of a path @returns {Node[]} */
export function flatten(options, separator = ' / ') {
  /** @type {Node[]} */
  const nodes = []
  // A stack of its own: trees from data may be deeper than the language's.
  /** @type {{items: readonly Item[], next: number, above: number}[]} */
  const open = [{ items: options, next: 0, above: -1 }]
  for (let top = open.at(-1); top; top = open.at(-1)) {
    if (top.next === top.items.length) {
      if (top.above >= 0) nodes[top.above].end = nodes.length
      open.pop()
      continue
    }
    const item = top.items[top.next++]
    const above = nodes[top.above]
    const text = String(item.text ?? item.value ?? item.stored)
    const path = [...(above?.path ?? []), item.stored]
    const full = above ? above.full + separator + text : text
    const at = nodes.length
    const alias = item.alias && item.alias !== text ? ` ${item.alias}` : ''
    nodes.push({
      at, path, key: JSON.stringify(path), text, full, search: `${above ? `${above.search} ` : ''}${text}${alias}`.toLowerCase(), parent: top.above, end: at + 1, level: open.length,
      place: top.next, siblings: top.items.length, hint: item.hint ?? '', color: item.color ?? '',
    })
    if (item.children?.length) open.push({ items: item.children, next: 0, above: at })
  }
  return nodes
}

/** @param {Node} node */
export const isBranch = (node) => node.end > node.at + 1

/** Nodes whose parents are all open, in order. @param {Node[]} nodes @param {ReadonlySet<number>} open places @returns {Node[]} */
export function unfolded(nodes, open) {
  const shown = []
  for (let at = 0; at < nodes.length; at = isBranch(nodes[at]) && !open.has(at) ? nodes[at].end : at + 1) shown.push(nodes[at])
  return shown
}

/** Nodes in whose path every word of a query stands, the last or only word in the node itself or above it.
 * @param {Node[]} nodes @param {string} query @returns {Node[]} */
export function found(nodes, query) {
  const words = query.toLowerCase().split(/\s+/).filter((word) => /[^/>\\|·›»]/.test(word))
  return words.length ? nodes.filter((node) => words.every((word) => node.search.includes(word))) : []
}

/** Everything that stands over the nodes: to be open, so that they are seen. @param {Node[]} nodes @param {readonly Node[]} wanted @returns {Set<number>} */
export function above(nodes, wanted) {
  const open = new Set()
  for (const node of wanted) for (let at = node.parent; at >= 0 && !open.has(at); at = nodes[at].parent) open.add(at)
  return open
}

/** What a key does in a tree (WAI-ARIA's tree pattern): the row that gets the cursor, and a branch to open or close.
 * @param {Node[]} rows in sight @param {number} at place in `rows` @param {string} key @param {ReadonlySet<number>} open
 * @param {number} page rows of a page @returns {{at: number, open?: number, close?: number} | null} */
export function keyed(rows, at, key, open, page) {
  const last = rows.length - 1
  const node = rows[at]
  const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -rows.length, End: rows.length }[key]
  if (step) return { at: Math.min(Math.max(at + step, 0), last) }
  if (!node) return null
  if (key === 'ArrowRight' && isBranch(node)) return open.has(node.at) ? { at: Math.min(at + 1, last) } : { at, open: node.at }
  if (key === 'ArrowLeft' && isBranch(node) && open.has(node.at)) return { at, close: node.at }
  if (key === 'ArrowLeft' && node.parent >= 0) return { at: Math.max(rows.findIndex((row) => row.at === node.parent), 0) }
  return null
}
