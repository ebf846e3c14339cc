/** The theme's colours for canvases: what `var(--name)` comes to where an element stands. */

const NAMES = /** @type {const} */ (['text', 'text-muted', 'line', 'line-strong', 'surface', 'sunken', 'accent', 'stage', 'chrome'])

/** @typedef {Record<typeof NAMES[number], string>} Theme */

/** @param {Element} element on the page @returns {Theme} */
export function themeOf(element) {
  const probe = document.createElement('i')
  probe.hidden = true
  element.append(probe)
  const theme = /** @type {Theme} */ ({})
  for (const name of NAMES) {
    probe.style.color = `var(--${name})`
    theme[name] = getComputedStyle(probe).color
  }
  probe.remove()
  return theme
}

/** Calls back when light and dark, or contrast, are changed. @param {() => void} changed @param {AbortSignal} signal ends watching */
export function watchTheme(changed, signal) {
  for (const query of ['(prefers-color-scheme: dark)', '(prefers-contrast: more)']) matchMedia(query).addEventListener('change', changed, { signal })
  const watch = new MutationObserver(changed)
  watch.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  signal.addEventListener('abort', () => watch.disconnect())
}

/** Gives a canvas the size that it is shown at, in device pixels, and a context that counts in pixels of the page.
 * @param {HTMLCanvasElement} canvas @param {number} width @param {number} height pixels of the page @returns {CanvasRenderingContext2D} empty */
export function sized(canvas, width, height) {
  const ratio = globalThis.devicePixelRatio || 1
  const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))]
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w
    canvas.height = h
  }
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'))
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0)
  ctx.clearRect(0, 0, width, height)
  return ctx
}
