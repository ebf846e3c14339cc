/**
 * `<kite-config-editor>`: config at the left, the real labeling page in the middle, task and result JSON at the right.
 *
 * The config is compiled by the author engine while it is typed. `value` is the source; `kite-config` (detail: {source,
 * plan, diagnostics}) comes after every compile, `plan` null when the config has errors.
 */
import { html, nothing } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { PreviewSession } from '../app/preview-session.js'
import { authorEngine } from '../app/runtime.js'
import '../elements/surface.js'
import './code-editor.js'
import { OwnerElement, problemList } from './page.js'
import { counted, sentence } from './words.js'

/** @typedef {import('./code-editor.js').Diagnostic} Diagnostic */
/** @typedef {import('./code-editor.js').KiteCodeElement} KiteCodeElement */

const COMPILE_AFTER_MS = 150
/** One and the same list, so that it never looks changed. @type {never[]} */
const NO_LAYERS = []

class KiteConfigEditorElement extends OwnerElement {
  #source = ''
  #engine = authorEngine()
  #preview = new PreviewSession(this.#engine)
  /** @type {Diagnostic[] | null} null: not compiled yet */ #diagnostics = null
  /** @type {any} the newest plan without errors; the preview keeps it while the config is broken */ #plan = null
  #ms = 0
  #loading = ''
  #lost = ''
  #since = 0
  /** @type {'task' | 'result'} */ #tab = 'task'
  /** The sample task as text; null: the config's own. @type {string | null} */ #sample = null
  #sampleProblem = ''
  #timer = 0
  #compiling = false
  #stale = false

  /** The config's XML. @returns {string} */
  get value() {
    return this.#source
  }

  /** @param {string} source */
  set value(source) {
    if (source === this.#source) return
    this.#source = source
    const editor = this.#code()
    if (editor) editor.value = source
    this.#later(0)
    this.requestUpdate()
  }

  /** @returns {KiteCodeElement | null} */
  #code() {
    return this.querySelector('kite-code[language=xml]')
  }

