/** The task in the preview of the config editor: the config's own sample, or what a person made of it. */
import { parse } from './code-json.js'

/** What is wrong with the text, and where in it (UTF-16 offset). @typedef {{message: string, at: number}} Fault */

export class SampleTask {
  /** What a person wrote; null: the sample of the config. @type {string | null} */ #written = null
  /** @type {Record<string, unknown>} */ #own = {}
  #ownText = '{}'
  /** @type {Fault | null} */ fault = null
  /** The newest data that could be read. @type {Record<string, unknown>} */ data = {}

  get changed() {
    return this.#written !== null
  }

  /** @returns {string} */
  get text() {
    return this.#written ?? this.#ownText
  }

  /** The sample of the config that is compiled now. @param {Record<string, unknown>} data */
  set own(data) {
    this.#own = data
    const text = JSON.stringify(data, null, 2)
    if (text === this.#ownText && this.data === this.#own) return
    this.#ownText = text
    if (this.#written === null) this.data = data
  }

  /** @param {string} text */
  write(text) {
    if (text === this.text) return
    this.#written = text
    const found = parse(text)
    if ('message' in found) this.fault = found
    else {
      const data = found.value?.data ?? found.value
      this.fault = typeof data === 'object' && data && !Array.isArray(data) ? null : { message: 'A task is one JSON object: {"field": "value"}', at: 0 }
      if (!this.fault) this.data = data
    }
  }

  reset() {
    this.#written = null
    this.fault = null
    this.data = this.#own
  }

  /** Fields that the config reads and this task does not have. @param {{fields?: {name: string}[]} | null} plan */
  missing(plan) {
    return (plan?.fields ?? []).map(({ name }) => name).filter((name) => !(name in this.data))
  }
}
