/** Parts of the review page that only draw. */
import { html, nothing } from 'lit'
import { consensusSample, lineSample, saidInShort, styleOf } from './answers-view.js'
import { titleOf } from './differences.js'
import { agreementCell } from './progress.js'
import { counted, duration, listed, score } from './words.js'

/** @typedef {import('./differences.js').Annotation & {version: number, purpose: string, ground_truth?: boolean, discarded?: boolean, sent_back?: boolean, comments?: number, result: unknown[]}} Answer */
/** @typedef {{id: number, name: string}} Named */
/**
 * @typedef {{task: {id: number, project: number, inner_id: number, data: Record<string, unknown>}, state: import('./words.js').TaskState, version: string, config_version: number, plan: any, display: any,
 *   review: {state: string, why: string, again: boolean, approvals: number, approved_by: Named[], truth?: number, sent_back?: {to: Named, by: Named}} | null,
 *   annotations: Answer[], consensus: any, comments: import('../app/task-session.js').Comment[], unresolved: number, decisions: any[], lease?: {token: string}}} Review
 */
/** Which answer is picked: an annotation's id, the proposed consensus, or none. @typedef {number | 'consensus' | null} Picked */

/** Why a reviewer sees the task, in a sentence. @param {Review} review */
export function why({ review, consensus, annotations }) {
  if (!review) return 'Nobody asked for a review of this task; you may decide about it all the same.'
  if (review.state === 'verified') return 'This task is decided. Take the decision back to decide anew.'
  if (review.state === 'sent_back') return `Sent back to ${review.sent_back?.to.name ?? 'its person'}, who has not answered yet.`
  if (review.again) return 'It was sent back and has been answered: look at it once more.'
  if (review.why === 'audit') return 'They agree; it was drawn by lot to be looked at.'
  return `${counted(annotations.filter((one) => one.purpose === 'label').length, 'person', 'people')} disagree: agreement ${score(consensus?.agreement)}.`
}

/** @param {Review} review */
export const approvals = ({ review }) => (review && review.approvals > 1
  ? html`<span class="muted">${review.approved_by.length} of ${review.approvals} approved${review.approved_by.length ? `, by ${listed(review.approved_by.map(({ name }) => name))}` : ''}</span>` : nothing)

/** How far they agree on each question. @param {Review} review */
export function perControl({ plan, display, consensus }) {
  const rows = /** @type {{name: string}[]} */ (plan.controls).flatMap(({ name }) => {
    const { agreement } = consensus?.controls?.[name] ?? {}
    return typeof agreement === 'number' ? [{ title: titleOf(display, name), agreement }] : []
  })
  return rows.length > 1 ? html`<ul class="rv-controls" aria-label="Agreement per question">${rows.map(({ title, agreement }) => html`<li class="row"><span class="muted small">${title}</span>${agreementCell(agreement)}</li>`)}</ul>` : nothing
}

/**
 * Whose answer is looked at.
 * @param {Review} review @param {Picked} picked @param {(picked: Picked) => void} pick @param {(one: Answer) => string} differs how it differs from the others, in words
 */
export const answerList = ({ plan, annotations, consensus }, picked, pick, differs) => html`<section class="stack stack-tight" aria-label="Answers">
  <h2>Answers</h2>
  <ul class="rv-answers">
    ${annotations.map((one, i) => html`<li><button type="button" class="rv-answer" aria-pressed=${picked === one.id} aria-keyshortcuts=${i < 9 ? i + 1 : nothing} @click=${() => pick(picked === one.id ? null : one.id)}>
      <span class="row">${lineSample(styleOf(i))}<span class="strong grow clip">${one.person.name}</span>${flags(one)}${i < 9 ? html`<kbd class="kbd">${i + 1}</kbd>` : nothing}</span>
      <span class="row small"><span class="grow clip">${one.was_cancelled ? 'skipped' : saidInShort(one.view, plan)}</span>${typeof one.lead_time === 'number' ? html`<span class="muted">${duration(one.lead_time)}</span>` : nothing}</span>
      ${picked === one.id && differs(one) ? html`<span class="small">${differs(one)}</span>` : nothing}</button></li>`)}
    ${consensus?.view ? html`<li><button type="button" class="rv-answer" aria-pressed=${picked === 'consensus'} aria-keyshortcuts="0" @click=${() => pick(picked === 'consensus' ? null : 'consensus')}>
      <span class="row">${consensusSample}<span class="strong grow">Proposed consensus</span><kbd class="kbd">0</kbd></span>
      <span class="small clip">${saidInShort(consensus.view, plan)}</span>
      <span class="small muted">${consensus.n < 2 ? 'one answer, taken as it is' : `what most of ${consensus.n} people said`}</span></button></li>` : nothing}
  </ul></section>`

