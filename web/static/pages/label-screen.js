/** What the labeling page shows: the task in hand with everything around it, or why there is none. */
import { html, nothing } from 'lit'
import { t, told } from '../app/texts.js'
import { openSettings } from '../elements/surface-dialogs.js'
import { soleQuestion } from './label-advance.js'
import { actions, message, mineDialog, problemBar, savedState, sentLine, topBar } from './label-view.js'

/**
 * @typedef {import('./label.js').LabelPage} LabelPage
 * @typedef {import('../app/task-session.js').TaskSession} TaskSession
 */

/** @type {object[]} */
const NO_LAYERS = []

/** @param {LabelPage} page */
export function screen(page) {
  const { flow, more, many } = page
  const session = flow.state === 'work' ? flow.current : null
  const others = session && page.othersOf(session)
  return html`<div class="label-page">
    ${top(page, session)}
    <div class="label-strips">${more?.strips(session, (region) => page.surface?.focusRegion(region), flow.state === 'paused' || (flow.state === 'done' && flow.done > 0))}${session ? html`${others?.strip(session) ?? nothing}${suggestions(page, session)}` : nothing}</div>
    <div class="label-work ${session && page.instructions.docked ? 'has-docked' : ''} ${others?.aside ? 'has-others' : ''}">
      ${session ? page.instructions.panel() : nothing}
      ${flow.current || many.grid ? refused(page) : nothing}
      ${session ? html`${surface(page, session)}${others?.beside(session) ?? nothing}${page.talk && more ? more.comments(session, { show: (region) => page.surface?.focusRegion(region), close: () => page.chat() }) : nothing}`
        : many.grid ? many.grid.draw() : flow.lesson ? more?.drawLesson(flow.lesson, () => void flow.leaveTask()) : reason(page)}
    </div>
    <div class="label-bottom">
      ${problemBar(session, (problem) => page.focusProblem(problem), () => session?.showProblems([]))}
      ${foot(page, session)}
    </div>
    ${page.instructions.dialog()}
    ${mineDialog(page.earlier.mine, flow.current?.task, (task) => void page.correct(task), more?.numbers())}
    <kite-toast></kite-toast>
  </div>`
}

/** @param {LabelPage} page @param {TaskSession | null} session */
function top(page, session) {
  const { flow, many } = page
  return topBar(page.work, { done: flow.done, left: flow.state === 'done' ? null : flow.left }, {
    instructions: () => page.instructions.open(), mine: () => void page.openMine(), comments: page.more && session ? () => page.chat() : null,
    settings: session ? () => openSettings(/** @type {any} */ (page.surface)) : null,
    grid: page.grids ? { on: !!many.grid, switch: () => (many.grid ? void many.leave() : page.openGrid()) } : null,
  })
}

/** The surface of the task in hand. @param {LabelPage} page @param {TaskSession} session */
function surface(page, session) {
  return html`<kite-surface .plan=${session.plan} .display=${session.envelope.display} .view=${session.view} .pending=${session.echoed} .readonly=${false} .layers=${page.othersOf(session)?.layers(session) ?? NO_LAYERS}
    .problems=${session.problems} .commands=${page.commands} .content=${session.content} .copy=${session.copy} .task=${session.task}
    @kite-intent=${(/** @type {CustomEvent} */ event) => page.act(session, event.detail)} @kite-say=${(/** @type {CustomEvent} */ event) => page.tell(event.detail)}></kite-surface>`
}

/** Suggestions over the data; their element comes with the first that there are. @param {LabelPage} page @param {TaskSession} session */
function suggestions(page, session) {
  const { predictions = [], prediction } = session.envelope
  if (!session.view.suggestions && predictions.length < 2) return nothing
  if (!customElements.get('kite-suggestions')) void import('../elements/kite-suggestions.js').catch(console.warn)
  return html`<kite-suggestions .view=${session.view} .predictions=${predictions} .prediction=${prediction} ?fixed=${session.begun}
    @kite-intent=${(/** @type {CustomEvent} */ event) => page.act(session, event.detail)} @kite-prediction=${(/** @type {CustomEvent} */ event) => void page.ending.startFrom(event.detail.prediction)}></kite-suggestions>`
}

/** Finished tasks that the server did not take. @param {LabelPage} page */
function refused(page) {
  const [first, ...rest] = page.outbox.refused
  if (!first) return nothing
  return html`<div class="notice notice-attention label-banner row" role="alert">
    <span class="grow">${t('{n} finished tasks were not taken by the server: {why}', { n: rest.length + 1, why: told(first.refused?.[0]?.message) })}</span>
    <button class="button button-small" @click=${() => void page.openRefused(first)}>${t('Open it')}</button></div>`
}

/** @param {LabelPage} page @param {TaskSession | null} session */
function foot(page, session) {
  const { flow, many, outbox, draft, engine, earlier } = page
  const any = flow.current || many.grid
  const { state, reason } = savedState({ waiting: outbox.waiting.length, held: !!outbox.held, trouble: outbox.trouble || draft.trouble, saving: draft.saving, unsynced: !!any?.unsynced })
  return html`<footer class="label-foot">
    <kite-save-state class="grow" .state=${flow.current || flow.done || state !== 'saved' ? state : ''} .reason=${reason} opens @kite-waiting=${() => void page.openWaiting()}></kite-save-state>
    ${page.idle.paused && any ? html`<span class="label-idle small" role="status">${t('Paused, your time does not count; move to go on.')}</span>` : nothing}
    ${sentLine(earlier.held, () => void page.takeLast())}
    ${engine.up || flow.state !== 'work' ? nothing : html`<span class="muted small" role="status">${t('Python is loading; you can already work.')}</span>`}
    ${session ? buttons(page, session) : many.grid ? many.grid.actions() : nothing}
  </footer>`
}

/** @param {LabelPage} page @param {TaskSession} session */
function buttons(page, session) {
  const { work, flow, ending, repeat, advance } = page
  const asks = soleQuestion(/** @type {any} */ (session.envelope.display.plan ?? session.plan))
  return actions(session, { busy: flow.busy, skip: ending.mayskip && work.project.skip, back: flow.done > 0 }, {
    cancel: () => void ending.cancelCorrection(), back: () => void page.back(), later: () => void ending.postpone(), submit: (skipped) => void ending.submit(skipped),
    same: repeat.has(false) && !session.begun && !advance.goes(session) ? () => page.same(false) : null, before: asks && !session.envelope.annotation ? advance.draw() : nothing,
  })
}

/** Why there is no task. @param {LabelPage} page */
function reason(page) {
  const { flow, outbox, more } = page
  const { state, done, failure, paused } = flow
  if (state === 'work' || state === 'lesson' || state === 'grid') return nothing
  return message(state, { done, kept: outbox.waiting.length, failure, paused, numbers: more?.numbers(false) }, {
    takeOver: () => void page.takeOver(), again: () => (state === 'away' ? flow.again() : flow.resume()), mine: () => void page.openMine(),
  })
}
