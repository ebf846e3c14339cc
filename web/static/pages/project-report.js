/** A project's report: how far it is and when it ends, how well people agree on what, who does how and errs on what, what it takes, and which labels there are. */
import { html, nothing } from 'lit'
import { ApiError, api } from '../app/api.js'
import { icon } from './icons.js'
import { cell, none, percent, tile, time, whole } from './numbers.js'
import { attempt, failure, waiting } from './page.js'
import { agreementCell } from './progress.js'
import { ProjectTab, may, openTab } from './project-frame.js'
import { newestReport } from './report-data.js'
import { figure } from './report-figure.js'
import { reportFile, save } from './report-file.js'
import { money } from './report-table.js'
import { ago, counted, date, exactly, fileName, number } from './words.js'

/** @typedef {import('./report-data.js').Report} Report */
/** @typedef {import('./report-data.js').Control} Control */

const SOON_MS = 700
/** Its parts: id of the heading and what it is called. @type {[string, string][]} */
const PARTS = [['rep-pace', 'Progress'], ['rep-agree', 'Agreement'], ['rep-people', 'People'], ['rep-cost', 'Time and cost'], ['rep-classes', 'Class balance']]

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
    const { value, error } = await attempt(() => newestReport(this.path, this.signal, { now, tables: true }))
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
      ${this.#answer ? html`<div class="row row-between" data-not-in-file>
        <p class="muted" role="status">${made_at ? html`Made <span title=${exactly(made_at)}>${ago(made_at)}</span>. ` : nothing}${job ? this.#making() : nothing}</p>
        ${report?.people.length ? html`<p class="row"><a class="button button-small" href="${this.path}/report?table=all" download>${icon('download')}All tables as CSV</a>
          <button type="button" class="button button-small" @click=${this.#keep}>${icon('download')}Report as one page</button></p>` : nothing}
      </div>` : this.#error ? nothing : waiting('Loading the report …')}
      ${report ? this.#report(report) : nothing}
    </div>`
  }

  #making() {
    const { done = 0 } = this.#job?.progress ?? {}
    return done === 0 ? 'A new report is being made …' : html`A new report is being made: <span class="number">${number(done)}</span> ${done === 1 ? 'task' : 'tasks'} read anew.`
  }

  /** The report as a file. */
  #keep() {
    const title = this.shown?.title || `Project ${this.project}`
    const report = /** @type {HTMLElement} */ (this.querySelector('.pj-report'))
    save(reportFile(report, { title: `Report: ${title}`, made: `Made ${exactly(this.#answer?.made_at ?? '')}` }), `${fileName(title)}-report.html`)
  }

  /** @param {Report} report */
  #report(report) {
    if (!report.people.length) return html`<div class="card empty"><h2>Nothing to report yet</h2>
      <p>As soon as people answer, this page shows the pace, how well they agree on each question, who errs on what, and what it takes.</p>
      ${report.progress.total ? html`<a class="button" href="/projects/${this.project}/people">Invite people</a>`
        : html`<a class="button button-primary" href="/projects/${this.project}/data">${icon('plus')}Add data</a>`}</div>`
    return html`
      <nav class="row rp-parts" aria-label="Parts of the report" data-not-in-file>${PARTS.map(([id, text]) => html`<a href="#${id}" @click=${(/** @type {Event} */ event) => this.#jump(event, id)}>${text}</a>`)}</nav>
      ${this.#pace(report)}${this.#agreement(report.agreement)}${this.#people(report)}${this.#cost()}${this.#balance()}`
  }

  /** To a part of the page, which takes the focus: the router would read the address as another page. @param {Event} event @param {string} id */
  #jump(event, id) {
    event.preventDefault()
    const part = /** @type {HTMLElement | null} */ (this.querySelector(`#${id}`))
    part?.focus({ preventScroll: true })
    part?.scrollIntoView()
  }

  /**
   * One of the report's tables, as a chart where there is one.
   * @param {string} id @param {Partial<Parameters<typeof figure>[1]>} [how]
   */
  #figure(id, how = {}) {
    const table = this.#answer?.tables?.find((one) => one.id === id)
    return table ? figure(table, { path: this.path, currency: this.#answer?.cost?.currency ?? '', ...how }) : nothing
  }

  /** Names of the questions that a table has rows of. @param {string} id */
  #questions(id) {
    const table = this.#answer?.tables?.find((one) => one.id === id)
    return [...new Set(table?.rows.map(([control]) => String(control)))]
  }

  /** @param {Report} report */
  #pace({ forecast, progress, made_at }) {
    const pace = forecast.pace_per_day
    const range = forecast.late ? `${date(forecast.early)} to ${date(forecast.late)}` : forecast.early ? `${date(forecast.early)} at the earliest; the pace varies too much to say how late` : ''
    return html`<section class="stack" aria-labelledby="rep-pace"><h2 id="rep-pace" tabindex="-1">Progress</h2>
      <div class="pj-tiles">
        ${tile('Answers still wanted', number(forecast.missing), `for ${counted(progress.total, 'task')}`)}
        ${tile('Answers a day', pace.value === null ? '–' : pace.value.toFixed(pace.value < 10 ? 1 : 0), pace.value === null ? pace.reason : `mean of the last ${counted(forecast.over_days, 'whole day')}`)}
        ${tile('Done about', forecast.missing === 0 ? 'now' : forecast.date ? date(forecast.date) : '–',
          forecast.missing === 0 ? 'every task has its answers' : forecast.date ? range : forecast.reason)}
        ${tile('Known answers', number(progress.gold), progress.gold ? 'tasks whose answer is known' : 'see Settings, Quality')}
      </div>
      <div class="rp-figures">
        ${this.#figure('progress', { chart: 'burnUp', title: 'Answers so far, and when all are there', wide: true, newestFirst: true, options: { forecast, today: made_at.slice(0, 10) }, how: [this.#how('progress'), this.#how('forecast')].join(' '),
          note: forecast.missing && forecast.date ? `Dashed: at the pace of the last ${counted(forecast.over_days, 'whole day')}. The band: ${range}, four times out of five if days go on as they were.` : forecast.missing ? `No forecast: ${forecast.reason}.` : undefined })}
        ${this.#figure('progress', { chart: 'days', title: 'Answers a day', newestFirst: true, note: 'Filled: answers. Outlined on top: skipped.' })}
        ${this.#figure('states', { chart: 'states' })}
      </div>
    </section>`
  }

  /** @param {Control[]} controls */
  #agreement(controls) {
    return html`<section class="stack" aria-labelledby="rep-agree"><div><h2 id="rep-agree" tabindex="-1">Agreement</h2>
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
      <p class="small muted">${this.#how('agreement')} <a data-not-in-file href="${this.path}/report?table=agreement" download aria-label="Agreement on each question: CSV">CSV</a></p>
      <div class="rp-figures">${this.#questions('labels').map((value) => html`
        ${this.#figure('labels', { chart: 'labels', only: { control: value }, title: `${value}: agreement on each label` })}
        ${this.#figure('confusion', { chart: 'confusion', only: { control: value, person: null }, title: `${value}: what two people say about the same thing`, note: 'The stronger a cell’s colour, the larger its part of its row.' })}`)}
        ${this.#questions('labels').length ? nothing : this.#figure('labels', { chart: 'labels' })}
      </div>
    </section>`
  }

  /** @param {string} id */
  #how(id) {
    return this.#answer?.tables?.find((one) => one.id === id)?.how
  }

  /** @param {Report} report */
  #people({ people }) {
    const errs = people.flatMap((person) => person.errs.map((says) => ({ id: person.id, says })))
    const link = this.shown && may(this.shown, 'manage')
    const weekly = this.#answer?.tables?.find(({ id }) => id === 'people-over-time')?.columns[2].label === 'Week'
    return html`<section class="stack" aria-labelledby="rep-people"><h2 id="rep-people" tabindex="-1">People</h2>
      ${errs.length ? html`<div class="card stack stack-tight"><h3>Who errs on what</h3>
        <ul class="pj-errs">${errs.map(({ id, says }) => html`<li>${says} ${link ? html`<a data-not-in-file href="/projects/${this.project}/people/${id}">Look</a>` : nothing}</li>`)}</ul></div>`
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
      <p class="muted small">Numbers without a unit go from 0 to 1. Point at one to see how many answers it rests on, at a dash to see why there is none.
        <a data-not-in-file href="${this.path}/report?table=people" download aria-label="people as CSV">CSV</a></p>
      <div class="rp-figures">
        ${this.#figure('pairs', { chart: 'pairs', note: 'The stronger the colour, the more alike: from the lowest to the highest here.' })}
        ${this.#figure('people-over-time', { chart: 'answersOverTime', title: `Answers of each person by ${weekly ? 'week' : 'day'}`, options: { weekly } })}
        ${this.#figure('people-over-time', { chart: 'agreementOverTime', title: 'Like the consensus, over time', note: 'A line that falls: somebody tires, or the tasks have become harder for everybody.' })}
      </div>
    </section>`
  }

  #cost() {
    const { cost } = this.#answer ?? {}
    if (!cost) return nothing
    const manages = this.shown && may(this.shown, 'manage')
    const amount = (/** @type {number | null} */ value) => (value === null ? '–' : money(value, cost.currency))
    const why = cost.hours === null ? 'no times were sent' : !manages ? 'for managers and owners' : cost.hourly_rate ? '' : html`<a data-not-in-file href="/projects/${this.project}/settings?part=cost">Say what an hour costs</a>`
    return html`<section class="stack" aria-labelledby="rep-cost"><h2 id="rep-cost" tabindex="-1">Time and cost</h2>
      <div class="pj-tiles">
        ${tile('Hours so far', cost.hours === null ? '–' : `${cost.hours.toFixed(cost.hours < 10 ? 1 : 0)} h`, 'of all people together')}
        ${tile('Cost so far', amount(cost.cost), why || html`at ${money(cost.hourly_rate, cost.currency)} an hour · <a data-not-in-file href="/projects/${this.project}/settings?part=cost">Change</a>`)}
        ${tile('For one finished task', amount(cost.per_finished), why || `${number(cost.finished)} agreed or verified; one answer ${amount(cost.per_answer)}`)}
        ${tile('Still to come', amount(cost.left), why || 'the answers that are missing, at the same mean')}
      </div>
      <div class="rp-figures">
        ${this.#figure('times', { chart: 'times' })}
        ${this.#figure('speed', { chart: 'speed', note: 'The thick line is the median; half of the answers lie in the bar.' })}
        ${this.#figure('cost', { wide: true })}
      </div>
    </section>`
  }

  #balance() {
    const questions = this.#questions('classes')
    return html`<section class="stack" aria-labelledby="rep-classes"><h2 id="rep-classes" tabindex="-1">Class balance</h2>
      <div class="rp-figures">
        ${questions.map((value) => this.#figure('classes', { chart: 'classes', only: { control: value }, title: value, note: 'Bars: what tasks come to. Marks across: what people said.' }))}
        ${questions.length ? nothing : this.#figure('classes', { chart: 'classes' })}
      </div>
    </section>`
  }
}

customElements.define('kite-project-report', ReportTab)

/** @param {HTMLElement} root @param {Record<string, string>} params @param {AbortSignal} signal */
export async function open(root, params, signal) {
  openTab(root, new ReportTab(), params, signal)
}
