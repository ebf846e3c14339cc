import { html, nothing } from 'lit'
import { t } from '../app/texts.js'
import { styled } from './styled.js'

/** @typedef {{control: string, option: import('./types.js').Option}} TextLabel */

const MOST = 12 // labels that stand under a selection; where there are more, their bar is the place for them

/**
 * Under words that are selected and wait for a label: the labels, to be picked where the eye is.
 * @param {{x: number, y: number}} place in the element @param {readonly TextLabel[]} labels @param {string} keys of the labels, in words
 * @param {(label: TextLabel) => void} pick
 */
export function textHint({ x, y }, labels, keys, pick) {
  return html`<div class="text-hint ${labels.length <= MOST ? 'has-labels' : ''}" style=${styled({ left: `${x}px`, top: `${y}px` })} @pointerdown=${keep} @mousedown=${keep}>
    <p role="status">${keys ? t('Pick a label for it ({keys})', { keys }) : t('Pick a label for it')}</p>
    ${labels.length <= MOST
      ? html`<div class="text-hint-labels">${labels.map((label) => html`<button class="chip" type="button" style=${styled({ '--swatch': label.option.color ?? '' })} @click=${() => pick(label)}>
          ${label.option.color ? html`<span class="swatch"></span>` : nothing}${label.option.text}</button>`)}</div>`
      : nothing}
  </div>`
}

/** The words stay selected. @param {Event} event */
function keep(event) {
  event.preventDefault()
  event.stopPropagation()
}
