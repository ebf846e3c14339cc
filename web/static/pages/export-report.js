/** What an export's report says, in words: how much is in the file, what is not and why. */
import { html, nothing } from 'lit'
import { counted, number } from './words.js'

/**
 * @typedef {Record<string, number>} Counts
 * @typedef {{tasks: {read: number, written: number, left_out: Counts}, answers: {written: number, left_out: Counts}, regions: {written: number, dropped: Counts, changed: Counts},
 *   splits: Counts, notes: Counts, examples: {task: number, region?: string, reason: string}[]}} Report
 */

/** @type {Record<string, string>} docs/exports.md tells of all of them */
const WORDS = {
  'not-annotated': 'nobody has answered', 'skipped': 'skipped', 'not-reviewed': 'no reviewer has accepted an answer', 'no-consensus': 'no consensus',
  'no-text': 'no text', 'no-address': 'no address of a file', 'no-size': 'the size of the picture is not known', 'too-many-columns': 'too many columns',
  'another-answer': 'another answer of the task counts', 'turned-box': 'turned boxes', 'no-label': 'without a label', 'outside': 'outside of the picture or text',
  'empty': 'empty', 'unreadable': 'not readable', 'no-area': 'without an area', 'mask-size': 'masks of another size than their picture', 'no-such-page': 'on a page that is not there',
  'overlaps': 'over another one', 'no-instance': 'points that belong to nothing', 'same-point': 'second points of one name', 'unknown-point': 'points that the config does not have',
  'covered': 'covered by later ones', 'too-large': 'on a picture that is too large', 'cut-at-edge': 'cut at the edge of the picture', 'box-around': 'boxes around shapes',
  'holes-filled': 'holes filled', 'parts-apart': 'parts on lines of their own', 'partly-covered': 'partly covered by later ones', 'first-label-only': 'the first of several labels',
  'blanks-cut': 'blanks at the ends cut off', 'size-unknown': 'pictures whose size is not known', 'picture-without-size': 'pictures without a size left out',
  'picture-too-large': 'pictures that are too large left out', 'repeated-name': 'files whose name was taken left out',
}

/** @type {Record<string, string>} */
const SHAPES = { brush: 'brush masks', keypoint: 'key points', vectortrack: 'paths of videos', ocrbox: 'boxes of pages', series: 'stretches of series', points: 'groups of points' }

/** @param {string} reason */
export const inWords = (reason) => WORDS[reason] ?? (reason.startsWith('kind-') ? `${SHAPES[reason.slice(5)] ?? `${reason.slice(5)}s`}, which the format does not have` : reason.replaceAll('-', ' '))

/** @param {Counts} counts */
const sum = (counts) => Object.values(counts).reduce((all, one) => all + one, 0)

/** @param {Counts} counts @param {string} title */
const list = (counts, title) => (sum(counts) ? html`<div><dt>${title}</dt><dd><ul class="ex-counts">
  ${Object.entries(counts).sort((a, b) => b[1] - a[1]).map(([reason, count]) => html`<li><span class="number">${number(count)}</span> ${inWords(reason)}</li>`)}</ul></dd></div>` : nothing)

/** One line: whether anything is missing. @param {Report} report */
export function short({ tasks, regions }) {
  const [out, dropped] = [sum(tasks.left_out), sum(regions.dropped)]
  return html`<span class="number">${number(tasks.written)}</span> ${out ? html`of ${number(tasks.read)}` : nothing}${dropped ? html` <span class="ow-attention">· ${counted(dropped, 'region')} left out</span>` : nothing}`
}

/** @param {Report} report @param {number} project */
export const exportReport = (report, project) => html`<dl class="ex-report">
  <div><dt>In the file</dt><dd>${counted(report.tasks.written, 'task')}, ${counted(report.answers.written, 'answer')}${report.regions.written ? `, ${counted(report.regions.written, 'region')}` : ''}</dd></div>
  ${list(report.splits, 'Tasks in each set')}
  ${list(report.tasks.left_out, 'Tasks left out')}
  ${list(report.answers.left_out, 'Answers left out')}
  ${list(report.regions.dropped, 'Regions left out')}
  ${list(report.regions.changed, 'Regions changed')}
  ${list(report.notes, 'Also')}
  ${report.examples.length ? html`<div><dt>For example</dt><dd><ul class="ex-counts">${report.examples.slice(0, 5).map(({ task, reason }) => html`<li><a href="/projects/${project}/tasks/${task}">Task ${task}</a>: ${inWords(reason)}</li>`)}</ul></dd></div>` : nothing}
</dl>`
