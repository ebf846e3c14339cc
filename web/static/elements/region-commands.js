/** Commands on several regions: choosing, copying between tasks, grouping, order, combining, converting. */
import { newId } from '../app/ids.js'
import { t, text } from '../app/texts.js'
import { addCommands } from './commands.js'
import { emit } from './emit.js'
import { keep, kept, pasting } from './region-clipboard.js'
import { TARGETS, combine, convert, group, hideOthers, reorder, selectAll, showAll, turned, ungroup } from './region-intents.js'

/** @typedef {import('./commands.js').Command} Command */
/** @typedef {import('./kite-surface.js').KiteSurface} KiteSurface */

/** Sends what a view gives, if anything; listed where it gives something, for which no ids need to be made.
 * @param {(surface: KiteSurface, id: () => string) => import('./types.js').Intent | null} make @returns {Pick<Command, 'when' | 'run'>} */
const sends = (make) => ({
  when: (surface) => !!make(surface, () => ''),
  run: (surface) => {
    const intent = make(surface, newId)
    if (intent) emit(surface, intent)
    return !!intent
  },
})

/** The object that somebody works on: of what is selected, of what has the keyboard, else the first one. @param {KiteSurface} surface */
function objectAt(surface) {
  const [id] = surface.shown.selection
  const frame = /** @type {HTMLElement | null | undefined} */ (document.activeElement?.closest('.frame[data-name]'))
  return surface.shown.regions[id]?.object ?? frame?.dataset.name ?? surface.leading ?? ''
}

/** Whether words of the page are marked, which the browser itself copies. */
const wordsMarked = () => !(getSelection()?.isCollapsed ?? true)

/** @param {KiteSurface} surface @param {boolean} cut */
async function copy(surface, cut) {
  const { selection, regions } = surface.shown
  const wanted = [...selection]
  const { rows, ids, problems } = await surface.copy(wanted)
  if (!rows) {
    surface.say(problems?.[0]?.message ?? t('This cannot be copied.'), 'problem')
    return
  }
  keep({ rows, ids: ids ?? wanted, from: surface.taskKey, pasted: 0 })
  if (cut) emit(surface, { type: 'delete', regions: wanted.filter((id) => !regions[id]?.locked && !regions[id]?.readonly) })
  surface.say(cut ? t('{n} regions cut', { n: wanted.length }) : t('{n} regions copied', { n: wanted.length }))
}

/** @param {boolean} cut @returns {Command['run']} */
const copies = (cut) => (surface) => {
  if (!surface.shown.selection.length || wordsMarked()) return false
  void copy(surface, cut)
  return true
}

/** @param {boolean} inPlace @returns {Command['run']} */
const pastes = (inPlace) => (surface) => {
  const copied = kept()
  if (!copied) return false
  const same = copied.from === surface.taskKey
  emit(surface, pasting(copied, surface.taskKey, inPlace, newId))
  if (same && !inPlace) keep({ ...copied, pasted: copied.pasted + 1 })
  return true
}

const HOW = /** @type {const} */ ([['union', text('Unite the regions'), 'alt+shift+u'], ['subtract', text('Subtract from the first region'), 'alt+shift+d'],
  ['intersect', text('Keep what the regions share'), 'alt+shift+i'], ['split', text('Split the region into its parts'), 'alt+shift+x']])
const ORDER = /** @type {const} */ ([['front', text('Bring to the front'), 'ctrl+shift+]'], ['forward', text('Bring forward'), 'ctrl+]'], ['backward', text('Send backward'), 'ctrl+['], ['back', text('Send to the back'), 'ctrl+shift+[']])
/** @type {Record<typeof TARGETS[number], string>} */
const INTO = { polygon: text('Make it a polygon'), rectangle: text('Make it a rectangle'), ellipse: text('Make it an ellipse'), brush: text('Make it a brush mask'), bitmask: text('Make it a bitmask') }

const TURNS = /** @type {const} */ ([
  [-1, 'alt+[', text('Turn the region left by 1°'), text('Turn the region by 1°')], [1, 'alt+]', text('Turn the region right by 1°'), text('Turn the region by 1°')],
  [-15, 'alt+shift+[', text('Turn the region left by 15°'), text('Turn the region by 15°')], [15, 'alt+shift+]', text('Turn the region right by 15°'), text('Turn the region by 15°')],
])

/** @type {Omit<Command, 'group'>[]} */
const ROWS = [
  { id: 'region.select_all', does: 'Select all regions here', keys: 'ctrl+a', looks: true, ...sends((surface) => selectAll(surface.shown, objectAt(surface))) },
  { id: 'region.copy', does: 'Copy', keys: 'ctrl+c', looks: true, selection: true, icon: 'copy', when: (surface) => surface.shown.selection.length > 0, run: copies(false) },
  { id: 'region.cut', does: 'Cut', keys: 'ctrl+x', selection: true, when: (surface) => surface.shown.selection.length > 0, run: copies(true) },
  { id: 'region.paste', does: 'Paste', keys: 'ctrl+v', when: () => !!kept(), run: pastes(false) },
  { id: 'region.paste_in_place', does: 'Paste where it was', keys: 'ctrl+shift+v', when: () => !!kept(), run: pastes(true) },
  { id: 'region.group', does: 'Group under the first region', keys: 'ctrl+g', selection: true, icon: 'group', ...sends((surface) => group(surface.shown)) },
  { id: 'region.ungroup', does: 'Take out of the group', keys: 'ctrl+shift+g', selection: true, ...sends((surface) => ungroup(surface.shown)) },
  ...ORDER.map(([to, does, keys]) => ({ id: `region.${to}`, does, keys, selection: true, ...sends((surface) => reorder(surface.shown, to)) })),
  ...TURNS.map(([by, keys, does, family]) => ({ id: `region.turn.${by}`, does, keys, family, selection: true, run: sends((surface) => (surface.drawn ? turned(surface.drawn, surface.shown, by) : null)).run })), // no `when`: they may come before what is selected is known
  ...HOW.map(([how, does, keys]) => ({ id: `region.${how}`, does, keys, selection: true, ...sends((surface, id) => combine(surface.shown, how, id)) })),
  ...TARGETS.map((to) => ({ id: `region.to_${to}`, does: INTO[to], keys: '', selection: true, ...sends((surface, id) => (surface.drawn ? convert(surface.drawn, surface.shown, to, id) : null)) })),
  {
    id: 'region.hide_others', does: 'Hide or show the other regions', keys: 'alt+shift+h', looks: true, selection: true, icon: 'eye', when: (surface) => hideOthers(surface.shown).length > 0,
    run: (surface) => {
      const intents = hideOthers(surface.shown)
      for (const intent of intents) emit(surface, intent)
      return intents.length > 0
    },
  },
  { id: 'region.show_all', does: 'Show all regions', keys: '', looks: true, ...sends((surface) => showAll(surface.shown)) },
  { id: 'list.enter', does: 'Go to the list of regions', keys: 'alt+g', looks: true, run: (surface) => surface.enterList(false) },
  { id: 'list.find', does: 'Find a region in the list', keys: 'alt+shift+f', looks: true, icon: 'search', run: (surface) => surface.enterList(true) },
]

addCommands(ROWS.map((row) => ({ group: 'Regions', ...row })))
