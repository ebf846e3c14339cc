import { LitElement, html, nothing } from 'lit'
import { live } from 'lit/directives/live.js'
import { locale, t, text } from '../app/texts.js'
import { keepAt } from './dropdown.js'
import { newId } from '../app/ids.js'
import { emit } from './emit.js'
import { kindOf, objectView } from './object-views.js'
import { changeSettings, ownSettings } from './own-settings.js'
import { dragRow, dropped } from './region-drag.js'
import { listingMenu } from './region-listing.js'
import { groupRow, regionRow } from './region-row.js'
import { ALL, between, isFiltered, pressed, rowsOf, tally } from './region-rows.js'
import { visibleRows } from './virtual.js'
import { styled } from './styled.js'

/** @typedef {import('./types.js').Region} Region */
/** @typedef {import('./region-rows.js').Row} Row */
/** @typedef {import('./region-rows.js').Listing} Listing */

const ROW = 32 // pixels; surface.css has the same number
const CHIPS = 12
/** What to do first on each type of object: with labels, and where there are none. @type {Record<string, [string, string]>} */
const WAYS = {
  image: [text('Pick a label, then drag over the picture.'), text('Drag over the picture.')], text: [text('Pick a label, then select words in the text.'), text('Select words in the text.')],
  hypertext: [text('Pick a label, then select words in the text.'), text('Select words in the text.')], paragraphs: [text('Pick a label, then select words in the conversation.'), text('Select words in the conversation.')],
  audio: [text('Pick a label, then drag over the sound.'), text('Drag over the sound.')], video: [text('Pick a label, then drag over the picture.'), text('Drag over the picture.')],
  timeseries: [text('Pick a label, then drag over the series.'), text('Drag over the series.')], pdf: [text('Pick a label, then drag over the page.'), text('Drag over the page.')],
  pointcloud: [text('Pick a label, then mark points.'), text('Mark points.')], chat: [text('Write a message.'), text('Write a message.')],
}

/** All regions of a task, by group, order and filter: only the rows in sight exist. */
export class KiteRegions extends LitElement {
  static properties = {
    view: { attribute: false }, plan: { attribute: false }, problems: { attribute: false }, hovered: { attribute: false }, readonly: { type: Boolean }, textOf: { attribute: false }, labelText: { attribute: false },
    inside: { attribute: false }, inList: { attribute: false }, listing: { state: true }, closed: { state: true }, finding: { state: true }, menu: { state: true }, scrolled: { state: true }, height: { state: true }, room: { state: true },
    at: { state: true }, target: { state: true },
  }

  constructor() {
    super()
    /** @type {import('./types.js').View | undefined} */
    this.view = undefined
    /** @type {import('./types.js').Plan | undefined} */
    this.plan = undefined
    /** what stands before a submit: rows of regions that are named get a sign @type {import('./types.js').Problem[]} */
    this.problems = []
    this.hovered = ''
    this.readonly = false
    /** what stands on a region @type {(region: Region) => string} */
    this.textOf = (region) => region.labels.join(', ')
    /** how a label is shown @type {(control: string, label: string) => string} */
    this.labelText = (_, label) => label
    /** questions about the selected region that stand in the list, under its row, drawn by the surface @type {unknown} */
    this.inside = nothing
    /** names of controls whose answers stand in the rows @type {string[]} */
    this.inList = []
    /** pixels that `inside` takes */
    this.room = 0
    const { list_group: group, list_sort: sort } = ownSettings()
    /** @type {Listing} */
    this.listing = { ...ALL, group, sort }
    /** keys of rows whose children are folded away @type {ReadonlySet<string>} */
    this.closed = new Set()
    /** the field to find a region is there */
    this.finding = false
    /** the menu is open */
    this.menu = false
    this.scrolled = 0
    this.height = 320
    /** the row that has the keyboard; -1: none */
    this.at = -1
    /** the row that others are dragged onto, or beside @type {import('./region-drag.js').Place | null} */
    this.target = null
    /** @type {Row[]} */
    this.rows = []
    /** stored name, colour, how many @type {[string, string, number][]} */
    this.tally = []
    /** some row is inside another one */
    this.deep = false
    // What a scroll must not count anew:
    /** regions that have a row @type {Region[]} */
    this.listed = []
    this.allHidden = false
    this.total = 0
  }
  #revealed = ''
  /** @type {ReadonlySet<string>} */
  #selected = new Set()
  /** the row where a range began */
  #anchor = -1
  /** @type {Element | null} */
  #inside = null
  /** @type {ResizeObserver | null} */
  #watch = null

