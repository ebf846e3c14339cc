/** `<kite-snapshot-changes>`: what a comparison of two snapshots has found, in words and tables. */
import { LitElement, html, nothing } from 'lit'
import { counted, number } from './words.js'

/**
 * @typedef {Record<'before' | 'after' | 'same' | 'added' | 'removed' | 'data' | 'answers' | 'predictions', number>} Tasks
 * @typedef {{tasks: Tasks, annotations: Record<'before' | 'after' | 'added' | 'removed' | 'changed', number>, controls: Record<string, number>,
 *   labels: Record<string, Record<string, [number, number]>>, examples: Record<string, number[]>}} Found
 */

/** @type {{kind: 'added' | 'removed' | 'data' | 'answers' | 'predictions', text: string, gone?: boolean}[]} */
const KINDS = [
  { kind: 'added', text: 'New tasks' },
  { kind: 'removed', text: 'Tasks that are gone', gone: true },
  { kind: 'data', text: 'Tasks with other data' },
  { kind: 'answers', text: 'Tasks with other answers' },
  { kind: 'predictions', text: 'Tasks with other predictions' },
]
const LISTED = 10

/** @param {number} before @param {number} after */
function difference(before, after) {
  const by = after - before
  return by ? `${by > 0 ? '+' : '−'}${number(Math.abs(by))}` : '0'
}

class KiteSnapshotChangesElement extends LitElement {
  static properties = { found: { attribute: false }, project: { attribute: false } }

  constructor() {
    super()
    /** @type {Found | null} */
    this.found = null
    /** @type {{id: number} | null} */
    this.project = null
  }

  createRenderRoot() {
    return this
  }

  render() {
    const { found } = this
    if (!found) return nothing
    const { tasks, annotations, controls } = found
    const changed = KINDS.filter(({ kind }) => tasks[kind])
    if (!changed.length) return html`<p>Nothing has changed: ${counted(tasks.after, 'task')} and ${counted(annotations.after, 'answer')} are the same.</p>`
    return html`<div class="stack">
      <p>${counted(tasks.same, 'task')} of ${number(tasks.after)} ${tasks.same === 1 ? 'is' : 'are'} as before. ${counted(annotations.added, 'answer')} came, ${number(annotations.removed)} went, ${number(annotations.changed)} ${annotations.changed === 1 ? 'was' : 'were'} changed.</p>
      <div class="table-wrap"><table class="table">
        <thead><tr><th>What</th><th class="table-number">Tasks</th><th>The first of them</th></tr></thead>
        <tbody>${changed.map(({ kind, text, gone }) => html`<tr><td>${text}</td><td class="table-number">${number(tasks[kind])}</td><td>${this.#examples(found.examples[kind], gone)}</td></tr>`)}</tbody>
      </table></div>
      ${Object.keys(controls).length ? html`<p class="muted">By question: ${Object.entries(controls).map(([name, n], at) => html`${at ? ', ' : ''}${name} in ${counted(n, 'task')}`)}.</p>` : nothing}
      ${Object.entries(found.labels).map(([control, labels]) => this.#labels(control, labels))}</div>`
  }

  /** @param {number[]} ids @param {boolean} gone */
  #examples(ids, gone = false) {
    const shown = ids.slice(0, LISTED)
    return html`${shown.map((id, at) => html`${at ? ', ' : ''}${gone ? id : html`<a href="/projects/${this.project?.id}/tasks/${id}">${id}</a>`}`)}${ids.length > LISTED ? ' …' : ''}`
  }

  /** @param {string} control @param {Record<string, [number, number]>} labels */
  #labels(control, labels) {
    const rows = Object.entries(labels).sort(([, a], [, b]) => Math.abs(b[1] - b[0]) - Math.abs(a[1] - a[0]) || b[1] - a[1])
    return html`<section class="stack stack-tight"><h4>How often each label of ${control} is there</h4><div class="table-wrap"><table class="table" aria-label="Labels of ${control}">
      <thead><tr><th>Label</th><th class="table-number">Before</th><th class="table-number">After</th><th class="table-number">Difference</th></tr></thead>
      <tbody>${rows.map(([label, [before, after]]) => html`<tr><td>${label}</td><td class="table-number">${number(before)}</td><td class="table-number">${number(after)}</td><td class="table-number">${difference(before, after)}</td></tr>`)}</tbody>
    </table></div></section>`
  }
}

customElements.define('kite-snapshot-changes', KiteSnapshotChangesElement)
