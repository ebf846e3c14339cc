import { html, nothing } from 'lit'
import { live } from 'lit/directives/live.js'
import { AnswerElement } from './answer-element.js'
import { keepAt } from './dropdown.js'
import { styled } from './styled.js'
import { rich, t } from '../app/texts.js'
import { along, anyColour, flatten, found, isBranch, keyed, textsAlong, unfolded } from './taxonomy-tree.js'
import { visibleRows } from './virtual.js'

/** @typedef {import('./taxonomy-tree.js').Node} Node */

const ROW = 30 // pixels; answers.css has the same number
const ROWS = 10 // in sight
const FEW = 15 // nodes that need no folding
const LARGE = 10_000 // nodes
const WARM = '\u0000 \u0001' // is in no name

/** Paths of a tree: chips for what is chosen, and a panel with a search and the tree. `answer` is {taxonomy: [[stored, …], …]}. */
export class KiteTaxonomy extends AnswerElement {
  static properties = { open: { state: true }, query: { state: true }, cursor: { state: true }, scrolled: { state: true }, unfolded: { state: true } }

  constructor() {
    super()
    this.open = false
    this.query = ''
    /** the row that has the keyboard, in `nodes` */
    this.cursor = 0
    this.scrolled = 0
    /** branches that are open, places in `nodes` @type {Set<number>} */
    this.unfolded = new Set()
    /** @type {Node[]} */
    this.nodes = []
    /** what the tree shows now @type {Node[]} */
    this.rows = []
  }
  /** what `nodes` was made of: the list is made when it is first needed @type {unknown} */
  #listed = null
  /** A Display gives every option a colour; only those that the config asks for mean something here. */
  #coloured = false
  /** @type {() => void} */
  #leave = () => {}

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#leave()
  }

  get #separator() {
    return this.control?.path_separator ?? ' / '
  }

  /** Paths that are chosen. @returns {string[][]} */
  get chosen() {
    return this.answer?.taxonomy ?? []
  }

  /** Whether choosing another one replaces the one there is. */
  get single() {
    return false
  }

  /** Tells that a path is chosen, or no more. @param {string[]} path @param {boolean} checked */
  toggled(path, checked) {
    this.tell({ type: 'toggle_path', path, checked })
  }

  /** How many more may be chosen. */
  get #left() {
    return this.single ? Infinity : (this.control?.max_usages ?? Infinity) - this.chosen.length
  }

  /** The tree as a list, made when somebody opens it. */
  #list() {
    if (this.#listed === this.options) return
    this.#listed = this.options
    this.nodes = flatten(this.options, this.#separator)
    this.unfolded = new Set(this.nodes.length <= FEW ? this.nodes.filter(isBranch).map((node) => node.at) : [])
    this.cursor = 0
  }

  /** @param {Map<string, any>} changed */
  willUpdate(changed) {
    if (changed.has('control') || changed.has('options')) this.#coloured = !!this.control?.labeling || anyColour(/** @type {any} */ (this.control?.options ?? []))
    if (this.open) this.#list()
    if (this.open && (changed.has('open') || changed.has('query') || changed.has('unfolded') || changed.has('options'))) {
      this.rows = this.query.trim() ? found(this.nodes, this.query) : unfolded(this.nodes, this.unfolded)
      if (!this.rows.some((node) => node.at === this.cursor)) this.cursor = this.rows[0]?.at ?? 0
    }
  }

  updated() {
    const list = this.#tree
    const at = this.rows.findIndex((node) => node.at === this.cursor)
    if (!list || at < 0 || this.#shownCursor === this.cursor) return
    this.#shownCursor = this.cursor
    if (at * ROW < list.scrollTop) list.scrollTop = at * ROW
    else if ((at + 1) * ROW > list.scrollTop + list.clientHeight) list.scrollTop = (at + 1) * ROW - list.clientHeight
  }
  #shownCursor = -1

  get #tree() {
    return /** @type {HTMLElement | null} */ (this.querySelector('.taxonomy-tree'))
  }

  get #panel() {
    return /** @type {HTMLElement} */ (this.querySelector('.taxonomy-panel'))
  }

  // ---- drawing ----

  render() {
    const { control } = this
    if (!control) return nothing
    const chosen = this.chosen
    const size = { ...(control.min_width ? { 'min-width': lengthOf(control.min_width) } : {}), ...(control.max_width ? { 'max-width': lengthOf(control.max_width) } : {}) }
    const asks = chosen.length && this.#left > 0 && !this.single ? t('Choose more …') : chosen.length ? t('Change …') : control.placeholder || t('Choose …')
    return html`<div class="taxonomy" role="group" aria-label=${this.heading} style=${styled(size)}>
      ${this.readonly && chosen.length ? nothing : html`<button class="select taxonomy-button ${chosen.length ? '' : 'is-empty'}" type="button" ?disabled=${this.readonly} popovertarget=${`${this.serial}-panel`} aria-haspopup="dialog" @pointerenter=${this.#list} @focus=${this.#list}
          aria-label=${`${this.legend || control.name}: ${asks}`} aria-describedby=${this.problem ? `${this.serial}-problem` : nothing}>
        <span class="clip">${asks}</span><kite-icon name="down"></kite-icon></button>`}
      ${chosen.length ? html`<ul class="chips" aria-label=${t('Chosen')}>${chosen.map((path) => this.#chip(path))}</ul>` : nothing}
      <div class="menu taxonomy-panel" popover id=${`${this.serial}-panel`} aria-label=${this.heading} @beforetoggle=${this.#toggles} @keydown=${this.#close}>${this.open ? this.#inside() : nothing}</div>
      ${this.problem ? html`<p class="field-problem" id=${`${this.serial}-problem`}>${this.problem}</p>` : nothing}
    </div>`
  }

  /** @param {string[]} path */
  #chip(path) {
    const texts = textsAlong(this.options, path)
    const full = texts.join(this.#separator)
    const text = this.control?.show_full_path ? full : (texts.at(-1) ?? '')
    const items = this.#coloured ? along(this.options, path) : []
    const color = items.length === path.length ? items.at(-1)?.color : ''
    return html`<li class="chip chip-item" title=${full} style=${styled(color ? { '--swatch': color } : {})}>${color ? html`<span class="swatch"></span>` : nothing}<span class="clip">${text}</span>${
      this.readonly ? nothing : html`<button class="chip-remove" type="button" aria-label=${t('Take away {name}', { name: full })} title=${t('Take away')} @click=${() => this.toggled(path, false)}><kite-icon name="close"></kite-icon></button>`}</li>`
  }

  #inside() {
    const { rows } = this
    const { first, last } = visibleRows(this.scrolled, ROW * ROWS, ROW, rows.length)
    const chosen = new Set(this.chosen.map((path) => JSON.stringify(path)))
    const most = this.control?.max_usages
    const searching = !!this.query.trim()
    return html`<input class="input taxonomy-search" type="search" placeholder=${t('Find …')} aria-label=${t('Find by name or path')} aria-controls=${`${this.serial}-tree`} autocomplete="off" spellcheck="false"
        .value=${live(this.query)} @input=${this.#search} @keydown=${this.#searchKeys} />
      <div class="taxonomy-tree ${this.single ? 'is-single' : ''}" id=${`${this.serial}-tree`} role="tree" aria-multiselectable=${this.single ? 'false' : 'true'} aria-label=${this.heading} tabindex="0" aria-activedescendant=${rows.length ? `${this.serial}-${this.cursor}` : nothing}
          style=${styled({ height: `${Math.min(Math.max(rows.length, 1), ROWS) * ROW}px` })} @scroll=${() => { this.scrolled = this.#tree?.scrollTop ?? 0 }} @keydown=${this.#treeKeys}>
        <div class="taxonomy-room" role="presentation" style=${styled({ height: `${rows.length * ROW}px` })}>${this.#outOfSight(first, last)}${rows.slice(first, last).map((node, at) => this.#row(node, first + at, chosen, searching))}</div>
        ${rows.length ? nothing : html`<p class="taxonomy-none muted">${searching ? t('Nothing has “{words}” in its name or path.', { words: this.query.trim() }) : this.control?.api_url ? t('This list comes from an outside address, which is not asked.') : t('There is nothing to choose.')}</p>`}
      </div>
      <p class="taxonomy-foot muted" role="status">${most && this.#left <= 0
        ? html`<span class="taxonomy-full">${t('At most {most}. Take one away to choose another.', { most })}</span>`
        : html`<span>${searching ? t('{n} found', { n: rows.length }) : this.single ? '' : most ? t('{n} of at most {most}', { n: chosen.size, most }) : t('{n} chosen', { n: chosen.size })}</span>${searching
          ? html`<span>${rich('{enter} chooses the first, {down} goes to the list', { enter: html`<kbd class="kbd">Enter</kbd>`, down: html`<kbd class="kbd">↓</kbd>` })}</span>` : html`<span>${rich('{space} chooses, {enter} closes', { space: html`<kbd class="kbd">Space</kbd>`, enter: html`<kbd class="kbd">Enter</kbd>` })}</span>`}`}</p>`
  }

  /** The row with the cursor exists even when it is scrolled away: the tree names it as its active one. @param {number} first @param {number} last */
  #outOfSight(first, last) {
    const at = this.rows.findIndex((node) => node.at === this.cursor)
    return at >= 0 && (at < first || at >= last) ? this.#row(this.rows[at], at, new Set(this.chosen.map((path) => JSON.stringify(path))), !!this.query.trim()) : nothing
  }

  /** @param {Node} node @param {number} at @param {Set<string>} chosen @param {boolean} searching */
  #row(node, at, chosen, searching) {
    const on = chosen.has(JSON.stringify(node.path))
    const color = this.#coloured ? node.color : ''
    const branch = isBranch(node)
    const pickable = this.#pickable(node)
    const blocked = !on && this.#left <= 0
    const lead = searching ? node.full.slice(0, node.full.length - node.text.length) : ''
    return html`<div class="taxonomy-row ${on ? 'is-on' : ''} ${node.at === this.cursor ? 'is-cursor' : ''} ${blocked ? 'is-blocked' : ''}" id=${`${this.serial}-${node.at}`} role="treeitem" aria-level=${searching ? 1 : node.level}
        aria-posinset=${searching ? at + 1 : node.place} aria-setsize=${searching ? this.rows.length : node.siblings} aria-expanded=${branch && !searching ? this.unfolded.has(node.at) : nothing}
        aria-selected=${pickable ? on : nothing} aria-disabled=${blocked && pickable ? 'true' : nothing} aria-label=${searching ? node.full : node.text} title=${node.hint || (searching ? node.full : nothing)}
        style=${styled({ transform: `translateY(${at * ROW}px)`, '--level': String(searching ? 0 : node.level - 1), ...(color ? { '--swatch': color } : {}) })} @click=${() => this.#press(node)}>
      ${branch && !searching
        ? html`<span class="taxonomy-twist" @click=${(/** @type {Event} */ event) => { event.stopPropagation(); this.#fold(node.at, !this.unfolded.has(node.at)); this.cursor = node.at }}><kite-icon name=${this.unfolded.has(node.at) ? 'down' : 'right'}></kite-icon></span>`
        : html`<span class="taxonomy-twist"></span>`}
      ${pickable ? html`<span class="taxonomy-check">${on ? html`<kite-icon name="check"></kite-icon>` : nothing}</span>` : nothing}
      ${color ? html`<span class="swatch"></span>` : nothing}
      <span class="clip">${lead ? html`<span class="muted">${lead}</span>` : nothing}${node.text}</span>
    </div>`
  }

  /** @param {Node} node */
  #pickable(node) {
    return !(this.control?.leafs_only && isBranch(node))
  }

  // ---- acting ----

  /** @param {Node} node */
  #press(node) {
    this.cursor = node.at
    if (this.#pickable(node)) this.#toggle(node)
    else if (this.query.trim()) this.#show(node)
    else this.#fold(node.at, !this.unfolded.has(node.at))
  }

  /** Opens the tree at a branch that was found. @param {Node} node */
  #show(node) {
    const open = new Set(this.unfolded).add(node.at)
    for (let above = node.above; above; above = above.above) open.add(above.at)
    this.unfolded = open
    this.query = ''
  }

  /** @param {Node} node */
  #toggle(node) {
    const { path } = node
    const key = JSON.stringify(path)
    const on = this.chosen.some((one) => JSON.stringify(one) === key)
    if (on || this.#left > 0) this.toggled(path, !on)
    if (this.single && !on) this.#shut()
  }

  /** @param {number} at @param {boolean} open */
  #fold(at, open) {
    this.unfolded = new Set(this.unfolded)
    if (open) this.unfolded.add(at)
    else this.unfolded.delete(at)
  }

  /** @param {Event} event */
  #toggles(event) {
    this.#leave()
    this.open = /** @type {ToggleEvent} */ (event).newState === 'open'
    this.#shownCursor = -1
    if (!this.open) {
      this.query = ''
      return
    }
    this.scrolled = 0
    this.performUpdate()
    const search = /** @type {HTMLElement | null} */ (this.querySelector('.taxonomy-search'))
    if (this.nodes.length > LARGE) setTimeout(() => found(this.nodes, WARM)) // the first letter need not wait for the compiler
    if (search) search.autofocus = true // the browser gives it the keyboard as the panel opens: no key comes before that
    const width = parseFloat(this.control?.dropdown_width) || 340
    this.#leave = keepAt(/** @type {HTMLElement} */ (event.target), /** @type {HTMLElement} */ (this.querySelector('.taxonomy-button')), { width, height: ROW * ROWS + 96 })
  }

  /** @param {Event} event */
  #search(event) {
    this.query = /** @type {HTMLInputElement} */ (event.target).value
    this.scrolled = 0
    if (this.#tree) this.#tree.scrollTop = 0
    this.cursor = -1 // the first that is found
  }

  /** @param {KeyboardEvent} event */
  #searchKeys(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'ArrowDown') this.#tree?.focus()
    else if (event.key === 'Enter' && this.query.trim()) {
      const node = this.nodes[this.cursor]
      if (node && this.rows.includes(node)) this.#press(node)
      const field = /** @type {HTMLInputElement} */ (event.target)
      field.select()
    } else return
    event.preventDefault()
    event.stopPropagation()
  }

  /** @param {KeyboardEvent} event */
  #treeKeys(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const at = this.rows.findIndex((node) => node.at === this.cursor)
    if (event.key === ' ' && this.rows[at]) this.#press(this.rows[at])
    else if (event.key === 'ArrowUp' && at <= 0) this.#focusSearch()
    else if (event.key.length === 1 && event.key !== ' ') {
      this.#focusSearch() // the letter lands there
      return
    } else {
      const moved = keyed(this.rows, at, event.key, this.query.trim() ? new Set() : this.unfolded, ROWS, getComputedStyle(this).direction === 'rtl')
      if (!moved) return
      if (moved.open !== undefined && !this.query.trim()) this.#fold(moved.open, true)
      if (moved.close !== undefined) this.#fold(moved.close, false)
      this.cursor = this.rows[moved.at]?.at ?? this.cursor
    }
    event.preventDefault()
  }

  #focusSearch() {
    /** @type {HTMLElement | null} */ (this.querySelector('.taxonomy-search'))?.focus()
  }

  /** Keys of the whole panel. @param {KeyboardEvent} event */
  #close(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || (event.key !== 'Escape' && event.key !== 'Enter')) return
    event.preventDefault()
    this.#shut()
  }

  #shut() {
    this.#panel.hidePopover()
    const button = /** @type {HTMLElement} */ (this.querySelector('.taxonomy-button'))
    this.scrollIntoView({ block: 'nearest' }) // with what was chosen, which stands below the button
    button.focus({ preventScroll: true })
  }
}

/** A width of the config: pixels if it says nothing else. @param {number | string} given */
const lengthOf = (given) => (/^\d+(\.\d+)?$/.test(String(given)) ? `${given}px` : String(given))
