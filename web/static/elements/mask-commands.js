import { addCommands } from './commands.js'
import { emit } from './emit.js'
import { imageTool, inHand } from './image-tools/registry.js'
import { setTool } from './surface-tools.js'

/** Keys of the mask tools. They come with the first of them. */

/** @typedef {import('./kite-surface.js').KiteSurface} KiteSurface */

/** @param {import('./types.js').Plan} plan */
const fits = (plan) => plan.controls.some((control) => control.shape === 'brush' || control.shape === 'bitmask')

/** The tool in hand that has a size. @param {KiteSurface} surface */
function sized(surface) {
  for (const { name, type } of surface.drawn?.objects ?? []) {
    const tool = type === 'image' && !surface.readonly ? imageTool(inHand(surface.shown.tools[name], surface.tools[name]).tool) : undefined
    if (tool?.resize) return tool
  }
  return undefined
}

/** @param {number} way @returns {(surface: KiteSurface) => void} */
const resize = (way) => (surface) => {
  for (const glass of surface.querySelectorAll('.image-glass')) glass.dispatchEvent(new CustomEvent('kite-tool-size', { detail: way }))
}

/** The one selected mask. @param {KiteSurface} surface */
function chosen({ shown }) {
  const region = shown.selection.length === 1 ? shown.regions[shown.selection[0]] : undefined
  return region && (region.kind === 'brush' || region.kind === 'bitmask') ? region : undefined
}

/** What is painted next is a mask of its own; an eraser is put away for that. @param {KiteSurface} surface @param {string} object */
export function beginMask(surface, object) {
  emit(surface, { type: 'select', regions: [], add: false })
  const held = surface.tools[object]
  if (held?.tool === 'eraser') setTool(surface, object, held.before)
}

addCommands([
  { id: 'mask.smaller', does: 'Smaller brush', keys: '[', group: 'Picture', fits, looks: true, when: (surface) => !!sized(surface), run: resize(-1) },
  { id: 'mask.larger', does: 'Larger brush', keys: ']', group: 'Picture', fits, looks: true, when: (surface) => !!sized(surface), run: resize(1) },
  { id: 'mask.new', does: 'Begin a new mask with the same label', keys: 'n', group: 'Picture', fits, looks: true, when: (surface) => !!chosen(surface), run: (surface) => beginMask(surface, chosen(surface)?.object ?? '') },
  { id: 'mask.fill', does: 'Fill the holes of the selected mask', keys: 'shift+f', group: 'Picture', fits, selection: true, when: (surface) => !!chosen(surface), run: (surface) => {
    const region = chosen(surface)
    if (region) emit(surface, { type: 'paint', region: region.id, object: region.object, fill: true })
  } },
])
