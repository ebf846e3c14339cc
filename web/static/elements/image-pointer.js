import { HAND, frameHandles, handleAt } from './image-handles.js'
import { drawing, move, press, release } from './image-gestures.js'
import { imageTool } from './image-tools/registry.js'
import { smartPress } from './suggestion-steps.js'

/** @typedef {import('./image-gestures.js').Effect} Effect */

const WHEEL_STEP = 0.0016 // a wheel notch of 100 zooms by 17 %
const PEN_ERASER = 32 // of `buttons`: the other end of a pen
const PINCH = 6 // a pinch on a touchpad comes as small wheel steps with ctrl
/** @type {import('./types.js').Tool} */
const SELECT = Object.freeze({ tool: 'select' })
/** Tools that draw with a drag: a press alone means what is under it, as `image-telling.js` says. */
const DRAGS = new Set(['select', 'rectangle', 'ellipse'])
const TURNS = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w']
const CURSORS = ['nwse-resize', 'ns-resize', 'nesw-resize', 'ew-resize']

/** Mouse, pen and fingers on a stage: feeds the gestures, moves the camera, says what came of it. */
export class ImagePointer {
  /** space is held: a drag moves the picture */
  space = false
  /** @type {Map<number, {x: number, y: number}>} pointers that are down, stage pixels */
  #down = new Map()
  /** @type {{distance: number, x: number, y: number} | null} */
  #pinch = null
  #touch = false
  /** a pen was seen here: from then on a hand that rests on the screen draws nothing */
  #pen = false
  /** id of the pen that is down; a hand beside it is nothing @type {number | null} */
  #penDown = null
  /** what was being drawn when the first finger came down @type {import('./image-gestures.js').ToolGesture | null} */
  #before = null

