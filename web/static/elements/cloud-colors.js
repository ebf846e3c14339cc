/** Colours of points. Pure. */

/** A scale that is read the same by those who do not tell red from green, dark to light. @type {[number, number, number][]} */
const SCALE = [[72, 40, 120], [62, 74, 137], [49, 104, 142], [38, 130, 142], [31, 158, 137], [53, 183, 121], [109, 205, 89], [180, 222, 44], [253, 231, 37]]
const PLAIN = [150, 160, 168]

/** @typedef {'height' | 'intensity' | 'rgb' | 'none'} ColorBy */

/** What a cloud can be coloured by. @param {import('./cloud-data.js').Cloud} cloud @returns {ColorBy[]} */
export const waysOf = (cloud) => ['height', ...(cloud.intensity ? [/** @type {const} */ ('intensity')] : []), ...(cloud.rgb ? [/** @type {const} */ ('rgb')] : []), 'none']

/** @param {number} share 0..1 @returns {[number, number, number]} */
export function onScale(share) {
  const at = Math.min(Math.max(share, 0), 1) * (SCALE.length - 1)
  const low = SCALE[Math.floor(at)]
  const high = SCALE[Math.min(SCALE.length - 1, Math.floor(at) + 1)]
  const part = at - Math.floor(at)
  return [low[0] + (high[0] - low[0]) * part, low[1] + (high[1] - low[1]) * part, low[2] + (high[2] - low[2]) * part]
}

/** The 2nd and 98th of a hundred: a few outliers must not take the colours. @param {(i: number) => number} value @param {number} count @returns {[number, number]} */
function middle(value, count) {
  const step = Math.max(1, Math.floor(count / 2000))
  const sample = []
  for (let i = 0; i < count; i += step) sample.push(value(i))
  sample.sort((a, b) => a - b)
  const [low, high] = [sample[Math.floor(sample.length * 0.02)], sample[Math.min(sample.length - 1, Math.floor(sample.length * 0.98))]]
  return high > low ? [low, high] : [low, low + 1]
}

/**
 * @param {import('./cloud-data.js').Cloud} cloud @param {ColorBy} by @param {number} up axis that points up, 1 or 2
 * @param {{indexes: number[], color: [number, number, number]}[]} painted points of regions
 * @returns {Uint8Array} r, g, b, 255 in turn
 */
export function colorsOf(cloud, by, up, painted = []) {
  const colors = new Uint8Array(cloud.count * 4)
  const { positions, intensity, rgb } = cloud
  const value = by === 'intensity' && intensity ? (/** @type {number} */ i) => intensity[i] : (/** @type {number} */ i) => positions[i * 3 + up]
  const [low, high] = middle(value, cloud.count)
  for (let i = 0; i < cloud.count; i++) {
    const color = by === 'none' ? PLAIN : by === 'rgb' && rgb ? [rgb[i * 3], rgb[i * 3 + 1], rgb[i * 3 + 2]] : onScale((value(i) - low) / (high - low))
    colors[i * 4] = color[0]
    colors[i * 4 + 1] = color[1]
    colors[i * 4 + 2] = color[2]
    colors[i * 4 + 3] = 255
  }
  for (const { indexes, color } of painted) for (const i of indexes) if (i >= 0 && i < cloud.count) colors.set(color, i * 4)
  return colors
}
