/** One person of a project, for those who manage it: their numbers, what they mix up, what was said to them, and what can be done. */
import { html, nothing } from 'lit'
import { api } from '../app/api.js'
import { navigate } from '../app/router.js'
import { ask, peopleChecks } from './ask.js'
import { icon } from './icons.js'
import { ROLES, ROLE_MEANS, confusion, dayBars, figureTile, percent, tile, time, whole } from './numbers.js'
import { arrive, attempt, failure, waiting } from './page.js'
import { ProjectTab, may, openTab } from './project-frame.js'
import { ago, counted, exactly, number } from './words.js'

/** @typedef {import('./numbers.js').Figure} Figure */
/** @typedef {{id: number, name: string, role: string, groups: string[], email?: string | null}} Member */
/** @typedef {{day: string, items: number, skipped: number, mean_ms: Figure, gold: Figure}} Day */
/**
 * @typedef {{id: number, name: string, days: Day[], messages: {text: string, from: string, at: string}[], report: import('./report-data.js').PersonRow | null,
 *   report_made_at: string | null, job: number | null, standing: {paused: {at: string, why: string, by?: {name: string}, score?: number, n?: number} | null,
 *   discarded: 'discard' | 'requeue' | null, job: number | null, gold: Figure, attention: Figure, warm_up: Figure, themselves: Figure},
 *   load: {in_hand: number, assigned: number, more: boolean}, pace: {today: number, week: number, week_before: number, mean_ms: Figure}}} Standing
 */

class PersonTab extends ProjectTab {
  /** @type {import('./project-frame.js').Tab} */ tab = 'people'
  person = ''
  /** @type {Standing | null} */ #shown = null
  /** @type {Member[]} */ #people = []
  /** @type {unknown} */ #error = null
  /** @type {unknown} what went wrong with the last change */ #changeError = null
  /** what the last change did */ #said = ''
  #busy = false
  #text = ''
  /** @type {{role: string, groups: string} | null} typed and not saved */ #draft = null

