/**
 * `<kite-people-list>`: a project's people in a table that is searched, filtered and sorted, with what is before them and how fast they
 * go; those who manage tick several and change them together. `kite-people-changed` goes up after a change.
 */
import { html, nothing } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { api } from '../app/api.js'
import { ask } from './ask.js'
import { ROLES, ROLE_MEANS, cell, none, percent, time } from './numbers.js'
import { OwnerElement, openRow } from './page.js'
import { ago, counted, exactly, number } from './words.js'

/** @typedef {import('./report-data.js').PersonRow} PersonRow */
/** @typedef {import('./numbers.js').Figure} Figure */
/**
 * @typedef {{id: number, name: string, role: string, groups: string[], annotations: number, updated_at?: string | null, email?: string | null, paused: boolean,
 *   discarded: boolean, load?: {in_hand: number, assigned: number, more: boolean}, pace?: {today: number, week: number, week_before: number, mean_ms: Figure}}} Person
 */
/** @typedef {{key: string, text: string, title?: string, of: (one: Person) => string | number | null, show: (one: Person) => unknown, number?: boolean}} Column */

/**
 * rows: what the newest report says of each; owns: may hand out every role.
 * @typedef {{people: Person[], rows: Map<number, PersonRow>, project: string, manages: boolean, owns: boolean}} Given
 */

/** From so many people on there is something to search. */
const MANY = 6
/** Rows that are shown at first, and by each "Show more". */
const ROWS = 100

export class PeopleList extends OwnerElement {
  /** @type {Given} */ #given = { people: [], rows: new Map(), project: '', manages: false, owns: false }
  #wanted = ''
  #role = ''
  #group = ''
  /** a column's key, with - before it from the largest down; empty: in the order they came */ #order = ''
  #most = ROWS
  /** @type {Set<number>} */ #ticked = new Set()
  #said = ''

  set given(given) {
    this.#given = given
    this.requestUpdate()
  }

  get given() {
    return this.#given
  }

  connectedCallback() {
    super.connectedCallback()
    document.addEventListener('keydown', (event) => {
      const target = /** @type {HTMLElement} */ (event.target)
      if (event.key !== '/' || event.ctrlKey || event.metaKey || target.closest('input, textarea, select, dialog')) return
      const field = /** @type {HTMLElement | null} */ (this.querySelector('#people-search'))
      if (!field) return
      event.preventDefault()
      field.focus()
    }, { signal: this.signal })
  }

