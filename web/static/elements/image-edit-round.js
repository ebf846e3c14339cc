import { TURN_INSIDE } from './image-painter.js'

/** Handles of ellipses and key points. Pure; see image-edit.js. */

const RADIANS = Math.PI / 180
const TURN_STEP = 15
const TURN_REACH = 28 // stage pixels from an ellipse to its rotating handle
const SIZE_REACH = 12 // stage pixels from a key point to the handle of its size
/** quarter turns clockwise from the axis of radiusX @type {Record<string, number>} */
const SIDES = { e: 0, s: 1, w: 2, n: 3 }

/** Centre and radii in natural pixels. @param {any} shape @param {{width: number, height: number}} size */
const inPixels = (shape, { width, height }) => ({
  cx: (shape.x * width) / 100, cy: (shape.y * height) / 100, rx: (shape.radiusX * width) / 100, ry: (shape.radiusY * height) / 100, turn: (shape.rotation ?? 0) * RADIANS,
})

/** @type {import('./image-edit.js').Editor} */
export const round = {
  handles(shape, size, control) {
    const { cx, cy, rx, ry, turn } = inPixels(shape, size)
    /** @type {(along: number, down: number) => [number, number]} */
    const at = (along, down) => [cx + along * Math.cos(turn) - down * Math.sin(turn), cy + along * Math.sin(turn) + down * Math.cos(turn)]
    /** @type {import('./image-edit.js').Handle[]} */
    const found = Object.entries({ e: at(rx, 0), s: at(0, ry), w: at(-rx, 0), n: at(0, -ry) }).map(([name, [x, y]]) => ({ name, x, y, look: 'corner' }))
    if (control?.can_rotate === false) return found
    const far = TURN_REACH / size.scale
    const out = at(0, -ry - far)
    const [x, y] = size.shows?.(...out) === false ? at(0, Math.min(far, 2 * ry * TURN_INSIDE) - ry) : out
    return [...found, { name: 'rotate', x, y, look: 'turn', from: at(0, -ry) }]
  },
  pulled(shape, handle, point, context) {
    const { cx, cy, turn } = inPixels(shape, context)
    const [dx, dy] = [point.x - cx, point.y - cy]
    if (handle === 'rotate') {
      const angle = Math.atan2(dx, -dy) / RADIANS
      const turned = point.shift ? Math.round(angle / TURN_STEP) * TURN_STEP : angle
      return { ...shape, rotation: (turned + 360) % 360 }
    }
    const across = Math.abs(dx * Math.cos(turn) + dy * Math.sin(turn))
    const down = Math.abs(dy * Math.cos(turn) - dx * Math.sin(turn))
    const level = SIDES[handle] % 2 === 0
    const radius = Math.max(0.5, level ? across : down)
    return {
      ...shape,
      ...(level || point.shift ? { radiusX: (radius * 100) / context.width } : {}),
      ...(!level || point.shift ? { radiusY: (radius * 100) / context.height } : {}),
    }
  },
}

/** @type {import('./image-edit.js').Editor} */
export const keypoint = {
  handles(shape, size) {
    const radius = Math.max(((shape.width ?? 0) * size.width) / 200, 4 / size.scale)
    const [x, y] = [(shape.x * size.width) / 100, (shape.y * size.height) / 100]
    return [
      { name: 'size', x: x + radius + SIZE_REACH / size.scale, y, look: 'round', from: [x + radius, y] },
    ]
  },
  pulled(shape, _handle, point, context) {
    const radius = Math.max(0.5, point.x - (shape.x * context.width) / 100 - SIZE_REACH / context.scale)
    return { ...shape, width: (radius * 200) / context.width }
  },
}
