/** Paints a picture and the grid over it; everything else of a stage stands above. */

const CRISP = 6 // times; above that single pixels are what one wants to see
const CLOSEST = 6 // stage pixels between two lines of the grid

/**
 * @typedef {{ratio: number, width: number, height: number, object: import('./types.js').PlanObject, look?: Partial<import('./image-looks.js').Look>}} Scene ratio: device pixels per stage
 *   pixel; width, height: of the stage, in stage pixels
 * @param {CanvasRenderingContext2D} ctx of the whole layer, in device pixels
 * @param {import('./image-view.js').ImageView} camera
 * @param {import('./image-load.js').Picture} picture
 * @param {Scene} scene
 */
export function paintPhoto(ctx, camera, picture, { ratio, width, height, object, look = {} }) {
  const [a, b, c, d, e, f] = camera.matrix().map((value) => value * ratio)
  const seen = camera.visible(width, height)
  ctx.save()
  ctx.setTransform(a, b, c, d, e, f)
  ctx.imageSmoothingEnabled = look.smoothing ?? (object.smoothing !== false && camera.scale < CRISP)
  ctx.imageSmoothingQuality = 'medium'
  picture.paint(ctx, camera.scale * ratio, seen)
  if (look.grid ?? object.grid) paintGrid(ctx, camera, seen, Math.max(2, Number(object.grid_size) || 30), object.grid_color || '#eeeef4')
  ctx.restore()
}

/** The lines that can be seen; where they would run together, every second, fourth … one. @param {CanvasRenderingContext2D} ctx @param {import('./image-view.js').ImageView} camera @param {import('./geometry.js').Bounds} seen @param {number} size natural pixels @param {string} color */
function paintGrid(ctx, camera, seen, size, color) {
  let step = size
  while (step * camera.scale < CLOSEST) step *= 2
  const [left, right] = [Math.max(0, seen.minX), Math.min(camera.width, seen.maxX)]
  const [top, bottom] = [Math.max(0, seen.minY), Math.min(camera.height, seen.maxY)]
  ctx.beginPath()
  for (let x = Math.max(1, Math.ceil(left / step)) * step; x < right; x += step) { ctx.moveTo(x, top); ctx.lineTo(x, bottom) }
  for (let y = Math.max(1, Math.ceil(top / step)) * step; y < bottom; y += step) { ctx.moveTo(left, y); ctx.lineTo(right, y) }
  ctx.strokeStyle = color
  ctx.lineWidth = 1 / camera.scale
  ctx.stroke()
}
