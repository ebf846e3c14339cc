/** What commands on several regions send: grouping, order, combining, converting, choosing many. Null: there is nothing to act on. Pure. */
import { kindOf } from './region-kinds.js'

/** @typedef {import('./types.js').View} View */
/** @typedef {import('./types.js').Plan} Plan */
/** @typedef {import('./types.js').Intent} Intent */

const AREAS = new Set(['rectangle', 'ellipse', 'polygon', 'brush', 'bitmask'])
/** What may fall into parts that do not touch. */
const PARTED = new Set(['polygon', 'brush', 'bitmask'])
/** Ids for what comes out of subtracting and splitting; what is left over is not used. */
const SPARE = 64

/** What a region may be made into. */
export const TARGETS = /** @type {const} */ (['polygon', 'rectangle', 'ellipse', 'brush', 'bitmask'])

/** @param {View} view */
const chosen = ({ selection, regions }) => selection.flatMap((id) => regions[id] ?? [])

/** @param {import('./types.js').Region} region */
const free = (region) => !region.locked && !region.readonly

/** @param {View} view @returns {Intent | null} */
export const group = (view) => (view.selection.length > 1 ? { type: 'group', regions: view.selection } : null)

/** Out of their group; for a parent, all that is in it. @param {View} view @returns {Intent | null} */
export function ungroup(view) {
  const some = chosen(view)
  if (some.some((region) => region.parent)) return { type: 'ungroup', regions: view.selection }
  const selected = new Set(view.selection)
  const within = Object.values(view.regions).filter((region) => region.parent && selected.has(region.parent)).map((region) => region.id)
  return within.length ? { type: 'ungroup', regions: within } : null
}

/** @param {View} view @param {'front' | 'back' | 'forward' | 'backward'} to @returns {Intent | null} */
export const reorder = ({ selection }, to) => (selection.length ? { type: 'reorder', regions: selection, to } : null)

/** @param {View} view @param {'union' | 'subtract' | 'intersect' | 'split'} how @param {() => string} newId @returns {Intent | null} */
export function combine(view, how, newId) {
  const some = chosen(view)
  const fit = how === 'split' ? some.length > 0 && some.every((region) => PARTED.has(region.kind) && free(region))
    : some.length > 1 && some.every((region) => AREAS.has(region.kind) && free(region) && region.object === some[0].object)
  return fit ? { type: 'combine', how, regions: view.selection, ids: Array.from({ length: how === 'union' ? 1 : SPARE }, newId) } : null
}

/** @param {Plan} plan @param {View} view @param {typeof TARGETS[number]} to @param {() => string} newId @returns {Intent | null} */
export function convert(plan, view, to, newId) {
  const some = chosen(view)
  if (!some.length || some.every((region) => region.kind === to) || !some.every((region) => AREAS.has(region.kind) && free(region))) return null
  const possible = some.every(({ object: name }) => {
    const object = plan.objects.find((one) => one.name === name)
    return object && plan.controls.some((control) => control.to.includes(name) && kindOf(control, object) === to)
  })
  return possible ? { type: 'convert', regions: view.selection, to, ids: view.selection.map(() => newId()) } : null
}

/** All that can be seen of an object (of the page that is shown); again, when all of it is selected: of the whole task. @param {View} view @param {string} object @returns {Intent | null} */
export function selectAll({ regions, selection, items }, object) {
  const seen = Object.values(regions).filter((region) => !region.hidden && (region.item === undefined || region.item === (items?.[region.object] ?? 0))).sort((a, b) => a.n - b.n)
  const here = seen.filter((region) => region.object === object)
  const selected = new Set(selection)
  const all = here.length && !here.every((region) => selected.has(region.id)) ? here : seen
  return all.length ? { type: 'select', regions: all.map((region) => region.id), add: false } : null
}

/** All but the selected; all again, when nothing else is to be seen. @param {View} view @returns {Intent[]} */
export function hideOthers({ regions, selection }) {
  if (!selection.length) return []
  const selected = new Set(selection)
  const others = Object.values(regions).filter((region) => !selected.has(region.id))
  const hidden = others.every((region) => region.hidden)
  return others.length ? [{ type: 'mark', regions: others.map((region) => region.id), hidden: !hidden }] : []
}

/** @param {View} view @returns {Intent | null} */
export function showAll({ regions }) {
  const hidden = Object.values(regions).filter((region) => region.hidden).map((region) => region.id)
  return hidden.length ? { type: 'mark', regions: hidden, hidden: false } : null
}
