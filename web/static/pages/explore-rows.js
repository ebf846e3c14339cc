/**
 * `<kite-explore-rows>`: a window onto any number of rows, as a table or a grid of pictures. Only what can be seen is in the page.
 *
 * Properties down: `count`, `total`, `read(from, to)`, `order`, `selected`, `people`, `shape`, `path`. Events up: `kite-order` (detail: a column), `kite-open` (detail:
 * a row), `kite-select` (detail: {row, all}).
 */
import { html, nothing } from 'lit'
import { live } from 'lit/directives/live.js'
import { api } from '../app/api.js'
import { OwnerElement, attempt, vars } from './page.js'
import { agreementCell, stateBadge } from './progress.js'
import { columnName } from './explore-words.js'
import { ago, exactly, number } from './words.js'

/** @typedef {import('./explore-index.js').Row} Row */
/** @typedef {{id: number, title: string, data: Record<string, unknown>, picture?: string}} Shown */

const ROW = 40
const TILE = 184
const TILE_WIDTH = 200
/** Browsers do not lay out boxes of any height: beyond it the bar moves in larger steps. */
const TALLEST = 8_000_000
const DETAILS_MS = 40
const MOST_KEPT = 3000
const COLUMNS = ['inner', 'title', 'state', 'done', 'agreement', 'labels', 'people', 'score', 'updated']
const NUMBERS = ['inner', 'done', 'score']

export class ExploreRows extends OwnerElement {
  count = 0
  /** The highest number that a task has. */ total = 0
  /** @type {(from: number, to: number) => Promise<Row[]>} */ read = async () => []
  /** @type {string[]} */ order = []
  /** @type {Set<number>} */ selected = new Set()
  /** @type {Record<string, string>} */ people = {}
  /** @type {'table' | 'grid'} */ shape = 'table'
  path = ''
  project = ''
  /** Place of the cursor among all rows. */ at = 0
  #first = 0
  #height = 600
  #width = 800
  /** @type {Row[]} */ #rows = []
  #rowsFrom = 0
  /** @type {Map<number, Shown>} */ #details = new Map()
  #timer = 0
  #asked = 0
  #resize = new ResizeObserver(() => this.#measure())

  connectedCallback() {
    super.connectedCallback()
    this.signal.addEventListener('abort', () => this.#resize.disconnect())
  }

  firstUpdated() {
    this.#resize.observe(this.#box)
    this.#measure()
  }

  get #box() {
    return /** @type {HTMLElement} */ (this.querySelector('.ex-box'))
  }

