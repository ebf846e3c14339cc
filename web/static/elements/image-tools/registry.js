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
 * @property {(ctx: CanvasRenderingContext2D, at: [number, number], brush: Brush) => void} [cursor] on the glass, round the pointer (stage pixels) while it is in hand
 * @property {(way: number) => void} [resize] Alt and the wheel, [ and ]: 1 larger, -1 smaller
 * @property {(context: import('../object-views.js').ObjectContext) => unknown} [options] its row in the bar: size, softness, tolerance
 * @property {boolean} [shifts] Shift means something to it; else Shift and a drag select an area
 * @property {boolean} [snaps] points are drawn to corners and edges near them (`point.near`)
 * @property {(gesture: any) => string} [says] what a screen reader hears after a press by keyboard, in the person's language
 *
 * @typedef {object} ToolRow
 * @property {string} kind
 * @property {string} base the kind of region that it makes or changes: a control of the object must make it
 * @property {string} name
 * @property {string} key letter; taken only where no key of the config has it
 * @property {string} icon
 * @property {string} [prefers] type of the control that it makes regions for, where several could
 * @property {boolean} [free] works on the selected region too, without a label that is picked
 * @property {() => Promise<ImageTool>} load
 */

/** In the order of the palette. @type {readonly ToolRow[]} */
export const TOOLS = Object.freeze([
  { kind: 'rectangle', base: 'rectangle', name: 'Rectangle', key: 'r', icon: 'box', load: async () => rectangle },
  { kind: 'rectangle3', base: 'rectangle', name: 'Rectangle by three points', key: 'shift+r', icon: 'box-turned', load: () => import('./rectangle3.js').then((module) => module.rectangle3) },
  { kind: 'ellipse', base: 'ellipse', name: 'Ellipse', key: 'o', icon: 'ellipse', load: () => import('./ellipse.js').then((module) => module.ellipse) },
  { kind: 'polygon', base: 'polygon', name: 'Polygon', key: 'p', icon: 'polygon', load: () => import('./polygon.js').then((module) => module.polygon) },
  { kind: 'vector', base: 'vector', name: 'Path', key: 'l', icon: 'path', load: () => import('./vector.js').then((module) => module.vector) },
  { kind: 'brush', base: 'brush', name: 'Brush', key: 'b', icon: 'brush', free: true, load: () => import('./brush.js').then((module) => module.brush) },
  { kind: 'eraser', base: 'brush', name: 'Eraser', key: 'e', icon: 'eraser', free: true, load: () => import('./eraser.js').then((module) => module.eraser) },
  { kind: 'magicwand', base: 'brush', prefers: 'magicwand', name: 'Magic wand', key: 'w', icon: 'wand', free: true, load: () => import('./wand.js').then((module) => module.wand) },
  { kind: 'bitmask', base: 'bitmask', name: 'Pixel pen', key: 'b', icon: 'pixels', free: true, load: () => import('./bitmask.js').then((module) => module.bitmask) },
  { kind: 'bitmask-eraser', base: 'bitmask', name: 'Pixel eraser', key: 'e', icon: 'eraser', free: true, load: () => import('./eraser.js').then((module) => module.pixelEraser) },
  { kind: 'bitmask-wand', base: 'bitmask', name: 'Magic wand', key: 'w', icon: 'wand', free: true, load: () => import('./wand.js').then((module) => module.pixelWand) },
  { kind: 'keypoint', base: 'keypoint', name: 'Point', key: 'k', icon: 'point', load: () => import('./keypoint.js').then((module) => module.keypoint) },
])

/** @type {Map<string, ImageTool>} */
const LOADED = new Map([['rectangle', rectangle]])

/** @param {string} kind */
export const toolRow = (kind) => TOOLS.find((row) => row.kind === kind)

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
  return TOOLS.filter((row) => kinds.has(row.base))
}

/** What a press starts: the tool that was chosen, where it can be used now, else the engine's. @param {import('../types.js').Tool | undefined} offered of the view; undefined: one may only look
 * @param {import('../types.js').Tool | undefined} chosen @returns {import('../types.js').Tool} */
export function inHand(offered, chosen) {
  if (!offered || chosen?.tool === 'select') return { tool: 'select' }
  if (!chosen) return offered
  const row = toolRow(chosen.tool)
  const found = [offered, ...(offered.more ?? [])].find((one) => one.tool === row?.base)
  if (found) return { ...chosen, ...found, tool: chosen.tool }
  return row?.free ? chosen : { tool: 'select' } // its label is still to be picked
}
