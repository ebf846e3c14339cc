/**
 * A camera that turns about a point. The world is z-up here; `upright` brings a y-up cloud into it. Pure.
 *
 * @typedef {[number, number, number]} Vector
 */

const VIEW = (50 * Math.PI) / 180 // angle from top to bottom
const STEEP = Math.PI / 2 - 0.001

/** @param {Vector} point @param {boolean} yUp @returns {Vector} */
export const upright = ([x, y, z], yUp) => (yUp ? [x, -z, y] : [x, y, z])

export class CloudCamera {
  /** @type {Vector} what it looks at */
  target = [0, 0, 0]
  /** metres */
  distance = 10
  /** radians about the up axis, 0: looks along +y */
  yaw = 0
  /** radians above the ground */
  pitch = 0.6
  reach = 10

  /** Shows a box of space. @param {Vector} least @param {Vector} most */
  frame(least, most) {
    this.target = [(least[0] + most[0]) / 2, (least[1] + most[1]) / 2, (least[2] + most[2]) / 2]
    this.reach = Math.max(1e-3, Math.hypot(most[0] - least[0], most[1] - least[1], most[2] - least[2]) / 2)
    this.distance = this.reach * 1.4
    return this
  }

  /** @param {'top' | 'side' | 'front' | 'free'} side */
  stand(side) {
    if (side === 'top') [this.yaw, this.pitch] = [0, STEEP]
    else if (side === 'front') [this.yaw, this.pitch] = [Math.PI / 2, 0]
    else if (side === 'side') [this.yaw, this.pitch] = [0, 0]
    else [this.yaw, this.pitch] = [-0.6, 0.55]
    return this
  }

  /** @param {number} yaw @param {number} pitch radians */
  orbit(yaw, pitch) {
    this.yaw += yaw
    this.pitch = Math.min(STEEP, Math.max(-STEEP, this.pitch + pitch))
  }

  /** @param {number} factor above 1: closer */
  zoom(factor) {
    this.distance = Math.min(Math.max(this.distance / factor, this.reach / 2000), this.reach * 20)
  }

  /** The directions right, up and forward of the picture. @returns {[Vector, Vector, Vector]} */
  get axes() {
    const [cy, sy, cp, sp] = [Math.cos(this.yaw), Math.sin(this.yaw), Math.cos(this.pitch), Math.sin(this.pitch)]
    return [[cy, -sy, 0], [sy * sp, cy * sp, cp], [sy * cp, cy * cp, -sp]]
  }

  /** @returns {Vector} */
  get eye() {
    const [, , forward] = this.axes
    return [this.target[0] - forward[0] * this.distance, this.target[1] - forward[1] * this.distance, this.target[2] - forward[2] * this.distance]
  }

  /** Moves sideways so that what is under the pointer follows it. @param {number} dx @param {number} dy pixels @param {number} height of the picture */
  pan(dx, dy, height) {
    const [right, up] = this.axes
    const metres = (2 * Math.tan(VIEW / 2) * this.distance) / height
    for (let i = 0; i < 3; i++) this.target[i] += (-dx * right[i] + dy * up[i]) * metres
  }

  /** For a renderer: column by column, from the world to the cube that is shown. @param {number} width @param {number} height @returns {Float32Array} 16 numbers */
  matrix(width, height) {
    const [right, up, forward] = this.axes
    const { eye } = this
    const dot = (/** @type {Vector} */ a, /** @type {Vector} */ b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
    const f = 1 / Math.tan(VIEW / 2)
    const [near, far] = [this.distance / 1000 + this.reach / 5000, this.distance + this.reach * 40]
    const [sx, sy, a, b] = [(f * height) / Math.max(1, width), f, (far + near) / (far - near), (-2 * far * near) / (far - near)]
    const row = (/** @type {Vector} */ axis, /** @type {number} */ scale) => [axis[0] * scale, axis[1] * scale, axis[2] * scale, -dot(axis, eye) * scale]
    const [x, y, depth] = [row(right, sx), row(up, sy), row(forward, 1)]
    return new Float32Array([0, 1, 2, 3].flatMap((i) => [x[i], y[i], depth[i] * a + (i === 3 ? b : 0), depth[i]]))
  }

  /** @param {Vector} point @param {Float32Array} matrix @param {number} width @param {number} height @returns {[number, number, number] | null} pixels, and how far away; null: behind */
  static project([x, y, z], matrix, width, height) {
    const w = matrix[3] * x + matrix[7] * y + matrix[11] * z + matrix[15]
    if (w <= 1e-6) return null
    const px = (matrix[0] * x + matrix[4] * y + matrix[8] * z + matrix[12]) / w
    const py = (matrix[1] * x + matrix[5] * y + matrix[9] * z + matrix[13]) / w
    return [((px + 1) / 2) * width, ((1 - py) / 2) * height, w]
  }
}

/** The eight corners of a cuboid: a bottom, then the same of its top. @param {{x: number, y: number, z: number, length: number, width: number, height: number, yaw?: number, pitch?: number, roll?: number}} cuboid centre and size in metres, radians @param {boolean} yUp @returns {Vector[]} upright */
export function cornersOf(cuboid, yUp) {
  const { x, y, z, length, width, height, yaw = 0, pitch = 0, roll = 0 } = cuboid
  const [cy, sy, cp, sp, cr, sr] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch), Math.cos(roll), Math.sin(roll)]
  const centre = upright([x, y, z], yUp)
  /** @type {Vector[]} */
  const found = []
  for (const h of [-0.5, 0.5]) {
    for (const [l, w] of [[0.5, 0.5], [0.5, -0.5], [-0.5, -0.5], [-0.5, 0.5]]) {
      const [a, b, c] = [l * length, w * width, h * height]
      // about x (roll), then y (pitch), then the up axis (yaw)
      const [b1, c1] = [b * cr - c * sr, b * sr + c * cr]
      const [a2, c2] = [a * cp + c1 * sp, -a * sp + c1 * cp]
      found.push([centre[0] + a2 * cy - b1 * sy, centre[1] + a2 * sy + b1 * cy, centre[2] + c2])
    }
  }
  return found
}

/** Pairs of corners that an edge joins; the first four are the front. @type {readonly [number, number][]} */
export const EDGES = Object.freeze([[0, 1], [1, 5], [5, 4], [4, 0], [1, 2], [2, 3], [3, 0], [5, 6], [6, 7], [7, 4], [2, 6], [3, 7]])
