import { LitElement, html, nothing } from 'lit'
import { live } from 'lit/directives/live.js'
import { newId } from '../app/ids.js'
import { t, text, told } from '../app/texts.js'
import { keepAt } from './dropdown.js'
import { emit } from './emit.js'
import { turned } from './geometry.js'
import { printed } from './keys.js'
import { keysOf } from './own-keys.js'
import { boxOf, numbered, shapeOf } from './region-numbers.js'
import { originOf, tally } from './region-rows.js'
import { styled } from './styled.js'

/** @typedef {import('./types.js').Region} Region */
/** @typedef {import('./commands.js').Command} Command */

const MAC = /Mac|iPhone|iPad/.test(navigator.platform)
/** @type {never[]} */
const NONE = []
/** Buttons that are always there; all else is in the menu beside them. */
const BUTTONS = ['region.relate', 'region.duplicate', 'region.delete']
/** Of several regions. */
const MANY = ['region.group', 'region.hide', 'region.lock', 'region.duplicate', 'region.delete']
/** What is asked for whenever something is selected; ten thousand regions may be. */
const ALWAYS = new Set([...BUTTONS, ...MANY, 'region.note'])
/** @type {Record<string, string>} */
const ICONS = { 'region.relate': 'link', 'region.duplicate': 'copy', 'region.delete': 'trash', 'region.hide': 'eye', 'region.lock': 'lock', 'region.group': 'group' }
/** @type {Record<string, string>} */
const ORIGINS = { suggestion: text('Suggested'), prediction: text('From a prediction'), changed: text('From a prediction, changed'), manual: text('Made by hand') }

/** What is selected: one region with the config's questions about it, its note, where it is in pixels; or several, and what can be done with them all. */
export class KiteRegion extends LitElement {
  static properties = {
    region: { attribute: false }, others: { attribute: false }, size: { attribute: false }, readonly: { type: Boolean }, questions: { attribute: false }, relates: { type: Boolean }, textOf: { attribute: false }, problems: { attribute: false }, acts: { attribute: false },
    menu: { state: true },
  }

  constructor() {
    super()
    /** @type {Region | undefined} */
    this.region = undefined
    /** all that are selected, where they are several @type {Region[]} */
    this.others = NONE
    /** @type {{width: number, height: number} | undefined} natural pixels of its image */
    this.size = undefined
    this.readonly = false
    /** there is another region that it can be related to */
    this.relates = false
    /** the config's questions about this region, drawn by the surface @type {unknown} */
    this.questions = nothing
    /** @type {(region: Region) => string} */
    this.textOf = (region) => region.labels.join(', ')
    /** what stands before a submit @type {import('./types.js').Problem[]} */
    this.problems = NONE
    /** commands on what is selected that are possible now, all or some by their ids @type {(only?: ReadonlySet<string>) => Command[]} */
    this.acts = () => NONE
    /** what is in the menu while it is open @type {Command[]} */
    this.menu = NONE
    this.gesture = ''
  }
  /** The field that somebody writes in, and the region it is about: what is drawn anew leaves it alone. */
  #typing = { field: '', region: '' }
  /** Those of them that are always there. @type {Map<string, Command>} */
  #possible = new Map()
  /** Ends keeping the menu at its button. */
  #free = () => {}

  createRenderRoot() {
    return this
  }

