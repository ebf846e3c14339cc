import { patchedShape } from '../elements/mask-text.js'

/**
 * @typedef {Record<string, any>} View see docs/contracts.md, section 2
 * @typedef {Map<string, [any, any]>} Changes what was before and after, by id; undefined: nothing
 * @typedef {{regions: Changes, answers: Changes}} Note what a patch did
 */

/**
 * A new View: regions and answers merge by id (null: gone), counts, full and active by control, all else is replaced. Regions can be
 * ten thousand, so their object is changed in place; `edition` is another one whenever one of them is.
 * @param {View} view
 * @param {Record<string, any>} patch
 * @param {Note} [note] hears what became of regions and answers
 * @returns {View}
 */
export function applyPatch(view, { regions, changes, answers, ...rest }, note) {
  const next = { ...view }
  for (const [key, value] of Object.entries(rest)) next[key] = MERGED.has(key) ? { ...view[key], ...value } : value
  if (answers) next.answers = merge({ ...view.answers }, answers, note?.answers)
  if (regions || changes) {
    next.regions ??= {}
    next.edition = {}
    if (regions) merge(next.regions, regions, note?.regions)
    if (changes) alter(next.regions, changes, note?.regions)
  }
  return next
}

const MERGED = new Set(['counts', 'full', 'active'])

/** @param {Record<string, any>} target @param {Record<string, any>} entries @param {Changes} [note] */
function merge(target, entries, note) {
  for (const id in entries) {
    const entry = entries[id]
    const before = target[id]
    const after = entry === null ? undefined : withMask(before, entry)
    if (after === undefined) delete target[id]
    else target[id] = after
    note?.set(id, [before, after])
  }
  return target
}

/** Members of regions that are there; null: gone. @param {Record<string, any>} target @param {Record<string, any>} entries @param {Changes} [note] */
function alter(target, entries, note) {
  for (const id in entries) {
    const before = target[id]
    const after = { ...before, ...withMask(before, entries[id]) }
    for (const member in entries[id]) if (entries[id][member] === null) delete after[member]
    target[id] = after
    note?.set(id, [before, after])
  }
}

/** A mask that came as what differs from the one before is whole again. @param {any} before @param {any} entry */
const withMask = (before, entry) => (entry.shape?.base === undefined ? entry : { ...entry, shape: patchedShape(before?.shape, entry.shape) })
