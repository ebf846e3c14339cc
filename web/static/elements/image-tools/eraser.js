import { eraserOptions, pixelEraserOptions } from './mask-options.js'
import { painter } from './mask-brush.js'

export const eraser = painter({ kind: 'eraser', base: 'brush', erase: true, options: eraserOptions })
export const pixelEraser = painter({ kind: 'bitmask-eraser', base: 'bitmask', erase: true, exact: true, options: pixelEraserOptions })
