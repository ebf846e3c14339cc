/**
 * What an import would do, before it does it: the first rows as a table, each column with the field that it goes to, what no
 * column fills, the key that tells tasks apart, what is refused and why. The server made all of it; this draws it.
 */
import { html, nothing } from 'lit'
import { icon } from './icons.js'
import { failure, problemList, waiting } from './page.js'
import { counted, number } from './words.js'

/** @typedef {import('./import-job.js').ImportJob} ImportJob */
/** @typedef {import('./import-job.js').Review} Review */
/** @typedef {import('./import-job.js').Preview} Preview */

const CELL = 120
const PROBLEMS = 6
/** Kinds whose rows have columns that one may name otherwise. */
const TABULAR = ['json', 'jsonl', 'csv', 'tsv', 'parquet']
/** @type {Record<string, string>} */
const KINDS = { json: 'JSON', jsonl: 'JSON lines', csv: 'a CSV table', tsv: 'a TSV table', parquet: 'a Parquet table', txt: 'plain text', coco: 'COCO', voc: 'Pascal VOC', conll: 'CoNLL 2003', yolo: 'YOLO', media: 'media files' }
const ANNOTATED = ['coco', 'voc', 'conll', 'yolo']

/** @param {ImportJob} job */
export function reviewed(job) {
  const { review } = job
  if (!review) return nothing
  const { preview } = review
  return html`
    <section class="card ow-review" aria-labelledby="review-title" aria-busy=${review.looking}>
      <div class="card-head">
        <div class="grow">
          <h3 id="review-title">${review.names.length === 1 ? review.names[0] : `${counted(review.names.length, 'file')}`}</h3>
          <p class="muted small" role="status">${preview ? said(preview) : 'Looking at the first rows …'}</p>
        </div>
        <div class="row">
          <button type="button" class="button" @click=${() => job.drop()}>Leave it</button>
          <button type="button" class="button button-primary" ?disabled=${!preview || review.looking || !preview.tasks.length} @click=${() => job.confirm()}>Import</button>
        </div>
      </div>
      ${review.error ? failure(review.error, { what: 'This cannot be read as tasks.', again: () => void job.look() }) : nothing}
      ${preview ? body(job, review, preview) : review.error ? nothing : waiting('Looking at the first rows …')}
    </section>`
}

/** @param {Preview} preview */
function said({ kind, tasks, refused, complete }) {
  const rows = complete ? `${counted(tasks.length, 'task')}` : `the first ${counted(tasks.length, 'task')}`
  return `${KINDS[kind] ? `Read as ${KINDS[kind]}; ` : ''}${tasks.length ? `${rows} ${complete && tasks.length === 1 ? 'is' : 'are'} below.` : 'no row of it fits the config yet.'}${refused.length && tasks.length ? ` ${number(refused.length)} refused among the rows that were looked at.` : ''}`
}

/** @param {ImportJob} job @param {Review} review @param {Preview} preview */
function body(job, review, preview) {
  const chosen = chosenMapping(review, preview)
  const filled = new Set(preview.columns.map((column) => chosen[column] ?? column))
  const empty = TABULAR.includes(preview.kind) ? preview.fields.filter((field) => !filled.has(field)) : []
  return html`
    ${empty.length ? html`<div class="notice notice-attention" role="status">${icon('problem')}<p>
      ${empty.map((field, i) => html`${i ? ' and ' : ''}<code>${field}</code>`)} of the config ${empty.length === 1 ? 'is' : 'are'} filled by no column.
      Choose for a column below that it goes to ${empty.length === 1 ? 'it' : 'them'}.</p></div>` : nothing}
    ${table(job, preview, chosen)}
    ${preview.refused.length && !empty.length ? html`<details class="ow-refused" ?open=${!preview.tasks.length}><summary>${counted(preview.refused.length, 'row or place', 'rows or places')} that would be refused</summary>
      ${problemList(preview.refused.slice(0, PROBLEMS))}${preview.refused.length > PROBLEMS ? html`<p class="small muted">and ${number(preview.refused.length - PROBLEMS)} more of those that were looked at</p>` : nothing}</details>` : nothing}
    ${preview.notes.length ? html`<details class="ow-refused"><summary>${counted(preview.notes.length, 'note')}</summary>${problemList(preview.notes.slice(0, PROBLEMS))}</details>` : nothing}
    ${options(job, review, preview, chosen)}`
}

/**
 * What each column becomes: as chosen, else as the server guesses.
 * @param {Review} review @param {Preview} preview @returns {Record<string, string>}
 */
const chosenMapping = (review, preview) => review.wish.mapping ?? preview.mapping

