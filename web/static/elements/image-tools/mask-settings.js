/** How this person paints masks: kept in this browser, for all tasks. */

const KEY = 'kite-masks'
const START = { size: 24, softness: 0, tip: 'round', pixels: 4, pixelTip: 'square', tolerance: 15, smooth: 2, contiguous: true, fill: false, cut: false }

/** size: diameter of the brush, natural pixels; softness 0..1; pixels, pixelTip: of the bitmask's pen; tolerance 0..100, smooth (pixels), contiguous: of the wand; fill: outlines that
 * close; cut: new paint is taken off the other masks @type {{size: number, softness: number, tip: string, pixels: number, pixelTip: string, tolerance: number, smooth: number, contiguous: boolean, fill: boolean, cut: boolean}} */
export const settings = { ...START, ...kept() }

/** Of each number: least, most. @type {Record<string, [number, number]>} */
export const LIMITS = { size: [2, 2000], pixels: [1, 256], softness: [0, 1], tolerance: [0, 100], smooth: [0, 20] }

function kept() {
  try {
    const found = JSON.parse(globalThis.localStorage?.getItem(KEY) ?? '{}')
    return Object.fromEntries(Object.entries(found).filter(([name, value]) => typeof value === typeof START[/** @type {keyof typeof START} */ (name)]))
  } catch {
    return {} // no storage, or somebody else's: as at first
  }
}

/** @param {Partial<typeof settings>} change */
export function set(change) {
  for (const [name, value] of Object.entries(change)) {
    const limits = LIMITS[name]
    Object.assign(settings, { [name]: limits ? Math.min(Math.max(Number(value) || limits[0], limits[0]), limits[1]) : value })
  }
  try {
    globalThis.localStorage?.setItem(KEY, JSON.stringify(settings))
  } catch {
    // not kept, used all the same
  }
}

/** wands that were in hand */
const met = new Set()

/** A Magicwand tag says with which tolerance and how smooth it begins; what a person changes then holds. @param {import('../types.js').Control | undefined} control */
export function beginAt(control) {
  if (control?.default_threshold === undefined || met.has(control.name)) return
  met.add(control.name)
  set({ tolerance: Math.round((control.default_threshold / 255) * 100), smooth: Number(control.blur_radius ?? settings.smooth) })
}

/** @param {number} tolerance @param {number} way 1 or -1 */
export const nextTolerance = (tolerance, way) => tolerance + way

/** The next size of a pen: an eighth more or less, at least a pixel. @param {number} size @param {number} way 1 or -1 */
export const nextSize = (size, way) => Math.max(1, way > 0 ? Math.max(size + 1, Math.round(size * 1.125)) : Math.min(size - 1, Math.round(size / 1.125)))
