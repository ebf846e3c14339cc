/**
 * Every action on a whole surface, with its key: one table that the keyboard (`surface-keys.js`), the help, the command palette and
 * the editor of keys read. A feature adds its rows with `addCommands` when its module is loaded; a page has its own in `surface.commands`.
 *
 * @typedef {import('./kite-surface.js').KiteSurface} KiteSurface
 *
 * @typedef {object} Press what set a command off
 * @property {string} name canonical name of the key; '' when it was chosen from the palette or pressed as a button
 * @property {HTMLElement} target what had the keyboard
 *
 * @typedef {object} Command
 * @property {string} id               stable, kept with people's own keys: 'region.hide'
 * @property {string} does             what it does, in English; shown through `t()`
 * @property {string} keys             as configs write them, several by commas; '' none
 * @property {string} group            one of GROUPS, or another: the heading it stands under
 * @property {(plan: import('./types.js').Plan) => boolean} [fits]  whether tasks of this plan have anything it is for; default: its group's
 * @property {(surface: KiteSurface) => boolean} [when]  whether it can be done now; where it cannot, its key goes on to the next row
 * @property {(surface: KiteSurface, press: Press) => boolean | void} run  false: there was nothing to do, and the key goes on
 * @property {boolean} [looks]         changes nothing: works where one may only read
 * @property {boolean} [selection]     acts on what is selected: waits until the engine has said what that is
 * @property {boolean} [typing]        its key works in text fields too
 * @property {string} [family]         rows of one family after each other are one line in the help, with this text
 * @property {string} [icon]           of kite-icon, for the palette
 */
import { text } from '../app/texts.js'
import { ROWS } from './command-rows.js'
import { keyNames } from './keys.js'
import { keysOf, ownKeysChanged } from './own-keys.js'
import { labelled } from './surface-layout.js'

/** @param {string} type @returns {(plan: import('./types.js').Plan) => boolean} */
const has = (type) => (plan) => plan.objects.some((object) => object.type === type)

/** Headings in their order, and for which plans they are. @type {[string, (plan: import('./types.js').Plan) => boolean][]} */
export const GROUPS = [
  [text('Edit'), () => true],
  [text('Regions'), (plan) => plan.controls.some((control) => !!control.shape || labelled(control))],
  [text('Picture'), has('image')],
  [text('Text'), (plan) => plan.objects.some(({ type }) => ['text', 'hypertext', 'paragraphs', 'chat', 'pdf', 'table'].includes(type))],
  [text('Page'), () => true],
]
const GROUP_FITS = new Map(GROUPS)

/** @type {Map<string, Command>} */
const added = new Map()
/** @type {Map<string, Command[]> | null} what keys lead to, without those of pages */
let byKey = null
ownKeysChanged.addEventListener('change', () => { byKey = null })

/** Adds rows to the table; a row with an id that is there already takes its place. Rows that were added last have the first say about a key.
 * @param {readonly Command[]} rows */
export function addCommands(rows) {
  for (const row of rows) {
    added.delete(row.id)
    added.set(row.id, row)
  }
  byKey = null
}

/** All rows as they are listed: the surface's own, those that were added, the page's. @param {{commands?: readonly Command[]}} [surface] @returns {Command[]} */
export function allCommands(surface) {
  return [...ROWS.filter((row) => !added.has(row.id)), ...added.values(), ...(surface?.commands ?? [])]
}

/** Whether tasks of a plan have anything that a command is for. @param {Command} command @param {import('./types.js').Plan} plan */
export const fits = (command, plan) => (command.fits ?? GROUP_FITS.get(command.group) ?? (() => true))(plan)

/** Rows by heading, those of one plan. @param {{commands?: readonly Command[]}} surface @param {import('./types.js').Plan} plan @returns {[string, Command[]][]} */
export function grouped(surface, plan) {
  const rows = allCommands(surface).filter((row) => fits(row, plan))
  const names = [...new Set([...GROUPS.map(([name]) => name), ...rows.map((row) => row.group)])]
  const made = /** @type {[string, Command[]][]} */ (names.map((name) => [name, rows.filter((row) => row.group === name)]))
  return made.filter(([, found]) => found.length)
}

/** @param {readonly Command[]} rows */
function index(rows) {
  /** @type {Map<string, Command[]>} */
  const found = new Map()
  for (const row of rows) for (const name of keyNames(keysOf(row))) found.set(name, [...(found.get(name) ?? []), row])
  return found
}

/**
 * The commands that a key press may mean, the likeliest first: the page's rows, what features added, the surface's own.
 * @param {{commands?: readonly Command[]}} surface @param {string[]} names of `eventNames` @returns {{name: string, command: Command}[]}
 */
export function commandsFor(surface, names) {
  byKey ??= index([...[...added.values()].reverse(), ...ROWS.filter((row) => !added.has(row.id))]) // of features, who came last has the first say
  const own = surface.commands?.length ? index(surface.commands) : null
  return names.flatMap((name) => [...(own?.get(name) ?? []), ...(byKey?.get(name) ?? [])].map((command) => ({ name, command })))
}