  /** @param {import('./image-stage.js').ImageStage} stage @param {(effect: Effect) => void} tell @param {(id: string) => void} hover @param {(sx: number, sy: number, still: boolean) => void} idle somebody drags without a label; still: and the picture has no room to move @param {AbortSignal} signal ends listening */
  constructor(stage, tell, hover, idle, signal) {
    this.stage = stage
    this.tell = tell
    this.hover = hover
    this.idle = idle
    const { glass } = stage
    glass.addEventListener('pointerdown', (event) => this.#press(event), { signal })
    glass.addEventListener('pointermove', (event) => this.#move(event), { signal })
    glass.addEventListener('pointerup', (event) => this.#release(event), { signal })
    glass.addEventListener('pointercancel', (event) => this.#cancel(event), { signal })
    glass.addEventListener('pointerleave', () => this.#leave(), { signal })
    glass.addEventListener('wheel', (event) => this.#wheel(event), { signal, passive: false })
    glass.addEventListener('kite-tool-settings', () => stage.ask(), { signal })
    glass.addEventListener('kite-tool-size', (event) => this.#resize(/** @type {CustomEvent} */ (event).detail), { signal })
    glass.addEventListener('contextmenu', (event) => { if (stage.gesture) event.preventDefault() }, { signal })
  }

  /** Forgets a gesture; nothing has been told yet. */
  drop() {
    this.stage.gesture = null
    this.stage.lift([])
    this.stage.ask()
  }

  /** What gestures must know at a place. @param {number} sx @param {number} sy stage pixels @returns {import('./image-gestures.js').Context} */
  context(sx, sy) {
    const { stage } = this
    const [x, y] = stage.camera.toImage(sx, sy)
    const { boxes, selected } = stage.editable()
    const { selection, gesture } = stage
    const tool = stage.control(stage.tool.control)?.smart_only ? SELECT : stage.tool // it takes what is suggested, and draws nothing
    const held = gesture?.kind === 'move' || gesture?.kind === 'resize' || (!gesture && tool.tool === 'select')
    const [first] = selected
    const control = stage.control(tool.control)
    const frame = stage.frame()
    return {
      ...stage.limits(held ? first?.control : tool.control), scale: stage.camera.scale, readonly: stage.looks.readonly, tool, control, owner: stage.control(first?.control), selection, boxes, selected, frame,
      hits: gesture ? [] : stage.index.at(x, y, 3 / stage.camera.scale).map((item) => item.id), vertex: stage.vertex, edit: stage.edit, ...stage.around,
      handle: gesture ? null : this.#handleAt(sx, sy, selected, boxes, frame),
    }
  }

  /** @param {number} sx @param {number} sy @param {import('./types.js').Region[]} selected @param {Map<string, import('./geometry.js').Box>} boxes @param {import('./image-gestures.js').Frame | null} frame @returns {string | null} */
  #handleAt(sx, sy, selected, boxes, frame) {
    const { stage } = this
    const reach = (this.#touch ? HAND.touch : HAND.mouse) * 0.75
    if (frame) return frameHandles(frame, stage.camera).find((handle) => Math.hypot(handle.sx - sx, handle.sy - sy) <= reach + 2)?.name ?? null
    const [region] = selected
    if (!region || stage.selection.length !== 1) return null
    const box = /** @type {import('./geometry.js').Box} */ (boxes.get(region.id))
    if (region.kind === 'rectangle') return handleAt(box, stage.camera, sx, sy, reach, stage.mayRotate(region))
    const [x, y] = stage.camera.toImage(sx, sy)
    return stage.edit?.handleNear(region, stage.size, stage.control(region.control), x, y, reach / stage.camera.scale) ?? null
  }

  /** @param {PointerEvent} event @returns {import('./image-gestures.js').Point} */
  #point(event) {
    const { stage } = this
    const [x, y] = stage.camera.toImage(event.offsetX, event.offsetY)
    const { pointerType } = event
    return { x, y, sx: event.offsetX, sy: event.offsetY, shift: event.shiftKey, alt: event.altKey, ctrl: event.ctrlKey || event.metaKey, pressure: event.pressure, pen: pointerType === 'pen', eraser: (event.buttons & PEN_ERASER) > 0, touch: pointerType === 'touch',
      near: event.altKey ? null : this.#near(x, y), pan: (this.#pen && pointerType === 'touch') || this.space || stage.hand || event.button === 1 }
  }

  /** A point without a pointer. @param {number} x @param {number} y natural pixels @returns {import('./image-gestures.js').Point} */
  pointAt(x, y) {
    const [sx, sy] = this.stage.camera.toScreen(x, y)
    return { x, y, sx, sy }
  }

  /** What a point is drawn to, for tools and corners that snap. @param {number} x @param {number} y natural pixels */
  #near(x, y) {
    const { stage } = this
    const { gesture } = stage
    const corner = gesture?.kind === 'reshape' && gesture.handle.startsWith('v')
    const tool = drawing(gesture) ? gesture.tool : gesture ? '' : stage.tool.tool
    const near = corner || imageTool(tool)?.snaps ? stage.near(x, y, corner ? gesture.id : '') : null
    stage.snapped = near
    return near
  }

  /** @param {PointerEvent} event */
  #press(event) {
    const { stage } = this
    if (!stage.picture || event.button === 2) return
    if (event.pointerType === 'touch' && this.#penDown !== null) return
    this.#touch = event.pointerType === 'touch'
    if (event.pointerType === 'pen') this.#takePen(event.pointerId)
    stage.cursor = null
    stage.glass.setPointerCapture(event.pointerId)
    stage.glass.focus({ preventScroll: true })
    stage.glass.classList.add('is-pointed') // no focus ring for a hand on the mouse, whatever keys it presses
    event.preventDefault()
    this.#down.set(event.pointerId, { x: event.offsetX, y: event.offsetY })
    if (this.#down.size === 2) {
      this.drop()
      stage.gesture = this.#before // the finger that came first was the beginning of this
      this.#pinch = this.#fingers()
      return
    }
    this.#before = drawing(stage.gesture) ? stage.gesture : null
    if (this.#takes(event)) return
    stage.gesture = press(stage.gesture, this.#point(event), this.context(event.offsetX, event.offsetY))
    if (stage.gesture?.kind !== 'press') this.#start(stage.gesture)
    stage.ask()
  }

  /** A tool that draws with single presses takes a suggestion instead, where its control is smart. @param {PointerEvent} event */
  #takes(event) {
    const { stage } = this
    if (stage.gesture || stage.looks.readonly || DRAGS.has(stage.tool.tool)) return false
    const { hits, handle } = this.context(event.offsetX, event.offsetY)
    const intent = handle ? null : smartPress(stage.control(stage.tool.control), stage.looks.view?.regions ?? {}, hits)
    if (intent) this.tell({ intent })
    return !!intent
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const { stage } = this
    if (!stage.picture || (event.pointerType === 'touch' && !this.#down.has(event.pointerId))) return
    stage.mouse = { x: event.offsetX, y: event.offsetY }
    if (this.#down.has(event.pointerId)) this.#down.set(event.pointerId, stage.mouse)
    if (this.#pinch) {
      this.#moveFingers(this.#pinch)
      return
    }
    if (!stage.gesture) {
      this.#hover(event)
      const { snapped } = stage
      const point = this.#point(event)
      if ((stage.looks.look?.crosshair ?? stage.looks.object.crosshair) || point.near || snapped || imageTool(stage.tool.tool)?.cursor) stage.ask()
      return
    }
    const before = stage.gesture.kind
    stage.gesture = move(stage.gesture, this.#point(event), this.context(event.offsetX, event.offsetY))
    if (stage.gesture?.kind === 'pan') {
      const { dx, dy } = stage.gesture
      stage.look((camera) => camera.pan(dx, dy, stage.width, stage.height))
    }
    if (stage.gesture && stage.gesture.kind !== before) this.#start(stage.gesture)
    if (before === 'press' && stage.gesture?.kind === 'pan') this.idle(event.offsetX, event.offsetY, stage.fitted)
    stage.ask()
  }

  /** A press became something else. @param {import('./image-gestures.js').Gesture | null} gesture */
  #start(gesture) {
    const { stage } = this
    const { glass } = stage
    if (gesture?.kind === 'reshape') stage.vertex = gesture.handle || null
    stage.lift(heldBy(gesture, stage))
    glass.style.cursor = gesture?.kind === 'pan' ? 'grabbing' : gesture?.kind === 'move' ? (gesture.copy ? 'copy' : 'move') : drawing(gesture) ? 'crosshair' : glass.style.cursor
  }

  /** @param {PointerEvent} event */
  #release(event) {
    const { stage } = this
    if (!this.#down.delete(event.pointerId)) return
    if (this.#penDown === event.pointerId) this.#penDown = null
    if (this.#pinch) {
      if (!this.#down.size) this.#pinch = null
      return
    }
    const point = this.#point(event)
    const context = this.context(event.offsetX, event.offsetY)
    const { gesture: now } = stage
    const held = now && now.kind !== 'press' && now.kind !== 'pan' ? move(now, point, context) : now // the last way may have come without a move
    const { gesture, effect } = release(held, point, context, stage.camera.scale)
    stage.gesture = gesture
    if (effect && 'intent' in effect && effect.intent.type === 'transform') stage.settle(held)
    else stage.lift([])
    if (effect) this.tell(effect)
    this.#hover(event)
    stage.ask()
  }

  /** @param {PointerEvent} event */
  #cancel(event) {
    if (!this.#down.delete(event.pointerId)) return
    if (this.#penDown === event.pointerId) this.#penDown = null
    if (!this.#down.size) this.#pinch = null
    this.drop()
  }

  /** A pen ends what fingers were at. @param {number} id */
  #takePen(id) {
    this.#pen = true
    this.#penDown = id
    if (!this.#down.size) return
    const { gesture } = this.stage
    this.#down.clear()
    this.#pinch = null
    this.stage.gesture = gesture?.kind === 'pan' ? /** @type {any} */ (gesture).held : null
  }

  #leave() {
    this.stage.mouse = null
    this.hover('')
    this.stage.ask()
  }

  #fingers() {
    const [a, b] = [...this.#down.values()]
    return { distance: Math.hypot(a.x - b.x, a.y - b.y), x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }
  }

  /** @param {{distance: number, x: number, y: number}} before */
  #moveFingers(before) {
    if (this.#down.size < 2) return
    const { stage } = this
    const now = this.#fingers()
    this.#pinch = now
    stage.look((camera) => {
      camera.pan(now.x - before.x, now.y - before.y, stage.width, stage.height)
      camera.zoomAt(now.x, now.y, now.distance / Math.max(1, before.distance), stage.width, stage.height)
    })
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    const { stage } = this
    const { object } = stage.looks
    if (!stage.picture || (object.zoom === false && !event.ctrlKey && !event.shiftKey)) return
    event.preventDefault()
    const tool = event.altKey ? imageTool(stage.tool.tool) : undefined
    if (tool?.resize) {
      this.#resize(event.deltaY < 0 ? 1 : -1)
      return
    }
    const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? stage.height : 1
    if (event.shiftKey) {
      const [dx, dy] = event.deltaX ? [event.deltaX, event.deltaY] : [event.deltaY, 0]
      stage.look((camera) => camera.pan(-dx * unit, -dy * unit, stage.width, stage.height))
      return
    }
    const delta = Math.max(-300, Math.min(300, event.deltaY * unit)) * (event.ctrlKey ? PINCH : 1)
    const step = object.zoom_by > 1 ? Math.log(object.zoom_by) / 60 : WHEEL_STEP
    stage.look((camera) => camera.zoomAt(event.offsetX, event.offsetY, Math.exp(-delta * step), stage.width, stage.height))
  }

  /** The tool in hand becomes larger or smaller. @param {number} way */
  #resize(way) {
    const { stage } = this
    imageTool(stage.tool.tool)?.resize?.(way, stage.toolContext())
    stage.glass.dispatchEvent(new CustomEvent('kite-tool-settings', { bubbles: true }))
  }

  /** @param {PointerEvent} event */
  #hover(event) {
    if (event.pointerType === 'touch') return
    const { hits, handle, tool, boxes, readonly } = this.context(event.offsetX, event.offsetY)
    const draw = tool.tool !== 'select' && !readonly
    this.hover(hits[0] ?? '')
    const plain = hits.some((id) => boxes.has(id)) ? 'move' : hits.length ? 'pointer' : this.stage.fitted ? 'default' : 'grab'
    this.stage.glass.style.cursor = this.space || this.stage.hand ? 'grab' : handle ? this.#cursorOf(handle) : draw ? 'crosshair' : plain
  }

  /** @param {string} handle */
  #cursorOf(handle) {
    if (handle === 'rotate') return 'grab'
    if (handle[0] === 'e' && handle.length > 1 && /\d/.test(handle[1])) return 'copy' // an edge: a press adds a corner
    const at = TURNS.indexOf(handle)
    if (at < 0) return 'move'
    const { stage } = this
    const { selected, boxes } = stage.editable()
    const turn = selected.length === 1 ? (selected[0].kind === 'ellipse' ? (selected[0].shape.rotation ?? 0) : (boxes.get(selected[0].id)?.r ?? 0)) : 0
    const turns = Math.round((turn + stage.camera.turn * 90) / 45)
    return CURSORS[((((stage.camera.flip ? -1 : 1) * (at + turns)) % 4) + 4) % 4]
  }
}

/** Regions that a gesture holds: the standing layer leaves them out. @param {import('./image-gestures.js').Gesture | null} gesture @param {import('./image-stage.js').ImageStage} stage @returns {string[]} */
function heldBy(gesture, stage) {
  switch (gesture?.kind) {
    case 'move':
      return gesture.copy ? [] : [...gesture.before.keys()]
    case 'resize':
    case 'reshape':
      return [gesture.id]
    case 'transform':
      return [...stage.editable().boxes.keys()]
    default:
      return []
  }
}
