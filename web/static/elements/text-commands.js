import { newId } from '../app/ids.js'
import { text } from '../app/texts.js'
import { addCommands } from './commands.js'
import { emit } from './emit.js'

/** @typedef {import('./kite-surface.js').KiteSurface} KiteSurface */

/** Kinds of regions that have a beginning and an end in a text. */
const MARKED = new Set(['span', 'hyperspan', 'phrase'])

/** The selected region, if it is marked text. @param {KiteSurface} surface */
function marked({ shown }) {
  const region = shown.selection.length === 1 ? shown.regions[shown.selection[0]] : undefined
  return region && MARKED.has(region.kind) ? region : undefined
}

/** The element of an object. @param {KiteSurface} surface @param {string} object @returns {any} */
const elementOf = (surface, object) => surface.querySelector(`.frame[data-name="${CSS.escape(object)}"] > :is(kite-text, kite-hypertext, kite-paragraphs)`)

/** A text that something can be done with: the one with the keyboard, else the first in sight. @param {KiteSurface} surface @param {string} method @returns {any} */
function textOf(surface, method) {
  const texts = /** @type {any[]} */ ([...surface.querySelectorAll('kite-text, kite-hypertext, kite-paragraphs, kite-chat, kite-pdf, kite-table')]).filter((text) => text[method] && text.checkVisibility())
  return texts.find((text) => text.contains(document.activeElement)) ?? texts[0]
}

/** Pulls a border of the selected span by one unit of its granularity. @param {number} dx of the end @param {number} dy of the beginning @returns {import('./commands.js').Command['run']} */
const pull = (dx, dy) => (surface) => {
  const region = marked(surface)
  if (!region) return false
  const turned = dx && elementOf(surface, region.object)?.rightToLeft?.(region.id) ? -1 : 1
  emit(surface, { type: 'nudge', dx: dx * turned, dy, grow: true })
  return true
}

/** Selects every span with the same words and the same labels. @param {KiteSurface} surface */
function selectEqual(surface) {
  const region = marked(surface)
  if (!region?.text) return false
  const key = (/** @type {import('./types.js').Region} */ one) => `${one.text?.replace(/\s+/g, ' ').toLowerCase()}\n${[...one.labels].sort().join('\n')}`
  const equal = Object.values(surface.shown.regions).filter((one) => one.object === region.object && one.kind === region.kind && key(one) === key(region))
  emit(surface, { type: 'select', regions: equal.map(({ id }) => id), add: false })
  return true
}

/** Spans of one text become one, from the first letter to the last. @param {KiteSurface} surface @returns {import('./types.js').Intent | null} */
function join({ shown }) {
  const spans = shown.selection.map((id) => shown.regions[id])
  const fits = spans.length > 1 && spans.every((region) => region?.kind === 'span' && region.object === spans[0].object)
  return fits ? { type: 'merge_spans', regions: shown.selection } : null
}

/** The selected span in two, where the caret stands in it. @param {KiteSurface} surface @param {() => string} id @returns {import('./types.js').Intent | null} */
function cut(surface, id) {
  const region = marked(surface)
  const at16 = region?.kind === 'span' ? elementOf(surface, region.object)?.caretAt?.() : undefined
  return region && typeof at16 === 'number' && at16 > region.shape.start16 && at16 < region.shape.end16 ? { type: 'split_span', region: region.id, at16, id: id() } : null
}

/** @param {(surface: KiteSurface, id: () => string) => import('./types.js').Intent | null} make @returns {Pick<import('./commands.js').Command, 'when' | 'run'>} */
const sends = (make) => ({
  when: (surface) => !!make(surface, () => ''),
  run: (surface) => {
    const intent = make(surface, newId)
    if (intent) emit(surface, intent)
    return !!intent
  },
})

/** @type {readonly import('./commands.js').Command[]} */
const ROWS = [
  { id: 'text.find', does: 'Find in the text', keys: 'ctrl+f', group: 'Text', icon: 'search', looks: true, typing: true, when: (surface) => !!textOf(surface, 'find'), run: (surface) => textOf(surface, 'find').find() },
  { id: 'text.go', does: 'Go to the text', keys: 'alt+t', group: 'Text', looks: true, when: (surface) => !!textOf(surface, 'go'), run: (surface) => textOf(surface, 'go').go() },
  { id: 'text.equal', does: 'Select all spans with the same words and label', keys: 'alt+e', group: 'Text', looks: true, selection: true, run: selectEqual },
  { id: 'text.join', does: 'Join the selected spans to one', keys: 'alt+j', group: 'Text', selection: true, ...sends(join) },
  { id: 'text.split', does: 'Split the selected span at the caret', keys: 'alt+k', group: 'Text', selection: true, ...sends(cut) },
  { id: 'text.arcs', does: 'Go to the relations of the selected span', keys: 'alt+shift+r', group: 'Text', looks: true, selection: true, run: (surface) => !!textOf(surface, 'focusArc')?.focusArc(surface.shown.selection[0] ?? '') },
  ...[['right', 1, 0], ['left', -1, 0], ['up', 0, -1], ['down', 0, 1]].map(([way, dx, dy]) => ({
    id: `text.pull.${way}`, keys: `alt+shift+${way}`, group: 'Text', selection: true, family: text('Pull the end of the selected span (← →), its beginning (↑ ↓)'),
    does: { right: text('Pull the end of the span forward'), left: text('Pull the end of the span back'), up: text('Pull the beginning of the span back'), down: text('Pull the beginning of the span forward') }[way] ?? '',
    run: pull(Number(dx), Number(dy)),
  })),
]

addCommands(ROWS)
