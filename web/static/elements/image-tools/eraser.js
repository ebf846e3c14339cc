import { eraserOptions } from './mask-options.js'
import { painter } from './mask-brush.js'

/** Of both kinds of masks; of bitmaps by whole pixels. */
export const eraser = painter({ kind: 'eraser', options: eraserOptions })
