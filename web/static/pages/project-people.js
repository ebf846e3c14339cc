/** A project's people: who labels, how they stand, by which link they came, and how they work together. */
import { html, nothing } from 'lit'
import { api } from '../app/api.js'
import { ask } from './ask.js'
import { icon } from './icons.js'
import { forgetLinks } from './invite-link.js'
import { ROLES } from './numbers.js'
import { attempt, failure, waiting } from './page.js'
import './people-list.js'
import './people-panel.js'
import { ProjectTab, may, openTab } from './project-frame.js'
import { makeLink } from './project-invite.js'
import { loadReport } from './report-data.js'
import { ago, counted, date, exactly, listed, number } from './words.js'

/** @typedef {import('./report-data.js').PersonRow} PersonRow */
/** @typedef {import('./people-list.js').Person} Person */
/**
 * @typedef {{id: number, role: string, created_at?: string, expires_at?: string, revoked?: boolean, uses: number, max_uses: number | null,
 *   email: string | null, people: {id: number, name: string}[]}} Invite
 */

class PeopleTab extends ProjectTab {
  /** @type {import('./project-frame.js').Tab} */ tab = 'people'
  /** @type {Person[] | null} */ #people = null
  /** @type {Invite[]} */ #invites = []
  /** @type {unknown} */ #error = null

  get #manages() {
    return !!this.shown && may(this.shown, 'manage')
  }

  /** @param {import('./project-frame.js').Project} project */
  took(project) {
    const first = !this.shown
    super.took(project)
    if (first && this.#manages) void this.refreshBody() // its links are asked for only now that it is known who looks
  }

  async refreshBody() {
    const get = (/** @type {string} */ path) => attempt(() => api.get(`${this.path}/${path}`, { signal: this.signal }))
    const [people, report] = await Promise.all([get('people?work=yes'), loadReport(this.path, this.signal)])
    const invites = this.#manages ? await get('invites') : {}
    if (!this.isConnected) return
    this.#error = people.error ?? invites.error ?? null
    if (people.value) this.#people = people.value.people
    if (invites.value) this.#invites = invites.value.invites
    if (report) this.#rows = new Map(report.people.map((row) => [row.id, row]))
    this.requestUpdate()
  }

  /** what the newest report says of each @type {Map<number, PersonRow>} */ #rows = new Map()

  body() {
    const project = this.shown
    if (!project) return nothing
    const took = (/** @type {CustomEvent} */ event) => this.took({ ...project, ...event.detail })
    return html`
      <div class="stack stack-loose ow-section" @kite-project=${took} @kite-invited=${() => void this.refreshBody()}>
        ${this.#manages ? html`<kite-people .project=${project}></kite-people>` : nothing}
        ${this.#error ? failure(this.#error, { what: 'The list of people could not be loaded.', again: () => void this.refresh() }) : nothing}
        ${this.#people ? html`${this.#who(this.#people)}${this.#manages ? this.#links() : nothing}` : this.#error ? nothing : waiting('Loading the people …')}
      </div>`
  }

  /** @param {Person[]} people */
  #who(people) {
    const shown = people.filter(({ role, annotations }) => role !== 'owner' || annotations > 0)
    const given = { people: shown, rows: this.#rows, project: this.project, manages: this.#manages, owns: !!this.shown && may(this.shown, 'own') }
    return html`<section class="stack stack-tight" aria-labelledby="who-head">
      <h2 id="who-head">Who has joined</h2>
      ${shown.length ? html`<kite-people-list .given=${given} @kite-people-changed=${() => void this.refreshBody()}></kite-people-list>
      <p class="muted small">“Like the consensus” and “Known answers” go from 0 to 1. A dash says why when you point at it. Load and answers by day are of now; skips, times and comparisons
        are those of the newest <a href="/projects/${this.project}/report">report</a>.</p>`
        : html`<div class="card empty"><h3>Nobody yet</h3><p>Copy the link above and send it to the people who should label. They type a name and start.</p></div>`}
    </section>`
  }

  #links() {
    const now = Date.now()
    return html`<section class="stack stack-tight" aria-labelledby="links-head">
      <div class="row row-between"><h2 id="links-head">Links</h2>
        <button type="button" class="button" @click=${() => void this.#make()}>${icon('plus')}Make another link …</button></div>
      ${this.#invites.length ? html`<div class="table-wrap"><table class="table">
        <thead><tr><th>For</th><th>Made</th><th>Works until</th><th>Joined by it</th><th><span class="visually-hidden">Action</span></th></tr></thead>
        <tbody>${this.#invites.map((invite) => {
          const over = invite.revoked || (invite.expires_at && Date.parse(invite.expires_at) < now)
          return html`<tr><td>${ROLES[invite.role] ?? invite.role}${invite.email ? html`<div class="muted small">only ${invite.email}</div>` : nothing}</td>
            <td class="muted" title=${exactly(invite.created_at)}>${ago(invite.created_at)}</td>
            <td>${invite.revoked ? html`<span class="muted">ended</span>` : over ? html`<span class="muted">ran out ${date(invite.expires_at)}</span>` : date(invite.expires_at)}</td>
            <td><span class="number">${number(invite.uses)}${invite.max_uses ? ` of ${number(invite.max_uses)}` : ''}</span>
              ${invite.people.length ? html`<span class="muted small">${listed(invite.people.slice(0, 5).map(({ name }) => name))}${invite.people.length > 5 ? ' …' : ''}</span>` : nothing}</td>
            <td class="table-number">${over && !invite.people.length ? nothing : html`<button type="button" class="button button-small" aria-label="${over ? 'Remove its people …' : 'End link …'} ${ROLES[invite.role] ?? invite.role}, made ${ago(invite.created_at)}"
              @click=${() => void this.#end(invite)}>${over ? 'Remove its people …' : 'End link …'}</button>`}</td></tr>`
        })}</tbody>
      </table></div>` : html`<p class="muted">None yet. “Copy link” above makes one for annotators.</p>`}
    </section>`
  }

  async #make() {
    const project = this.shown
    if (project && (await makeLink(project, this.signal))) await this.refreshBody()
  }

  /** @param {Invite} invite */
  async #end(invite) {
    const many = invite.people.length
    const done = await ask({
      title: 'End this link?', yes: 'End link', failed: 'The link is not ended.', danger: true, signal: this.signal,
      body: html`<p>Nobody can join by it any more. Who has joined stays, unless you say so here.</p>
        ${many ? html`<label class="check"><input type="checkbox" name="people" value="1"><span>Remove ${many === 1 ? html`${invite.people[0].name}` : counted(many, 'person', 'people')} who came by it too. Their answers stay.</span></label>` : nothing}`,
      work: (said) => api.delete(`/api/invites/${invite.id}${said.get('people') ? '?and_people=1' : ''}`),
    })
    if (!done) return
    forgetLinks(this.project)
    await this.refreshBody()
  }
}

customElements.define('kite-project-people', PeopleTab)

/** @param {HTMLElement} root @param {Record<string, string>} params @param {AbortSignal} signal */
export async function open(root, params, signal) {
  openTab(root, new PeopleTab(), params, signal)
}