  #measure() {
    this.#height = this.#box.clientHeight
    this.#width = this.#box.clientWidth
    this.#scrolled()
  }

  /** How many rows stand side by side. */
  get #across() {
    return this.shape === 'grid' ? Math.max(1, Math.floor(this.#width / TILE_WIDTH)) : 1
  }

  get #tall() {
    return this.shape === 'grid' ? TILE : ROW
  }

  /** Lines that fit wholly. */
  get #fit() {
    return Math.max(1, Math.floor((this.#height - (this.shape === 'table' ? ROW : 0)) / this.#tall))
  }

  get #lines() {
    return Math.ceil(this.count / this.#across)
  }

  get #whole() {
    return Math.min(TALLEST, this.#lines * this.#tall + (this.shape === 'table' ? ROW : 0))
  }

  #scrolled() {
    const box = this.#box
    const most = Math.max(1, this.#whole - this.#height)
    const last = Math.max(0, this.#lines - this.#fit)
    const line = box.scrollTop >= most - 1 ? last : this.#whole < TALLEST ? Math.min(last, Math.floor(box.scrollTop / this.#tall)) : Math.round((box.scrollTop / most) * last)
    this.#first = line * this.#across
    void this.show()
  }

  /** Read what can be seen now, and draw it. */
  async show() {
    const asked = ++this.#asked
    const [from, to] = [this.#first, Math.min(this.count, this.#first + (this.#fit + 1) * this.#across)]
    const rows = from < to ? await this.read(from, to) : []
    if (asked !== this.#asked || !this.isConnected) return
    this.#rows = rows
    this.#rowsFrom = from
    this.requestUpdate()
    clearTimeout(this.#timer)
    const missing = rows.filter(({ id }) => !this.#details.has(id)).map(({ id }) => id)
    if (missing.length) this.#timer = window.setTimeout(() => void this.#detail(missing), DETAILS_MS)
  }

  /** @param {number[]} ids */
  async #detail(ids) {
    const parts = Array.from({ length: Math.ceil(ids.length / 100) }, (_, n) => ids.slice(100 * n, 100 * n + 100))
    await Promise.all(parts.map(async (part) => {
      const { value } = await attempt(() => api.get(`${this.path}/rows?ids=${part.join(',')}`, { signal: this.signal }))
      if (!value) return
      if (this.#details.size > MOST_KEPT) this.#details.clear()
      for (const one of value.tasks) this.#details.set(one.id, one)
      this.requestUpdate()
    }))
  }

  /** Titles and pictures may be other now. */
  forget() {
    this.#details.clear()
  }

  /** Other rows than before: from the top. */
  top() {
    this.at = 0
    this.#first = 0
    if (this.isConnected && this.#box) this.#box.scrollTop = 0
  }

  /** @param {Row} row */
  titleOf(row) {
    return this.#details.get(row.id)?.title ?? ''
  }

  /** The row that has the cursor. @returns {Row | undefined} */
  get current() {
    return this.#rows[this.at - this.#rowsFrom]
  }

  /** @param {number} to @returns {Promise<Row | undefined>} */
  async move(to) {
    this.at = Math.min(this.count - 1, Math.max(0, to))
    const line = Math.floor(this.at / this.#across)
    const first = Math.floor(this.#first / this.#across)
    if (line < first || line >= first + this.#fit) {
      const aim = line < first ? line : line - this.#fit + 1
      this.#first = aim * this.#across
      const last = Math.max(1, this.#lines - this.#fit)
      this.#box.scrollTop = this.#whole < TALLEST ? aim * this.#tall : (aim / last) * (this.#whole - this.#height)
      await this.show()
    }
    this.requestUpdate()
    return this.current
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.altKey || event.target !== this.#box) return
    const page = this.#fit * this.#across
    const grid = this.shape === 'grid'
    /** @type {Record<string, number>} */
    const steps = { ArrowDown: this.#across, j: this.#across, ArrowUp: -this.#across, k: -this.#across, PageDown: page, PageUp: -page, Home: -this.count, End: this.count, ...(grid ? { ArrowRight: 1, ArrowLeft: -1 } : {}) }
    if (event.key in steps && !event.metaKey && !event.ctrlKey) void this.move(this.at + steps[event.key])
    else if (event.key === 'Enter' && this.current) this.#emit('kite-open', this.current)
    else if (event.key === ' ' && this.current) this.#select(this.current)
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) this.#emit('kite-select', { all: true })
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  /** @param {string} name @param {unknown} detail */
  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }))
  }

  /** @param {Row} row */
  #select(row) {
    this.#emit('kite-select', { row })
  }

  /** @param {MouseEvent} event @param {Row} row @param {number} at */
  #click(event, row, at) {
    if (/** @type {Element} */ (event.target).closest('input, a')) return
    this.at = at
    this.#emit('kite-open', row)
  }

  render() {
    const grid = this.shape === 'grid'
    return html`<div class="ex-box ${grid ? 'is-grid' : ''}" tabindex="0" role=${grid ? 'listbox' : 'group'} aria-multiselectable=${grid ? 'true' : nothing} aria-label="Tasks: arrows move, Enter opens, Space selects"
        aria-activedescendant=${this.current ? `ex-${this.current.id}` : nothing} @scroll=${() => this.#scrolled()} @keydown=${(/** @type {KeyboardEvent} */ event) => this.#key(event)}>
      <div class="ex-spacer" ${vars({ '--tall': `${this.#whole}px` })}>
        <div class="ex-view">${grid ? html`<div class="ex-tiles">${this.#rows.map((row, n) => this.#tile(row, this.#rowsFrom + n))}</div>` : this.#table()}</div>
      </div>
    </div>`
  }

  #table() {
    return html`<table class="table ex-table" ${vars({ '--digits': number(this.total).length })} aria-rowcount=${this.count + 1}>
      <thead><tr><th class="ex-c-select"><input type="checkbox" aria-label="Select all that were found" .checked=${live(this.selected.size > 0 && this.selected.size >= this.count)}
        .indeterminate=${live(this.selected.size > 0 && this.selected.size < this.count)} @change=${() => this.#emit('kite-select', { all: true })}></th>${COLUMNS.map((name) => this.#head(name))}</tr></thead>
      <tbody>${this.#rows.map((row, n) => this.#row(row, this.#rowsFrom + n))}</tbody>
    </table>`
  }

  /** @param {string} name */
  #head(name) {
    const words = name === 'title' ? 'Task' : name === 'inner' ? '#' : name === 'score' ? 'Score' : name === 'updated' ? 'Updated' : name === 'people' ? 'People' : name === 'labels' ? 'Labels' : columnName(name)
    const sorted = this.order[0]?.replace('-', '') === name ? (this.order[0].startsWith('-') ? 'descending' : 'ascending') : nothing
    return html`<th class="ex-c-${name} ${NUMBERS.includes(name) ? 'table-number' : ''}" aria-sort=${sorted}>${name === 'title' ? words
      : html`<button type="button" title="Sort by ${columnName(name)}" @click=${() => this.#emit('kite-order', name)}>${words}</button>`}</th>`
  }

  /** @param {Row} row @param {number} at */
  #row(row, at) {
    const title = this.titleOf(row)
    const people = row.people.map((id) => this.people[id] ?? `Person ${id}`)
    return html`<tr id="ex-${row.id}" class="is-link ${at === this.at ? 'is-at' : ''}" aria-rowindex=${at + 2} aria-selected=${this.selected.has(row.id)} @click=${(/** @type {MouseEvent} */ event) => this.#click(event, row, at)}>
      <td class="ex-c-select"><input type="checkbox" tabindex="-1" aria-label="Select task ${row.inner}" .checked=${live(this.selected.has(row.id))} @change=${() => this.#select(row)}></td>
      <td class="table-number muted">${number(row.inner)}</td>
      <td class="ex-c-title"><a class="clip" tabindex="-1" href="/projects/${this.project}/tasks/${row.id}" target="_blank" title=${title} @click=${(/** @type {MouseEvent} */ event) => this.#plain(event, row, at)}>${title || html`<span class="muted">Task ${row.inner}</span>`}</a></td>
      <td>${stateBadge(row.state)}</td>
      <td class="table-number">${number(row.done)}${row.skipped ? html`<span class="muted" title="skipped"> +${row.skipped}</span>` : nothing}</td>
      <td>${agreementCell(row.agreement, 'agreement needs two people')}</td>
      <td class="ex-c-labels"><span class="clip" title=${row.labels.join(', ')}>${row.labels.map((label) => label.slice(label.indexOf(': ') + 2)).join(', ')}</span></td>
      <td class="ex-c-people"><span class="clip" title=${people.join(', ')}>${people.join(', ')}</span></td>
      <td class="ex-c-score table-number">${row.score === null ? html`<span class="muted">–</span>` : row.score.toFixed(2)}</td>
      <td class="muted ex-c-updated"><span title=${exactly(iso(row.updated))}>${ago(iso(row.updated))}</span></td>
    </tr>`
  }

  /** A plain click opens in place; with Ctrl or the middle button the browser opens a tab. @param {MouseEvent} event @param {Row} row @param {number} at */
  #plain(event, row, at) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return
    event.preventDefault()
    this.at = at
    this.#emit('kite-open', row)
  }

  /** @param {Row} row @param {number} at */
  #tile(row, at) {
    const { title = '', picture = '' } = this.#details.get(row.id) ?? {}
    return html`<div id="ex-${row.id}" role="option" class="ex-tile ${at === this.at ? 'is-at' : ''}" aria-selected=${this.selected.has(row.id)} aria-posinset=${at + 1} aria-setsize=${this.count} @click=${(/** @type {MouseEvent} */ event) => this.#click(event, row, at)}>
      <div class="ex-picture">${picture ? html`<img src=${picture} alt="" loading="lazy" decoding="async">` : html`<p class="small">${title}</p>`}</div>
      <div class="ex-tile-foot"><input type="checkbox" tabindex="-1" aria-label="Select task ${row.inner}" .checked=${live(this.selected.has(row.id))} @change=${() => this.#select(row)}>
        <span class="clip small" title=${title}>${title || `Task ${row.inner}`}</span>${stateBadge(row.state)}</div>
    </div>`
  }
}

/** @param {number} seconds */
const iso = (seconds) => new Date(seconds * 1000).toISOString()

customElements.define('kite-explore-rows', ExploreRows)
