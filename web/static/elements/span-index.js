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
const MANY = 100 // new spans that are sorted in together

/** @param {Span} a @param {Span} b */
const order = (a, b) => a.start - b.start || b.end - a.end || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

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
    this.spans.sort(order)
    this.#reach(0)
    for (const group of this.#groups()) level(group)
  }

  /** @param {Region} region */
  #place(region) {
    const place = region.object === this.object && !region.hidden ? this.placeOf(region) : null
    return place && place.start16 !== null && place.end16 !== null ? place : null
  }

  /**
   * Follows a view: a region that did not change is the same object as before. What changed is put in place, the rest stays as it is.
   * @param {Record<string, Region>} regions of the whole view @returns {boolean} whether anything changed here
   */
  follow(regions) {
    /** @type {Span[]} */
    const gone = []
    /** @type {Map<string, Span>} */
    const fresh = new Map()
    let seen = 0
    for (const id in regions) {
      const known = this.byId.get(id)
      const region = regions[id]
      if (known) seen++
      if (known?.region === region) continue
      if (known) gone.push(known)
      const place = this.#place(region)
      if (place) fresh.set(id, { id, start: place.start16, end: place.end16, level: 0, region })
    }
    if (seen < this.spans.length) gone.push(...this.spans.filter(({ id }) => !(id in regions)))
    if (!gone.length && !fresh.size) return false
    // Another colour or name only: the span stays where it is.
    const moved = gone.filter((span) => {
      const next = fresh.get(span.id)
      if (!next || next.start !== span.start || next.end !== span.end) return true
      span.region = next.region
      fresh.delete(span.id)
      return false
    })
    this.#replace(moved, [...fresh.values()])
    return true
  }

  /** @param {Span[]} gone @param {Span[]} fresh */
  #replace(gone, fresh) {
    if (!gone.length && !fresh.length) return
    let first = this.spans.length
    if (gone.length > MANY) {
      const out = new Set(gone)
      this.spans = this.spans.filter((span) => !out.has(span))
      first = 0
    } else for (const span of gone) {
      const rank = this.#rank(span)
      this.spans.splice(rank, 1)
      first = Math.min(first, rank)
    }
    for (const { id } of gone) this.byId.delete(id)
    for (const span of fresh) this.byId.set(span.id, span)
    if (fresh.length > MANY) {
      this.spans = [...this.spans, ...fresh].sort(order)
      first = 0
    } else for (const span of fresh) {
      const rank = this.#rank(span)
      this.spans.splice(rank, 0, span)
      first = Math.min(first, rank)
    }
    this.#reach(first)
    for (const { start, end } of [...gone, ...fresh]) for (const group of this.#groups(start, end)) level(group)
  }

  /** Where a span is in the order, or belongs. @param {Span} span */
  #rank(span) {
    let low = 0
    let high = this.spans.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (order(this.spans[middle], span) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  /** @param {number} first from which on spans are other ones */
  #reach(first) {
    const { spans } = this
    const furthest = this.#furthest
    furthest.length = spans.length
    let reach = first ? furthest[first - 1] : 0
    for (let at = first; at < spans.length; at++) {
      if (spans[at].end > reach) reach = spans[at].end
      furthest[at] = reach
    }
  }

  /** Spans that overlap, directly or through others; of those that touch a part of the text. @param {number} [start] @param {number} [end] @returns {Iterable<Span[]>} */
  *#groups(start = 0, end = Infinity) {
    let first = start ? this.#before(start) : 0
    while (first > 0 && this.#furthest[first - 1] > start) first--
    while (first > 0 && this.spans[first]?.start < this.#furthest[first - 1]) first--
    for (let at = first + 1; at <= this.spans.length; at++) {
      if (at < this.spans.length && this.spans[at].start < this.#furthest[at - 1]) continue
      yield this.spans.slice(first, at)
      if (this.spans[at]?.start >= end) return
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
  if (group.length === 1) {
    group[0].level = 0
    return
  }
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
