import { LitElement, html, nothing } from 'lit'
import { t, told } from '../app/texts.js'
import css from '../styles/documents.css' with { type: 'text' }
import { adopt } from './sheet.js'
import { TextProblem } from './text-load.js'

adopt(css)

const LEAST = 160 // pixels of a long document that are always shown

/** What the elements of documents, tables and conversations share: the context, loading in words, and what went wrong. A subclass has
 * `take(source, signal)`, which reads the data, and `body()`, its template. */
export class ObjectElement extends LitElement {
  /** @type {import('lit').PropertyDeclarations} */
  static properties = {
    context: { attribute: false, noAccessor: true }, object: { attribute: false }, source: { attribute: false }, view: { attribute: false }, layers: { attribute: false }, hovered: { attribute: false },
    names: { attribute: false }, readonly: { attribute: false }, state: { state: true }, share: { state: true },
  }

  constructor() {
    super()
    /** @type {import('./types.js').PlanObject} */
    this.object = { name: '', type: '' }
    /** @type {import('./types.js').Source | undefined} */
    this.source = undefined
    /** @type {import('./types.js').View | undefined} */
    this.view = undefined
    /** @type {import('./types.js').Layer[]} */
    this.layers = []
    this.hovered = ''
    this.names = true
    this.readonly = false
    /** @type {{kind: 'empty' | 'loading' | 'shown'} | {kind: 'failed', problem: import('./types.js').Problem}} */
    this.state = { kind: 'empty' }
    /** of the data that has come, 0 to 1; null where its size is not known @type {number | null} */
    this.share = null
    /** @type {Promise<void>} the data is drawn, or it is said why not */
    this.ready = new Promise((done) => { this.#painted = done })
  }
  /** @type {() => void} */
  #painted = () => {}
  /** @type {AbortController | null} */
  #asked = null
  /** @type {ResizeObserver | null} */
  #watch = null
  /** @type {import('./object-views.js').ObjectContext | undefined} */
  #context

  createRenderRoot() {
    return /** @type {any} */ (this)
  }

  /** All at once, as the surface gives it. @param {import('./object-views.js').ObjectContext} given */
  set context(given) {
    this.#context = given
    this.object = given.object
    this.source = given.source
    this.view = given.view
    this.layers = given.layers
    this.hovered = given.hovered
    this.names = given.names
    this.readonly = given.readonly
    this.requestUpdate()
  }

  get context() {
    return /** @type {import('./object-views.js').ObjectContext} */ (this.#context)
  }

  /** Moves the keyboard to the data. @returns {boolean} whether it can have it */
  go() {
    this.#sheet?.focus({ preventScroll: true })
    return !!this.#sheet
  }

  /** What scrolls. */
  get #sheet() {
    return /** @type {HTMLElement | null} */ (this.querySelector('.sheet, .pdf-sheet'))
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#asked?.abort()
    this.#watch?.disconnect()
  }

  /** @param {Map<string, any>} changed */
  willUpdate(changed) {
    if (!changed.has('source') || !this.source) return
    const first = !changed.get('source')
    if (!first) this.ready = new Promise((done) => { this.#painted = done })
    queueMicrotask(() => void this.load())
  }

  firstUpdated() {
    this.#watch = new ResizeObserver(() => this.#measure())
    for (const element of this.querySelectorAll('.sheet, .sheet-page')) this.#watch.observe(element)
  }

  /** A short document needs no room to scroll in: its frame may shrink to LEAST, or to itself if that is lower. */
  #measure() {
    const page = /** @type {HTMLElement | null} */ (this.querySelector('.sheet-page'))
    const bar = this.parentElement?.querySelector('.bar')?.clientHeight ?? 0
    if (page) this.parentElement?.style.setProperty('--least', `${bar + Math.min(LEAST, page.offsetHeight + 2)}px`)
  }

  /** Reads the data, again if asked. */
  async load() {
    this.#asked?.abort()
    const asked = (this.#asked = new AbortController())
    const { source } = this
    this.share = null
    try {
      if (source?.problem) throw new TextProblem(source.problem)
      if (!source) throw new TextProblem({ code: 'no-data', message: t('This task has no data here.'), hint: t('Skip it, and tell whoever sent you here.') })
      if (source.url) this.state = { kind: 'loading' }
      await this.take(source, asked.signal)
      if (asked.signal.aborted) return
      this.state = { kind: 'shown' }
      await this.updateComplete
      this.#sheet?.scrollTo(0, 0) // the task before may have been read to its end
      await this.laidOut()
    } catch (error) {
      if (asked.signal.aborted) return
      this.state = { kind: 'failed', problem: error instanceof TextProblem ? error.problem : { code: 'show', message: t('This data cannot be shown.'), hint: t('Skip the task, and tell whoever sent you here.') } }
      if (!(error instanceof TextProblem)) console.warn(error)
    }
    this.#painted()
  }

  /** Reads the data. @param {import('./types.js').Source} _source @param {AbortSignal} _signal @returns {Promise<void>} */
  async take(_source, _signal) {}

  /** After the data is drawn for the first time. @returns {Promise<void> | void} */
  laidOut() {}

  /** Progress of what is fetched. */
  tell = (/** @type {number | null} */ share) => { this.share = share }

  /** @returns {unknown} */
  body() {
    return nothing
  }

  render() {
    const { state } = this
    return html`${this.body()}
      ${state.kind === 'loading' ? html`<p class="text-message" role="status">${t('Loading …')} ${this.share === null ? nothing : html`<span class="number">${Math.round(this.share * 100)} %</span>`}</p>` : nothing}
      ${state.kind === 'failed' ? this.#problem(state.problem) : nothing}`
  }

  /** @param {import('./types.js').Problem} problem */
  #problem(problem) {
    return html`<div class="text-message" role="alert">
      <kite-icon name="problem"></kite-icon>
      <p><strong>${told(problem.message)}</strong>${problem.where ? html`<br /><span class="muted">${t('From {place}', { place: problem.where })}</span>` : nothing}</p>
      ${problem.hint ? html`<p>${told(problem.hint)}</p>` : nothing}
      ${this.source?.url ? html`<p class="row"><button class="button" type="button" @click=${() => void this.load()}>${t('Try again')}</button>
        <a class="button button-quiet" href=${this.source.url} target="_blank" rel="noopener noreferrer" download>${t('Download it')}</a></p>` : nothing}
    </div>`
  }
}
