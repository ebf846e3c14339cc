import { LitElement, html, nothing } from 'lit'
import { keyed } from 'lit/directives/keyed.js'
import { t, told } from '../app/texts.js'
import { newId } from '../app/ids.js'
import { watchTheme } from './canvas-theme.js'
import { emit } from './emit.js'
import { hostOf } from './image-load.js'

const COLORS = ['text', 'text-muted', 'text-soft', 'line', 'line-strong', 'surface', 'sunken', 'chrome', 'accent', 'accent-soft', 'good', 'attention', 'problem']
const TALLEST = 4000 // pixels that a component may take by itself
const LEAST = 48
const BURST = 1000 // milliseconds: values that follow faster are one step of undo
const LATE = 15_000 // milliseconds until it is said that a component does not come

/** A widget of the project's own, in a sandboxed frame that reaches nothing but this element. Its value is checked by the engine. */
export class KiteComponent extends LitElement {
  static properties = {
    object: { attribute: false }, control: { attribute: false }, source: { attribute: false }, answer: { attribute: false }, problem: {}, readonly: { type: Boolean },
    state: { state: true }, height: { state: true },
  }

  constructor() {
    super()
    /** @type {import('./types.js').PlanObject} */
    this.object = { name: '', type: 'component' }
    /** @type {import('./types.js').Control | undefined} */
    this.control = undefined
    /** @type {import('./types.js').Source | undefined} `data`, and `src` where the code is elsewhere */
    this.source = undefined
    /** @type {any} */
    this.answer = undefined
    /** what is wrong with the value */
    this.problem = ''
    this.readonly = false
    /** @type {{kind: 'starting', text: string} | {kind: 'shown'} | {kind: 'failed', message: string, line?: number, code?: boolean}} code: of the component's own making */
    this.state = { kind: 'starting', text: t('Starting the component') }
    this.height = 0
    /** @type {Promise<void>} the component is shown, or it is said why not */
    this.ready = Promise.resolve()
  }
  /** @type {() => void} */
  #painted = () => {}
  /** @type {MessagePort | null} */
  #port = null
  /** @type {AbortController | null} */
  #gone = null
  #round = 0
  #gesture = { id: '', at: 0 }
  /** the value that the component sent last, as JSON */
  #sent = ''
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #late

  createRenderRoot() {
    return this
  }

