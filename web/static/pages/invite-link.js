/**
 * `<kite-invite-link>`: makes a link for people and copies it. The server shows a link once and keeps only its hash, so the
 * page keeps the one it made until it is left.
 */
import { html, nothing } from 'lit'
import { createRef, ref } from 'lit/directives/ref.js'
import { api } from '../app/api.js'
import { icon } from './icons.js'
import { OwnerElement, attempt, failure } from './page.js'

const DAYS = 30
/** @type {Map<string, string>} project and role to link */
const made = new Map()

/**
 * A link of this visit, else a new one.
 * @param {string} project @param {string} role
 */
async function link(project, role) {
  const key = `${project}/${role}`
  const known = made.get(key)
  if (known) return known
  const { url } = await api.post(`/api/projects/${project}/invites`, { role, days: DAYS })
  const whole = new URL(url, location.origin).href
  made.set(key, whole)
  return whole
}

/** Links may have been revoked: make a new one next time. @param {string} project */
export function forgetLinks(project) {
  for (const key of made.keys()) if (key.startsWith(`${project}/`)) made.delete(key)
}

class KiteInviteLinkElement extends OwnerElement {
  project = ''
  /** Of whoever opens the link. */
  invited = 'annotator'
  /** Show the link in place instead of in a dialog. */
  inline = false
  #url = ''
  #busy = false
  /** @type {'copied' | 'by hand' | ''} */ #copied = ''
  /** @type {unknown} */ #error = null
  #field = /** @type {import('lit/directives/ref.js').Ref<HTMLInputElement>} */ (createRef())
  #dialog = /** @type {import('lit/directives/ref.js').Ref<HTMLDialogElement>} */ (createRef())

  async #copy() {
    if (this.#busy) return
    this.#busy = true
    this.#copied = ''
    this.requestUpdate()
    const { value, error } = await attempt(() => link(this.project, this.invited))
    this.#busy = false
    this.#url = value ?? ''
    this.#error = error ?? null
    this.requestUpdate()
    await this.updateComplete
    if (!this.inline && !this.#dialog.value?.open) this.#dialog.value?.showModal()
    if (!value) return
    const { error: forbidden } = await attempt(() => navigator.clipboard.writeText(value))
    this.#copied = forbidden ? 'by hand' : 'copied'
    this.requestUpdate()
    await this.updateComplete
    this.#field.value?.focus()
    this.#field.value?.select()
    this.dispatchEvent(new CustomEvent('kite-invited', { bubbles: true }))
  }

  #shown() {
    if (this.#error) return failure(this.#error, { what: 'The link could not be made.', again: () => void this.#copy() })
    if (!this.#url) return nothing
    return html`
      <div class="stack stack-tight ow-link">
        <label class=${this.inline ? 'visually-hidden' : 'field-label'} for="link-${this.project}-${this.inline}">Link for annotators</label>
        <div class="row">
          <input id="link-${this.project}-${this.inline}" class="input input-mono grow" readonly .value=${this.#url} ${ref(this.#field)} @focus=${() => this.#field.value?.select()}>
          <button type="button" class="button" @click=${() => void this.#copy()}>${icon('link')}Copy again</button>
        </div>
        <p class="ow-link-said" role="status">
          ${this.#copied === 'copied' ? html`<span class="ow-good">${icon('check')}Copied.</span> Paste it into a message.` : nothing}
          ${this.#copied === 'by hand' ? html`The browser does not let this page copy. The link is selected: press <kbd class="kbd">Ctrl</kbd> <kbd class="kbd">C</kbd> (on a Mac <kbd class="kbd">⌘</kbd> <kbd class="kbd">C</kbd>).` : nothing}
        </p>
        <p class="muted small">Whoever has it can label for ${DAYS} days: they type a name and start, nothing to install. It is shown only now;
          you can make another at any time and end old ones under People.</p>
      </div>`
  }

  render() {
    const button = html`<button type="button" class="button button-primary" ?disabled=${this.#busy} @click=${() => void this.#copy()}>${icon('link')}Copy link</button>`
    if (this.inline) return this.#url || this.#error ? this.#shown() : button
    return html`${button}
      <dialog class="dialog" aria-label="Link for annotators" ${ref(this.#dialog)}>
        <div class="dialog-head"><h2>Invite people to label</h2></div>
        <div class="dialog-body">${this.#shown()}</div>
        <div class="dialog-foot"><button type="button" class="button button-primary" @click=${() => this.#dialog.value?.close()}>Done</button></div>
      </dialog>`
  }
}

customElements.define('kite-invite-link', KiteInviteLinkElement)
