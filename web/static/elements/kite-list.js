import { html, nothing } from 'lit'
import { t } from '../app/texts.js'
import { ObjectElement } from './object-element.js'
import { resolved } from './object-load.js'

/** @typedef {{id: string, title?: string, body?: string, html?: string}} Item */

/** Cards, one per item: a title, and a text or cleaned HTML. A Ranker shows the cards itself, where they can be moved. */
export class KiteList extends ObjectElement {
  static properties = { ...ObjectElement.properties, items: { state: true } }

  constructor() {
    super()
    /** @type {Item[]} */
    this.items = []
  }

  /** @param {import('./types.js').Source} source @param {AbortSignal} signal */
  async take(source, signal) {
    const found = await resolved(source, this.context.content, signal, this.tell)
    if (!signal.aborted) this.items = found.items ?? []
  }

  body() {
    return html`<div class="sheet" tabindex="0" role="region" aria-label=${this.object.title || t('List')} ?hidden=${this.state.kind === 'failed'}>
      <div class="sheet-page">
        ${this.object.title ? html`<p class="list-title">${this.object.title}</p>` : nothing}
        <ol class="list-cards">${this.items.map((item) => html`<li class="list-card">
          ${item.title ? html`<p class="list-card-title" dir="auto">${item.title}</p>` : nothing}
          ${item.html ? html`<kite-rich .html=${item.html}></kite-rich>` : item.body ? html`<p class="list-card-body" dir="auto">${item.body}</p>` : nothing}
        </li>`)}</ol>
        ${this.state.kind === 'shown' && !this.items.length ? html`<p class="muted">${t('This list is empty.')}</p>` : nothing}
      </div>
    </div>`
  }
}
