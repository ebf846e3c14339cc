/**
 * What an owner does with a whole project from the list: rename, archive, copy, take along as one file, bring in from one,
 * delete. Each is a question that says what happens; `changed` is called when the list is another.
 */
import { html, render } from 'lit'
import { ApiError, api } from '../app/api.js'
import { navigate } from '../app/router.js'
import { ask } from './ask.js'
import { attempt, failure, problemList, vars } from './page.js'
import { UploadRefused, transfer } from './upload-queue.js'
import { bytes, counted } from './words.js'

/** @typedef {import('./projects.js').ProjectRow} ProjectRow */
/** @typedef {{state: string, progress: {done: number, total: number | null}, problems: {message: string, where?: string, hint?: string}[], result: any}} Job */
/** @typedef {{signal: AbortSignal, changed: () => void}} Where */

const LOOK_MS = 500
export const FILE_SUFFIX = '.labelkite.gz'

/** @param {ProjectRow} project @param {Where} where */
export const rename = (project, { signal, changed }) => ask({
  title: 'Rename the project', yes: 'Save', failed: 'The name is not changed.', signal,
  body: html`<div class="field"><label for="pa-title">Name</label>
      <input id="pa-title" class="input" name="title" required maxlength="200" autocomplete="off" .value=${project.title}></div>
    <div class="field"><label for="pa-words">Description</label>
      <textarea id="pa-words" class="input" name="description" rows="3" maxlength="20000" placeholder="What it is about, for you and whoever leads it with you" .value=${project.description ?? ''}></textarea></div>`,
  work: async (said) => {
    await api.patch(`/api/projects/${project.id}`, { title: String(said.get('title')).trim(), description: String(said.get('description')).replace(/\r\n/g, '\n') })
    changed()
  },
})

/** @param {ProjectRow} project @param {Where} where */
export const archive = (project, { signal, changed }) => ask({
  title: project.is_archived ? 'Bring the project back?' : 'Archive the project?', yes: project.is_archived ? 'Bring it back' : 'Archive',
  failed: project.is_archived ? 'The project is still archived.' : 'The project is not archived.', signal,
  body: project.is_archived
    ? html`<p>People get tasks of <strong>${project.title}</strong> again, and its links work as before.</p>`
    : html`<p>Nobody gets tasks of <strong>${project.title}</strong> any more, and whoever opens a link of it reads that it is over. What somebody has begun can still be submitted.</p>
      <p class="muted">Everything stays: you can look at it, export it and bring it back at any time.</p>`,
  work: async () => {
    await api.patch(`/api/projects/${project.id}`, { is_archived: !project.is_archived })
    changed()
  },
})

/** @param {ProjectRow} project @param {Where} where */
export async function duplicate(project, { signal, changed }) {
  let made = /** @type {{id: number, title: string, restoring: boolean, job?: number} | null} */ (null)
  const total = project.progress?.total ?? 0
  await ask({
    title: 'Duplicate the project', yes: 'Duplicate', failed: 'There is no copy.', signal,
    body: html`<div class="field"><label for="pa-copy">Name of the copy</label>
        <input id="pa-copy" class="input" name="title" required maxlength="200" autocomplete="off" .value=${`${project.title.slice(0, 190)} (copy)`}></div>
      <fieldset class="field"><legend class="field-label">What goes into it</legend>
        <label class="check"><input type="radio" name="data" value="" checked><span>Config and settings, without data</span></label>
        <label class="check"><input type="radio" name="data" value="yes" ?disabled=${!total}><span>Everything: ${counted(total, 'task')}, answers, people, comments and uploaded files</span></label>
      </fieldset>`,
    work: async (said) => {
      made = await api.post('/api/projects/copies', { project: project.id, title: String(said.get('title')).trim(), data: said.get('data') === 'yes' })
    },
  })
  if (!made) return
  const copy = made
  changed()
  if (copy.job) {
    const done = await follow(copy.job, { title: 'Copying the project', signal, until: async () => !(await patiently(`/api/projects/${copy.id}`, signal)).restoring, also: copy.id })
    changed()
    if (!done) return
  }
  if (!signal.aborted) navigate(`/projects/${copy.id}`)
}

