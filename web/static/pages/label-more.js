/**
 * What an annotator sees beside the task in hand: the feedback of the warm-up, comments of reviewers, messages of the owner, their own
 * numbers. Fetched after the first task is usable.
 */
import { html, nothing } from 'lit'
import { t, text, told } from '../app/texts.js'
import { ApiError, api } from '../app/api.js'
import { adopt } from '../elements/sheet.js'
import css from '../styles/label-more.css' with { type: 'text' }
import { said } from './answers-view.js'
import { titleOf } from './differences.js'
import './kite-comments.js'
import { ago, duration, exactly } from './words.js'

/**
 * @typedef {import('../app/task-session.js').TaskSession} TaskSession
 * @typedef {import('../app/task-session.js').Comment} Comment
 * @typedef {{value: number | null, n: number, reason?: string | null}} Figure
 * @typedef {{items: number, skipped: number, skip_rate: Figure, days: {items: number, mean_ms: Figure}[], time: {median_ms: number | null, mean_ms: number | null, n: number},
 *   with_others: Figure, warm_up: Figure & {not_scored: number, of: number}, messages: {text: string, from: string, at: string}[]}} Me
 * @typedef {{score: number | null, reason: string | null, remark: string, view: any}} Feedback
 * @typedef {{plan: any, display: any, view: any, content: TaskSession['content'], feedback: Feedback, place: string, close: () => void}} Lesson
 */

adopt(css)

/** The known answer over one's own: another colour, and dashes for those who cannot tell it. */
const RIGHT = { id: 'right', name: text('Right answer'), color: '#d55e00', dash: [8, 4] }
/** @type {never[]} */
const NOTHING = []

/** @param {number | null} share of one */
const percent = (share) => (share === null ? '–' : `${Math.round(share * 100)} %`)

export class LabelMore {
  /** @type {Me | null} */
  me = null
  /** The next answers may bring feedback, so they are waited for. */
  practicing = false
  /** How many lessons there have been, in words: "Practice 2 of 5". */
  #lessons = 0
  #key

  /** @param {{project: number, person: number, signal: AbortSignal, changed: () => void}} given */
  constructor({ project, person, signal, changed }) {
    this.project = project
    this.signal = signal
    this.changed = changed
    this.#key = `labelkite-messages-${project}-${person}`
  }

  /** Asks for numbers and messages. What fails is asked again with the next call; nothing depends on it. */
  async load() {
    try {
      this.me = /** @type {Me} */ (await api.get(`/api/projects/${this.project}/me`, { signal: this.signal }))
      const { n, not_scored: other, of } = this.me.warm_up
      this.#lessons = n + other
      this.practicing = this.#lessons < of
    } catch (error) {
      if (!(error instanceof ApiError) && !this.signal.aborted) throw error
    }
    this.changed()
  }

  // ---- the warm-up ----

