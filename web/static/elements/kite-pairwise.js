import { html, nothing } from 'lit'
import { live } from 'lit/directives/live.js'
import { t } from '../app/texts.js'
import { AnswerElement } from './answer-element.js'
import { safeStyle } from './config-style.js'
import { marks } from './surface-layout.js'

const SIDES = /** @type {const} */ (['left', 'right'])
const KEYS = { left: '←', right: '→' }

/**
 * Which of two objects: radio buttons here, and the two objects themselves, wherever in the page they stand, become cards that can be
 * clicked. `answer` is {selected: 'left' | 'right'}; left is the first that the config names.
 */
export class KitePairwise extends AnswerElement {
  static properties = { titles: { attribute: false } }

  constructor() {
    super()
    /** what people call the two objects @type {[string, string]} */
    this.titles = [t('Left'), t('Right')]
  }
  /** @type {AbortController | null} */
  #gone = null
  /** properties of the config's selectionStyle that stand on a frame @type {Map<HTMLElement, string[]>} */
  #painted = new Map()
  /** views that hold the two frames @type {Set<HTMLElement>} */
  #holders = new Set()

  connectedCallback() {
    super.connectedCallback()
    this.#gone = new AbortController()
    const surface = this.closest('kite-surface')
    const { signal } = this.#gone
    surface?.addEventListener('click', (event) => this.#press(/** @type {MouseEvent} */ (event)), { signal })
    surface?.addEventListener('keydown', (event) => this.#key(/** @type {KeyboardEvent} */ (event)), { signal, capture: true })
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#gone?.abort()
    for (const frame of this.#painted.keys()) this.#mark(frame, '', false)
    this.#painted.clear()
    this.#markHolders([])
  }

  updated() {
    const frames = this.#frames
    for (const frame of this.#painted.keys()) if (!frames.includes(frame)) this.#mark(frame, '', false)
    for (const [at, side] of SIDES.entries()) if (frames[at]) this.#mark(frames[at], side, this.answer?.selected === side)
    this.#markHolders(frames)
  }

  /** Views that hold the frames are told: a style that looks for its children restyles all of them with every element that comes or goes. @param {HTMLElement[]} frames */
  #markHolders(frames) {
    const holders = new Set(frames.flatMap((frame) => frame.parentElement ?? []))
    for (const holder of this.#holders) if (!holders.has(holder)) holder.removeAttribute('data-pairs')
    for (const holder of holders) holder.dataset.pairs = frames.length === 2 && holders.size === 1 ? 'both' : 'one'
    this.#holders = holders
  }

  /** The two objects, where they stand. @returns {HTMLElement[]} */
  get #frames() {
    const surface = this.closest('kite-surface')
    return (this.control?.to ?? []).slice(0, 2).flatMap((name) => /** @type {HTMLElement | null} */ (surface?.querySelector(`.frame[data-name="${CSS.escape(name)}"]`)) ?? [])
  }

  /** Dresses a frame. @param {HTMLElement} frame @param {'left' | 'right' | ''} side @param {boolean} chosen */
  #mark(frame, side, chosen) {
    for (const property of this.#painted.get(frame) ?? []) frame.style.removeProperty(property)
    const { selection_style: style, left_class: left, right_class: right } = this.given
    for (const name of [left, right]) if (name) frame.classList.remove(...String(name).split(/\s+/).filter(Boolean))
    frame.toggleAttribute('data-chosen', chosen)
    if (!side) {
      delete frame.dataset.pair
      delete frame.dataset.title
      return
    }
    frame.dataset.pair = side
    frame.dataset.title = this.titles[side === 'left' ? 0 : 1]
    const own = side === 'left' ? left : right
    if (own) frame.classList.add(...String(own).split(/\s+/).filter(Boolean))
    const paint = chosen && style && typeof style === 'object' ? safeStyle(style) : {}
    for (const [property, value] of Object.entries(paint)) frame.style.setProperty(property, value)
    this.#painted.set(frame, Object.keys(paint))
  }

  render() {
    if (!this.control) return nothing
    const chosen = this.answer?.selected
    return html`<fieldset class="pair" aria-describedby=${this.problem ? `${this.serial}-problem` : nothing}>
      <legend class="visually-hidden">${this.heading}</legend>
      ${SIDES.map((side, at) => html`<label class="choice pair-choice" title=${side === 'left' ? t('Left: key {key}, or click it', { key: KEYS[side] }) : t('Right: key {key}, or click it', { key: KEYS[side] })}>
        <input type="radio" name=${this.serial} .checked=${live(chosen === side)} ?disabled=${this.readonly} aria-keyshortcuts=${side === 'left' ? 'ArrowLeft' : 'ArrowRight'} @click=${() => this.choose(side)} />
        <span class="choice-name">${this.titles[at]}</span>${this.readonly ? nothing : html`<kbd class="kbd" aria-hidden="true">${KEYS[side]}</kbd>`}</label>`)}
      <span class="visually-hidden" role="status">${chosen ? t('{name} is chosen', { name: this.titles[chosen === 'left' ? 0 : 1] }) : t('Nothing is chosen')}</span>
      ${this.problem ? html`<p class="field-problem" id=${`${this.serial}-problem`}>${this.problem}</p>` : nothing}
    </fieldset>`
  }

  /** Chooses a side; what is chosen already is taken back. @param {'left' | 'right'} side @param {boolean} [toggle] */
  choose(side, toggle = true) {
    if (this.answer?.selected !== side) this.tell({ type: 'set_answer', value: { selected: side } })
    else if (toggle) this.tell({ type: 'set_answer', value: null })
  }

  /**
   * Arrows choose the side that they point at, also on the radio buttons, where the browser would go round, and in one of two texts that somebody clicked on. Where something can be
   * marked in a text they are the caret's.
   * @param {KeyboardEvent} event
   */
  #key(event) {
    const side = event.key === 'ArrowLeft' ? 'left' : event.key === 'ArrowRight' ? 'right' : null
    if (!side || this.readonly || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
    const target = /** @type {HTMLElement} */ (event.target)
    if (!this.contains(target) && !this.#isRead(target)) return
    event.preventDefault()
    event.stopPropagation()
    this.choose(side, false)
  }

  /** Whether something is one of the two texts, which can only be read. @param {HTMLElement} target */
  #isRead(target) {
    const frame = target.closest('.text-sheet') && getSelection()?.isCollapsed ? this.#frames.find((one) => one.contains(target)) : undefined
    const surface = /** @type {import('./kite-surface.js').KiteSurface | null} */ (this.closest('kite-surface'))
    return !!frame && !surface?.drawn?.controls.some((control) => marks(control) && control.to.includes(frame.dataset.name ?? ''))
  }

  /** A click on one of the objects, unless it was about something in it. @param {MouseEvent} event */
  #press(event) {
    const target = /** @type {HTMLElement} */ (event.target)
    if (this.readonly || event.defaultPrevented || event.detail > 1 || target.closest('button, a, input, select, textarea, label, summary, .bar, audio, video') || !getSelection()?.isCollapsed) return
    const at = this.#frames.findIndex((frame) => frame.contains(target))
    if (at >= 0) this.choose(SIDES[at])
  }
}
