/**
 * How each node of a plan's tree is drawn. A template gets the surface, the node, the names of the labels controls that stand in bars
 * (`taken`), and whether the node is hidden now.
 *
 * @typedef {import('./types.js').PlanNode} PlanNode
 * @typedef {import('./kite-surface.js').KiteSurface} KiteSurface
 * @typedef {(surface: KiteSurface, node: PlanNode, taken: Set<string>, hidden: boolean) => unknown} NodeTemplate
 */
import { html, nothing } from 'lit'
import { safeStyle } from './config-style.js'
import { UNFETCHED } from './kite-placeholder.js'
import { lazy } from './lazy.js'
import { laidOut } from './node-children.js'
import { loadRich } from './object-views-text.js'
import { styled } from './styled.js'
import { frame } from './surface-frame.js'
import { grows, hoisted, shrinks } from './surface-layout.js'

/** @type {Record<string, NodeTemplate>} */
const NODES = {
  view,
  header: (surface, node, _taken, hidden) => html`<div class="node-header node-header-${node.size ?? 4} ${node.underline ? 'is-underlined' : ''}" id=${`node-${node.key}`} role="heading" aria-level="2" ?hidden=${hidden}
    style=${styled(safeStyle(node.style))}>${surface.display?.texts[node.key] ?? ''}</div>`,
  object: frame,
  control,
  style: () => nothing,
}

/** Templates of the rarer nodes, once they are fetched. @type {Record<string, NodeTemplate>} */
let rare = {}
const loadRare = async () => { rare = (await import('./node-views-more.js')).MORE_NODES }
const markdown = lazy('kite-markdown', () => import('./kite-markdown.js').then((module) => module.KiteMarkdown))

export const loadMarkdown = () => Promise.all([loadRich(), markdown()])

/** What has to be fetched for a type of node. @type {Record<string, () => Promise<unknown>>} */
const LOADS = { collapse: loadRare, filter: loadRare, question: loadRare, repeater: loadRare, markdown: () => Promise.all([loadRare(), loadMarkdown()]) }

/** @param {string} type @returns {{load?: () => Promise<unknown>}} */
export const nodeLoad = (type) => (Object.hasOwn(LOADS, type) ? { load: LOADS[type] } : {})

/** @type {NodeTemplate} */
export function nodeView(surface, node, taken, hidden) {
  if (Object.hasOwn(NODES, node.node)) return NODES[node.node](surface, node, taken, hidden)
  if (Object.hasOwn(rare, node.node)) return rare[node.node](surface, node, taken, hidden)
  const known = Object.hasOwn(LOADS, node.node)
  if (known && !surface.broken.has(node.node)) return nothing // on its way
  return html`<kite-placeholder .tag=${node.node} .text=${known ? UNFETCHED : ''} ?hidden=${hidden}></kite-placeholder>`
}

/** @type {NodeTemplate} */
function view(surface, node, taken, hidden) {
  const plan = /** @type {import('./types.js').Plan} */ (surface.drawn)
  const names = new Set([...taken, ...hoisted(plan, node)])
  const own = Object.keys(node.style ?? {}).length > 0 || node.display === 'inline'
  const stacked = node.display !== 'inline' && !node.style?.display && !node.class_name
  const text = (node.children ?? []).some((child) => child.node === 'object' && plan.objects.some(({ name, type }) => name === child.name && type === 'text'))
  return html`<div class="node-view ${grows(plan, node) ? 'grows' : shrinks(plan, node) ? 'shrinks' : ''} ${own ? 'is-styled' : ''} ${own && stacked ? 'is-stacked' : ''} ${text ? 'has-text' : ''} ${node.display === 'inline' ? 'is-inline' : ''} ${node.class_name ?? ''}" id=${node.id_attr || nothing} ?hidden=${hidden}
    style=${styled(safeStyle(node.style))}>${own ? (node.children ?? []).map((child) => surface.node(child, names)) : laidOut(surface, node.children ?? [], names)}</div>`
}

/** @type {NodeTemplate} */
function control(surface, node, taken, hidden) {
  const found = surface.control(node.name)
  if (!found || taken.has(found.name) || found.per_region || surface.drawn?.objects.some((object) => object.name === found.name)) return nothing
  const open = found.required && !surface.readonly && !surface.shown.answers[found.name]
  const decide = surface.shown.suggestions && surface.shown.answers[found.name]?.suggestion ? html`<kite-suggested .control=${found.name} ?readonly=${surface.readonly}></kite-suggested>` : nothing // fetched with kite-suggestions.js
  return html`<div class="node-control ${open ? 'is-required' : ''} ${surface.problem(found, '') ? 'is-missing' : ''}" data-name=${found.name} ?hidden=${hidden}>${surface.answer(found, '')}${decide}</div>`
}
