/** `<kite-sources>`: buckets and folders whose files become tasks: added, looked at, synced, removed. Event up: `kite-imported`. */
import { html, nothing } from 'lit'
import { api } from '../app/api.js'
import { ask } from './ask.js'
import { icon } from './icons.js'
import { OwnerElement, attempt, failure, problemList, waiting } from './page.js'
import { ago, bytes, counted, exactly, number } from './words.js'

/**
 * @typedef {{job: number, at: string, added?: number, changed?: number, removed?: number, deleted?: number, kept?: number, refused_count?: number}} LastSync
 * @typedef {{id: number, title: string, address: string, mode: 'files' | 'tasks', field: string, pattern: string, recursive: boolean, target: string, last_sync: LastSync | null}} Source
 * @typedef {{key: string, size: number | null}} Found
 * @typedef {{counts: Record<'added' | 'changed' | 'removed' | 'same', number>, added: Found[], changed: Found[], removed: Found[], whole: boolean}} Look
 * @typedef {{id: number, source?: number, state: string, progress: {done: number}, result?: LastSync | null, problems: {message: string, where?: string, hint?: string}[]}} Job
 */

const LOOK_MS = 700
const SHOWN = 20
const RUNNING = ['queued', 'running']

class KiteSourcesElement extends OwnerElement {
  static properties = { project: { attribute: false } }

  constructor() {
    super()
    /** @type {import('./project-frame.js').Project | null} */
    this.project = null
  }

  /** @type {Source[] | null} */ #sources = null
  /** @type {unknown} */ #error = null
  /** what a source was told to do and would not, by its id @type {Map<number, unknown>} */ #refused = new Map()
  /** what a sync would do, by source; null while it is looked at @type {Map<number, Look | null>} */ #looks = new Map()
  /** the newest sync of this visit, by source @type {Map<number, Job>} */ #jobs = new Map()