  /** @type {Column[]} */
  #columns = [
    { key: 'name', text: 'Name', of: ({ name }) => name, show: (one) => this.#name(one) },
    { key: 'role', text: 'Role', of: ({ role }) => Object.keys(ROLES).indexOf(role), show: ({ role }) => ROLES[role] ?? role },
    { key: 'groups', text: 'Groups', of: ({ groups }) => groups.join(', '), show: ({ groups }) => (groups.length ? html`<bdi class="pl-groups" title=${groups.join(', ')}>${groups.join(', ')}</bdi>` : html`<span class="muted">–</span>`) },
    { key: 'assigned', text: 'Waiting', title: 'Tasks that are theirs by name and wait for them', number: true, of: ({ load }) => load?.assigned ?? null,
      show: ({ load }) => (load ? `${number(load.assigned)}${load.more ? '+' : ''}` : none('not known yet')) },
    { key: 'in_hand', text: 'In hand', title: 'Tasks that they have open now', number: true, of: ({ load }) => load?.in_hand ?? null, show: ({ load }) => (load ? number(load.in_hand) : none('not known yet')) },
    { key: 'annotations', text: 'Answers', number: true, of: ({ annotations }) => annotations, show: ({ annotations }) => number(annotations) },
    { key: 'today', text: 'Today', title: 'Answers today (UTC)', number: true, of: ({ pace }) => pace?.today ?? null, show: ({ pace }) => (pace ? number(pace.today) : none('not known yet')) },
    { key: 'week', text: '7 days', title: 'Answers in the seven days that end today; behind it what has changed against the seven before', number: true, of: ({ pace }) => pace?.week ?? null, show: ({ pace }) => (pace ? week(pace) : none('not known yet')) },
    { key: 'time', text: 'Time for one', number: true, of: ({ id }) => this.#given.rows.get(id)?.time.median_ms ?? null, show: ({ id }) => this.#time(this.#given.rows.get(id)) },
    { key: 'skipped', text: 'Skipped', number: true, of: ({ id }) => this.#given.rows.get(id)?.skip_rate.value ?? null, show: ({ id }) => cell(this.#given.rows.get(id)?.skip_rate, percent) },
    { key: 'consensus', text: 'Like the consensus', number: true, of: ({ id }) => this.#given.rows.get(id)?.with_consensus?.value ?? null, show: ({ id }) => cell(this.#given.rows.get(id)?.with_consensus) },
    { key: 'gold', text: 'Known answers', number: true, of: ({ id }) => this.#given.rows.get(id)?.gold?.value ?? null, show: ({ id }) => cell(this.#given.rows.get(id)?.gold) },
    { key: 'last', text: 'Last answer', of: ({ updated_at: at }) => (at ? Date.parse(at) : null), show: ({ updated_at: at }) => html`<span class="muted" title=${exactly(at)}>${at ? ago(at) : 'never'}</span>` },
  ]

  /** @param {Person} person */
  #name({ id, name, paused, discarded }) {
    return html`${this.#given.manages ? html`<a data-row href="/projects/${this.#given.project}/people/${id}"><bdi>${name}</bdi></a>` : html`<bdi>${name}</bdi>`}
      ${paused ? html` <span class="badge badge-attention">Paused</span>` : nothing}${discarded ? html` <span class="badge badge-problem">Work put aside</span>` : nothing}`
  }

  /** @param {PersonRow | undefined} row */
  #time(row) {
    return row?.time.median_ms != null ? html`<span title="median of ${number(row.time.n)}">${time(row.time.median_ms)}</span>` : none(row?.time.reason ?? 'nothing timed yet')
  }

  /** Those that the search and the filters leave, in order. */
  #shown() {
    const words = this.#wanted.trim().toLowerCase()
    const found = this.#given.people.filter(({ name, email, role, groups }) => (!words || `${name} ${email ?? ''}`.toLowerCase().includes(words))
      && (!this.#role || role === this.#role) && (!this.#group || groups.includes(this.#group)))
    const down = this.#order.startsWith('-')
    const column = this.#columns.find(({ key }) => key === this.#order.replace('-', ''))
    if (!column) return found
    return found.sort((a, b) => {
      const [one, other] = [column.of(a), column.of(b)]
      if (one === null || other === null) return one === other ? 0 : one === null ? 1 : -1 // nothing known stands last, up and down
      const by = typeof one === 'string' ? one.localeCompare(String(other), undefined, { numeric: true }) : one - Number(other)
      return down ? -by : by
    })
  }

  /** @param {Column} column */
  #sort({ key, number: numeric }) {
    const [first, second] = numeric || key === 'last' ? [`-${key}`, key] : [key, `-${key}`] // of numbers the largest are looked for
    this.#order = this.#order === first ? second : this.#order === second ? '' : first
    this.requestUpdate()
  }

  /** @param {{wanted?: string, role?: string, group?: string}} change */
  #filter({ wanted = this.#wanted, role = this.#role, group = this.#group }) {
    this.#wanted = wanted
    this.#role = role
    this.#group = group
    this.#most = ROWS
    this.requestUpdate()
  }

