import { LitElement, html, nothing, svg } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { t } from '../app/texts.js'
import css from '../styles/arcs.css' with { type: 'text' }
import { emit } from './emit.js'
import { hoveredOf, hovers } from './hovered.js'
import { planArcs, routeArcs } from './relation-arcs.js'
import { adopt } from './sheet.js'
import { styled } from './styled.js'

/** @typedef {import('./relation-arcs.js').Arc} Arc */
/** @typedef {import('./relation-arcs.js').Place} Place */
/** @typedef {import('./types.js').Region} Region */

adopt(css)

const KEYED = 9 // labels that have a digit
/** @type {Record<string, string>} directions in the order in which a key goes through them */
const NEXT = { right: 'left', left: 'bi', bi: 'right' }
/** @type {Record<string, string>} */
const SIGN = { right: '→', left: '←', bi: '↔' }
/** @type {Record<string, string>} */
const DELETES = { Delete: 'yes', Backspace: 'yes' }

/**
 * @typedef {object} ArcsGiven
 * @property {readonly import('./relation-arcs.js').Relation[]} relations
 * @property {ReadonlyMap<string, Place>} places of regions that are in sight, and those related to them
 * @property {Record<string, Region>} regions
 * @property {import('./types.js').Option[]} options labels that a relation may have
 * @property {boolean} many a relation may have several labels
 * @property {string} hovered
 * @property {(region: Region) => string} nameOf
 * @property {boolean} readonly
 * @property {number} width of the page @property {number} gutter of its margins
 */

/**
 * Relations as arcs over a text. The last child of a page that is positioned; it covers nothing but its arcs. Whoever lays the text out calls
 * `show`, makes the room that it asks for, measures again and calls `place`.
 */
export class KiteArcs extends LitElement {
  static properties = { arcs: { state: true }, chosen: { state: true } }

  constructor() {
    super()
    /** @type {Arc[]} */
    this.arcs = []
    /** key of the arc that is worked on; empty: none */
    this.chosen = ''
  }
  /** @type {import('./relation-arcs.js').Plan[]} */
  #plans = []
  /** @type {ArcsGiven | null} */
  #given = null

