/**
 * What others said about a task that one has answered, where the project shows it: drawn over one's own answer or beside it, and taken over.
 * Fetched when somebody looks at a task of theirs again.
 */
import { html, nothing } from 'lit'
import { ApiError, api } from '../app/api.js'
import { newId } from '../app/ids.js'
import { t } from '../app/texts.js'
import { adopt } from '../elements/sheet.js'
import css from '../styles/label-others.css' with { type: 'text' }
import { lineSample, said, styleOf } from './answers-view.js'
import { titleOf } from './differences.js'

/**
 * @typedef {import('../app/task-session.js').TaskSession} TaskSession
 * @typedef {{id: number, person: {name: string}, view: any, result: Record<string, any>[]}} Other
 */

adopt(css)

/** @type {never[]} */
const NOTHING = []
/** How a picture is looked at. */
const LOOK = /** @type {const} */ (['scale', 'tx', 'ty', 'turn', 'flip'])

export class Others {
  /** whose task it is about @type {TaskSession | null} */ #session = null
  /** null: not fetched yet @type {Other[] | null} */ #found = null
  /** which of them is shown; -1: none */ #picked = -1
  /** @type {'over' | 'beside'} */ #mode = 'over'
  #trouble = ''
  #frame = 0
  /** what the surface gets; new only when something changed @type {{of: Other | undefined, layers: object[]}} */ #drawn = { of: undefined, layers: NOTHING }

  /** @param {{root: HTMLElement, changed: () => void, act: (session: TaskSession, intent: Record<string, unknown>) => void, signal: AbortSignal}} given */
  constructor({ root, changed, act, signal }) {
    this.root = root
    this.changed = changed
    this.act = act
    this.signal = signal
  }

  /** @param {TaskSession | null} session in hand */
  #about(session) {
    if (session === this.#session) return
    this.#session = session
    this.#found = null
    this.#picked = -1
    this.#trouble = ''
  }

