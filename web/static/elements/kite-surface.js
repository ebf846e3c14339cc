import { LitElement, html, nothing } from 'lit'
import { safeStyle, scoped } from './config-style.js'
import { echo } from './echo.js'
import { emit } from './emit.js'
import { keyRange } from './keys.js'
import { SurfaceKeys } from './surface-keys.js'
import { bars, grows, hoisted, labelled, runs, shrinks } from './surface-layout.js'
import { styled } from './styled.js'

/** @typedef {import('./types.js').PlanNode} PlanNode */
/** @typedef {import('./types.js').Control} Control */
/** @typedef {import('./types.js').View} View */

const NARROW = 900 // pixels; the container query in surface.css has the same number
const MAC = /Mac|iPhone|iPad/.test(navigator.platform)
/** @type {View} */
const NOTHING = { regions: {}, answers: {}, selection: [], active: {}, tools: {}, hidden: [], region_controls: [], counts: {}, full: {}, undo: false, redo: false }

/** The labeling surface (docs/contracts.md, section 4): draws plan, display and view, and turns what a person does into intents. */
export class KiteSurface extends LitElement {
  static properties = {
    plan: { attribute: false }, display: { attribute: false }, view: { attribute: false }, readonly: { type: Boolean }, layers: { attribute: false },
    pending: { attribute: false }, problems: { attribute: false }, extraKeys: { attribute: false }, keys: { type: Boolean }, focused: { type: Boolean, reflect: true },
    panel: { state: true }, hovered: { state: true }, names: { state: true }, viewports: { state: true },
  }