  /** A press beside it lets go of the arc. @param {PointerEvent} event */
  #outside = (event) => {
    if (this.chosen && !this.contains(/** @type {Node} */ (event.target))) this.chosen = ''
  }

  createRenderRoot() {
    return this
  }

  connectedCallback() {
    super.connectedCallback()
    document.addEventListener('pointerdown', this.#outside)
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    document.removeEventListener('pointerdown', this.#outside)
  }

  /** Finds lanes for all arcs. @param {ArcsGiven} given @returns {Map<number | string, number>} pixels that lines need above them, by their keys */
  show(given) {
    this.#given = given
    const { plans, room } = planArcs(given.relations, given.places, { width: given.width, gutter: given.gutter, textOf: (relation, far) => this.#textOf(relation, far) })
    this.#plans = plans
    this.#route(given.places)
    return room
  }

  /** Lines have got their room: ends are elsewhere. @param {ReadonlyMap<string, Place>} places */
  place(places) {
    if (this.#given) this.#route(places)
  }

  /** @param {ReadonlyMap<string, Place>} places */
  #route(places) {
    const { width, gutter } = /** @type {ArcsGiven} */ (this.#given)
    this.arcs = routeArcs(this.#plans, places, { width, gutter })
    this.requestUpdate()
  }

  /** Moves the keyboard to the first arc of a region, else to the first one. @param {string} [id] @returns {boolean} whether there is one */
  focusArc(id = '') {
    const arc = this.arcs.find(({ relation }) => relation.from === id || relation.to === id) ?? (id ? undefined : this.arcs[0])
    if (arc) this.#focus(arc.key)
    return !!arc
  }

  /** @param {string} key */
  #focus(key) {
    /** @type {SVGGElement | null} */ (this.querySelector(`[data-key="${CSS.escape(key)}"]`))?.focus()
  }

  /** @param {import('./relation-arcs.js').Relation} relation @param {string} [far] */
  #textOf(relation, far) {
    const given = /** @type {ArcsGiven} */ (this.#given)
    const label = (relation.labels ?? []).map((stored) => given.options.find((option) => option.stored === stored)?.text ?? stored).join(', ')
    if (!far) return label
    return label ? `${label} · ${far}` : far
  }

  /** @param {string} id */
  #called(id) {
    const given = /** @type {ArcsGiven} */ (this.#given)
    const region = given.regions[id]
    if (!region) return t('a region that is gone')
    return region.text ? `“${region.text.slice(0, 40)}”` : given.nameOf(region)
  }

  /** @param {Arc} arc */
  #wording({ relation, text }) {
    const names = { from: this.#called(relation.from), to: this.#called(relation.to), label: text || t('no label') }
    if (relation.direction === 'left') return t('Relation from {to} to {from}: {label}', names)
    return relation.direction === 'bi' ? t('Relation between {from} and {to}: {label}', names) : t('Relation from {from} to {to}: {label}', names)
  }

  render() {
    const given = this.#given
    if (!given || !this.arcs.length) return nothing
    const stop = this.arcs.some(({ key }) => key === this.chosen) ? this.chosen : this.arcs[0].key
    const chosen = this.arcs.find(({ key }) => key === this.chosen)
    return html`<svg class="arcs" role="group" aria-label=${t('Relations')}>${repeat(this.arcs, ({ key }) => key, (arc) => this.#arc(arc, given, arc.key === stop))}</svg>
      ${chosen && !given.readonly ? this.#tools(chosen, given) : nothing}`
  }

  /** @param {Arc} arc @param {ArcsGiven} given @param {boolean} stop the arc that Tab goes to */
  #arc(arc, given, stop) {
    const { relation } = arc
    const lit = hovers(given.hovered, relation.from) && hovers(given.hovered, relation.to)
    const color = given.options.find((option) => option.stored === relation.labels?.[0])?.color
    return svg`<g class="arc ${lit ? 'is-lit' : ''} ${arc.key === this.chosen ? 'is-chosen' : ''} ${arc.stub ? 'is-stub' : ''}" data-key=${arc.key} role="button" tabindex=${stop ? 0 : -1} aria-label=${this.#wording(arc)}
      aria-pressed=${arc.key === this.chosen} style=${styled({ '--arc': color || 'var(--text-soft)' })}
      @pointerenter=${() => this.#hover(relation)} @pointerleave=${() => this.#hover(null)} @focus=${() => this.#hover(relation)} @blur=${() => this.#hover(null)}
      @pointerdown=${(/** @type {Event} */ event) => event.stopPropagation()} @click=${() => this.#press(arc)} @keydown=${(/** @type {KeyboardEvent} */ event) => this.#key(event, arc)}>
      <path class="arc-hit" d=${arc.path}></path><path class="arc-line" d=${arc.path}></path><path class="arc-head" d=${arc.arrows}></path>
      ${arc.text ? svg`<text class="arc-text" x=${arc.x} y=${arc.y + 3.5}>${arc.text}</text>` : nothing}
    </g>`
  }

  /** What can be done to the arc that is chosen, beside it. @param {Arc} arc @param {ArcsGiven} given */
  #tools(arc, given) {
    const { relation } = arc
    const ends = { from: relation.from, to: relation.to }
    const left = Math.max(4, Math.min(arc.x, given.width - 240))
    return html`<div class="arc-tools" role="toolbar" aria-label=${t('This relation')} style=${styled({ left: `${left}px`, top: `${arc.y + 10}px` })} @pointerdown=${(/** @type {Event} */ event) => event.stopPropagation()}
      @keydown=${(/** @type {KeyboardEvent} */ event) => this.#key(event, arc)}>
      <button class="button button-small" type="button" title=${t('Change the direction (Space)')} aria-label=${t('Change the direction')} @click=${() => this.#turn(arc)}>${SIGN[relation.direction] ?? SIGN.right}</button>
      ${given.options.slice(0, KEYED).map((option, at) => html`<button class="chip" type="button" aria-pressed=${!!relation.labels?.includes(option.stored)} style=${styled({ '--swatch': option.color ?? '' })}
        @click=${() => this.#label(arc, option.stored)}>${option.color ? html`<span class="swatch"></span>` : nothing}${option.text} <kbd class="kbd">${at + 1}</kbd></button>`)}
      <button class="button button-quiet button-icon button-small" type="button" title=${t('Delete this relation (Delete)')} aria-label=${t('Delete this relation')} @click=${() => emit(this, { type: 'unrelate', ...ends })}><kite-icon name="trash"></kite-icon></button>
    </div>`
  }

  /** @param {import('./relation-arcs.js').Relation | null} relation */
  #hover(relation) {
    this.dispatchEvent(new CustomEvent('kite-hover', { detail: { region: relation ? hoveredOf([relation.from, relation.to]) : '' }, bubbles: true }))
  }

  /** The first press chooses it; of one that leaves the window, it goes there. @param {Arc} arc */
  #press(arc) {
    const again = this.chosen === arc.key
    this.chosen = arc.key
    this.#focus(arc.key)
    if (arc.stub || again) this.#follow(arc)
  }

  /** Shows the end that is further away. @param {Arc} arc */
  #follow({ relation }) {
    const places = /** @type {ArcsGiven} */ (this.#given).places
    const far = [relation.to, relation.from].find((id) => 'far' in (places.get(id) ?? {})) ?? relation.to
    this.dispatchEvent(new CustomEvent('kite-reveal', { detail: { region: far }, bubbles: true }))
  }

  /** @param {Arc} arc */
  #turn({ relation }) {
    if (!this.#given?.readonly) emit(this, { type: 'set_relation', from: relation.from, to: relation.to, direction: NEXT[relation.direction] ?? 'right' })
  }

  /** @param {Arc} arc @param {string} label */
  #label({ relation }, label) {
    const labels = relation.labels ?? []
    const rest = labels.filter((one) => one !== label)
    const on = !labels.includes(label)
    emit(this, { type: 'set_relation', from: relation.from, to: relation.to, labels: on ? [...(this.#given?.many ? rest : []), label] : rest })
  }

  /** @param {KeyboardEvent} event @param {Arc} arc */
  #key(event, arc) {
    const given = /** @type {ArcsGiven} */ (this.#given)
    const onButton = /** @type {Element} */ (event.target).matches('button')
    if (event.ctrlKey || event.metaKey || event.altKey || (onButton && (event.key === 'Enter' || event.key === ' '))) return
    const digit = /^[1-9]$/.test(event.key) ? given.options[Number(event.key) - 1] : undefined
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key]
    if (event.key === 'Escape') {
      this.chosen = ''
      this.closest(/** @type {'div'} */ ('[tabindex="0"]'))?.focus({ preventScroll: true })
    } else if (step && !onButton) {
      const at = this.arcs.findIndex(({ key }) => key === arc.key)
      const next = this.arcs[(at + step + this.arcs.length) % this.arcs.length]
      if (this.chosen) this.chosen = next.key
      this.#focus(next.key)
    } else if (event.key === 'Enter') this.#press(arc)
    else if (given.readonly) return
    else if (event.key === ' ') {
      this.chosen = arc.key
      this.#turn(arc)
    } else if (digit) {
      this.chosen = arc.key
      this.#label(arc, digit.stored)
    } else if (event.key in DELETES) {
      const at = this.arcs.findIndex(({ key }) => key === arc.key)
      const next = this.arcs[at + 1] ?? this.arcs[at - 1]
      emit(this, { type: 'unrelate', from: arc.relation.from, to: arc.relation.to })
      if (next) this.#focus(next.key)
      else this.closest(/** @type {'div'} */ ('[tabindex="0"]'))?.focus({ preventScroll: true })
    } else return
    event.preventDefault()
    event.stopPropagation()
  }
}