  connectedCallback() {
    super.connectedCallback()
    const { signal } = this
    this.#preview.addEventListener('change', () => this.requestUpdate(), { signal })
    this.addEventListener('kite-intent', (event) => {
      event.stopPropagation()
      void this.#preview.send(/** @type {CustomEvent} */ (event).detail).catch((error) => this.#failed(error))
    }, { signal })
    this.#engine.addEventListener('restart', () => this.#later(0), { signal })
    this.#engine.addEventListener('lost', (event) => {
      this.#lost = String(/** @type {CustomEvent} */ (event).detail)
      this.requestUpdate()
    }, { signal })
    this.#start(signal)
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    clearTimeout(this.#timer)
    this.#preview.close()
  }

  firstUpdated() {
    const editor = this.#code()
    if (editor) editor.value = this.#source
  }

  /** Python loads while the person already writes; how long it has taken is said from the first second on. @param {AbortSignal} signal */
  #start(signal) {
    if (this.#engine.up) return
    this.#since = performance.now()
    this.#loading = 'Loading Python …'
    this.#engine.onprogress = (text) => {
      this.#loading = text || this.#loading
      this.requestUpdate()
    }
    const clock = setInterval(() => this.requestUpdate(), 1000)
    signal.addEventListener('abort', () => clearInterval(clock))
    void this.#engine.ready.then(() => {
      clearInterval(clock)
      this.#loading = ''
      this.requestUpdate()
    }, (error) => {
      clearInterval(clock)
      this.#failed(error)
    })
  }

  /** @param {number} [after] ms */
  #later(after = COMPILE_AFTER_MS) {
    this.#stale = true
    clearTimeout(this.#timer)
    this.#timer = window.setTimeout(() => void this.#compile(), after)
  }

  /** One compile at a time; what was typed meanwhile is compiled next, what is in between never. */
  async #compile() {
    if (this.#compiling) return
    this.#compiling = true
    try {
      while (this.#stale && this.isConnected) {
        this.#stale = false
        const source = this.#source
        const answer = await this.#engine.call('compile', { source })
        if (source !== this.#source) {
          this.#stale = true
          continue
        }
        this.#took(answer)
        await this.#show()
      }
    } catch (error) {
      this.#failed(error)
    } finally {
      this.#compiling = false
    }
  }

  /** @param {{plan?: any, diagnostics?: Diagnostic[], ms?: number}} answer */
  #took({ plan, diagnostics = [], ms = 0 }) {
    this.#lost = ''
    this.#diagnostics = diagnostics
    this.#ms = ms
    if (plan) this.#plan = plan
    const editor = this.#code()
    if (editor) editor.diagnostics = diagnostics
    this.dispatchEvent(new CustomEvent('kite-config', { detail: { source: this.#source, plan: plan ?? null, diagnostics }, bubbles: true }))
    this.requestUpdate()
  }

  async #show() {
    const data = this.#taskData()
    if (!this.#plan || !data) return
    try {
      await this.#preview.load(this.#plan, data)
    } catch (error) {
      this.#failed(error)
    }
  }

  /** @param {unknown} error */
  #failed(error) {
    this.#loading = ''
    this.#lost = error instanceof Error ? error.message : String(error)
    this.requestUpdate()
  }

  /** @returns {Record<string, unknown> | null} */
  #taskData() {
    this.#sampleProblem = ''
    if (this.#sample === null) return this.#plan?.sample?.data ?? {}
    try {
      const task = JSON.parse(this.#sample)
      const data = task?.data ?? task
      if (typeof data === 'object' && data && !Array.isArray(data)) return data
      this.#sampleProblem = 'A task is one JSON object: {"field": "value"}.'
    } catch (error) {
      this.#sampleProblem = /** @type {Error} */ (error).message
    }
    return null
  }

  /** @param {string} text */
  #sampleTyped(text) {
    this.#sample = text
    void this.#show()
    this.requestUpdate()
  }

  render() {
    const { plan, display, view, pending, refused } = this.#preview
    const diagnostics = this.#diagnostics ?? []
    const errors = diagnostics.filter((one) => one.severity === 'error').length
    return html`
      <div class="ce" @kite-code=${(/** @type {CustomEvent} */ event) => this.#typed(event)}>
        <section class="ce-config" aria-label="Config">
          <h2 class="ce-title">Config</h2>
          <kite-code language="xml" label="Config, XML. Tab leaves the editor."></kite-code>
          ${diagnostics.length ? html`<ol class="ce-problems" aria-label="Problems in the config">
            ${repeat(diagnostics, (one) => `${one.line}:${one.column}:${one.code}`, (one) => this.#problem(one))}</ol>` : nothing}
        </section>
        <section class="ce-preview" aria-label="Preview">
          <h2 class="ce-title">Preview <span class="muted">${errors && plan ? 'of the last config without errors' : 'try it, nothing is saved'}</span></h2>
          <div class="ce-stage">
            ${plan && display && view && !refused.length
              ? html`<kite-surface .plan=${plan} .display=${display} .view=${view} .pending=${pending} .readonly=${false} .layers=${NO_LAYERS} .panel=${false}></kite-surface>`
              : html`<div class="empty">${this.#instead(refused)}</div>`}
          </div>
        </section>
        <section class="ce-side" aria-label="Task and result">
          <div class="tabs ce-tabs" role="tablist" aria-label="JSON">
            ${this.#tabButton('task', 'Sample task')}${this.#tabButton('result', `Result${this.#preview.result.length ? ` ${this.#preview.result.length}` : ''}`)}
          </div>
          ${this.#tab === 'task' ? this.#sampleTab() : this.#resultTab()}
        </section>
        ${this.#status(errors, diagnostics.length - errors)}
      </div>`
  }

  /** @param {Diagnostic} one */
  #problem(one) {
    return html`<li>
      <button type="button" class="ce-problem" @click=${() => this.#code()?.go(one.line, one.column)}>
        <span class="ce-${one.severity}" aria-hidden="true">${one.severity === 'error' ? '▲' : '◆'}</span>
        <span class="number muted ce-place">${one.line}:${one.column}</span>
        <span><span class="visually-hidden">${one.severity}: </span>${one.message}${one.hint ? html`<span class="muted ce-hint">${one.hint}</span>` : nothing}</span>
      </button></li>`
  }

  /** What stands in the place of the preview. @param {{message: string, where?: string, hint?: string}[]} refused */
  #instead(refused) {
    if (refused.length) return html`<h3>The sample task does not fit</h3>${problemList(refused)}`
    if (this.#lost) return html`<h3>The preview stopped</h3><p>What you wrote is still here. ${this.#lost}</p>
      <button type="button" class="button" @click=${() => this.#later(0)}>Start it again</button>`
    if (this.#diagnostics?.length) return html`<h3>Nothing to show yet</h3><p>The preview appears as soon as the config has no errors. They are listed under it.</p>`
    return html`<h3>The preview is on its way</h3><p>${this.#loading ? this.#loadingText() : 'Compiling the config'}. You can already write.</p>
      ${this.#loading ? html`<progress class="ce-progress" aria-label="Loading Python" max="100" value=${this.#percent() ?? nothing}></progress>` : nothing}`
  }

  /** @returns {number | undefined} */
  #percent() {
    const percent = /(\d+)\s*%/.exec(this.#loading)
    return percent ? Number(percent[1]) : undefined
  }

  #loadingText() {
    const seconds = Math.floor((performance.now() - this.#since) / 1000)
    return `${this.#loading}${seconds >= 1 ? `, ${seconds} s` : ''}`
  }

  /** @param {'task' | 'result'} tab @param {string} text */
  #tabButton(tab, text) {
    const chosen = this.#tab === tab
    const choose = () => {
      this.#tab = tab
      this.requestUpdate()
    }
    return html`<button type="button" class="tab" role="tab" id="ce-tab-${tab}" aria-selected=${chosen} aria-controls="ce-panel" tabindex=${chosen ? 0 : -1}
      @click=${choose} @keydown=${(/** @type {KeyboardEvent} */ event) => this.#tabKey(event)}>${text}</button>`
  }

  /** @param {KeyboardEvent} event */
  async #tabKey(event) {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
    event.preventDefault()
    this.#tab = this.#tab === 'task' ? 'result' : 'task'
    this.requestUpdate()
    await this.updateComplete
    const chosen = /** @type {HTMLElement | null} */ (this.querySelector('[role=tab][aria-selected=true]'))
    chosen?.focus()
  }

  #sampleTab() {
    const own = this.#plan ? JSON.stringify(this.#plan.sample?.data ?? {}, null, 2) : ''
    return html`<div class="ce-panel" role="tabpanel" id="ce-panel" aria-labelledby="ce-tab-task">
      <label class="visually-hidden" for="ce-sample">Sample task, JSON</label>
      <textarea id="ce-sample" class="input input-mono ce-json" spellcheck="false" .value=${this.#sample ?? own} aria-invalid=${this.#sampleProblem ? 'true' : 'false'}
        aria-describedby="ce-sample-note" @input=${(/** @type {InputEvent} */ event) => this.#sampleTyped(/** @type {HTMLTextAreaElement} */ (event.target).value)}></textarea>
      <p id="ce-sample-note" class=${this.#sampleProblem ? 'field-problem' : 'field-hint'}>
        ${this.#sampleProblem || 'The data of the task in the preview. Change it to see other data.'}
        ${this.#sample !== null ? html`<button type="button" class="button button-small" @click=${() => this.#ownSample()}>Back to the config’s own</button>` : nothing}
      </p>
    </div>`
  }

  #ownSample() {
    this.#sample = null
    void this.#show()
    this.requestUpdate()
  }

  #resultTab() {
    const { result, problems } = this.#preview
    return html`<div class="ce-panel" role="tabpanel" id="ce-panel" aria-labelledby="ce-tab-result">
      <pre class="ce-json ce-result" tabindex="0" aria-label="Result, JSON">${JSON.stringify(result, null, 2)}</pre>
      <div class="field-hint">${problems.length ? html`Before Submit: ${problemList(problems.map((problem) => ({ ...problem, where: '', message: sentence(problem), hint: '' })))}` : 'What Submit would save, in Label Studio’s format.'}</div>
    </div>`
  }

  /** @param {number} errors @param {number} warnings */
  #status(errors, warnings) {
    let text = `Compiled in ${this.#ms < 10 ? this.#ms.toFixed(1) : Math.round(this.#ms)} ms`
    if (errors) text += ` · ${counted(errors, 'error')}`
    if (warnings) text += ` · ${counted(warnings, 'warning')}`
    if (!errors && !warnings) text += ' · no problems'
    if (this.#lost) text = `Python stopped: ${this.#lost}`
    else if (this.#loading) text = this.#loadingText()
    else if (!this.#diagnostics) text = 'Compiling …'
    return html`<p class="ce-status ${errors || this.#lost ? 'is-bad' : ''}" role="status">${text}</p>`
  }

  /** @param {CustomEvent} event */
  #typed(event) {
    event.stopPropagation()
    this.#source = event.detail
    this.#later()
    this.dispatchEvent(new CustomEvent('kite-typed', { bubbles: true }))
  }
}

customElements.define('kite-config-editor', KiteConfigEditorElement)
/** @typedef {KiteConfigEditorElement} KiteConfigEditor */
export { KiteConfigEditorElement }