  connectedCallback() {
    super.connectedCallback()
    this.#gone = new AbortController()
    watchTheme(() => this.#port?.postMessage({ type: 'theme', theme: this.#theme() }), this.#gone.signal)
    if (this.hasUpdated) this.#again()
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#gone?.abort()
    this.#port?.close()
    this.#port = null
    clearTimeout(this.#late)
  }

  /** @param {Map<string, any>} changed */
  willUpdate(changed) {
    if (changed.has('source') || (changed.has('object') && changed.get('object'))) this.#restart()
  }

  /** @param {Map<string, any>} changed */
  updated(changed) {
    if ((changed.has('answer') || changed.has('readonly')) && this.#port) this.#port.postMessage({ type: 'update', value: this.value, readonly: this.readonly })
  }

  /** What the component answered, as the view has it. */
  get value() {
    return this.answer?.component ?? null
  }

  #restart() {
    this.#round++
    this.#port?.close()
    this.#port = null
    this.#sent = ''
    this.height = 0
    this.ready = new Promise((done) => { this.#painted = done })
    const problem = this.source?.problem
    if (this.object.language === 'react') this.#fail(t('This component is written for Label Studio with React, which does not run here. Its answers are kept.'))
    else if (problem) this.#fail(told(problem.message))
    else if (!this.object.code && !this.source?.src) this.#fail(t('The component has no code: its tag needs code inside, or src.'))
    else this.state = { kind: 'starting', text: t('Starting the component') }
  }

  #again = () => {
    this.#restart()
    this.requestUpdate()
  }

  /** @param {string} message @param {{line?: number, code?: boolean}} [more] */
  #fail(message, more = {}) {
    clearTimeout(this.#late)
    this.state = { kind: 'failed', message, ...more }
    this.#painted()
  }

  /** The frame's page is there: gives it a port and the component. @param {Event} event */
  #loaded = async (event) => {
    const frame = /** @type {HTMLIFrameElement} */ (event.target)
    const round = this.#round
    const code = await this.#code().catch((error) => { this.#fail(String(error.message ?? error)) })
    if (code === undefined || round !== this.#round || !this.isConnected || !frame.contentWindow) return
    const { port1, port2 } = new MessageChannel()
    this.#port?.close()
    this.#port = port1
    port1.onmessage = ({ data }) => { if (this.#port === port1) this.#heard(data) }
    // An opaque origin has no name, so "*"; the port is what keeps others out.
    frame.contentWindow.postMessage('kite-component', '*', [port2])
    port1.postMessage({ type: 'open', language: this.object.language ?? 'js', code, data: this.source?.data ?? null, params: this.object.params ?? {}, value: this.value, readonly: this.readonly, theme: this.#theme() })
    clearTimeout(this.#late)
    this.#late = setTimeout(() => { if (this.state.kind === 'starting' && !this.state.text.includes('Python')) this.#fail(t('The component does not answer.'), { code: true }) }, LATE)
  }

  /** Without the page's session: an address of our own API must not answer with somebody's data. @returns {Promise<string>} */
  async #code() {
    if (this.object.code) return String(this.object.code)
    const url = String(this.source?.src)
    const answer = await fetch(url, { credentials: 'omit' }).catch(() => { throw new Error(t('The code of the component could not be loaded from {host}. Its link may have expired, or its host does not let pages read it.', { host: hostOf(url) })) })
    if (!answer.ok) throw new Error(t('The code of the component could not be loaded: {host} answered {status}.', { host: hostOf(url), status: answer.status }))
    return answer.text()
  }

  /** @param {any} message of the frame, which nobody vouches for */
  #heard(message) {
    switch (message?.type) {
      case 'shown':
        clearTimeout(this.#late)
        if (this.state.kind !== 'failed') this.state = { kind: 'shown' }
        this.#painted()
        return
      case 'progress':
        if (this.state.kind === 'starting') this.state = { kind: 'starting', text: String(message.text).slice(0, 200) || t('Starting the component') }
        return
      case 'height':
        this.height = Math.min(TALLEST, Math.max(0, Number(message.height) || 0))
        return
      case 'error':
        this.#fail(String(message.message).slice(0, 1000), { code: true, ...(Number.isInteger(message.line) ? { line: message.line } : {}) })
        return
      case 'value':
        this.#tell(message.value)
    }
  }

  /** @param {unknown} value */
  #tell(value) {
    if (this.readonly || !this.control) return
    let text
    try {
      text = JSON.stringify(value)
    } catch (error) { // a frame may send what is no JSON: a cycle, a BigInt
      return this.#fail(t('The component sent what cannot be stored: {why}', { why: String(error instanceof Error ? error.message : error) }).slice(0, 1000), { code: true })
    }
    if (text === this.#sent) return
    this.#sent = text
    const now = performance.now()
    if (now - this.#gesture.at > BURST) this.#gesture.id = newId()
    this.#gesture.at = now
    emit(this, { type: 'set_answer', control: this.control.name, value: value === null ? null : { component: value }, answer: newId(), gesture: this.#gesture.id })
  }

  #theme() {
    /** @type {Record<string, string>} */
    const theme = { 'color-scheme': getComputedStyle(this).colorScheme.includes('light dark') ? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light') : getComputedStyle(this).colorScheme }
    const probe = document.createElement('i')
    probe.hidden = true
    this.append(probe)
    for (const name of COLORS) {
      probe.style.color = `var(--${name})`
      theme[name] = getComputedStyle(probe).color
    }
    probe.remove()
    return theme
  }

  render() {
    const { state, object } = this
    const broken = state.kind === 'failed' && !state.code
    const wanted = this.height ? Math.max(LEAST, this.height) : Number.parseInt(String(object.height ?? ''), 10) || LEAST // then it is as high as what is in it
    return html`<div class="component ${state.kind === 'failed' ? 'is-failed' : ''}">
      ${broken || !this.#round
        ? nothing
        : keyed(this.#round, html`<iframe class="component-frame" title=${t('Component {name}', { name: object.name })} sandbox="allow-scripts" src="/component.html" referrerpolicy="no-referrer" height=${wanted} @load=${this.#loaded}></iframe>`)}
      ${state.kind === 'starting' ? html`<p class="media-note muted small" role="status">${state.text} …</p>` : nothing}
      ${state.kind === 'failed'
        ? html`<div class="component-problem" role="alert"><kite-icon name="problem"></kite-icon>
            <p><strong>${!state.code ? t('The component cannot be shown.') : state.line ? t('The component reports an error in line {line}.', { line: state.line }) : t('The component reports an error.')}</strong><br />${state.message}</p>
            ${object.language === 'react' ? nothing : html`<button class="button button-small" type="button" @click=${this.#again}>${t('Start it again')}</button>`}</div>`
        : nothing}
      ${this.problem ? html`<p class="field-problem" role="alert">${this.problem}</p>` : nothing}
    </div>`
  }
}
