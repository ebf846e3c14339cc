/** What a Labels without a shape of its own makes. Pure. @type {Record<string, string>} */
const KINDS = { text: 'span', hypertext: 'hyperspan', paragraphs: 'phrase', audio: 'segment', timeseries: 'series' }

/** The kind of region that a control makes on an object; empty where other tags make the shape, or none does.
 * @param {import('./types.js').Control} control @param {import('./types.js').PlanObject} object @returns {string} */
export function kindOf(control, object) {
  if (control.shape) return control.shape
  if (control.type === 'labels') return KINDS[object.type] ?? ''
  return control.type.endsWith('labels') ? control.type.slice(0, -'labels'.length) : ''
}
