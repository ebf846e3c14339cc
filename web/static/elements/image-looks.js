/**
 * How a person looks at a picture: light, grid, crosshair … None of it changes an answer. Kept for the object of a config while the browser
 * is open, so that the next task looks the same.
 *
 * @typedef {object} Look
 * @property {number} brightness percent
 * @property {number} contrast percent
 * @property {number} gamma above 1: the dark parts become brighter
 * @property {boolean} invert
 * @property {[number, number] | null} window of original values that is shown; null: as the file has it
 * @property {boolean} [smoothing] undefined: smooth until single pixels can be seen
 * @property {boolean} [grid] undefined, here and below: as the config says
 * @property {boolean} [crosshair]
 * @property {boolean} minimap while a part is shown
 * @property {boolean} readout place and colour of the pixel under the pointer
 */

/** @type {Readonly<Look>} */
export const NORMAL = Object.freeze({ brightness: 100, contrast: 100, gamma: 1, invert: false, window: null, minimap: true, readout: false })
/** What "back to normal" puts back. */
const LIGHT = /** @type {const} */ (['brightness', 'contrast', 'gamma', 'invert', 'window'])

/** @param {Look} look @returns {Look} */
export const unlit = (look) => ({ ...look, ...Object.fromEntries(LIGHT.map((name) => [name, NORMAL[name]])) })

/** @param {Look} look @returns {boolean} the picture is as its file has it */
export const isPlain = (look) => LIGHT.every((name) => look[name] === NORMAL[name])

/** @param {string} key @returns {Look} */
export function remembered(key) {
  try {
    return { ...NORMAL, ...JSON.parse(sessionStorage.getItem(`kite-look:${key}`) ?? '{}') }
  } catch {
    return { ...NORMAL } // storage is forbidden here, or holds something else
  }
}

/** @param {string} key @param {Look} look */
export function remember(key, look) {
  try {
    sessionStorage.setItem(`kite-look:${key}`, JSON.stringify(look))
  } catch {
    // it is remembered on this page only
  }
}