  render() {
    const { region, others } = this
    if (!region) return nothing
    this.#possible = new Map(this.acts(ALWAYS).map((row) => [row.id, row]))
    const fixed = this.readonly || !!region.readonly || !!region.locked
    return html`<header class="panel-head">
        <h2>${others.length ? t('{n} regions', { n: others.length }) : t('This region')}</h2>
        <span class="row panel-acts">${this.#buttons(others.length > 0)}
          <button class="button button-quiet button-icon button-small region-more" type="button" title=${t('More')} aria-label=${t('More to do with it')} aria-expanded=${this.menu.length > 0} popovertarget="region-menu"><kite-icon name="more"></kite-icon></button></span>
      </header>
      ${this.#menu()}
      ${others.length ? this.#many() : this.#about(region)}
      ${this.questions}
      ${others.length ? nothing : html`<div class="region-detail">
        <label class="field"><span class="field-label">${t('Note')}</span><input class="input region-note" dir="auto" name="note" .value=${live(this.#kept('note', region.note ?? ''))} ?disabled=${fixed} placeholder=${t('Anything a reader should know')} title=${this.#key('region.note', t('Note'))}
          @input=${this.#types} @focusout=${this.#typed} @focus=${() => { this.gesture = newId() }} @change=${(/** @type {Event} */ event) => emit(this, { type: 'note', region: region.id, text: /** @type {HTMLInputElement} */ (event.target).value, gesture: this.gesture })} /></label>
        ${this.#box(region, fixed)}
      </div>`}`
  }

  /** @param {Region} region */
  #about(region) {
    const faults = this.problems.filter((problem) => problem.region === region.id)
    const origin = originOf(region)
    return html`<div class="region-detail">
      <p class="row"><span class="swatch" style=${styled({ '--swatch': region.color })}></span><strong>${this.textOf(region) || t('No label')}</strong>
        ${region.locked ? html`<span class="badge">${t('locked')}</span>` : nothing}${region.readonly ? html`<span class="badge">${t('cannot be changed')}</span>` : nothing}</p>
      <p class="muted small">${t(ORIGINS[origin])}${typeof region.score === 'number' ? html` · ${t('score {score}', { score: region.score.toFixed(2) })}` : nothing}</p>
      ${region.suggestion && !this.readonly ? html`<p class="row"><button class="button button-small" type="button" @click=${() => emit(this, { type: 'accept', regions: [region.id] })}><kite-icon name="check"></kite-icon>${t('Accept')}</button>
        <button class="button button-small" type="button" @click=${() => emit(this, { type: 'reject', regions: [region.id] })}><kite-icon name="close"></kite-icon>${t('Reject')}</button></p>` : nothing}
      ${region.text ? html`<blockquote class="region-quote" dir="auto">${region.text}</blockquote>` : nothing}
      ${faults.map((fault) => html`<p class="region-fault"><kite-icon name="problem"></kite-icon><span>${told(fault.message)}</span></p>`)}
    </div>`
  }

  /** Several regions: how many of each label; labels above the data give them all another one. */
  #many() {
    return html`<div class="region-detail"><ul class="region-many">${tally(this.others).map(([label, color, count]) => {
      const one = this.others.find((region) => region.labels.includes(label))
      return html`<li><span class="swatch" style=${styled({ '--swatch': color })}></span><span class="clip">${label && one ? this.textOf({ ...one, labels: [label] }) : t('No label')}</span><span class="number muted">${count}</span></li>`
    })}</ul>${this.readonly ? nothing : html`<p class="muted small">${t('Press a label to give it to all of them.')}</p>`}</div>`
  }

  /** @param {boolean} many */
  #buttons(many) {
    const rows = this.#possible
    return (many ? MANY : BUTTONS).flatMap((id) => {
      const row = rows.get(id)
      if (!row || (id === 'region.relate' && !this.relates)) return []
      const words = t(row.does)
      return [html`<button class="button button-quiet button-icon button-small ${id === 'region.relate' ? 'relation-start' : ''}" type="button" title=${this.#key(id, words)} aria-label=${words} @click=${() => this.#run(row)}><kite-icon name=${ICONS[id]}></kite-icon></button>`]
    })
  }

  /** Words with the key in brackets. @param {string} id @param {string} words */
  #key(id, words) {
    const row = this.#possible.get(id)
    const keys = row && printed(keysOf(row), MAC)
    return keys ? `${words} (${keys})` : words
  }

