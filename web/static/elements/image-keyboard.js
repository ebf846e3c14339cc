import { t } from '../app/texts.js'
import { drawing, move, press, release } from './image-gestures.js'
import { imageTool } from './image-tools/registry.js'

/** @type {Record<string, [number, number]>} ways of the cursor; Infinity: as far as the picture goes */
const WAYS = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
  Home: [-Infinity, 0], End: [Infinity, 0], PageUp: [0, -Infinity], PageDown: [0, Infinity],
}
const STEP = 8 // stage pixels that an arrow key moves the cursor; with Shift five times as far, with Alt one pixel
/** Tools whose click means what is under it: by key, Shift and Enter mean that. */
const DRAGS = new Set(['rectangle', 'ellipse'])
const FAR = 1e7 // stage pixels: farther than any picture reaches, at any zoom

/** Drawing and picking without a mouse: arrows move a cursor, Home, End and the page keys take it to the edges; Enter sets points of the tool in
 * hand, else it picks what is under it, as Shift and Enter always do; brushes paint while Enter or Space is held; the tool that is drawing has the
 * first say about other keys. */
export class ImageKeyboard {
  /** @param {import('./image-stage.js').ImageStage} stage @param {import('./image-pointer.js').ImagePointer} pointer @param {(text: string) => void} say to screen readers @param {AbortSignal} signal ends listening */
  constructor(stage, pointer, say, signal) {
    this.stage = stage
    this.pointer = pointer
    this.say = say
    stage.glass.addEventListener('keydown', (event) => this.#key(event), { signal })
    stage.glass.addEventListener('keyup', (event) => {
      if (event.key === ' ') pointer.space = false
      if (event.key === this.#sweep) this.#end()
    }, { signal })
    stage.glass.addEventListener('focus', () => stage.glass.classList.remove('is-pointed'), { signal })
    stage.glass.addEventListener('blur', () => this.#blur(), { signal })
  }

  /** @type {InstanceType<typeof import('./image-edit.js').VertexKeys> | undefined} */
  #vertices
  /** the key that is held while a brush goes with the cursor */
  #sweep = ''

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { stage } = this
    if (!stage.picture) return
    if (event.key === this.#sweep) { // it repeats
      event.preventDefault()
      return
    }
    if (event.ctrlKey || event.metaKey) {
      // Undo while something is drawn takes the last point back.
      if (event.key.toLowerCase() !== 'z' || event.shiftKey || !drawing(stage.gesture) || !this.#tool('Backspace')) return
      event.preventDefault()
      return
    }
    const { selection } = stage
    const free = !selection.length || drawing(stage.gesture) // with a selection, arrows move it instead
    const sweeps = !!imageTool(stage.tool.tool)?.sweeps && !event.repeat && !this.#sweep
    if (event.key === ' ' && !(sweeps && stage.cursor)) this.pointer.space = true
    else if (event.key === 'Escape' && (stage.gesture || stage.cursor)) {
      stage.cursor = null
      this.pointer.drop()
      this.#sweep = ''
      this.say('')
    } else if (!(event.key === 'Enter' && stage.cursor) && this.#tool(event.key)) stage.ask()
    else if (this.#corner(event)) stage.ask()
    else if (WAYS[event.key] && (stage.cursor || free)) this.#move(event.key, event.shiftKey ? STEP * 5 : event.altKey ? 1 : STEP)
    else if (sweeps && (event.key === 'Enter' || event.key === ' ')) this.#begin(event)
    else if (event.key === 'Enter' && (stage.cursor || stage.tool.tool !== 'select')) this.#press(event.shiftKey)
    else return
    if (event.key !== ' ' || this.#sweep) stage.glass.classList.remove('is-pointed')
    event.preventDefault()
  }

  /** Corners of the selected region. A cursor has the arrows to itself, and a tool with a size the brackets. @param {KeyboardEvent} event @returns {boolean} whether it was one of their keys */
  #corner(event) {
    const { stage } = this
    if (!stage.edit || drawing(stage.gesture)) return false
    if (stage.cursor && ((event.key !== '[' && event.key !== ']') || imageTool(stage.tool.tool)?.resize)) return false
    this.#vertices ??= new stage.edit.VertexKeys(stage, (effect) => this.pointer.tell(effect), this.say)
    return this.#vertices.key(event)
  }

  /** The tool's own keys. @param {string} key @returns {boolean} whether it was one */
  #tool(key) {
    const { stage } = this
    const gesture = drawing(stage.gesture) ? stage.gesture : null
    const tool = imageTool(gesture?.tool ?? stage.tool.tool)
    const done = tool?.key?.(gesture, key, stage.toolContext())
    if (!tool || !done) return false
    stage.gesture = done.gesture
    if (done.effect) this.pointer.tell(done.effect)
    this.say(tool.says?.(done.gesture) ?? '')
    stage.ask()
    return true
  }

  #blur() {
    this.pointer.space = false
    this.#end()
    this.stage.cursor = null
    this.stage.ask()
  }

  /** The cursor, put in the middle of what is seen if there was none. */
  #place() {
    const { stage } = this
    if (stage.cursor) return stage.cursor
    const [x, y] = stage.camera.toImage(stage.width / 2, stage.height / 2)
    this.say(t('Cursor in the middle of the picture. Arrow keys move it, Enter sets a point or picks the region under it.'))
    return (stage.cursor = { x, y })
  }

  /** @param {string} key @param {number} step stage pixels */
  #move(key, step) {
    const { stage } = this
    const from = this.#place()
    const [sx, sy] = stage.camera.toScreen(from.x, from.y)
    const [dx, dy] = WAYS[key].map((way) => way && Math.sign(way) * Math.min(Math.abs(way) * step, FAR))
    const [ix, iy] = stage.camera.toImage(sx + dx, sy + dy)
    const [x, y] = [Math.min(Math.max(ix, 0), stage.camera.width), Math.min(Math.max(iy, 0), stage.camera.height)]
    stage.cursor = { x, y }
    if (stage.camera.reveal({ minX: x, maxX: x, minY: y, maxY: y }, stage.width, stage.height)) stage.ask(true)
    const point = this.pointer.pointAt(x, y)
    if (stage.gesture) stage.gesture = move(stage.gesture, point, this.pointer.context(point.sx, point.sy))
    stage.ask()
  }

  /** A click at the cursor. @param {boolean} shift */
  #press(shift) {
    const { stage } = this
    const { x, y } = this.#place()
    const point = { ...this.pointer.pointAt(x, y), shift }
    const around = this.pointer.context(point.sx, point.sy)
    const tool = drawing(stage.gesture) ? stage.gesture.tool : stage.tool.tool
    // Who draws by key may begin on another region; only a suggestion that the tool takes is meant before.
    const draws = DRAGS.has(tool) && !shift && !stage.control(stage.tool.control)?.smart
    const context = { ...around, handle: null, ...(draws ? { hits: [], selection: [] } : {}) }
    const pressed = press(stage.gesture, point, context)
    this.#released(release(pressed, point, context, stage.camera.scale), tool)
  }

