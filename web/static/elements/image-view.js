/** Which part of the image is on the screen: natural pixels, turned by quarter turns, mirrored, scaled, then shifted. Pure numbers. */

export const MAX_SCALE = 40
export const MIN_SCALE = 0.05 // an image that does not fit at this scale can be made as small as it must be
const MARGIN = 8
const REGION_SHARE = 0.6 // of the stage, for a region that is zoomed to
const MAX_FIT = 4 // a thumbnail is enlarged this much at most when it is fitted

export class ImageView {
  scale = 1
  tx = 0
  ty = 0
  /** quarter turns clockwise, 0..3; turns the view only, never coordinates */
  turn = 0
  /** mirrored left and right as it is seen, after the quarter turns; the view only */
  flip = false
  /** size of the stage, as it was last settled in @type {[number, number]} */
  room = [Infinity, Infinity]

  /** @param {number} width natural pixels @param {number} height */
  constructor(width, height) {
    this.width = width
    this.height = height
  }

  clone() {
    return Object.assign(new ImageView(this.width, this.height), this)
  }

  /** Size of the image after its quarter turns, in natural pixels. @returns {[number, number]} */
  get turned() {
    return this.turn % 2 ? [this.height, this.width] : [this.width, this.height]
  }

  /** @param {number} x @param {number} y natural pixels @returns {[number, number]} pixels of the stage */
  toScreen(x, y) {
    const [u, v] = this.turn === 0 ? [x, y] : this.turn === 1 ? [this.height - y, x] : this.turn === 2 ? [this.width - x, this.height - y] : [y, this.width - x]
    return [(this.flip ? this.turned[0] - u : u) * this.scale + this.tx, v * this.scale + this.ty]
  }

  /** @param {number} sx @param {number} sy pixels of the stage @returns {[number, number]} natural pixels */
  toImage(sx, sy) {
    const seen = (sx - this.tx) / this.scale
    const u = this.flip ? this.turned[0] - seen : seen
    const v = (sy - this.ty) / this.scale
    return this.turn === 0 ? [u, v] : this.turn === 1 ? [v, this.height - u] : this.turn === 2 ? [this.width - u, this.height - v] : [this.width - v, u]
  }

  /** For a canvas: [a, b, c, d, e, f] from natural pixels to stage pixels. @returns {[number, number, number, number, number, number]} */
  matrix() {
    const s = this.scale
    const m = this.flip ? -s : s // of what goes to the right
    const [e, f] = this.toScreen(0, 0)
    return this.turn === 0 ? [m, 0, 0, s, e, f] : this.turn === 1 ? [0, s, -m, 0, e, f] : this.turn === 2 ? [-m, 0, 0, -s, e, f] : [0, -s, m, 0, e, f]
  }

  /** Turns what is seen by a quarter clockwise, mirrored or not. */
  quarter() {
    this.turn = (this.turn + (this.flip ? 3 : 1)) % 4
    return this
  }

  /** Mirrors what is seen about the middle of the stage. @param {number} vw @param {number} vh size of the stage */
  mirror(vw, vh) {
    this.flip = !this.flip
    this.tx = vw - this.tx - this.turned[0] * this.scale
    return this.settle(vw, vh)
  }

  /** The natural pixels that a stage shows. @param {number} vw @param {number} vh @returns {import('./geometry.js').Bounds} */
  visible(vw, vh) {
    const [ax, ay] = this.toImage(0, 0)
    const [bx, by] = this.toImage(vw, vh)
    return { minX: Math.min(ax, bx), minY: Math.min(ay, by), maxX: Math.max(ax, bx), maxY: Math.max(ay, by) }
  }

  /** Whether a place is on the stage. @param {number} sx @param {number} sy stage pixels */
  shows(sx, sy) {
    return sx >= 0 && sy >= 0 && sx <= this.room[0] && sy <= this.room[1]
  }

  /** The scale that shows all of the image. @param {number} vw @param {number} vh */
  fitScale(vw, vh) {
    const [w, h] = this.turned
    return Math.min(Math.max(1, vw - 2 * MARGIN) / w, Math.max(1, vh - 2 * MARGIN) / h, MAX_FIT)
  }

