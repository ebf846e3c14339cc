/** Panels that open at a button, in the top layer, so that no scrolling box cuts them off. */

const GAP = 4 // pixels between button and panel
const EDGE = 8 // pixels between panel and window

/**
 * Where a panel stands: under its button, or over it where there is more room. Pure.
 * @param {{left: number, top: number, bottom: number, width: number}} anchor
 * @param {{width: number, height: number}} wanted
 * @param {{width: number, height: number}} room the window
 * @param {boolean} [rtl] it begins at the right end of the button
 */
export function placed(anchor, wanted, room, rtl = false) {
  const width = Math.min(wanted.width, room.width - 2 * EDGE)
  const under = room.height - anchor.bottom - GAP - EDGE
  const over = anchor.top - GAP - EDGE
  const up = wanted.height > under && over > under
  const height = Math.min(wanted.height, Math.max(up ? over : under, 0))
  const begin = rtl ? anchor.left + anchor.width - width : anchor.left
  return {
    left: Math.max(EDGE, Math.min(begin, room.width - EDGE - width)), top: up ? anchor.top - GAP - height : anchor.bottom + GAP, width, height, up,
  }
}

/**
 * Puts a `popover` element at its button as it opens (`beforetoggle`), and keeps it there while the page scrolls.
 * @param {HTMLElement} panel @param {HTMLElement} button @param {{width: number, height: number}} wanted pixels @returns {() => void} ends it
 */
export function keepAt(panel, button, wanted) {
  const put = () => {
    const at = placed(button.getBoundingClientRect(), { width: Math.max(wanted.width, button.offsetWidth), height: wanted.height }, { width: innerWidth, height: innerHeight }, getComputedStyle(button).direction === 'rtl')
    for (const name of /** @type {const} */ (['left', 'top', 'width'])) panel.style[name] = `${at[name]}px`
    panel.style.maxHeight = `${at.height}px`
    // A short panel that opens upwards still touches its button.
    panel.style.transform = at.up ? `translateY(calc(${at.height}px - 100%))` : ''
  }
  put()
  const gone = new AbortController()
  addEventListener('scroll', put, { capture: true, passive: true, signal: gone.signal })
  addEventListener('resize', put, { signal: gone.signal })
  return () => gone.abort()
}
