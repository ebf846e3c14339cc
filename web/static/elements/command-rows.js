/** The commands of every surface. What they do to a page stands here, what they send in `command-intents.js`. */
import { newId } from '../app/ids.js'
import { text } from '../app/texts.js'
import { INTENTS, nudge } from './command-intents.js'
import { emit } from './emit.js'
import { nodesOf } from './surface-layout.js'

/** @typedef {import('./commands.js').Command} Command */
/** @typedef {import('./kite-surface.js').KiteSurface} KiteSurface */

/** Sends an intent, where there is one. @param {(view: import('./types.js').View, newId: () => string) => import('./types.js').Intent | null} make @returns {Command['run']} */
const sends = (make) => (surface) => {
  const intent = make(surface.shown, newId)
  if (intent) emit(surface, intent)
  return !!intent
}

/** Radio buttons and lists move by themselves. @param {HTMLElement} target */
const movesItself = (target) => !!target.matches?.('input, [role=listbox], [role=tree], [role=treegrid]')

/** @type {[string, number, number][]} */
const WAYS = [['left', -1, 0], ['right', 1, 0], ['up', 0, -1], ['down', 0, 1]]

/** Four keys of the arrows. @param {string} id @param {string} held keys that are held @param {string} family @param {string[]} does one for each of WAYS @param {number} by pixels @param {boolean} grow @returns {Command[]} */
const arrows = (id, held, family, does, by, grow = false) => WAYS.map(([way, x, y], at) => ({
  id: `${id}.${way}`, does: does[at], keys: held + way, group: 'Regions', selection: true, family,
  run: (surface, press) => !movesItself(press.target) && sends((view) => nudge(view, x * by, y * by, grow))(surface, press),
}))

/** @param {KiteSurface} surface */
const pictures = (surface) => !!surface.querySelector('kite-image')

/** Moves the keyboard to a field. @param {KiteSurface} surface @param {string} selector */
function write(surface, selector) {
  const field = /** @type {HTMLElement | null} */ (surface.querySelector(selector))
  field?.focus()
  return !!field
}

/** The next page of a Repeater. @param {number} step @returns {Command['run']} */
const turn = (step) => (surface) => {
  const pagers = /** @type {HTMLElement[]} */ ([...surface.querySelectorAll('[data-pager]')]).filter((one) => one.checkVisibility())
  const key = (pagers.find((one) => one.contains(document.activeElement)) ?? pagers[0])?.dataset.pager
  const node = nodesOf(surface.drawn?.tree).find((one) => one.key === key)
  if (!node) return false
  const item = (surface.shown.items?.[node.key] ?? 0) + step
  if (item >= 0 && item < (node.children ?? []).length) emit(surface, { type: 'view_item', node: node.key, item })
  return true
}

/** What has a use of its own for the arrows. */
const WANTS_ARROWS = 'input, summary, [role=tree], [role=treegrid], [role=listbox], [role=tablist], [role=slider], [tabindex="0"]:not(.frame, .kite-data)'

/** Chooses of a pair, where nothing else wants the arrows. @param {'left' | 'right'} side @returns {Command['run']} */
const pair = (side) => (surface, { target }) => {
  if (surface.shown.selection.length || target.closest?.(WANTS_ARROWS)) return false
  const pairs = /** @type {import('./kite-pairwise.js').KitePairwise[]} */ ([...surface.querySelectorAll('kite-pairwise')].filter((one) => /** @type {HTMLElement} */ (one).offsetParent))
  if (pairs.length !== 1) return false
  pairs[0].choose(side, false)
  return true
}

/** @param {import('./types.js').Plan} plan */
const pairwise = (plan) => plan.controls.some((control) => control.type === 'pairwise')
/** @param {import('./types.js').Plan} plan */
const paged = (plan) => nodesOf(plan.tree).some((node) => node.node === 'repeater' && node.mode === 'pagination')

