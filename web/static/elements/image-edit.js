import { keypoint, round } from './image-edit-round.js'
import { polygon } from './image-edit-polygon.js'
import { vector } from './image-edit-vector.js'

export { VertexKeys } from './image-vertices.js'

/**
 * Changing shapes that are not boxes by their handles. One row per kind, all pure: shapes are those of the view (percent), points are
 * natural pixels. Loaded with the first such shape.
 *
 * @typedef {import('./types.js').Region} Region
 * @typedef {import('./image-gestures.js').Point} Point
 * @typedef {import('./image-gestures.js').Context} Context
 * @typedef {{width: number, height: number, scale: number, shows?: (x: number, y: number) => boolean}} Size scale: stage pixels per natural pixel; shows: whether a
 *   natural pixel is on the stage
 * @typedef {{name: string, x: number, y: number, look: 'corner' | 'round' | 'bend' | 'turn', from?: [number, number]}} Handle natural pixels; from: the other end
 *   of a line to it
 * @typedef {object} Editor
 * @property {(shape: any, size: Size, control?: import('./types.js').Control) => Handle[]} handles all that can be pulled, best first
 * @property {(shape: any, size: Size, control: import('./types.js').Control | undefined, x: number, y: number, reach: number) => string | null} [edge] the place between two
 *   corners where a press adds one
 * @property {(shape: any, handle: string, size: Size, control?: import('./types.js').Control) => {handle: string, x: number, y: number} | null} [after] the middle of the edge behind a
 *   corner, natural pixels; null: there is none, or the shape has all the corners that it may have
 * @property {(shape: any, handle: string, point: Point, context: Context) => {handle: string, now: any} | null} [taken] what a press on a handle does at once
 * @property {(shape: any, handle: string, point: Point, context: Context) => any} pulled
 * @property {(shape: any, handle: string, context: Context) => any} [removed] without a corner; null where it has to stay
 */

/** @type {Record<string, Editor>} */
const EDITORS = { ellipse: round, keypoint, polygon, vector }

/** @param {string} kind */
export const reshapes = (kind) => kind in EDITORS

/** @param {Region} region @param {Size} size @param {import('./types.js').Control} [control] @param {any} [shape] in place of the region's @returns {Handle[]} */
export const handles = (region, size, control, shape = region.shape) => EDITORS[region.kind]?.handles(shape, size, control) ?? []

/** The handle near a place, or the edge. @param {Region} region @param {Size} size @param {import('./types.js').Control | undefined} control @param {number} x @param {number} y natural pixels @param {number} reach natural pixels @returns {string | null} */
export function handleNear(region, size, control, x, y, reach) {
  let best = null
  let least = reach
  for (const handle of handles(region, size, control)) {
    const away = Math.hypot(handle.x - x, handle.y - y)
    if (away >= least) continue
    best = handle.name
    least = away
  }
  return best ?? EDITORS[region.kind]?.edge?.(region.shape, size, control, x, y, reach / 2) ?? null
}

/** @param {Region} region @param {string} handle @param {Point} point @param {Context} context */
export function taken(region, handle, point, context) {
  const editor = EDITORS[region.kind]
  if (!editor) return null
  return editor.taken ? editor.taken(region.shape, handle, point, context) : { handle, now: region.shape }
}

/** @param {Region} region @param {any} shape what the gesture has made so far @param {string} handle @param {Point} point @param {Context} context */
export const pulled = (region, shape, handle, point, context) => (handle ? EDITORS[region.kind].pulled(shape, handle, point, context) : shape)

/** @param {Region} region @param {string} handle @param {Context} context */
export const removed = (region, handle, context) => EDITORS[region.kind]?.removed?.(region.shape, handle, context) ?? null

/** @param {Region} region @param {string} handle @param {Size} size @param {import('./types.js').Control} [control] */
export const after = (region, handle, size, control) => EDITORS[region.kind]?.after?.(region.shape, handle, size, control) ?? null

/** Corners that the keyboard walks through. @param {Region} region @param {Size} size @param {import('./types.js').Control} [control] */
export const stops = (region, size, control) => handles(region, size, control).filter((handle) => handle.look !== 'turn')
