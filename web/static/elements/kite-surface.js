import { LitElement, html, nothing } from 'lit'
import { newId } from '../app/ids.js'
import { safeStyle, scoped } from './config-style.js'
import { echo } from './echo.js'
import { emit } from './emit.js'
import { builtIn, builtInIntent, eventNames, isTyping, planned } from './keys.js'
import { bars, grows, hoisted, labelled, runs, shrinks } from './surface-layout.js'
import { styled } from './styled.js'

/** @typedef {import('./types.js').PlanNode} PlanNode */
/** @typedef {import('./types.js').Control} Control */
/** @typedef {import('./types.js').View} View */

const NARROW = '(max-width: 899px)'
/** @type {View} */
const NOTHING = { regions: {}, answers: {}, selection: [], active: {}, tools: {}, hidden: [], region_controls: [], counts: {}, full: {}, undo: false, redo: false }
const ANSWERS = new Set(['choose', 'rate', 'type_text', 'add_text', 'edit_text', 'remove_text'])

/** The labeling surface (docs/contracts.md, section 4): draws plan, display and view, and turns what a person does into intents. */
export class KiteSurface extends LitElement {
  static properties = {
    plan: { attribute: false }, display: { attribute: false }, view: { attribute: false }, readonly: { type: Boolean }, layers: { attribute: false },
    pending: { attribute: false }, extraKeys: { attribute: false }, keys: { type: Boolean }, focused: { type: Boolean, reflect: true },
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
    /** keys of the page around, for the help: @type {{keys: string, does: string}[]} */
    this.extraKeys = []
    /** listens to the keyboard; false where several surfaces stand on one page */
    this.keys = true
    /** data and labels only */
    this.focused = false
    this.narrow = matchMedia(NARROW)
    this.panel = !this.narrow.matches
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
  /** @type {AbortController | null} */
  #gone = null
  /** @type {View} */
  #shown = NOTHING
  /** @type {Map<string, Map<string, string>>} control to stored name to shown text */
  #texts = new Map()

  createRenderRoot() {
    return this
  }

  connectedCallback() {
    super.connectedCallback()
    this.#gone = new AbortController()
    const { signal } = this.#gone
    document.addEventListener('keydown', (event) => this.#key(event), { signal })
    this.narrow.addEventListener('change', () => { this.panel = !this.narrow.matches }, { signal })
    this.addEventListener('kite-hover', (event) => { this.hovered = /** @type {CustomEvent} */ (event).detail.region }, { signal })
    this.addEventListener('kite-reveal', (event) => this.#reveal(/** @type {CustomEvent} */ (event).detail.region), { signal })
    this.addEventListener('kite-tool', (event) => this.#use(/** @type {CustomEvent} */ (event).detail), { signal })
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.#sheet]
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#gone?.abort()
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== this.#sheet)
  }

  // ---- what the host may ask ----

  /** Shows and selects a region. @param {string} id */
  focusRegion(id) {
    if (!this.view?.selection.includes(id)) emit(this, { type: 'select', regions: [id], add: false })
    this.#reveal(id)
  }

  /** Moves the keyboard to a control or object, for a problem that names it. @param {string} name */
  focusNode(name) {
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
    this.#shown = this.plan && view ? echo(this.plan, view, this.pending ?? []) : NOTHING
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
  #control(name) {
    return this.plan?.controls.find((control) => control.name === name)
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
    const panel = marks && this.panel && !this.focused
    return html`<div class="surface ${panel ? 'has-panel' : ''} ${plan.objects.some((object) => object.type === 'image') ? 'surface-image' : 'surface-text'}">
      <main class="surface-main"><div class="kite-data">${this.#node(plan.tree, new Set())}</div></main>
      ${marks ? this.#panel(panel) : nothing}
      <kite-help .plan=${plan} .extra=${this.extraKeys}></kite-help>
    </div>`
  }

  /** @param {PlanNode} node @param {Set<string>} taken labels controls that a bar has already @returns {unknown} */
  #node(node, taken) {
    const hidden = this.#shown.hidden.includes(node.key)
    switch (node.node) {
      case 'view':
        return this.#view(node, taken, hidden)
      case 'header':
        return html`<div class="node-header node-header-${node.size ?? 4} ${node.underline ? 'is-underlined' : ''}" id=${`node-${node.key}`} role="heading" aria-level="2" ?hidden=${hidden}
          style=${styled(safeStyle(node.style))}>${this.display?.texts[node.key] ?? ''}</div>`
      case 'object':
        return this.#object(node, taken, hidden)
      case 'control': {
        const control = this.#control(node.name)
        if (!control || taken.has(control.name) || control.per_region) return nothing
        return html`<div class="node-control" data-name=${control.name} ?hidden=${hidden}>${this.#answer(control, '', '')}</div>`
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

  /** A header with the controls it stands over. @param {PlanNode[]} group @param {Set<string>} taken */
  #group(group, taken) {
    const header = group.find((node) => node.node === 'header')
    const controls = group.flatMap((node) => (node.node === 'control' ? (this.#control(node.name) ?? []) : []))
    if (controls.length && controls.every((control) => control.per_region)) return nothing // they stand beside the region
    const legend = header ? (this.display?.texts[header.key] ?? '') : ''
    return html`<div class="answer">${group.map((node) => {
      const control = node.node === 'control' ? this.#control(node.name) : undefined
      if (!control || taken.has(control.name) || control.per_region) return this.#node(node, taken)
      return html`<div class="node-control" data-name=${control.name} ?hidden=${this.#shown.hidden.includes(node.key)}>${this.#answer(control, '', legend)}</div>`
    })}</div>`
  }

  /** @param {PlanNode} node @param {Set<string>} taken @param {boolean} hidden */
  #object(node, taken, hidden) {
    const plan = /** @type {import('./types.js').Plan} */ (this.plan)
    const object = plan.objects.find((one) => one.name === node.name)
    if (!object) return nothing
    const labels = bars(plan, object.name).filter((control) => taken.has(control.name))
    const isImage = object.type === 'image'
    const first = plan.objects[0] === object
    const view = this.#shown
    return html`<section class="frame frame-${object.type}" data-name=${object.name} ?hidden=${hidden} aria-label=${isImage ? 'Picture' : 'Text'}
      style=${styled(isImage && object.height ? safeStyle({ height: String(object.height), flex: 'none' }) : {})}>
      ${labels.length || isImage
        ? html`<div class="bar">
            <div class="bar-labels">${labels.map((control) => html`<div data-name=${control.name}>${this.#answer(control, '', '')}</div>`)}</div>
            <div class="bar-tools">
              ${isImage ? html`<kite-image-tools .object=${object} .viewport=${this.viewports[object.name] ?? { scale: 1, fitted: true, brightness: 100, contrast: 100 }} .names=${this.names}></kite-image-tools>` : nothing}
              ${first ? this.#history() : nothing}
            </div>
          </div>`
        : nothing}
      ${isImage
        ? html`<kite-image .object=${object} .source=${this.display?.objects[object.name]} .view=${view} .layers=${this.layers} .controls=${plan.controls} .names=${this.names} .hovered=${this.hovered}
            .nameOf=${this.#nameOf} ?readonly=${this.readonly} @kite-viewport=${(/** @type {CustomEvent} */ event) => { this.viewports = { ...this.viewports, [object.name]: event.detail } }}></kite-image>`
        : html`<kite-text .object=${object} .source=${this.display?.objects[object.name]} .view=${view} .layers=${this.layers} .names=${this.names} .hovered=${this.hovered} .nameOf=${this.#nameOf}
            ?readonly=${this.readonly}></kite-text>`}
    </section>`
  }

  #history() {
    const view = this.#shown
    const marks = this.plan?.controls.some(labelled)
    return html`<span class="tools">
      ${this.readonly
        ? nothing
        : html`<button class="button button-quiet button-icon" type="button" title="Undo (Ctrl+Z)" aria-label="Undo" ?disabled=${!view.undo} @click=${() => emit(this, { type: 'undo' })}><kite-icon name="undo"></kite-icon></button>
            <button class="button button-quiet button-icon" type="button" title="Redo (Ctrl+Shift+Z)" aria-label="Redo" ?disabled=${!view.redo} @click=${() => emit(this, { type: 'redo' })}><kite-icon name="redo"></kite-icon></button>`}
      <button class="button button-quiet button-icon" type="button" title="Keys (?)" aria-label="Keys" @click=${() => this.help()}><kite-icon name="help"></kite-icon></button>
      ${marks
        ? html`<button class="button button-quiet button-icon" type="button" title="List of regions" aria-label="List of regions" aria-pressed=${this.panel} @click=${() => { this.panel = !this.panel; this.focused = false }}><kite-icon name="panel"></kite-icon></button>`
        : nothing}
    </span>`
  }

  /** @param {Control} control @param {string} region id, for answers about one region @param {string} legend */
  #answer(control, region, legend) {
    const view = this.#shown
    const answer = region ? view.regions[region]?.answers?.[control.name] : view.answers[control.name]
    const problem = view.problems?.find((one) => one.control === control.name && (!one.region || one.region === region))?.message ?? ''
    switch (control.type) {
      case 'choices':
        return html`<kite-choices .control=${control} .options=${this.#options(control)} .answer=${answer} .region=${region} .legend=${legend} .problem=${problem} ?readonly=${this.readonly}></kite-choices>`
      case 'textarea':
        return html`<kite-textarea .control=${control} .texts=${{ label: this.display?.texts[`${control.name}/label`], placeholder: this.display?.texts[`${control.name}/placeholder`] }} .answer=${answer} .region=${region}
          .legend=${legend} .problem=${problem} ?readonly=${this.readonly} ?busy=${this.pending.findLast((intent) => intent.control === control.name)?.type === 'type_text'}></kite-textarea>`
      case 'rating':
        return html`<kite-rating .control=${control} .answer=${answer} .region=${region} .legend=${legend} .problem=${problem} ?readonly=${this.readonly}></kite-rating>`
      default:
        return html`<kite-labels .control=${control} .options=${this.#options(control)} .active=${this.#pressed(control)} .counts=${view.counts[control.name] ?? {}} .full=${view.full[control.name] ?? []}
          ?readonly=${this.readonly}></kite-labels>`
    }
  }

  /** Labels that look pressed: those of the selected region, else those that the next one gets. @param {Control} control */
  #pressed(control) {
    const { selection, regions, active } = this.#shown
    const chosen = selection.flatMap((id) => regions[id] ?? []).filter((region) => region.control === control.name)
    return chosen.length ? [...new Set(chosen.flatMap((region) => region.labels))] : (active[control.name] ?? [])
  }

  /** @param {boolean} open */
  #panel(open) {
    const view = this.#shown
    const [id] = view.selection
    const region = view.regions[id]
    const asked = region ? view.region_controls.flatMap((name) => this.#control(name) ?? []) : []
    return html`<aside class="panel" ?hidden=${!open} aria-label="Regions">
      <button class="button button-quiet panel-close" type="button" @click=${() => { this.panel = false }}><kite-icon name="close"></kite-icon>Close the list</button>
      <kite-regions .view=${view} .hovered=${this.hovered} .nameOf=${this.#nameOf} ?readonly=${this.readonly}></kite-regions>
      ${region
        ? html`<div class="panel-region">
            <kite-region .region=${region} .count=${view.selection.length} .size=${this.#sizeOf(region.object)} .nameOf=${this.#nameOf} ?readonly=${this.readonly}></kite-region>
            ${asked.map((control) => html`<div class="region-answer" data-name=${control.name}><h3>${this.#titleOf(control)}</h3>${this.#answer(control, id, this.#titleOf(control))}</div>`)}
          </div>`
        : nothing}
    </aside>`
  }

  /** The header that stands right before a control, else its name. @param {Control} control */
  #titleOf(control) {
    /** @type {(node: PlanNode) => string} */
    const find = (node) => {
      const children = node.children ?? []
      const at = children.findIndex((child) => child.node === 'control' && child.name === control.name)
      if (at > 0 && children[at - 1].node === 'header') return this.display?.texts[children[at - 1].key] ?? ''
      return children.map(find).find(Boolean) ?? ''
    }
    return (this.plan && find(this.plan.tree)) || control.name
  }

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

  /** @param {{object?: string, tool: string, value?: number}} use */
  #use({ object, tool, value }) {
    if (tool === 'names') {
      this.names = !this.names
      return
    }
    const image = /** @type {import('./kite-image.js').KiteImage | null} */ (object ? this.querySelector(`[data-name="${CSS.escape(object)}"] > kite-image`) : this.querySelector('kite-image'))
    if (!image) return
    if (tool === 'fit') image.fit()
    else if (tool === 'actual') image.zoomTo(1)
    else if (tool === 'zoom') image.zoomBy(value ?? 1)
    else if (tool === 'rotate') image.rotate()
    else image.adjust(/** @type {'brightness' | 'contrast'} */ (tool), value ?? 100)
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (!this.keys || !this.plan || event.defaultPrevented || event.isComposing || document.querySelector('dialog[open]')) return
    const typing = isTyping(event.target)
    const names = eventNames(event)
    const hotkey = this.readonly ? null : planned(this.plan.hotkeys, names, typing ? 'input' : 'main')
    if (hotkey) {
      event.preventDefault()
      emit(this, this.#completed(hotkey.intent))
      return
    }
    const found = typing ? null : builtIn(names)
    if (!found || !this.#act(found, /** @type {HTMLElement} */ (event.target))) return
    event.preventDefault()
  }

  /** A hotkey's intent with what only the page can give: ids, and the region it is about. @param {import('./types.js').Intent} intent */
  #completed(intent) {
    if (!ANSWERS.has(intent.type)) return intent
    const [region] = this.#shown.selection
    const about = this.#control(intent.control)?.per_region && region ? { region } : {}
    return { ...intent, ...about, answer: newId() }
  }

  /** @param {{name: string, action: string}} found @param {HTMLElement} target @returns {boolean} whether it did something */
  #act({ name, action }, target) {
    switch (action) {
      case 'help':
        this.help()
        return true
      case 'focus':
        this.focused = !this.focused
        this.dispatchEvent(new CustomEvent('kite-focus-mode', { detail: { on: this.focused }, bubbles: true, composed: true }))
        return true
      case 'fit':
      case 'actual':
        this.#use({ tool: action })
        return !!this.querySelector('kite-image')
      case 'zoom_in':
      case 'zoom_out':
        this.#use({ tool: 'zoom', value: action === 'zoom_in' ? 1.25 : 1 / 1.25 })
        return !!this.querySelector('kite-image')
      case 'write':
        return target === document.body && this.#write('.kite-data .texts-new :is(input, textarea)')
      case 'note':
        return this.#write('.region-note')
      case 'nudge':
        if (target.matches?.('input, [role=listbox]')) return false // radio buttons and lists move by themselves
        break
    }
    const intent = this.readonly && !['next', 'previous', 'unselect', 'hide'].includes(action) ? null : builtInIntent(action, name, this.#shown, newId)
    if (!intent) return false
    emit(this, intent)
    return true
  }

  /** @param {string} selector */
  #write(selector) {
    const field = /** @type {HTMLElement | null} */ (this.querySelector(selector))
    field?.focus()
    return !!field
  }
}
