import { LitElement } from 'lit'
import { newId } from '../app/ids.js'
import { t } from '../app/texts.js'
import { emit } from './emit.js'

/** What every control that is answered has: properties from the surface, intents to it. Keeps no answer. */
export class AnswerElement extends LitElement {
  /** @type {import('lit').PropertyDeclarations} */
  static properties = {
    control: { attribute: false }, options: { attribute: false }, answer: { attribute: false }, region: {}, item: { attribute: false }, readonly: { type: Boolean },
    legend: {}, problem: {},
  }
  static #serial = 0

  constructor() {
    super()
    /** @type {import('./types.js').Control | undefined} */
    this.control = undefined
    /** @type {any[]} options of the Display */
    this.options = []
    /** @type {any} as the view has it, or undefined */
    this.answer = undefined
    /** id, for an answer about one region */
    this.region = ''
    /** @type {number | undefined} for an answer about one page of an image */
    this.item = undefined
    this.readonly = false
    /** what people call the control */
    this.legend = ''
    /** what is wrong with the answer */
    this.problem = ''
    /** unlike that of any other element on the page: for ids and groups */
    this.serial = `answer${++AnswerElement.#serial}`
  }

  createRenderRoot() {
    return this
  }

  /** The control's attributes, none before there is a control. @returns {Record<string, any>} */
  get given() {
    return this.control ?? {}
  }

  /** Name for those who do not see the heading. */
  get heading() {
    return this.control?.required ? t('{name} (required)', { name: this.legend || this.control.name }) : this.legend || this.control?.name || ''
  }

  /** Tells the host, with what the answer is about and an id for a new one. @param {import('./types.js').Intent} intent */
  tell(intent) {
    if (!this.control || this.readonly) return
    emit(this, {
      ...intent, control: this.control.name, ...(this.region ? { region: this.region } : {}), ...(this.item === undefined ? {} : { item: this.item }), answer: newId(),
    })
  }
}
