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

/** Children of a view in their order; neighbouring answers are put together, a header with the controls under it.
 * @param {Plan} plan @param {PlanNode[]} children @returns {Run[]} */
export function runs(plan, children) {
  /** @type {Run[]} */
  const found = []
  const isAnswer = (/** @type {PlanNode} */ node) => {
    const control = node.node === 'control' ? plan.controls.find((one) => one.name === node.name) : undefined
    return node.node === 'header' || (control ? !labelled(control) : false)
  }
  for (const [at, node] of children.entries()) {
    // A header alone, say a title over the picture, is no answer.
    const answer = isAnswer(node) && (node.node !== 'header' || (at + 1 < children.length && isAnswer(children[at + 1])))
    const last = found.at(-1)
    if (!answer) {
      if (last && !last.answers) last.nodes.push(node)
      else found.push({ answers: false, nodes: [node] })
      continue
    }
    if (!last?.answers) found.push({ answers: true, groups: [[node]] })
    else if (node.node === 'header' || !last.groups.at(-1)?.some((one) => one.node === 'header')) last.groups.push([node])
    else last.groups.at(-1)?.push(node)
  }
  return found
}