  /** A brush is pressed down, and paints as the cursor goes until the key is let go. It goes on with the selected mask. @param {KeyboardEvent} event */
  #begin({ key, shiftKey, altKey }) {
    const { stage } = this
    const { x, y } = this.#place()
    const point = { ...this.pointer.pointAt(x, y), shift: shiftKey, alt: altKey }
    stage.gesture = press(stage.gesture, point, { ...this.pointer.context(point.sx, point.sy), handle: null })
    if (drawing(stage.gesture)) this.#sweep = key
    stage.ask()
  }

  #end() {
    const { stage } = this
    const held = this.#sweep
    this.#sweep = ''
    if (!held || !stage.cursor || !drawing(stage.gesture)) return
    const { tool } = stage.gesture
    const point = this.pointer.pointAt(stage.cursor.x, stage.cursor.y)
    this.#released(release(stage.gesture, point, this.pointer.context(point.sx, point.sy), stage.camera.scale), tool)
  }

  /** @param {ReturnType<typeof release>} done @param {string} tool that did it */
  #released({ gesture, effect }, tool) {
    const { stage } = this
    stage.gesture = gesture
    if (effect) this.pointer.tell(effect)
    if (effect && 'click' in effect) stage.cursor = null
    else if (drawing(gesture) || (effect && 'intent' in effect)) this.say(imageTool(tool)?.says?.(gesture) ?? '')
    stage.ask()
  }
}
