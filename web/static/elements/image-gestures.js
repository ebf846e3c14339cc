import { angleTo, moved, onPixels, resized, toPercent, turned } from './geometry.js'
import { DRAG } from './image-tools/rectangle.js'
import { imageTool } from './image-tools/registry.js'

/**
 * What pointers do on an image, as a small state machine over plain data: `press`, `move`, `release` take a state and give the next
 * one. A tool that draws (image-tools/) has gestures of its own; those here are the select tool's: picking, moving, pulling handles.
 * Nothing here knows a canvas or an event; nothing here decides what a gesture means for the answer.
 *
 * @typedef {import('./geometry.js').Box} Box
 * @typedef {import('./geometry.js').Bounds} Bounds
 * @typedef {import('./types.js').Region} Region
 * @typedef {{x: number, y: number, sx: number, sy: number, shift?: boolean, alt?: boolean, ctrl?: boolean, pan?: boolean, pressure?: number, pen?: boolean,
 *   touch?: boolean, eraser?: boolean, near?: {x: number, y: number, at: 'corner' | 'edge'} | null}} Point x, y: natural pixels; sx, sy: stage pixels; pan: space, middle button or
 *   two fingers; pressure: 0..1; near: what the point is drawn to, for tools that snap
 * @typedef {{width: number, height: number, scale: number, readonly: boolean, snap: boolean, tool: import('./types.js').Tool & {[option: string]: any},
 *   control?: import('./types.js').Control, owner?: import('./types.js').Control, hits: string[], handle: string | null, selection: string[], selected: Region[], boxes: Map<string, Box>,
 *   frame: Frame | null, vertex: string | null, edit?: typeof import('./image-edit.js') | null,
 *   find?: (id: string) => import('./region-index.js').Item | undefined, picture?: import('./image-load.js').Picture | null, tip?: (text: string) => void}} Context scale: stage pixels per natural pixel; tool: what a press
 *   starts, with its options; control: the tool's; owner: the
 *   control of the one selected region; hits: regions under the point, best first; handle: of the one selected region, or of the frame around
 *   several; selected: those that may be changed, boxes: around each; vertex: the picked corner of the one selected region; edit: the code for shapes that are
 *   not boxes
 * @typedef {Bounds} Frame around several selected regions
 * @typedef {{tool: string, kind?: undefined, [member: string]: any}} ToolGesture
 * @typedef {{kind: 'press', start: Point, hits: string[], shift: boolean}
 *   | {kind: 'move', start: Point, before: Map<string, Box>, dx: number, dy: number, copy: boolean}
 *   | {kind: 'resize', id: string, handle: string, before: Box, now: Box}
 *   | {kind: 'reshape', id: string, handle: string, region: Region, now: any, start: Point, far: boolean}
 *   | {kind: 'transform', handle: string, frame: Frame, change: Change}
 *   | {kind: 'band', ax: number, ay: number, bx: number, by: number}
 *   | {kind: 'pan', sx: number, sy: number, dx: number, dy: number, held: ToolGesture | null}} SelectGesture reshape: `now` is a shape in percent; pan: `held` goes
 *   on afterwards
 * @typedef {SelectGesture | ToolGesture} Gesture
 * @typedef {{x: number, y: number, sx: number, sy: number, rotate: number}} Change about x, y in natural pixels: scaled by sx, sy, then turned by degrees
 * @typedef {{intent: import('./types.js').Intent} | {copy: {dx: number, dy: number}} | {gesture: ToolGesture} | {select: string[], extend: boolean}
 *   | {click: string[], extend: boolean} | {area: Bounds} | {vertex: string | null}} Effect intent: ready but for ids and the object; click:
 *   candidates under the pointer, the host cycles; vertex: a corner was picked
 */

const TURN_STEP = 15
const LEAST_SCALE = 0.01

/** @param {Gesture | null} gesture @returns {gesture is ToolGesture} */
export const drawing = (gesture) => !!gesture && 'tool' in gesture