/** @param {ProjectRow} project @param {Where} where */
export async function download(project, { signal }) {
  let job = /** @type {{id: number} | null} */ (null)
  await ask({
    title: 'Take the project along as one file', yes: 'Make the file', failed: 'There is no file.', signal,
    body: html`<p>The file holds the configs with their history, the settings, ${counted(project.progress?.total ?? 0, 'task')} with answers, drafts, predictions, reviews and comments, and the people by name.
        Another Labelkite makes the same project of it. Links, passwords, tokens, webhooks and mail addresses are never in it.</p>
      <label class="check"><input type="checkbox" name="media" value="yes" checked><span>With the photos and other files that were uploaded here</span></label>
      <p class="field-hint">Files in buckets and on the web stay where they are; their addresses come along.</p>`,
    work: async (said) => {
      job = await api.post(`/api/projects/${project.id}/file/jobs`, { media: said.get('media') === 'yes' })
    },
  })
  if (!job) return
  const done = await follow(/** @type {{id: number}} */ (job).id, { title: 'Making the file', signal })
  if (!done?.result?.url) return
  const link = Object.assign(document.createElement('a'), { href: done.result.url, download: done.result.filename })
  document.body.append(link)
  link.click()
  link.remove()
}

/** @param {ProjectRow} project @param {Where} where */
export const remove = (project, { signal, changed }) => ask({
  title: 'Delete the project?', yes: 'Delete for good', failed: 'The project is not deleted.', danger: true, signal,
  body: html`<p><strong>${project.title}</strong> goes with its ${counted(project.progress?.total ?? 0, 'task')}, ${counted(project.progress?.annotations ?? 0, 'answer')}, uploaded files and links, for good. To only end the work, archive it.</p>
    <div class="field"><label for="pa-name">Type its name: ${project.title}</label>
      <input id="pa-name" class="input" name="title" required autocomplete="off" @input=${(/** @type {Event} */ event) => {
        const input = /** @type {HTMLInputElement} */ (event.target)
        input.setCustomValidity(input.value.trim() === project.title.trim() ? '' : 'This is not the name of the project.')
      }}></div>`,
  work: async () => {
    await api.delete(`/api/projects/${project.id}`)
    changed()
  },
})

/**
 * A project file becomes a new project here. What is wrong with it is said, and nothing of it stays.
 * @param {File} file @param {Where} where
 */
export async function bringIn(file, { signal, changed }) {
  const panel = progressPanel('Bringing in a project', signal)
  let [project, sent] = [0, false]
  try {
    panel.show(`Sending ${file.name}, ${bytes(file.size)}`, 0)
    const begun = await api.post('/api/projects/files', { name: file.name, size: file.size }, { signal: panel.signal })
    project = begun.project
    await transfer(begun.upload, file, panel.signal, (part) => panel.show(`Sending ${file.name}`, part / Math.max(1, file.size)))
    const job = await api.post(`/api/projects/${project}/restore`, { upload: begun.upload.key }, { signal: panel.signal })
    sent = true
    const done = await finished(job.id, panel, 'Checking the file and making the project')
    if (done.state !== 'done') throw new Failed(done)
    panel.close()
    changed()
    navigate(`/projects/${project}`)
  } catch (error) {
    // From then on the server goes on by itself, whether anybody waits or not: only what it gave up is cleared away.
    const over = !sent || error instanceof Failed
    const left = project && over ? (await attempt(() => api.delete(`/api/projects/${project}`))).error : null
    changed()
    if (panel.signal.aborted) return
    panel.fail(!over ? 'It is not known how far the file is. The list of projects tells.'
      : left ? 'The project was not brought in. What there is of it stands in the list; delete it there.' : 'The project was not brought in, and nothing of the file is kept.', error)
  }
}

/** A job that ended otherwise than done. */
class Failed extends Error {
  /** @param {Job} job */
  constructor(job) {
    super(job.problems[0]?.message ?? `The work was ${job.state}.`)
    this.problems = job.problems
  }
}

