/**
 * `<kite-data-import>`: files, folders and pasted text become tasks. Everything goes the same way: presigned upload, then an
 * import of the uploaded keys, so that one parser (the server's) decides what a task is. `kite-imported` tells of new tasks.
 */
import { html, nothing } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { icon } from './icons.js'
import { importJob } from './import-job.js'
import { reviewed } from './import-review.js'
import { OwnerElement, failure, keepInTab, problemList, vars } from './page.js'
import { filesOf } from './upload-queue.js'
import { bytes, counted, number } from './words.js'

/** @typedef {import('./upload-queue.js').Upload} Upload */
/** @typedef {import('./import-job.js').Problem} Problem */

const SHOWN = 60
const PLACES = 5
/** Characters of a pasted text that a reload keeps. */
const KEPT = 500_000

/** @type {{id: string, name: string, file: string}[]} */
const FORMATS = [
  { id: 'json', name: 'JSON', file: 'pasted.json' },
  { id: 'jsonl', name: 'JSONL, one task per line', file: 'pasted.jsonl' },
  { id: 'csv', name: 'CSV with a header', file: 'pasted.csv' },
  { id: 'tsv', name: 'TSV with a header', file: 'pasted.tsv' },
  { id: 'txt', name: 'plain text, one task per line', file: 'pasted.txt' },
]

/**
 * What a pasted text most likely is; the person can say otherwise.
 * @param {string} text @param {string[]} fields that the config needs
 */
export function guessFormat(text, fields) {
  const start = text.trimStart()
  const head = start.split('\n', 1)[0]
  if (start.startsWith('[')) return 'json'
  if (start.startsWith('{')) return parses(head) && start.trimEnd().includes('\n') ? 'jsonl' : 'json'
  for (const [id, mark] of /** @type {const} */ ([['tsv', '\t'], ['csv', ','], ['csv', ';']])) {
    const cells = head.split(mark).map((cell) => cell.trim().replace(/^"|"$/g, ''))
    if (cells.some((cell) => fields.includes(cell)) && start.includes('\n')) return cells.length > 1 || id === 'csv' ? id : 'txt'
  }
  return 'txt'
}

