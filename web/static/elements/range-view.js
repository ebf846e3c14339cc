/** Which part of a line (seconds, samples, days) is looked at. Pure. */
export class RangeView {
  /** @param {number} least @param {number} most the whole @param {number} [finest] the smallest part that is shown */
  constructor(least, most, finest = (most - least) / 1e6) {
    this.least = least
    this.most = most > least ? most : least + 1
    this.finest = finest || 1e-6
    this.from = this.least
    this.to = this.most
  }

  get span() {
    return this.to - this.from
  }

  get whole() {
    return this.from <= this.least && this.to >= this.most
  }

  /** @param {number} value @param {number} width pixels */
  x(value, width) {
    return ((value - this.from) / this.span) * width
  }

  /** @param {number} x @param {number} width pixels */
  value(x, width) {
    return this.from + (x / width) * this.span
  }

  /** Shows a part; kept inside the whole, with its length where that is possible. @param {number} from @param {number} to */
  show(from, to) {
    const span = Math.min(Math.max(to - from, this.finest), this.most - this.least)
    const middle = to - from < this.finest ? (from + to) / 2 - span / 2 : from
    this.from = Math.min(Math.max(middle, this.least), this.most - span)
    this.to = this.from + span
    return this
  }

  /** What is at a value stays there. @param {number} value @param {number} factor above 1: closer */
  zoom(value, factor) {
    const span = Math.min(Math.max(this.span / factor, this.finest), this.most - this.least)
    const from = value - ((value - this.from) / this.span) * span
    return this.show(from, from + span)
  }

  /** @param {number} by */
  pan(by) {
    return this.show(this.from + by, this.to + by)
  }

  /** Moves so that a value is in sight, and shows what comes after it. @param {number} value @returns {boolean} whether it had to */
  follow(value) {
    if (value >= this.from && value <= this.to) return false
    this.show(value - this.span * 0.1, value + this.span * 0.9)
    return true
  }

  /** @param {number} from @param {number} to @returns {boolean} whether it had to */
  reveal(from, to) {
    if (from >= this.from && to <= this.to) return false
    const span = Math.max(this.span, (to - from) * 1.25)
    const middle = (from + to) / 2
    this.show(middle - span / 2, middle + span / 2)
    return true
  }
}