  /** What the page shows after an answer of the warm-up. @param {TaskSession} session as it was submitted @param {Feedback} feedback @returns {Lesson} */
  lesson(session, feedback) {
    const of = this.me?.warm_up.of ?? 0
    this.#lessons += 1
    if (this.#lessons >= of) this.practicing = false
    const { plan, content, envelope: { display }, view } = session
    const place = of ? t('Practice {place} of {total}', { place: Math.min(this.#lessons, of), total: of }) : t('Practice')
    return { plan, display, content, feedback, place, view: { ...view, selection: [], undo: false, redo: false }, close: () => void session.close().catch(() => {}) }
  }

  /** @param {Lesson} lesson @param {() => void} next */
  drawLesson({ plan, display, view, content, feedback, place }, next) {
    const layers = [{ ...RIGHT, name: t(RIGHT.name), view: feedback.view }]
    const controls = /** @type {{name: string, per_region?: boolean}[]} */ (plan.controls)
    const rows = controls.map((control) => ({ title: titleOf(display, control.name), mine: said(view, control), right: said(feedback.view, control) }))
      .filter(({ mine, right }) => mine || right)
    const { score } = feedback
    const verdict = score === null ? t('No score: {why}.', { why: told(feedback.reason ?? undefined) || t('it could not be compared') })
      : score >= 0.995 ? t('All right.') : score >= 0.7 ? t('Mostly right.') : score > 0 ? t('Partly right.') : t('Not right yet.')
    return html`<div class="lesson">
      <div class="lesson-data"><kite-surface .plan=${plan} .display=${display} .view=${view} .layers=${layers} .pending=${NOTHING} .problems=${NOTHING} .readonly=${true} .panel=${false} .content=${content}></kite-surface></div>
      <section class="lesson-side" aria-label=${t('How right your answer was')}>
        <p class="muted">${place}</p>
        <p class="lesson-score" role="status"><span class="number">${percent(score)}</span> ${verdict}</p>
        ${feedback.remark ? html`<blockquote class="lesson-remark">${feedback.remark}</blockquote>` : nothing}
        ${Object.keys(feedback.view.regions ?? {}).length ? html`<p class="row small"><svg viewBox="0 0 28 12" width="28" height="12" aria-hidden="true"><line x1="1" y1="6" x2="27" y2="6" stroke=${RIGHT.color} stroke-width="3" stroke-dasharray="8 4"></line></svg>
          ${t('The right answer, over yours')}</p>` : nothing}
        ${rows.length ? html`<table class="table lesson-table"><thead><tr><th>${t('Question')}</th><th>${t('You')}</th><th>${t('Right')}</th></tr></thead>
          <tbody>${rows.map(({ title, mine, right }) => html`<tr><th scope="row">${title}</th><td class=${mine === right ? '' : 'is-other'}>${mine || t('nothing')}</td><td>${right || t('nothing')}</td></tr>`)}</tbody></table>` : nothing}
        <button type="button" class="button button-primary lesson-next" @click=${next}>${t('Next task')} <span class="kbd">↵</span></button>
      </section></div>`
  }

  // ---- strips above the task ----

  get #unread() {
    const read = localStorage.getItem(this.#key) ?? ''
    return (this.me?.messages ?? []).filter((one) => one.at > read).reverse()
  }

  #read() {
    localStorage.setItem(this.#key, this.me?.messages[0]?.at ?? '')
    this.changed()
  }

  /** Messages that are new, and what a reviewer wants of this task. @param {TaskSession | null} session @param {(region: string) => void} show @param {boolean} listed the messages stand on the page anyway */
  strips(session, show, listed) {
    const unread = listed ? NOTHING : this.#unread
    const open = (session?.envelope.sent_back && session.envelope.comments || NOTHING).filter((one) => !one.resolved)
    return html`${unread.length ? html`<div class="strip strip-info" role="status" aria-label=${t('Messages')}>
        <kite-icon name="comment"></kite-icon>
        <div class="grow">${unread.map((one) => html`<p><strong>${one.from}:</strong> ${one.text}</p>`)}</div>
        <button type="button" class="button button-small" @click=${() => this.#read()}>${t('I have read it')}</button></div>` : nothing}
      ${session?.envelope.sent_back ? html`<div class="strip strip-attention" role="status" aria-label=${t('Sent back')}>
        <kite-icon name="back"></kite-icon>
        <div class="grow"><p class="strong">${t('A reviewer has sent this back to you.')}</p>
          ${open.map((one) => this.#comment(one, session, show))}
          <p class="muted small">${t('Correct it and send it, or say that it stays as it is.')}</p></div></div>` : nothing}`
  }

  /** @param {Comment} comment @param {TaskSession} session @param {(region: string) => void} show */
  #comment({ region, text, person }, session, show) {
    const name = region ? regionName(session, region) : ''
    return html`<p>${region && name ? html`<button type="button" class="button button-small strip-region" title=${t('Show it')} @click=${() => show(region)}>${name}</button>` : nothing}
      <strong>${person.name}:</strong> <span class="strip-text">${text}</span></p>`
  }

  // ---- comments ----

  /** @param {TaskSession} session @param {{show: (region: string) => void, close: () => void}} acts */
  comments(session, { show, close }) {
    const { annotation } = session.envelope
    const [region = null] = session.view.selection
    return html`<aside class="label-comments"><kite-comments closes .task=${session.task} .annotation=${annotation?.id ?? null} .region=${region}
      .nameOf=${(/** @type {number | null} */ _, /** @type {string} */ id) => regionName(session, id)} @close=${close}
      @kite-comment-show=${(/** @type {CustomEvent} */ event) => show(event.detail.region)}></kite-comments></aside>`
  }

  // ---- one's own numbers ----

  /** In the list of one's own work, and where there is nothing left to do. */
  numbers(heading = true) {
    const { me } = this
    if (!me) return nothing
    const typical = me.time.median_ms ?? mean(me.days)
    const facts = [
      { name: t('Answers'), value: String(me.items) },
      { name: t('Skipped'), value: `${me.skipped}${me.skipped ? ` (${percent(me.skip_rate.value)})` : ''}` },
      { name: me.time.median_ms === null ? t('Time per task, mean') : t('Time per task, median'), value: typical === null ? t('not known yet') : duration(typical / 1000) },
      ...(me.with_others.value === null ? [] : [{ name: t('Agreement with others'), value: percent(me.with_others.value) }]),
    ]
    return html`<section class="own-numbers" aria-label=${t('Your numbers')}>
      ${heading ? html`<h3>${t('Your numbers')}</h3>` : nothing}
      <dl>${facts.map(({ name, value }) => html`<div><dt class="muted small">${name}</dt><dd class="number">${value}</dd></div>`)}</dl>
      ${me.messages.length ? html`<h3>${t('{n} messages for you', { n: me.messages.length })}</h3>
        <ul class="own-messages">${me.messages.map((one) => html`<li><strong>${one.from}</strong> <span class="muted small" title=${exactly(one.at)}>${ago(one.at)}</span><p>${one.text}</p></li>`)}</ul>` : nothing}
    </section>`
  }
}

/** Mean time of all days, by how many answers each has. @param {Me['days']} days */
function mean(days) {
  const timed = days.filter((day) => day.mean_ms.value !== null)
  const n = timed.reduce((sum, day) => sum + day.mean_ms.n, 0)
  return n ? timed.reduce((sum, day) => sum + (day.mean_ms.value ?? 0) * day.mean_ms.n, 0) / n : null
}

/** "Car 3"; empty for a region that is not there. @param {TaskSession} session @param {string} id */
function regionName({ view }, id) {
  const region = view.regions[id]
  return region ? `${region.labels.join(', ') || t('Region')} ${region.n}` : ''
}
