/** A project's people: who labels, by which link, and how they work together. */
import { html, nothing } from 'lit'
import { api } from '../app/api.js'
import { forgetLinks } from './invite-link.js'
import { attempt, failure, waiting } from './page.js'
import './people-panel.js'
import { ProjectTab, openTab } from './project-frame.js'
import { ago, date, exactly, number } from './words.js'

/** @typedef {{id: number, name: string, role: string, annotations: number, updated_at?: string | null}} Person */
/** @typedef {{id: string | number, role: string, created_at?: string, expires_at?: string, revoked?: boolean}} Invite */

const ROLES = /** @type {Record<string, string>} */ ({ owner: 'Owner', manager: 'Manager', reviewer: 'Reviewer', annotator: 'Annotator', viewer: 'Viewer' })

class PeopleTab extends ProjectTab {
  /** @type {import('./project-frame.js').Tab} */ tab = 'people'
  /** @type {Person[] | null} */ #people = null
  /** @type {Invite[]} */ #invites = []
  /** @type {unknown} */ #error = null
  /** @type {unknown} */ #revokeError = null

  async refreshBody() {
    const [people, invites] = await Promise.all([
      attempt(() => api.get(`${this.path}/people`, { signal: this.signal })),
      attempt(() => api.get(`${this.path}/invites`, { signal: this.signal })),
    ])
    if (!this.isConnected) return
    this.#error = people.error ?? invites.error ?? null
    if (people.value) this.#people = people.value.people
    if (invites.value) this.#invites = invites.value.invites
    this.requestUpdate()
  }

  /** @param {Invite} invite */
  async #revoke(invite) {
    const { error } = await attempt(() => api.delete(`/api/invites/${invite.id}`))
    this.#revokeError = error ?? null
    forgetLinks(this.project)
    await this.refreshBody()
  }

  body() {
    const project = this.shown
    if (!project) return nothing
    const took = (/** @type {CustomEvent} */ event) => this.took({ ...project, ...event.detail })
    return html`
      <div class="stack ow-section" @kite-project=${took} @kite-invited=${() => void this.refreshBody()}>
        <kite-people .project=${project}></kite-people>
        ${this.#error ? failure(this.#error, { what: 'The list of people could not be loaded.', again: () => void this.refresh() }) : nothing}
        ${this.#people ? html`${this.#who(this.#people)}${this.#links()}` : this.#error ? nothing : waiting('Loading the people …')}
      </div>`
  }

  /** @param {Person[]} people */
  #who(people) {
    const workers = people.filter(({ role, annotations }) => role !== 'owner' || annotations > 0)
    return html`<section class="stack stack-tight">
      <h2>Who has joined</h2>
      ${workers.length ? html`<div class="table-wrap"><table class="table">
        <thead><tr><th>Name</th><th>Role</th><th class="table-number">Answers</th><th>Last answer</th></tr></thead>
        <tbody>${workers.map((person) => html`<tr><td class="strong">${person.name}</td><td>${ROLES[person.role] ?? person.role}</td>
          <td class="table-number">${number(person.annotations)}</td><td class="muted" title=${exactly(person.updated_at)}>${ago(person.updated_at)}</td></tr>`)}</tbody>
      </table></div>` : html`<p class="muted">Nobody yet. Copy the link and send it to the people who shall label.</p>`}
    </section>`
  }

  #links() {
    if (!this.#invites.length) return nothing
    const now = Date.now()
    return html`<section class="stack stack-tight">
      <h2>Links</h2>
      ${this.#revokeError ? failure(this.#revokeError, { what: 'The link is not ended.' }) : nothing}
      <div class="table-wrap"><table class="table">
        <thead><tr><th>For</th><th>Made</th><th>Works until</th><th><span class="visually-hidden">Action</span></th></tr></thead>
        <tbody>${this.#invites.map((invite) => {
          const over = invite.revoked || (invite.expires_at && Date.parse(invite.expires_at) < now)
          return html`<tr><td>${ROLES[invite.role] ?? invite.role}</td><td class="muted" title=${exactly(invite.created_at)}>${ago(invite.created_at)}</td>
            <td>${invite.revoked ? html`<span class="muted">ended</span>` : over ? html`<span class="muted">ran out ${date(invite.expires_at)}</span>` : date(invite.expires_at)}</td>
            <td class="table-number">${over ? nothing : html`<button type="button" class="button button-small" title="Nobody can join by it any more; who has joined stays" @click=${() => void this.#revoke(invite)}>End link</button>`}</td></tr>`
        })}</tbody>
      </table></div>
    </section>`
  }
}

customElements.define('kite-project-people', PeopleTab)

/** @param {HTMLElement} root @param {Record<string, string>} params @param {AbortSignal} signal */
export async function open(root, params, signal) {
  openTab(root, new PeopleTab(), params, signal)
}
