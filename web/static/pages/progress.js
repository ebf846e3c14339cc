/** How far a project is, as one bar with a part per state, and as words. */
import { html, nothing } from 'lit'
import { STATES, counted, number, statesOf } from './words.js'
import { vars } from './page.js'

/** @typedef {{new: number, working: number, agreed: number, disagree: number, verified: number, dropped: number, total: number, annotations: number, review?: number}} Progress review: how many wait for a reviewer */

/** @param {Progress} progress */
export function progressBar(progress) {
  const said = statesOf(progress).map((state) => `${number(progress[state])} ${STATES[state].several}`).join(', ')
  return html`<div class="ow-bar" role="img" aria-label="${counted(progress.total, 'task')}: ${said}">
    ${statesOf(progress).map((state) => (progress[state] ? html`<span class="ow-bar-part ow-s-${state}" ${vars({ '--part': progress[state] })}></span>` : nothing))}
  </div>`
}

/** @param {import('./words.js').TaskState} state */
export const stateBadge = (state) => {
  const { word, shape, tone, means } = STATES[state] ?? STATES.new
  return html`<span class="badge badge-${tone}" title="${word}: ${means}"><span aria-hidden="true">${shape}</span>${word}</span>`
}

/**
 * One agreement as number and bar; undefined is said, never drawn as 0.
 * @param {number | null | undefined} value @param {string | null} [reason]
 */
export const agreementCell = (value, reason) => (typeof value === 'number'
  ? html`<span class="ow-agreement"><span class="number">${value.toFixed(2)}</span>
      <svg class="ow-agreement-bar" viewBox="0 0 48 6" width="48" height="6" aria-hidden="true"><rect class="ow-agreement-rail" width="48" height="6" rx="3"></rect><rect class="ow-agreement-fill" width=${Math.max(2, 48 * value)} height="6" rx="3"></rect></svg></span>`
  : html`<span class="muted" title=${reason ?? 'not defined yet'}>–</span>`)