/** @param {ImportJob} job @param {Preview} preview @param {Record<string, string>} chosen */
function table(job, preview, chosen) {
  const { columns, tasks } = preview
  const fields = [...preview.fields, ...preview.shown]
  const answers = tasks.reduce((sum, task) => sum + (task.annotations?.length ?? 0), 0)
  const guesses = tasks.reduce((sum, task) => sum + (task.predictions?.length ?? 0), 0)
  const mapped = TABULAR.includes(preview.kind) && columns.length > 0
  const names = mapped ? columns : [...new Set(tasks.flatMap(({ data }) => Object.keys(data)))]
  if (!names.length) return nothing
  /** @param {string} column @param {string} field */
  const pick = (column, field) => {
    const mapping = Object.fromEntries(columns.map((name) => [name, chosen[name] ?? name]))
    for (const name of columns) if (name !== column && mapping[name] === field) mapping[name] = fields.includes(name) ? `${name} (column)` : name // a field has one column
    mapping[column] = field
    const isKey = job.review?.wish.key && job.review.wish.key === (chosen[column] ?? column)
    job.choose({ mapping, ...(isKey ? { key: field } : {}) })
  }
  return html`
    <div class="table-wrap ow-rows" tabindex="0" role="region" aria-label="First rows">
      <table class="table">
        <thead>
          <tr><th class="table-number">#</th>${names.map((column) => html`<th>${column}</th>`)}</tr>
          ${mapped ? html`<tr class="ow-fields"><td></td>${columns.map((column) => {
            const to = chosen[column] ?? column
            return html`<td><select class="select ${fields.includes(to) ? 'is-field' : ''}" aria-label="Field of ${column}" @change=${(/** @type {Event} */ event) => pick(column, /** @type {HTMLSelectElement} */ (event.target).value)}>
              ${fields.map((field) => html`<option value=${field} ?selected=${field === to}>→ ${field}</option>`)}
              <option value=${fields.includes(column) ? `${column} (column)` : column} ?selected=${!fields.includes(to)}>kept, not shown</option>
            </select></td>`
          })}</tr>` : nothing}
        </thead>
        <tbody>${(mapped ? preview.rows : tasks.map(({ data }) => data)).map((row, i) => html`<tr><td class="table-number muted">${i + 1}</td>
          ${names.map((column) => html`<td><div class="ow-cell">${cell(row[column])}</div></td>`)}</tr>`)}</tbody>
      </table>
    </div>
    ${answers || guesses ? html`<p class="small muted">With ${answers ? counted(answers, 'answer') : ''}${answers && guesses ? ' and ' : ''}${guesses ? counted(guesses, 'prediction') : ''} in these rows.</p>` : nothing}`
}

/** @param {unknown} value */
function cell(value) {
  if (value === undefined || value === null || value === '') return html`<span class="muted">–</span>`
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > CELL ? `${text.slice(0, CELL)}…` : text
}

/** @param {ImportJob} job @param {Review} review @param {Preview} preview @param {Record<string, string>} chosen */
function options(job, review, preview, chosen) {
  const { wish } = review
  const names = [...new Set(preview.columns.map((column) => chosen[column] ?? column))]
  const value = (/** @type {Event} */ event) => /** @type {HTMLInputElement | HTMLSelectElement} */ (event.target).value
  return html`<div class="ow-wish">
    ${TABULAR.includes(preview.kind) && names.length ? html`
      <div class="field"><label for="wish-key">Key that tells tasks apart</label>
        <select id="wish-key" class="select" aria-describedby="wish-key-hint" @change=${(/** @type {Event} */ event) => job.choose({ key: value(event) })}>
          <option value="" ?selected=${!wish.key}>none: every row is a new task</option>
          ${names.map((name) => html`<option value=${name} ?selected=${wish.key === name}>${name}</option>`)}</select>
        <span id="wish-key-hint" class="field-hint">With a key, what is here already is found.</span></div>
      ${wish.key ? html`<div class="field"><label for="wish-duplicates">A key that is here already</label>
        <select id="wish-duplicates" class="select" @change=${(/** @type {Event} */ event) => job.choose({ duplicates: /** @type {any} */ (value(event)) })}>
          <option value="skip" ?selected=${wish.duplicates === 'skip'}>is left out, and told</option>
          <option value="update" ?selected=${wish.duplicates === 'update'}>gets the new data, its answers stay</option>
          <option value="add" ?selected=${wish.duplicates === 'add'}>is added once more</option></select></div>` : nothing}` : nothing}
    ${ANNOTATED.includes(preview.kind) ? html`
      <div class="field"><label for="wish-as">Its regions become</label>
        <select id="wish-as" class="select" @change=${(/** @type {Event} */ event) => job.choose({ as: /** @type {any} */ (value(event)) })}>
          <option value="annotations" ?selected=${wish.as === 'annotations'}>answers, done by you</option>
          <option value="predictions" ?selected=${wish.as === 'predictions'}>predictions, for people to check</option></select></div>
      <div class="field"><label for="wish-root">Images are at</label>
        <input id="wish-root" class="input" type="text" inputmode="url" placeholder="https://example.com/photos" autocomplete="off" .value=${wish.image_root} aria-describedby="wish-root-hint"
          @change=${(/** @type {Event} */ event) => job.choose({ image_root: value(event).trim() })}>
        <span id="wish-root-hint" class="field-hint">Stands before names of images that are not among the files.</span></div>` : nothing}
  </div>`
}
