import { text } from '../app/texts.js'
import { addCommands } from './commands.js'
import { TOOLS, toolsFor } from './image-tools/registry.js'
import { takeTool } from './surface-tools.js'

/** Keys of the drawing tools. Keys of the config come first, so a letter that a label has picks the label. */

/** The select tool's row in the palette. */
export const SELECT = Object.freeze({ kind: 'select', name: text('Select and change'), key: 'v', icon: 'select' })

/** @param {import('./kite-surface.js').KiteSurface} surface @returns {string} the image that a key is about: the one that has the keyboard, else the first */
function imageOf(surface) {
  const images = surface.drawn?.objects.filter((object) => object.type === 'image') ?? []
  const near = document.activeElement?.closest('.frame-image')?.getAttribute('data-name')
  return (images.find((object) => object.name === near) ?? images[0])?.name ?? ''
}

/** @param {string} kind @param {import('./types.js').Plan} plan */
const usable = (kind, plan) => plan.objects.some((object) => object.type === 'image' && toolsFor(object, plan.controls).some((row) => kind === 'select' || row.kind === kind))

/** Of tools that share a key the one of the lit label is meant. @param {import('./kite-surface.js').KiteSurface} surface @param {{kind: string, key: string}} row */
const meant = ({ shown }, { kind, key }) => !TOOLS.some((row) => row.key === key && row.kind !== kind && Object.values(shown.tools).some(({ tool }) => tool === row.kind))

addCommands([SELECT, ...TOOLS].map((row) => ({
  id: `tool.${row.kind}`, does: row.name, keys: row.key, group: 'Picture', icon: row.icon, fits: (plan) => usable(row.kind, plan),
  when: (surface) => !!surface.drawn && usable(row.kind, surface.drawn) && meant(surface, row), run: (surface) => takeTool(surface, imageOf(surface), row.kind),
})))