/** @param {Gesture | null} gesture @param {Point} point @param {Context} context @returns {Gesture | null} */
export function press(gesture, point, context) {
  if (point.pan) return { kind: 'pan', sx: point.sx, sy: point.sy, dx: 0, dy: 0, held: drawing(gesture) ? gesture : null }
  if (drawing(gesture)) return imageTool(gesture.tool)?.press(gesture, point, context) ?? null
  if (context.handle && !context.readonly) {
    const pulled = pull(context.handle, point, context)
    if (pulled) return pulled
  }
  const tool = context.readonly || context.tool.tool === 'select' ? undefined : imageTool(context.tool.tool)
  if (tool && !(point.ctrl && context.hits.length) && (!point.shift || tool.shifts)) return tool.press(null, point, context)
  return { kind: 'press', start: point, hits: context.hits, shift: !!point.shift }
}

/** A handle is taken hold of. @param {string} handle @param {Point} point @param {Context} context @returns {SelectGesture | null} */
function pull(handle, point, context) {
  if (context.frame && context.selected.length > 1) {
    return { kind: 'transform', handle, frame: context.frame, change: { x: 0, y: 0, sx: 1, sy: 1, rotate: 0 } }
  }
  const [region] = context.selected
  const box = region && context.boxes.get(region.id)
  if (!region || !box) return null
  if (region.kind === 'rectangle') return { kind: 'resize', id: region.id, handle, before: box, now: box }
  const taken = context.edit?.taken(region, handle, point, context)
  return taken ? { kind: 'reshape', id: region.id, region, start: point, far: false, ...taken } : null
}

/** @param {Gesture | null} gesture @param {Point} point @param {Context} context @returns {Gesture | null} */
export function move(gesture, point, context) {
  if (!gesture) return null
  if (drawing(gesture)) return imageTool(gesture.tool)?.move(gesture, point, context) ?? null
  switch (gesture.kind) {
    case 'press': {
      const { start } = gesture
      if (!far(start, point)) return gesture
      if (gesture.shift) return { kind: 'band', ax: start.x, ay: start.y, bx: point.x, by: point.y }
      if (!context.readonly && gesture.hits.some((id) => context.boxes.has(id))) {
        return move({ kind: 'move', start, before: context.boxes, dx: 0, dy: 0, copy: !!start.alt }, point, context)
      }
      return { kind: 'pan', sx: point.sx, sy: point.sy, dx: point.sx - start.sx, dy: point.sy - start.sy, held: null }
    }
    case 'band':
      return { ...gesture, bx: point.x, by: point.y }
    case 'move': {
      let dx = point.x - gesture.start.x
      let dy = point.y - gesture.start.y
      for (const box of gesture.before.values()) {
        const to = moved(box, dx, dy, context.width, context.height)
        dx = to.x - box.x
        dy = to.y - box.y
      }
      const [first] = gesture.before.values()
      if (context.snap && !first.r) [dx, dy] = [Math.round(first.x + dx) - first.x, Math.round(first.y + dy) - first.y]
      return { ...gesture, dx, dy }
    }
    case 'resize': {
      if (gesture.handle === 'rotate') {
        const angle = angleTo(gesture.before, point.x, point.y)
        return { ...gesture, now: turned(gesture.before, point.shift ? Math.round(angle / TURN_STEP) * TURN_STEP : angle) }
      }
      const inside = gesture.before.r ? point : { x: Math.min(Math.max(point.x, 0), context.width), y: Math.min(Math.max(point.y, 0), context.height) }
      const now = resized(gesture.before, gesture.handle, inside.x, inside.y)
      return { ...gesture, now: context.snap ? onPixels(now) : now }
    }
    case 'reshape': {
      if (!gesture.far && !far(gesture.start, point)) return gesture
      return { ...gesture, far: true, now: context.edit?.pulled(gesture.region, gesture.now, gesture.handle, point, context) ?? gesture.now }
    }
    case 'transform':
      return { ...gesture, change: changed(gesture.frame, gesture.handle, point) }
    case 'pan':
      return { ...gesture, sx: point.sx, sy: point.sy, dx: point.sx - gesture.sx, dy: point.sy - gesture.sy }
  }
}

/** @param {Point} a @param {Point} b */
const far = (a, b) => Math.hypot(b.sx - a.sx, b.sy - a.sy) >= DRAG

