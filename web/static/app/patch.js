import { patchedShape } from '../elements/mask-text.js'

/** @typedef {Record<string, any>} View see docs/contracts.md, section 2 */

/**
 * A new View: regions and answers merge by id (null: gone), counts, full and active by control, all else is replaced.
 * @param {View} view
 * @param {Record<string, any>} patch
 * @returns {View}
 */
export function applyPatch(view, patch) {
  const next = { ...view }
  for (const [key, value] of Object.entries(patch)) {
    next[key] = MERGED.has(key) ? merge(view[key] ?? {}, value) : value
  }
  return next
}

const MERGED = new Set(['regions', 'answers', 'counts', 'full', 'active'])

/**
 * Regions can be ten thousand, so the object is changed in place and only its wrapper is new.
 * @param {Record<string, any>} target
 * @param {Record<string, any>} changes
 */
function merge(target, changes) {
  for (const [id, value] of Object.entries(changes)) {
    if (value === null) delete target[id]
    else target[id] = value.shape?.base === undefined ? value : { ...value, shape: patchedShape(target[id]?.shape, value.shape) }
  }
  return target
}
