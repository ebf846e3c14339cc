/**
 * Two canvases that follow the view: the photo, and the boxes that stand still. Painting ten thousand boxes takes longer than a
 * frame, so while the view moves a layer that is slow to paint is only shifted and scaled by CSS, and painted anew when it rests.
 */

const SLOW = 6 // milliseconds of painting above which a moving layer is not painted in every frame
const REST = 120 // milliseconds without movement before it is

export class Layer {
  /** @type {import('./image-view.js').ImageView | null} the view it was painted with */
  #painted = null
  #cost = 0
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #resting

  /** @param {HTMLCanvasElement} canvas @param {(ctx: CanvasRenderingContext2D, view: import('./image-view.js').ImageView) => void} paint @param {(again: () => void) => void} schedule runs a callback in the next frame */
  constructor(canvas, paint, schedule) {
    this.canvas = canvas
    this.ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'))
    this.#paint = paint
    this.#schedule = schedule
  }
  #paint
  #schedule

  /** @param {number} width @param {number} height device pixels */
  resize(width, height) {
    if (this.canvas.width === width && this.canvas.height === height) return
    this.canvas.width = width
    this.canvas.height = height
    this.#painted = null
  }

  /** @param {import('./image-view.js').ImageView} view @param {boolean} moving the view is on its way somewhere else */
  draw(view, moving) {
    clearTimeout(this.#resting)
    const old = this.#painted
    if (moving && old && this.#cost > SLOW && old.turn === view.turn && old.flip === view.flip) {
      const k = view.scale / old.scale
      this.canvas.style.transform = `translate(${view.tx - old.tx * k}px, ${view.ty - old.ty * k}px) scale(${k})`
      this.#resting = setTimeout(() => this.#schedule(() => this.draw(view, false)), REST)
      return
    }
    const before = performance.now()
    this.ctx.clearRect(0, 0, this.canvas.width, this.canvas.height)
    this.#paint(this.ctx, view)
    this.#cost = performance.now() - before
    this.#painted = view.clone()
    this.canvas.style.transform = ''
  }

  /** Paints a part anew, in device pixels; everything if the layer is not up to date with the view.
   * @param {import('./image-view.js').ImageView} view @param {[number, number, number, number][]} areas @param {(ctx: CanvasRenderingContext2D, area: [number, number, number, number]) => void} paint */
  patch(view, areas, paint) {
    const old = this.#painted
    if (!old || old.scale !== view.scale || old.tx !== view.tx || old.ty !== view.ty || old.turn !== view.turn || old.flip !== view.flip) {
      this.draw(view, false)
      return
    }
    for (const area of areas) {
      this.ctx.save()
      this.ctx.beginPath()
      this.ctx.rect(...area)
      this.ctx.clip()
      this.ctx.clearRect(...area)
      paint(this.ctx, area)
      this.ctx.restore()
    }
  }

  stop() {
    clearTimeout(this.#resting)
  }
}
