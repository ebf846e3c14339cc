// Runs in a page before its own scripts and looks at it in every frame, the same way on every side. A side brings two
// functions: `content` says which task's image or text is on the screen ('' for none), `label` finds the label to press.
((content, label) => {
  const state = { usable: 0, usableAt: 0, shown: '', next: 0, pressed: 0, before: '', longTasks: [] }
  window.__bench = state
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) state.longTasks.push([startTime, duration])
  }).observe({ type: 'longtask', buffered: true })

  /** In view, not disabled, and what a press in its middle would hit. */
  const clickable = (element) => {
    if (!element) return false
    const { left, top, width, height } = element.getBoundingClientRect()
    if (width < 4 || height < 4 || element.closest('[aria-disabled="true"], :disabled, [inert]')) return false
    const hit = document.elementFromPoint(left + width / 2, top + height / 2)
    return Boolean(hit) && element.contains(hit)
  }

  const look = () => {
    const shown = content()
    if (shown && clickable(label())) {
      if (!state.usable) {
        state.usable = performance.now()
        state.usableAt = performance.timeOrigin + state.usable
      }
      if (state.pressed && !state.next && shown !== state.before) state.next = performance.now()
      state.shown = shown
    }
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)

  // From the moment the browser took the click on Submit, not from when the page got around to it.
  addEventListener('click', (event) => {
    const button = event.target.closest?.('button')
    if (button && /^\s*submit/i.test(button.textContent)) Object.assign(state, { pressed: event.timeStamp, before: state.shown, next: 0 })
  }, { capture: true })
})
