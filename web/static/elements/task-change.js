import './unfinished.js'

/** Elements live on from task to task: what was half typed for the last one goes, and the next one is seen from its beginning. */
document.addEventListener('kite-task', (event) => {
  const surface = /** @type {Element} */ (event.target)
  for (const one of surface.querySelectorAll('kite-datetime, kite-number, kite-chat-input')) /** @type {any} */ (one).forget?.()
  for (const one of surface.querySelectorAll('.surface-main, .answers')) one.scrollTo({ top: 0 })
}, { capture: true })