/** @type {readonly Command[]} */
export const ROWS = Object.freeze([
  { id: 'edit.undo', does: 'Undo', keys: 'ctrl+z', group: 'Edit', run: sends(INTENTS.undo) },
  { id: 'edit.redo', does: 'Redo', keys: 'ctrl+shift+z,ctrl+y', group: 'Edit', run: sends(INTENTS.redo) },
  { id: 'pair.left', does: 'Choose the left one', keys: 'left', group: 'One of two', fits: pairwise, run: pair('left') },
  { id: 'pair.right', does: 'Choose the right one', keys: 'right', group: 'One of two', fits: pairwise, run: pair('right') },
  { id: 'region.delete', does: 'Delete the selected region', keys: 'backspace,delete', group: 'Regions', selection: true, run: sends(INTENTS.delete) },
  { id: 'region.delete_all', does: 'Delete all regions', keys: 'ctrl+backspace', group: 'Regions', run: sends(INTENTS.delete_all) },
  { id: 'focus.leave', does: 'Show everything again', keys: 'escape,u', group: 'Page', looks: true, when: (surface) => surface.focused && !surface.shown.selection.length, run: (surface) => surface.focusMode(false) },
  { id: 'region.unselect', does: 'Select nothing; once more: put the label down', keys: 'escape,u', group: 'Regions', looks: true, run: sends(INTENTS.unselect) },
  { id: 'region.duplicate', does: 'Duplicate the selected region', keys: 'ctrl+d', group: 'Regions', selection: true, run: sends(INTENTS.duplicate) },
  { id: 'region.next', does: 'Next region', keys: 'alt+.', group: 'Regions', looks: true, run: sends(INTENTS.next) },
  { id: 'region.previous', does: 'Previous region', keys: 'alt+comma', group: 'Regions', looks: true, run: sends(INTENTS.previous) },
  { id: 'region.hide', does: 'Hide or show the region', keys: 'alt+h', group: 'Regions', looks: true, selection: true, run: sends(INTENTS.hide) },
  { id: 'region.lock', does: 'Lock or unlock the region', keys: 'alt+l', group: 'Regions', selection: true, run: sends(INTENTS.lock) },
  { id: 'region.relate', does: 'Relate to another region', keys: 'alt+r', group: 'Regions', selection: true, run: (surface) => surface.relate() },
  { id: 'region.note', does: 'Write a note on the region', keys: 'alt+m', group: 'Regions', selection: true, run: (surface) => write(surface, '.region-note') },
  ...arrows('nudge', '', text('Move the region by 1 pixel'), [text('Move the region left by 1 pixel'), text('Move the region right by 1 pixel'), text('Move the region up by 1 pixel'), text('Move the region down by 1 pixel')], 1),
  ...arrows('nudge10', 'shift+', text('Move the region by 10 pixels'), [text('Move the region left by 10 pixels'), text('Move the region right by 10 pixels'), text('Move the region up by 10 pixels'), text('Move the region down by 10 pixels')], 10),
  ...arrows('grow', 'alt+', text('Grow or shrink the region'), [text('Move the far edge of the region left'), text('Move the far edge of the region right'), text('Move the far edge of the region up'), text('Move the far edge of the region down')], 1, true),
  { id: 'page.previous', does: 'Previous page', keys: 'alt+left', group: 'Page', looks: true, fits: paged, run: turn(-1) },
  { id: 'page.next', does: 'Next page', keys: 'alt+right', group: 'Page', looks: true, fits: paged, run: turn(1) },
  { id: 'page.write', does: 'Go to the first text field', keys: 'enter', group: 'Page', run: (surface, { target }) => target === document.body && write(surface, '.kite-data .texts-new :is(input, textarea)') },
  { id: 'page.focus', does: 'Focus: data and labels only', keys: '.', group: 'Page', looks: true, run: (surface) => surface.focusMode(!surface.focused) },
  { id: 'page.help', does: 'Show these keys', keys: '?', group: 'Page', looks: true, run: (surface) => surface.help() },
  { id: 'picture.fit', does: 'Fit the picture; once more: 100 %', keys: 'ctrl+0', group: 'Picture', looks: true, when: pictures, run: (surface) => surface.look({ tool: 'fit' }) },
  { id: 'picture.zoom_in', does: 'Zoom in', keys: 'ctrl+plus,ctrl+=', group: 'Picture', looks: true, when: pictures, run: (surface) => surface.look({ tool: 'zoom', value: 1.25 }) },
  { id: 'picture.zoom_out', does: 'Zoom out', keys: 'ctrl+minus', group: 'Picture', looks: true, when: pictures, run: (surface) => surface.look({ tool: 'zoom', value: 1 / 1.25 }) },
])
