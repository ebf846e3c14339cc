/**
 * Spans by place: an array sorted by start with the furthest end so far beside it, so that a query walks back only as far as a span
 * may still reach. Offsets are UTF-16. Pure.
 *
 * @typedef {import('./types.js').Region} Region
 * @typedef {{start16: number, end16: number}} Place
 * @typedef {(region: Region) => Place | null} PlaceOf
 * @typedef {{id: string, start: number, end: number, level: number, region: Region}} Span level: 0.. among the spans that overlap it,
 *   for lines drawn under each other; what is inside another one has the lower level, so that it stands nearer to the text
 */

const LEVELS = 12

/** @type {PlaceOf} */
const ofSpans = (region) => (region.kind === 'span' ? region.shape : null)

export class SpanIndex {
  /** @type {Span[]} sorted by start, longer ones first */
  spans = []
  /** @type {Map<string, Span>} */
  byId = new Map()
  /** @type {number[]} furthest[i]: the furthest end among spans 0..i */
  #furthest = []

  /** @param {Record<string, Region>} regions of the whole view @param {string} object
   * @param {PlaceOf} [placeOf] where a region stands in the text, if it does */
  constructor(regions, object, placeOf = ofSpans) {
    this.object = object
    this.placeOf = placeOf
    for (const id in regions) {
      const region = regions[id]
      const place = this.#place(region)
      if (!place) continue
      const span = { id, start: place.start16, end: place.end16, level: 0, region }
      this.spans.push(span)
      this.byId.set(id, span)
    }
    this.spans.sort((a, b) => a.start - b.start || b.end - a.end)
    let furthest = 0
    for (const span of this.spans) {
      furthest = Math.max(furthest, span.end)
      this.#furthest.push(furthest)
    }
    for (const group of this.#groups()) level(group)
  }

  /** @param {Region} region */
  #place(region) {
    const place = region.object === this.object && !region.hidden ? this.placeOf(region) : null
    return place && place.start16 !== null && place.end16 !== null ? place : null
  }

  /** Whether it still holds: a region that did not change is the same object as before. @param {Record<string, Region>} regions @param {string} object */
  holds(regions, object) {
    if (object !== this.object) return false
    let count = 0
    for (const id in regions) {
      const region = regions[id]
      const known = this.byId.get(id)
      if (known ? known.region !== region : this.#place(region)) return false
      if (known) count++
    }
    return count === this.spans.length
  }

  /** Spans that overlap, directly or through others. @returns {Iterable<Span[]>} */
  *#groups() {
    let first = 0
    for (let at = 1; at <= this.spans.length; at++) {
      if (at < this.spans.length && this.spans[at].start < this.#furthest[at - 1]) continue
      if (at - first > 1) yield this.spans.slice(first, at)
      first = at
    }
  }

  /** Spans that share at least one character with start..end. @param {number} start @param {number} end @returns {Span[]} in order of start */
  over(start, end) {
    const found = []
    for (let at = this.#before(end) - 1; at >= 0 && this.#furthest[at] > start; at--) {
      if (this.spans[at].end > start) found.push(this.spans[at])
    }
    return found.reverse()
  }

  /** Spans under a character, the shortest first. @param {number} offset */
  at(offset) {
    return this.over(offset, offset + 1).sort((a, b) => a.end - a.start - (b.end - b.start))
  }

  /** How many spans start before an offset. @param {number} offset */
  #before(offset) {
    let low = 0
    let high = this.spans.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.spans[middle].start < offset) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Short ones first, each on the lowest line that is free where it stands. @param {Span[]} group */
function level(group) {
  /** starts and ends of what stands on each line, sorted @type {number[][]} */
  const lines = []
  for (const span of [...group].sort((a, b) => a.end - a.start - (b.end - b.start) || a.start - b.start)) {
    let at = 0
    while (at < LEVELS - 1 && lines[at] && !put(lines[at], span)) at++
    if (!lines[at]) put((lines[at] = []), span)
    span.level = at
  }
}

/** @param {number[]} line start, end, start, end … @param {Span} span @returns {boolean} whether there was room */
function put(line, { start, end }) {
  let low = 0
  let high = line.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (line[middle] <= start) low = middle + 1
    else high = middle
  }
  if (low % 2 || line[low] < end) return false
  line.splice(low, 0, start, end)
  return true
}
