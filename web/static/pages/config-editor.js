/**
 * `<kite-config-editor>`: the config at the left, the real labeling page at the right, live; under it the task's data and
 * the result JSON.
 *
 * The config is compiled by the author engine at every keystroke; what was typed meanwhile is compiled next, what is in
 * between never. `value` is the source; `kite-typed` comes when a person changed it, `kite-config` (detail: {source, plan,
 * diagnostics}) after every compile, `plan` null when the config has errors.
 */
import { html, nothing } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { PreviewSession } from '../app/preview-session.js'
import { authorEngine } from '../app/runtime.js'
import '../elements/surface.js'
import './code-editor.js'
import { compiled, emptyConfig, fieldsTab, keysLine, problemRow, resultTab } from './config-parts.js'
import { SampleTask } from './config-sample.js'
import { icon } from './icons.js'
import { OwnerElement, problemList } from './page.js'
import { sentence } from './words.js'

/** @typedef {import('./code-problems.js').Diagnostic} Diagnostic */
/** @typedef {import('./code-editor.js').KiteCodeElement} KiteCodeElement */
/** @typedef {'config' | 'preview' | 'side'} Part what a narrow window shows */
/** @typedef {'task' | 'result' | 'plan'} Tab */

/** New problems are told when the typing pauses; solved ones go at once. */
const TELL_AFTER_MS = 350
/** One and the same list, so that it never looks changed. @type {never[]} */
const NO_LAYERS = []
/** @type {[Part, string][]} */
const PARTS = [['config', 'Config'], ['preview', 'Preview'], ['side', 'Data and result']]

