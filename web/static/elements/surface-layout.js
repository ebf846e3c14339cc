/**
 * Where the parts of a plan stand on the page. Looks at the plan's tree only. Pure.
 *
 * @typedef {import('./types.js').Plan} Plan
 * @typedef {import('./types.js').PlanNode} PlanNode
 * @typedef {import('./types.js').Control} Control
 * @typedef {{answers: true, groups: PlanNode[][]} | {answers: false, nodes: PlanNode[]}} Run
 */

/** Whether a control has labels for regions. @param {Control} control */
export const labelled = (control) => control.type.endsWith('labels')

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

/** Whether a view holds a picture, and so takes the room that is left. @param {Plan} plan @param {PlanNode} node @returns {boolean} */
export function grows(plan, node) {
  if (node.node === 'object') return plan.objects.find((object) => object.name === node.name)?.type === 'image'
  return (node.children ?? []).some((child) => grows(plan, child))
}

/** Whether a view holds a text, and so scrolls inside rather than pushing the answers away. @param {Plan} plan @param {PlanNode} node @returns {boolean} */
export function shrinks(plan, node) {
  if (node.node === 'object') return plan.objects.find((object) => object.name === node.name)?.type === 'text'
  return (node.children ?? []).some((child) => shrinks(plan, child))
}

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
  const nodes = opened(children)
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
