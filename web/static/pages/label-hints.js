/** How much the page says by the way: keys on buttons, words at the pointer. */
import { ownSettings, settingsChanged } from '../elements/own-settings.js'

/** @param {AbortSignal} signal */
export function hints(signal) {
  const show = () => document.documentElement.classList.toggle('no-key-hints', !ownSettings().key_hints)
  show()
  settingsChanged.addEventListener('change', show, { signal })
  /** A title is a tooltip; who wants none is spared it while the pointer is there. @type {{element: Element, title: string} | null} */
  let held = null
  const back = () => {
    if (held && !held.element.getAttribute('title')) held.element.setAttribute('title', held.title)
    held = null
  }
  document.addEventListener('pointerover', (event) => {
    back()
    const element = ownSettings().tooltips ? null : /** @type {Element} */ (event.target).closest('[title]')
    const title = element?.getAttribute('title')
    if (!element || !title) return
    held = { element, title }
    element.setAttribute('title', '')
  }, { signal, passive: true })
  signal.addEventListener('abort', () => {
    back()
    document.documentElement.classList.remove('no-key-hints')
  })
}
