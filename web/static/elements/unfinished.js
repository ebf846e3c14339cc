/** What is half filled in: no answer yet, and gone with a submit unless the person hears of it. A page asks: the event's detail are the problems in the way of a submit, to which these come. */
document.addEventListener('kite-halves', (event) => {
  /** @type {import('./types.js').Problem[]} */
  const problems = /** @type {CustomEvent} */ (event).detail
  problems.unshift(...unfinished(/** @type {import('./kite-surface.js').KiteSurface} */ (event.target)))
}, { capture: true })

/** Everything on a surface that was begun and is no answer. @param {import('./kite-surface.js').KiteSurface} surface @returns {import('./types.js').Problem[]} */
function unfinished(surface) {
  const fields = /** @type {Iterable<HTMLElement & {control?: import('./types.js').Control, readonly: boolean, unfinished: import('./types.js').Half[]}>} */ (surface.querySelectorAll('kite-datetime, kite-number, kite-chat-input'))
  return [...fields].flatMap((field) => {
    if (field.readonly || field.closest('.kite-data [hidden]')) return [] // what is not asked now is not missing
    return field.unfinished.flatMap(({ region, message }) => (!region ? [{ code: 'unfinished', message, control: field.control?.name }]
      : surface.shown.regions[region] ? [{ code: 'unfinished', message, control: field.control?.name, region }] : []))
  })
}
