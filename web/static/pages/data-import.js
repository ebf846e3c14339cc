/**
 * `<kite-data-import>`: files, folders and pasted text become tasks. Everything goes the same way: presigned upload, then an
 * import of the uploaded keys, so that one parser (the server's) decides what a task is. `kite-imported` tells of new tasks.
 */
import { html, nothing } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { ApiError, api } from '../app/api.js'
import { newId } from '../app/ids.js'
import { icon } from './icons.js'
import { OwnerElement, failure, vars } from './page.js'
import { UploadQueue, UploadRefused, filesOf } from './upload-queue.js'
import { bytes, counted, number } from './words.js'

/** @typedef {import('./upload-queue.js').Upload} Upload */
/** @typedef {{code: string, message: string, where?: string, hint?: string}} Problem */

const KEYS_PER_IMPORT = 100
const SHOWN = 60
const PLACES = 5
const READABLE = /\.(jpe?g|png|gif|webp|bmp|svg|avif|json|jsonl|ndjson|csv|tsv|txt)$/i

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
  #queue = new UploadQueue((wanted) => this.#presign(wanted))
  #over = 0
  /** @type {string[]} */ #leftOut = []
  #pasted = ''
  /** @type {string} '' for the guess */ #format = ''
  /** @type {{keys: string[], key: string}[]} lots of uploads that wait for their import, each with its idempotency key */ #lots = []
  #importing = false
  /** @type {unknown} */ #error = null
  #added = 0
  #withAnswers = 0
  /** @type {Problem[]} */ #refused = []

  get project() {
    return this.#project
  }

  set project(project) {
    this.#project = project
    this.requestUpdate()
  }

  connectedCallback() {
    super.connectedCallback()
    this.#queue.addEventListener('change', () => this.#moved(), { signal: this.signal })
    addEventListener('beforeunload', (event) => {
      if (this.busy) event.preventDefault()
    }, { signal: this.signal })
    this.signal.addEventListener('abort', () => this.#queue.cancel())
  }

  /** Leaving now would lose something. */
  get busy() {
    return !this.#queue.idle || this.#importing
  }

  get #path() {
    return `/api/projects/${this.project?.id}`
  }

  /** @param {import('./upload-queue.js').Wanted[]} wanted */
  async #presign(wanted) {
    try {
      return await api.post(`${this.#path}/uploads`, wanted, { signal: this.signal })
    } catch (error) {
      if (error instanceof ApiError) throw new UploadRefused(error.message, error.passing)
      throw error
    }
  }

  /** @param {{name: string, file: File}[]} files */
  #take(files) {
    const fit = files.filter(({ name, file }) => READABLE.test(name) || file.type.startsWith('image/'))
    this.#leftOut = files.filter((one) => !fit.includes(one)).map(({ name }) => name)
    this.#queue.clear()
    this.#queue.add(fit)
    this.requestUpdate()
  }

  #moved() {
    if (this.#queue.idle) {
      const keys = this.#queue.take().map((item) => item.key)
      for (let i = 0; i < keys.length; i += KEYS_PER_IMPORT) this.#lots.push({ keys: keys.slice(i, i + KEYS_PER_IMPORT), key: newId() + newId() })
      if (this.#lots.length) void this.#import()
    }
    this.requestUpdate()
  }

  async #import() {
    if (this.#importing) return
    this.#importing = true
    this.#error = null
    this.#added = this.#withAnswers = 0
    this.#refused = []
    try {
      for (let lot = this.#lots[0]; lot; lot = this.#lots[0]) {
        this.requestUpdate()
        const answer = await api.post(`${this.#path}/import`, { uploads: lot.keys }, { key: lot.key })
        this.#lots.shift()
        this.#added += answer.task_count
        this.#withAnswers += answer.annotation_count ?? 0
        this.#refused.push(...(answer.refused ?? []))
      }
    } catch (error) {
      // A refusal is final and has its reasons; anything else is tried again with the same key, so nothing is added twice.
      if (error instanceof ApiError && !error.passing) {
        this.#lots.shift()
        this.#refused.push(...error.problems)
        if (this.#lots.length) setTimeout(() => void this.#import())
      } else this.#error = error
    } finally {
      this.#importing = false
    }
    this.requestUpdate()
    if (this.#added) this.dispatchEvent(new CustomEvent('kite-imported', { detail: { added: this.#added }, bubbles: true }))
  }

  #usePasted() {
    const { file } = FORMATS.find(({ id }) => id === this.#chosen()) ?? FORMATS[4]
    this.#take([{ name: file, file: new File([this.#pasted], file, { type: 'text/plain' }) }])
    this.#pasted = ''
    this.#format = ''
  }

  get #fields() {
    return /** @type {{name: string}[]} */ (this.project?.plan?.fields ?? []).map(({ name }) => name)
  }

  #chosen() {
    return this.#format || guessFormat(this.#pasted, this.#fields)
  }

  get #wantsImages() {
    return /** @type {{type: string}[]} */ (this.project?.plan?.objects ?? []).some(({ type }) => type === 'image')
  }

  render() {
    return html`
      <div class="ow-import">
        <section class="stack" aria-label="Files">${this.#dropzone()}${this.#uploads()}</section>
        <section class="stack stack-tight" aria-label="Paste">${this.#paste()}</section>
        ${this.#report()}
      </div>`
  }

  #dropzone() {
    const drag = (/** @type {DragEvent} */ event, /** @type {number} */ step) => {
      event.preventDefault()
      this.#over = Math.max(0, this.#over + step)
      this.requestUpdate()
    }
    const drop = async (/** @type {DragEvent} */ event) => {
      event.preventDefault()
      this.#over = 0
      if (event.dataTransfer) this.#take(await filesOf(event.dataTransfer))
    }
    const photos = this.#wantsImages
    return html`
      <div class="dropzone ow-drop ${this.#over ? 'is-over' : ''}" @dragenter=${(/** @type {DragEvent} */ event) => drag(event, 1)} @dragover=${(/** @type {DragEvent} */ event) => event.preventDefault()}
        @dragleave=${(/** @type {DragEvent} */ event) => drag(event, -1)} @drop=${drop}>
        <span class="ow-drop-icon">${icon(photos ? 'image' : 'file')}</span>
        <p class="strong">${photos ? 'Drop photos or a folder of photos here' : 'Drop files here'}</p>
        <p class="muted small">${photos ? 'Each photo becomes a task. JSON, JSONL, CSV or TSV files bring one task per row.' : 'JSON, JSONL, CSV, TSV: one task per row. TXT: one task per line.'}</p>
        <div class="row">
          <label class="button ow-file">Choose files<input class="visually-hidden" type="file" multiple @change=${this.#picked}></label>
          <label class="button button-quiet ow-file">Choose a folder<input class="visually-hidden" type="file" webkitdirectory @change=${this.#picked}></label>
        </div>
      </div>
      ${this.#leftOut.length ? html`<p class="small muted">${counted(this.#leftOut.length, 'file')} left out, of a kind that cannot become a task: ${this.#leftOut.slice(0, PLACES).join(', ')}${this.#leftOut.length > PLACES ? ' …' : ''}</p>` : nothing}`
  }

  #picked = (/** @type {Event} */ event) => {
    const input = /** @type {HTMLInputElement} */ (event.target)
    this.#take([...(input.files ?? [])].map((file) => ({ name: file.webkitRelativePath || file.name, file })))
    input.value = '' // the same file again is a new choice
  }

  #uploads() {
    const queue = this.#queue
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
        ${shown.length ? html`<ul class="ow-files">${repeat(shown, (item) => item.id, (item) => this.#file(item))}</ul>` : nothing}
        ${hidden > 0 && !queue.idle ? html`<p class="small muted">and ${number(hidden)} more</p>` : nothing}
      </div>`
  }

  /** @param {Upload} item */
  #file(item) {
    const { size } = item.file
    const said = { waiting: 'waits', sending: size ? `${Math.floor((100 * item.sent) / size)} %` : '…', done: 'there', failed: item.problem, cancelled: 'left out' }[item.state]
    return html`<li class="ow-file-row is-${item.state}">
      <span class="clip" title=${item.name}>${item.name}</span>
      <span class="muted number">${bytes(size)}</span>
      <span class="ow-file-state">${said}</span>
      ${item.state === 'failed' ? html`<button type="button" class="button button-small" @click=${() => this.#queue.retry(item)}>Retry</button>` : nothing}
      ${item.state === 'waiting' || item.state === 'sending' ? html`<button type="button" class="button button-small button-quiet" aria-label="Cancel ${item.name}" @click=${() => this.#queue.cancel(item)}>Cancel</button>` : nothing}
    </li>`
  }

  #paste() {
    const chosen = this.#chosen()
    const example = JSON.stringify(shortened(this.project?.plan?.sample?.data ?? {}))
    const typed = (/** @type {InputEvent} */ event) => {
      this.#pasted = /** @type {HTMLTextAreaElement} */ (event.target).value
      this.requestUpdate()
    }
    return html`
      <label class="field-label" for="paste">Or paste data</label>
      <textarea id="paste" class="input input-mono ow-paste" spellcheck="false" aria-describedby="paste-hint" placeholder=${this.#wantsImages ? example : `One text per line, or ${example}`} .value=${this.#pasted} @input=${typed}></textarea>
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

  #report() {
    if (this.#error) return html`<div class="ow-report">${failure(this.#error, { what: 'The files have arrived, but their tasks are not made yet.', again: () => void this.#import() })}</div>`
    if (this.#importing) {
      const left = this.#lots.reduce((sum, lot) => sum + lot.keys.length, 0)
      return html`<div class="notice ow-report" role="status">${icon('info')}<p>Making tasks … <span class="number">${number(this.#added)}</span> so far, ${counted(left, 'file')} to read.</p></div>`
    }
    if (!this.#added && !this.#refused.length) return nothing
    const refused = this.#refused
    return html`
      <div class="notice ${refused.length ? (this.#added ? 'notice-attention' : 'notice-problem') : 'notice-good'} ow-report" role="status">
        ${icon(refused.length ? 'problem' : 'check')}
        <div class="stack stack-tight grow">
          <strong>${this.#added ? `${counted(this.#added, 'task')} added` : 'No task was added'}${this.#withAnswers ? `, with ${counted(this.#withAnswers, 'answer')}` : ''}.
            ${refused.length ? `${counted(refused.length, 'entry', 'entries')} refused:` : ''}</strong>
          ${refused.length ? grouped(refused) : nothing}
        </div>
      </div>`
  }
}

/**
 * Refused rows by reason, the frequent ones first, each with its first few places.
 * @param {Problem[]} problems
 */
function grouped(problems) {
  /** @type {Map<string, Problem[]>} */
  const groups = new Map()
  for (const problem of problems) groups.set(problem.code, [...(groups.get(problem.code) ?? []), problem])
  return html`<ul class="problem-list">${[...groups.values()].sort((a, b) => b.length - a.length).map((group) => html`<li>
    <div><span class="number strong">${number(group.length)} ×</span> ${group[0].message} ${group[0].hint ? html`<span class="muted">${group[0].hint}</span>` : nothing}</div>
    <div class="small muted">${group.slice(0, PLACES).map(({ where }) => where).filter(Boolean).join(' · ')}${group.length > PLACES ? ` · and ${number(group.length - PLACES)} more` : ''}</div></li>`)}</ul>`
}

/** Long values cut, for an example. @param {Record<string, unknown>} data */
const shortened = (data) => Object.fromEntries(Object.entries(data).map(([name, value]) => [name, typeof value === 'string' && value.length > 48 ? `${value.slice(0, 45)}…` : value]))

customElements.define('kite-data-import', KiteDataImportElement)
export { KiteDataImportElement }
