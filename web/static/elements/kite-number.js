import { html, nothing } from 'lit'
import { live } from 'lit/directives/live.js'
import { t } from '../app/texts.js'
import { newId } from '../app/ids.js'
import { AnswerElement } from './answer-element.js'
import { printed } from './keys.js'
import './task-change.js'

/** A number: a field, or a slider with its value beside it. `answer` is {number}. */
export class KiteNumber extends AnswerElement {
  static properties = { typed: { state: true }, fault: { state: true } }

  constructor() {
    super()
    /** what stands in the field or at the slider while it is not yet an answer @type {string | null} */
    this.typed = null
    /** what is wrong with what was typed, before anybody was asked */
    this.fault = ''
    this.gesture = ''
  }

  /** @param {Map<string, any>} changed */
  willUpdate(changed) {
    // What was typed gives way to what was answered, and to another region; a number that was refused stays, with the reason, so that it can be mended.
    if (changed.has('region') || changed.has('item') || (changed.has('answer') && changed.get('answer')?.number !== this.answer?.number)) {
      this.typed = null
      this.fault = ''
    }
  }

  render() {
    const { control } = this
    if (!control) return nothing
    const problem = this.fault || this.problem
    const set = this.answer?.number !== undefined
    return html`<div class="number-answer" role="group" aria-label=${this.heading}>
      ${control.slider ? this.#slider(set) : this.#field(set)}
      ${set && !this.readonly ? html`<button class="button button-quiet button-small button-icon" type="button" title=${t('Take the number away')} aria-label=${t('Take the number away')} @click=${this.#clear}><kite-icon name="close"></kite-icon></button>` : nothing}
      ${control.hotkey && !this.readonly ? html`<kbd class="kbd" aria-hidden="true" title=${t('Key {key}: one step more', { key: printed(control.hotkey) })}>${printed(control.hotkey)}</kbd>` : nothing}
      <span class="field-hint" id=${`${this.serial}-hint`}>${this.#range()}</span>
      ${problem ? html`<p class="field-problem" id=${`${this.serial}-problem`} role="alert">${problem}</p>` : nothing}
    </div>`
  }

  /** What may be given, in words. */
  #range() {
    const { min, max, step } = this.given
    const range = min !== undefined && max !== undefined ? t('{min} to {max}', { min, max }) : min !== undefined ? t('{min} or more', { min }) : max !== undefined ? t('at most {max}', { max }) : ''
    const steps = step !== undefined && step !== 1 ? t('steps of {step}', { step }) : ''
    return this.control?.slider ? steps : [range, steps].filter(Boolean).join(', ')
  }

  /** @param {boolean} set */
  #field(set) {
    const { min, max, step, default_value: preset } = this.given
    return html`<input class="input number" type="number" inputmode="decimal" min=${min ?? nothing} max=${max ?? nothing} step=${step ?? 'any'} placeholder=${preset ?? nothing} aria-label=${this.legend || this.control?.name || ''}
      aria-describedby=${`${this.serial}-hint${this.fault || this.problem ? ` ${this.serial}-problem` : ''}`} aria-invalid=${this.fault || this.problem ? 'true' : nothing} ?disabled=${this.readonly}
      .value=${live(this.typed ?? (set ? String(this.answer.number) : ''))} @focus=${() => { this.gesture = newId() }} @input=${this.#type} @change=${this.#change} @keydown=${this.#keys} />`
  }

  /** @param {boolean} set */
  #slider(set) {
    const { min = 0, max = 100, step, default_value: preset } = this.given
    const value = this.typed ?? String(set ? this.answer.number : (preset ?? min))
    const given = set || this.typed !== null
    return html`<span class="number muted" aria-hidden="true">${min}</span>
      <input class="number-slider ${given ? '' : 'is-untouched'}" type="range" min=${min} max=${max} step=${step ?? 1} aria-label=${this.legend || this.control?.name || ''} aria-valuetext=${given ? value : t('not set, {value}', { value })} ?disabled=${this.readonly}
        .value=${live(value)} @input=${this.#type} @change=${this.#change} @pointerup=${this.#settle} @keydown=${this.#keys} />
      <span class="number muted" aria-hidden="true">${max}</span>
      <output class="number number-value ${given ? '' : 'muted'}">${given ? value : preset !== undefined ? t('{value}, if left alone', { value: preset }) : t('not set')}</output>`
  }

  /** @param {Event} event */
  #type(event) {
    this.typed = /** @type {HTMLInputElement} */ (event.target).value
    this.fault = ''
  }

  /** @param {Event} event */
  #change(event) {
    const field = /** @type {HTMLInputElement} */ (event.target)
    if (field.validity.badInput || Number.isNaN(Number(field.value))) {
      this.fault = t('This is not a number.')
      return
    }
    this.fault = ''
    if (field.value === '') {
      if (this.answer?.number !== undefined) this.#clear()
      return
    }
    const number = Number(field.value)
    if (number === this.answer?.number) this.typed = null
    else this.tell({ type: 'set_answer', value: { number }, ...(this.gesture ? { gesture: this.gesture } : {}) })
  }

  /** A press that leaves an untouched slider where it stands gives that number: there is no change to tell of it. @param {Event} event */
  #settle(event) {
    if (this.answer?.number === undefined && this.typed === null) this.#change(event)
  }

  /** @param {KeyboardEvent} event */
  #keys(event) {
    const slider = !!this.control?.slider
    if (event.key === 'Escape') /** @type {HTMLElement} */ (event.target).blur()
    if (event.key === 'Enter' || (slider && event.key === ' ')) {
      this.#change(event) // also of a Ctrl+Enter, which submits
      if (!event.ctrlKey && !event.metaKey) event.preventDefault()
    }
  }

  /** What was typed and is no answer. @returns {import('./types.js').Half[]} */
  get unfinished() {
    return this.fault ? [{ region: this.region, message: t('“{name}”: {fault}', { name: this.legend || this.control?.name || '', fault: this.fault }) }] : []
  }

  /** Another task. */
  forget() {
    this.typed = null
    this.fault = ''
    this.requestUpdate()
  }

  #clear() {
    this.typed = null
    this.tell({ type: 'set_answer', value: null })
  }
}
