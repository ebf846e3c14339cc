/**
 * Going on by itself: where a task asks for one choice, one of two or one rating and nothing else, choosing is sending. What was chosen can be
 * taken back for a while: until the next choice, or a few seconds.
 */
import { html } from 'lit'
import { t } from '../app/texts.js'
import { echo } from '../elements/echo.js'
import { marks } from '../elements/surface-layout.js'

/** How long what was sent by itself can be taken back. */
export const HOLD_MS = 5_000
/** A second click of a double click, on what has just come under the pointer. */
const DOUBLE_MS = 500

/**
 * The one question of a plan that is answered by one press: its only required control, or its only one; a single choice, one of two or
 * a rating about the whole task. Pure.
 * @param {import('../elements/types.js').Plan} plan @returns {string} its name; empty: there is none
 */
export function soleQuestion({ controls }) {
  if (controls.some(marks)) return ''
  const asked = controls.filter((control) => control.required)
  const [only, ...more] = asked.length ? asked : controls
  const whole = only && !more.length && !only.per_region && !only.per_item
  const pressed = only?.type === 'rating' || only?.type === 'pairwise' || (only?.type === 'choices' && only.choice !== 'multiple' && only.layout !== 'select')
  return whole && pressed ? only.name : ''
}

/** What a control has been answered with, in words; empty: nothing. @param {import('../elements/types.js').Display} display @param {string} name @param {any} answer */
export function inWords(display, name, answer) {
  if (answer?.rating) return String(answer.rating)
  if (answer?.selected) return answer.selected === 'left' ? t('Left') : t('Right')
  const [choice] = answer?.choices ?? []
  if (choice === undefined) return ''
  /** @type {{stored: string, text: string, children?: any[]}[]} */
  let options = display.options[name] ?? []
  let text = ''
  for (const step of Array.isArray(choice) ? choice : [choice]) {
    const option = options.find((one) => one.stored === step)
    text = option?.text ?? step
    options = option?.children ?? []
  }
  return text
}

export class Advance {
  #kept
  /** Arrows go through radio buttons, which answers: nobody has decided yet. */
  #walks = false
  #sent = 0

  /** @param {{project: number, person: number, given: boolean, signal: AbortSignal, changed: () => void}} given given: what the project says, where the person has not said otherwise */
  constructor({ project, person, given, signal, changed }) {
    this.#kept = `labelkite-advance-${project}-${person}`
    this.given = given
    this.changed = changed
    document.addEventListener('keydown', (event) => this.#key(event), { signal, capture: true })
    document.addEventListener('pointerdown', () => { this.#walks = false }, { signal, capture: true })
    document.addEventListener('click', (event) => this.#click(event), { signal, capture: true })
  }

  /** Whether it is switched on. */
  get on() {
    const kept = localStorage.getItem(this.#kept)
    return kept === null ? this.given : kept === 'on'
  }

  /** @param {boolean} on */
  set on(on) {
    localStorage.setItem(this.#kept, on ? 'on' : 'off')
    this.changed()
  }

  /** Whether a task goes on by itself. @param {import('../app/task-session.js').TaskSession | null} session */
  goes(session) {
    return this.on && !!session && !session.envelope.annotation && !!soleQuestion(session.envelope.display.plan ?? /** @type {any} */ (session.plan))
  }

  /**
   * What an intent that was just sent has decided, in words; empty: nothing to be sent.
   * @param {import('../app/task-session.js').TaskSession} session @param {Record<string, any>} intent
   */
  decided(session, intent) {
    const plan = /** @type {import('../elements/types.js').Plan} */ (session.envelope.display.plan ?? session.plan)
    const name = soleQuestion(plan)
    const decides = intent.type === 'choose' || (intent.type === 'rate' && intent.rating > 0) || (intent.type === 'set_answer' && intent.value?.selected) // a step is one of several
    if (!this.goes(session) || !decides || intent.control !== name || this.#walks) return ''
    const view = echo(plan, /** @type {any} */ (session.view), /** @type {any} */ (session.pending))
    const words = inWords(/** @type {any} */ (session.envelope.display), name, view.answers[name])
    if (words) this.#sent = performance.now()
    return words
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const target = /** @type {HTMLElement} */ (event.target)
    const radio = target.matches?.('input[type=radio]') && !target.closest('kite-pairwise') // of a pair each arrow is a side
    this.#walks = !!radio && event.key.startsWith('Arrow')
    // A key that is held down would answer one task after the other, unseen.
    if (this.on && event.repeat && performance.now() - this.#sent < 2 * DOUBLE_MS && (event.key.length === 1 || event.key.startsWith('Arrow'))) {
      this.#sent = performance.now()
      event.preventDefault()
    }
  }

  /** @param {MouseEvent} event */
  #click(event) {
    if (!this.on || event.detail < 2 || performance.now() - this.#sent > DOUBLE_MS || !/** @type {HTMLElement} */ (event.target).closest?.('kite-choices, kite-rating, kite-pairwise, .frame[data-pair]')) return
    event.preventDefault()
    event.stopPropagation()
  }

  /** The switch of the person, for the foot of the page. */
  draw() {
    return html`<label class="check small label-advance" title=${t('A choice is sent as soon as it is made; Ctrl+Z takes it back')}>
      <input type="checkbox" .checked=${this.on} @change=${(/** @type {Event} */ event) => { this.on = /** @type {HTMLInputElement} */ (event.target).checked }} /><span>${t('Go on by itself')}</span></label>`
  }
}
