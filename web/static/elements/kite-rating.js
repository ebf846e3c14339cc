import { LitElement, html, nothing } from 'lit'
import { live } from 'lit/directives/live.js'
import { newId } from '../app/ids.js'
import { emit } from './emit.js'
import { printed } from './keys.js'

let serial = 0

/** Stars (or hearts, fires, smiles): radio buttons underneath, so that arrow keys and screen readers work. `answer` is {rating}. */
export class KiteRating extends LitElement {
  static properties = { control: { attribute: false }, answer: { attribute: false }, region: {}, readonly: { type: Boolean }, legend: {}, problem: {} }

  constructor() {
    super()
    /** @type {import('./types.js').Control | undefined} */
    this.control = undefined
    /** @type {{rating?: number} | undefined} */
    this.answer = undefined
    this.region = ''
    this.readonly = false
    this.legend = ''
    this.problem = ''
    this.group = `rating${++serial}`
  }

  createRenderRoot() {
    return this
  }

  render() {
    const { control } = this
    if (!control) return nothing
    const rating = this.answer?.rating ?? 0
    const most = control.max_rating ?? 5
    return html`<fieldset class="rating rating-${control.size ?? 'medium'}">
      <legend class="visually-hidden">${this.legend || control.name}${control.required ? ' (required)' : ''}</legend>
      <span class="rating-icons">${Array.from({ length: most }, (_, at) => at + 1).map(
        (value) => html`<label class="rating-icon ${value <= rating ? 'is-on' : ''}" title=${`${value} of ${most}`}>
          <input class="rating-input" type="radio" name=${this.group} aria-label=${`${value} of ${most}`} .checked=${live(value === rating)} ?disabled=${this.readonly} @click=${() => this.#rate(value === rating ? 0 : value)} />
          <kite-icon name=${control.icon ?? 'star'}></kite-icon>
        </label>`,
      )}</span>
      <span class="muted number">${rating ? `${rating} of ${most}` : 'not rated'}</span>
      ${control.hotkey && !this.readonly ? html`<kbd class="kbd" aria-hidden="true" title=${`Key ${printed(control.hotkey)}: one more; after ${most} none`}>${printed(control.hotkey)}</kbd>` : nothing}
      ${this.problem ? html`<p class="field-problem">${this.problem}</p>` : nothing}
    </fieldset>`
  }

  /** @param {number} rating 0 takes the rating back */
  #rate(rating) {
    if (this.control) emit(this, { type: 'rate', control: this.control.name, rating, ...(this.region ? { region: this.region } : {}), answer: newId() })
  }
}
