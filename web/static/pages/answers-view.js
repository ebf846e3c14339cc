/** Answers of several people as pages draw them: a style per person, answers in words, the table of all. */
import { html, nothing } from 'lit'
import { t } from '../app/texts.js'
import { answerWords, titleOf } from './differences.js'
import { agreementCell } from './progress.js'

/** @typedef {import('./differences.js').Annotation} Annotation */
/** @typedef {{color: string, dash: number[]}} Style */

/** One style per person: a colour that the colour-blind can tell apart (Okabe and Ito 2008), and a dash for those who cannot see it. @type {Style[]} */
const STYLES = [
  { color: '#0072b2', dash: [] }, { color: '#d55e00', dash: [8, 4] }, { color: '#009e73', dash: [2, 3] },
  { color: '#cc79a7', dash: [10, 3, 2, 3] }, { color: '#e69f00', dash: [14, 5] }, { color: '#56b4e9', dash: [5, 2] },
]

/** @param {number} at place of the person */
export const styleOf = (at) => STYLES[at % STYLES.length]

/** @param {Style} style */
export const lineSample = ({ color, dash }) => html`<svg class="ow-line" viewBox="0 0 28 12" width="28" height="12" aria-hidden="true">
  <line x1="1" y1="6" x2="27" y2="6" stroke=${color} stroke-width="3" stroke-dasharray=${dash.length ? dash.join(' ') : 'none'}></line></svg>`

export const consensusSample = html`<svg class="ow-line" viewBox="0 0 28 12" width="28" height="12" aria-hidden="true"><rect class="ow-line-consensus" x="2" y="2" width="24" height="8" rx="1"></rect></svg>`

/**
 * What one view says for a control: its answer, or its regions counted by label; empty if nothing.
 * @param {any} view @param {{name: string, per_region?: boolean}} control
 */
export function said(view, control) {
  const regions = Object.values(view.regions ?? {})
  /** @type {Map<string, number>} */
  const counts = new Map()
  for (const region of regions) {
    if (control.per_region) {
      const words = answerWords(region.answers?.[control.name])
      if (words) counts.set(words, (counts.get(words) ?? 0) + 1)
    } else if (region.control === control.name) {
      for (const label of region.labels?.length ? region.labels : [t('no label')]) counts.set(label, (counts.get(label) ?? 0) + 1)
    }
  }
  return counts.size ? [...counts].map(([label, n]) => `${label} ${n}`).join(' · ') : answerWords(view.answers?.[control.name])
}

/** All that one view says, in a line. @param {any} view @param {any} plan */
export const saidInShort = (view, plan) => /** @type {any[]} */ (plan.controls).map((control) => said(view, control)).filter(Boolean).join(' · ') || t('nothing')

/** @param {any} view @param {{name: string, per_region?: boolean}} control */
const cell = (view, control) => (view && said(view, control)) || html`<span class="muted">–</span>`

/**
 * Questions down, people across, with the agreement of each question.
 * @param {{plan: any, display: any, annotations: Annotation[], consensus?: any}} answers
 */
export function answersTable({ plan, display, annotations, consensus }) {
  const controls = /** @type {{name: string, type: string, per_region?: boolean}[]} */ (plan.controls)
  return html`<section class="ow-task-table stack stack-tight" aria-label="Answers side by side">
    <h2>Answers side by side</h2>
    <div class="table-wrap"><table class="table">
      <thead><tr><th>Question</th><th>Agreement</th>${annotations.map((one) => html`<th>${one.person.name}</th>`)}<th>Consensus</th></tr></thead>
      <tbody>${controls.map((control) => {
        const entry = consensus?.controls?.[control.name]
        return html`<tr>
          <th scope="row"><div>${titleOf(display, control.name)}</div><div class="small muted ow-metric">${titleOf(display, control.name) === control.name ? '' : `${control.name} · `}${entry?.metric ?? control.type}</div></th>
          <td>${typeof entry?.agreement === 'number' ? agreementCell(entry.agreement) : html`<span class="muted small">not defined${entry?.reason ? html`: ${entry.reason}` : nothing}</span>`}</td>
          ${annotations.map((one) => html`<td>${cell(one.view, control)}</td>`)}
          <td>${cell(consensus?.view, control)}</td></tr>`
      })}</tbody>
    </table></div>
  </section>`
}
