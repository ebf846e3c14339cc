/** Commands for looking at pictures. A config's own keys come first. */
import { text } from '../app/texts.js'
import { addCommands } from './commands.js'

/** @typedef {import('./kite-surface.js').KiteSurface} KiteSurface */

/** @param {KiteSurface} surface */
const pictures = (surface) => !!surface.querySelector('kite-image')
/** @param {KiteSurface} surface @returns {import('./kite-image.js').KiteImage[]} pictures that the hand has hold of */
const hands = (surface) => /** @type {import('./kite-image.js').KiteImage[]} */ ([...surface.querySelectorAll('kite-image')]).filter((image) => image.looking.hand)
/** @param {string} tool @returns {import('./commands.js').Command['run']} */
const does = (tool) => (surface) => surface.look({ tool })
/** @type {(plan: import('./types.js').Plan) => boolean} */
const fits = (plan) => plan.objects.some(({ type }) => type === 'image')
const row = { group: 'Picture', looks: true, when: pictures, fits }

addCommands([
  { ...row, id: 'look.hand', does: text('Hand: every drag moves the picture; once more: ends'), keys: 'h', run: does('hand') },
  { ...row, id: 'look.hand-off', does: text('Put the hand away'), keys: 'escape', when: (surface) => hands(surface).length > 0, run: (surface) => { for (const image of hands(surface)) image.use('hand', false) } },
  { ...row, id: 'look.region', does: text('Zoom to the selected region'), keys: 'z', when: (surface) => pictures(surface) && surface.shown.selection.length > 0, run: does('region') },
  { ...row, id: 'look.actual', does: text('Show the picture at 100 %'), keys: 'shift+0', run: does('actual') },
  { ...row, id: 'look.rotate', does: text('Turn the view by 90°'), keys: 'shift+t', run: does('rotate') },
  { ...row, id: 'look.flip', does: text('Mirror the view'), keys: 'shift+x', run: does('flip') },
  { ...row, id: 'look.invert', does: text('Invert light and dark'), keys: 'shift+i', run: does('invert') },
  { ...row, id: 'look.normal', does: text('Light back to normal'), keys: 'shift+n', run: does('normal') },
  { ...row, id: 'look.light', does: text('Open the light panel'), keys: 'shift+l', run: (surface) => open(surface, 'light') },
  { ...row, id: 'look.readout', does: text('Pixel values under the pointer'), keys: 'shift+p', run: does('readout') },
  { ...row, id: 'look.grid', does: text('Grid'), keys: 'shift+g', run: does('grid') },
  { ...row, id: 'look.crosshair', does: text('Crosshair'), keys: 'shift+c', run: does('crosshair') },
  { ...row, id: 'look.smoothing', does: text('Smooth or sharp pixels'), keys: 'shift+s', run: does('smoothing') },
  { ...row, id: 'look.minimap', does: text('Map of the whole picture'), keys: 'shift+m', run: does('minimap') },
])

/** @param {KiteSurface} surface @param {'light' | 'view'} panel */
function open(surface, panel) {
  const tools = /** @type {import('./kite-image-tools.js').KiteImageTools | null} */ (surface.querySelector('kite-image-tools'))
  void tools?.open(panel)
  return !!tools
}
