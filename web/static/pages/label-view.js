// Parts of the labeling page that only draw.
import { html, nothing } from 'lit'
import { locale, t, text, told } from '../app/texts.js'
import { sentence } from './words.js'

/**
 * @param {import('./label-flow.js').Work} work @param {{done: number, left: number | null}} progress left: null where nothing is
 * @param {{instructions: () => void, mine: () => void, comments: (() => void) | null, grid: {on: boolean, switch: () => void} | null, settings: (() => void) | null}} acts grid: many tasks beside each other, where that can be
 */
export const topBar = ({ project, person }, { done, left }, { instructions, mine, comments, grid, settings }) => html`<header class="label-top">
  <h1 class="label-title">${person.may?.includes('read') ? html`<a href="/projects/${project.id}" title=${t('Back to the project')}>${project.title}</a>` : project.title}</h1>
  <span class="grow"></span>
  ${project.instructions ? html`<button class="button button-quiet button-small" @click=${instructions}>${t('Instructions')}</button>` : nothing}
  <span class="label-progress" aria-live="polite">${left === null ? t('{done} done', { done }) : t('{done} done · about {left} left', { done, left })}</span>
  ${grid ? html`<button class="button button-quiet button-small" aria-pressed=${grid.on} @click=${grid.switch} title=${t('Many tasks beside each other')}>${t('Grid')}</button>` : nothing}
  ${comments ? html`<button class="button button-quiet button-icon button-small" @click=${comments} aria-label=${t('Comments')} title=${t('Comments (Alt+C)')}><kite-icon name="comment"></kite-icon></button>` : nothing}
  <button class="button button-quiet button-small" @click=${mine} title=${t('Your finished tasks, to look at or correct')}>${t('My work')}</button>
  ${settings ? html`<button class="button button-quiet button-icon button-small" @click=${settings} aria-label=${t('Preferences')} title=${t('Preferences')}><kite-icon name="settings"></kite-icon></button>` : nothing}
  <span class="muted small clip label-person">${person.name}</span>
</header>`

/**
 * What the person may rely on right now, for a save state.
 * @param {{waiting: number, held: boolean, trouble: string, saving: boolean, unsynced: boolean}} facts waiting: submits that the server does not have yet; held: one of them
 *   can still be taken back
 */
export function savedState({ waiting, held, trouble, saving, unsynced }) {
  if (trouble) {
    return { state: 'not-saved', reason: waiting ? t('everything is kept in this browser, with {n} finished tasks. {why}', { n: waiting, why: trouble }) : t('everything is kept in this browser. {why}', { why: trouble }) }
  }
  return { state: saving || waiting > Number(held) ? 'saving' : unsynced || held ? 'saved-here' : 'saved', reason: '' }
}

/** What was sent by itself, while it can be taken back. @param {string} answer in words; empty: nothing @param {() => void} undo */
export const sentLine = (answer, undo) => html`<span class="label-sent" role="status">${answer ? html`<span class="clip">${t('Sent: {answer}', { answer })}</span>
  <button class="button button-small" type="button" @click=${undo}>${t('Undo')} <span class="kbd">Ctrl Z</span></button>` : nothing}</span>`

/** What stands between the task and a submit. @param {import('../app/task-session.js').TaskSession | null} session @param {(problem: import('../app/api.js').Problem) => void} show @param {() => void} close */
export function problemBar(session, show, close) {
  const problems = session?.problems ?? []
  if (!problems.length) return nothing
  // The same question about several regions is one thing to say; two rules of a config are two.
  const alike = (/** @type {import('../app/api.js').Problem} */ problem) => problems.filter((one) => one.region && one.control === problem.control
    && one.code === problem.code && (one.code !== 'rule' || one.message === problem.message))
  const first = problems.filter((problem) => !problem.region || alike(problem)[0] === problem)
  const words = (/** @type {import('../app/api.js').Problem} */ problem) => {
    const others = problem.region ? alike(problem).length - 1 : 0
    const where = session?.checked || !problem.where ? '' : `${problem.where}: `
    return sentence({ hint: problem.hint, message: `${where}${others ? t('{message} and {n} more', { message: told(problem.message), n: others }) : told(problem.message)}` })
  }
  const open = problems.filter((problem) => problem.severity !== 'warning').length
  const heading = open ? t('{n} things are missing before this can be submitted', { n: open }) : t('{n} things to look at once more', { n: problems.length })
  return html`<div class="label-problems" role="alert">
    <p>${heading}</p>
    <ul>${first.map((problem) => html`<li><button class="button button-small" @click=${() => show(problem)}>${words(problem)}</button></li>`)}</ul>
    <button class="button button-quiet button-icon button-small label-problems-close" aria-label=${t('Close')} title=${t('Close')} @click=${close}><kite-icon name="close"></kite-icon></button>
  </div>`
}

/** What skipping does in this project. @type {Record<string, string>} */
const SKIPS = {
  others: text('Leave this task unanswered: somebody else gets it'), again: text('Leave this task for now: it comes back to you'), drop: text('Leave this task unanswered: nobody gets it any more'),
}

/**
 * What can be done with the task in hand.
 * @param {import('../app/task-session.js').TaskSession} session @param {{busy: boolean, skip: string | false | undefined, back: boolean}} facts skip: what it does; false: not allowed
 * @param {{cancel: () => void, back: () => void, later: () => void, submit: (skipped?: boolean) => void, same: (() => void) | null, before: unknown}} acts same: takes over the answers of the task before; before: stands before the buttons
 */