  #menu() {
    return html`<div class="menu region-menu" id="region-menu" popover role="menu" aria-label=${t('More to do with it')} @beforetoggle=${this.#toggled} @keydown=${this.#menuKeys}>${this.menu.map((row) => html`<button class="menu-item" type="button" role="menuitem" tabindex="-1" @click=${() => this.#run(row)}>
      <span class="grow">${t(row.does)}</span>${keysOf(row) ? html`<kbd class="kbd">${printed(keysOf(row), MAC)}</kbd>` : nothing}</button>`)}</div>`
  }

  /** @param {any} event */
  #toggled = ({ target, newState }) => {
    this.#free()
    this.menu = newState === 'open' ? this.acts() : NONE
    if (newState !== 'open') return
    this.#free = keepAt(target, /** @type {HTMLElement} */ (this.querySelector('.region-more')), { width: 300, height: 560 })
    void this.updateComplete.then(() => /** @type {HTMLElement | null} */ (this.querySelector('[role=menuitem]'))?.focus())
  }

  /** @param {KeyboardEvent} event */
  #menuKeys(event) {
    const items = /** @type {HTMLElement[]} */ ([...this.querySelectorAll('[role=menuitem]')])
    const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement))
    const to = { ArrowDown: (at + 1) % items.length, ArrowUp: (at - 1 + items.length) % items.length, Home: 0, End: items.length - 1 }[event.key]
    event.stopPropagation() // the surface's own keys would act on the regions
    if (to === undefined) return
    event.preventDefault()
    items[to]?.focus()
  }

  /** @param {Command} command */
  #run(command) {
    const menu = /** @type {HTMLElement | null} */ (this.querySelector('#region-menu'))
    if (menu?.matches(':popover-open')) menu.hidePopover()
    this.dispatchEvent(new CustomEvent('kite-command', { detail: { command }, bubbles: true }))
  }

  /** Where it is, in pixels of the picture. @param {Region} region @param {boolean} fixed */
  #box(region, fixed) {
    const box = this.size && boxOf(region, this.size)
    if (!box) return nothing
    return html`<div class="region-numbers">${numbered(region).map(
      ([key, sign, name, unit]) => html`<label title=${t(name)}><span aria-hidden="true">${sign}</span>
        <input class="input number" type="number" step=${unit === '°' ? '1' : 'any'} aria-label=${t(name)} name=${key} .value=${live(this.#kept(key, String(Math.round(box[key] * 10) / 10)))} ?disabled=${fixed}
          @input=${this.#types} @focusout=${this.#typed} @keydown=${(/** @type {KeyboardEvent} */ event) => { if (event.key === 'Escape') this.#typed() }}
          @change=${(/** @type {Event} */ event) => this.#move(region, box, key, /** @type {HTMLInputElement} */ (event.target).valueAsNumber)} /></label>`,
    )}</div>`
  }

  /** What a field shows: what somebody is writing there, else what is so. @param {string} field @param {string} value */
  #kept(field, value) {
    const { field: name, region } = this.#typing
    if (name !== field || region !== this.region?.id) return value
    return /** @type {HTMLInputElement | null} */ (this.querySelector(`input[name="${field}"]`))?.value ?? value
  }

  #types = (/** @type {Event} */ event) => {
    this.#typing = { field: /** @type {HTMLInputElement} */ (event.target).name, region: this.region?.id ?? '' }
  }

  #typed = () => {
    this.#typing = { field: '', region: '' }
    this.requestUpdate()
  }

  /** Turned about its centre, as by hand. @param {Region} region @param {import('./geometry.js').Box} box @param {keyof import('./geometry.js').Box} key @param {number} value */
  #move(region, box, key, value) {
    this.#typed()
    const next = key === 'r' && region.kind === 'rectangle' && Number.isFinite(value) ? turned(box, value) : { ...box, [key]: value }
    const shape = this.size && shapeOf(region, next, this.size)
    if (shape) emit(this, { type: 'edit_region', region: region.id, shape })
  }
}