  constructor() {
    super()
    /** @type {import('./types.js').Plan | undefined} */
    this.plan = undefined
    /** @type {import('./types.js').Display | undefined} */
    this.display = undefined
    /** @type {View | undefined} */
    this.view = undefined
    this.readonly = false
    /** @type {import('./types.js').Layer[]} */
    this.layers = []
    /** @type {import('./types.js').Intent[]} */
    this.pending = []
    /** what stands between this task and a submit, drawn where it is: @type {import('./types.js').Problem[]} */
    this.problems = []
    /** keys of the page around, for the help: @type {{keys: string, does: string}[]} */
    this.extraKeys = []
    /** listens to the keyboard; false where several surfaces stand on one page */
    this.keys = true
    /** data and labels only */
    this.focused = false
    /** the list of regions is open; undefined: if there is room for it @type {boolean | undefined} */
    this.panel = undefined
    this.hovered = ''
    this.names = true
    /** @type {Record<string, any>} how each picture is looked at */
    this.viewports = {}
    /** @type {Promise<unknown>} all media of this task are painted */
    this.ready = new Promise((done) => { this.#painted = done })
  }
  /** @type {(value: unknown) => void} */
  #painted = () => {}
  #sheet = new CSSStyleSheet()
  /** @type {SurfaceKeys | null} */
  #keyboard = null
  /** a question that takes the keyboard as soon as its region is selected @type {{region: string, control: string} | null} */
  #asked = null
  /** @type {AbortController | null} */
  #gone = null
  /** what is drawn: the view, and the echo of what is on its way @type {View} */
  shown = NOTHING
  /** @type {boolean | undefined} */
  #narrow
  /** @type {Map<string, Map<string, string>>} control to stored name to shown text */
  #texts = new Map()

  createRenderRoot() {
    return this
  }

  connectedCallback() {
    super.connectedCallback()
    this.#gone = new AbortController()
    const { signal } = this.#gone
    this.#keyboard = new SurfaceKeys(this, signal)
    this.#fold(this.clientWidth)
    const room = new ResizeObserver(([entry]) => this.#fold(entry.contentRect.width))
    room.observe(this)
    signal.addEventListener('abort', () => room.disconnect())
    this.addEventListener('kite-hover', (event) => { this.hovered = /** @type {CustomEvent} */ (event).detail.region }, { signal })
    this.addEventListener('kite-reveal', (event) => this.#reveal(/** @type {CustomEvent} */ (event).detail.region), { signal })
    this.addEventListener('kite-tool', (event) => this.look(/** @type {CustomEvent} */ (event).detail), { signal })
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.#sheet]
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#gone?.abort()
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== this.#sheet)
  }

  // ---- what the host may ask ----

  /** Shows and selects a region. @param {string} id @param {string} control a question about it that takes the keyboard, if there is one */
  focusRegion(id, control = '') {
    if (this.view?.selection.length !== 1 || this.view.selection[0] !== id) emit(this, { type: 'select', regions: [id], add: false })
    this.#reveal(id)
    if (!control || this.#isLabels(control)) return
    this.panel = true
    if (this.focused) this.focusMode(false)
    this.#asked = { region: id, control }
    this.requestUpdate()
  }

  /** Data and labels only, or everything again. @param {boolean} on */
  focusMode(on) {
    this.focused = on
    this.dispatchEvent(new CustomEvent('kite-focus-mode', { detail: { on }, bubbles: true, composed: true }))
  }

  /** Moves the keyboard to a control or object, for a problem that names it. @param {string} name */
  async focusNode(name) {
    if (this.focused && !this.#isLabels(name)) {
      this.focusMode(false)
      await this.updateComplete
    }
    const place = this.querySelector(`[data-name="${CSS.escape(name)}"]`)
    place?.scrollIntoView({ block: 'nearest' })
    /** @type {HTMLElement | null | undefined} */
    const target = place?.querySelector('input, select, textarea, button, [tabindex="0"]')
    target?.focus()
  }

  /** Opens the list of keys. */
  help() {
    /** @type {import('./kite-help.js').KiteHelp} */ (this.querySelector('kite-help')).open()
  }

  // ---- life ----

  /** The list opens and closes by itself when the room for it comes and goes. @param {number} width pixels */
  #fold(width) {
    const narrow = width < NARROW
    if (!width || narrow === this.#narrow) return
    if (this.#narrow !== undefined || this.panel === undefined) this.panel = !narrow
    this.#narrow = narrow
  }

  /** @param {Map<string, any>} changed */
  willUpdate(changed) {
    if (changed.has('plan')) this.#sheet.replaceSync(this.#styles(this.plan?.tree))
    if (changed.has('plan') || changed.has('display')) {
      this.#texts = new Map(this.plan?.controls.map((control) => [control.name, new Map(this.#options(control).map((option) => [option.stored, option.text]))]))
      this.ready = new Promise((done) => { this.#painted = done })
      queueMicrotask(() => this.#settle())
    }
    // Hovering and folding must not make a new view: the elements below compare by identity.
    if (!changed.has('plan') && !changed.has('view') && !changed.has('pending')) return
    const view = this.view && (this.view.tools && this.view.counts ? this.view : { ...NOTHING, ...this.view })
    this.shown = this.plan && view ? echo(this.plan, view, this.pending ?? []) : NOTHING
  }

  updated() {
    this.#keyboard?.settle()
    if (this.#asked && this.shown.selection[0] === this.#asked.region && this.shown.region_controls.includes(this.#asked.control)) {
      const { control } = this.#asked
      this.#asked = null
      requestAnimationFrame(() => void this.focusNode(control)) // the panel has drawn it by then
    }
  }

  async #settle() {
    await this.updateComplete
    await Promise.all([...this.querySelectorAll('kite-image, kite-text')].map((element) => /** @type {any} */ (element).ready))
    this.#painted(undefined)
  }

  /** @param {PlanNode | undefined} node @returns {string} */
  #styles(node) {
    if (!node) return ''
    const own = node.node === 'style' && node.css ? scoped(node.css) : ''
    return own + (node.children ?? []).map((child) => this.#styles(child)).join('\n')
  }

  /** @param {Control} control @returns {import('./types.js').Option[]} */
  #options(control) {
    return this.display?.options?.[control.name] ?? []
  }

  /** @param {string | undefined} name */
  control(name) {
    return this.plan?.controls.find((control) => control.name === name)
  }

  /** @param {string} name */
  #isLabels(name) {
    const control = this.control(name)
    return !!control && labelled(control)
  }

  /** What stands on a region. @param {import('./types.js').Region} region */
  #nameOf = (region) => {
    const texts = this.#texts.get(region.control)
    const name = region.labels.map((label) => texts?.get(label) ?? label).join(', ')
    return typeof region.score === 'number' ? `${name} ${region.score.toFixed(2)}` : name
  }

  // ---- drawing ----

  render() {
    const { plan } = this
    if (!plan || !this.display) return nothing
    const marks = plan.controls.some(labelled)
    const panel = marks && !!this.panel && !this.focused
    return html`<div class="surface ${panel ? 'has-panel' : ''} ${plan.objects.some((object) => object.type === 'image') ? 'surface-image' : 'surface-text'}">
      <main class="surface-main"><div class="kite-data">${this.#node(plan.tree, new Set())}</div></main>
      ${marks ? this.#panel(panel) : nothing}
      <kite-help .plan=${plan} .extra=${this.extraKeys} .titleOf=${this.#headingOf}></kite-help>
    </div>`
  }

  /** @param {PlanNode} node @param {Set<string>} taken labels controls that a bar has already @returns {unknown} */
  #node(node, taken) {
    const hidden = this.shown.hidden.includes(node.key)
    switch (node.node) {
      case 'view':
        return this.#view(node, taken, hidden)
      case 'header':
        return html`<div class="node-header node-header-${node.size ?? 4} ${node.underline ? 'is-underlined' : ''}" id=${`node-${node.key}`} role="heading" aria-level="2" ?hidden=${hidden}
          style=${styled(safeStyle(node.style))}>${this.display?.texts[node.key] ?? ''}</div>`
      case 'object':
        return this.#object(node, taken, hidden)
      case 'control': {
        const control = this.control(node.name)
        if (!control || taken.has(control.name) || control.per_region) return nothing
        const open = control.required && !this.readonly && !this.shown.answers[control.name]
        return html`<div class="node-control ${open ? 'is-required' : ''} ${this.#problem(control, '') ? 'is-missing' : ''}" data-name=${control.name} ?hidden=${hidden}>${this.#answer(control, '')}</div>`
      }
      default:
        return nothing
    }
  }

  /** @param {PlanNode} node @param {Set<string>} taken @param {boolean} hidden */
  #view(node, taken, hidden) {
    const plan = /** @type {import('./types.js').Plan} */ (this.plan)
    const names = new Set([...taken, ...hoisted(plan, node)])
    const own = Object.keys(node.style ?? {}).length > 0 || node.display === 'inline'
    return html`<div class="node-view ${grows(plan, node) ? 'grows' : shrinks(plan, node) ? 'shrinks' : ''} ${own ? 'is-styled' : ''} ${node.display === 'inline' ? 'is-inline' : ''} ${node.class_name ?? ''}" id=${node.id_attr || nothing} ?hidden=${hidden}
      style=${styled(safeStyle(node.style))}>${
      own
        ? (node.children ?? []).map((child) => this.#node(child, names))
        : runs(plan, node.children ?? []).map((run) => (run.answers ? html`<div class="answers">${run.groups.map((group) => this.#group(group, names))}</div>` : run.nodes.map((child) => this.#node(child, names))))
    }</div>`
  }

  /** A control, with the header over it if there is one. @param {PlanNode[]} group @param {Set<string>} taken */
  #group(group, taken) {
    return html`<div class="answer" ?hidden=${group.every((node) => this.shown.hidden.includes(node.key))}>${group.map((node) => this.#node(node, taken))}</div>`
  }

  /** @param {PlanNode} node @param {Set<string>} taken @param {boolean} hidden */
  #object(node, taken, hidden) {
    const plan = /** @type {import('./types.js').Plan} */ (this.plan)
    const object = plan.objects.find((one) => one.name === node.name)
    if (!object) return nothing
    const all = bars(plan, object.name)
    const labels = all.filter((control) => taken.has(control.name))
    const isImage = object.type === 'image'
    const first = plan.objects[0] === object
    const view = this.shown
    return html`<section class="frame frame-${object.type}" data-name=${object.name} ?hidden=${hidden} aria-label=${isImage ? 'Picture' : 'Text'}
      style=${styled(isImage && object.height ? safeStyle({ height: String(object.height), flex: 'none' }) : {})}>
      ${labels.length || isImage || (first && !this.readonly)
        ? html`<div class="bar">
            <div class="bar-labels">${labels.map((control) => html`<div data-name=${control.name}>${this.#answer(control, '')}</div>`)}</div>
            <div class="bar-tools">
              ${isImage ? html`<kite-image-tools .object=${object} .viewport=${this.viewports[object.name] ?? { scale: 1, fitted: true, brightness: 100, contrast: 100 }} .names=${this.names}></kite-image-tools>` : nothing}
              ${first ? this.#tools() : nothing}
            </div>
          </div>`
        : nothing}
      ${isImage
        ? html`<kite-image .object=${object} .source=${this.display?.objects[object.name]} .view=${view} .layers=${this.layers} .controls=${plan.controls} .names=${this.names} .hovered=${this.hovered} .unlabelled=${this.#unlabelled(all)}
            .nameOf=${this.#nameOf} ?readonly=${this.readonly} @kite-viewport=${(/** @type {CustomEvent} */ event) => { this.viewports = { ...this.viewports, [object.name]: event.detail } }}></kite-image>`
        : html`<kite-text .object=${object} .source=${this.display?.objects[object.name]} .view=${view} .layers=${this.layers} .names=${this.names} .hovered=${this.hovered} .unlabelled=${this.#unlabelled(all)} .nameOf=${this.#nameOf}
            ?readonly=${this.readonly}></kite-text>`}
    </section>`
  }

  /** What to say to somebody who marks without a label. @param {Control[]} controls of the object */
  #unlabelled(controls) {
    const options = controls.flatMap((control) => this.#options(control))
    const keys = keyRange(options.flatMap(({ hotkey }) => (hotkey ? [hotkey] : [])), MAC)
    return options.length && !this.readonly ? keys : null
  }

  /** Undo, redo, help, and what else is about the whole task. */
  #tools() {
    const view = this.shown
    const marks = this.plan?.controls.some(labelled)
    const focus = this.focused ? 'Show everything again (. or Esc)' : 'Focus: data and labels only (.)'
    return html`<span class="tools">
      ${this.readonly
        ? nothing
        : html`<button class="button button-quiet button-icon" type="button" title="Undo (Ctrl+Z)" aria-label="Undo" ?disabled=${!view.undo} @click=${() => emit(this, { type: 'undo' })}><kite-icon name="undo"></kite-icon></button>
            <button class="button button-quiet button-icon" type="button" title="Redo (Ctrl+Shift+Z)" aria-label="Redo" ?disabled=${!view.redo} @click=${() => emit(this, { type: 'redo' })}><kite-icon name="redo"></kite-icon></button>`}
      ${marks && !this.readonly
        ? html`<button class="button button-quiet button-icon tools-focus" type="button" title=${focus} aria-label=${focus} aria-pressed=${this.focused} @click=${() => this.focusMode(!this.focused)}><kite-icon name="focus"></kite-icon></button>`
        : nothing}
      <button class="button button-quiet button-icon" type="button" title="Keys (?)" aria-label="Keys" @click=${() => this.help()}><kite-icon name="help"></kite-icon></button>
      ${!this.panel && !this.focused && view.region_controls.length
        ? html`<button class="button button-small tools-asked" type="button" title="Questions about the selected region" @click=${() => { this.panel = true }}>Questions <span class="number">${view.region_controls.length}</span></button>`
        : nothing}
      ${marks
        ? html`<button class="button button-quiet button-icon" type="button" title="List of regions" aria-label="List of regions" aria-pressed=${!!this.panel} @click=${() => { this.panel = !this.panel }}><kite-icon name="panel"></kite-icon></button>`
        : nothing}
    </span>`
  }

  /** What is wrong with an answer. @param {Control} control @param {string} region id, or empty @returns {import('./types.js').Problem | undefined} */
  #problem(control, region) {
    return [...(this.shown.problems ?? []), ...this.problems].find((one) => one.control === control.name && (one.region ?? '') === region)
  }

  /** @param {Control} control @param {string} region id, for answers about one region */
  #answer(control, region) {
    const view = this.shown
    const answer = region ? view.regions[region]?.answers?.[control.name] : view.answers[control.name]
    const legend = this.#headingOf(control.name)
    const fault = this.#problem(control, region)
    const about = view.regions[region]
    const fixed = this.readonly || !!about?.locked || !!about?.readonly
    const problem = fault && fault.code !== 'required' ? fault.message : '' // what is missing is outlined, and said at the bottom
    switch (control.type) {
      case 'choices':
        return html`<kite-choices .control=${control} .options=${this.#options(control)} .answer=${answer} .region=${region} .legend=${legend} .problem=${problem} ?readonly=${fixed}></kite-choices>`
      case 'textarea':
        return html`<kite-textarea .control=${control} .texts=${{ label: this.display?.texts[`${control.name}/label`], placeholder: this.display?.texts[`${control.name}/placeholder`] }} .answer=${answer} .region=${region}
          .legend=${legend} .problem=${problem} ?readonly=${fixed} ?busy=${this.pending.findLast((intent) => intent.control === control.name)?.type === 'type_text'}></kite-textarea>`
      case 'rating':
        return html`<kite-rating .control=${control} .answer=${answer} .region=${region} .legend=${legend} .problem=${problem} ?readonly=${fixed}></kite-rating>`
      default:
        return html`<kite-labels .control=${control} .options=${this.#options(control)} .active=${this.#pressed(control)} .counts=${view.counts[control.name] ?? {}} .full=${view.full[control.name] ?? []}
          ?readonly=${this.readonly}></kite-labels>`
    }
  }

  /** Labels that look pressed: those of the selected region, else those that the next one gets. @param {Control} control */
  #pressed(control) {
    const { selection, regions, active } = this.shown
    const chosen = selection.flatMap((id) => regions[id] ?? []).filter((region) => region.control === control.name)
    return chosen.length ? [...new Set(chosen.flatMap((region) => region.labels))] : (active[control.name] ?? [])
  }

  /** @param {boolean} open */
  #panel(open) {
    const view = this.shown
    const [id] = view.selection
    const region = view.regions[id]
    const asked = region ? view.region_controls.flatMap((name) => this.control(name) ?? []) : []
    return html`<aside class="panel" ?hidden=${!open} aria-label="Regions">
      <button class="button button-quiet panel-close" type="button" @click=${() => { this.panel = false }}><kite-icon name="close"></kite-icon>Close the list</button>
      <kite-regions .view=${view} .plan=${this.plan} .problems=${this.problems} .hovered=${this.hovered} .nameOf=${this.#nameOf} ?readonly=${this.readonly}></kite-regions>
      ${region
        ? html`<div class="panel-region">
            <kite-region .region=${region} .count=${view.selection.length} .size=${this.#sizeOf(region.object)} .nameOf=${this.#nameOf} ?readonly=${this.readonly}
              .questions=${asked.map((control) => html`<div class="region-answer ${this.#problem(control, id) ? 'is-missing' : ''}" data-name=${control.name}><h3>${this.#headingOf(control.name)}</h3>${this.#answer(control, id)}</div>`)}></kite-region>
          </div>`
        : nothing}
    </aside>`
  }

  /** What people call a control: its heading, else its name. @param {string} name */
  #headingOf = (name) => this.display?.texts[`${name}/title`] ?? name

  /** @param {string} object */
  #sizeOf(object) {
    const picture = /** @type {import('./kite-image.js').KiteImage | null} */ (this.querySelector(`[data-name="${CSS.escape(object)}"] > kite-image`))?.picture
    return picture ? { width: picture.naturalWidth, height: picture.naturalHeight } : undefined
  }

  // ---- acting ----

  /** @param {string} id */
  #reveal(id) {
    const object = this.view?.regions[id]?.object
    const place = object && this.querySelector(`[data-name="${CSS.escape(object)}"] > :is(kite-image, kite-text)`)
    if (place) /** @type {import('./kite-image.js').KiteImage} */ (place).reveal(id)
  }

  /** How a picture is looked at. @param {{object?: string, tool: string, value?: number}} use */
  look({ object, tool, value }) {
    if (tool === 'names') {
      this.names = !this.names
      return
    }
    const image = /** @type {import('./kite-image.js').KiteImage | null} */ (object ? this.querySelector(`[data-name="${CSS.escape(object)}"] > kite-image`) : this.querySelector('kite-image'))
    if (!image) return
    if (tool === 'fit' && !image.fitted) image.fit()
    else if (tool === 'fit' || tool === 'actual') image.zoomTo(1)
    else if (tool === 'zoom') image.zoomBy(value ?? 1)
    else if (tool === 'rotate') image.rotate()
    else image.adjust(/** @type {'brightness' | 'contrast'} */ (tool), value ?? 100)
  }
}
