/** What commands on the selection send to the engine. Null: there is nothing to act on. Pure. */

/** @typedef {import('./types.js').View} View */
/** @typedef {import('./types.js').Intent} Intent */

/** @type {Record<string, (view: View, newId: () => string) => Intent | null>} */
export const INTENTS = {
  undo: () => ({ type: 'undo' }),
  redo: () => ({ type: 'redo' }),
  delete: ({ selection }) => (selection.length ? { type: 'delete' } : null),
  delete_all: ({ regions }) => (Object.keys(regions).length ? { type: 'delete_all' } : null),
  unselect: () => ({ type: 'select', regions: [], add: false, by: 'key' }), // what it means where nothing is selected, the engine decides
  duplicate: ({ selection }, newId) => (selection.length ? { type: 'duplicate', ids: selection.map(() => newId()) } : null),
  next: ({ regions }) => (Object.keys(regions).length ? { type: 'select_next', step: 1 } : null),
  previous: ({ regions }) => (Object.keys(regions).length ? { type: 'select_next', step: -1 } : null),
  hide: ({ selection, regions }) => (selection.length ? { type: 'mark', regions: selection, hidden: !selection.every((id) => regions[id]?.hidden) } : null),
  lock: ({ selection, regions }) => (selection.length ? { type: 'mark', regions: selection, locked: !selection.every((id) => regions[id]?.locked) } : null),
}

/** Moves what is selected, or makes it larger. Spans move by their own keys. @param {View} view @param {number} dx natural pixels @param {number} dy @param {boolean} grow @returns {Intent | null} */
export function nudge({ selection, regions }, dx, dy, grow = false) {
  if (!selection.length || selection.some((id) => regions[id]?.kind === 'span')) return null
  return grow ? { type: 'nudge', dx, dy, grow: true } : { type: 'nudge', dx, dy }
}