class KiteConfigEditorElement extends OwnerElement {
  #source = ''
  #engine = authorEngine()
  #preview = new PreviewSession(this.#engine)
  #sample = new SampleTask()
  /** What is told; null: not compiled yet. @type {Diagnostic[] | null} */ #diagnostics = null
  /** The text that the diagnostics are about. */ #about = ''
  /** @type {any} the newest plan without errors; the preview keeps it while the config is broken */ #plan = null
  #ms = 0
  #loading = ''
  #lost = ''
  #note = ''
  #since = 0
  /** @type {Tab} */ #tab = 'task'
  /** @type {Part} */ #part = 'config'
  #copied = false
  #telling = 0
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
    this.#tellNow()
    void this.#compile()
    this.requestUpdate()
  }

  /** @returns {KiteCodeElement | null} */
  #code() {
    return this.querySelector('kite-code[language=xml]')
  }

  /** @returns {KiteCodeElement | null} */
  #json() {
    return this.querySelector('kite-code[language=json]')
  }

  connectedCallback() {
    super.connectedCallback()
    const { signal } = this
    this.#preview.addEventListener('change', () => this.requestUpdate(), { signal })
    this.addEventListener('kite-intent', (event) => {
      event.stopPropagation()
      void this.#preview.send(/** @type {CustomEvent} */ (event).detail).catch((error) => this.#failed(error))
    }, { signal })
    this.#engine.addEventListener('restart', () => {
      this.#waiting(signal)
      void this.#compile()
    }, { signal })
    this.#engine.addEventListener('lost', (event) => this.#failed(String(/** @type {CustomEvent} */ (event).detail)), { signal })
    if (!this.#engine.up) this.#waiting(signal)
    void this.#compile()
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    clearTimeout(this.#telling)
    this.#preview.close()
  }

  firstUpdated() {
    const editor = this.#code()
    if (!editor) return
    editor.value = this.#source
    editor.assist = {
      complete: (source, offset) => this.#engine.call('complete', { source, offset }),
      hover: (source, offset) => this.#engine.call('hover', { source, offset }),
    }
  }

  /** Python loads while the person already writes; how long it has taken is said from the first second on. @param {AbortSignal} signal */
  #waiting(signal) {
    this.#since = performance.now()
    this.#loading = 'Loading Python …'
    this.#engine.onprogress = (text) => {
      this.#loading = text || this.#loading
      this.requestUpdate()
    }
    const clock = setInterval(() => this.requestUpdate(), 1000)
    signal.addEventListener('abort', () => clearInterval(clock))
    const over = () => {
      clearInterval(clock)
      this.#loading = ''
      this.requestUpdate()
    }
    void this.#engine.ready.then(over, (error) => {
      over()
      this.#failed(error)
    })
    this.requestUpdate()
  }

  async #compile() {
    this.#stale = true
    if (this.#compiling) return
    this.#compiling = true
    while (this.#stale && this.isConnected) {
      this.#stale = false
      try {
        const source = this.#source
        const answer = await this.#engine.call('compile', { source })
        this.#took(source, answer)
        await this.#show()
      } catch (error) {
        if (!this.#stale) this.#failed(error) // else the engine is another one by now, and is asked again
      }
    }
    this.#compiling = false
  }

  /** @param {string} source @param {{plan?: any, diagnostics?: Diagnostic[], ms?: number, problems?: any[]}} answer */
  #took(source, { plan, diagnostics = [], ms = 0, problems }) {
    if (problems) return this.#failed(problems[0]?.message)
    this.#lost = ''
    this.#ms = ms
    if (plan) {
      this.#plan = plan
      this.#sample.own = plan.sample?.data ?? {}
    }
    if (source !== this.#source) return
    this.dispatchEvent(new CustomEvent('kite-config', { detail: { source, plan: plan ?? null, diagnostics }, bubbles: true }))
    clearTimeout(this.#telling)
    const tell = () => {
      this.#telling = 0
      this.#diagnostics = diagnostics
      this.#about = source
      this.#code()?.showProblems(diagnostics, source)
      this.requestUpdate()
    }
    if (!this.#telling || !diagnostics.length) tell()
    else this.#telling = window.setTimeout(tell, TELL_AFTER_MS)
  }

  /** What comes next was not typed: its problems are told at once. */
  #tellNow() {
    clearTimeout(this.#telling)
    this.#telling = 0
  }

  async #show() {
    if (!this.#plan) return
    await this.#preview.load(this.#plan, this.#sample.data, { known: true })
  }

  /** @param {unknown} error */
  #failed(error) {
    this.#loading = ''
    this.#lost = error instanceof Error ? error.message : String(error)
    this.requestUpdate()
  }

  /** @param {CustomEvent} event */
  #typed(event) {
    event.stopPropagation()
    if (event.target === this.#json()) return this.#sampleTyped(event.detail)
    this.#source = event.detail
    this.#note = ''
    clearTimeout(this.#telling)
    this.#telling = window.setTimeout(() => { this.#telling = 0 }, TELL_AFTER_MS)
    void this.#compile()
    this.dispatchEvent(new CustomEvent('kite-typed', { bubbles: true }))
  }

  /** A change of the config that the editor made itself. @param {string} source */
  #wrote(source) {
    this.value = source
    this.dispatchEvent(new CustomEvent('kite-typed', { bubbles: true }))
  }

  #format = () => {
    void this.#ask('format', { source: this.#source }, ({ source }) => {
      this.#note = source === this.#source ? 'The config is laid out already.' : 'Laid out.'
      this.#wrote(source)
    })
    return true
  }

  /** Ask the engine; what it refuses is said in the line at the bottom. @param {string} op @param {Record<string, unknown>} members @param {(answer: any) => void} then */
  async #ask(op, members, then) {
    try {
      const answer = await this.#engine.call(op, members)
      if (answer.problems) this.#note = sentence(answer.problems[0])
      else then(answer)
    } catch (error) {
      this.#failed(error)
    }
    this.requestUpdate()
  }

  // the task in the preview

  /** @param {string} text */
  #sampleTyped(text) {
    this.#sample.write(text)
    this.#markSample()
    if (!this.#sample.fault) void this.#show().catch((error) => this.#failed(error))
    this.requestUpdate()
  }

  #markSample() {
    const editor = this.#json()
    const { fault, text } = this.#sample
    if (!editor) return
    const before = text.slice(0, fault?.at ?? 0).split('\n')
    const [line, column] = [before.length, [...(before.at(-1) ?? '')].length + 1]
    const marks = fault ? [{ line, column, end_line: line, end_column: column + 1, code: '', severity: /** @type {const} */ ('error'), message: fault.message }] : []
    editor.showProblems(marks, text)
  }

  #resetSample() {
    this.#sample.reset()
    this.#sampleChanged()
  }

  #makeSample() {
    void this.#ask('sample', { source: this.#source }, ({ data }) => {
      this.#sample.write(JSON.stringify(data, null, 2))
      this.#sampleChanged()
    })
  }

  #sampleChanged() {
    this.requestUpdate()
    void this.updateComplete.then(() => this.#markSample())
    void this.#show().catch((error) => this.#failed(error))
  }

  #putSample() {
    void this.#ask('put_sample', { source: this.#source, data: this.#sample.data }, ({ source }) => {
      this.#sample.reset()
      this.#note = 'The sample stands in the config now, as a comment.'
      this.#wrote(source)
    })
  }

  async #copyResult() {
    await navigator.clipboard.writeText(JSON.stringify(this.#preview.result, null, 2)).then(() => { this.#copied = true }, () => { this.#note = 'The browser did not allow copying.' })
    this.requestUpdate()
    setTimeout(() => {
      this.#copied = false
      this.requestUpdate()
    }, 2000)
  }

  // drawing

  render() {
    const diagnostics = this.#diagnostics ?? []
    const errors = diagnostics.filter((one) => one.severity === 'error').length
    return html`
      <div class="ce ce-shows-${this.#part}" @kite-code=${(/** @type {CustomEvent} */ event) => this.#typed(event)}>
        <div class="ce-parts" role="group" aria-label="Show">
          ${PARTS.map(([part, text]) => html`<button type="button" class="ce-part" aria-pressed=${this.#part === part} @click=${() => {
            this.#part = part
            this.requestUpdate()
          }}>${text}${part === 'config' && errors ? html` <span class="ce-error">▲ ${errors}</span>` : nothing}</button>`)}
        </div>
        <section class="ce-config" aria-label="Config">
          <div class="ce-title"><h2>Config</h2>
            <button type="button" class="button button-small" @click=${this.#format} ?disabled=${!this.#engine.up}>Format <kbd>Shift Alt F</kbd></button></div>
          <kite-code language="xml" label="Config, XML. Tab leaves the editor." .keys=${[{ key: 'Shift-Alt-f', run: this.#format }]}></kite-code>
          ${diagnostics.length ? html`<ol class="ce-problems" aria-label="Problems in the config">
            ${repeat(diagnostics, (one) => `${one.line}:${one.column}:${one.code}:${one.message}`, (one) => problemRow(one, () => this.#goTo(one), (fix) => void this.#code()?.fix(fix, this.#about)))}</ol>` : nothing}
          ${keysLine()}
        </section>
        <section class="ce-preview" aria-label="Preview">
          <div class="ce-title"><h2>Preview</h2>
            ${errors && this.#preview.plan && this.#source.trim() ? html`<span class="ce-kept" role="status">${icon('problem')}of the last config without errors</span>` : html`<span class="muted">try it, nothing is saved</span>`}</div>
          <div class="ce-stage">${this.#stage()}</div>
        </section>
        <section class="ce-side" aria-label="Data and result">
          <div class="tabs ce-tabs" role="tablist" aria-label="Data and result">
            ${this.#tabButton('task', 'Sample data')}${this.#tabButton('result', `Result JSON${this.#preview.result.length ? ` (${this.#preview.result.length})` : ''}`)}${this.#tabButton('plan', 'Fields')}
          </div>
          <div class="ce-panel" role="tabpanel" id="ce-panel" aria-labelledby="ce-tab-${this.#tab}">
            ${this.#tab === 'task' ? this.#sampleTab() : this.#tab === 'result' ? resultTab(this.#preview, this.#copied, () => void this.#copyResult()) : fieldsTab(this.#plan)}
          </div>
        </section>
        ${this.#status(errors, diagnostics.length - errors)}
      </div>`
  }

  updated() {
    const editor = this.#json()
    if (editor && editor.value !== this.#sample.text) editor.value = this.#sample.text
  }

  /** @param {Diagnostic} one */
  #goTo(one) {
    this.#part = 'config'
    this.requestUpdate()
    void this.updateComplete.then(() => this.#code()?.go(one.line, one.column))
  }

  #stage() {
    const { plan, display, view, pending, refused } = this.#preview
    const empty = !this.#source.trim()
    const start = this.#diagnostics?.[0]?.fixes?.[0]
    if (plan && display && view && !refused.length && !empty) {
      return html`<kite-surface .plan=${plan} .display=${display} .view=${view} .pending=${pending} .readonly=${false} .layers=${NO_LAYERS} .panel=${false}></kite-surface>
        ${this.#lost ? html`<div class="notice notice-problem ce-over" role="alert">Python stopped: ${this.#lost} <button type="button" class="button button-small" @click=${() => void this.#compile()}>Start it again</button></div>` : nothing}`
    }
    return html`<div class="empty">${empty ? emptyConfig(start, (fix) => void this.#code()?.fix(fix, this.#about)) : this.#instead(refused)}</div>`
  }

  /** What stands in the place of the preview. @param {{message: string, where?: string, hint?: string}[]} refused */
  #instead(refused) {
    if (this.#lost) return html`<h3>The preview stopped</h3><p>What you wrote is still here. ${this.#lost}</p>
      <button type="button" class="button" @click=${() => void this.#compile()}>Start it again</button>`
    if (refused.length) return html`<h3>The sample data does not fit</h3>${problemList(refused)}`
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

  /** @param {Tab} tab @param {string} text */
  #tabButton(tab, text) {
    const chosen = this.#tab === tab
    return html`<button type="button" class="tab" role="tab" id="ce-tab-${tab}" aria-selected=${chosen} aria-controls="ce-panel" tabindex=${chosen ? 0 : -1}
      @click=${() => this.#choose(tab)} @keydown=${(/** @type {KeyboardEvent} */ event) => this.#tabKey(event)}>${text}</button>`
  }

  /** @param {Tab} tab */
  #choose(tab) {
    this.#tab = tab
    this.requestUpdate()
    void this.updateComplete.then(() => this.#markSample())
  }

  /** @param {KeyboardEvent} event */
  async #tabKey(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (!step) return
    event.preventDefault()
    /** @type {Tab[]} */
    const tabs = ['task', 'result', 'plan']
    this.#choose(tabs[(tabs.indexOf(this.#tab) + step + tabs.length) % tabs.length])
    await this.updateComplete
    const chosen = /** @type {HTMLElement | null} */ (this.querySelector('[role=tab][aria-selected=true]'))
    chosen?.focus()
  }

  #sampleTab() {
    const { fault, changed } = this.#sample
    const missing = fault ? [] : this.#sample.missing(this.#plan)
    return html`
      <kite-code class="ce-json" language="json" label="Sample data, JSON. Tab leaves the editor."></kite-code>
      <p class=${fault ? 'field-problem' : 'field-hint'} role="status">${fault ? fault.message : missing.length ? `Not in this task: ${missing.join(', ')}` : changed ? 'Your own data is in the preview.' : 'The task in the preview. Change it to see other data.'}</p>
      <div class="row ce-buttons">
        <button type="button" class="button button-small" ?disabled=${!changed} @click=${() => this.#resetSample()}>Back to the config’s sample</button>
        <button type="button" class="button button-small" ?disabled=${!this.#plan} @click=${() => this.#makeSample()}>Make sample data</button>
        <button type="button" class="button button-small" ?disabled=${!!fault || !this.#plan} @click=${() => this.#putSample()}>Put into the config</button>
      </div>`
  }

  /** @param {number} errors @param {number} warnings */
  #status(errors, warnings) {
    const text = this.#lost ? `Python stopped: ${this.#lost}` : this.#loading ? this.#loadingText() : !this.#diagnostics ? 'Compiling …' : compiled(this.#ms, errors, warnings, this.#note)
    return html`<p class="ce-status ${errors || this.#lost ? 'is-bad' : ''}" role="status">${text}</p>`
  }
}

customElements.define('kite-config-editor', KiteConfigEditorElement)
/** @typedef {KiteConfigEditorElement} KiteConfigEditor */
export { KiteConfigEditorElement }
