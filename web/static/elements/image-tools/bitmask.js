import { pixelOptions } from './mask-options.js'
import { painter } from './mask-brush.js'

/** A pen of whole pixels, without smooth edges. */
export const bitmask = painter({ kind: 'bitmask', options: pixelOptions })
