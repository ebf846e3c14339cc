/** `<kite-explore-filter>`: one more filter for the table: column, how, value. Event up: `kite-filter`, detail: {test, group}; null: none. */
import { html, nothing } from 'lit'
import { OwnerElement } from './page.js'
import { TIMES, columnName, filterable, operatorsOf } from './explore-words.js'
import { STATES, STATE_ORDER } from './words.js'

/** @typedef {import('./explore-index.js').Column} Column */

class ExploreFilter extends OwnerElement {
  /** @type {Column[]} */ columns = []
  /** @type {Record<string, string>} */ people = {}
  /** Values of a column, the most frequent first. @type {(column: string) => Promise<string[]>} */ values = async () => []
  /** Names of the groups that there are; the filter can go into one, or into a new one. @type {string[]} */ groups = []
  /** Whether a filter is there that another one can stand in a group beside. */ beside = false
  /** Place of the group that is offered first; -1: none. */ group = -1
  #column = 'state'
  #operator = 'equal'
  /** @type {string[]} */ #offers = []

  /** @param {string} column */
  async #choose(column) {
    this.#column = column
    this.#operator = this.#operators[0][0]
    this.#offers = []
    this.requestUpdate()
    if (['code', 'list', 'text'].includes(this.#kind)) {
      this.#offers = await this.values(column)
      this.requestUpdate()
    }
  }

  get #kind() {
    return filterable(this.columns).find(({ name }) => name === this.#column)?.kind ?? 'whole'
  }

  get #operators() {
    return operatorsOf(this.#column, this.#kind)
  }

  get #numeric() {
    return ['whole', 'share', 'number', 'length'].includes(this.#kind)
  }

  /** @param {SubmitEvent} event */
  #send(event) {
    event.preventDefault()
    const said = new FormData(/** @type {HTMLFormElement} */ (event.target))
    const column = this.#column
    const one = (/** @type {string} */ name) => {
      const text = String(said.get(name) ?? '')
      if (TIMES.includes(column)) return Date.parse(text) / 1000
      return column === 'people' || (this.#numeric && text !== '' && !Number.isNaN(Number(text))) ? Number(text) : text
    }
    const filled = this.#operator === 'filled'
    const value = filled || this.#operator === 'empty' ? !filled : this.#operator === 'in' ? { min: one('value'), max: one('value2') } : one('value')
    const test = { column, operator: filled ? 'empty' : this.#operator, value }
    this.dispatchEvent(new CustomEvent('kite-filter', { detail: { test, group: Number(said.get('group') ?? -1) }, bubbles: true }))
  }

  render() {
    const all = filterable(this.columns).filter(({ name }) => name !== 'id')
    const own = all.filter(({ name }) => !name.includes('.'))
    const ofData = all.filter(({ name }) => name.includes('.'))
    const option = (/** @type {Column} */ { name }) => html`<option value=${name} ?selected=${name === this.#column}>${columnName(name)}</option>`
    return html`<form class="ex-filter" aria-label="Add a filter" @submit=${(/** @type {SubmitEvent} */ event) => this.#send(event)}>
      <label class="visually-hidden" for="ex-column">Column</label>
      <select class="select" id="ex-column" @change=${(/** @type {Event} */ event) => void this.#choose(/** @type {HTMLSelectElement} */ (event.target).value)}>
        <optgroup label="Task">${own.map(option)}</optgroup>
        ${ofData.length ? html`<optgroup label="Data">${ofData.map(option)}</optgroup>` : nothing}
      </select>
      <label class="visually-hidden" for="ex-operator">How</label>
      <select class="select" id="ex-operator" @change=${(/** @type {Event} */ event) => { this.#operator = /** @type {HTMLSelectElement} */ (event.target).value; this.requestUpdate() }}>
        ${this.#operators.map(([name, words]) => html`<option value=${name} ?selected=${name === this.#operator}>${words}</option>`)}
      </select>
      ${this.#operator === 'empty' || this.#operator === 'filled' ? nothing : this.#field('value', 'Value')}
      ${this.#operator === 'in' ? html`<span>and</span>${this.#field('value2', 'Upper value')}` : nothing}
      ${this.beside ? html`<label class="visually-hidden" for="ex-group">Where to</label><select class="select" id="ex-group" name="group">
        <option value="-1" ?selected=${this.group < 0}>beside the others</option>
        ${this.groups.map((words, n) => html`<option value=${n} ?selected=${n === this.group}>in the group “${words}”</option>`)}
        <option value=${this.groups.length}>in a new group</option></select>` : nothing}
      <button type="submit" class="button button-primary">Add</button>
      <button type="button" class="button button-quiet" @click=${() => this.dispatchEvent(new CustomEvent('kite-filter', { detail: null, bubbles: true }))}>Cancel</button>
    </form>`
  }

  /** @param {string} name @param {string} label */
  #field(name, label) {
    if (this.#column === 'state' || this.#column === 'people') {
      const options = this.#column === 'state' ? STATE_ORDER.map((state) => [state, STATES[state].word]) : Object.entries(this.people)
      return html`<select class="select" name=${name} aria-label=${label}>${options.map(([value, words]) => html`<option value=${value}>${words}</option>`)}</select>`
    }
    const type = TIMES.includes(this.#column) ? 'date' : this.#numeric ? 'number' : 'text'
    return html`<input class="input ex-value" name=${name} type=${type} step="any" required aria-label=${label} list=${this.#offers.length ? 'ex-offers' : nothing} autocomplete="off">
      ${this.#offers.length ? html`<datalist id="ex-offers">${this.#offers.map((value) => html`<option value=${value}></option>`)}</datalist>` : nothing}`
  }
}

customElements.define('kite-explore-filter', ExploreFilter)
