/** A project's report: how far it is and when it ends, how well people agree on what, who does how, who errs on what. */
import { html, nothing } from 'lit'
import { ApiError, api } from '../app/api.js'
import { cell, confusion, dayBars, none, percent, tile, time, whole } from './numbers.js'
import { attempt, failure, waiting } from './page.js'
import { agreementCell } from './progress.js'
import { ProjectTab, may, openTab } from './project-frame.js'
import { newestReport } from './report-data.js'
import { ago, counted, date, exactly, number } from './words.js'

/** @typedef {import('./report-data.js').Report} Report */
/** @typedef {import('./report-data.js').Control} Control */

const SOON_MS = 700

class ReportTab extends ProjectTab {
  /** @type {import('./project-frame.js').Tab} */ tab = 'report'
  /** @type {import('./report-data.js').Answer | null} */ #answer = null
  /** @type {import('./report-data.js').Job | null} of the report that is being made */ #job = null
  /** @type {unknown} */ #error = null
  #soon = 0

  connectedCallback() {
    super.connectedCallback()
    this.signal.addEventListener('abort', () => clearTimeout(this.#soon))
  }

  /** @param {boolean} [now] ask also when the report shown is a moment old */
  async refreshBody(now = !!this.#answer?.job) {
    clearTimeout(this.#soon)
    const { value, error } = await attempt(() => newestReport(this.path, this.signal, { now }))
    if (!this.isConnected) return
    this.#error = error ?? null
    if (value) this.#answer = value
    this.#job = value?.job ? ((await attempt(() => api.get(`/api/jobs/${value.job}`, { signal: this.signal }))).value ?? null) : null
    if (!this.isConnected) return
    this.requestUpdate()
    // Half a second of work for most projects: whoever waits for it is not left waiting for the next refresh.
    if (value?.job && this.#job?.state !== 'failed') this.#soon = window.setTimeout(() => void this.refreshBody(true), SOON_MS)
  }

  body() {
    const { report, made_at, job } = this.#answer ?? {}
    return html`<div class="stack stack-loose ow-section pj-report">
      ${this.#error ? failure(this.#error, { what: 'The report could not be loaded.', again: () => void this.refreshBody(true) }) : nothing}
      ${this.#job?.state === 'failed' ? failure(new ApiError(500, this.#job.problems), { what: 'The report could not be made.', again: () => void this.refreshBody(true) }) : nothing}
      ${this.#answer ? html`<div class="row row-between">
        <p class="muted" role="status">${made_at ? html`Made <span title=${exactly(made_at)}>${ago(made_at)}</span>. ` : nothing}${job ? this.#making() : nothing}</p>
        ${report ? html`<p class="row">Download <a href="${this.path}/report?table=people" download>people as CSV</a> <a href="${this.path}/report?table=confusion" download>confusion as CSV</a></p>` : nothing}
      </div>` : this.#error ? nothing : waiting('Loading the report …')}
      ${report ? this.#report(report) : nothing}
    </div>`
  }

  #making() {
    const { done = 0, total = null } = this.#job?.progress ?? {}
    return html`A new report is being made: ${total ? html`<span class="number">${number(done)}</span> of ${counted(total, 'task')}` : html`<span class="number">${number(done)}</span> tasks`} read.`
  }

  /** @param {Report} report */
  #report(report) {
    if (!report.people.length) return html`<div class="card empty"><h2>Nothing to report yet</h2>
      <p>As soon as people answer, this page shows the pace, how well they agree on each question, and who errs on what.</p>
      <a class="button" href="/projects/${this.project}/people">Invite people</a></div>`
    return html`${this.#pace(report)}${this.#agreement(report.agreement)}${this.#people(report)}`
  }

  /** @param {Report} report */
  #pace({ forecast, throughput, progress }) {
    const pace = forecast.pace_per_day
    return html`<section class="stack" aria-labelledby="rep-pace"><h2 id="rep-pace">Progress</h2>
      <div class="pj-tiles">
        ${tile('Answers still wanted', number(forecast.missing), `for ${counted(progress.total, 'task')}`)}
        ${tile('Answers a day', pace.value === null ? '–' : pace.value.toFixed(pace.value < 10 ? 1 : 0), pace.value === null ? pace.reason : forecast.over_days === 1 ? 'today' : `mean of the last ${counted(forecast.over_days, 'day')}`)}
        ${tile('Done about', forecast.missing === 0 ? 'now' : forecast.date ? date(forecast.date) : '–',
          forecast.missing === 0 ? 'every task has its answers' : forecast.days !== null && forecast.date ? `in ${counted(Math.ceil(forecast.days), 'day')} at this pace` : forecast.reason)}
        ${tile('Known answers', number(progress.gold), progress.gold ? 'tasks whose answer is known' : 'see Settings, Quality')}
      </div>
      ${throughput.length ? html`<figure class="card stack stack-tight"><figcaption class="small muted">Answers a day</figcaption>
        ${dayBars(throughput, { name: 'Answers', value: ({ items }) => items })}
        <details><summary>As a table</summary><div class="table-wrap pj-fit"><table class="table">
          <thead><tr><th>Day</th><th class="table-number">Answers</th><th class="table-number">Skipped</th><th class="table-number">People</th></tr></thead>
          <tbody>${throughput.slice().reverse().map((day) => html`<tr><th scope="row">${day.day}</th><td class="table-number">${number(day.items)}</td><td class="table-number">${number(day.skipped)}</td><td class="table-number">${number(day.people)}</td></tr>`)}</tbody>
        </table></div></details></figure>` : nothing}
    </section>`
  }

  /** @param {Control[]} controls */
  #agreement(controls) {
    return html`<section class="stack" aria-labelledby="rep-agree"><div><h2 id="rep-agree">Agreement</h2>
        <p class="muted">How much people agree on each question. 1: always the same; for Cohen, Fleiss and Krippendorff 0 is what chance alone would give.</p></div>
      <div class="table-wrap"><table class="table pj-agreement">
        <thead><tr><th>Question</th><th>Agreement</th><th>Same label</th><th>Cohen’s kappa</th><th>Fleiss’ kappa</th><th>Krippendorff’s alpha</th></tr></thead>
        <tbody>${controls.map((control) => {
          const by = control.coefficients
          return html`<tr><th scope="row">${control.control}<div class="small muted pj-light">${control.type}</div></th>
            <td>${control.agreement.value === null ? whole(control.agreement, { one: 'task' }) : html`<span class="pj-line">${agreementCell(control.agreement.value)} <span class="muted small">${counted(control.agreement.n, 'task')}</span></span>`}</td>
            ${by ? html`<td>${whole(by.percent, { one: 'item', format: percent })}</td><td>${whole(by.cohen, { one: 'item' })}</td><td>${whole(by.fleiss, { one: 'item' })}</td>
              <td>${whole(by.krippendorff, { one: 'item' })} ${by.krippendorff.value === null ? nothing : html`<span class="muted small">${by.krippendorff.level}</span>`}</td>`
              : html`<td colspan="4" class="pj-none">not known: ${control.reason}</td>`}</tr>`
        })}</tbody>
      </table></div>
      ${controls.filter(({ confusion: pairs }) => pairs.length).map((control) => labels(control))}
    </section>`
  }

  /** @param {Report} report */
  #people({ people }) {
    const errs = people.flatMap((person) => person.errs.map((says) => ({ id: person.id, says })))
    const link = this.shown && may(this.shown, 'manage')
    return html`<section class="stack" aria-labelledby="rep-people"><h2 id="rep-people">People</h2>
      ${errs.length ? html`<div class="card stack stack-tight"><h3>Who errs on what</h3>
        <ul class="pj-errs">${errs.map(({ id, says }) => html`<li>${says} ${link ? html`<a href="/projects/${this.project}/people/${id}">Look</a>` : nothing}</li>`)}</ul></div>`
        : html`<p class="muted">Nobody mixes up two labels often enough to be named: that takes five errors, and a tenth of the answers.</p>`}
      <div class="table-wrap"><table class="table">
        <thead><tr><th>Name</th><th class="table-number">Answers</th><th class="table-number">Skipped</th><th class="table-number">Time for one</th><th class="table-number">Like the others</th>
          <th class="table-number">Like the consensus</th><th class="table-number">Known answers</th><th class="table-number">Attention</th><th class="table-number">Like themselves</th></tr></thead>
        <tbody>${people.map((person) => html`<tr>
          <th scope="row">${link ? html`<a href="/projects/${this.project}/people/${person.id}">${person.name}</a>` : person.name}${person.paused ? html` <span class="badge badge-attention">Paused</span>` : nothing}</th>
          <td class="table-number">${number(person.items)}</td><td class="table-number">${cell(person.skip_rate, percent)}</td>
          <td class="table-number">${person.time.median_ms === null ? none(person.time.reason ?? '') : html`<span title="median of ${number(person.time.n)}">${time(person.time.median_ms)}</span>`}</td>
          ${[person.with_others, person.with_consensus, person.gold, person.attention, person.themselves].map((figure) => html`<td class="table-number">${cell(figure)}</td>`)}</tr>`)}</tbody>
      </table></div>
      <p class="muted small">Numbers without a unit go from 0 to 1. Point at one to see how many answers it rests on, at a dash to see why there is none.</p>
    </section>`
  }
}

/** What people say about the same thing, label against label. @param {Control} control */
function labels({ control, labels: rows, confusion: pairs }) {
  // A pair of two people has no order: each is counted on both sides, so that the table reads the same from either.
  const both = pairs.flatMap(({ a, b, n }) => (a === b ? [{ right: a, said: b, n }] : [{ right: a, said: b, n }, { right: b, said: a, n }]))
  return html`<section class="card pj-labels" aria-label="Labels of ${control}">
    <div class="stack stack-tight"><h3>${control}: when one person says …</h3>
      <div class="table-wrap pj-fit"><table class="table"><thead><tr><th>Label</th><th>another says it too</th></tr></thead>
        <tbody>${rows.map((row) => html`<tr><th scope="row">${row.label}</th><td>${whole(row, { one: 'pair', format: percent })}</td></tr>`)}</tbody></table></div></div>
    <div class="stack stack-tight"><h3>What two people say about the same thing</h3>
      ${confusion(both, { down: 'one person', across: 'the other' })}</div>
  </section>`
}

customElements.define('kite-project-report', ReportTab)

/** @param {HTMLElement} root @param {Record<string, string>} params @param {AbortSignal} signal */
export async function open(root, params, signal) {
  openTab(root, new ReportTab(), params, signal)
}
