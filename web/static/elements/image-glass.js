import { boundsOf, drawing } from './image-gestures.js'
import { changedBox, changing, frameBox } from './image-handles.js'
import { paintBand, paintCrosshair, paintCursor, paintFrame, paintHovered, paintMany, paintSelected } from './image-painter.js'
import { imageTool } from './image-tools/registry.js'

/** The glass over the picture: what is selected, hovered, pulled or being drawn. Painted anew in every frame that changes it. */

/** @typedef {import('./region-index.js').Item} Item */
/** @typedef {import('./image-stage.js').ImageStage} ImageStage */

const MANY = 300 // selected regions above which only outlines are painted

/** Outlines of so many regions as they stand, painted once: they take longer than a frame, and the pointer moves in every frame.
 * @type {WeakMap<ImageStage, {ids: string[], at: string, canvas: OffscreenCanvas}>} */
const standing = new WeakMap()
/** Gestures that hold the selected regions. */
const HOLDS = new Set(['move', 'resize', 'reshape', 'transform'])

/** @param {ImageStage} stage @param {CanvasRenderingContext2D} ctx @param {import('./image-painter.js').Brush} brush */
export function paintGlass(stage, ctx, brush) {
  const { selection, figures, looks } = stage
  const gesture = stage.gesture ?? stage.after
  ctx.clearRect(0, 0, ctx.canvas.width, ctx.canvas.height)
  for (const id of drawing(gesture) ? [] : looks.hovered.split('\n')) { // both ends of a relation are two lines
    const hovered = stage.index.items.get(id)
    if (!hovered || hovered.region.hidden) continue
    if (hovered.figure) figures?.paintHoveredFigure(ctx, /** @type {any} */ (hovered), brush)
    else paintHovered(ctx, hovered, brush)
  }
  if (stage.relations && looks.view?.relations?.length) {
    const about = new Set([...selection, ...looks.hovered.split('\n')])
    stage.relations.paintRelations(ctx, stage.relations.seen(looks.view.relations, about, !!looks.links), stage.index.items, brush)
  }
  if (selection.length > MANY && !HOLDS.has(gesture?.kind ?? '')) ctx.drawImage(outlines(stage, selection, brush), 0, 0)
  else paintChosen(stage, ctx, selection, brush)
  const frame = stage.frame()
  if (frame && !drawing(gesture)) paintFrame(ctx, frameOf(frame, gesture), brush, gesture?.kind !== 'transform' && gesture?.kind !== 'move')
  if (drawing(gesture)) imageTool(gesture.tool)?.paint?.(ctx, gesture, brush, stage.toolContext())
  const held = gesture && !drawing(gesture) ? undefined : imageTool(drawing(gesture) ? gesture.tool : stage.tool.tool)
  const at = stage.cursor ? stage.camera.toScreen(stage.cursor.x, stage.cursor.y) : stage.mouse ? /** @type {[number, number]} */ ([stage.mouse.x, stage.mouse.y]) : null
  if (held?.cursor && at) held.cursor(ctx, at, brush, stage.toolContext())
  if (gesture?.kind === 'band') paintBand(ctx, boundsOf(gesture), brush)
  if (stage.snapped) figures?.paintSnap(ctx, stage.snapped, brush)
  if ((looks.look?.crosshair ?? looks.object.crosshair) && stage.mouse) paintCrosshair(ctx, stage.mouse.x, stage.mouse.y, stage.width, stage.height, brush.ratio)
  if (stage.cursor) paintCursor(ctx, ...stage.camera.toScreen(stage.cursor.x, stage.cursor.y), brush.ratio)
}

/** @param {ImageStage} stage @param {CanvasRenderingContext2D} ctx @param {string[]} selection @param {import('./image-painter.js').Brush} brush */
function paintChosen(stage, ctx, selection, brush) {
  /** @type {Item[]} */
  const shown = []
  for (const id of selection) {
    const item = /** @type {Item} */ (stage.index.items.get(id))
    if (!item.region.hidden) shown.push(now(stage, item))
  }
  if (shown.length > MANY) paintMany(ctx, shown, brush)
  else for (const item of shown) paintItem(stage, ctx, item, brush)
}