export function actions({ envelope, touched }, { busy, skip, back }, acts) {
  const button = (/** @type {unknown} */ words, /** @type {() => void} */ act, look = '', title = '') => html`<button class="button ${look}" ?disabled=${busy} title=${title || nothing} @click=${act}>${words}</button>`
  const enter = html`<span class="kbd">Ctrl ↵</span>`
  if (envelope.sent_back) return button(html`${touched ? t('Send the correction') : t('It stays as it is')} ${enter}`, () => acts.submit(), 'button-primary', touched ? '' : t('Send your answer again, unchanged'))
  return html`${envelope.annotation ? html`<span class="badge badge-info">${t('Correcting a finished task')}</span>${button(t('Leave as it was'), acts.cancel)}`
    : html`${acts.before}${acts.same ? button(html`${t('Same as before')} <span class="kbd">Alt S</span>`, acts.same, 'button-quiet', t('The answers of the task before; with Shift its regions too (Alt+Shift+S)')) : nothing}
      ${back ? button(t('Back'), acts.back, 'button-quiet', t('Open the task you finished last')) : nothing}
      ${button(t('Later'), acts.later, 'button-quiet', t('Put it off: it comes back after the others (Ctrl+Shift+Space)'))}
      ${skip === false ? nothing : button(html`${t('Skip')} <span class="kbd">Ctrl Space</span>`, () => acts.submit(true), '', t(SKIPS[skip ?? 'others']))}`}
    ${button(html`${envelope.annotation ? t('Update') : t('Submit')} ${enter}`, () => acts.submit(), 'button-primary')}`
}

/** @typedef {{id: number, annotation: number, title: string, updated_at: string}} Finished */

/** @param {Finished[] | null} tasks null: they are on their way @param {number | undefined} open the task that is open @param {(task: number) => void} correct @param {unknown} numbers one's own */
export const mineDialog = (tasks, open, correct, numbers) => html`<dialog class="dialog" id="mine" aria-labelledby="mine-title">
  <div class="dialog-head"><h2 id="mine-title">${t('Your finished tasks')}</h2></div>
  <div class="dialog-body">${numbers}${tasks === null ? html`<p class="muted" role="status">${t('Loading …')}</p>`
    : tasks.length === 0 ? html`<p class="muted">${t('Nothing yet. Tasks you submit are listed here, and you can open and correct them.')}</p>`
      : html`<p class="muted small mine-hint">${t('Open one to look at it or to correct it.')}</p>
        <ul class="mine-list">${tasks.map((task) => html`<li><button class="button button-quiet" ?disabled=${task.id === open} @click=${() => correct(task.id)}>
          <span class="clip">${task.title || t('Task {n}', { n: String(task.id) })}</span><span class="muted small">${task.id === open ? t('open now') : new Date(task.updated_at).toLocaleString(locale())}</span></button></li>`)}</ul>`}</div>
  <form method="dialog" class="dialog-foot"><button class="button">${t('Close')}</button></form>
</dialog>`

/**
 * @param {'waiting' | 'away' | 'paused' | 'done' | 'elsewhere' | 'failed'} state
 * @param {{done: number, kept: number, failure: string, paused: import('../app/api.js').Problem | null, numbers: unknown}} facts kept: submits that the server does not have yet
 * @param {{takeOver: () => void, again: () => void, mine: () => void}} acts
 */
export function message(state, { done, kept, failure, paused, numbers }, { takeOver, again, mine }) {
  switch (state) {
    case 'waiting':
      return html`<div class="label-message"><p class="muted" role="status">${t('Looking for the next task …')}</p></div>`
    case 'away':
      return html`<div class="label-message" role="status">
        <h2>${t('The server cannot be reached')}</h2>
        <p class="muted">${kept ? t('Your last {n} finished tasks are kept in this browser and will be sent.', { n: kept }) : t('Nothing is lost.')} ${t('The next task opens by itself as soon as the connection is back; you can leave this page open.')}</p>
        <button class="button" @click=${again}>${t('Try now')}</button></div>`
    case 'paused':
      return html`<div class="label-message" role="status">
        <h2>${t('Time for a break')}</h2>
        <p>${told(paused?.message)}</p><p class="muted">${told(paused?.hint)}</p>
        ${kept ? html`<p class="muted">${t('What you finished last is being sent.')}</p>` : nothing}
        <div class="row"><button class="button" @click=${again}>${t('Look again')}</button>${done ? html`<button class="button" @click=${mine}>${t('My work')}</button>` : nothing}</div>
        ${numbers}</div>`
    case 'elsewhere':
      return html`<div class="label-message">
        <h2>${t('This project is open in another tab')}</h2>
        <p class="muted">${t('Two tabs would overwrite the work of each other. Go on in the other tab, or take over here: everything you did there is kept.')}</p>
        <button class="button button-primary" @click=${takeOver}>${t('Work in this tab')}</button></div>`
    case 'failed':
      return html`<div class="label-message">
        <h2>${t('Labeling stopped')}</h2><p class="muted">${failure}</p>
        <button class="button button-primary" @click=${() => location.reload()}>${t('Reload')}</button></div>`
    case 'done':
      return html`<div class="label-message">
        <h2>${done ? t('All done. Thank you!') : t('There is nothing to label right now')}</h2>
        <p class="muted">${done ? t('There is no task left for you in this project. You can still open and correct what you did.')
          : t('Every task has enough people on it, or none has been added yet. Come back later with the same link.')}</p>
        <div class="row"><button class="button" @click=${again}>${t('Look again')}</button>
        ${done ? html`<button class="button" @click=${mine}>${t('My work')}</button>` : nothing}</div>
        ${done ? numbers : nothing}</div>`
  }
}
