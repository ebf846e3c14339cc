/** What of a task is suggested and not decided yet, and what comes after what. Pure. */

/** @typedef {import('./types.js').View} View */
/** @typedef {import('./types.js').Region} Region */
/** @typedef {import('./types.js').Intent} Intent */

/** Suggested regions in the order of the list. @param {View} view @returns {Region[]} */
export const suggested = (view) => Object.values(view.regions).filter((region) => region.suggestion && !region.hidden).sort((a, b) => a.n - b.n)

/** Controls whose answer is suggested. @param {View} view @returns {string[]} */
export const suggestedAnswers = (view) => Object.keys(view.answers).filter((control) => view.answers[control]?.suggestion)

/** Scores of what is suggested, the smallest first; what has none is left out. @param {View} view */
export const scores = (view) => suggested(view).flatMap(({ score }) => (typeof score === 'number' ? [score] : [])).sort((a, b) => a - b)

/** The suggestion that a key decides: the selected one, else the first in the list. @param {View} view @returns {Region | undefined} */
export function current(view) {
  const all = suggested(view)
  return all.find((region) => view.selection.includes(region.id)) ?? all[0]
}

/**
 * Decides a suggestion and moves on: to the next one in the list, from the last to the first. Regions come before answers.
 * @param {View} view @param {'accept' | 'reject'} type @returns {{intents: Intent[], next: {region?: string, control?: string}} | null} null: there is none
 */
export function decide(view, type) {
  const all = suggested(view)
  const controls = suggestedAnswers(view)
  if (!all.length) return controls.length ? { intents: [{ type, controls: [controls[0]] }], next: controls[1] ? { control: controls[1] } : {} } : null
  const chosen = all.filter((region) => view.selection.includes(region.id))
  const decided = chosen.length ? chosen : [all[0]]
  const ids = decided.map((region) => region.id)
  const last = all.indexOf(/** @type {Region} */ (decided.at(-1)))
  const next = [...all.slice(last + 1), ...all.slice(0, last)].find((region) => !ids.includes(region.id))
  return {
    intents: [{ type, regions: ids }, ...(next ? [{ type: 'select', regions: [next.id], add: false }] : [])],
    next: next ? { region: next.id } : controls[0] ? { control: controls[0] } : {},
  }
}

/** The smallest suggestion among what lies under a press. @param {Record<string, Region>} regions @param {readonly string[]} hits the smallest first */
export const under = (regions, hits) => hits.find((id) => regions[id]?.suggestion)

/**
 * What a press with a tool of a `smart` control means where it hits a suggestion: that it is right, and has the label that is picked.
 * @param {import('./types.js').Control | undefined} control @param {Record<string, Region>} regions @param {readonly string[]} hits the smallest first @returns {Intent | null}
 */
export function smartPress(control, regions, hits) {
  if (!control?.smart && !control?.smart_only) return null
  const id = under(regions, hits)
  return id ? { type: 'accept', regions: [id], relabel: true } : null
}
