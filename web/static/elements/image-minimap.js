import css from '../styles/image-looking.css' with { type: 'text' }
import { t } from '../app/texts.js'
import { adopt } from './sheet.js'

adopt(css)

const MOST = 168 // pixels of its longer side
const PART = 1.02 // of the stage: as soon as more is hidden than a border, there is something to find

/** A small picture of the whole, with a frame around what the stage shows: press or drag to go there. */
export class ImageMinimap {
  /** @param {import('./image-stage.js').ImageStage} stage @param {HTMLElement} corner @param {() => void} putAway @param {AbortSignal} signal */
  constructor(stage, corner, putAway, signal) {
    this.stage = stage
    this.box = document.createElement('div')
    this.box.className = 'minimap'
    this.box.hidden = true
    this.canvas = document.createElement('canvas')
    this.canvas.setAttribute('aria-hidden', 'true') // the keyboard moves the picture itself
    const close = document.createElement('button')
    Object.assign(close, { type: 'button', className: 'minimap-close', title: t('Put the map away'), textContent: '×' })
    close.setAttribute('aria-label', t('Put the map away'))
    close.addEventListener('click', putAway, { signal })
    this.box.append(this.canvas, close)
    corner.append(this.box)
    this.canvas.addEventListener('pointerdown', (event) => this.#go(event, true), { signal })
    this.canvas.addEventListener('pointermove', (event) => { if (event.buttons & 1) this.#go(event, false) }, { signal })
    signal.addEventListener('abort', () => this.box.remove())
  }
  /** the picture in small, as it is turned @type {HTMLCanvasElement | null} */
  #small = null
  #of = ''
  /** put away */
  off = false
  #scale = 1

  /** The picture is another one, or has more of itself. */
  renew() {
    this.#small = null
    this.draw()
  }

  draw() {
    const { stage, box, canvas } = this
    const { camera, picture } = stage
    const [w, h] = camera.turned
    const hidden = this.off || !picture || (w * camera.scale <= stage.width * PART && h * camera.scale <= stage.height * PART) || stage.width < 3 * MOST || stage.height < 2 * MOST
    box.hidden = hidden
    if (hidden || !picture) return
    const ratio = globalThis.devicePixelRatio || 1
    this.#scale = MOST / Math.max(w, h)
    const [cw, ch] = [Math.max(8, Math.round(w * this.#scale)), Math.max(8, Math.round(h * this.#scale))]
    if (canvas.width !== cw * ratio || canvas.height !== ch * ratio) {
      canvas.width = cw * ratio
      canvas.height = ch * ratio
      canvas.style.width = `${cw}px`
      canvas.style.height = `${ch}px`
    }
    canvas.style.filter = stage.photo.canvas.style.filter
    const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'))
    ctx.setTransform(1, 0, 0, 1, 0, 0)
    ctx.clearRect(0, 0, canvas.width, canvas.height)
    ctx.drawImage(this.#thumbnail(picture, cw * ratio, ch * ratio, ratio), 0, 0)
    const pixel = (/** @type {number} */ natural) => Math.round(natural * this.#scale * ratio)
    const [left, top] = [pixel(Math.max(0, -camera.tx / camera.scale)), pixel(Math.max(0, -camera.ty / camera.scale))]
    const [right, bottom] = [pixel(Math.min(w, (stage.width - camera.tx) / camera.scale)), pixel(Math.min(h, (stage.height - camera.ty) / camera.scale))]
    ctx.fillStyle = 'rgb(0 0 0 / 45%)'
    ctx.fillRect(0, 0, canvas.width, top)
    ctx.fillRect(0, bottom, canvas.width, canvas.height - bottom)
    ctx.fillRect(0, top, left, bottom - top)
    ctx.fillRect(right, top, canvas.width - right, bottom - top)
    ctx.lineWidth = 2 * ratio
    ctx.strokeStyle = '#ffffff'
    ctx.strokeRect(left, top, Math.max(2, right - left), Math.max(2, bottom - top))
  }

  /** @param {import('./image-load.js').Picture} picture @param {number} width @param {number} height device pixels @param {number} ratio */
  #thumbnail(picture, width, height, ratio) {
    const { camera } = this.stage
    const of = `${width} ${height} ${camera.turn} ${camera.flip}`
    if (this.#small && this.#of === of) return this.#small
    const small = document.createElement('canvas')
    small.width = width
    small.height = height
    const ctx = /** @type {CanvasRenderingContext2D} */ (small.getContext('2d'))
    const whole = Object.assign(camera.clone(), { scale: this.#scale * ratio, tx: 0, ty: 0 })
    ctx.setTransform(...whole.matrix())
    ctx.imageSmoothingQuality = 'medium'
    picture.sketch(ctx, whole.scale)
    this.#small = small
    this.#of = of
    return small
  }

  /** @param {PointerEvent} event @param {boolean} first */
  #go(event, first) {
    const { stage, canvas } = this
    event.preventDefault()
    if (first) canvas.setPointerCapture(event.pointerId)
    const [u, v] = [event.offsetX / this.#scale, event.offsetY / this.#scale]
    stage.look((camera) => camera.pan(stage.width / 2 - (u * camera.scale + camera.tx), stage.height / 2 - (v * camera.scale + camera.ty), stage.width, stage.height))
  }
}
