import { t } from '../app/texts.js'
import { newId } from '../app/ids.js'
import { sized } from './canvas-theme.js'
import { emit } from './emit.js'
import { bounds, contains } from './geometry.js'
import { hovers } from './hovered.js'
import { boundsOf, cycled, drawing, move, press, release } from './image-gestures.js'
import { HAND, handleAt } from './image-handles.js'
import { paintBand, paintBoxes, paintCursor, paintHovered, paintSelected } from './image-painter.js'
import { imageTool } from './image-tools/registry.js'
import { ImageView } from './image-view.js'
import { fromPagePercent, stepped, toPoints } from './pdf-shapes.js'

/** @typedef {import('./types.js').Region} Region */
/** @typedef {import('./image-gestures.js').Gesture} Gesture */

const STEP = 8 // pixels that an arrow key moves the cursor; with Shift five times as far, with Alt one
const STYLE = { fill: 0.16, width: 2 }
const SMALL = 0.8 // names of labels: lines of text are close, and the one above is to be read

/**
 * Boxes on the pages of a PDF: painted on a glass over each page, drawn, moved, resized and turned with the gestures of pictures. Points of the
 * page stand for natural pixels.
 */
export class PdfBoxes {
  /** a drag on blank paper or on text draws; else only what is selected can be moved */
  drawing = false
  /** @type {Gesture | null} */
  #gesture = null
  /** the page of the gesture */
  #page = 0
  /** the keyboard's cursor @type {{page: number, x: number, y: number} | null} */
  cursor = null
  /** @type {Map<number, {x: number, y: number}>} fingers that are down, of the window */
  #fingers = new Map()
  /** @type {{distance: number, x: number, y: number} | null} */
  #pinch = null
  /** what keys have made of regions that the view still has as they were @type {Map<string, {region: Region, shape: import('./pdf-shapes.js').PageBox}>} */
  #told = new Map()

