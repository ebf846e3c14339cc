import { text } from '../../app/texts.js'
import { kindOf } from '../region-kinds.js'
import { rectangle } from './rectangle.js'

/**
 * The tools that draw on an image: one row and one module per tool. What exists is edited by the select tool (image-gestures.js).
 *
 * @typedef {import('../image-gestures.js').Point} Point
 * @typedef {import('../image-gestures.js').Context} Context
 * @typedef {import('../image-gestures.js').ToolGesture} ToolGesture
 * @typedef {import('../image-gestures.js').Effect} Effect
 * @typedef {import('../image-painter.js').Brush} Brush
 *
 * @typedef {object} ImageTool all but `paint` and `options` is pure: plain data in, plain data out
 * @property {string} kind one of `view.tools`: 'rectangle', 'polygon' …; or its own: 'eraser', 'rectangle3'
 * @property {(gesture: any, point: Point, context: Context) => ToolGesture | null} press
 * @property {(gesture: any, point: Point, context: Context) => ToolGesture | null} move also without a button held, as long as there is a gesture
 * @property {(gesture: any, point: Point, context: Context, scale: number) => {gesture: ToolGesture | null, effect: Effect | null}} release scale: stage
 *   pixels per natural pixel
 * @property {(gesture: any, key: string, context: Context) => {gesture: ToolGesture | null, effect: Effect | null} | undefined} [key] Enter ends, Backspace
 *   takes the last point back; undefined: not its key
 * @property {(ctx: CanvasRenderingContext2D, gesture: any, brush: Brush, context: Context) => void} [paint] on the glass
 * @property {(ctx: CanvasRenderingContext2D, at: [number, number], brush: Brush, context: Context) => void} [cursor] on the glass, round the pointer (stage pixels) while it is in hand
 * @property {(way: number, context: Context) => void} [resize] Alt and the wheel, [ and ]: 1 larger, -1 smaller
 * @property {(context: import('../object-views.js').ObjectContext) => unknown} [options] its row in the bar: size, softness, tolerance
 * @property {boolean} [shifts] Shift means something to it; else Shift and a drag select an area
 * @property {boolean} [sweeps] by keyboard it works for as long as Enter or Space is held
 * @property {boolean} [snaps] points are drawn to corners and edges near them (`point.near`)
 * @property {(gesture: any) => string} [says] what a screen reader hears after a press by keyboard, in the person's language
 *
 * @typedef {object} ToolRow
 * @property {string} kind
 * @property {string} base the kind of region that it makes or changes: a control of the object must make it
 * @property {string} name
 * @property {string} key letter; taken only where no key of the config has it
 * @property {string} icon
 * @property {string} [also] another kind that it can make or change
 * @property {string} [prefers] type of the control that it makes regions for, where several could
 * @property {boolean} [free] works on the selected region too, without a label that is picked
 * @property {() => Promise<ImageTool>} load
 */

/** In the order of the palette. @type {readonly ToolRow[]} */
export const TOOLS = Object.freeze([
  { kind: 'rectangle', base: 'rectangle', name: text('Rectangle'), key: 'r', icon: 'box', load: async () => rectangle },
  { kind: 'rectangle3', base: 'rectangle', name: text('Rectangle by three points'), key: 'shift+r', icon: 'box-turned', load: () => import('./rectangle3.js').then((module) => module.rectangle3) },
  { kind: 'ellipse', base: 'ellipse', name: text('Ellipse'), key: 'o', icon: 'ellipse', load: () => import('./ellipse.js').then((module) => module.ellipse) },
  { kind: 'polygon', base: 'polygon', name: text('Polygon'), key: 'p', icon: 'polygon', load: () => import('./polygon.js').then((module) => module.polygon) },
  { kind: 'vector', base: 'vector', name: text('Path'), key: 'l', icon: 'path', load: () => import('./vector.js').then((module) => module.vector) },
  { kind: 'bitmask', base: 'bitmask', name: text('Pixel pen'), key: 'b', icon: 'pixels', free: true, load: () => import('./bitmask.js').then((module) => module.bitmask) },
  { kind: 'brush', base: 'brush', name: text('Brush'), key: 'b', icon: 'brush', free: true, load: () => import('./brush.js').then((module) => module.brush) },
  { kind: 'eraser', base: 'brush', also: 'bitmask', name: text('Eraser'), key: 'e', icon: 'eraser', free: true, load: () => import('./eraser.js').then((module) => module.eraser) },
  { kind: 'magicwand', base: 'brush', also: 'bitmask', prefers: 'magicwand', name: text('Magic wand'), key: 'w', icon: 'wand', free: true, load: () => import('./wand.js').then((module) => module.wand) },
  { kind: 'keypoint', base: 'keypoint', name: text('Point'), key: 'k', icon: 'point', load: () => import('./keypoint.js').then((module) => module.keypoint) },
])

/** @type {Map<string, ImageTool>} */
const LOADED = new Map([['rectangle', rectangle]])

/** @param {string} kind */
export const toolRow = (kind) => TOOLS.find((row) => row.kind === kind)

/** Whether a tool makes or changes regions of a kind. @param {string | undefined} tool @param {string} kind */
export function makes(tool, kind) {
  const row = toolRow(tool ?? '')
  return !!row && (row.base === kind || row.also === kind)
}

/** The module of a tool; undefined until `loadTools` has brought it. @param {string} kind */
export const imageTool = (kind) => LOADED.get(kind)

/** Brings the modules of some tools. @param {Iterable<string>} kinds */
export async function loadTools(kinds) {
  await Promise.all([...new Set(kinds)].map(async (kind) => {
    const row = toolRow(kind)
    if (row && !LOADED.has(kind)) LOADED.set(kind, await row.load())
  }))
}

/** The tools that the controls of an object can use, in the palette's order. @param {import('../types.js').PlanObject} object @param {readonly import('../types.js').Control[]} controls @returns {ToolRow[]} */
export function toolsFor(object, controls) {
  const kinds = new Set(controls.filter((control) => control.to.includes(object.name)).map((control) => kindOf(control, object)))
  return TOOLS.filter((row) => kinds.has(row.base) || (row.also && kinds.has(row.also)))
}

/** What a press starts: the tool that was chosen, where it can be used now, else the engine's. @param {import('../types.js').Tool | undefined} offered of the view; undefined: one may only look
 * @param {import('../types.js').Tool | undefined} chosen @returns {import('../types.js').Tool} */
export function inHand(offered, chosen) {
  if (!offered || chosen?.tool === 'select') return { tool: 'select' }
  if (!chosen) return offered
  const row = toolRow(chosen.tool)
  const found = [offered, ...(offered.more ?? [])].find((one) => makes(chosen.tool, one.tool))
  if (found) return { ...chosen, ...found, tool: chosen.tool }
  return row?.free ? chosen : { tool: 'select' } // its label is still to be picked
}
