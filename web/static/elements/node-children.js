/** Children of a node, laid out. @typedef {import('./kite-surface.js').KiteSurface} KiteSurface @typedef {import('./types.js').PlanNode} PlanNode */
import { html } from 'lit'
import { runs } from './surface-layout.js'

/** Children in their order, neighbouring answers beside each other. @param {KiteSurface} surface @param {PlanNode[]} children @param {Set<string>} taken */
export function laidOut(surface, children, taken) {
  return runs(/** @type {import('./types.js').Plan} */ (surface.drawn), children).map((run) =>
    run.answers ? html`<div class="answers">${run.groups.map((group) => answer(surface, group, taken))}</div>` : run.nodes.map((child) => surface.node(child, taken)))
}

/** A control, with the header over it if there is one. @param {KiteSurface} surface @param {PlanNode[]} group @param {Set<string>} taken */
function answer(surface, group, taken) {
  const wide = group.some((node) => surface.isWide(node.name))
  return html`<div class="answer ${wide ? 'is-wide' : ''}" ?hidden=${group.every((node) => surface.shown.hidden.includes(node.key))}>${group.map((node) => surface.node(node, taken))}</div>`
}
