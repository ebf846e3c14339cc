/**
 * One tab at a time works on a project: two tabs of one person would overwrite each other's drafts. The newest tab may take
 * over; the other one is told and stops.
 * @param {string} name
 * @param {AbortSignal} signal released when it aborts
 * @param {() => void} onlost another tab took over
 * @returns {{steal: () => Promise<boolean>, hold: () => Promise<boolean>}} each resolves to whether this tab holds it
 */
export function tabLock(name, signal, onlost) {
  /** @param {LockOptions} options @returns {Promise<boolean>} */
  const ask = (options) => new Promise((resolve) => {
    let held = false
    navigator.locks.request(name, options, (lock) => {
      held = lock !== null
      resolve(held)
      return held ? new Promise((release) => signal.addEventListener('abort', () => release(undefined))) : undefined
    }).catch(() => {
      if (held && !signal.aborted) onlost()
      resolve(false)
    })
  })
  return { hold: () => ask({ ifAvailable: true }), steal: () => ask({ steal: true }) }
}