  createRenderRoot() {
    return this
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#watch?.disconnect()
  }

  firstUpdated() {
    this.#watch = new ResizeObserver((entries) => {
      for (const { target, contentRect } of entries) {
        if (target === this.#list) this.height = contentRect.height
        else this.room = Math.ceil(/** @type {HTMLElement} */ (target).offsetHeight)
      }
    })
    this.#watch.observe(this.#list)
  }

  get #list() {
    return /** @type {HTMLElement} */ (this.querySelector('.regions-list'))
  }

  /** @param {Map<string, any>} changed */
  willUpdate(changed) {
    const before = changed.get('view')
    if (changed.has('view') && before?.selection !== this.view?.selection) this.#selected = new Set(this.view?.selection)
    const same = changed.has('view') && before?.regions === this.view?.regions && before?.edition === this.view?.edition
    if (!(changed.has('view') && !same) && !['listing', 'closed', 'plan'].some((name) => changed.has(name))) return
    const all = Object.values(this.view?.regions ?? {})
    this.tally = tally(all)
    const there = new Set(this.tally.map(([label]) => label))
    if (this.listing.labels.some((label) => !there.has(label))) this.listing = { ...this.listing, labels: this.listing.labels.filter((label) => there.has(label)) }
    const key = this.rows[this.at]?.key
    this.rows = rowsOf(all, this.listing, this.closed, { nameOf: this.textOf, none: t('No label') })
    this.deep = this.rows.some((row) => row.children > 0)
    this.listed = this.rows.flatMap((row) => (row.type === 'region' ? [row.region] : []))
    this.allHidden = this.listed.length > 0 && this.listed.every((region) => region.hidden)
    this.total = all.length
    // The keyboard stays at its row, also when rows come and go before it.
    if (key !== undefined && this.rows[this.at]?.key !== key) this.at = this.rows.findIndex((row) => row.key === key)
  }

  updated() {
    const inside = this.querySelector('.region-inside')
    if (inside !== this.#inside) {
      if (this.#inside) this.#watch?.unobserve(this.#inside)
      if (inside) this.#watch?.observe(inside)
      else this.room = 0
      this.#inside = inside
    }
    const [id] = this.view?.selection ?? []
    if (id === this.#revealed) return
    this.#revealed = id
    if (id) this.reveal(id)
  }

  /** Scrolls to a row. @param {number} at */
  #bring(at) {
    const list = this.#list
    const top = this.top(at)
    if (top < list.scrollTop) list.scrollTop = top
    else if (top + ROW > list.scrollTop + list.clientHeight) list.scrollTop = top + ROW - list.clientHeight
  }

  /** @param {string} id */
  #rowOf(id) {
    return this.rows.findIndex((row) => row.type === 'region' && row.region.id === id)
  }

  /** Scrolls to the row of a region, opening what it is folded into. @param {string} id */
  reveal(id) {
    const region = this.view?.regions[id]
    const folded = [...this.#parents(id), `group:${region?.labels.join('\n')}`, `group:${region?.object}`].filter((key) => this.closed.has(key))
    if (folded.length) this.closed = new Set([...this.closed].filter((key) => !folded.includes(key)))
    void this.updateComplete.then(() => {
      const at = this.#rowOf(id)
      if (at < 0) return
      if (this.at < 0 || !this.matches(':focus-within')) this.at = this.#anchor = at
      this.#bring(at)
    })
  }

  /** @param {string} id @returns {string[]} regions that it is in, from within */
  #parents(id) {
    const found = /** @type {string[]} */ ([])
    for (let parent = this.view?.regions[id]?.parent; parent && !found.includes(parent); parent = this.view?.regions[parent]?.parent) found.push(parent)
    return found
  }

  /** Where a row stands, in pixels: under what is asked about the selected one. @param {number} at */
  top(at) {
    return at * ROW + (this.#open >= 0 && at > this.#open ? this.room : 0)
  }

  /** The row under which questions stand; -1: none. */
  get #open() {
    const { selection = [] } = this.view ?? {}
    return this.inside === nothing || selection.length !== 1 ? -1 : this.#rowOf(selection[0])
  }

  /** Moves the keyboard to the list. */
  enter() {
    /** @type {HTMLElement | null} */ (this.querySelector('.regions-room'))?.focus()
  }

  /** Moves the keyboard to the field to find a region, which opens. */
  async find() {
    this.finding = true
    await this.updateComplete
    const field = /** @type {HTMLInputElement | null} */ (this.querySelector('.regions-find'))
    field?.select()
  }

  render() {
    const { rows, total, allHidden: hidden } = this
    const open = this.#open
    const under = open >= 0 ? this.room : 0
    const { first, last } = visibleRows(Math.max(0, this.scrolled - under), this.height + under, ROW, rows.length)
    const selected = this.#selected
    const filtered = isFiltered(this.listing)
    const at = rows[this.at]
    return html`<header class="panel-head">
        <h2>${t('Regions')} <span class="muted number">${filtered ? t('{n} of {total}', { n: this.listed.length, total }) : total.toLocaleString(locale())}</span></h2>
        ${total
          ? html`<span class="row panel-acts">
              <button class="button button-quiet button-icon button-small" type="button" title=${t('Find a region')} aria-label=${t('Find a region')} aria-pressed=${this.finding} @click=${() => (this.finding ? this.#unfind() : void this.find())}><kite-icon name="search"></kite-icon></button>
              <button class="button button-quiet button-icon button-small regions-sort" type="button" title=${t('Group, sort and filter')} aria-label=${t('Group, sort and filter')} aria-expanded=${this.menu} popovertarget="regions-menu" aria-pressed=${filtered}><kite-icon name="filter"></kite-icon></button>
              <button class="button button-quiet button-icon button-small" type="button" title=${hidden ? t('Show all') : t('Hide all')} aria-label=${hidden ? t('Show all regions') : t('Hide all regions')} aria-pressed=${hidden}
                @click=${() => emit(this, { type: 'mark', regions: this.listed.map((region) => region.id), hidden: !hidden })}><kite-icon name=${hidden ? 'eye-off' : 'eye'}></kite-icon></button></span>`
          : nothing}
      </header>
      ${total ? this.#menu() : nothing}
      ${this.finding ? html`<input class="input regions-find" type="search" placeholder=${t('Label, text, note or number')} aria-label=${t('Find a region')} .value=${live(this.listing.text)} @input=${this.#type} @keydown=${this.#findKeys} />` : nothing}
      ${this.tally.length > 1 ? html`<div class="regions-tally" role="group" aria-label=${t('List only these labels')}>${this.tally.slice(0, CHIPS).map((entry) => this.#chip(entry))}</div>` : nothing}
      <div class="regions-list" @scroll=${this.#scroll}>
        <div class="regions-room" role=${this.deep ? 'tree' : 'listbox'} aria-label=${t('Regions')} aria-multiselectable="true" tabindex=${total ? 0 : -1} @keydown=${this.#keys} @focus=${this.#focused}
            aria-activedescendant=${at ? (at.type === 'region' ? `row-${at.region.id}` : `row-group-${this.at}`) : nothing} style=${styled({ height: `${rows.length * ROW + under}px` })}>
          ${rows.slice(first, last).map((row, place) => (row.type === 'region' ? regionRow(this, row, first + place, selected.has(row.region.id)) : groupRow(this, row, first + place, selected)))}
        </div>
        ${open >= 0 ? html`<div class="region-inside" style=${styled({ transform: `translateY(${(open + 1) * ROW}px)` })}>${this.inside}</div>` : nothing}
        ${total ? (rows.length ? nothing : html`<p class="regions-empty muted">${t('No region is like that.')} <button class="button button-small" type="button" @click=${() => this.#change({ ...ALL, group: this.listing.group, sort: this.listing.sort })}>${t('List all again')}</button></p>`)
          : html`<p class="regions-empty muted">${this.readonly ? t('Nothing is marked.') : this.#howTo()}</p>`}
      </div>`
  }

  /** @param {[string, string, number]} entry */
  #chip([label, color, count]) {
    const on = this.listing.labels.includes(label)
    const name = label ? this.labelText(this.#controlOf(label), label) : t('No label')
    const toggle = (/** @type {MouseEvent} */ event) => {
      const others = event.shiftKey || event.ctrlKey || event.metaKey ? this.listing.labels.filter((one) => one !== label) : []
      this.#change({ labels: on ? others : [...others, label] })
    }
    return html`<button class="chip" type="button" aria-pressed=${on} title=${t('List only {name}; with Shift several', { name })} style=${styled({ '--swatch': color })} @click=${toggle}>
      <span class="swatch"></span><span class="clip">${name}</span> <span class="number">${count.toLocaleString(locale())}</span></button>`
  }

  /** The control that a label is of. @param {string} label */
  #controlOf(label) {
    return this.plan?.controls.find((control) => control.options?.some((option) => option.stored === label))?.name ?? ''
  }

  #menu() {
    const has = { objects: (this.plan?.objects.length ?? 0) > 1 }
    return listingMenu(this.listing, has, (changes) => this.#change(changes), this.#menued)
  }

  /** Ends keeping the menu at its button. */
  #free = () => {}

  /** The menu opens under its button. @param {any} event */
  #menued = ({ target, newState }) => {
    this.#free()
    this.menu = newState === 'open'
    if (this.menu) this.#free = keepAt(target, /** @type {HTMLElement} */ (this.querySelector('.regions-sort')), { width: 248, height: 380 })
  }

  /** @param {Partial<Listing>} changes */
  #change(changes) {
    this.listing = { ...this.listing, ...changes }
    if (changes.group || changes.sort) changeSettings({ list_group: this.listing.group, list_sort: this.listing.sort })
  }

  /** @param {Event} event */
  #type(event) {
    this.#change({ text: /** @type {HTMLInputElement} */ (event.target).value })
  }

  #unfind() {
    this.finding = false
    this.#change({ text: '' })
  }

  /** @param {KeyboardEvent} event */
  #findKeys(event) {
    if (event.key === 'Escape') this.#unfind()
    else if (event.key === 'ArrowDown' || event.key === 'Enter') {
      this.at = 0
      this.#apply(pressed(this.rows, -1, -1, { key: 'ArrowDown', shift: false, ctrl: false }, 1))
    } else return
    event.preventDefault()
    event.stopPropagation()
    this.enter()
  }

  /** What to do first, in words for what this task has. */
  #howTo() {
    const makers = this.plan?.controls.filter((control) => control.shape || control.type.endsWith('labels')) ?? []
    const drawn = this.plan?.objects.filter((object) => makers.some((control) => control.to.includes(object.name) && objectView(object.type)?.draws.includes(kindOf(control, object))))
    const types = [...new Set(drawn?.map((object) => object.type))]
    const without = makers.some((control) => control.type.endsWith('labels')) ? 0 : 1
    const ways = [...new Set(types.flatMap((type) => WAYS[type]?.[without] ?? []))]
    return [t('Nothing marked yet.'), ...ways.map((way) => t(way))].join(' ')
  }

  // ---- acting: rows call these ----

  /** @param {string} key @param {boolean} open */
  fold(key, open) {
    this.closed = new Set(open ? [...this.closed].filter((one) => one !== key) : [...this.closed, key])
  }

  /** A press on a row: alone, one more, or all up to here. @param {number} at @param {MouseEvent} event */
  pick(at, event) {
    const row = this.rows[at]
    const ids = row.type === 'region' ? [row.region.id] : row.ids
    const range = event.shiftKey && this.#anchor >= 0
    this.at = at
    if (!range) this.#anchor = at
    this.#select(range ? between(this.rows, this.#anchor, at) : ids, !range && (event.shiftKey || event.ctrlKey || event.metaKey))
  }

  /** A press on a row may become a drag: onto another row, which becomes its parent, between two rows, or out of its parent. @param {PointerEvent} event @param {Region} region */
  grab(event, region) {
    if (this.readonly || /** @type {Element} */ (event.target).closest('.region-act, .region-fold')) return
    const { selection = [], regions = {} } = this.view ?? {}
    const moved = selection.includes(region.id) ? selection : [region.id]
    // Under a parent that is open come its children: there is no gap.
    const open = new Set(this.rows.flatMap((row) => (row.type === 'region' && row.children && row.open ? [row.key] : [])))
    const at = (/** @type {import('./region-drag.js').Place | null} */ place) => (place?.part === 'after' && open.has(place.id) ? { ...place, part: /** @type {const} */ ('onto') } : place)
    const means = (/** @type {import('./region-drag.js').Place} */ place) => dropped(regions, moved, place, this.listing.sort === 'order' && this.listing.group !== 'label', this.listing.group === 'parent')
    dragRow(event, this.#list, {
      over: (under) => {
        const place = at(under)
        const now = place?.id && means(place) ? place : null
        if (now?.id !== this.target?.id || now?.part !== this.target?.part) this.target = now
        this.classList.toggle('is-dragging', place !== null)
      },
      drop: (under) => {
        const place = at(under)
        const gesture = newId()
        for (const intent of (place && means(place)) ?? []) emit(this, { ...intent, gesture })
      },
    })
  }

  /** @param {string[]} regions @param {boolean} add */
  #select(regions, add) {
    emit(this, { type: 'select', regions, add })
    if (regions.length === 1) this.dispatchEvent(new CustomEvent('kite-reveal', { detail: { region: regions[0] }, bubbles: true }))
  }

  /** @param {string} region */
  hover(region) {
    this.dispatchEvent(new CustomEvent('kite-hover', { detail: { region }, bubbles: true }))
  }

  #scroll() {
    this.scrolled = this.#list.scrollTop
  }

  /** The keyboard comes to what is selected. */
  #focused() {
    const [id] = this.view?.selection ?? []
    if (id && this.at < 0) this.at = this.#anchor = this.#rowOf(id)
  }

  /** @param {ReturnType<typeof pressed>} made */
  #apply(made) {
    if (!made) return
    this.at = made.at
    if (made.anchor !== undefined) this.#anchor = made.anchor
    if (made.fold) this.fold(made.fold.key, made.fold.open)
    if (made.select) this.#select(made.select, !!made.add)
    this.#bring(made.at)
  }

  /** @param {KeyboardEvent} event */
  #keys(event) {
    if (event.altKey) return
    const page = Math.max(1, Math.floor(this.height / ROW) - 1)
    const made = pressed(this.rows, this.at, this.#anchor, { key: event.key, shift: event.shiftKey, ctrl: event.ctrlKey || event.metaKey }, page, getComputedStyle(this).direction === 'rtl')
    if (!made) return
    event.preventDefault()
    this.#apply(made)
  }
}
