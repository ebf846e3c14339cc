import { figureOfMask } from '../image-masks.js'
import { nothing } from '../mask-rows.js'
import { newId } from '../../app/ids.js'

/**
 * Which mask a gesture changes, and how that mask is shown while it does.
 *
 * @typedef {import('./registry.js').Context} Context
 * @typedef {import('../types.js').Region} Region
 * @typedef {{id: string, region: Region, figure: import('../image-figures.js').Figure & {mask: import('../image-masks.js').Mask}}} Live the region as it will be
 */

const MASKS = ['brush', 'bitmask']

/** The selected mask goes on, if it is the only one selected and may be changed. @param {Context} context @param {readonly string[]} [kinds] @returns {Region | null} */
export function selectedMask({ selection, selected }, kinds = MASKS) {
  return selection.length === 1 && selected.length === 1 && kinds.includes(selected[0].kind) ? selected[0] : null
}

/** What an eraser takes hold of: the selected mask, else the one under it. @param {Context} context @returns {Region | null} */
export function erasedMask(context) {
  const chosen = selectedMask(context)
  if (chosen) return chosen
  for (const id of context.hits) {
    const region = context.find?.(id)?.region
    if (region && MASKS.includes(region.kind) && !region.locked && !region.readonly) return region
  }
  return null
}

/** @param {Region | null} region that there is, or null: a new one @param {Context} context @param {string} kind @returns {Live} */
export function begun(region, context, kind) {
  const { width, height, tool } = context
  const held = region && context.find?.(region.id)?.figure?.mask
  if (region && held) return { id: region.id, region, figure: figureOfMask(held.rows, width, height) }
  const id = region?.id ?? newId()
  const made = region ?? /** @type {any} */ ({ id, n: 1e9, object: '', control: tool.control ?? '', kind, shape: {}, labels: [], color: tool.color ?? '#888888' })
  return { id, region: made, figure: figureOfMask(nothing(width, height), width, height) }
}

/** @param {Live} live @param {import('../mask-rows.js').Rows} rows @param {Context} context @returns {Live} */
export const showing = (live, rows, { width, height }) => ({ ...live, figure: figureOfMask(rows, width, height) })
