/**
 * Offsets of one text in both countings: CodeMirror counts UTF-16 units, everything in Python counts code points. They
 * differ behind characters such as emoji, which are two units and one code point.
 */
export class Offsets {
  /** Unit offsets of the characters that are two units, ascending. @type {number[]} */ #wide = []

  /** @param {string} text */
  constructor(text) {
    for (const { index } of text.matchAll(/[\ud800-\udbff][\udc00-\udfff]/g)) this.#wide.push(index)
  }

  /** @param {number} units @returns {number} code points */
  points(units) {
    return units - this.#before((wide) => wide < units)
  }

  /** @param {number} points @returns {number} UTF-16 units */
  units(points) {
    return points + this.#before((wide, place) => wide - place < points)
  }

  /** How many wide characters come before a place. @param {(wide: number, place: number) => boolean} isBefore */
  #before(isBefore) {
    let [low, high] = [0, this.#wide.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (isBefore(this.#wide[middle], middle)) low = middle + 1
      else high = middle
    }
    return low
  }
}
