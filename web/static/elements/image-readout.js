import css from '../styles/image-looking.css' with { type: 'text' }
import { adopt } from './sheet.js'

adopt(css)

const hex = (/** @type {number} */ value) => value.toString(16).padStart(2, '0')

/** Place and colour of a pixel in words. Pure.
 * @param {number} x @param {number} y natural pixels, whole @param {ArrayLike<number> | null} rgba as drawn @param {number[] | null} values original ones @param {string} unit of them */
export function readout(x, y, rgba, values, unit) {
  const number = (/** @type {number} */ value) => (Number.isInteger(value) ? String(value) : value.toPrecision(5))
  const color = rgba ? `#${hex(rgba[0])}${hex(rgba[1])}${hex(rgba[2])}` : ''
  const original = values ? values.map(number).join(', ') + (unit ? ` ${unit}` : '') : ''
  return { place: `x ${x}  y ${y}`, color, values: original || (rgba ? `${rgba[0]}, ${rgba[1]}, ${rgba[2]}` : '') }
}

/** Place, colour and original value of the pixel under the pointer or the keyboard's cursor, in a corner of the stage. */
export class ImageReadout {
  /** @param {import('./image-stage.js').ImageStage} stage @param {HTMLElement} corner @param {AbortSignal} signal */
  constructor(stage, corner, signal) {
    this.stage = stage
    this.box = document.createElement('p')
    this.box.className = 'readout number'
    this.box.hidden = true
    this.chip = document.createElement('i')
    this.words = document.createElement('span')
    this.box.append(this.chip, this.words)
    corner.append(this.box)
    for (const type of ['pointermove', 'pointerleave', 'keydown', 'wheel']) stage.glass.addEventListener(type, () => this.#ask(), { signal, passive: true })
    signal.addEventListener('abort', () => this.box.remove())
  }
  #frame = 0
  #last = ''
  /** switched off */
  off = false

  #ask() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0
      this.draw()
    })
  }

  draw() {
    const { stage, box } = this
    const { picture, cursor, mouse, camera } = stage
    const at = cursor ? [cursor.x, cursor.y] : mouse ? camera.toImage(mouse.x, mouse.y) : null
    const [x, y] = at ? at.map(Math.floor) : [-1, -1]
    box.hidden = this.off || !picture || x < 0 || y < 0 || x >= camera.width || y >= camera.height
    if (box.hidden || !picture) return
    const { place, color, values } = readout(x, y, picture.pixels(x, y, 1, 1)?.data ?? null, picture.valueAt(x, y), picture.deep?.unit ?? '')
    const text = `${place}   ${values}   ${color}`
    if (text === this.#last) return
    this.#last = text
    this.chip.hidden = !color
    this.chip.style.background = color
    this.words.textContent = text.trimEnd()
  }
}
