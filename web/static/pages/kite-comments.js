/**
 * Comments at a task, at an answer, at a region of one: reading, writing, answering, settling. Loads them itself.
 * `kite-comment-show` (detail: {annotation, region}) asks the page to show what one is about; `kite-comments` (detail: how many are open).
 */
import { LitElement, html, nothing } from 'lit'
import { t } from '../app/texts.js'
import { ApiError, api } from '../app/api.js'
import { adopt } from '../elements/sheet.js'
import css from '../styles/comments.css' with { type: 'text' }
import { ago, exactly, sentence } from './words.js'

/** @typedef {import('../app/task-session.js').Comment} Comment */

adopt(css)

export class KiteComments extends LitElement {
  static properties = { task: { attribute: false }, annotation: { attribute: false }, region: { attribute: false }, nameOf: { attribute: false }, heading: {}, closes: { type: Boolean } }

  constructor() {
    super()
    /** @type {number} */ this.task = 0
    /** the answer that a new comment is about; null: the task @type {number | null} */
    this.annotation = null
    /** its selected region @type {string | null} */
    this.region = null
    /** What people call a region of an answer; empty: it is not there any more. @type {(annotation: number | null, region: string) => string} */
    this.nameOf = () => ''
    this.heading = t('Comments')
    /** has a button that closes it */
    this.closes = false
  }
  /** @type {Comment[] | null} */ #comments = null
  #trouble = ''
  #text = ''
  #busy = false
  /** @type {Comment | null} */ #answering = null
  #asked = 0

  createRenderRoot() {
    return this
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (!changed.has('task') || !this.task) return
    this.#comments = null
    this.#answering = null
    this.#text = ''
    void this.load()
  }

  async load() {
    const asked = ++this.#asked
    try {
      const { comments } = await api.get(`/api/tasks/${this.task}/comments`)
      if (asked !== this.#asked) return
      this.#comments = comments
      this.#trouble = ''
      this.#tell()
    } catch (error) {
      if (asked === this.#asked) this.#fault(error)
    }
    this.requestUpdate()
  }

  /** Puts the keyboard where one writes. */
  write() {
    this.querySelector('textarea')?.focus()
  }

  #tell() {
    const open = (this.#comments ?? []).filter((one) => !one.resolved).length
    this.dispatchEvent(new CustomEvent('kite-comments', { detail: open, bubbles: true }))
  }

  /** @param {unknown} error */
  #fault(error) {
    if (!(error instanceof ApiError)) throw error
    this.#trouble = sentence(error.problems[0])
  }

  /** @param {() => Promise<unknown>} change */
  async #change(change) {
    this.#busy = true
    this.#trouble = ''
    this.requestUpdate()
    try {
      await change()
      await this.load()
    } catch (error) {
      this.#fault(error)
    }
    this.#busy = false
    this.requestUpdate()
  }

  #send() {
    const text = this.#text.trim()
    if (!text || this.#busy) return
    const about = this.#answering ? { reply_to: this.#answering.id } : { annotation: this.annotation, region: this.annotation === null ? null : this.region }
    void this.#change(async () => {
      await api.post(`/api/tasks/${this.task}/comments`, { text, ...about })
      this.#text = ''
      this.#answering = null
    })
  }

  /** @param {Comment} comment */
  #answer(comment) {
    this.#answering = comment
    this.requestUpdate()
    this.write()
  }

  render() {
    const comments = this.#comments
    const first = (comments ?? []).filter((one) => one.reply_to === null || !comments?.some(({ id }) => id === one.reply_to))
    const about = this.#answering ? t('Answer to {name}', { name: this.#answering.person.name })
      : this.annotation === null ? t('About the task') : this.region ? t('About {name}', { name: this.nameOf(this.annotation, this.region) || t('the selected region') }) : t('About the whole answer')
    return html`<section class="comments" aria-label=${this.heading}>
      <div class="comments-head"><h2>${this.heading}</h2>
        ${this.closes ? html`<button type="button" class="button button-quiet button-icon button-small" aria-label=${t('Close the comments')} title=${t('Close')} @click=${() => this.dispatchEvent(new Event('close'))}><kite-icon name="close"></kite-icon></button>` : nothing}</div>
      ${comments === null && !this.#trouble ? html`<p class="muted" role="status">${t('Loading …')}</p>` : nothing}
      ${comments?.length === 0 ? html`<p class="muted small">${t('Nothing yet. What is written here is seen by those who review, and by whose work it is about.')}</p>` : nothing}
      <ul class="comments-list">${first.map((one) => html`<li class="comment ${one.resolved ? 'is-settled' : ''}">${this.#one(one)}
        ${comments?.filter((reply) => reply.reply_to === one.id).map((reply) => html`<div class="comment-reply">${this.#one(reply, true)}</div>`)}</li>`)}</ul>
      <form class="comments-new" @submit=${(/** @type {Event} */ event) => { event.preventDefault(); this.#send() }}>
        <label class="small muted" for="comment-text">${about}</label>
        <textarea class="input" id="comment-text" rows="2" maxlength="5000" .value=${this.#text} @input=${(/** @type {any} */ event) => { this.#text = event.target.value; this.requestUpdate() }}
          @keydown=${(/** @type {KeyboardEvent} */ event) => this.#key(event)}></textarea>
        ${this.#trouble ? html`<p class="comments-trouble small" role="alert">${this.#trouble}</p>` : nothing}
        <div class="row row-end">
          ${this.#answering ? html`<button type="button" class="button button-quiet button-small" @click=${() => { this.#answering = null; this.requestUpdate() }}>${t('Not an answer')}</button>` : nothing}
          <button class="button button-small" ?disabled=${this.#busy || !this.#text.trim()}>${this.#answering ? t('Answer') : t('Comment')} <span class="kbd">Ctrl ↵</span></button></div>
      </form>
    </section>`
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      event.stopPropagation() // on the labeling page it would submit
      this.#send()
    } else if (event.key === 'Escape') {
      event.stopPropagation()
      if (this.closes && !this.#text.trim()) this.dispatchEvent(new Event('close')) // nothing is lost: what covers the data goes
      else this.querySelector('textarea')?.blur()
    }
  }

  /** @param {Comment} comment */
  #one(comment, reply = false) {
    const { region, annotation } = comment
    const name = region && !reply ? this.nameOf(annotation, region) : ''
    return html`
      <p class="comment-who"><span class="strong">${comment.person.name}</span> <span class="muted small" title=${exactly(comment.created_at)}>${ago(comment.created_at)}</span>
        ${comment.resolved ? html`<span class="badge badge-good">${t('settled')}</span>` : nothing}</p>
      ${region && !reply ? (name ? html`<button type="button" class="button button-small comment-region" title=${t('Show it')}
          @click=${() => this.dispatchEvent(new CustomEvent('kite-comment-show', { detail: { annotation, region } }))}>${name}</button>`
        : html`<span class="muted small">${t('at a region that is not there any more')}</span>`) : nothing}
      <p class="comment-text">${comment.text}</p>
      ${reply ? nothing : html`<div class="row comment-acts">
        <button type="button" class="button button-quiet button-small" ?disabled=${this.#busy} @click=${() => this.#answer(comment)}>${t('Answer')}</button>
        <button type="button" class="button button-quiet button-small" ?disabled=${this.#busy}
          @click=${() => void this.#change(() => api.patch(`/api/comments/${comment.id}`, { resolved: !comment.resolved }))}>${comment.resolved ? t('Open again') : t('Settle')}</button></div>`}`
  }
}

if (!customElements.get('kite-comments')) customElements.define('kite-comments', KiteComments)
