/**
 * A person's own keys: changing, swapping, clashes, a file to take along. Pure.
 *
 * @typedef {import('./own-keys.js').OwnKeys} OwnKeys
 * @typedef {object} KeyRow
 * @property {string} id of a command, or `labelKey` of a label or choice
 * @property {'commands' | 'labels'} kind
 * @property {string} group the heading it stands under
 * @property {string} does
 * @property {string} given its keys as the table or the config say
 * @property {boolean} [typing] works in text fields, and only there for labels
 */
import { eventNames, keyNames } from './keys.js'
import { checked } from './own-keys.js'

/** Keys that browsers do not give to pages, or that people need to get about. */
const KEPT = new Set(['ctrl+w', 'ctrl+t', 'ctrl+n', 'ctrl+shift+w', 'ctrl+shift+t', 'ctrl+shift+n', 'ctrl+tab', 'ctrl+shift+tab', 'tab', 'shift+tab', 'alt+tab', 'ctrl+q', 'alt+f4', 'f11', 'f12'])
const ALONE = new Set(['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'Dead', 'Process', 'Unidentified'])
const FORMAT = 1

/** @param {OwnKeys} own @param {KeyRow} row */
export const keysIn = (own, row) => own[row.kind][row.id] ?? row.given

/** A press as it is written down; '' for Shift and the like alone. @param {KeyboardEvent} event */
export function recorded(event) {
  if (ALONE.has(event.key)) return ''
  const names = eventNames(event)
  const letter = event.key.length === 1 && !/[a-z0-9 ]/i.test(event.key)
  // "?" is what one types, not "shift+/"; option with a letter on a Mac is that letter's key.
  const name = !letter ? names[0] : event.altKey || !/^[!-~]$/.test(event.key) ? names[names.length - 1] : event.shiftKey ? names[1] : names[0]
  return name.replace(/(^|\+)\+$/, '$1plus').replace(/(^|\+),$/, '$1comma')
}

/** Whether a browser keeps a key for itself. @param {string} key */
export const isKept = (key) => keyNames(key).some((name) => KEPT.has(name))

/** Rows that have a key of this one too: labels and choices go before commands. Commands that share a key as they come do so on purpose: each
 * is for another moment. @param {KeyRow[]} rows @param {OwnKeys} own @param {KeyRow} row @param {string} [keys] instead of those it has @returns {KeyRow[]} */
export function clashes(rows, own, row, keys = keysIn(own, row)) {
  const names = new Set(keyNames(keys))
  if (!names.size) return []
  const changed = (/** @type {KeyRow} */ one) => own[one.kind][one.id] !== undefined
  const tried = keys !== keysIn(own, row)
  return rows.filter((other) => other !== row && !(row.kind === 'commands' && other.kind === 'commands' && !tried && !changed(row) && !changed(other))
    && !(row.kind === 'labels' && other.kind === 'labels' && !tried && !changed(row) && !changed(other)) && keyNames(keysIn(own, other)).some((name) => names.has(name)))
}

/** @param {OwnKeys} own @param {KeyRow} row @param {string | undefined} keys '' none, undefined: as given @returns {OwnKeys} */
export function withKeys(own, row, keys) {
  const next = { commands: { ...own.commands }, labels: { ...own.labels } }
  if (keys === undefined || keys === row.given) delete next[row.kind][row.id]
  else next[row.kind][row.id] = keys
  return next
}

/** One takes a key, the other the keys that the first one had. @param {OwnKeys} own @param {KeyRow} row @param {string} key @param {KeyRow[]} others that have it @returns {OwnKeys} */
export function swapped(own, row, key, others) {
  const before = keysIn(own, row)
  const taken = new Set(keyNames(key))
  let next = own
  for (const [at, other] of others.entries()) {
    const rest = keysIn(own, other).split(',').map((one) => one.trim()).filter((one) => one && !keyNames(one).some((name) => taken.has(name)))
    next = withKeys(next, other, [...rest, ...(at === 0 && before ? [before] : [])].join(','))
  }
  return withKeys(next, row, key)
}

/** @param {OwnKeys} own */
export const exported = (own) => `${JSON.stringify({ labelkite_keys: FORMAT, commands: own.commands, labels: own.labels }, null, 2)}\n`

/** @param {string} text of a file @returns {OwnKeys | null} null: it has no keys of ours */
export function imported(text) {
  try {
    const read = JSON.parse(text)
    return read?.labelkite_keys === FORMAT ? checked(read) : null
  } catch {
    return null
  }
}