/** Many selected regions that nobody moves; `selection` is a new list with each view. @param {ImageStage} stage @param {string[]} selection @param {import('./image-painter.js').Brush} brush */
function outlines(stage, selection, brush) {
  const { width, height } = stage.glass
  const { scale, tx, ty, turn, flip } = stage.camera
  const at = [width, height, brush.ratio, scale, tx, ty, turn, flip, !!stage.figures].join()
  const before = standing.get(stage)
  if (before?.ids === selection && before.at === at) return before.canvas
  const canvas = new OffscreenCanvas(width, height)
  paintChosen(stage, /** @type {any} */ (canvas.getContext('2d')), selection, brush)
  standing.set(stage, { ids: selection, at, canvas })
  return canvas
}

/** @param {ImageStage} stage @param {CanvasRenderingContext2D} ctx @param {Item} item @param {import('./image-painter.js').Brush} brush */
function paintItem(stage, ctx, item, brush) {
  const { gesture, selection, figures } = stage
  const alone = selection.length === 1 && stage.editable().boxes.has(item.id) && !drawing(gesture)
  if (!item.figure) {
    paintSelected(ctx, item, brush, { handles: alone, rotate: stage.mayRotate(item.region) })
    return
  }
  if (drawing(gesture) && gesture.live?.id === item.id) return // is being painted
  figures?.paintSelectedFigure(ctx, /** @type {any} */ (item), brush)
  if (!alone || !stage.edit || gesture?.kind === 'move') return
  const shape = gesture?.kind === 'reshape' ? gesture.now : item.region.shape
  figures?.paintHandles(ctx, stage.edit.handles(item.region, stage.size, stage.control(item.region.control), shape), stage.vertex, item.region.color, brush)
}

/** An item as the gesture holds it. @param {ImageStage} stage @param {Item} item @returns {Item} */
function now(stage, item) {
  const { figures } = stage
  const gesture = stage.gesture ?? stage.after
  switch (gesture?.kind) {
    case 'resize':
      return gesture.id === item.id ? { ...item, box: gesture.now } : item
    case 'reshape': {
      const figure = gesture.id === item.id && figures?.figureOf({ ...item.region, shape: gesture.now }, stage.camera.width, stage.camera.height)
      return figure ? withFigure(item, figure, /** @type {any} */ (figures)) : item
    }
    case 'move': {
      if (!gesture.before.has(item.id)) return item
      const { dx, dy } = gesture
      const box = { ...item.box, x: item.box.x + dx, y: item.box.y + dy }
      return item.figure && figures ? { ...item, box, figure: figures.mapped(item.figure, ([x, y]) => [x + dx, y + dy]) } : { ...item, box }
    }
    case 'transform': {
      if (!stage.editable().boxes.has(item.id)) return item
      if (item.figure && figures) return withFigure(item, figures.mapped(item.figure, changing(gesture.change)), figures)
      return { ...item, box: changedBox(item.box, gesture.change) }
    }
    default:
      return item
  }
}

/** @param {Item} item @param {import('./image-figures.js').Figure} figure @param {typeof import('./image-figures.js')} figures @returns {Item} */
function withFigure(item, figure, figures) {
  const area = figures.figureBounds(figure)
  return { ...item, ...area, figure, box: { x: area.minX, y: area.minY, w: area.maxX - area.minX, h: area.maxY - area.minY, r: 0 } }
}

/** The frame as the gesture holds it. @param {import('./image-gestures.js').Frame} frame @param {import('./image-gestures.js').Gesture | null} gesture @returns {import('./geometry.js').Box} */
function frameOf(frame, gesture) {
  const box = frameBox(frame)
  if (gesture?.kind === 'move') return { ...box, x: box.x + gesture.dx, y: box.y + gesture.dy }
  return gesture?.kind === 'transform' ? changedBox(box, gesture.change) : box
}
