import { angleTo, between, moved, onPixels, resized, turned } from './geometry.js'

/**
 * What pointers do on an image, as a small state machine over plain data: `press`, `move`, `release` take a state and give the next
 * one. Nothing here knows a canvas or an event; nothing here decides what a gesture means for the answer.
 *
 * @typedef {import('./geometry.js').Box} Box
 * @typedef {{x: number, y: number, sx: number, sy: number, shift?: boolean, pan?: boolean}} Point x, y: natural pixels; sx, sy: stage
 *   pixels; pan: space, middle button or two fingers
 * @typedef {{width: number, height: number, draw: boolean, readonly: boolean, snap: boolean,
 *   hits: string[], handle: string | null, selection: string[], boxes: Map<string, Box>}} Context
 *   draw: a press starts a box; hits: regions under the point, best first; handle: of the one selected region, or 'rotate'; boxes: of the
 *   selected regions that may be changed
 * @typedef {{kind: 'press', start: Point, hits: string[], shift: boolean, draw: boolean}
 *   | {kind: 'draw', ax: number, ay: number, bx: number, by: number, clicks: boolean}
 *   | {kind: 'move', start: Point, before: Map<string, Box>, now: Map<string, Box>, dx: number, dy: number}
 *   | {kind: 'resize', id: string, handle: string, before: Box, now: Box}
 *   | {kind: 'band', ax: number, ay: number, bx: number, by: number}
 *   | {kind: 'pan', sx: number, sy: number, dx: number, dy: number}} Gesture
 * @typedef {{add: Box} | {edit: {id: string, box: Box}} | {nudge: {dx: number, dy: number}} | {select: string[], extend: boolean}
 *   | {click: string[], extend: boolean} | {area: import('./geometry.js').Bounds}} Effect click: candidates under the pointer, the host cycles
 */

const DRAG = 4 // stage pixels before a press becomes a drag
const LEAST = 3 // stage pixels that a new box needs in each direction
const TURN_STEP = 15

/** @param {Gesture | null} gesture @param {Point} point @param {Context} context @returns {Gesture | null} */
export function press(gesture, point, context) {
  if (point.pan) return { kind: 'pan', sx: point.sx, sy: point.sy, dx: 0, dy: 0 }
  if (gesture?.kind === 'draw' && gesture.clicks) return { ...gesture, bx: point.x, by: point.y }
  const only = context.selection.length === 1 ? context.boxes.get(context.selection[0]) : undefined
  if (context.handle && only && !context.readonly) {
    return { kind: 'resize', id: context.selection[0], handle: context.handle, before: only, now: only }
  }
  return { kind: 'press', start: point, hits: context.hits, shift: !!point.shift, draw: context.draw && !context.readonly }
}

/** @param {Gesture | null} gesture @param {Point} point @param {Context} context @returns {Gesture | null} */
export function move(gesture, point, context) {
  if (!gesture) return null
  switch (gesture.kind) {
    case 'press': {
      if (Math.hypot(point.sx - gesture.start.sx, point.sy - gesture.start.sy) < DRAG) return gesture
      const { start } = gesture
      if (gesture.draw) return { kind: 'draw', ax: start.x, ay: start.y, bx: point.x, by: point.y, clicks: false }
      if (gesture.shift) return { kind: 'band', ax: start.x, ay: start.y, bx: point.x, by: point.y }
      if (!context.readonly && gesture.hits.some((id) => context.boxes.has(id))) {
        return move({ kind: 'move', start, before: context.boxes, now: context.boxes, dx: 0, dy: 0 }, point, context)
      }
      return { kind: 'pan', sx: point.sx, sy: point.sy, dx: point.sx - start.sx, dy: point.sy - start.sy }
    }
    case 'draw':
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
      const now = new Map()
      for (const [id, box] of gesture.before) {
        const to = { ...box, x: box.x + dx, y: box.y + dy }
        now.set(id, context.snap ? { ...onPixels(to), w: box.w, h: box.h, r: box.r } : to)
      }
      return { ...gesture, now, dx, dy }
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
    case 'pan':
      return { kind: 'pan', sx: point.sx, sy: point.sy, dx: point.sx - gesture.sx, dy: point.sy - gesture.sy }
  }
}

/** @param {Gesture | null} gesture @param {Point} point @param {Context} context @param {number} scale stage pixels per natural pixel @returns {{gesture: Gesture | null, effect: Effect | null}} */
export function release(gesture, point, context, scale) {
  const done = (/** @type {Effect | null} */ effect) => ({ gesture: null, effect })
  if (!gesture) return done(null)
  switch (gesture.kind) {
    case 'press':
      // A click on a region picks it, also while boxes are drawn; elsewhere it sets the first corner of a box.
      if (gesture.hits.length) return done({ click: gesture.hits, extend: gesture.shift })
      if (gesture.draw) {
        return { gesture: { kind: 'draw', ax: gesture.start.x, ay: gesture.start.y, bx: point.x, by: point.y, clicks: true }, effect: null }
      }
      return done(gesture.shift || !context.selection.length ? null : { select: [], extend: false })
    case 'draw': {
      const box = drawn(gesture, context)
      const enough = box.w * scale >= LEAST && box.h * scale >= LEAST
      if (!enough) return gesture.clicks ? { gesture, effect: null } : done(null)
      return done({ add: box })
    }
    case 'band':
      return done({ area: boundsOf(gesture) })
    case 'move':
      if (!gesture.dx && !gesture.dy) return done(null)
      if (gesture.now.size === 1) {
        const [[id, box]] = gesture.now
        return done({ edit: { id, box } })
      }
      return done({ nudge: { dx: gesture.dx, dy: gesture.dy } })
    case 'resize':
      if (gesture.now === gesture.before || !gesture.now.w || !gesture.now.h) return done(null)
      return done({ edit: { id: gesture.id, box: gesture.now } })
    case 'pan':
      return done(null)
  }
}

/** The box that a draw gesture shows. @param {Extract<Gesture, {kind: 'draw'}>} gesture @param {{width: number, height: number, snap: boolean}} context @returns {Box} */
export function drawn(gesture, context) {
  const box = between(gesture.ax, gesture.ay, gesture.bx, gesture.by, context.width, context.height)
  return context.snap ? onPixels(box) : box
}

/** @param {{ax: number, ay: number, bx: number, by: number}} band @returns {import('./geometry.js').Bounds} */
export const boundsOf = (band) => ({
  minX: Math.min(band.ax, band.bx), minY: Math.min(band.ay, band.by), maxX: Math.max(band.ax, band.bx), maxY: Math.max(band.ay, band.by),
})

/** Which of several regions under the pointer a repeated click means: the one after the selected one. @param {string[]} hits @param {string[]} selection */
export function cycled(hits, selection) {
  const at = selection.length === 1 ? hits.indexOf(selection[0]) : -1
  return hits[(at + 1) % hits.length]
}