  get #api() {
    return `${this.path}/people/${encodeURIComponent(this.person)}`
  }

  async refreshBody() {
    const [one, people] = await Promise.all([
      attempt(() => api.get(this.#api, { signal: this.signal })),
      attempt(() => api.get(`${this.path}/people`, { signal: this.signal })),
    ])
    if (!this.isConnected) return
    this.#error = one.error ?? null
    if (people.value) this.#people = people.value.people
    const first = one.value && !this.#shown
    if (one.value) this.#shown = one.value
    this.requestUpdate()
    await this.updateComplete
    if (first && this.shown && this.#shown) arrive(this, `${this.#shown.name} · ${this.shown.title}`)
  }

  /** Do it, and say so. @param {() => Promise<unknown>} work @param {string} said */
  async #do(work, said) {
    if (this.#busy) return
    this.#busy = true
    this.#said = ''
    this.requestUpdate()
    const { error } = await attempt(work)
    this.#busy = false
    this.#changeError = error ?? null
    if (!error) await this.#did(said)
    this.requestUpdate()
    return !error
  }

  /** @param {string} said */
  async #did(said) {
    this.#said = said
    this.#changeError = null
    await this.refreshBody()
  }

  body() {
    const one = this.#shown
    return html`<div class="stack stack-loose ow-section pj-person">
      <p><a href="/projects/${this.project}/people">All people</a></p>
      ${this.#error ? failure(this.#error, { what: 'This person could not be loaded.', again: () => void this.refreshBody() }) : nothing}
      ${one ? this.#page(one) : this.#error ? nothing : waiting('Loading the person …')}
    </div>`
  }

  /** @param {Standing} one */
  #page(one) {
    const { standing, report } = one
    const member = this.#people.find(({ id }) => id === one.id)
    return html`
      <div class="row row-between">
        <div><h2>${one.name}</h2><p class="muted">${ROLES[member?.role ?? 'removed']}${member?.groups.length ? ` · ${member.groups.join(', ')}` : ''}${member?.email ? ` · ${member.email}` : ''}</p></div>
        ${this.#actions(one, member)}
      </div>
      <p class="pj-said" role="status">${this.#said ? html`<span class="ow-good">${icon('check')}${this.#said}</span>` : nothing}</p>
      ${this.#changeError ? failure(this.#changeError, { what: 'This was not done.' }) : nothing}
      ${standing.paused ? html`<div class="notice notice-attention">${icon('problem')}<p><span class="strong">Paused ${ago(standing.paused.at)}.</span>
        ${standing.paused.why === 'score' ? html`Their mean on ${counted(standing.paused.n ?? 0, 'known answer')} was ${standing.paused.score?.toFixed(2)}.` : standing.paused.by ? html`By ${standing.paused.by.name}.` : nothing}
        They get no new tasks until you press “Resume”.</p></div>` : nothing}
      ${standing.discarded ? html`<div class="notice notice-problem">${icon('problem')}<p><span class="strong">Their work does not count.</span>
        ${standing.discarded === 'requeue' ? 'Others get their tasks.' : 'Nobody else is asked for their tasks.'}${standing.job ? ' This is being carried to the tasks.' : ''} Nothing is deleted.</p></div>` : nothing}
      ${report?.errs.length ? html`<div class="card stack stack-tight"><h3>What they err on</h3><ul class="pj-errs">${report.errs.map((says) => html`<li>${says}</li>`)}</ul></div>` : nothing}
      ${this.#numbers(one)}${this.#trend(one.days)}${this.#labels(one)}
      <div class="pj-two">${this.#messages(one)}${this.#place(member)}</div>`
  }

  /** @param {Standing} one @param {Member} [member] */
  #actions(one, member) {
    const { paused, discarded } = one.standing
    const button = (/** @type {string} */ text, /** @type {() => void} */ act, danger = false) => html`<button type="button" class="button ${danger ? 'button-danger' : ''}" ?disabled=${this.#busy} @click=${act}>${text}</button>`
    return html`<div class="row" role="group" aria-label="What can be done">
      ${paused ? button('Resume', () => void this.#do(() => api.post(`${this.#api}/resume`, {}), `${one.name} gets tasks again, and is judged by the known answers from now on.`))
        : button('Pause', () => void this.#do(() => api.post(`${this.#api}/pause`, {}), `${one.name} gets no new tasks. What they had in hand goes to others.`))}
      ${button('Hand over tasks …', () => void this.#handOver(one))}
      ${discarded ? button('Count their work again …', () => void this.#countAgain(one)) : button('Discard work …', () => void this.#discard(one), true)}
      ${member && member.role !== 'removed' && member.role !== 'owner' ? button('Remove …', () => void this.#remove(one), true) : nothing}
    </div>`
  }

  /** @param {Standing} one */
  async #discard({ name }) {
    const done = await ask({
      title: `Discard the work of ${name}?`, yes: 'Discard work', failed: 'Their work still counts.', danger: true, signal: this.signal,
      body: html`<p>Their answers stay stored, but count in no consensus, no agreement and no export of the consensus. You can take this back.</p>
        <fieldset class="field"><legend class="field-label">Their tasks</legend>
          <label class="check"><input type="radio" name="then" value="requeue" checked><span>go to other people</span></label>
          <label class="check"><input type="radio" name="then" value="discard"><span>are left with one answer less; nobody else is asked</span></label></fieldset>`,
      work: (said) => api.post(`${this.#api}/discard`, { requeue: said.get('then') === 'requeue' }),
    })
    if (done) await this.#did(`The work of ${name} does not count any more.`)
  }

  /** @param {Standing} one */
  async #countAgain({ name }) {
    const done = await ask({
      title: `Count the work of ${name} again?`, yes: 'Count it again', failed: 'Their work still does not count.', signal: this.signal,
      body: html`<p>Their answers are part of the consensus again. Answers that others have given instead meanwhile stay too.</p>`,
      work: () => api.post(`${this.#api}/discard`, { undo: true }),
    })
    if (done) await this.#did(`The work of ${name} counts again.`)
  }

  /** @param {Standing} one */
  async #handOver({ id, name }) {
    const others = this.#people.filter((person) => person.id !== id && ['owner', 'manager', 'reviewer', 'annotator'].includes(person.role))
    let released = 0
    const done = await ask({
      title: `Hand over what ${name} has`, yes: 'Hand over', failed: 'Nothing was handed over.', signal: this.signal,
      body: html`<p>What they have in hand, put off or were given by name goes to others. What they have submitted stays theirs.</p>
        ${others.length ? peopleChecks({ name: 'to', legend: 'To', people: others, hint: 'Nobody ticked: to whoever comes next.' }) : html`<p class="muted">It goes to whoever comes next.</p>`}`,
      work: async (said) => {
        released = (await api.post(`${this.#api}/reassign`, { to: said.getAll('to').map(Number) })).released
      },
    })
    if (done) await this.#did(`Handed over. In their hands: ${counted(released, 'task')}.`)
  }

  /** @param {Standing} one */
  async #remove({ name }) {
    const done = await ask({
      title: `Remove ${name} from the project?`, yes: 'Remove', failed: `${name} is still in the project.`, danger: true, signal: this.signal,
      body: html`<p>They cannot get in any more, not by the link they came by either. Their answers stay and count.</p>`,
      work: () => api.delete(this.#api),
    })
    if (done) navigate(`/projects/${this.project}/people`)
  }

  /** @param {Standing} one */
  #numbers({ id, standing, report, report_made_at, job, days, load, pace }) {
    const spent = report?.time
    const begun = days.length > 0 || !!report?.items || !!report?.skipped
    if (!begun) {
      return html`<section class="stack stack-tight" aria-labelledby="per-numbers"><h2 id="per-numbers">Numbers</h2>
        <p class="muted">They have not answered anything yet. ${before(load)} How much and how well they answer is shown here from their first answer on.</p></section>`
    }
    return html`<section class="stack stack-tight" aria-labelledby="per-numbers"><h2 id="per-numbers">Numbers</h2>
      <p>${counted(pace.today, 'answer')} today, ${number(pace.week)} in the last seven days, ${number(pace.week_before)} in the seven before. ${before(load)}
        <a href="/projects/${this.project}/explore?filter=${encodeURIComponent(JSON.stringify({ column: 'people', operator: 'equal', value: id }))}">Their answers</a></p>
      <div class="pj-tiles">
        ${report ? html`${tile('Answers', number(report.items), report.skip_rate.value === null ? report.skip_rate.reason : `${number(report.skipped)} skipped, ${percent(report.skip_rate.value)}`)}
          ${tile('Time for one', spent?.median_ms == null ? '–' : time(spent.median_ms), spent?.median_ms == null ? spent?.reason : `median of ${number(spent.n)}${spent.cut ? `, ${number(spent.cut)} with a break` : ''}`)}
          ${figureTile('Like the consensus', report.with_consensus, { one: 'answer' })}
          ${figureTile('Like the others', report.with_others, { one: 'comparison' })}` : nothing}
        ${given(standing.gold) ? figureTile('Known answers', standing.gold, { one: 'answer' }) : nothing}
        ${given(standing.attention) ? figureTile('Attention checks', standing.attention, { one: 'check' }) : nothing}
        ${given(standing.warm_up) ? figureTile('Warm-up', standing.warm_up, { one: 'task' }) : nothing}
        ${given(standing.themselves) ? figureTile('Like themselves', standing.themselves, { one: 'task they had twice', format: (value) => value.toFixed(2) }) : nothing}
      </div>
      <p class="muted small">Numbers without a unit go from 0 to 1. ${report_made_at ? html`Comparisons with others are of the report made ${ago(report_made_at)}${job ? '; a new one is being made' : ''}.` : job ? 'The first report is being made.' : nothing}</p>
      ${report?.with_each.length ? html`<details><summary>With each of the others</summary><div class="table-wrap pj-fit"><table class="table">
        <thead><tr><th>Person</th><th>Agreement</th></tr></thead>
        <tbody>${report.with_each.map((row) => html`<tr><th scope="row">${row.name}</th><td>${whole(row, { one: 'comparison' })}</td></tr>`)}</tbody></table></div></details>` : nothing}
    </section>`
  }

  /** @param {Day[]} days */
  #trend(days) {
    if (!days.length) return nothing
    return html`<section class="stack stack-tight" aria-labelledby="per-days"><h2 id="per-days">By day</h2>
      <figure class="card stack stack-tight"><figcaption class="small muted">Answers a day</figcaption>
        ${dayBars(days, { name: 'Answers', value: ({ items }) => items })}
        <details><summary>As a table</summary><div class="table-wrap pj-fit"><table class="table">
          <thead><tr><th>Day</th><th class="table-number">Answers</th><th class="table-number">Skipped</th><th class="table-number">Mean time</th><th class="table-number">Known answers</th></tr></thead>
          <tbody>${days.slice().reverse().map((day) => html`<tr><th scope="row">${day.day}</th><td class="table-number">${number(day.items)}</td><td class="table-number">${number(day.skipped)}</td>
            <td class="table-number">${whole(day.mean_ms, { one: 'answer', format: time })}</td><td class="table-number">${whole(day.gold, { one: 'answer' })}</td></tr>`)}</tbody>
        </table></div></details></figure>
    </section>`
  }

  /** @param {Standing} one */
  #labels({ report }) {
    const controls = report?.labels.filter(({ confusion: counts }) => counts.length) ?? []
    if (!controls.length) return nothing
    return html`<section class="stack stack-tight" aria-labelledby="per-labels"><h2 id="per-labels">Their answers beside the right ones</h2>
      <div class="pj-matrices">${controls.map(({ control, judged_by, right, confusion: counts, mixed_up, dawid_skene }) => html`<div class="card stack stack-tight"><h3>${control}</h3>
        <p>Right: ${whole(right, { one: 'answer', format: percent })}<span class="muted">, judged by ${judged_by}</span>${dawid_skene?.accuracy.value != null ? html`<span class="muted">; Dawid and Skene’s model: ${percent(dawid_skene.accuracy.value)}</span>` : nothing}</p>
        ${mixed_up.pair ? nothing : html`<p class="muted small">Nothing stands out: ${mixed_up.reason}.</p>`}
        ${confusion(counts, { down: 'what is right', across: 'what they said' })}</div>`)}</div>
    </section>`
  }

  /** @param {Standing} one */
  #messages({ name, messages }) {
    const send = async (/** @type {SubmitEvent} */ event) => {
      event.preventDefault()
      const text = this.#text.trim()
      if (text && (await this.#do(() => api.post(`${this.#api}/message`, { text }), 'Sent. They see it on their page.'))) this.#text = ''
      this.requestUpdate()
    }
    return html`<section class="card stack" aria-labelledby="per-words"><h3 id="per-words">Messages</h3>
      <form class="stack stack-tight" @submit=${send}>
        <div class="field"><label for="per-text">A word to ${name}</label><textarea id="per-text" class="input" rows="3" maxlength="2000" aria-describedby="per-text-hint" .value=${this.#text}
          @input=${(/** @type {Event} */ event) => {
            this.#text = /** @type {HTMLTextAreaElement} */ (event.target).value
            this.requestUpdate()
          }}></textarea><span id="per-text-hint" class="field-hint">Shown on their labeling page. Only they and those who manage the project see it.</span></div>
        <div><button type="submit" class="button" ?disabled=${!this.#text.trim() || this.#busy}>Send</button></div>
      </form>
      ${messages.length ? html`<ul class="pj-words">${messages.map(({ text, from, at }) => html`<li><p>${text}</p><p class="small muted">${from}, <span title=${exactly(at)}>${ago(at)}</span></p></li>`)}</ul>` : html`<p class="muted small">Nothing was said yet.</p>`}
    </section>`
  }

  /** @param {Member} [member] */
  #place(member) {
    const project = this.shown
    if (!member || !project || member.role === 'removed') return nothing
    const own = may(project, 'own')
    const fixed = member.role === 'owner' || (member.role === 'manager' && !own)
    const { role, groups } = this.#draft ?? { role: member.role, groups: member.groups.join(', ') }
    const changed = role !== member.role || groups !== member.groups.join(', ')
    const edit = (/** @type {{role?: string, groups?: string}} */ change) => {
      this.#draft = { role, groups, ...change }
      this.requestUpdate()
    }
    const save = async (/** @type {SubmitEvent} */ event) => {
      event.preventDefault()
      const names = groups.split(',').map((name) => name.trim()).filter(Boolean)
      if (changed && (await this.#do(() => api.patch(this.#api, { ...(role !== member.role ? { role } : {}), groups: names }), 'Saved. It counts from their next request on.'))) this.#draft = null
      this.requestUpdate()
    }
    const roles = Object.keys(ROLE_MEANS).filter((name) => own || name === member.role || !['owner', 'manager'].includes(name))
    return html`<section class="card stack" aria-labelledby="per-place"><h3 id="per-place">Role and groups</h3>
      <form class="stack stack-tight" @submit=${save}>
        <div class="field"><label for="per-role">Role</label><select id="per-role" class="select" ?disabled=${fixed && !own} @change=${(/** @type {Event} */ event) => edit({ role: /** @type {HTMLSelectElement} */ (event.target).value })}>
          ${roles.map((name) => html`<option value=${name} .selected=${name === role}>${ROLES[name]}: ${ROLE_MEANS[name]}</option>`)}</select></div>
        <div class="field"><label for="per-groups">Groups</label><input id="per-groups" class="input" autocomplete="off" .value=${groups} aria-describedby="per-groups-hint" @input=${(/** @type {Event} */ event) => edit({ groups: /** @type {HTMLInputElement} */ (event.target).value })}>
          <span id="per-groups-hint" class="field-hint">Names with commas between them. Settings, Labeling can give tasks to groups.</span></div>
        <div><button type="submit" class="button" ?disabled=${!changed || this.#busy}>Save</button></div>
      </form>
    </section>`
  }
}

/** Whether there is something to show of known answers. @param {Figure} figure */
const given = (figure) => figure.value !== null || !!figure.not_scored

/** What is before them, in a sentence. @param {Standing['load']} load */
const before = ({ in_hand: held, assigned, more }) => (!held && !assigned ? 'Nothing is in their hands.'
  : `${counted(held, 'task')} in hand${assigned ? `, ${number(assigned)}${more ? ' and more' : ''} assigned to them and waiting` : ''}.`)

customElements.define('kite-project-person', PersonTab)

/** @param {HTMLElement} root @param {Record<string, string>} params @param {AbortSignal} signal */
export async function open(root, params, signal) {
  const page = new PersonTab()
  page.person = params.person
  openTab(root, page, params, signal)
}