  get #shown() {
    return this.#found?.[this.#picked]
  }

  async #open() {
    const session = this.#session
    if (!session) return
    this.#trouble = ''
    try {
      const { annotations } = await api.get(`/api/tasks/${session.task}/others`, { signal: this.signal })
      if (session !== this.#session) return
      this.#found = annotations.filter((/** @type {any} */ one) => !one.was_cancelled)
      this.#picked = annotations.length ? 0 : -1
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      this.#trouble = error.problems[0].message
    }
    this.changed()
  }

  /** @param {number} at */
  #pick(at) {
    this.#picked = at === this.#picked ? -1 : at
    this.changed()
  }

  /** @param {'over' | 'beside'} mode */
  #look(mode) {
    this.#mode = mode
    this.changed()
  }

  /** One's own answer becomes theirs, in one step that can be undone. */
  #take() {
    const [session, other] = [this.#session, this.#shown]
    if (!session || !other) return
    const ids = Object.fromEntries(Object.keys(other.view.regions).map((id) => [id, newId()]))
    this.act(session, { type: 'paste', rows: other.result, ids, answers: true, replace: true })
    this.#picked = -1
    this.changed()
  }

  /** Layers over the data. @param {TaskSession} session @returns {object[]} */
  layers(session) {
    this.#about(session)
    const other = this.#mode === 'over' ? this.#shown : undefined
    if (other !== this.#drawn.of) this.#drawn = { of: other, layers: other ? [{ id: String(other.id), name: other.person.name, ...styleOf(this.#picked), view: other.view }] : NOTHING }
    return this.#drawn.layers
  }

  /** Above the data. @param {TaskSession} session */
  strip(session) {
    this.#about(session)
    const found = this.#found
    const shown = this.#shown
    const mode = (/** @type {'over' | 'beside'} */ name, /** @type {string} */ text) => html`<button class="button button-small" type="button" aria-pressed=${this.#mode === name} @click=${() => this.#look(name)}>${text}</button>`
    return html`<section class="others" aria-label=${t('Answers of others')}>
      ${!found ? html`<button class="button button-small" type="button" @click=${() => void this.#open()}><kite-icon name="eye"></kite-icon>${t('Show the answers of others')}</button>`
        : !found.length ? html`<span role="status">${t('Nobody else has answered this task yet.')}</span>`
        : html`<strong>${t('Answers of others')}</strong>
          <span class="others-people" role="group" aria-label=${t('Whose answer is shown')}>${found.map((one, at) => html`<button class="button button-small" type="button" aria-pressed=${at === this.#picked} @click=${() => this.#pick(at)}>${lineSample(styleOf(at))}${one.person.name}</button>`)}</span>
          <span class="others-people" role="group" aria-label=${t('How it is shown')}>${mode('over', t('Over mine'))}${mode('beside', t('Beside mine'))}</span>
          ${shown ? html`<span class="others-said clip muted small">${this.#words(session, shown)}</span><button class="button button-small others-take" type="button" @click=${() => this.#take()}>${t('Take this answer over')}</button>` : nothing}`}
      ${this.#trouble ? html`<span class="others-trouble" role="alert">${this.#trouble}</span>` : nothing}
    </section>`
  }

  /** Answers to questions about the whole, which no layer can show. @param {TaskSession} session @param {Other} other */
  #words({ plan, envelope: { display } }, other) {
    const answered = Object.keys(other.view.answers ?? {})
    return plan.controls.filter((/** @type {any} */ control) => answered.includes(control.name)).map((/** @type {any} */ control) => `${titleOf(display, control.name)}: ${said(other.view, control)}`).join(' · ')
  }

  /** Whether the answer stands beside one's own. */
  get aside() {
    return this.#mode === 'beside' && !!this.#shown
  }

  /** The other answer on a surface of its own. @param {TaskSession} session */
  beside(session) {
    const other = this.#shown
    if (!this.aside || !other) {
      cancelAnimationFrame(this.#frame)
      this.#frame = 0
      return nothing
    }
    if (!this.#frame) this.#frame = requestAnimationFrame(() => this.#together())
    return html`<section class="others-beside" aria-label=${other.person.name}>
      <kite-surface .plan=${session.plan} .display=${session.envelope.display} .view=${other.view} .layers=${NOTHING} .pending=${NOTHING} .problems=${NOTHING} .readonly=${true} .panel=${false} .keys=${false} .content=${session.content}></kite-surface></section>`
  }

  /** Pictures beside each other are looked at in the same way: whichever is moved, the other one follows. */
  #together() {
    const [mine, theirs] = ['.label-work > kite-surface', '.others-beside > kite-surface'].map((place) => [.../** @type {NodeListOf<import('../elements/kite-image.js').KiteImage>} */ (this.root.querySelectorAll(`${place} kite-image`))])
    for (const [at, one] of mine.entries()) follow(one, theirs[at])
    this.#frame = this.signal.aborted || !this.aside ? 0 : requestAnimationFrame(() => this.#together())
  }
}

/** How each picture was looked at when the two were last the same. @type {WeakMap<object, string>} */
const SEEN = new WeakMap()

/** @param {import('../elements/kite-image.js').KiteImage} mine @param {import('../elements/kite-image.js').KiteImage | undefined} theirs */
function follow(mine, theirs) {
  if (!mine.camera || !theirs?.camera || !mine.picture || !theirs.picture) return
  const look = (/** @type {import('../elements/kite-image.js').KiteImage} */ image) => JSON.stringify(LOOK.map((name) => image.camera?.[name]))
  const [own, other] = [look(mine), look(theirs)]
  if (own === other) return
  const [from, to] = SEEN.get(theirs) === other || !SEEN.has(theirs) ? [mine, theirs] : [theirs, mine]
  to.lookAs(/** @type {import('../elements/image-view.js').ImageView} */ (from.camera))
  SEEN.set(theirs, look(theirs))
}
