/** `<kite-gold-list>`: the tasks of a project whose answer is known, how people do on each, and the end of that. */
import { html, nothing } from 'lit'
import { api } from '../app/api.js'
import { ask } from './ask.js'
import { GOLD_KINDS, cell } from './numbers.js'
import { OwnerElement, attempt, failure, waiting } from './page.js'
import { number } from './words.js'

/** @typedef {{task: number, inner_id: number, title: string, kind: string, feedback: string, answers: number, score: number | null}} Gold */

class KiteGoldListElement extends OwnerElement {
  static properties = { project: {}, locked: { type: Boolean } }

  constructor() {
    super()
    this.project = ''
    this.locked = false
  }

  /** @type {Gold[] | null} */ #gold = null
  /** @type {string | null} */ #next = null
  /** @type {unknown} */ #error = null

  connectedCallback() {
    super.connectedCallback()
    void this.#load()
  }

  /** @param {string} [after] the list from there on is added */
  async #load(after = '') {
    const { value, error } = await attempt(() => api.get(`/api/projects/${this.project}/gold${after ? `?after=${encodeURIComponent(after)}` : ''}`, { signal: this.signal }))
    if (!this.isConnected) return
    this.#error = error ?? null
    if (value) {
      this.#gold = after ? [...(this.#gold ?? []), ...value.gold] : value.gold
      this.#next = value.next
    }
    this.requestUpdate()
  }

  /** @param {Gold} gold */
  async #remove({ task, title }) {
    const done = await ask({
      title: 'Make it an ordinary task again?', yes: 'Remove known answer', failed: 'It is still a task with a known answer.', signal: this.signal,
      body: html`<p>“${title}” goes back to the queue and is answered by people like any other. Scores that it gave stay.</p>`,
      work: () => api.put(`/api/tasks/${task}/gold`, { kind: null }),
    })
    if (done) await this.#load()
  }

  render() {
    return html`<section class="stack stack-tight pj-section" aria-labelledby="gold-head">
      <div><h2 id="gold-head">Tasks with a known answer</h2>
        <p class="muted">Answer some tasks yourself, then choose <span class="strong">Known answer …</span> in the list of tasks. Imported tasks can bring theirs along.</p></div>
      ${this.#error ? failure(this.#error, { what: 'The tasks with a known answer could not be loaded.', again: () => void this.#load() }) : nothing}
      ${this.#gold ? this.#table(this.#gold) : this.#error ? nothing : waiting('Loading the tasks with a known answer …')}
    </section>`
  }

  /** @param {Gold[]} gold */
  #table(gold) {
    if (!gold.length) return html`<div class="card empty"><h3>None yet</h3><p>Ten or more are a good start: with fewer, people see the same ones soon, and nobody gets one twice.</p>
      <a class="button" href="/projects/${this.project}">Show the tasks</a></div>`
    return html`<div class="table-wrap"><table class="table">
      <thead><tr><th>Task</th><th>Given out as</th><th class="table-number">Answers</th><th class="table-number">Mean score</th><th><span class="visually-hidden">Action</span></th></tr></thead>
      <tbody>${gold.map((one) => html`<tr>
        <td class="pj-title"><a class="clip" href="/projects/${this.project}/tasks/${one.task}">${one.title}</a></td>
        <td title=${GOLD_KINDS[one.kind]?.means ?? ''}>${GOLD_KINDS[one.kind]?.word ?? one.kind}</td>
        <td class="table-number">${number(one.answers)}</td>
        <td class="table-number">${cell({ value: one.score, n: one.answers, reason: 'nobody has answered it yet' })}</td>
        <td class="table-number">${this.locked ? nothing : html`<button type="button" class="button button-small" aria-label="Remove known answer of ${one.title}" @click=${() => void this.#remove(one)}>Remove</button>`}</td></tr>`)}</tbody>
    </table></div>
    <p class="muted small">If most people get one of them wrong, its known answer may be wrong.</p>
    ${this.#next ? html`<p><button type="button" class="button" @click=${() => void this.#load(this.#next ?? '')}>Show more</button></p>` : nothing}`
  }
}

customElements.define('kite-gold-list', KiteGoldListElement)
