/** A band that is dragged over tiles with the mouse or a pen. */
import { touched } from './label-grid-select.js'

const FAR = 5 // pixels before a press is a drag

/**
 * @param {PointerEvent} event the press @param {HTMLElement} list holds `.grid-tile`
 * @param {(band: import('./label-grid-select.js').Box | null, tiles: number[]) => void} told with each move; null: it is over
 */
export function dragBand(event, list, told) {
  if (event.button !== 0 || event.pointerType === 'touch') return // a finger scrolls; its tap is a click
  const from = { x: event.clientX, y: event.clientY }
  const gone = new AbortController()
  const { signal } = gone
  let began = false
  addEventListener('pointermove', (now) => {
    if (now.pointerId !== event.pointerId || (!began && Math.hypot(now.clientX - from.x, now.clientY - from.y) < FAR)) return
    began = true
    const band = { left: Math.min(from.x, now.clientX), right: Math.max(from.x, now.clientX), top: Math.min(from.y, now.clientY), bottom: Math.max(from.y, now.clientY) }
    told(band, touched(band, [...list.querySelectorAll('.grid-tile')].map((tile) => tile.getBoundingClientRect())))
  }, { signal })
  const end = () => {
    gone.abort()
    if (!began) return
    list.addEventListener('click', (click) => click.stopPropagation(), { capture: true, once: true, signal: AbortSignal.timeout(100) }) // the end of a drag is no click
    told(null, [])
  }
  addEventListener('pointerup', end, { signal })
  addEventListener('pointercancel', end, { signal })
}
