import { brushOptions } from './mask-options.js'
import { painter } from './mask-brush.js'

export const brush = painter({ kind: 'brush', options: brushOptions })