  get #path() {
    return `/api/projects/${this.project?.id}`
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    const before = /** @type {{id: number} | null | undefined} */ (changed.get('project'))
    if (changed.has('project') && before?.id !== this.project?.id) void this.#load()
  }

  async #load() {
    const [listed, jobs] = await Promise.all(['sources', 'jobs?kind=sync'].map((what) => attempt(() => api.get(`${this.#path}/${what}`, { signal: this.signal }))))
    if (!this.isConnected) return
    this.#error = listed.error ?? null
    this.#sources = listed.value?.sources ?? this.#sources
    this.requestUpdate()
    for (const job of /** @type {Job[]} */ (jobs.value?.jobs ?? [])) {
      if (job.source && RUNNING.includes(job.state) && !this.#jobs.has(job.source)) void this.#follow(job.source, job)
    }
  }

  /** Looks at a sync until it ends. @param {number} source @param {Job} job */
  async #follow(source, job) {
    this.#jobs.set(source, job)
    this.requestUpdate()
    while (RUNNING.includes(job.state)) {
      await new Promise((done) => { setTimeout(done, LOOK_MS) })
      if (!this.isConnected) return
      const { value } = await attempt(() => api.get(`/api/jobs/${job.id}`, { signal: this.signal }))
      if (!this.isConnected) return
      if (!value) continue // the server is away: the job goes on without us
      job = value
      this.#jobs.set(source, job)
      this.requestUpdate()
    }
    await this.#load()
    this.dispatchEvent(new CustomEvent('kite-imported', { bubbles: true }))
  }

  /** @param {Source} source */
  async #look({ id }) {
    this.#looks.set(id, null)
    this.#refused.delete(id)
    this.requestUpdate()
    const { value, error } = await attempt(() => api.post(`/api/sources/${id}/preview`, {}, { signal: this.signal }))
    if (!this.isConnected) return
    if (value) this.#looks.set(id, value)
    else this.#looks.delete(id)
    if (error) this.#refused.set(id, error)
    this.requestUpdate()
  }

  /** @param {Source} source @param {boolean} [remove] delete the tasks of files that are gone */
  async #sync({ id }, remove = false) {
    this.#refused.delete(id)
    const { value, error } = await attempt(() => api.post(`/api/sources/${id}/sync`, { delete_removed: remove }))
    if (error) this.#refused.set(id, error)
    else this.#looks.delete(id)
    this.requestUpdate()
    if (value) await this.#follow(id, value)
  }

  /** @param {Job} job */
  async #cancel(job) {
    await attempt(() => api.post(`/api/jobs/${job.id}/cancel`, {}))
  }

  async #add() {
    const fields = (this.project?.plan?.fields ?? []).map((/** @type {{name: string}} */ { name }) => name)
    /** @type {Source | null} */ let made = null
    await ask({
      title: 'Add a bucket or folder', yes: 'Add and look', failed: 'It was not added.', signal: this.signal,
      body: html`
        <div class="field"><label for="source-at">Address</label><input id="source-at" class="input input-mono" name="address" required autocomplete="off" spellcheck="false" maxlength="1000" placeholder="s3://bucket/prefix/" aria-describedby="source-address">
          <span class="field-hint" id="source-address">A bucket with a prefix, or the whole path of a folder of the machine that Labelkite runs on. Whoever runs it says which may be read.</span></div>
        <fieldset class="field"><legend class="field-label">Its files</legend>
          <label class="check"><input type="radio" name="mode" value="files" checked><span>Each file is a task <span class="muted">(pictures, sounds, videos, PDFs …)</span></span></label>
          <label class="check"><input type="radio" name="mode" value="tasks"><span>Files hold tasks <span class="muted">(JSON, JSONL, CSV, TSV, Parquet, text)</span></span></label></fieldset>
        ${fields.length > 1 ? html`<label class="field"><span class="field-label">Field that gets a file’s address</span>
          <select class="select" name="field">${fields.map((/** @type {string} */ name) => html`<option value=${name}>${name}</option>`)}</select></label>` : nothing}
        <div class="field"><label for="source-like">Only paths like <span class="muted">(optional)</span></label><input id="source-like" class="input input-mono" name="pattern" autocomplete="off" spellcheck="false" maxlength="500" placeholder=".*\\.jpe?g" aria-describedby="source-pattern">
          <span class="field-hint" id="source-pattern">A regular expression that the whole path below it must match.</span></div>
        <label class="check"><input type="checkbox" name="recursive" value="1" checked><span>Also what lies in folders below</span></label>
        <div class="field"><label for="source-to">Write results to <span class="muted">(optional)</span></label><input id="source-to" class="input input-mono" name="target" autocomplete="off" spellcheck="false" maxlength="1000" placeholder="s3://bucket/results/" aria-describedby="source-target">
          <span class="field-hint" id="source-target">Each task is written there as JSON a few seconds after it changes. Not within the address above.</span></div>`,
      work: async (said) => {
        const text = (/** @type {string} */ name) => String(said.get(name) ?? '').trim()
        const mode = text('mode')
        made = await api.post(`${this.#path}/sources`, {
          address: text('address'), mode, pattern: text('pattern'), recursive: said.has('recursive'), target: text('target'), field: mode === 'files' ? text('field') : '',
        })
      },
    })
    const source = /** @type {Source | null} */ (made)
    if (!source) return
    await this.#load()
    await this.#look(source)
  }

  /** @param {Source} source */
  async #remove(source) {
    const done = await ask({
      title: `Remove ${source.address}?`, yes: 'Remove the source', danger: true, failed: 'It was not removed.', signal: this.signal,
      body: html`<p>Its tasks and their answers stay. ${source.mode === 'files' ? 'Files that only it allows are not shown in them any more, until it is added again.' : ''} Nothing in the bucket or folder is touched.</p>`,
      work: () => api.delete(`/api/sources/${source.id}`),
    })
    if (!done) return
    this.#looks.delete(source.id)
    this.#jobs.delete(source.id)
    await this.#load()
  }

  render() {
    const sources = this.#sources
    return html`<div class="stack">
      ${this.#error ? failure(this.#error, { what: 'The buckets and folders could not be loaded.', again: () => void this.#load() }) : nothing}
      ${!sources ? (this.#error ? nothing : waiting('Loading the buckets and folders …')) : sources.length ? sources.map((source) => this.#card(source))
        : html`<p class="muted">None. Files that are in a bucket or on the server’s disk need not be uploaded: point at them, look at what would come, and sync.</p>`}
      ${sources ? html`<div><button type="button" class="button" @click=${() => void this.#add()}>${icon('plus')}Add a bucket or folder …</button></div>` : nothing}</div>`
  }

  /** @param {Source} source */
  #card(source) {
    const { id, address, mode, field, pattern, recursive, target, last_sync: last } = source
    const job = this.#jobs.get(id)
    const runs = !!job && RUNNING.includes(job.state)
    const refused = this.#refused.get(id)
    const fields = this.project?.plan?.fields ?? []
    return html`<section class="card stack stack-tight ow-source" aria-label=${address}>
      <div class="row row-between">
        <div class="stack stack-tight"><h3 class="mono">${address}</h3>
          <p class="muted small">${mode === 'files' ? html`Each file is a task, as <code>${field || fields[0]?.name}</code>` : 'Its files hold tasks'}${pattern ? html`; only <code>${pattern}</code>` : nothing}${recursive ? nothing : '; not in folders below'}${target ? html`; results go to <code>${target}</code>` : nothing}.</p></div>
        <div class="row">
          <button type="button" class="button button-small" ?disabled=${runs || this.#looks.get(id) === null} @click=${() => void this.#look(source)}>Look what is new</button>
          <button type="button" class="button button-small" ?disabled=${runs} @click=${() => void this.#sync(source)}>Sync</button>
          <button type="button" class="button button-small" ?disabled=${runs} aria-label="Remove ${address} …" @click=${() => void this.#remove(source)}>Remove …</button>
        </div>
      </div>
      ${refused ? failure(refused, { what: 'That did not work.', again: () => void this.#look(source) }) : nothing}
      ${runs ? html`<div class="row"><span role="status">Taking in files: <span class="number">${number(job.progress.done)}</span> so far …</span> <progress aria-label="Sync of ${address}"></progress>
          <button type="button" class="button button-small" @click=${() => void this.#cancel(job)}>Cancel</button></div>`
        : html`<p class="small ${last ? '' : 'muted'}" role="status">${job && job.state !== 'done' ? html`<span class="ow-attention">${job.state === 'cancelled' ? 'Cancelled' : 'Stopped'} at ${counted(job.progress.done, 'file')}; what has come stays. Sync again to go on.</span>`
          : last ? html`Synced <span title=${exactly(last.at)}>${ago(last.at)}</span>: ${did(last)}.` : 'Not synced yet.'}</p>`}
      ${job && !runs && job.problems.length ? html`<details ?open=${job.problems.length < 4}><summary>${counted(job.problems.length, 'thing')} to know</summary>${problemList(job.problems.slice(0, SHOWN))}</details>` : nothing}
      ${this.#looks.has(id) ? this.#found(source, this.#looks.get(id) ?? null) : nothing}
    </section>`
  }

  /** What a sync would do. @param {Source} source @param {Look | null} look */
  #found(source, look) {
    if (!look) return waiting(`Looking into ${source.address} …`)
    const { added, changed, removed, same } = look.counts
    const files = (/** @type {string} */ what, /** @type {Found[]} */ list, /** @type {number} */ count) => (count ? html`<details><summary>${counted(count, `${what} file`)}</summary>
      <ul class="ow-source-files">${list.slice(0, SHOWN).map(({ key, size }) => html`<li><span class="mono">${key}</span> ${size === null ? nothing : html`<span class="muted">${bytes(size)}</span>`}</li>`)}
        ${count > Math.min(SHOWN, list.length) ? html`<li class="muted">and ${number(count - Math.min(SHOWN, list.length))} more</li>` : nothing}</ul></details>` : nothing)
    /** @param {SubmitEvent} event */
    const sync = (event) => {
      event.preventDefault()
      void this.#sync(source, new FormData(/** @type {HTMLFormElement} */ (event.target)).has('delete_removed'))
    }
    return html`<form class="stack stack-tight" @submit=${sync}>
      <p role="status">${added + changed + removed ? html`<strong>${number(added)} new</strong>, ${number(changed)} changed, ${number(removed)} gone, ${number(same)} as before.` : same ? `Nothing is new: ${counted(same, 'file')} as before.` : 'No file is there that fits.'}
        ${look.whole ? nothing : html`<span class="muted">There is more; a sync takes in all.</span>`}</p>
      ${files('new', look.added, added)}${files('changed', look.changed, changed)}${files('gone', look.removed, removed)}
      ${removed ? html`<label class="check"><input type="checkbox" name="delete_removed" value="1"><span>Delete the tasks of files that are gone, unless somebody has worked on them</span></label>` : nothing}
      ${added + changed + removed || !look.whole ? html`<div><button type="submit" class="button button-primary">Sync now</button></div>` : nothing}
    </form>`
  }
}

/** @param {LastSync} last */
function did({ added = 0, changed = 0, removed = 0, deleted = 0, kept = 0, refused_count: refused = 0 }) {
  const parts = [
    [added, counted(added, 'new file')], [changed, `${number(changed)} changed`], [removed, `${number(removed)} gone`], [deleted, `${number(deleted)} gone with their tasks`],
    [kept, `${number(kept)} left alone, since somebody has worked on them`], [refused, counted(refused, 'entry refused', 'entries refused')],
  ].flatMap(([n, words]) => (n ? [words] : []))
  return parts.length ? parts.join(', ') : 'nothing was new'
}

customElements.define('kite-sources', KiteSourcesElement)