  /** @param {number} vw @param {number} vh size of the stage */
  fit(vw, vh) {
    this.scale = this.fitScale(vw, vh)
    return this.#centre(vw, vh)
  }

  /** Scales by `factor` so that the point under (sx, sy) stays there. @param {number} sx @param {number} sy @param {number} factor @param {number} vw @param {number} vh */
  zoomAt(sx, sy, factor, vw, vh) {
    const least = Math.min(this.fitScale(vw, vh), MIN_SCALE)
    const scale = Math.min(Math.max(this.scale * factor, least), MAX_SCALE)
    const k = scale / this.scale
    this.tx = sx - (sx - this.tx) * k
    this.ty = sy - (sy - this.ty) * k
    this.scale = scale
    return factor < 1 && scale <= this.fitScale(vw, vh) ? this.#centre(vw, vh) : this.settle(vw, vh)
  }

  /** An axis that is seen whole stays where it is. @param {number} dx @param {number} dy stage pixels @param {number} vw @param {number} vh */
  pan(dx, dy, vw, vh) {
    const [w, h] = this.turned
    return this.shift(w * this.scale <= vw ? 0 : dx, h * this.scale <= vh ? 0 : dy, vw, vh)
  }

  /** @param {number} dx @param {number} dy stage pixels @param {number} vw @param {number} vh */
  shift(dx, dy, vw, vh) {
    this.tx += dx
    this.ty += dy
    return this.settle(vw, vh)
  }

  /** Keeps an axis that has room inside the stage; otherwise lets the image go no further than its middle. @param {number} vw @param {number} vh */
  settle(vw, vh) {
    const [w, h] = this.turned
    this.room = [vw, vh]
    this.tx = within(this.tx, w * this.scale, vw)
    this.ty = within(this.ty, h * this.scale, vh)
    return this
  }

  /** @param {number} vw @param {number} vh */
  #centre(vw, vh) {
    const [w, h] = this.turned
    this.room = [vw, vh]
    this.tx = (vw - w * this.scale) / 2
    this.ty = (vh - h * this.scale) / 2
    return this
  }

  /** Puts some bounds in the middle of the stage, as large as they can be looked at with what is around them.
   * @param {import('./geometry.js').Bounds} target @param {number} vw @param {number} vh */
  frame(target, vw, vh) {
    const [w, h] = [target.maxX - target.minX, target.maxY - target.minY]
    const [tw, th] = this.turn % 2 ? [h, w] : [w, h]
    const wanted = REGION_SHARE * Math.min(vw / Math.max(tw, 1), vh / Math.max(th, 1))
    this.scale = Math.min(Math.max(wanted, Math.min(this.fitScale(vw, vh), MIN_SCALE)), MAX_SCALE)
    const [mx, my] = this.toScreen((target.minX + target.maxX) / 2, (target.minY + target.maxY) / 2)
    return this.shift(vw / 2 - mx, vh / 2 - my, vw, vh)
  }

  /** Shifts (and zooms out if needed) so that some bounds can be seen. @param {import('./geometry.js').Bounds} target @param {number} vw @param {number} vh @returns {boolean} whether anything had to change */
  reveal(target, vw, vh) {
    const [ax, ay] = this.toScreen(target.minX, target.minY)
    const [bx, by] = this.toScreen(target.maxX, target.maxY)
    const [x0, x1, y0, y1] = [Math.min(ax, bx), Math.max(ax, bx), Math.min(ay, by), Math.max(ay, by)]
    if (x0 >= 0 && y0 >= 0 && x1 <= vw && y1 <= vh) return false
    const shrink = Math.min(1, (vw * 0.8) / Math.max(1, x1 - x0), (vh * 0.8) / Math.max(1, y1 - y0))
    if (shrink < 1) this.zoomAt((x0 + x1) / 2, (y0 + y1) / 2, shrink, vw, vh)
    const [mx, my] = this.toScreen((target.minX + target.maxX) / 2, (target.minY + target.maxY) / 2)
    this.shift(vw / 2 - mx, vh / 2 - my, vw, vh)
    return true
  }
}

/** @param {number} offset @param {number} size @param {number} room */
function within(offset, size, room) {
  if (size <= room) return Math.min(Math.max(offset, 0), room - size)
  return Math.min(Math.max(offset, room / 2 - size), room / 2)
}