  render() {
    const shown = this.#shown()
    const rows = shown.slice(0, this.#most)
    return html`
      ${this.#given.people.length >= MANY ? this.#tools(shown.length) : nothing}
      ${this.#given.manages ? this.#bar() : nothing}
      <p class="pj-said" role="status">${this.#said}</p>
      ${shown.length ? html`<div class="table-wrap pl-wrap"><table class="table pl-table">
        <thead><tr>${this.#given.manages ? html`<th><input type="checkbox" aria-label="Tick all ${number(shown.length)} that are found" .checked=${shown.every(({ id, role }) => role === 'removed' || this.#ticked.has(id))}
          @change=${(/** @type {Event} */ event) => this.#tickAll(shown, /** @type {HTMLInputElement} */ (event.target).checked)}></th>` : nothing}
          ${this.#columns.map((column) => html`<th class=${column.number ? 'table-number' : ''} scope="col" title=${column.title ?? nothing}
            aria-sort=${this.#order === column.key ? 'ascending' : this.#order === `-${column.key}` ? 'descending' : nothing}><button type="button" @click=${() => this.#sort(column)}>${column.text}</button></th>`)}</tr></thead>
        <tbody @click=${openRow}>${repeat(rows, ({ id }) => id, (one) => this.#row(one))}</tbody>
      </table></div>
      ${shown.length > rows.length ? html`<div class="row"><button type="button" class="button" @click=${() => { this.#most += ROWS; this.requestUpdate() }}>Show ${number(Math.min(ROWS, shown.length - rows.length))} more</button>
        <span class="muted small">${number(rows.length)} of ${number(shown.length)}</span></div>` : nothing}`
        : html`<p class="muted ow-none">Nobody fits. <button type="button" class="button button-small" @click=${() => this.#filter({ wanted: '', role: '', group: '' })}>Show all</button></p>`}`
  }

  /** @param {number} found */
  #tools(found) {
    const groups = [...new Set(this.#given.people.flatMap((one) => one.groups))].sort((a, b) => a.localeCompare(b, undefined, { numeric: true }))
    const roles = Object.keys(ROLES).filter((name) => this.#given.people.some(({ role }) => role === name))
    const value = (/** @type {Event} */ event) => /** @type {HTMLInputElement} */ (event.target).value
    return html`<div class="row ow-tools" role="search">
      <input id="people-search" class="input" type="search" placeholder="Search by name" aria-label="Search people" autocomplete="off" aria-keyshortcuts="/" .value=${this.#wanted} @input=${(/** @type {Event} */ event) => this.#filter({ wanted: value(event) })}>
      <select class="select" aria-label="Role" @change=${(/** @type {Event} */ event) => this.#filter({ role: value(event) })}>
        <option value="" .selected=${!this.#role}>All roles</option>${roles.map((name) => html`<option value=${name} .selected=${name === this.#role}>${ROLES[name]}</option>`)}</select>
      ${groups.length ? html`<select class="select pl-group" aria-label="Group" @change=${(/** @type {Event} */ event) => this.#filter({ group: value(event) })}>
        <option value="" .selected=${!this.#group}>All groups</option>${groups.map((name) => html`<option value=${name} .selected=${name === this.#group}>${name}</option>`)}</select>` : nothing}
      <span class="muted small" role="status">${this.#wanted || this.#role || this.#group ? `${number(found)} of ${counted(this.#given.people.length, 'person', 'people')}` : counted(found, 'person', 'people')}</span>
    </div>`
  }

  /** @param {Person} one */
  #row(one) {
    const ticked = this.#ticked.has(one.id)
    return html`<tr class=${this.#given.manages ? 'is-link' : ''} aria-selected=${ticked ? 'true' : nothing}>
      ${this.#given.manages ? html`<td>${one.role === 'removed' ? nothing : html`<input type="checkbox" aria-label="Tick ${one.name}" .checked=${ticked} @change=${() => this.#tick(one.id)}>`}</td>` : nothing}
      ${this.#columns.map((column) => html`<td class="${column.number ? 'table-number' : column.key === 'name' ? 'strong pl-name' : ''}">${column.show(one)}</td>`)}</tr>`
  }

  /** @param {number} id */
  #tick(id) {
    if (!this.#ticked.delete(id)) this.#ticked.add(id)
    this.requestUpdate()
  }

  /** @param {Person[]} shown @param {boolean} on */
  #tickAll(shown, on) {
    this.#ticked = new Set(on ? shown.filter(({ role }) => role !== 'removed').map(({ id }) => id) : [])
    this.requestUpdate()
  }

  // ---- several at once ----

  #bar() {
    const chosen = this.#given.people.filter(({ id }) => this.#ticked.has(id))
    if (!chosen.length) return nothing
    const button = (/** @type {string} */ text, /** @type {() => unknown} */ act, danger = false) => html`<button type="button" class="button ${danger ? 'button-danger' : ''}" @click=${act}>${text}</button>`
    return html`<div class="row pl-bar" role="group" aria-label="For those who are ticked">
      <span class="strong">${counted(chosen.length, 'person', 'people')}</span>
      ${button('Groups …', () => this.#groups(chosen))}${button('Role …', () => this.#roles(chosen))}
      ${button('Pause …', () => this.#pause(chosen))}${button('Resume', () => this.#resume(chosen))}${button('Remove …', () => this.#remove(chosen), true)}
      <button type="button" class="button button-quiet" @click=${() => this.#tickAll([], false)}>Untick all</button></div>`
  }

  /**
   * One request for each, in turn: who is done is no longer ticked, so that after a refusal the rest can be tried again.
   * @param {Person[]} people @param {(path: string, one: Person) => Promise<unknown>} change
   */
  async #each(people, change) {
    try {
      for (const one of people) {
        if (!this.#ticked.has(one.id)) continue
        await change(`/api/projects/${this.#given.project}/people/${one.id}`, one)
        this.#ticked.delete(one.id)
      }
    } finally {
      this.requestUpdate()
      this.dispatchEvent(new CustomEvent('kite-people-changed', { bubbles: true }))
    }
  }

  /** @param {string} said */
  #tell(said) {
    this.#said = said
    this.requestUpdate()
    this.updateComplete.then(() => /** @type {HTMLElement | null} */ (this.querySelector('#people-search') ?? this.querySelector('a[data-row]'))?.focus())
  }

  /** @param {Person[]} people */
  async #groups(people) {
    const who = counted(people.length, 'person', 'people')
    const done = await ask({
      title: `Groups of ${who}`, yes: 'Save', failed: 'Not everybody was changed; those who are still ticked were not.', signal: this.signal,
      body: html`<div class="field"><label for="pl-add">Add to</label><input id="pl-add" name="add" class="input" autocomplete="off"></div>
        <div class="field"><label for="pl-drop">Take out of</label><input id="pl-drop" name="drop" class="input" autocomplete="off" aria-describedby="pl-hint"><span id="pl-hint" class="field-hint">Names with commas between them. Settings, Labeling can give tasks to groups.</span></div>`,
      work: (said) => {
        const names = (/** @type {string} */ field) => String(said.get(field) ?? '').split(',').map((name) => name.trim()).filter(Boolean)
        const gone = new Set(names('drop'))
        return this.#each(people, (path, { groups }) => api.patch(path, { groups: [...new Set([...groups.filter((name) => !gone.has(name)), ...names('add')])] }))
      },
    })
    if (done) this.#tell(`Groups of ${who} are saved.`)
  }

  /** @param {Person[]} people */
  async #roles(people) {
    const who = counted(people.length, 'person', 'people')
    const roles = Object.keys(ROLE_MEANS).filter((name) => this.#given.owns || !['owner', 'manager'].includes(name))
    const done = await ask({
      title: `Role of ${who}`, yes: 'Change role', failed: 'Not everybody was changed; those who are still ticked were not.', signal: this.signal,
      body: html`<div class="field"><label for="pl-role">Role</label><select id="pl-role" name="role" class="select">${roles.map((name) => html`<option value=${name}>${ROLES[name]}: ${ROLE_MEANS[name]}</option>`)}</select></div>`,
      work: (said) => this.#each(people, (path) => api.patch(path, { role: said.get('role') })),
    })
    if (done) this.#tell(`The role of ${who} is changed. It counts from their next request on.`)
  }

  /** @param {Person[]} people */
  async #pause(people) {
    const who = counted(people.length, 'person', 'people')
    const done = await ask({
      title: `Pause ${who}?`, yes: 'Pause', failed: 'Not everybody is paused; those who are still ticked are not.', signal: this.signal,
      body: html`<p>They get no new tasks until you press “Resume”. What they have in hand goes to others.</p>`,
      work: () => this.#each(people, (path, { paused }) => (paused ? Promise.resolve() : api.post(`${path}/pause`, {}))),
    })
    if (done) this.#tell(`${who} paused.`)
  }

  /** @param {Person[]} people */
  async #resume(people) {
    const who = counted(people.length, 'person', 'people')
    const done = await ask({
      title: `Resume ${who}?`, yes: 'Resume', failed: 'Not everybody goes on; those who are still ticked do not.', signal: this.signal,
      body: html`<p>They get tasks again, and are judged by the known answers from now on.</p>`,
      work: () => this.#each(people, (path, { paused }) => (paused ? api.post(`${path}/resume`, {}) : Promise.resolve())),
    })
    if (done) this.#tell(`${who} may go on.`)
  }

  /** @param {Person[]} people */
  async #remove(people) {
    const who = counted(people.length, 'person', 'people')
    const done = await ask({
      title: `Remove ${who} from the project?`, yes: 'Remove', failed: 'Not everybody is removed; those who are still ticked are not.', danger: true, signal: this.signal,
      body: html`<p>They cannot get in any more, not by the link they came by either. Their answers stay and count.</p>`,
      work: () => this.#each(people, (path) => api.delete(path)),
    })
    if (done) this.#tell(`${who} removed. Their answers stay.`)
  }
}

/** "120 ▲ 40": the week, and what has changed. @param {NonNullable<Person['pace']>} pace */
function week({ week: now, week_before: before }) {
  if (now === before) return number(now)
  const words = `${number(Math.abs(now - before))} ${now > before ? 'more' : 'fewer'} than in the seven days before`
  return html`<span title=${words}>${number(now)} <span class="muted small" aria-hidden="true">${now > before ? '▲' : '▼'}</span><span class="visually-hidden">, ${words}</span></span>`
}

customElements.define('kite-people-list', PeopleList)
