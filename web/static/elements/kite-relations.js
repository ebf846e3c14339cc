import { LitElement, html, nothing } from 'lit'
import { locale, t, text } from '../app/texts.js'
import { emit } from './emit.js'
import { hoveredOf } from './hovered.js'
import { styled } from './styled.js'

/** @typedef {import('./types.js').Region} Region */
/** @typedef {{from: string, to: string, direction: string, labels: string[]}} Relation */

const STEP = 40 // entries that are added at a time
const CHIPS = 4 // labels that all stand in sight; more of them stand in a list
/** Directions in the order in which a press goes through them. */
const NEXT = { right: 'left', left: 'bi', bi: 'right' }
const SIGN = { right: '→', left: '←', bi: '↔' }
const WORDS = { right: text('Direction: from {from} to {to}. Press to change it'), left: text('Direction: from {to} to {from}. Press to change it'), bi: text('Direction: both ways between {from} and {to}. Press to change it') }

/** What belongs to what: from, direction, to, and the labels that the config offers. */
export class KiteRelations extends LitElement {
  static properties = { relations: { attribute: false }, regions: { attribute: false }, options: { attribute: false }, many: { type: Boolean }, nameOf: { attribute: false }, readonly: { type: Boolean }, drawn: { state: true } }

  constructor() {
    super()
    /** @type {Relation[]} */
    this.relations = []
    /** @type {Record<string, Region>} */
    this.regions = {}
    /** labels that a relation may have @type {import('./types.js').Option[]} */
    this.options = []
    /** a relation may have several labels */
    this.many = false
    /** @type {(region: Region) => string} */
    this.nameOf = (region) => region.labels.join(', ')
    this.readonly = false
    /** entries that exist: more come as one scrolls to them */
    this.drawn = STEP
  }
  #watch = new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting)) this.drawn += STEP
  }, { rootMargin: '200px' })

  createRenderRoot() {
    return this
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#watch.disconnect()
  }

  updated() {
    this.#watch.disconnect()
    const more = this.querySelector('.relations-more')
    if (more) this.#watch.observe(more)
  }

  render() {
    if (!this.relations.length) return nothing
    const rest = this.relations.length - this.drawn
    return html`<header class="panel-head"><h2>${t('Relations')} <span class="muted number">${this.relations.length.toLocaleString(locale())}</span></h2></header>
      <ul class="relations-list" aria-label=${t('Relations')}>${this.relations.slice(0, this.drawn).map((relation) => this.#entry(relation))}
        ${rest > 0 ? html`<li class="relation"><button class="button button-small relations-more" type="button" @click=${() => { this.drawn += STEP }}>${t('{n} more', { n: rest })}</button></li>` : nothing}</ul>`
  }

  /** @param {string} id */
  #name(id) {
    const region = this.regions[id]
    if (!region) return t('a region that is gone')
    const name = this.nameOf(region) || t('No label')
    return region.text ? `${name} “${region.text.slice(0, 40)}”` : `${name} ${region.provisional ? '' : region.n}`.trim()
  }

  /** @param {Relation} relation */
  #entry(relation) {
    const direction = /** @type {'right' | 'left' | 'bi'} */ (relation.direction in SIGN ? relation.direction : 'right')
    const [from, to] = [this.#name(relation.from), this.#name(relation.to)]
    const ends = { from: relation.from, to: relation.to }
    return html`<li class="relation" @pointerenter=${() => this.#hover([relation.from, relation.to])} @pointerleave=${() => this.#hover([])} @focusin=${() => this.#hover([relation.from, relation.to])} @focusout=${() => this.#hover([])}>
      <div class="relation-line">
        ${this.#end(relation.from, from)}
        <button class="button button-small relation-way" type="button" ?disabled=${this.readonly} aria-label=${t(WORDS[direction], { from, to })} title=${t(WORDS[direction], { from, to })}
          @click=${() => emit(this, { type: 'set_relation', ...ends, direction: NEXT[direction] })}>${SIGN[direction]}</button>
        ${this.#end(relation.to, to)}
        ${this.readonly ? nothing : html`<button class="button button-quiet button-icon button-small" type="button" aria-label=${t('Delete the relation of {from} and {to}', { from, to })} title=${t('Delete this relation')} @click=${() => emit(this, { type: 'unrelate', ...ends })}><kite-icon name="trash"></kite-icon></button>`}
      </div>
      ${this.#labels(relation)}
    </li>`
  }

  /** @param {string} id @param {string} name */
  #end(id, name) {
    return html`<button class="relation-end" type="button" title=${name} aria-label=${t('Select {name}', { name })} @click=${() => {
      emit(this, { type: 'select', regions: [id], add: false })
      this.dispatchEvent(new CustomEvent('kite-reveal', { detail: { region: id }, bubbles: true }))
    }}><span class="swatch" style=${styled({ '--swatch': this.regions[id]?.color ?? 'transparent' })}></span><span class="clip">${this.regions[id]?.text || name}</span></button>`
  }

  /** @param {Relation} relation */
  #labels(relation) {
    const labels = relation.labels ?? []
    const known = new Set(this.options.map((option) => option.stored))
    const others = labels.filter((label) => !known.has(label))
    if (this.readonly || !this.options.length) return labels.length ? html`<div class="relation-labels">${labels.map((label) => html`<span class="badge">${this.options.find((option) => option.stored === label)?.text ?? label}</span>`)}</div>` : nothing
    const free = this.options.filter((option) => !labels.includes(option.stored))
    const long = this.options.length > CHIPS
    return html`<div class="relation-labels" role="group" aria-label=${t('Labels of the relation')}>
      ${(long ? this.options.filter((option) => labels.includes(option.stored)) : this.options).map((option) => {
        const on = labels.includes(option.stored)
        return html`<button class="chip" type="button" aria-pressed=${on} style=${styled({ '--swatch': option.color })} @click=${() => this.#label(relation, option.stored, !on)}>${option.color ? html`<span class="swatch"></span>` : nothing}${option.text}</button>`
      })}
      ${long && free.length
        ? html`<select class="select" aria-label=${t('Add a label to the relation')} @change=${(/** @type {Event} */ event) => this.#add(relation, /** @type {HTMLSelectElement} */ (event.target))}><option value="">${t('Label …')}</option>${free.map((option) => html`<option value=${option.stored}>${option.text}</option>`)}</select>`
        : nothing}
      ${others.map((label) => html`<button class="chip" type="button" aria-pressed="true" @click=${() => this.#label(relation, label, false)}>${label}</button>`)}
    </div>`
  }

  /** @param {Relation} relation @param {HTMLSelectElement} field */
  #add(relation, field) {
    if (field.value) this.#label(relation, field.value, true)
    field.value = ''
  }

  /** @param {Relation} relation @param {string} label @param {boolean} on */
  #label(relation, label, on) {
    const rest = (relation.labels ?? []).filter((one) => one !== label)
    emit(this, { type: 'set_relation', from: relation.from, to: relation.to, labels: on ? [...(this.many ? rest : []), label] : rest })
  }

  /** @param {string[]} ids */
  #hover(ids) {
    this.dispatchEvent(new CustomEvent('kite-hover', { detail: { region: hoveredOf(ids) }, bubbles: true }))
  }
}
