/** Regions that were copied, for other tasks and other tabs: kept in this browser. */

const KEY = 'labelkite-copied'
const STEP = 1.5 // percent, so that a copy does not cover what it is of

/** @typedef {{rows: any[], ids: string[], from: string, pasted: number}} Copied rows: results; ids: regions among them; from: what tells their task; pasted: how often into the same task */

/** Where the browser refuses to keep it (private windows, no room) it lasts until the page is left. @type {Copied | null} */
let here = null

/** @param {Copied} copied */
export function keep(copied) {
  here = copied
  try {
    localStorage.setItem(KEY, JSON.stringify(copied))
  } catch {
    localStorage.removeItem(KEY)
  }
}

/** @returns {Copied | null} */
export function kept() {
  try {
    const text = localStorage.getItem(KEY)
    return text ? JSON.parse(text) : here
  } catch {
    return here
  }
}

/** Nothing is copied any more: somebody else has this browser now. */
export function forget() {
  here = null
  localStorage.removeItem(KEY)
}

/** The paste of what was copied. @param {Copied} copied @param {string} task what tells the task @param {boolean} inPlace @param {() => string} newId @returns {import('./types.js').Intent} */
export function pasting({ rows, ids, from, pasted }, task, inPlace, newId) {
  const by = from === task && !inPlace ? STEP * (pasted + 1) : 0
  return { type: 'paste', rows, ids: Object.fromEntries(ids.map((id) => [id, newId()])), ...(by ? { shift: { x: by, y: by } } : {}) }
}
