import { pointOf } from './geometry.js'
import { move, press, release } from './image-gestures.js'
import { HANDLE_SIZE, handlesOf, rotateHandle } from './image-painter.js'

/** @typedef {import('./image-gestures.js').Effect} Effect */

const WHEEL_STEP = 0.0016 // a wheel notch of 100 zooms by 17 %
const PINCH = 6 // a pinch on a touchpad comes as small wheel steps with ctrl
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
    const boxes = stage.editable()
    const { selection, gesture, tool } = stage
    const held = gesture?.kind === 'move' || gesture?.kind === 'resize' || (!gesture && tool.tool === 'select')
    return {
      ...stage.limits(held ? stage.index.items.get(selection[0])?.region.control : tool.control), draw: tool.tool === 'rectangle', readonly: stage.looks.readonly, selection, boxes,
      hits: stage.index.at(x, y, 3 / stage.camera.scale).map((item) => item.id), handle: this.#handleAt(sx, sy, boxes, selection),
    }
  }

  /** @param {number} sx @param {number} sy @param {Map<string, import('./geometry.js').Box>} boxes @param {string[]} selection */
  #handleAt(sx, sy, boxes, selection) {
    const box = selection.length === 1 ? boxes.get(selection[0]) : undefined
    const item = this.stage.index.items.get(selection[0])
    if (!box || !item) return null
    const { camera } = this.stage
    const reach = (this.#touch ? 22 : HANDLE_SIZE) * 0.75
    if (this.stage.mayRotate(item.region)) {
      const [, [rx, ry]] = rotateHandle(box, camera)
      if (Math.hypot(rx - sx, ry - sy) <= reach + 2) return 'rotate'
    }
    for (const handle of handlesOf(box, camera)) {
      const [hx, hy] = camera.toScreen(...pointOf(box, handle.fx, handle.fy))
      if (Math.abs(hx - sx) <= reach && Math.abs(hy - sy) <= reach) return handle.name
    }
    return null
  }

  /** @param {PointerEvent} event @returns {import('./image-gestures.js').Point} */
  #point(event) {
    const [x, y] = this.stage.camera.toImage(event.offsetX, event.offsetY)
    return { x, y, sx: event.offsetX, sy: event.offsetY, shift: event.shiftKey, pan: this.space || event.button === 1 }
  }

  /** @param {PointerEvent} event */
  #press(event) {
    const { stage } = this
    if (!stage.picture || event.button === 2) return
    this.#touch = event.pointerType === 'touch'
    stage.cursor = null
    stage.glass.setPointerCapture(event.pointerId)
    stage.glass.focus({ preventScroll: true })
    stage.glass.classList.add('is-pointed') // no focus ring for a hand on the mouse, whatever keys it presses
    event.preventDefault()
    this.#down.set(event.pointerId, { x: event.offsetX, y: event.offsetY })
    if (this.#down.size === 2) {
      this.drop()
      this.#pinch = this.#fingers()
      return
    }
    stage.gesture = press(stage.gesture, this.#point(event), this.context(event.offsetX, event.offsetY))
    if (stage.gesture?.kind === 'resize') this.#start(stage.gesture)
    stage.ask()
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const { stage } = this
    if (!stage.picture) return
    stage.mouse = { x: event.offsetX, y: event.offsetY }
    if (this.#down.has(event.pointerId)) this.#down.set(event.pointerId, stage.mouse)
    if (this.#pinch) {
      this.#moveFingers(this.#pinch)
      return
    }
    if (!stage.gesture) {
      this.#hover(event)
      if (stage.looks.object.crosshair) stage.ask()
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

  /** A press became a drag. @param {import('./image-gestures.js').Gesture} gesture */
  #start(gesture) {
    const { glass } = this.stage
    this.stage.lift(gesture.kind === 'move' ? [...gesture.before.keys()] : gesture.kind === 'resize' ? [gesture.id] : [])
    glass.style.cursor = gesture.kind === 'pan' ? 'grabbing' : gesture.kind === 'move' ? 'move' : gesture.kind === 'draw' ? 'crosshair' : glass.style.cursor
  }

  /** @param {PointerEvent} event */
  #release(event) {
    const { stage } = this
    this.#down.delete(event.pointerId)
    if (this.#pinch) {
      if (!this.#down.size) this.#pinch = null
      return
    }
    const { gesture, effect } = release(stage.gesture, this.#point(event), this.context(event.offsetX, event.offsetY), stage.camera.scale)
    stage.gesture = gesture
    if (effect) this.tell(effect)
    stage.lift([])
    this.#hover(event)
    stage.ask()
  }

  /** @param {PointerEvent} event */
  #cancel(event) {
    this.#down.delete(event.pointerId)
    if (!this.#down.size) this.#pinch = null
    this.drop()
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
      camera.zoomAt(now.x, now.y, now.distance / Math.max(1, before.distance), stage.width, stage.height, stage.looks.object.negative_zoom)
    })
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    const { stage } = this
    const { object } = stage.looks
    if (!stage.picture || (object.zoom === false && !event.ctrlKey && !event.shiftKey)) return
    event.preventDefault()
    const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? stage.height : 1
    if (event.shiftKey) {
      const [dx, dy] = event.deltaX ? [event.deltaX, event.deltaY] : [event.deltaY, 0]
      stage.look((camera) => camera.pan(-dx * unit, -dy * unit, stage.width, stage.height))
      return
    }
    const delta = Math.max(-300, Math.min(300, event.deltaY * unit)) * (event.ctrlKey ? PINCH : 1)
    const step = object.zoom_by > 1 ? Math.log(object.zoom_by) / 60 : WHEEL_STEP
    stage.look((camera) => camera.zoomAt(event.offsetX, event.offsetY, Math.exp(-delta * step), stage.width, stage.height, object.negative_zoom))
  }

  /** @param {PointerEvent} event */
  #hover(event) {
    if (event.pointerType === 'touch') return
    const { hits, handle, draw, boxes } = this.context(event.offsetX, event.offsetY)
    this.hover(hits[0] ?? '')
    const plain = hits.some((id) => boxes.has(id)) ? 'move' : hits.length ? 'pointer' : this.stage.fitted ? 'default' : 'grab'
    this.stage.glass.style.cursor = this.space ? 'grab' : handle ? this.#cursorOf(handle) : draw ? 'crosshair' : plain
  }

  /** @param {string} handle */
  #cursorOf(handle) {
    if (handle === 'rotate') return 'grab'
    const [box] = this.stage.editable().values()
    const turns = Math.round(((box?.r ?? 0) + this.stage.camera.turn * 90) / 45)
    return CURSORS[(((TURNS.indexOf(handle) + turns) % 4) + 4) % 4]
  }
}
