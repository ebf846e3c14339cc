/** Give a task a known answer: choose which of its answers is right, and what the task is given out for. */
import { html } from 'lit'
import { api } from '../app/api.js'
import { said } from './answers-view.js'
import { ask } from './ask.js'
import { GOLD_KINDS } from './numbers.js'
import { ago } from './words.js'

/**
 * @param {{id: number, title: string}} task @param {AbortSignal} signal
 * @returns {Promise<boolean>} whether it has one now. Throws ApiError if the answers cannot be read.
 */
export async function makeGold({ id, title }, signal) {
  const { plan, annotations } = await api.get(`/api/tasks/${id}/answers`, { signal })
  const answers = annotations.filter((/** @type {any} */ one) => !one.was_cancelled)
  const words = (/** @type {any} */ view) => plan.controls.map((/** @type {any} */ control) => said(view, control)).filter(Boolean).join('; ') || 'nothing'
  if (!answers.length) {
    await ask({ title: `Known answer of “${title}”`, yes: 'Close', no: '', failed: '', signal, work: async () => {},
      body: html`<p>Nobody has answered this task yet. Answer it yourself first with “Label tasks”, or import it with the right answer.</p>` })
    return false
  }
  return ask({
    title: `Known answer of “${title}”`, yes: 'Make it a known answer', failed: 'The task is as it was.', signal,
    body: html`
      <fieldset class="field"><legend class="field-label">This answer is right</legend>
        ${answers.map((/** @type {any} */ one, /** @type {number} */ i) => html`<label class="check"><input type="radio" name="annotation" value=${one.id} ?checked=${i === 0}>
          <span><span class="strong">${words(one.view)}</span> <span class="muted small">${one.person.name}, ${ago(one.created_at)}</span></span></label>`)}</fieldset>
      <div class="field"><label for="gold-kind">Give it out as</label>
        <select id="gold-kind" name="kind" class="select">${Object.entries(GOLD_KINDS).map(([kind, { word, means }]) => html`<option value=${kind}>${word}: ${means}</option>`)}</select></div>
      <div class="field"><label for="gold-words">Remark</label><textarea id="gold-words" name="feedback" class="input" rows="2" maxlength="5000" aria-describedby="gold-words-hint"></textarea>
        <span id="gold-words-hint" class="field-hint">Shown beside the right answer after a warm-up task. May be empty.</span></div>
      <p class="muted">The task leaves the queue, and its answers no longer count as work to do. How often known answers are given out stands in Settings, Quality.</p>`,
    work: (form) => api.put(`/api/tasks/${id}/gold`, { kind: form.get('kind'), annotation: Number(form.get('annotation')), feedback: form.get('feedback') }),
  })
}
