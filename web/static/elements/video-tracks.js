/**
 * Frames of a video and what is marked on them. Frames count from 1. A track's box is drawn as its keyframes have it: at a keyframe
 * exactly, after it as it was there (`held`) until the next one. What lies between is the engine's to say.
 *
 * @typedef {import('./types.js').Region} Region
 * @typedef {{frame: number, enabled?: boolean, x: number, y: number, width: number, height: number, rotation?: number}} Keyframe percent of the picture
 * @typedef {{region: Region, box: Keyframe | null, vertices: {x: number, y: number}[] | null, closed: boolean, held: boolean, layer?: import('./types.js').Layer}} Shown
 * @typedef {{region: Region, first: number, spans: [number, number][], keys: number[]}} Row spans: frames, both ends included; an open end is Infinity
 */

/** Frames a second of a config's `frameRate`: below 1 it is seconds a frame. @param {unknown} given */
export function frameRate(given) {
  const rate = Number(given)
  if (!Number.isFinite(rate) || rate <= 0) return 24
  return rate < 1 ? 1 / rate : rate
}

/** @param {number} seconds @param {number} rate */
export const frameAt = (seconds, rate) => Math.floor(seconds * rate + 1e-3) + 1

/** A time inside a frame, away from its borders, so that a player shows that one. @param {number} frame @param {number} rate @returns {number} seconds */
export const timeOf = (frame, rate) => (frame - 0.5) / rate

/** @param {import('./types.js').View | undefined} view @param {string} object @param {number} frame @returns {Shown[]} in the order of painting */
export function boxesAt(view, object, frame) {
  /** @type {Shown[]} */
  const found = []
  for (const region of Object.values(view?.regions ?? {})) {
    if (region.object !== object || region.hidden || (region.kind !== 'track' && region.kind !== 'vectortrack')) continue
    /** @type {any} */
    let last = null
    for (const key of region.shape.sequence ?? []) if (key.frame <= frame && (!last || key.frame >= last.frame)) last = key
    if (!last || (last.frame !== frame && last.enabled === false)) continue
    const held = last.frame !== frame
    found.push(region.kind === 'track' ? { region, box: last, vertices: null, closed: true, held } : { region, box: null, vertices: last.vertices ?? [], closed: last.closed === true, held })
  }
  return found.sort((a, b) => a.region.n - b.region.n)
}

/** A row of the timeline for each region. @param {import('./types.js').View | undefined} view @param {string} object @returns {Row[]} */
export function rowsOf(view, object) {
  return Object.values(view?.regions ?? {})
    .flatMap((region) => /** @type {Row[]} */ (rowOf(region, object)))
    .sort((a, b) => a.region.n - b.region.n)
}

/** @param {Region} region @param {string} object @returns {Row[]} one, or none */
function rowOf(region, object) {
  if (region.object !== object) return []
  if (region.kind === 'timeline') {
    /** @type {[number, number][]} */
    const spans = (region.shape.ranges ?? []).map((/** @type {{start: number, end: number}} */ { start, end }) => [start, end])
    return spans.length ? [{ region, first: Math.min(...spans.map(([start]) => start)), spans, keys: [] }] : []
  }
  if (region.kind !== 'track' && region.kind !== 'vectortrack') return []
  /** @type {Keyframe[]} */
  const sequence = [...(region.shape.sequence ?? [])].sort((a, b) => a.frame - b.frame)
  if (!sequence.length) return []
  /** @type {[number, number][]} */
  const spans = []
  let from = NaN
  for (const { frame, enabled } of sequence) {
    if (Number.isNaN(from)) from = frame
    if (enabled !== false) continue
    spans.push([from, frame])
    from = NaN
  }
  if (!Number.isNaN(from)) spans.push([from, Infinity])
  return [{ region, first: sequence[0].frame, spans, keys: sequence.map(({ frame }) => frame) }]
}
