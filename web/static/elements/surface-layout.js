/**
 * Where the parts of a plan stand on the page. Looks at the plan's tree only. Pure.
 *
 * @typedef {import('./types.js').Plan} Plan
 * @typedef {import('./types.js').PlanNode} PlanNode
 * @typedef {import('./types.js').Control} Control
 * @typedef {{answers: true, groups: PlanNode[][]} | {answers: false, nodes: PlanNode[]}} Run
 */

import { objectView } from './object-views.js'

/** Whether a control has labels for regions. @param {Control} control */
export const labelled = (control) => control.type.endsWith('labels')

/** Whether a control makes or labels regions. @param {Control} control */
export const marks = (control) => labelled(control) || !!control.shape

/** Whether nothing of a control stands among the answers: its labels stand in a bar, its shape is a tool. @param {Control} control */
const isTool = (control) => !labelled(control) && !!control.shape

/** Labels controls of an object, in the order of the config. @param {Plan} plan @param {string} object */
export const bars = (plan, object) => plan.controls.filter((control) => labelled(control) && control.to[0] === object)

/** Names of labels controls that stand beside their object in one plain view: they go into the bar above it. A view with a
 * style of its own keeps the order of the config. @param {Plan} plan @param {PlanNode} view */
export function hoisted(plan, view) {
  const children = view.children ?? []
  const objects = new Set(children.filter((child) => child.node === 'object').map((child) => child.name))
  const controls = children.flatMap((child) => (child.node === 'control' ? (plan.controls.find((control) => control.name === child.name) ?? []) : []))
  const styled = Object.keys(view.style ?? {}).length > 0
  return styled ? [] : controls.filter((control) => labelled(control) && objects.has(control.to[0])).map((control) => control.name)
}

/** A node and all beneath it, in document order. @param {PlanNode | undefined} node @returns {PlanNode[]} */
export const nodesOf = (node) => (node ? [node, ...(node.children ?? []).flatMap(nodesOf)] : [])

/** The first object that is seen now: the tools of the whole task stand in its bar. Undefined where all are hidden or folded away.
 * @param {PlanNode | undefined} node @param {string[]} hidden keys @param {Record<string, number>} items pages of Repeaters @returns {string | undefined} */
export function leading(node, hidden, items) {
  if (!node || hidden.includes(node.key) || node.node === 'collapse') return undefined
  if (node.node === 'object') return node.name
  const children = node.children ?? []
  const shown = node.node === 'repeater' && node.mode === 'pagination' ? children.slice(items[node.key] ?? 0).slice(0, 1) : children
  for (const child of shown) {
    const found = leading(child, hidden, items)
    if (found) return found
  }
  return undefined
}

/** Whether what is inside has its own height: folds, and copies beneath each other. @param {PlanNode} node */
const stands = (node) => node.node === 'collapse' || (node.node === 'repeater' && node.mode !== 'pagination')

/** @param {Plan} plan @param {PlanNode} node */
const roomOf = (plan, node) => objectView(plan.objects.find((object) => object.name === node.name)?.type ?? '')?.room

/** Whether a view holds a picture, and so takes the room that is left. @param {Plan} plan @param {PlanNode} node @returns {boolean} */
export function grows(plan, node) {
  if (node.node === 'object') return roomOf(plan, node) === 'fills'
  return !stands(node) && (node.children ?? []).some((child) => grows(plan, child))
}

/** Whether a view holds a text, and so scrolls inside rather than pushing the answers away. @param {Plan} plan @param {PlanNode} node @returns {boolean} */
export function shrinks(plan, node) {
  if (node.node === 'object') return roomOf(plan, node) === 'scrolls'
  return !stands(node) && (node.children ?? []).some((child) => shrinks(plan, child))
}

/** @type {Control} */
const NONE = { name: '', tag: '', type: '', to: [] }

/** Whether a view only groups: nothing of the config's own layout hangs on it. @param {PlanNode} node */
const plain = (node) => node.node === 'view' && node.display !== 'inline' && !node.class_name && !node.id_attr && !Object.keys(node.style ?? {}).length

/** Children of a view in their order; neighbouring answers are put together, each header with the one control under it. Views that only
 * group answers do not start a row of their own. Answers about regions are left out: they stand beside the region.
 * @param {Plan} plan @param {PlanNode[]} children @returns {Run[]} */
export function runs(plan, children) {
  const controlOf = (/** @type {PlanNode} */ node) => (node.node === 'control' ? plan.controls.find((one) => one.name === node.name) : undefined)
  const isControl = (/** @type {PlanNode | undefined} */ node) => {
    const control = node && controlOf(node)
    return !!control && !labelled(control)
  }
  /** @type {(node: PlanNode) => boolean} */
  const isGroup = (node) => plain(node) && (node.children ?? []).length > 0 && (node.children ?? []).every((child) => child.node === 'header' || isControl(child) || isGroup(child))
  /** @type {(nodes: PlanNode[]) => PlanNode[]} */
  const opened = (nodes) => nodes.flatMap((node) => (isGroup(node) ? opened(node.children ?? []) : [node]))
  /** @type {Run[]} */
  const found = []
  const nodes = opened(children).filter((node) => !isTool(controlOf(node) ?? NONE))
  for (const [at, node] of nodes.entries()) {
    const [before, next] = [nodes[at - 1], nodes[at + 1]]
    const headed = isControl(node) && before?.node === 'header'
    if (node.node === 'header' && isControl(next)) continue // goes with the control
    const last = found.at(-1)
    if (!isControl(node)) {
      if (last && !last.answers) last.nodes.push(node)
      else found.push({ answers: false, nodes: [node] })
    } else if (!controlOf(node)?.per_region) {
      const group = headed ? [before, node] : [node]
      if (last?.answers) last.groups.push(group)
      else found.push({ answers: true, groups: [group] })
    }
  }
  return found
}
