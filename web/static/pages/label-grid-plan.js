/**
 * Which projects can be labeled many tasks at once: one picture or one text, and one question with fixed choices, nothing else. Pure.
 *
 * @typedef {import('../elements/types.js').Plan} Plan
 * @typedef {{object: import('../elements/types.js').PlanObject, control: import('../elements/types.js').Control}} GridPlan
 */
import { nodesOf } from '../elements/surface-layout.js'

/** Objects that say enough as a small tile. */
const SHOWN = new Set(['image', 'text'])
/** With more choices than this the bar would take the room of the tiles. */
const MOST_CHOICES = 40

/** @param {Plan} plan @returns {GridPlan | null} null: its tasks are looked at one by one */
export function gridPlan({ objects, controls, tree, relations }) {
  const [object, ...others] = objects
  const [control, ...more] = controls
  if (!object || !control || others.length || more.length || relations) return null
  const options = control.options ?? []
  const flat = options.length > 0 && options.length <= MOST_CHOICES && options.every((option) => !option.children?.length)
  const asks = control.type === 'choices' && !control.per_region && !control.per_item && !control.when && !control.dynamic && flat
  const plain = SHOWN.has(object.type) && !object.pages && nodesOf(tree).every((node) => node.node !== 'repeater' && !node.when)
  return asks && plain ? { object, control } : null
}

/** The start of a text, for a tile. @param {string} text @param {number} most characters */
export function head(text, most = 320) {
  const line = text.replace(/\s+/g, ' ').trim()
  if (line.length <= most) return line
  const cut = line.slice(0, most)
  const space = cut.lastIndexOf(' ')
  return `${(space > most - 24 ? cut.slice(0, space) : cut).replace(/[\uD800-\uDBFF]$/, '')} …`
}
