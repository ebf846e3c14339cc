import { LitElement, html, nothing } from 'lit'
import { rich, t } from '../app/texts.js'
import css from '../styles/suggestions.css' with { type: 'text' }
import { addCommands } from './commands.js'
import { emit } from './emit.js'
import { printed } from './keys.js'
import { adopt } from './sheet.js'
import { decide, scores } from './suggestion-steps.js'

/** @typedef {import('./types.js').View} View */
/** @typedef {{id: number, model_version: string | null, score: number | null}} Prediction */

adopt(css)

const ACCEPT = 'alt+a'
const REJECT = 'alt+x'

/** @param {import('./kite-surface.js').KiteSurface} surface @param {'accept' | 'reject'} type */
function step(surface, type) {
  const made = decide(surface.shown, type)
  if (!made) return false
  for (const intent of made.intents) emit(surface, intent)
  const { region, control } = made.next
  if (region) surface.dispatchEvent(new CustomEvent('kite-reveal', { detail: { region } }))
  else if (control) void surface.focusNode(control)
  return true
}

const undecided = (/** @type {import('./kite-surface.js').KiteSurface} */ surface) => !!surface.shown.suggestions

addCommands([
  { id: 'suggestion.accept', does: 'Accept the suggestion and go to the next', keys: ACCEPT, group: 'Suggestions', icon: 'check', typing: true, selection: true, when: undecided, run: (surface) => step(surface, 'accept') },
  { id: 'suggestion.reject', does: 'Reject the suggestion and go to the next', keys: REJECT, group: 'Suggestions', icon: 'close', typing: true, selection: true, when: undecided, run: (surface) => step(surface, 'reject') },
  { id: 'suggestion.accept-all', does: 'Accept all suggestions', keys: '', group: 'Suggestions', icon: 'check', when: undecided, run: (surface) => { emit(surface, { type: 'accept' }) } },
  { id: 'suggestion.reject-all', does: 'Reject all suggestions', keys: '', group: 'Suggestions', icon: 'close', when: undecided, run: (surface) => { emit(surface, { type: 'reject' }) } },
])

/**
 * What a model suggested for this task, over the data: accept or reject all, or those above and below a score; which model, where several said something.
 * Events: `kite-intent`; `kite-prediction` with the id of another prediction to start from.
 */
export class KiteSuggestions extends LitElement {
  static properties = { view: { attribute: false }, predictions: { attribute: false }, prediction: { attribute: false }, fixed: { type: Boolean }, from: { state: true } }

  constructor() {
    super()
    /** @type {View | undefined} */
    this.view = undefined
    /** all that one may start from, the newest first @type {Prediction[]} */
    this.predictions = []
    /** the one that this started from @type {number | undefined} */
    this.prediction = undefined
    /** something was done already: another one cannot be taken any more */
    this.fixed = false
    /** the score from which on they are taken @type {number | null} */
    this.from = null
  }

  createRenderRoot() {
    return this
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('prediction')) this.from = null
  }

  render() {
    const view = this.view
    const count = view?.suggestions ?? 0
    if (!view || (!count && this.predictions.length < 2)) return nothing
    return html`<section class="suggestions" aria-label=${t('Suggestions')}>
      ${count ? html`<strong class="suggestions-count" role="status">${t('{n} suggestions', { n: count })}</strong>
        <span class="suggestions-all">
          <button class="button button-small" type="button" @click=${() => emit(this, { type: 'accept' })}><kite-icon name="check"></kite-icon>${t('Accept all')}</button>
          <button class="button button-small" type="button" @click=${() => emit(this, { type: 'reject' })}><kite-icon name="close"></kite-icon>${t('Reject all')}</button>
        </span>
        ${this.#byScore(view)}
        <span class="suggestions-keys muted small">${rich('One by one: {accept} accepts, {reject} rejects', { accept: html`<kbd class="kbd">${printed(ACCEPT)}</kbd>`, reject: html`<kbd class="kbd">${printed(REJECT)}</kbd>` })}</span>` : nothing}
      ${this.#models()}
    </section>`
  }

  /** @param {View} view */
  #byScore(view) {
    const found = scores(view)
    if (found.length < 2 || found[0] === found[found.length - 1]) return nothing
    const least = Math.floor(found[0] * 100) / 100
    const most = Math.ceil(found[found.length - 1] * 100) / 100
    const from = Math.min(Math.max(this.from ?? (least + most) / 2, least), most)
    const shown = from.toFixed(2)
    const above = found.filter((score) => score >= Number(shown)).length
    const below = found.length - above
    return html`<span class="suggestions-score">
      <label class="small" for="suggestions-from">${t('Score')}</label>
      <input id="suggestions-from" type="range" min=${least} max=${most} step="0.01" .value=${shown} aria-valuetext=${t('{score}: {above} above, {below} below', { score: shown, above, below })}
        @input=${(/** @type {Event} */ event) => { this.from = Number(/** @type {HTMLInputElement} */ (event.target).value) }}>
      <output class="number small" for="suggestions-from">${shown}</output>
      <button class="button button-small" type="button" ?disabled=${!above} @click=${() => emit(this, { type: 'accept', above: Number(shown) })}>${t('Accept {n} above', { n: above })}</button>
      <button class="button button-small" type="button" ?disabled=${!below} @click=${() => emit(this, { type: 'reject', below: Number(shown) })}>${t('Reject {n} below', { n: below })}</button>
    </span>`
  }

  #models() {
    if (this.predictions.length < 2) return nothing
    return html`<label class="suggestions-model small">${t('Prediction')}
      <select class="input input-small" ?disabled=${this.fixed} title=${this.fixed ? t('Something was done already: undo it to start from another prediction') : nothing}
        @change=${(/** @type {Event} */ event) => this.dispatchEvent(new CustomEvent('kite-prediction', { detail: { prediction: Number(/** @type {HTMLSelectElement} */ (event.target).value) }, bubbles: true, composed: true }))}>
        ${this.predictions.map((one) => html`<option value=${one.id} ?selected=${one.id === this.prediction}>${named(one)}</option>`)}
      </select></label>`
  }
}

/** A prediction in a few words: "v2, 0.93". @param {Prediction} prediction */
function named({ id, model_version: model, score }) {
  const name = model && model !== 'undefined' ? model : t('Prediction {id}', { id })
  return typeof score === 'number' ? `${name}, ${score.toFixed(2)}` : name
}


/** Under an answer that is only suggested: take it, or not. */
export class KiteSuggested extends LitElement {
  static properties = { control: { attribute: false }, readonly: { type: Boolean } }

  constructor() {
    super()
    this.control = ''
    this.readonly = false
  }

  createRenderRoot() {
    return this
  }

  render() {
    return html`<p class="suggested row small"><span class="chip">${t('Suggested')}</span>${this.readonly ? nothing : html`
      <button class="button button-small" type="button" @click=${() => emit(this, { type: 'accept', controls: [this.control] })}><kite-icon name="check"></kite-icon>${t('Accept')}</button>
      <button class="button button-small button-quiet" type="button" @click=${() => emit(this, { type: 'reject', controls: [this.control] })}>${t('Reject')}</button>`}</p>`
  }
}

customElements.define('kite-suggested', KiteSuggested)
customElements.define('kite-suggestions', KiteSuggestions)
