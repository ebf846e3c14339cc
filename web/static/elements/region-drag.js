/** Drags rows of the list of regions onto another one: it becomes their parent. With the mouse or a pen; a finger scrolls. */

const FAR = 6 // pixels before a press is a drag

/**
 * @param {PointerEvent} event a press on a row @param {HTMLElement} list what holds the rows, `[data-id]`
 * @param {{over: (id: string | null) => void, drop: (id: string | null) => void}} told over: the row under the pointer, '' beside all rows, null: it is over;
 *   drop: the row it was let go on, '' beside all rows
 */
export function dragRow(event, list, { over, drop }) {
  if (event.button !== 0 || event.pointerType === 'touch') return
  const gone = new AbortController()
  const { signal } = gone
  let began = false
  const under = (/** @type {PointerEvent} */ now) => {
    const place = document.elementFromPoint(now.clientX, now.clientY)
    return list.contains(place) ? (/** @type {HTMLElement | null | undefined} */ (place?.closest('[data-id]'))?.dataset.id ?? '') : null
  }
  const end = () => {
    gone.abort()
    over(null)
  }
  document.addEventListener('pointermove', (now) => {
    if (now.pointerId !== event.pointerId) return
    began ||= Math.hypot(now.clientX - event.clientX, now.clientY - event.clientY) > FAR
    if (began) over(under(now))
  }, { signal })
  document.addEventListener('pointerup', (now) => {
    if (now.pointerId !== event.pointerId) return
    const at = began ? under(now) : null
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
