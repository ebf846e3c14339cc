import { pointOf } from './geometry.js'
import { HANDLE_SIZE, handlesOf, rotateHandle } from './image-painter.js'

/** Where the handles of boxes, and of the frame around several regions, are on the stage. Pure. */

/** Stage pixels that a handle takes, for a mouse and for a finger. */
export const HAND = Object.freeze({ mouse: HANDLE_SIZE, touch: 22 })

/** @typedef {{name: string, sx: number, sy: number}} FrameHandle stage pixels */

/** @param {import('./geometry.js').Box} box @param {import('./image-view.js').ImageView} view @param {number} sx @param {number} sy @param {number} reach stage pixels @param {boolean} rotates @returns {string | null} */
export function handleAt(box, view, sx, sy, reach, rotates) {
  if (rotates) {
    const [, [rx, ry]] = rotateHandle(box, view)
    if (Math.hypot(rx - sx, ry - sy) <= reach + 2) return 'rotate'
  }
  for (const handle of handlesOf(box, view)) {
    const [hx, hy] = view.toScreen(...pointOf(box, handle.fx, handle.fy))
    if (Math.abs(hx - sx) <= reach && Math.abs(hy - sy) <= reach) return handle.name
  }
  return null
}

/** @param {import('./image-gestures.js').Frame} frame @returns {import('./geometry.js').Box} */
export const frameBox = (frame) => ({ x: frame.minX, y: frame.minY, w: frame.maxX - frame.minX, h: frame.maxY - frame.minY, r: 0 })

/** @param {import('./image-gestures.js').Frame} frame @param {import('./image-view.js').ImageView} view @returns {FrameHandle[]} */
export function frameHandles(frame, view) {
  const box = frameBox(frame)
  const [, [rx, ry]] = rotateHandle(box, view)
  return [{ name: 'rotate', sx: rx, sy: ry }, ...handlesOf(box, view).map(({ name, fx, fy }) => {
    const [sx, sy] = view.toScreen(...pointOf(box, fx, fy))
    return { name, sx, sy }
  })]
}

/** A point after a change of the frame. @param {import('./image-gestures.js').Change} change @returns {(point: [number, number]) => [number, number]} */
export function changing({ x, y, sx, sy, rotate }) {
  const [cos, sin] = [Math.cos((rotate * Math.PI) / 180), Math.sin((rotate * Math.PI) / 180)]
  return ([px, py]) => {
    const [dx, dy] = [(px - x) * sx, (py - y) * sy]
    return [x + dx * cos - dy * sin, y + dx * sin + dy * cos]
  }
}

/** A box after a change of the frame; one that is turned keeps its right angles, as the engine's does. @param {import('./geometry.js').Box} box @param {import('./image-gestures.js').Change} change @returns {import('./geometry.js').Box} */
export function changedBox(box, change) {
  const [x, y] = changing(change)([box.x, box.y])
  return { x, y, w: box.w * change.sx, h: box.h * change.sy, r: box.r + change.rotate }
}
