/** Parts of the config editor that only show what they are given. */
import { html, nothing } from 'lit'
import { problemList } from './page.js'
import { counted, sentence } from './words.js'

/** @typedef {import('./code-problems.js').Diagnostic} Diagnostic */
/** @typedef {import('./code-problems.js').Fix} Fix */

const KEYS = [['Ctrl Space', 'suggest'], ['F8', 'next problem'], ['Alt Enter', 'fix'], ['F1', 'explain'], ['Shift Alt F', 'format'], ['Ctrl F', 'find'], ['Tab', 'leave']]

export const keysLine = () => html`<p class="ce-keys">${KEYS.map(([key, does]) => html`<span><kbd>${key}</kbd> ${does}</span> `)}</p>`

/**
 * One problem, with a button for what most likely solves it.
 * @param {Diagnostic} one @param {() => void} go @param {(fix: Fix) => void} mend
 */
export function problemRow(one, go, mend) {
  const fix = one.fixes?.[0]
  return html`<li class="ce-problem-row">
    <button type="button" class="ce-problem" @click=${go}>
      <span class="ce-${one.severity}" aria-hidden="true">${one.severity === 'error' ? '▲' : '◆'}</span>
      <span class="number muted ce-place">${one.line}:${one.column}</span>
      <span><span class="visually-hidden">${one.severity}: </span>${one.message} <span class="muted ce-code">${one.code}</span>${one.hint ? html`<span class="muted ce-hint">${one.hint}</span>` : nothing}</span>
    </button>
    ${fix ? html`<span class="ce-fixes"><button type="button" class="button button-small" title=${fix.title} @click=${() => mend(fix)}>${fix.title}</button></span>` : nothing}
  </li>`
}

/**
 * @param {{result: unknown[], problems: {message: string, hint?: string}[]}} preview @param {boolean} copied @param {() => void} copy
 */
export const resultTab = ({ result, problems }, copied, copy) => html`
  <pre class="ce-json ce-result" tabindex="0" role="region" aria-label="Result, JSON">${JSON.stringify(result, null, 2)}</pre>
  <div class="row ce-buttons">
    <button type="button" class="button button-small" ?disabled=${!result.length} @click=${copy}>${copied ? 'Copied' : 'Copy'}</button>
    <div class="field-hint">${problems.length ? html`Before Submit: ${problemList(problems.map((problem) => ({ ...problem, where: '', message: sentence(problem), hint: '' })))}` : 'What Submit would save, in Label Studio’s format.'}</div>
  </div>`

/** @param {{fields?: {name: string, types: string[], used_by: string[]}[]} | null} plan */
export function fieldsTab(plan) {
  const fields = plan?.fields ?? []
  if (!fields.length) return html`<p class="field-hint">The config reads no fields of the task yet. A value such as $image does.</p>`
  return html`<div class="ce-json ce-fields" tabindex="0" role="region" aria-label="Fields of a task"><table class="table">
    <thead><tr><th scope="col">Field</th><th scope="col">Holds</th><th scope="col">Used by</th></tr></thead>
    <tbody>${fields.map((field) => html`<tr><th scope="row"><code>${field.name}</code></th><td>${field.types.join(' or ')}</td><td>${field.used_by.join(', ')}</td></tr>`)}</tbody>
  </table></div><p class="field-hint">What each task needs to have.</p>`
}

/** What to do with nothing. @param {Fix | undefined} start @param {(fix: Fix) => void} mend */
export const emptyConfig = (start, mend) => html`<h3>A config makes the page that people label on</h3>
  <p>Type <kbd>&lt;</kbd> in the editor and choose a tag. This page follows with every key.</p>
  ${start ? html`<button type="button" class="button button-primary" @click=${() => mend(start)}>${start.title}</button>` : nothing}`

/** The line at the bottom. @param {number} ms @param {number} errors @param {number} warnings @param {string} note */
export function compiled(ms, errors, warnings, note) {
  const said = [`Compiled in ${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`]
  if (errors) said.push(counted(errors, 'error'))
  if (warnings) said.push(counted(warnings, 'warning'))
  if (!errors && !warnings) said.push('no problems')
  if (note) said.push(note)
  return said.join(' · ')
}
