/**
 * Spans by place: an array sorted by start with the furthest end so far beside it, so that a query walks back only as far as a span
 * may still reach. Offsets are UTF-16. Pure.
 *
 * @typedef {{id: string, start: number, end: number, level: number, region: import('./types.js').Region}} Span level: 0.. among the
 *   spans that overlap it, for lines drawn under each other
 */

const LEVELS = 4

export class SpanIndex {
  /** @type {Span[]} sorted by start, longer ones first */
  spans = []
  /** @type {number[]} furthest[i]: the furthest end among spans 0..i */
  #furthest = []

  /** @param {Record<string, import('./types.js').Region>} regions of the whole view @param {string} object */
  constructor(regions, object) {
    for (const id in regions) {
      const region = regions[id]
      if (region.object !== object || region.kind !== 'span' || region.hidden) continue
      this.spans.push({ id, start: region.shape.start16, end: region.shape.end16, level: 0, region })
    }
    this.spans.sort((a, b) => a.start - b.start || b.end - a.end)
    const busy = new Array(LEVELS).fill(-1) // where the last span of each level ends
    let furthest = 0
    for (const span of this.spans) {
      const free = busy.findIndex((end) => end <= span.start)
      span.level = free < 0 ? LEVELS - 1 : free
      busy[span.level] = Math.max(busy[span.level], span.end)
      furthest = Math.max(furthest, span.end)
      this.#furthest.push(furthest)
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