  /**
   * @param {import('./kite-pdf.js').KitePdf} pdf
   * @param {HTMLElement} sheet
   * @param {(text: string) => void} say to screen readers
   * @param {AbortSignal} signal
   */
  constructor(pdf, sheet, say, signal) {
    this.pdf = pdf
    this.sheet = sheet
    this.say = say
    // First here: what is pressed on a box or starts one is no selection of text.
    sheet.addEventListener('pointerdown', (event) => this.#press(event), { signal, capture: true })
    sheet.addEventListener('pointermove', (event) => this.#move(event), { signal })
    sheet.addEventListener('pointerup', (event) => this.#release(event), { signal })
    sheet.addEventListener('pointercancel', (event) => {
      this.#fingers.delete(event.pointerId)
      this.#pinch = null
      this.drop()
    }, { signal })
    sheet.addEventListener('pointerleave', () => this.#hover(''), { signal })
    // A press that is ours selects no text.
    sheet.addEventListener('mousedown', (event) => { if (this.#gesture) event.preventDefault() }, { signal })
  }

  get #context() {
    return this.pdf.context
  }

  /** @param {number} page from 1 @returns {Region[]} that are seen there */
  on(page) {
    const { view, object } = this.#context
    return Object.values(view?.regions ?? {}).filter((region) => region.object === object.name && region.kind === 'ocrbox' && !region.hidden && (region.shape.pageIndex ?? 1) === page)
  }

  /** Forgets a gesture. */
  drop() {
    const page = this.#page
    this.#gesture = null
    this.paint(page)
  }

  // ---- what gestures must know ----

  /** @param {number} page */
  #view(page) {
    const size = this.pdf.pages[page - 1]
    return Object.assign(new ImageView(size.width, size.height), { scale: this.pdf.scale })
  }

  /** @param {Region} region */
  #item(region) {
    const box = toPoints(region.shape, this.pdf.pages[(region.shape.pageIndex ?? 1) - 1])
    return { ...bounds(box), id: region.id, region, box }
  }

  get #tool() {
    const { readonly, view, object } = this.#context
    return readonly ? undefined : view?.tools[object.name]
  }

  /** @param {number} page @param {number} sx @param {number} sy pixels on it @param {boolean} [touch] @returns {import('./image-gestures.js').Context} */
  #around(page, sx, sy, touch = false) {
    const { view, readonly } = this.#context
    const size = this.pdf.pages[page - 1]
    const { scale } = this.pdf
    const shown = this.on(page).map((region) => this.#item(region))
    const selected = readonly ? [] : shown.filter(({ id, region }) => view.selection.includes(id) && !region.locked && !region.readonly)
    const only = view.selection.length === 1 ? selected[0] : undefined
    const [x, y] = [sx / scale, sy / scale]
    const tool = this.drawing && this.#tool?.tool === 'ocrbox' ? { ...this.#tool, tool: 'rectangle' } : { tool: 'select' }
    return {
      width: size.width, height: size.height, scale, readonly, snap: false, tool, selection: view.selection, frame: null, vertex: null,
      hits: shown.filter(({ box }) => contains(box, x, y, 3 / scale)).sort((a, b) => a.box.w * a.box.h - b.box.w * b.box.h).map(({ id }) => id),
      handle: only ? handleAt(only.box, this.#view(page), sx, sy, (touch ? HAND.touch : HAND.mouse) * 0.75, true) : null,
      selected: selected.map(({ region }) => ({ ...region, kind: 'rectangle' })), boxes: new Map(selected.map(({ id, box }) => [id, box])),
    }
  }

  /** @param {PointerEvent | MouseEvent} event @param {number} page */
  #point(event, page) {
    const frame = /** @type {HTMLElement} */ (this.pdf.pageElement(page)).getBoundingClientRect()
    const [sx, sy] = [event.clientX - frame.left, event.clientY - frame.top]
    return { x: sx / this.pdf.scale, y: sy / this.pdf.scale, sx, sy, shift: event.shiftKey }
  }

  /** @param {Event} event @returns {number} the page under a pointer, 0: none */
  #under(event) {
    return Number(/** @type {HTMLElement | null} */ (event.target instanceof Element ? event.target.closest('.pdf-page') : null)?.dataset.page ?? 0)
  }

  // ---- pointers ----

  /** @param {PointerEvent} event */
  #press(event) {
    if (event.pointerType === 'touch' && this.drawing) {
      this.#fingers.set(event.pointerId, { x: event.clientX, y: event.clientY })
      if (this.#fingers.size === 2) {
        this.drop()
        this.#pinch = this.#hold()
        return
      }
    }
    const page = drawing(this.#gesture) ? this.#page : this.#under(event)
    if (!page || event.button) return
    const point = this.#point(event, page)
    const context = this.#around(page, point.sx, point.sy, event.pointerType === 'touch')
    const holds = !!context.handle || context.hits.some((id) => context.boxes.has(id))
    if (!holds && !drawing(this.#gesture) && !(this.drawing && context.tool.tool !== 'select')) return
    event.stopPropagation()
    this.cursor = null
    this.#page = page
    this.#gesture = press(this.#gesture, point, context)
    event.preventDefault()
    this.sheet.focus({ preventScroll: true })
    this.sheet.classList.add('is-pointed')
    this.sheet.setPointerCapture(event.pointerId)
    this.paint(page)
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (this.#fingers.has(event.pointerId)) this.#fingers.set(event.pointerId, { x: event.clientX, y: event.clientY })
    if (this.#pinch) return this.#moveFingers(this.#pinch)
    if (!this.#gesture) return this.#look(event)
    const point = this.#point(event, this.#page)
    this.#gesture = move(this.#gesture, point, this.#around(this.#page, point.sx, point.sy))
    this.paint(this.#page)
  }

  /** @param {PointerEvent} event */
  #release(event) {
    this.#fingers.delete(event.pointerId)
    if (this.#pinch) {
      if (!this.#fingers.size) this.#pinch = null
      return
    }
    if (!this.#gesture) return
    const point = this.#point(event, this.#page)
    const { gesture, effect } = release(this.#gesture, point, this.#around(this.#page, point.sx, point.sy), this.pdf.scale)
    this.#gesture = gesture
    if (effect) this.#tell(effect)
    this.paint(this.#page)
  }

  /** A click that selected no text. @param {MouseEvent} event @returns {boolean} whether something was there */
  click(event) {
    const page = this.#under(event)
    if (!page || this.#gesture) return false
    const { sx, sy } = this.#point(event, page)
    const { hits, selection } = this.#around(page, sx, sy)
    if (hits.length) this.#tell({ click: hits, extend: event.shiftKey })
    else if (selection.length) this.#tell({ select: [], extend: false })
    return hits.length > 0
  }

  /** What is under the pointer. @param {PointerEvent} event */
  #look(event) {
    const page = this.#under(event)
    if (!page || event.buttons || event.pointerType === 'touch') return
    const { sx, sy } = this.#point(event, page)
    const { handle, hits, boxes } = this.#around(page, sx, sy)
    this.sheet.style.cursor = handle === 'rotate' ? 'grab' : handle ? CURSORS[handle] : hits.some((id) => boxes.has(id)) ? 'move' : hits.length ? 'pointer' : ''
    this.sheet.classList.toggle('is-over', !!handle || hits.some((id) => boxes.has(id)))
    this.#hover(hits[0] ?? '')
  }

  /** @param {string} id */
  #hover(id) {
    if (id !== this.#context.hovered) this.pdf.dispatchEvent(new CustomEvent('kite-hover', { detail: { region: id }, bubbles: true }))
  }

  #hold() {
    const [a, b] = [...this.#fingers.values()]
    return { distance: Math.hypot(a.x - b.x, a.y - b.y), x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }
  }

  /** Two fingers move and zoom the pages. @param {{distance: number, x: number, y: number}} before */
  #moveFingers(before) {
    if (this.#fingers.size < 2) return
    const now = (this.#pinch = this.#hold())
    this.sheet.scrollBy(before.x - now.x, before.y - now.y)
    const factor = now.distance / Math.max(1, before.distance)
    if (Math.abs(factor - 1) > 0.005) this.pdf.zoomAt(factor, now.x, now.y)
  }

  /** @param {import('./image-gestures.js').Effect} effect */
  #tell(effect) {
    const { view, object, nameOf } = this.#context
    if ('click' in effect) {
      const id = effect.extend ? effect.click[0] : cycled(effect.click, view.selection)
      emit(this.pdf, { type: 'select', regions: [id], add: effect.extend })
      const region = view.regions[id]
      if (region) this.say(`${nameOf(region)} ${region.text ?? ''}`)
    } else if ('select' in effect) emit(this.pdf, { type: 'select', regions: effect.select, add: effect.extend })
    else if ('area' in effect) {
      const { minX, minY, maxX, maxY } = effect.area
      const inside = this.on(this.#page).map((region) => this.#item(region)).filter((item) => item.minX < maxX && item.maxX > minX && item.minY < maxY && item.maxY > minY)
      emit(this.pdf, { type: 'select', regions: inside.map(({ id }) => id), add: false })
    } else if ('intent' in effect) {
      const { intent } = effect
      const shape = intent.shape && this.pdf.read(fromPagePercent(intent.shape, this.#page), intent.region ? view.regions[intent.region]?.shape.ocrtext : undefined)
      if (intent.type === 'add_region') emit(this.pdf, { ...intent, region: newId(), object: object.name, shape })
      else if (intent.type === 'edit_region') emit(this.pdf, { ...intent, shape })
      else if (intent.type === 'transform') this.#shift(intent.dx, intent.dy)
    }
  }

  /** Several boxes moved together: each is told. @param {number} dx @param {number} dy points @param {boolean} [grow] */
  #shift(dx, dy, grow = false) {
    const { view, object, readonly } = this.#context
    const gesture = newId()
    let some = false
    for (const id of readonly ? [] : view.selection) {
      const region = view.regions[id]
      if (region?.object !== object.name || region.locked || region.readonly) continue
      some = true
      const page = this.pdf.pages[(region.shape.pageIndex ?? 1) - 1]
      const told = this.#told.get(id)
      const from = told?.region === region ? told.shape : region.shape // keys may come faster than the view
      const shape = this.pdf.read(stepped(from, page, dx, dy, grow), region.shape.ocrtext)
      this.#told.set(id, { region, shape })
      emit(this.pdf, { type: 'edit_region', region: id, gesture, shape })
    }
    return some
  }

  // ---- keys ----

  /** @param {KeyboardEvent} event @returns {boolean} whether it was one of ours */
  key(event) {
    if (event.ctrlKey || event.metaKey) return false
    if (event.key === 'Escape' && (this.#gesture || this.cursor)) {
      const page = this.cursor?.page ?? this.#page
      this.cursor = null
      this.#page = page
      this.drop()
      return true
    }
    if (event.key.startsWith('Arrow')) {
      const [x, y] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0]
      const size = event.shiftKey ? 10 : 1
      if (!this.cursor && this.#context.view.selection.length) return this.#shift(x * size, y * size, event.altKey)
      if (!this.drawing) return false
      this.#step(x, y, event.shiftKey ? STEP * 5 : event.altKey ? 1 : STEP)
      return true
    }
    if (event.key === 'Enter' && this.drawing && (this.cursor || !this.#context.view.selection.length)) {
      this.#enter(event.shiftKey)
      return true
    }
    return false
  }

  /** The cursor, in the middle of what is seen of the page if there was none, or its page was left. */
  #place() {
    if (this.cursor && (this.#gesture || this.#inSight(this.cursor.page))) return this.cursor
    const [page, left] = [this.pdf.page, this.cursor?.page]
    const [frame, window] = [/** @type {HTMLElement} */ (this.pdf.pageElement(page)).getBoundingClientRect(), this.sheet.getBoundingClientRect()]
    const middle = (Math.max(frame.top, window.top) + Math.min(frame.bottom, window.bottom)) / 2
    this.cursor = { page, x: frame.width / 2 / this.pdf.scale, y: Math.max(0, middle - frame.top) / this.pdf.scale }
    this.say(t('Cursor in the middle of the page. Arrow keys move it, Enter sets a corner, Shift+Enter picks the box under it.'))
    if (left) this.paint(left)
    return this.cursor
  }

  /** @param {number} page */
  #inSight(page) {
    const [frame, window] = [this.pdf.pageElement(page)?.getBoundingClientRect(), this.sheet.getBoundingClientRect()]
    return !!frame && frame.bottom > window.top && frame.top < window.bottom
  }

  /** @param {number} x @param {number} y @param {number} pixels */
  #step(x, y, pixels) {
    const from = this.#place()
    const size = this.pdf.pages[from.page - 1]
    const by = pixels / this.pdf.scale
    const [toX, toY] = [Math.min(Math.max(0, from.x + x * by), size.width), from.y + y * by]
    let { page } = from
    if (!this.#gesture && (toY < 0 || toY > size.height)) page = Math.min(Math.max(1, page + (toY < 0 ? -1 : 1)), this.pdf.pages.length)
    const high = this.pdf.pages[page - 1].height
    const inside = page === from.page ? Math.min(Math.max(0, toY), high) : toY < 0 ? high : 0
    this.cursor = { page, x: toX, y: inside }
    if (drawing(this.#gesture)) this.#gesture = move(this.#gesture, this.#at(this.cursor), this.#around(page, 0, 0))
    const frame = /** @type {HTMLElement} */ (this.pdf.pageElement(page)).getBoundingClientRect()
    const window = this.sheet.getBoundingClientRect()
    const at = frame.top + inside * this.pdf.scale
    if (at < window.top + 40) this.sheet.scrollTop -= window.top + 40 - at
    if (at > window.bottom - 40) this.sheet.scrollTop += at - window.bottom + 40
    this.paint(from.page)
    if (page !== from.page) this.paint(page)
  }

  /** @param {{x: number, y: number}} place */
  #at({ x, y }) {
    return { x, y, sx: x * this.pdf.scale, sy: y * this.pdf.scale }
  }

  /** Sets a corner, also on another box; with Shift it picks the box under the cursor. @param {boolean} picks */
  #enter(picks) {
    const cursor = this.#place()
    const point = this.#at(cursor)
    const around = this.#around(cursor.page, point.sx, point.sy)
    const context = picks ? around : { ...around, hits: [], selection: [] }
    const before = this.#gesture
    this.#page = cursor.page
    // A press and a release at one place.
    const pressed = press(before, point, before ? context : { ...context, handle: null })
    const { gesture, effect } = release(pressed, point, context, this.pdf.scale)
    this.#gesture = gesture
    if (effect) this.#tell(effect)
    if (gesture || effect) this.say(imageTool('rectangle')?.says?.(gesture) ?? '')
    this.paint(cursor.page)
  }

  // ---- painting ----

  /** @param {number} page from 1 */
  paint(page) {
    const element = this.pdf.pageElement(page)
    const glass = /** @type {HTMLCanvasElement | null} */ (element?.querySelector('.pdf-glass'))
    if (!element || !glass) return
    const { view, layers, hovered, names, nameOf, object } = this.#context
    const boxes = this.on(page)
    const others = layers.flatMap((layer) => Object.values(layer.view.regions).filter((region) => region.object === object.name && region.kind === 'ocrbox' && (region.shape.pageIndex ?? 1) === page).map((region) => ({ layer, region })))
    const idle = !this.#gesture || this.#page !== page
    if (!boxes.length && !others.length && idle && this.cursor?.page !== page) {
      glass.width = glass.height = 0
      return
    }
    const ctx = sized(glass, element.clientWidth, element.clientHeight)
    ctx.setTransform(1, 0, 0, 1, 0, 0)
    const ratio = glass.width / element.clientWidth
    const brush = { view: this.#view(page), ratio, tags: SMALL, names, nameOf, styleOf: () => STYLE }
    const items = boxes.map((region) => this.#item(region))
    const chosen = items.filter(({ id }) => view.selection.includes(id))
    paintBoxes(ctx, items.filter((item) => !chosen.includes(item)), brush)
    for (const { layer, region } of others) paintBoxes(ctx, [this.#item(region)], { ...brush, layer: { color: layer.color, dash: layer.dash ?? [] } })
    for (const item of items) if (hovers(hovered, item.id) && !chosen.includes(item)) paintHovered(ctx, item, brush)
    const gesture = idle ? null : this.#gesture
    const free = !this.#context.readonly && chosen.length === 1
    for (const item of chosen) {
      const now = this.#moved(item, gesture)
      paintSelected(ctx, { ...item, box: now }, brush, { handles: free && !item.region.locked && !item.region.readonly, rotate: true })
    }
    if (gesture && drawing(gesture)) imageTool('rectangle')?.paint?.(ctx, gesture, brush, this.#around(page, 0, 0))
    else if (gesture?.kind === 'band') paintBand(ctx, boundsOf(gesture), brush)
    if (this.cursor?.page === page) paintCursor(ctx, this.cursor.x * this.pdf.scale, this.cursor.y * this.pdf.scale, ratio)
  }

  /** @param {{id: string, box: import('./geometry.js').Box}} item @param {Gesture | null} gesture */
  #moved({ id, box }, gesture) {
    if (!gesture || drawing(gesture)) return box
    if (gesture.kind === 'move' && gesture.before.has(id)) return { ...box, x: box.x + gesture.dx, y: box.y + gesture.dy }
    return gesture.kind === 'resize' && gesture.id === id ? gesture.now : box
  }
}

/** @type {Record<string, string>} */
const CURSORS = { nw: 'nwse-resize', se: 'nwse-resize', ne: 'nesw-resize', sw: 'nesw-resize', n: 'ns-resize', s: 'ns-resize', e: 'ew-resize', w: 'ew-resize' }