/** @param {Answer} one */
const flags = (one) => html`${one.ground_truth ? html`<span class="badge badge-good">right</span>` : nothing}
  ${one.purpose === 'review' ? html`<span class="badge">a reviewer's</span>` : nothing}
  ${one.discarded ? html`<span class="badge badge-problem">does not count</span>` : nothing}
  ${one.sent_back ? html`<span class="badge badge-attention">sent back</span>` : nothing}
  ${one.comments ? html`<span class="badge badge-info">${counted(one.comments, 'comment')}</span>` : nothing}`

/** @param {import('./differences.js').Difference[]} list @param {string} only the key of the one that is shown @param {(key: string) => void} show @param {boolean} compared there are two answers or more */
export function differenceList(list, only, show, compared) {
  if (!compared) return nothing
  return html`<section class="stack stack-tight" aria-label="Differences">
    <h2>${list.length ? counted(list.length, 'difference') : 'No differences'}</h2>
    ${list.length ? html`<ul class="ow-differences">${list.map((one) => html`<li>${one.sources.length
      ? html`<button type="button" class="ow-difference" aria-pressed=${only === one.key} title="Show only this" @click=${() => show(one.key)}><span class="strong">${one.where}</span><span>${one.text}</span></button>`
      : html`<div class="ow-difference"><span class="strong">${one.where}</span><span>${one.text}</span></div>`}</li>`)}</ul>`
      : html`<p class="muted">They say the same wherever it can be compared; borders may differ a little.</p>`}
  </section>`
}

/** The decisions so far, newest first. @param {Review} review @param {() => void} undo */
export const history = ({ decisions }, undo) => (decisions.length ? html`<section class="stack stack-tight" aria-label="Decisions">
  <h2>Decisions</h2>
  <ul class="rv-history">${decisions.map((one) => html`<li class=${one.undone ? 'is-undone' : ''}><span class="grow">${one.person?.name ?? 'Somebody'} ${WORDS[one.action] ?? one.action}${one.undone ? ' (taken back)' : ''}</span>
    ${one.newest ? html`<button type="button" class="button button-small" @click=${undo}>Take back</button>` : nothing}</li>`)}</ul></section>` : nothing)

/** @type {Record<string, string>} */
const WORDS = { accept: 'accepted an answer', merge: 'took the consensus', correct: 'corrected it', send_back: 'sent it back' }

/** Who gets it back, and why. @param {Answer | null} one @param {string} region what the selected region is called @param {(event: Event) => void} send */
export const backDialog = (one, region, send) => html`<dialog class="dialog rv-back" id="rv-back" aria-labelledby="rv-back-title">
  <form @submit=${send}>
    <div class="dialog-head"><h2 id="rv-back-title">Send back to ${one?.person.name ?? '…'}</h2></div>
    <div class="dialog-body stack stack-tight">
      <label for="rv-back-text">What should be looked at once more?</label>
      <textarea class="input" id="rv-back-text" rows="4" maxlength="5000" required
        @keydown=${(/** @type {KeyboardEvent} */ event) => { if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send(event) }}></textarea>
      <p class="muted small">${region ? `The comment is about ${region}.` : 'The comment is about the whole answer. Select a region first to comment on it.'}</p></div>
    <div class="dialog-foot"><button type="button" class="button" @click=${(/** @type {Event} */ event) => /** @type {Element} */ (event.target).closest('dialog')?.close()}>Cancel</button>
      <button class="button button-primary">Send back <kbd class="kbd">Ctrl ↵</kbd></button></div></form></dialog>`

/** @typedef {{accept: () => void, merge: () => void, edit: () => void, back: () => void, next: () => void}} Acts */

/** What can be decided. @param {Review} review @param {string} name of what is picked, empty for nothing @param {boolean} busy @param {Acts} acts */
export function decisionBar({ review, consensus }, name, busy, acts) {
  const button = (/** @type {string} */ text, /** @type {string} */ key, /** @type {() => void} */ act, look = '', title = '') => html`<button type="button" class="button ${look}" ?disabled=${busy} title=${title || nothing} aria-keyshortcuts=${key} @click=${act}>${text} <kbd class="kbd">${key}</kbd></button>`
  const open = review?.state !== 'verified'
  return html`<footer class="rv-foot" aria-label="Decision">
    <span class="grow muted small" role="status">${name ? `Picked: ${name}` : 'Pick an answer by its number'}</span>
    ${open ? html`${button('Send back', 'B', acts.back, '', 'To its person, with a comment')}
      ${button('Correct', 'E', acts.edit, '', 'Draw the right answer, starting with the picked one')}
      ${consensus?.view ? button('Merge', 'M', acts.merge, '', 'Accept the proposed consensus') : nothing}` : nothing}
    ${button('Next', 'N', acts.next, 'button-quiet', 'Without a decision about this one')}
    ${open ? button('Accept', 'A', acts.accept, 'button-primary', 'Accept the picked answer as the right one') : nothing}</footer>`
}