/**
 * Waits for a job in a dialog that can be left: the work goes on.
 * @param {number} id @param {{title: string, signal: AbortSignal, until?: () => Promise<boolean>, also?: number}} given
 * until: asked after the job is done, until it says yes; also: the project whose jobs may say why it never does
 * @returns {Promise<Job | null>} null when it failed, or was left
 */
async function follow(id, { title, signal, until, also }) {
  const panel = progressPanel(title, signal)
  try {
    const done = await finished(id, panel, title)
    if (done.state !== 'done') throw new Failed(done)
    while (until && !(await until())) {
      const { jobs } = await patiently(`/api/projects/${also}/jobs`, panel.signal)
      const bad = jobs.find((/** @type {Job} */ job) => job.state === 'failed' || job.state === 'cancelled')
      if (bad) throw new Failed(bad)
      panel.show(title, jobs[0]?.progress.total ? jobs[0].progress.done / jobs[0].progress.total : null)
      await pause(panel.signal)
    }
    panel.close()
    return done
  } catch (error) {
    if (!panel.signal.aborted) panel.fail('It did not work out.', error)
    return null
  }
}

/** @param {number} id @param {ReturnType<typeof progressPanel>} panel @param {string} words @returns {Promise<Job>} */
async function finished(id, panel, words) {
  for (;;) {
    const job = await patiently(`/api/jobs/${id}`, panel.signal)
    if (!['queued', 'running'].includes(job.state)) return job
    panel.show(words, job.progress.total ? job.progress.done / job.progress.total : null)
    await pause(panel.signal)
  }
}

/** Asks again while nobody answers: the work goes on without us. @param {string} path @param {AbortSignal} signal */
async function patiently(path, signal) {
  for (;;) {
    try {
      return await api.get(path, { signal })
    } catch (error) {
      if (signal.aborted || !(error instanceof ApiError && error.passing)) throw error
      await pause(signal)
    }
  }
}

/** @param {AbortSignal} signal @returns {Promise<void>} */
const pause = (signal) => new Promise((done, stopped) => {
  const timer = setTimeout(done, LOOK_MS)
  signal.addEventListener('abort', () => {
    clearTimeout(timer)
    stopped(signal.reason)
  }, { once: true })
})

/**
 * A dialog that says how far something is.
 * @param {string} title @param {AbortSignal} page
 */
function progressPanel(title, page) {
  const dialog = document.createElement('dialog')
  dialog.className = 'dialog'
  dialog.setAttribute('aria-label', title)
  const left = new AbortController()
  /** @param {unknown} body @param {string} close */
  const draw = (body, close) => render(html`<div class="dialog-head"><h2>${title}</h2></div><div class="dialog-body stack">${body}</div>
    <div class="dialog-foot"><button type="button" class="button" @click=${() => dialog.close()}>${close}</button></div>`, dialog)
  dialog.addEventListener('close', () => {
    left.abort()
    dialog.remove()
  }, { once: true })
  page.addEventListener('abort', () => dialog.close(), { once: true })
  document.body.append(dialog)
  draw('', 'Stop waiting')
  dialog.showModal()
  return {
    signal: left.signal,
    close: () => dialog.close(),
    /** @param {string} words @param {number | null} share */
    show(words, share) {
      const percent = Math.floor(100 * Math.min(1, share ?? 0))
      draw(html`<p role="status">${words} … ${share === null ? '' : html`<span class="number">${percent} %</span>`}</p>
        <div class="progress" role="progressbar" aria-label=${title} aria-valuenow=${percent} aria-valuemin="0" aria-valuemax="100"><span class="progress-bar" ${vars({ '--value': String(percent) })}></span></div>`, 'Stop waiting')
    },
    /** @param {string} what @param {unknown} error */
    fail(what, error) {
      draw(error instanceof Failed && error.problems.length
        ? html`<div class="notice notice-problem" role="alert"><div class="stack stack-tight grow"><strong>${what}</strong>${problemList(error.problems)}</div></div>`
        : failure(error instanceof UploadRefused || error instanceof Failed ? { toString: () => error.message } : error, { what }), 'Close')
    },
  }
}