/** @param {string} text */
function parses(text) {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

class KiteDataImportElement extends OwnerElement {
  /** @type {import('./project-frame.js').Project | null} */ #project = null
  /** @type {import('./import-job.js').ImportJob | null} */ #job = null
  #listening = new AbortController()
  #over = 0
  #pasted = ''
  /** @type {string} '' for the guess */ #format = ''

  get project() {
    return this.#project
  }

  set project(project) {
    const other = project?.id !== this.#project?.id
    this.#project = project
    if (other) {
      this.#pasted = sessionStorage.getItem(this.#place) ?? ''
      this.#listen()
    }
    this.requestUpdate()
  }

  /** Where a pasted text outlives a reload. */
  get #place() {
    return `labelkite.pasted.${this.#project?.id}`
  }

  /** @param {string} text */
  #paste(text) {
    this.#pasted = text
    if (text && text.length < KEPT) keepInTab(this.#place, text)
    else sessionStorage.removeItem(this.#place)
  }

  connectedCallback() {
    super.connectedCallback()
    this.#listen()
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#listening.abort()
  }

  #listen() {
    this.#listening.abort()
    this.#listening = new AbortController()
    const { signal } = this.#listening
    this.#job = this.#project ? importJob(String(this.#project.id)) : null
    this.#job?.addEventListener('change', () => this.requestUpdate(), { signal })
    this.#job?.addEventListener('imported', () => this.dispatchEvent(new CustomEvent('kite-imported', { bubbles: true })), { signal })
  }

  #usePasted() {
    const { file } = FORMATS.find(({ id }) => id === this.#chosen()) ?? FORMATS[4]
    this.#job?.take([{ name: file, file: new File([this.#pasted], file, { type: 'text/plain' }) }])
    this.#paste('')
    this.#format = ''
  }

  get #fields() {
    return /** @type {{name: string}[]} */ (this.project?.plan?.fields ?? []).map(({ name }) => name)
  }

  #chosen() {
    return this.#format || guessFormat(this.#pasted, this.#fields)
  }

  /** What the config shows that comes as files, in words: "photo"; none for texts and rows. @returns {string | undefined} */
  get #media() {
    const types = /** @type {{type: string}[]} */ (this.project?.plan?.objects ?? []).map(({ type }) => type)
    const names = /** @type {Record<string, string>} */ ({ image: 'photo', audio: 'recording', video: 'video', pdf: 'PDF' })
    return names[types.find((type) => type in names) ?? '']
  }

  render() {
    const job = this.#job
    if (!job) return nothing
    return html`
      <div class="ow-import">
        <section class="stack" aria-label="Files">${this.#dropzone(job)}${this.#uploads(job.queue)}</section>
        <section class="stack stack-tight" aria-label="Paste">${this.#pasting()}</section>
        ${job.review ? html`<div class="ow-report">${reviewed(job)}</div>` : nothing}
        ${report(job)}
      </div>`
  }

  /** @param {import('./import-job.js').ImportJob} job */
  #dropzone(job) {
    const drag = (/** @type {DragEvent} */ event, /** @type {number} */ step) => {
      event.preventDefault()
      this.#over = Math.max(0, this.#over + step)
      this.requestUpdate()
    }
    const drop = async (/** @type {DragEvent} */ event) => {
      event.preventDefault()
      this.#over = 0
      if (event.dataTransfer) job.take(await filesOf(event.dataTransfer))
    }
    const media = this.#media
    return html`
      <div class="dropzone ow-drop ${this.#over ? 'is-over' : ''}" @dragenter=${(/** @type {DragEvent} */ event) => drag(event, 1)} @dragover=${(/** @type {DragEvent} */ event) => event.preventDefault()}
        @dragleave=${(/** @type {DragEvent} */ event) => drag(event, -1)} @drop=${drop}>
        <span class="ow-drop-icon">${icon(media === 'photo' ? 'image' : 'file')}</span>
        <p class="strong">${media ? `Drop ${media}s or a folder of ${media}s here` : 'Drop files here'}</p>
        <p class="muted small">${media ? `Each ${media} becomes a task. JSON, JSONL, CSV, TSV or Parquet files bring one task per row.` : 'JSON, JSONL, CSV, TSV, Parquet: one task per row. TXT: one task per line.'}
          COCO, YOLO, Pascal VOC and CoNLL come with their answers, as files or in a zip.</p>
        <div class="row">
          <label class="button ow-file">Choose files<input class="visually-hidden" type="file" multiple @change=${this.#picked}></label>
          <label class="button button-quiet ow-file">Choose a folder<input class="visually-hidden" type="file" webkitdirectory @change=${this.#picked}></label>
        </div>
      </div>
      ${job.leftOut.length ? html`<p class="small muted">${counted(job.leftOut.length, 'file')} left out, of a kind that cannot become a task: ${job.leftOut.slice(0, PLACES).join(', ')}${job.leftOut.length > PLACES ? ' …' : ''}</p>` : nothing}`
  }

  #picked = (/** @type {Event} */ event) => {
    const input = /** @type {HTMLInputElement} */ (event.target)
    this.#job?.take([...(input.files ?? [])].map((file) => ({ name: file.webkitRelativePath || file.name, file })))
    input.value = '' // the same file again is a new choice
  }

  /** @param {import('./upload-queue.js').UploadQueue} queue */
  #uploads(queue) {
    const totals = queue.totals
    if (!totals.files) return nothing
    const share = totals.bytes ? (100 * totals.sent) / totals.bytes : (100 * totals.done) / totals.files
    const order = { sending: 0, failed: 1, waiting: 2, done: 3, cancelled: 4 }
    const shown = queue.items.filter((item) => item.state !== 'cancelled' && (item.state !== 'done' || !queue.idle)).sort((a, b) => order[a.state] - order[b.state] || a.id - b.id).slice(0, SHOWN)
    const hidden = totals.files - shown.length - (queue.idle ? totals.done : 0)
    return html`
      <div class="card ow-uploads">
        <div class="card-head">
          <div class="grow" role="status">
            <strong>${queue.idle ? (totals.failed ? `${counted(totals.failed, 'file')} did not arrive` : `${counted(totals.done, 'file')} uploaded`) : queue.paused ? 'Paused' : 'Uploading'}</strong>
            <span class="muted number">${queue.idle ? nothing : html`${number(totals.done)} of ${counted(totals.files, 'file')} · ${bytes(totals.sent)} of ${bytes(totals.bytes)}`}</span>
          </div>
          <div class="row">
            ${queue.idle ? nothing : html`<button type="button" class="button button-small" @click=${() => (queue.paused ? queue.resume() : queue.pause())}>${queue.paused ? 'Go on' : 'Pause'}</button>
              <button type="button" class="button button-small" @click=${() => queue.cancel()}>Cancel the rest</button>`}
            ${queue.idle && totals.failed ? html`<button type="button" class="button button-small" @click=${() => queue.retry()}>Try again</button>
              <button type="button" class="button button-small button-quiet" @click=${() => queue.cancel()}>Leave them out</button>` : nothing}
          </div>
        </div>
        <div class="progress" role="progressbar" aria-label="Upload" aria-valuenow=${Math.floor(share)} aria-valuemin="0" aria-valuemax="100"><span class="progress-bar" ${vars({ '--value': share.toFixed(2) })}></span></div>
        ${shown.length ? html`<ul class="ow-files">${repeat(shown, (item) => item.id, (item) => fileRow(queue, item))}</ul>` : nothing}
        ${hidden > 0 && !queue.idle ? html`<p class="small muted">and ${number(hidden)} more</p>` : nothing}
      </div>`
  }

  #pasting() {
    const chosen = this.#chosen()
    const example = JSON.stringify(shortened(this.project?.plan?.sample?.data ?? {}))
    const typed = (/** @type {InputEvent} */ event) => {
      this.#paste(/** @type {HTMLTextAreaElement} */ (event.target).value)
      this.requestUpdate()
    }
    return html`
      <label class="field-label" for="paste">Or paste data</label>
      <textarea id="paste" class="input input-mono ow-paste" spellcheck="false" aria-describedby="paste-hint" placeholder=${this.#media ? example : `One text per line, or\n${example}`} .value=${this.#pasted} @input=${typed}></textarea>
      <p id="paste-hint" class="field-hint">JSON, JSONL, CSV, TSV or one text per line.
        ${this.#fields.length ? html`Each task needs ${this.#fields.map((name, i) => html`${i ? ' and ' : ''}<code>${name}</code>`)}.` : nothing}</p>
      <div class="row">
        <label class="row small" for="paste-format">Read as
          <select id="paste-format" class="select ow-format" ?disabled=${!this.#pasted.trim()} .value=${chosen} @change=${(/** @type {Event} */ event) => {
            this.#format = /** @type {HTMLSelectElement} */ (event.target).value
            this.requestUpdate()
          }}>${FORMATS.map(({ id, name }) => html`<option value=${id} ?selected=${id === chosen}>${name}</option>`)}</select></label>
        <span class="grow"></span>
        <button type="button" class="button" ?disabled=${!this.#pasted.trim()} @click=${() => this.#usePasted()}>Add pasted data</button>
      </div>`
  }
}

/** @param {import('./upload-queue.js').UploadQueue} queue @param {Upload} item */
function fileRow(queue, item) {
  const { size } = item.file
  const said = { waiting: 'waits', sending: size ? `${Math.floor((100 * item.sent) / size)} %` : '…', done: 'uploaded', failed: item.problem, cancelled: 'left out' }[item.state]
  return html`<li class="ow-file-row is-${item.state}">
    <span class="clip" title=${item.name}>${item.name}</span>
    <span class="muted number">${bytes(size)}</span>
    <span class="ow-file-state">${said}</span>
    ${item.state === 'failed' ? html`<button type="button" class="button button-small" @click=${() => queue.retry(item)}>Retry</button>` : nothing}
    ${item.state === 'waiting' || item.state === 'sending' ? html`<button type="button" class="button button-small button-quiet" aria-label="Cancel ${item.name}" @click=${() => queue.cancel(item)}>Cancel</button>` : nothing}
  </li>`
}

/** @param {import('./import-job.js').ImportJob} job */
function report(job) {
  if (job.error) return html`<div class="ow-report">${failure(job.error, { what: 'The files have arrived, but their tasks are not made yet.', again: () => void job.import() })}</div>`
  if (job.importing) {
    if (job.share !== null) {
      const share = Math.floor(100 * job.share)
      return html`<div class="notice ow-report" role="status">${icon('info')}<div class="stack stack-tight grow"><p>Importing … <span class="number">${share} %</span></p>
        <div class="progress" role="progressbar" aria-label="Import" aria-valuenow=${share} aria-valuemin="0" aria-valuemax="100"><span class="progress-bar" ${vars({ '--value': String(share) })}></span></div></div>
        <div class="notice-actions"><button type="button" class="button button-small" @click=${() => void job.stop()}>Stop</button></div></div>`
    }
    return html`<div class="notice ow-report" role="status">${icon('info')}<p>Making tasks … <span class="number">${number(job.added)}</span> so far, ${counted(job.left, 'file')} to read.</p></div>`
  }
  if (!job.added && !job.updated && !job.refused.length) return nothing
  const notes = job.refused.filter(({ severity }) => severity === 'warning')
  const twice = job.refused.filter(({ code }) => code === 'duplicate')
  const refused = job.refused.filter((problem) => !notes.includes(problem) && !twice.includes(problem))
  const count = Math.max(job.refusals, refused.length)
  return html`
    <div class="notice ${refused.length ? (job.added ? 'notice-attention' : 'notice-problem') : 'notice-good'} ow-report" role="status">
      ${icon(refused.length ? 'problem' : 'check')}
      <div class="stack stack-tight grow">
        <strong>${job.added ? `${counted(job.added, 'task')} added` : 'No task was added'}${job.answers ? `, with ${counted(job.answers, 'answer')}` : ''}.
          ${job.updated ? `${counted(job.updated, 'task')} updated.` : ''}
          ${job.duplicates ? `${counted(job.duplicates, 'duplicate')} left out.` : ''}
          ${refused.length ? `${counted(count, 'entry', 'entries')} refused:` : ''}</strong>
        ${refused.length ? grouped(refused) : nothing}
        ${twice.length || refused.length > 1 ? html`<details class="ow-refused"><summary>Row by row</summary>${problemList([...refused.map(unnamed), ...twice.map(({ message, where }) => ({ message, where }))])}
          ${count > refused.length ? html`<p class="small muted">and ${number(count - refused.length)} more</p>` : nothing}</details>` : nothing}
        ${notes.length ? html`<p>To know:</p>${grouped(notes)}` : nothing}
      </div>
    </div>`
}

/**
 * Refused rows by reason, the frequent ones first, each with its first few places.
 * @param {Problem[]} problems
 */
function grouped(problems) {
  /** @type {Map<string, Problem[]>} */
  const groups = new Map()
  for (const problem of problems.map(unnamed)) groups.set(problem.code, [...(groups.get(problem.code) ?? []), problem])
  return html`<ul class="problem-list">${[...groups.values()].sort((a, b) => b.length - a.length).map((group) => html`<li>
    <div><span class="number strong">${number(group.length)} ×</span> ${group[0].message} ${group[0].hint ? html`<span class="muted">${group[0].hint}</span>` : nothing}</div>
    <div class="small muted">${group.slice(0, PLACES).map(({ where }) => where).filter(Boolean).join(' · ')}${group.length > PLACES ? ` · and ${number(group.length - PLACES)} more` : ''}</div></li>`)}</ul>`
}

/**
 * A message about a file begins with its name; in a group the names are listed once, as places.
 * @param {Problem} problem @returns {Problem}
 */
function unnamed(problem) {
  const [name, ...rest] = problem.message.split(': ')
  return problem.where === `file ${name}` && rest.length ? { ...problem, message: rest.join(': ') } : problem
}

/** Long values cut, for an example. @param {Record<string, unknown>} data */
const shortened = (data) => Object.fromEntries(Object.entries(data).map(([name, value]) => [name, typeof value !== 'string' ? value : value.startsWith('data:') ? 'https://example.com/1.jpg' : value.length > 32 ? `${value.slice(0, 30)}…` : value]))

customElements.define('kite-data-import', KiteDataImportElement)
export { KiteDataImportElement }
