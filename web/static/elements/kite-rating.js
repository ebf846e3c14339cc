import { html, nothing } from 'lit'
import { live } from 'lit/directives/live.js'
import { t } from '../app/texts.js'
import { AnswerElement } from './answer-element.js'
import { printed } from './keys.js'

/** Stars (or hearts, fires, smiles): radio buttons underneath, so that arrow keys and screen readers work. `answer` is {rating}. */
export class KiteRating extends AnswerElement {
  render() {
    const { control } = this
    if (!control) return nothing
    const rating = this.answer?.rating ?? 0
    const most = control.max_rating ?? 5
    return html`<fieldset class="rating rating-${control.size ?? 'medium'}">
      <legend class="visually-hidden">${this.heading}</legend>
      <span class="rating-icons">${Array.from({ length: most }, (_, at) => at + 1).map(
        (value) => html`<label class="rating-icon ${value <= rating ? 'is-on' : ''}" title=${t('{rating} of {most}', { rating: value, most })}>
          <input class="rating-input" type="radio" name=${this.serial} aria-label=${t('{rating} of {most}', { rating: value, most })} .checked=${live(value === rating)} ?disabled=${this.readonly} @click=${() => this.#rate(value === rating ? 0 : value)} />
          <kite-icon name=${control.icon ?? 'star'}></kite-icon>
        </label>`,
      )}</span>
      <span class="muted number">${rating ? t('{rating} of {most}', { rating, most }) : t('not rated')}</span>
      ${control.hotkey && !this.readonly ? html`<kbd class="kbd" aria-hidden="true" title=${t('Key {key}: one more; after {most} none', { key: printed(control.hotkey), most })}>${printed(control.hotkey)}</kbd>` : nothing}
      ${this.problem ? html`<p class="field-problem">${this.problem}</p>` : nothing}
    </fieldset>`
  }

  /** @param {number} rating 0 takes the rating back */
  #rate(rating) {
    this.tell({ type: 'rate', rating })
  }
}
