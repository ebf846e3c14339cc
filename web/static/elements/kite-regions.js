import { LitElement, html, nothing } from 'lit'
import { emit } from './emit.js'
import { kindOf, objectView } from './object-views.js'
import { hovers } from './hovered.js'
import { visibleRows } from './virtual.js'
import { styled } from './styled.js'

/** @typedef {import('./types.js').Region} Region */

const ROW = 32 // pixels; surface.css has the same number
/** What to do first on each type of object. @type {Record<string, string>} */
const WAYS = {
  image: 'drag over the picture', text: 'select words in the text', hypertext: 'select words in the text', paragraphs: 'select words in the conversation', audio: 'drag over the sound', video: 'drag over the picture',
  timeseries: 'drag over the series', pdf: 'drag over the page', pointcloud: 'mark points', chat: 'write a message',
}

/** All regions of a task, in the order in which they were made: only the rows in sight exist. */
export class KiteRegions extends LitElement {
  static properties = {
    view: { attribute: false }, plan: { attribute: false }, problems: { attribute: false }, hovered: { attribute: false }, readonly: { type: Boolean }, nameOf: { attribute: false }, inside: { attribute: false }, inList: { attribute: false }, label: { state: true },
    scrolled: { state: true }, height: { state: true }, room: { state: true },
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
    /** @type {(region: Region) => string} */
    this.nameOf = (region) => region.labels.join(', ')
    /** questions about the selected region that stand in the list, under its row, drawn by the surface @type {unknown} */
    this.inside = nothing
    /** names of controls whose answers stand in the rows @type {string[]} */
    this.inList = []
    /** pixels that `inside` takes */
    this.room = 0
    /** only regions with this name are listed */
    this.label = ''
    this.scrolled = 0
    this.height = 320
    /** @type {Region[]} */
    this.rows = []
    /** @type {[string, string, number][]} name, colour, how many */
    this.tally = []
  }
  #revealed = ''
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
    if (!changed.has('view') && !changed.has('label')) return
    const all = Object.values(this.view?.regions ?? {}).sort((a, b) => a.n - b.n)
    /** @type {Map<string, [string, string, number]>} */
    const tally = new Map()
    for (const region of all) {
      const name = region.labels.join(', ') || 'No label'
      const entry = tally.get(name)
      if (entry) entry[2]++
      else tally.set(name, [name, region.color, 1])
    }
    this.tally = [...tally.values()].sort((a, b) => b[2] - a[2])
    if (this.label && !tally.has(this.label)) this.label = ''
    this.rows = this.label ? all.filter((region) => (region.labels.join(', ') || 'No label') === this.label) : all
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
    const at = id ? this.rows.findIndex((region) => region.id === id) : -1
    if (at < 0) return
    this.#bring(at)
  }

  /** Scrolls to a row. @param {number} at */
  #bring(at) {
    const list = this.#list
    const top = this.#top(at)
    if (top < list.scrollTop) list.scrollTop = top
    else if (top + ROW > list.scrollTop + list.clientHeight) list.scrollTop = top + ROW - list.clientHeight
  }

  /** Scrolls to the row of a region. @param {string} id */
  reveal(id) {
    const at = this.rows.findIndex((region) => region.id === id)
    if (at >= 0) this.#bring(at)
  }

  /** Where a row stands, in pixels: under what is asked about the selected one. @param {number} at */
  #top(at) {
    return at * ROW + (this.#open >= 0 && at > this.#open ? this.room : 0)
  }

  /** The row under which questions stand; -1: none. */
  get #open() {
    const { selection = [] } = this.view ?? {}
    return this.inside === nothing || selection.length !== 1 ? -1 : this.rows.findIndex((region) => region.id === selection[0])
  }

  render() {
    const { rows } = this
    const total = Object.keys(this.view?.regions ?? {}).length
    const open = this.#open
    const { first, last } = visibleRows(Math.max(0, this.scrolled - (open >= 0 ? this.room : 0)), this.height + (open >= 0 ? this.room : 0), ROW, rows.length)
    const selected = new Set(this.view?.selection)
    const hidden = total > 0 && rows.every((region) => region.hidden)
    return html`<header class="panel-head">
        <h2>Regions <span class="muted number">${total.toLocaleString()}</span></h2>
        ${total
          ? html`<button class="button button-quiet button-icon button-small" type="button" title=${hidden ? 'Show all' : 'Hide all'} aria-label=${hidden ? 'Show all regions' : 'Hide all regions'} aria-pressed=${hidden}
              @click=${() => emit(this, { type: 'mark', regions: rows.map((region) => region.id), hidden: !hidden })}><kite-icon name=${hidden ? 'eye-off' : 'eye'}></kite-icon></button>`
          : nothing}
      </header>
      ${this.tally.length > 1
        ? html`<div class="regions-tally">${this.tally.slice(0, 12).map(
            ([name, color, count]) => html`<button class="chip" type="button" aria-pressed=${this.label === name} title=${`List only ${name}`} style=${styled({ '--swatch': color })}
              @click=${() => { this.label = this.label === name ? '' : name }}><span class="swatch"></span><span class="clip">${name}</span> <span class="number">${count.toLocaleString()}</span></button>`,
          )}</div>`
        : nothing}
      <div class="regions-list" @scroll=${this.#scroll}>
        <div class="regions-room" role="listbox" aria-label="Regions" aria-multiselectable="true" tabindex=${total ? 0 : -1} @keydown=${this.#keys} aria-activedescendant=${selected.size ? `row-${[...selected][0]}` : nothing}
            style=${styled({ height: `${rows.length * ROW + (open >= 0 ? this.room : 0)}px` })}>
          ${rows.slice(first, last).map((region, at) => this.#row(region, first + at, selected.has(region.id)))}
        </div>
        ${open >= 0 ? html`<div class="region-inside" style=${styled({ transform: `translateY(${(open + 1) * ROW}px)` })}>${this.inside}</div>` : nothing}
        ${total ? nothing : html`<p class="regions-empty muted">${this.readonly ? 'Nothing is marked.' : this.#howTo()}</p>`}
      </div>`
  }

  /** What to do first, in words for what this task has. */
  #howTo() {
    const makers = this.plan?.controls.filter((control) => control.shape || control.type.endsWith('labels')) ?? []
    const drawn = this.plan?.objects.filter((object) => makers.some((control) => control.to.includes(object.name) && objectView(object.type)?.draws.includes(kindOf(control, object))))
    const types = [...new Set(drawn?.map((object) => object.type))]
    const ways = [...new Set(types.flatMap((type) => WAYS[type] ?? []))]
    if (!ways.length) return 'Nothing marked yet.'
    const label = makers.some((control) => control.type.endsWith('labels')) ? 'Pick a label, then ' : ''
    const how = `${label}${ways.join(' or ')}.`
    return `Nothing marked yet. ${how[0].toUpperCase()}${how.slice(1)}`
  }

  /** @param {Region} region @param {number} at @param {boolean} selected */
  #row(region, at, selected) {
    const name = this.nameOf(region) || 'No label'
    const frozen = this.readonly || region.readonly
    const missing = this.problems.find((problem) => problem.region === region.id)?.message
    const n = region.provisional ? '' : region.n
    return html`<div class="region ${selected ? 'is-selected' : ''} ${hovers(this.hovered, region.id) ? 'is-hovered' : ''} ${region.hidden ? 'is-hidden' : ''}" id=${`row-${region.id}`} role="option"
        aria-selected=${selected} aria-label=${`${n}: ${name}${region.text ? `, “${region.text.slice(0, 80)}”` : ''}${region.hidden ? ', hidden' : ''}${region.locked ? ', locked' : ''}${missing ? `, ${missing}` : ''}`}
        aria-posinset=${at + 1} aria-setsize=${this.rows.length} style=${styled({ '--swatch': region.color, transform: `translateY(${this.#top(at)}px)` })}
        @click=${(/** @type {MouseEvent} */ event) => this.#select(region, event.shiftKey || event.ctrlKey || event.metaKey)}
        @pointerenter=${() => this.#hover(region.id)} @pointerleave=${() => this.#hover('')}>
      <span class="region-n number">${n}</span><span class="swatch"></span>
      <span class="clip"><span class="region-name">${name}</span>${region.text ? html` <span class="muted">${region.text.slice(0, 80)}</span>` : nothing}${this.#answers(region)}</span>
      ${missing ? html`<kite-icon class="region-missing" name="problem" title=${missing}></kite-icon>` : nothing}
      ${region.note ? html`<kite-icon class="muted" name="edit" label="has a note"></kite-icon>` : nothing}
      ${this.#acts(region, selected, !!frozen)}
    </div>`
  }

  /** Answers about a region that the config wants in the list. @param {Region} region */
  #answers(region) {
    const texts = this.inList.flatMap((name) => words(region.answers?.[name]))
    return texts.length ? html` <span class="region-said">${texts.join(', ').slice(0, 80)}</span>` : nothing
  }

  /** Buttons of a row, made only where they are seen: rows must be cheap to scroll through.
   * @param {Region} region @param {boolean} selected @param {boolean} frozen */
  #acts(region, selected, frozen) {
    if (!selected && this.hovered !== region.id && !region.hidden && !region.locked) return nothing
    return html`<span class="region-acts">
        ${this.#act(region.hidden ? 'eye-off' : 'eye', region.hidden ? 'Show' : 'Hide', !!region.hidden, () => emit(this, { type: 'mark', regions: [region.id], hidden: !region.hidden }))}
        ${frozen ? nothing : this.#act(region.locked ? 'lock' : 'lock-open', region.locked ? 'Unlock' : 'Lock', !!region.locked, () => emit(this, { type: 'mark', regions: [region.id], locked: !region.locked }))}
        ${frozen || region.locked ? nothing : this.#act('trash', 'Delete', false, () => emit(this, { type: 'delete', regions: [region.id] }))}
      </span>`
  }

  /** Buttons of a row are for the pointer; keys and the section below do the same for the selected region.
   * @param {string} icon @param {string} title @param {boolean} on @param {() => void} run */
  #act(icon, title, on, run) {
    return html`<span class="region-act ${on ? 'is-on' : ''}" title=${title} @click=${(/** @type {Event} */ event) => { event.stopPropagation(); run() }}><kite-icon name=${icon}></kite-icon></span>`
  }

  #scroll() {
    this.scrolled = this.#list.scrollTop
  }

  /** @param {Region} region @param {boolean} add */
  #select(region, add) {
    emit(this, { type: 'select', regions: [region.id], add })
    this.dispatchEvent(new CustomEvent('kite-reveal', { detail: { region: region.id }, bubbles: true }))
  }

  /** @param {string} region */
  #hover(region) {
    this.dispatchEvent(new CustomEvent('kite-hover', { detail: { region }, bubbles: true }))
  }

  /** @param {KeyboardEvent} event */
  #keys(event) {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (!step || event.altKey || event.ctrlKey || event.metaKey || !this.rows.length) return
    event.preventDefault()
    const [id] = this.view?.selection ?? []
    const at = this.rows.findIndex((region) => region.id === id)
    this.#select(this.rows[Math.min(Math.max(at + step, 0), this.rows.length - 1)], event.shiftKey)
  }
}

/** An answer in a few words. @param {any} answer @returns {string[]} */
function words(answer) {
  if (!answer) return []
  if (answer.rating) return ['★'.repeat(answer.rating)]
  const said = answer.text ?? answer.choices ?? answer.taxonomy ?? answer.number ?? answer.datetime ?? []
  return (Array.isArray(said) ? said : [said]).map((one) => (Array.isArray(one) ? one.at(-1) : String(one)))
}
