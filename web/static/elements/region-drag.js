/** Drags rows of the list of regions: onto another one, which becomes their parent, or between two. With the mouse or a pen; a finger scrolls. */

/** @typedef {import('./types.js').Region} Region */
/** @typedef {{id: string, part: 'before' | 'onto' | 'after'}} Place a row, '' beside all rows, and which part of it */

const FAR = 6 // pixels before a press is a drag
const EDGE = 0.3 // of a row's height that means the gap beside it

/**
 * @param {PointerEvent} event a press on a row @param {HTMLElement} list what holds the rows, `[data-id]`
 * @param {{over: (place: Place | null) => void, drop: (place: Place | null) => void}} told over: what is under the pointer, null: it is outside, or it is over;
 *   drop: where it was let go
 */
export function dragRow(event, list, { over, drop }) {
  if (event.button !== 0 || event.pointerType === 'touch') return
  const gone = new AbortController()
  const { signal } = gone
  let began = false
  const end = () => {
    gone.abort()
    over(null)
  }
  document.addEventListener('pointermove', (now) => {
    if (now.pointerId !== event.pointerId) return
    began ||= Math.hypot(now.clientX - event.clientX, now.clientY - event.clientY) > FAR
    if (began) over(placeAt(now, list))
  }, { signal })
  document.addEventListener('pointerup', (now) => {
    if (now.pointerId !== event.pointerId) return
    const at = began ? placeAt(now, list) : null
    end()
    if (!began) return
    document.addEventListener('click', (click) => click.stopPropagation(), { capture: true, once: true, signal: AbortSignal.timeout(50) }) // the press was no click
    drop(at)
  }, { signal })
  document.addEventListener('pointercancel', end, { signal })
  document.addEventListener('keydown', (key) => {
    if (key.key !== 'Escape' || !began) return
    key.stopPropagation()
    end()
  }, { signal, capture: true })
}

/** @param {PointerEvent} pointer @param {HTMLElement} list @returns {Place | null} */
function placeAt({ clientX, clientY }, list) {
  const found = document.elementFromPoint(clientX, clientY)
  if (!list.contains(found)) return null
  const row = /** @type {HTMLElement | null | undefined} */ (found?.closest('[data-id]'))
  if (!row) return { id: '', part: 'onto' }
  const { top, height } = row.getBoundingClientRect()
  const along = (clientY - top) / height
  return { id: row.dataset.id ?? '', part: along < EDGE ? 'before' : along > 1 - EDGE ? 'after' : 'onto' }
}

/**
 * What letting go of rows at a place means; null: nothing. Pure.
 * @param {Record<string, Region>} regions @param {string[]} moved @param {Place} place @param {boolean} ordered the list is in the order of the result: there are places between rows
 * @param {boolean} nested rows stand under their parents
 * @returns {import('./types.js').Intent[] | null} several are one step
 */
export function dropped(regions, moved, { id, part }, ordered, nested) {
  const some = new Set(moved)
  const grouped = moved.filter((one) => regions[one]?.parent)
  if (!id) return grouped.length ? [{ type: 'ungroup', regions: moved }] : null
  const target = regions[id]
  if (!target || some.has(id) || inside(regions, target, some)) return null
  if (part === 'onto' || !ordered) return [{ type: 'group', regions: moved, parent: id }]
  const order = { type: 'reorder', regions: moved, to: part, region: id }
  if (!nested) return [order]
  const parent = target.parent && regions[target.parent] ? target.parent : ''
  const strange = moved.filter((one) => (regions[one]?.parent ?? '') !== parent)
  if (!strange.length) return [order]
  return [parent ? { type: 'group', regions: strange, parent } : { type: 'ungroup', regions: strange }, order]
}

/** @param {Record<string, Region>} regions @param {Region} region @param {Set<string>} some @returns {boolean} whether it is under any of them */
function inside(regions, region, some) {
  const seen = new Set()
  for (let parent = region.parent; parent && !seen.has(parent); parent = regions[parent]?.parent) {
    if (some.has(parent)) return true
    seen.add(parent)
  }
  return false
}
