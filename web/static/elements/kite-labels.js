import { LitElement, html, nothing } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { locale, t } from '../app/texts.js'
import { inkOn } from './colors.js'
import { emit } from './emit.js'
import { printed } from './keys.js'
import { richText } from './rich-text.js'
import { styled } from './styled.js'

const FILTER_FROM = 20
const MAC = /Mac|iPhone|iPad/.test(navigator.platform)

/** The labels of one control: colour, name, key, how often used. A press is an intent; `active` says how they look. */
export class KiteLabels extends LitElement {
  static properties = {
    control: { attribute: false }, options: { attribute: false }, active: { attribute: false }, counts: { attribute: false },
    full: { attribute: false }, readonly: { type: Boolean }, filter: { state: true },
  }

  constructor() {
    super()
    /** @type {import('./types.js').Control | undefined} */
    this.control = undefined
    /** @type {import('./types.js').Option[]} */
    this.options = []
    /** @type {string[]} stored names of labels that look pressed */
    this.active = []
    /** @type {Record<string, number>} */
    this.counts = {}
    /** @type {string[]} labels at their maxUsages */
    this.full = []
    this.readonly = false
    this.filter = ''
  }

  createRenderRoot() {
    return this
  }

  render() {
    const { control } = this
    if (!control) return nothing
    const wanted = this.filter.trim().toLowerCase()
    const shown = wanted ? this.options.filter((option) => option.text.toLowerCase().includes(wanted)) : this.options
    return html`<div class="labels ${this.options.length > FILTER_FROM ? 'labels-many' : ''}" role="group" aria-label=${t('Labels {name}', { name: control.name })}>
      ${this.options.length > FILTER_FROM
        ? html`<input class="input labels-filter" type="search" placeholder=${t('Find a label')} aria-label=${t('Find a label')} .value=${this.filter} @input=${this.#type} @keydown=${this.#keys} />`
        : nothing}
      ${repeat(shown, (option) => option.stored, (option, at) => html`${option.group && option.group !== shown[at - 1]?.group ? html`<span class="labels-group">${option.group}</span>` : nothing}${this.#label(option)}`)}
      ${wanted && !shown.length ? html`<span class="muted">${t('No label has “{words}” in its name', { words: this.filter })}</span>` : nothing}
      ${control.allow_empty ? this.#label({ value: '', stored: '', text: t('No label'), color: 'transparent' }) : nothing}
    </div>`
  }

  /** @param {import('./types.js').Option} option */
  #label(option) {
    const on = this.active.includes(option.stored)
    const full = this.full.includes(option.stored)
    const count = this.counts[option.stored]
    const key = option.hotkey && !this.readonly ? printed(option.hotkey, MAC) : ''
    const limit = full && t('Used as often as it may be ({n} times).', { n: Number(option.max_usages ?? this.control?.max_usages) })
    const title = [option.hint, key && t('Key {key}.', { key }), count && t('Used {n} times.', { n: count }), limit].filter(Boolean).join(' ')
    return html`<button class="label" type="button" aria-pressed=${on ? 'true' : 'false'} aria-disabled=${full || this.readonly ? 'true' : 'false'} title=${title || nothing}
        aria-keyshortcuts=${option.hotkey || nothing} style=${styled({ '--swatch': option.color })} @click=${() => this.#pick(option)}>
      <span class="swatch label-count number" style=${styled({ color: inkOn(option.color) })} aria-label=${count ? t('used {n} times', { n: count }) : nothing}>${count ? count.toLocaleString(locale()) : nothing}</span><span class="label-name">${option.html ? richText(option.html) : option.text}</span>${
        option.show_alias && option.alias ? html`<span class="muted">${option.alias}</span>` : nothing}${
        key ? html`<kbd class="kbd" aria-hidden="true">${key}</kbd>` : nothing}
    </button>`
  }

  /** @param {import('./types.js').Option} option */
  #pick(option) {
    if (this.readonly || !this.control) return
    emit(this, { type: 'pick_label', control: this.control.name, label: option.stored })
  }

  /** @param {Event} event */
  #type(event) {
    this.filter = /** @type {HTMLInputElement} */ (event.target).value
  }

  /** @param {KeyboardEvent} event */
  #keys(event) {
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) /** @type {HTMLButtonElement | null} */ (this.querySelector('.label'))?.click()
    else if (event.key !== 'Escape') return
    this.filter = ''
    event.preventDefault()
    const field = /** @type {HTMLElement} */ (event.target)
    field.blur()
  }
}