/** What a handle of the frame does to all that is in it: corners keep the proportions, Shift leaves them free; turning in steps with Shift.
 * @param {Frame} frame @param {string} handle @param {Point} point @returns {Change} */
function changed(frame, handle, point) {
  const [w, h] = [frame.maxX - frame.minX, frame.maxY - frame.minY]
  const [cx, cy] = [frame.minX + w / 2, frame.minY + h / 2]
  if (handle === 'rotate') {
    const angle = angleTo({ x: frame.minX, y: frame.minY, w, h, r: 0 }, point.x, point.y)
    return { x: cx, y: cy, sx: 1, sy: 1, rotate: point.shift ? Math.round(angle / TURN_STEP) * TURN_STEP : angle }
  }
  const x = handle.includes('w') ? frame.maxX : handle.includes('e') ? frame.minX : cx
  const y = handle.includes('n') ? frame.maxY : handle.includes('s') ? frame.minY : cy
  let sx = x === cx || !w ? 1 : Math.max(LEAST_SCALE, Math.abs(point.x - x) / w)
  let sy = y === cy || !h ? 1 : Math.max(LEAST_SCALE, Math.abs(point.y - y) / h)
  if (handle.length === 2 && !point.shift) sx = sy = Math.max(sx, sy)
  return { x, y, sx, sy, rotate: 0 }
}

/** @param {Gesture | null} gesture @param {Point} point @param {Context} context @param {number} scale stage pixels per natural pixel @returns {{gesture: Gesture | null, effect: Effect | null}} */
export function release(gesture, point, context, scale) {
  const done = (/** @type {Effect | null} */ effect) => ({ gesture: null, effect })
  if (!gesture) return done(null)
  if (drawing(gesture)) return imageTool(gesture.tool)?.release(gesture, point, context, scale) ?? done(null)
  const { width, height } = context
  switch (gesture.kind) {
    case 'press':
      if (gesture.hits.length) return done({ click: gesture.hits, extend: gesture.shift })
      return done(gesture.shift || !context.selection.length ? null : { select: [], extend: false })
    case 'band':
      return done({ area: boundsOf(gesture) })
    case 'move': {
      const { before, dx, dy } = gesture
      if (!dx && !dy) return done(null)
      if (gesture.copy) return done({ copy: { dx, dy } })
      const [[id, box]] = before
      const whole = before.size === 1 && context.selected.find((region) => region.id === id)?.kind === 'rectangle'
      if (!whole) return done({ intent: { type: 'transform', dx, dy } })
      return done({ intent: { type: 'edit_region', region: id, shape: toPercent({ ...box, x: box.x + dx, y: box.y + dy }, width, height) } })
    }
    case 'resize':
      if (gesture.now === gesture.before || !gesture.now.w || !gesture.now.h) return done(null)
      return done({ intent: { type: 'edit_region', region: gesture.id, shape: toPercent(gesture.now, width, height) } })
    case 'reshape':
      if (gesture.now === gesture.region.shape) return done({ vertex: gesture.handle })
      return done({ intent: { type: 'edit_region', region: gesture.id, shape: gesture.now } })
    case 'transform': {
      const { x, y, sx, sy, rotate } = gesture.change
      const about = [(x * 100) / width, (y * 100) / height]
      if (rotate) return done({ intent: { type: 'transform', rotate, about } })
      return done(sx === 1 && sy === 1 ? null : { intent: { type: 'transform', scale: { x: sx, y: sy }, about } })
    }
    case 'pan':
      return { gesture: gesture.held, effect: null }
  }
}

/** @param {{ax: number, ay: number, bx: number, by: number}} band @returns {Bounds} */
export const boundsOf = (band) => ({
  minX: Math.min(band.ax, band.bx), minY: Math.min(band.ay, band.by), maxX: Math.max(band.ax, band.bx), maxY: Math.max(band.ay, band.by),
})

/** Which of several regions under the pointer a repeated click means: the one after the selected one. @param {string[]} hits @param {string[]} selection */
export function cycled(hits, selection) {
  const at = selection.length === 1 ? hits.indexOf(selection[0]) : -1
  return hits[(at + 1) % hits.length]
}
