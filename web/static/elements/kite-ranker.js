import { html, nothing } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { rich, t, told } from '../app/texts.js'
import { AnswerElement } from './answer-element.js'
import { columns, digits, following, isNoMove, moved, neighbour, sent, step } from './rank-order.js'
import { RankDrag } from './rank-drag.js'
import { richText } from './rich-text.js'

/** @typedef {{id: string, title?: string, body?: string, html?: string}} Item */
/** @typedef {import('./rank-order.js').Column} Column */
/** @typedef {import('./rank-order.js').Move} Move */

const WAYS = /** @type {const} */ ({ ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' })
/** Where buckets stand from right to left. @type {Record<string, string>} */
const FLIPPED = { ArrowLeft: 'ArrowRight', ArrowRight: 'ArrowLeft' }

/** Buckets that have a button on every card; where there are more, cards are dragged or sent by a digit. */
const BUTTONS = 6

/** Items of a List in an order, or in buckets: dragged, moved by Alt and arrows, sent by a digit or the button of a bucket. `answer` is {ranker: {bucket: [ids]}}. */
export class KiteRanker extends AnswerElement {
  static properties = { items: { attribute: false }, restTitle: { attribute: false }, missing: {}, current: { state: true }, over: { state: true }, folded: { state: true }, said: { state: true } }

  constructor() {
    super()
    /** @type {Item[]} of the list */
    this.items = []
    /** what stands over items that are in no bucket */
    this.restTitle = ''
    /** why there are no items */
    this.missing = ''
    /** the item that Tab comes to */
    this.current = ''
    /** where the dragged item would land @type {Move | null} */
    this.over = null
    /** items whose text is closed @type {Set<string>} */
    this.folded = new Set()
    /** what was done, for those who do not see it */
    this.said = ''
    /** @type {Column[]} */
    this.columns = []
  }
  #drag = new RankDrag(this, { over: (move) => { this.over = move }, done: (move) => { this.#move(move); this.#stay(move.item) } })
  /** moves that were told and that nobody has shown back yet: the next key may come before @type {Move[]} */
  #ahead = []
  /** the keyboard was here when the items came */
  #enters = false
  /** the keyboard stays with this item until it goes somewhere else */
  #follows = ''

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#drag.cancel()
  }

  /** @param {Map<string, any>} changed */
  willUpdate(changed) {
    const { control } = this
    if (!control) return
    if (changed.has('answer') || changed.has('items')) this.#ahead = []
    if (changed.has('items')) {
      this.current = this.#follows = '' // items of another task may have the same ids
      this.folded = new Set()
      this.#enters = this.contains(document.activeElement)
    }
    this.columns = this.#ahead.reduce(moved, columns(/** @type {any} */ (control), this.items.map((item) => item.id), this.answer, this.restTitle))
    if (!this.items.some((item) => item.id === this.current)) this.current = this.columns.flatMap((column) => column.ids)[0] ?? ''
  }

  updated() {
    if (this.#enters) this.#card(this.current)?.focus() // who orders by keyboard begins with the first card of the next task
    this.#enters = false
    // A card that is put elsewhere in the page loses the keyboard, whenever the answer comes.
    if (this.#follows && document.activeElement === document.body) this.#card(this.#follows)?.focus()
  }

  /** @param {string} id */
  #card(id) {
    return /** @type {HTMLElement | null} */ (this.querySelector(`.rank-card[data-id="${CSS.escape(id)}"]`))
  }

  render() {
    const { control } = this
    if (!control) return nothing
    if (!this.items.length) return html`<p class="rank-none muted">${told(this.missing) || t('There is nothing to put in order.')}</p>`
    const items = new Map(this.items.map((item) => [item.id, item]))
    const many = this.columns.length > 1
    return html`<div class="ranker ${many ? 'has-buckets' : ''}" role="group" aria-label=${this.heading} @focusout=${(/** @type {FocusEvent} */ event) => { if (event.relatedTarget) this.#follows = '' }}>
      ${this.readonly ? nothing : html`<p class="field-hint rank-hint" id=${`${this.serial}-hint`}><span>${many ? t('Drag the cards into the buckets, or press a button on them.') : t('Drag the cards into their order.')}</span>
        <span class="rank-keys">${rich('Keyboard: {arrows} go to a card, {alt} move it, {digits} send it', { arrows: html`<kbd class="kbd">↑</kbd> <kbd class="kbd">↓</kbd>`, alt: html`<kbd class="kbd">Alt</kbd> <kbd class="kbd">${many ? '↑ ↓ ← →' : '↑ ↓'}</kbd>`, digits: html`<kbd class="kbd">${this.#keyed()}</kbd>` })}</span></p>`}
      <div class="rank-columns">${this.columns.map((column) => this.#column(column, items, many))}</div>
      <span class="visually-hidden" role="status">${this.said}</span>
      ${this.problem ? html`<p class="field-problem">${this.problem}</p>` : nothing}
    </div>`
  }

  /** @param {Column} column @param {Map<string, Item>} items @param {boolean} many */
  #column(column, items, many) {
    const title = column.title || (many ? t('Not sorted yet') : '')
    const lands = this.over?.bucket === column.name ? this.over.index : -1
    const rest = this.over ? column.ids.filter((id) => id !== this.over?.item) : column.ids
    return html`<section class="rank-column ${lands >= 0 ? 'is-over' : ''}" data-name=${column.name} aria-label=${title || this.legend}>
      ${title ? html`<p class="rank-title">${title} <span class="muted number">${column.ids.length}</span></p>` : nothing}
      <ol class="rank-cards ${lands >= 0 && lands === rest.length ? 'lands-last' : ''}" aria-label=${title || this.legend || t('Items')}>
        ${repeat(column.ids, (id) => id, (id, at) => this.#item(/** @type {Item} */ (items.get(id)), at, many, lands >= 0 && rest[lands] === id))}
      </ol>
      ${column.ids.length ? nothing : html`<p class="rank-empty muted">${t('Nothing here yet')}</p>`}
    </section>`
  }

  /** The digits that send a card, as they are printed. */
  #keyed() {
    const [{ ids }] = this.columns
    const keys = this.columns.length > 1 ? digits(this.columns).filter(Boolean) : ids.slice(0, 9).map((_, at) => String(at + 1))
    return `${keys[0]}–${keys[keys.length - 1]}`
  }

  /** Buttons that put a card into the other buckets. @param {Item} item */
  #buttons(item) {
    if (this.readonly || this.columns.length < 2 || this.columns.length > BUTTONS) return nothing
    const keys = digits(this.columns)
    return html`<div class="rank-to">${this.columns.map((column, at) => (column.ids.includes(item.id) ? nothing : html`<button class="chip" type="button" tabindex="-1" title=${t('Put it into {bucket}', { bucket: this.#titled(column) })}
      @click=${() => this.#send(item.id, keys[at], false)}><kbd class="kbd" aria-hidden="true">${keys[at]}</kbd>${this.#titled(column)}</button>`))}</div>`
  }

  /** @param {Column} column */
  #titled(column) {
    return column.title || t('Not sorted yet')
  }

  /** @param {Item} item @param {number} at @param {boolean} many @param {boolean} lands */
  #item(item, at, many, lands) {
    const text = item.html || item.body
    const folds = !!text && this.control?.collapsible !== false && !!item.title
    const closed = folds && this.folded.has(item.id)
    return html`<li class="rank-card ${lands ? 'lands-before' : ''}" data-id=${item.id} ?data-entry=${item.id === this.current} tabindex=${item.id === this.current ? 0 : -1} aria-roledescription=${this.readonly ? nothing : t('item to be moved')} aria-describedby=${this.readonly ? nothing : `${this.serial}-hint`}
        @focus=${() => { this.current = item.id }} @keydown=${(/** @type {KeyboardEvent} */ event) => this.#keys(event, item)} @pointerdown=${(/** @type {PointerEvent} */ event) => { if (!this.readonly) this.#drag.press(event, item.id) }}>
      ${this.readonly ? nothing : html`<span class="rank-grip" aria-hidden="true"></span>`}
      <span class="rank-place number muted" aria-hidden="true">${many ? nothing : at + 1}</span>
      <div class="rank-text">${item.title ? html`<strong class="rank-name">${item.title}</strong>` : nothing}${closed || !text ? nothing : item.html ? html`<div class="rank-body">${richText(item.html)}</div>` : html`<div class="rank-body" dir="auto">${item.body}</div>`}${this.#buttons(item)}</div>
      ${folds ? html`<button class="button button-quiet button-icon button-small" type="button" aria-expanded=${!closed} aria-label=${closed ? t('Show the text of {title}', { title: item.title ?? '' }) : t('Close the text of {title}', { title: item.title ?? '' })} @click=${() => this.#fold(item.id)}><kite-icon name=${closed ? 'right' : 'down'}></kite-icon></button>` : nothing}
    </li>`
  }

  /** @param {string} id */
  #fold(id) {
    this.folded = new Set(this.folded)
    if (!this.folded.delete(id)) this.folded.add(id)
  }

  /** @param {KeyboardEvent} event @param {Item} item */
  #keys(event, item) {
    const way = /** @type {Record<string, 'up' | 'down' | 'left' | 'right'>} */ (WAYS)[getComputedStyle(this).direction === 'rtl' && event.key in FLIPPED ? FLIPPED[event.key] : event.key]
    if (event.ctrlKey || event.metaKey || event.shiftKey || /** @type {Element} */ (event.target).closest('a, input, select, textarea, summary')) return
    if (/^[0-9]$/.test(event.key) && !event.altKey && !this.readonly && !this.#taken(event.key)) {
      event.preventDefault()
      event.stopPropagation()
      if (!event.repeat) this.#send(item.id, event.key, true)
      return
    }
    if (!way) return
    event.preventDefault()
    if (event.altKey) {
      const move = this.readonly ? null : step(this.columns, item.id, way)
      if (!move) return
      this.#follows = item.id
      this.#move(move)
      return
    }
    this.current = neighbour(this.columns, item.id, way)
    this.#card(this.current)?.focus()
  }

  /** A key of the config's own goes before the digits here. @param {string} key */
  #taken(key) {
    const surface = /** @type {import('./kite-surface.js').KiteSurface | null} */ (this.closest('kite-surface'))
    return !!surface?.hotkeys.some((hotkey) => hotkey.key === key && hotkey.scope === 'main')
  }

  /** Into the bucket, or to the place, that a digit stands for. @param {string} item @param {string} digit @param {boolean} byKey the keyboard goes on to the next card that is left where this one was */
  #send(item, digit, byKey) {
    const move = sent(this.columns, item, digit)
    if (!move || this.readonly) return
    const next = byKey && this.columns.length > 1 ? following(this.columns, item) : item
    this.#move(move)
    if (byKey) this.#stay(next)
  }

  /** The keyboard is at a card, also when it is drawn elsewhere. @param {string} item */
  #stay(item) {
    this.#follows = item
    this.current = item
    this.#card(item)?.focus({ preventScroll: true })
  }

  /** @param {Move} move */
  #move(move) {
    if (isNoMove(this.columns, move)) return
    const { item, bucket, index } = move
    const column = this.columns.find((one) => one.name === bucket)
    const total = (column?.ids.length ?? 0) + (column?.ids.includes(item) ? 0 : 1)
    const name = this.items.find((one) => one.id === item)?.title || item
    this.said = this.columns.length > 1 ? t('{name} is now {place} of {total} in {column}', { name, place: index + 1, total, column: column ? this.#titled(column) : '' }) : t('{name} is now {place} of {total}', { name, place: index + 1, total })
    this.#ahead.push(move)
    this.columns = moved(this.columns, move)
    this.requestUpdate()
    this.tell({ type: 'move_item', item, index, ...(this.columns.length > 1 ? { bucket } : {}) })
  }
}
