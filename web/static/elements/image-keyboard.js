import { release } from './image-gestures.js'

const STEP = 8 // stage pixels that an arrow key moves the cursor; with Shift five times as far, with Alt one pixel

/** Drawing and picking without a mouse: arrows move a cursor, Enter sets the corners of a box or picks what is under it. */
export class ImageKeyboard {
  /** @param {import('./image-stage.js').ImageStage} stage @param {import('./image-pointer.js').ImagePointer} pointer @param {(text: string) => void} say to screen readers @param {AbortSignal} signal ends listening */
  constructor(stage, pointer, say, signal) {
    this.stage = stage
    this.pointer = pointer
    this.say = say
    stage.glass.addEventListener('keydown', (event) => this.#key(event), { signal })
    stage.glass.addEventListener('keyup', (event) => { if (event.key === ' ') pointer.space = false }, { signal })
    stage.glass.addEventListener('focus', () => stage.glass.classList.remove('is-pointed'), { signal })
    stage.glass.addEventListener('blur', () => this.#blur(), { signal })
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { stage } = this
    if (!stage.picture || event.ctrlKey || event.metaKey) return
    const free = !stage.looks.view?.selection.length // with a selection, arrows move it instead
    if (event.key === ' ') this.pointer.space = true
    else if (event.key === 'Escape' && (stage.gesture || stage.cursor)) {
      stage.cursor = null
      this.pointer.drop()
    } else if (event.key.startsWith('Arrow') && (stage.cursor || free)) this.#move(event.key, event.shiftKey ? STEP * 5 : event.altKey ? 1 : STEP)
    else if (event.key === 'Enter' && (stage.cursor || (free && stage.tool.tool === 'rectangle'))) this.#press()
    else return
    if (event.key !== ' ') stage.glass.classList.remove('is-pointed')
    event.preventDefault()
  }

  #blur() {
    this.pointer.space = false
    this.stage.cursor = null
    this.stage.ask()
  }

  /** The cursor, put in the middle of what is seen if there was none. */
  #place() {
    const { stage } = this
    if (stage.cursor) return stage.cursor
    const [x, y] = stage.camera.toImage(stage.width / 2, stage.height / 2)
    this.say('Cursor in the middle of the picture. Arrow keys move it, Enter sets a corner or picks the region under it.')
    return (stage.cursor = { x, y })
  }

  /** @param {string} key @param {number} step stage pixels */
  #move(key, step) {
    const { stage } = this
    const from = this.#place()
    const [sx, sy] = stage.camera.toScreen(from.x, from.y)
    const [dx, dy] = key === 'ArrowLeft' ? [-step, 0] : key === 'ArrowRight' ? [step, 0] : key === 'ArrowUp' ? [0, -step] : [0, step]
    const [ix, iy] = stage.camera.toImage(sx + dx, sy + dy)
    const [x, y] = [Math.min(Math.max(ix, 0), stage.camera.width), Math.min(Math.max(iy, 0), stage.camera.height)]
    stage.cursor = { x, y }
    if (stage.camera.reveal({ minX: x, maxX: x, minY: y, maxY: y }, stage.width, stage.height)) stage.ask(true)
    if (stage.gesture?.kind === 'draw') stage.gesture = { ...stage.gesture, bx: x, by: y }
    stage.ask()
  }

  #press() {
    const { stage } = this
    const { x, y } = this.#place()
    const [sx, sy] = stage.camera.toScreen(x, y)
    const context = this.pointer.context(sx, sy)
    if (stage.gesture?.kind === 'draw') {
      const { gesture, effect } = release({ ...stage.gesture, bx: x, by: y }, { x, y, sx, sy }, context, stage.camera.scale)
      stage.gesture = gesture
      if (effect) this.pointer.tell(effect)
      if (effect) this.say('Box added.')
    } else if (stage.tool.tool === 'rectangle') {
      stage.gesture = { kind: 'draw', ax: x, ay: y, bx: x, by: y, clicks: true }
      this.say('First corner set. Move with the arrow keys, then Enter for the second corner, Escape to stop.')
    } else if (context.hits.length) {
      this.pointer.tell({ click: context.hits, extend: false })
      stage.cursor = null
    }
    stage.ask()
  }
}
