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

/**
 * What all commands ask about the selected regions, found once for a view: ten thousand may be selected.
 * @typedef {{some: import('./types.js').Region[], kinds: Set<string>, objects: Set<string>, free: boolean, all: import('./types.js').Region[]}} Chosen
 * @type {WeakMap<View, Chosen>}
 */
const known = new WeakMap()

/** @param {View} view @returns {Chosen} */
function chosen(view) {
  const before = known.get(view)
  if (before) return before
  const some = view.selection.flatMap((id) => view.regions[id] ?? [])
  const found = { some, kinds: new Set(some.map(({ kind }) => kind)), objects: new Set(some.map(({ object }) => object)), free: some.every(free), all: Object.values(view.regions) }
  known.set(view, found)
  return found
}

/** @param {Set<string>} some @param {Set<string>} all */
const within = (some, all) => [...some].every((one) => all.has(one))

/** @param {import('./types.js').Region} region */
const free = (region) => !region.locked && !region.readonly

/** @param {View} view @returns {Intent | null} */
export const group = (view) => (view.selection.length > 1 ? { type: 'group', regions: view.selection } : null)

/** Out of their group; for a parent, all that is in it. @param {View} view @returns {Intent | null} */
export function ungroup(view) {
  const { some, all } = chosen(view)
  if (some.some((region) => region.parent)) return { type: 'ungroup', regions: view.selection }
  const selected = new Set(view.selection)
  const inside = all.filter((region) => region.parent && selected.has(region.parent)).map((region) => region.id)
  return inside.length ? { type: 'ungroup', regions: inside } : null
}

/** @param {View} view @param {'front' | 'back' | 'forward' | 'backward'} to @returns {Intent | null} */
export const reorder = ({ selection }, to) => (selection.length ? { type: 'reorder', regions: selection, to } : null)

/** @param {View} view @param {'union' | 'subtract' | 'intersect' | 'split'} how @param {() => string} newId @returns {Intent | null} */
export function combine(view, how, newId) {
  const { some, kinds, objects, free: may } = chosen(view)
  const fit = may && (how === 'split' ? some.length > 0 && within(kinds, PARTED) : some.length > 1 && within(kinds, AREAS) && objects.size === 1)
  return fit ? { type: 'combine', how, regions: view.selection, ids: Array.from({ length: how === 'union' ? 1 : SPARE }, newId) } : null
}

/** @param {Plan} plan @param {View} view @param {typeof TARGETS[number]} to @param {() => string} newId @returns {Intent | null} */
export function convert(plan, view, to, newId) {
  const { some, kinds, objects, free: may } = chosen(view)
  if (!some.length || !may || (kinds.size === 1 && kinds.has(to)) || !within(kinds, AREAS)) return null
  const possible = [...objects].every((name) => {
    const object = plan.objects.find((one) => one.name === name)
    return object && plan.controls.some((control) => control.to.includes(name) && kindOf(control, object) === to)
  })
  return possible ? { type: 'convert', regions: view.selection, to, ids: view.selection.map(() => newId()) } : null
}

/** All that can be seen of an object (of the page that is shown); again, when all of it is selected: of the whole task. @param {View} view @param {string} object @returns {Intent | null} */
export function selectAll(view, object) {
  const { selection, items } = view
  const seen = chosen(view).all.filter((region) => !region.hidden && (region.item === undefined || region.item === (items?.[region.object] ?? 0))).sort((a, b) => a.n - b.n)
  const here = seen.filter((region) => region.object === object)
  const selected = new Set(selection)
  const all = here.length && !here.every((region) => selected.has(region.id)) ? here : seen
  return all.length ? { type: 'select', regions: all.map((region) => region.id), add: false } : null
}

/** All but the selected; all again, when nothing else is to be seen. @param {View} view @returns {Intent[]} */
export function hideOthers(view) {
  const { selection } = view
  if (!selection.length) return []
  const selected = new Set(selection)
  const others = chosen(view).all.filter((region) => !selected.has(region.id))
  const hidden = others.every((region) => region.hidden)
  return others.length ? [{ type: 'mark', regions: others.map((region) => region.id), hidden: !hidden }] : []
}

/** @param {View} view @returns {Intent | null} */
export function showAll(view) {
  const hidden = chosen(view).all.filter((region) => region.hidden).map((region) => region.id)
  return hidden.length ? { type: 'mark', regions: hidden, hidden: false } : null
}

const TURNED = new Set(['rectangle', 'ellipse', 'polygon', 'vector'])

/** Turned about the middle of what is selected, where all of it may be. @param {import('./types.js').Plan} plan @param {View} view @param {number} degrees clockwise @returns {Intent | null} */
export function turned({ controls }, { selection, regions }, degrees) {
  const may = selection.every((id) => {
    const { kind, locked, readonly, control } = regions[id]
    return TURNED.has(kind) && !locked && !readonly && controls.find(({ name }) => name === control)?.can_rotate !== false
  })
  return selection.length && may ? { type: 'transform', rotate: degrees } : null
}
