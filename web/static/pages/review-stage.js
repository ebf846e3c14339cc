/** What the surface of the review page gets: a view underneath and layers over it. */
import { styleOf } from './answers-view.js'
import { emptied, onlyRegions } from './differences.js'
import { against, shared } from './review-diff.js'

/** @typedef {import('./review-parts.js').Answer} Answer */

/** What all have: thin and grey, so that the rest stands out. */
const AGREED = { id: 'agreed', name: 'All agree', color: '#8a8f94', dash: [2, 2] }

/**
 * What is picked lies underneath, over it of the others what differs. Nothing picked: everybody, what all agree on in grey.
 * @param {import('./review-parts.js').Review} review @param {import('./review-parts.js').Picked} picked
 * @param {import('./differences.js').Difference | undefined} only the difference that alone is shown @param {string[]} selection regions of what is picked
 * @returns {{view: any, layers: any[], blank: boolean}} blank: nothing lies underneath
 */
export function stage({ annotations, consensus }, picked, only, selection) {
  const compared = annotations.filter((one) => !one.was_cancelled)
  const layer = (/** @type {Answer} */ one, /** @type {(id: string) => boolean} */ wanted) => ({ id: String(one.id), name: one.person.name, ...styleOf(annotations.indexOf(one)), view: onlyRegions(one.view, wanted) })
  const view = emptied(annotations[0]?.view ?? consensus?.view)
  if (only) return { view, layers: compared.map((one) => layer(one, (id) => only.sources.some((source) => source.annotation === one.id && source.id === id))), blank: true }
  const one = annotations.find(({ id }) => id === picked)
  const own = picked === 'consensus' ? consensus?.view : one?.view
  const others = (/** @type {Answer | undefined} */ one) => compared.filter((other) => other !== one)
  if (own) {
    const layers = others(one).map((other) => {
      if (!one) return layer(other, () => true)
      const { missing, renamed } = against(consensus, one.id, other.id)
      return layer(other, (id) => missing.includes(id) || renamed.includes(id))
    })
    return { view: { ...own, selection: selection.filter((id) => id in own.regions) }, layers, blank: false }
  }
  const same = new Map(compared.map((one) => [one, shared(consensus, one.id, others(one).map(({ id }) => id))]))
  const [first] = compared
  const agreed = first && same.get(first)?.size ? [{ ...AGREED, view: onlyRegions(first.view, (id) => !!same.get(first)?.has(id)) }] : []
  return { view, layers: [...agreed, ...compared.map((one) => layer(one, (id) => !same.get(one)?.has(id)))], blank: annotations.length > 0 }
}
