import { LitElement, html, nothing } from 'lit'
import { t, told } from '../app/texts.js'
import { answerView } from './answer-views.js'
import { allCommands } from './commands.js'
import { scoped } from './config-style.js'
import { echo } from './echo.js'
import { emit } from './emit.js'
import { hotkeysOf, withOptionKeys } from './label-keys.js'
import { UNFETCHED } from './kite-placeholder.js'
import { nodeLoad, nodeView } from './node-views.js'
import { objectView } from './object-views.js'
import { ownKeysChanged } from './own-keys.js'
import { changeSettings, ownSettings, settingsChanged } from './own-settings.js'
import { openKeymap } from './surface-dialogs.js'
import { relatingHint } from './relation-picker.js'
import { SurfaceKeys } from './surface-keys.js'
import { wholeTask } from './surface-frame.js'
import { listenForTools } from './surface-tools.js'
import { labelled, leading, marks, nodesOf } from './surface-layout.js'

/** @typedef {import('./types.js').PlanNode} PlanNode */
/** @typedef {import('./types.js').Control} Control */
/** @typedef {import('./types.js').View} View */

/** @type {never[]} */
const NO_RELATIONS = []
/** @type {never[]} */
const NONE = []
const NARROW = 900 // pixels; the container query in surface.css has the same number
/** The elements beside the data. */
const panel = () => import('./surface-panel.js')
/** @type {View} */
const NOTHING = { regions: {}, answers: {}, selection: [], active: {}, tools: {}, hidden: [], region_controls: [], counts: {}, full: {}, undo: false, redo: false }

/** The labeling surface (docs/contracts.md, section 4): draws plan, display and view, and turns what a person does into intents. */
export class KiteSurface extends LitElement {
  static properties = {
    plan: { attribute: false }, display: { attribute: false }, view: { attribute: false }, readonly: { type: Boolean }, layers: { attribute: false },
    pending: { attribute: false }, problems: { attribute: false }, extraKeys: { attribute: false }, commands: { attribute: false }, content: { attribute: false }, keys: { type: Boolean }, focused: { type: Boolean, reflect: true },
    panel: { state: true }, hovered: { state: true }, relating: { state: true }, names: { state: true }, tools: { state: true }, links: { state: true }, viewports: { state: true }, typed: { state: true }, filters: { state: true }, broken: { state: true }, ownKeys: { state: true }, settings: { state: true },
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
    /** commands of the page around, with their keys: @type {readonly import('./commands.js').Command[]} */
    this.commands = []
    /** listens to the keyboard; false where several surfaces stand on one page */
    this.keys = true
    /** data and labels only */
    this.focused = false
    /** the list of regions is open; undefined: if there is room for it @type {boolean | undefined} */
    this.panel = undefined
    this.hovered = ''
    /** the region for which a second one is picked, to relate them */
    this.relating = ''
    this.names = ownSettings().names
    /** Reads what was fetched for an object, by the engine; given by the host. @type {(object: string, text: string) => Promise<import('./types.js').Source>} */
    this.content = async () => ({ problem: { code: 'content', message: t('This data cannot be read here.'), hint: t('Open the task on its labeling page.') } })
    /** Copies regions, by the engine; given by the host. @type {(regions: string[]) => Promise<{rows?: any[], ids?: string[], problems?: import('./types.js').Problem[]}>} */
    this.copy = async () => ({})
    /** the task's id, where the host has one @type {number | undefined} */
    this.task = undefined
    /** how often a person's own keys changed */
    this.ownKeys = 0
    this.settings = ownSettings()
    /** the tool that was chosen for each image; missing: the engine's @type {Record<string, import('./types.js').Tool>} */
    this.tools = {}
    /** arrows of all relations are drawn on the data, not only those of what is selected */
    this.links = false
    /** @type {Record<string, any>} how each picture is looked at */
    this.viewports = {}
    /** what is looked for among the options of a control @type {Record<string, string>} */
    this.filters = {}
    /** what stands in the fields of Filters, which may be too short to act @type {Record<string, string>} */
    this.typed = {}
    /** types of objects and controls whose element could not be fetched @type {Set<string>} */
    this.broken = new Set()
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
  /** what is painted on the data: the same, or the selected regions alone @type {View} */
  painted = NOTHING
  /** what keys do in this task for this person @type {import('./types.js').Hotkey[]} */
  hotkeys = []
  /** @type {Map<string, import('./types.js').Option[]>} */
  #options = new Map()
  /** @type {boolean | undefined} */
  #narrow
  /** the page around, told of the focus mode: `:has(kite-surface[focused])` there would restyle the whole page with every element that comes or goes @type {Element | null} */
  #around = null
  /** controls about regions whose answers stand in the list @type {string[]} */
  #inList = []
  /** @type {Map<string, Map<string, string>>} control to stored name to shown text */
  #texts = new Map()

  /** The plan of this task: a Repeater's is made anew for each. */
  get drawn() {
    return this.display?.plan ?? this.plan
  }

  createRenderRoot() {
    return this
  }

  connectedCallback() {
    super.connectedCallback()
    this.#gone = new AbortController()
    const { signal } = this.#gone
    this.#keyboard = new SurfaceKeys(this, signal)
    this.#around = this.closest('.label-page, .workbench')
    void panel().catch(console.warn) // what stands beside the data comes after it
    this.#fold(this.clientWidth)
    const room = new ResizeObserver(([entry]) => this.#fold(entry.contentRect.width))
    room.observe(this)
    signal.addEventListener('abort', () => room.disconnect())
    this.addEventListener('kite-hover', (event) => { this.hovered = /** @type {CustomEvent} */ (event).detail.region }, { signal })
    this.addEventListener('kite-reveal', (event) => this.#reveal(/** @type {CustomEvent} */ (event).detail.region), { signal })
    listenForTools(this, signal)
    this.addEventListener('kite-change-keys', () => openKeymap(this), { signal })
    this.addEventListener('kite-tool', (event) => this.look(/** @type {CustomEvent} */ (event).detail), { signal })
    ownKeysChanged.addEventListener('change', () => { this.ownKeys++ }, { signal })
    settingsChanged.addEventListener('change', () => {
      this.settings = ownSettings()
      this.names = this.settings.names
    }, { signal })
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.#sheet]
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#gone?.abort()
    this.#around?.removeAttribute('data-focused')
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
    /** @type {HTMLElement | null | undefined} */
    const target = place?.querySelector('[data-entry]') ?? place?.querySelector('input, select, textarea, button, [tabindex="0"]')
    // Of what is taller than the page only its first place: what stands above it stays in sight.
    const sought = place && place.clientHeight < this.clientHeight ? place : target
    sought?.scrollIntoView({ block: 'nearest' })
    target?.focus({ focusVisible: true }) // a shortcut with Ctrl or Alt does not count as the keyboard: the place must be seen
  }

  /** Opens the list of keys. */
  help() {
    void panel().then(() => /** @type {import('./kite-help.js').KiteHelp | null} */ (this.querySelector('kite-help'))?.open())
  }

  /** Begins to relate the selected region to another one. @returns {boolean} whether there is one */
  relate() {
    const { selection } = this.shown
    return selection.length === 1 && !!this.#keyboard?.picker.start(selection[0])
  }

  /** the task that is drawn */
  #seen = ''

  /** What tells this task from others. */
  get taskKey() {
    return String(this.task ?? '')
  }

  /** Tells the person something, where the host shows such things. @param {string} text @param {'info' | 'good' | 'problem'} kind */
  say(text, kind = 'info') {
    this.dispatchEvent(new CustomEvent('kite-say', { detail: { text, kind }, bubbles: true, composed: true }))
  }

  /** Moves the keyboard to the list of regions, or to its field to find one. @param {boolean} find @returns {boolean} whether there is a list */
  enterList(find) {
    if (!this.drawn?.controls.some(marks)) return false
    this.panel = true
    if (this.focused) this.focusMode(false)
    void Promise.all([panel(), this.updateComplete]).then(() => {
      const list = /** @type {import('./kite-regions.js').KiteRegions} */ (this.querySelector('kite-regions'))
      if (find) void list.find()
      else list.enter()
    })
    return true
  }

  /** Does a command of the table, as its key would. @param {import('./commands.js').Command} command @returns {boolean} whether there was anything to do */
  perform(command) {
    return !!this.#keyboard?.perform(command, { name: '', target: document.body })
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
    if (changed.has('plan')) this.filters = this.typed = this.tools = {}
    if (changed.has('problems')) this.#mark()
    if (changed.has('display') && this.#seen !== this.taskKey) {
      this.#seen = this.taskKey
      this.dispatchEvent(new Event('kite-task')) // task-change.js
    }
    if (changed.has('plan') || changed.has('display') || changed.has('ownKeys')) {
      this.#options = new Map(this.drawn?.controls.map((control) => [control.name, withOptionKeys(control, this.display?.options?.[control.name] ?? control.options ?? [])]))
      this.hotkeys = this.drawn ? hotkeysOf(this.drawn, (control) => this.display?.options?.[control.name] ?? control.options ?? []) : []
    }
    if (changed.has('plan') || changed.has('display')) {
      this.#sheet.replaceSync(nodesOf(this.drawn?.tree).map(({ node, css }) => (node === 'style' && css ? scoped(css) : '')).join('\n'))
      this.#texts = new Map(this.drawn?.controls.map((control) => [control.name, new Map(this.options(control).map((option) => [option.stored, option.text]))]))
      this.#inList = this.drawn?.controls.filter((control) => control.per_region && control.display_mode === 'region-list').map((control) => control.name) ?? []
      this.ready = new Promise((done) => { this.#painted = done })
      queueMicrotask(() => this.#settle())
    }
    // Hovering and folding must not make a new view: the elements below compare by identity.
    if (!changed.has('plan') && !changed.has('display') && !changed.has('view') && !changed.has('pending') && !changed.has('settings')) return
    const view = this.view && (this.view.tools && this.view.counts ? this.view : { ...NOTHING, ...this.view })
    this.shown = this.drawn && view ? echo(this.drawn, view, this.pending ?? []) : NOTHING
    this.painted = this.settings.only_selected ? selectedAlone(this.shown) : this.shown
  }

  /** @param {Map<string, any>} changed */
  updated(changed) {
    this.#keyboard?.settle()
    if (changed.has('focused')) this.#around?.toggleAttribute('data-focused', this.focused)
    if (this.#asked && this.shown.selection[0] === this.#asked.region && this.shown.region_controls.includes(this.#asked.control)) {
      const { control } = this.#asked
      this.#asked = null
      requestAnimationFrame(() => void this.focusNode(control)) // the panel has drawn it by then
    }
  }

  async #settle() {
    const painted = this.#painted
    /** @type {Map<string, {load?: () => Promise<unknown>} | undefined>} */
    const wanted = new Map(nodesOf(this.drawn?.tree).map(({ node }) => [node, nodeLoad(node)]))
    for (const object of this.drawn?.objects ?? []) wanted.set(object.type, objectView(object.type))
    for (const control of this.drawn?.controls ?? []) {
      const view = answerView(control)
      if (view) wanted.set(control.type, view) // a component is an object and a control of one type
    }
    const loads = [...wanted].filter(([, view]) => view?.load)
    await Promise.all(loads.map(([type, view]) => this.#fetch(type, view)))
    if (loads.length) this.requestUpdate()
    await this.updateComplete
    await Promise.all([...this.querySelectorAll('.frame > *')].map((element) => /** @type {any} */ (element).ready))
    painted(undefined)
  }

  /** Fetches the element of a type, where it is not part of every page. @param {string} type @param {{load?: () => Promise<unknown>} | undefined} view */
  async #fetch(type, view) {
    try {
      await view?.load?.()
      if (this.broken.has(type)) this.broken = new Set([...this.broken].filter((one) => one !== type))
    } catch (error) {
      console.warn(error) // the frame says it in words
      this.broken = new Set([...this.broken, type])
    }
  }

  /** @param {Control} control @returns {import('./types.js').Option[]} */
  options(control) {
    return this.#options.get(control.name) ?? this.display?.options?.[control.name] ?? control.options ?? []
  }

  /** @param {string | undefined} name */
  control(name) {
    return this.drawn?.controls.find((control) => control.name === name)
  }

  /** @param {string} name */
  #isLabels(name) {
    const control = this.control(name)
    return !!control && labelled(control)
  }

  /** What stands on a region; where something about it is missing or wrong there is a mark. @param {import('./types.js').Region} region */
  nameOf = (region) => this.#named(region)

  /** @param {import('./types.js').Region} region */
  #named(region) {
    const name = `${this.#faulty.has(region.id) ? '! ' : ''}${this.textOf(region)}`
    return typeof region.score === 'number' ? `${name} ${region.score.toFixed(2)}` : name
  }

  /** Regions with a problem. @type {ReadonlySet<string>} */
  #faulty = new Set()

  /** Problems come and go: what is painted with names is painted anew. */
  #mark() {
    const faulty = new Set(this.problems.flatMap(({ region }) => region ?? []))
    if (faulty.size === this.#faulty.size && [...faulty].every((id) => this.#faulty.has(id))) return
    this.#faulty = faulty
    this.nameOf = (region) => this.#named(region)
  }

  /** Its labels. @param {import('./types.js').Region} region */
  textOf = (region) => region.labels.map((label) => this.labelText(region.control, label)).join(', ')

  /** How a label is shown. @param {string} control @param {string} label stored */
  labelText = (control, label) => this.#texts.get(control)?.get(label) ?? label

  /** A region in words. @param {string} id */
  #called(id) {
    const region = this.shown.regions[id]
    return region ? `${this.nameOf(region) || 'No label'} ${region.text ? `“${region.text.slice(0, 40)}”` : region.n}` : ''
  }

  // ---- drawing ----

  render() {
    const plan = this.drawn
    if (!plan || !this.display) return nothing
    const regions = plan.controls.some(marks)
    const panel = regions && !!this.panel && !this.focused
    return html`<div class="surface ${panel ? 'has-panel' : ''} ${plan.objects.some((object) => objectView(object.type)?.room === 'fills') ? 'surface-image' : 'surface-text'}">
      <main class="surface-main">
        ${this.leading ? nothing : html`<div class="bar bar-alone"><div class="bar-tools">${wholeTask(this)}</div></div>`}
        <div class="kite-data">${this.node(plan.tree, new Set())}</div>
      </main>
      ${regions ? this.#panel(panel) : nothing}
      ${this.relating ? relatingHint(this, this.#called(this.relating)) : nothing}
      <kite-help .plan=${plan} .hotkeys=${this.hotkeys} .extra=${this.extraKeys} .commands=${this.commands} .titleOf=${this.headingOf}></kite-help>
    </div>`
  }

  /** Name of the object whose bar has the tools of the whole task. */
  get leading() {
    return leading(this.drawn?.tree, this.shown.hidden, this.shown.items ?? {})
  }

  /** @param {PlanNode} node @param {Set<string>} taken labels controls that a bar has already @returns {unknown} */
  node(node, taken) {
    return nodeView(this, node, taken, this.shown.hidden.includes(node.key))
  }

  /** Whether a control takes a row of its own. @param {string | undefined} name */
  isWide(name) {
    const control = this.control(name)
    return !!control && !!answerView(control)?.wide
  }

  /** What is wrong with an answer. @param {Control} control @param {string} region id, or empty @returns {import('./types.js').Problem | undefined} */
  problem(control, region) {
    return [...(this.shown.problems ?? []), ...this.problems].find((one) => one.control === control.name && (one.region ?? '') === region)
  }

  /** @param {Control} control @param {string} region id, for answers about one region */
  answer(control, region) {
    const { shown: view, drawn: plan, display } = this
    const known = answerView(control)
    if (!plan || !display) return nothing
    if (!known && marks(control)) return nothing // a tool of its object, without labels
    if (!known || this.broken.has(control.type)) {
      const text = known ? UNFETCHED : t('This question cannot be answered here yet. An answer that is stored is kept.')
      return html`<kite-placeholder .tag=${control.tag} .name=${this.headingOf(control.name)} .text=${text}></kite-placeholder>`
    }
    const item = control.per_item ? (view.items?.[control.to[0]] ?? 0) : undefined
    const whole = region ? view.regions[region]?.answers?.[control.name] : view.answers[control.name]
    const fault = this.problem(control, region)
    const about = view.regions[region]
    const texts = Object.fromEntries(Object.entries(display.texts).flatMap(([key, text]) => (key.startsWith(`${control.name}/`) ? [[key.slice(control.name.length + 1), text]] : [])))
    return known.draw({
      control, options: this.options(control), answer: item === undefined ? whole : whole?.items?.[item], region, item, legend: this.headingOf(control.name), texts, plan, display, view,
      problem: fault && !/required|unfinished/.test(fault.code) ? told(fault.message) : '', // what is missing is outlined, and said at the bottom
      readonly: this.readonly || !!about?.locked || !!about?.readonly, filter: (this.filters[control.name] ?? '').trim().toLowerCase(),
      busy: this.pending.findLast((intent) => intent.control === control.name)?.type === 'type_text',
    })
  }

  /** @param {boolean} open */
  #panel(open) {
    const view = this.shown
    const [id] = view.selection
    const region = view.regions[id]
    const questions = region ? view.region_controls.flatMap((name) => this.control(name) ?? []) : []
    const inside = view.selection.length === 1 ? questions.filter((control) => control.display_mode === 'region-list') : []
    const asked = questions.filter((control) => !inside.includes(control))
    return html`<aside class="panel" ?hidden=${!open} aria-label=${t('Regions')}>
      <button class="button button-quiet panel-close" type="button" @click=${() => { this.panel = false }}><kite-icon name="close"></kite-icon>${t('Close the list')}</button>
      <kite-regions .view=${view} .plan=${this.drawn} .problems=${this.problems} .hovered=${this.hovered} .textOf=${this.textOf} .labelText=${this.labelText} .inList=${this.#inList} .inside=${inside.length ? inside.map((control) => this.#about(control, id)) : nothing}
        ?readonly=${this.readonly}></kite-regions>
      <kite-relations .relations=${view.relations ?? NO_RELATIONS} .regions=${view.regions} .options=${this.display?.relations ?? NO_RELATIONS} ?many=${this.drawn?.relations?.choice === 'multiple'} .nameOf=${this.nameOf} ?readonly=${this.readonly}></kite-relations>
      ${region
        ? html`<div class="panel-region">
            <kite-region .region=${region} .others=${view.selection.length > 1 ? view.selection.map((one) => view.regions[one]).filter(Boolean) : NONE} .size=${this.#sizeOf(region.object)} .textOf=${this.textOf} ?readonly=${this.readonly}
              .problems=${this.problems} .acts=${this.#regionActs} @kite-command=${(/** @type {CustomEvent} */ event) => this.perform(event.detail.command)}
              ?relates=${Object.keys(view.regions).length > 1} .questions=${asked.map((control) => this.#about(control, id))}></kite-region>
          </div>`
        : nothing}
    </aside>`
  }

  /** Commands on what is selected that are possible now. @param {ReadonlySet<string>} [only] ids; all, if not given */
  #regionActs = (only) => (this.drawn ? allCommands(this).filter((row) => row.group === 'Regions' && (only?.has(row.id) ?? true) && row.id.startsWith('region.') && !row.family && (row.looks || !this.readonly) && (row.selection || row.when) && (row.when?.(this) ?? true)) : [])

  /** A question about a region. @param {Control} control @param {string} id */
  #about(control, id) {
    return html`<div class="region-answer ${this.problem(control, id) ? 'is-missing' : ''}" data-name=${control.name}><h3>${this.headingOf(control.name)}</h3>${this.answer(control, id)}</div>`
  }

  /** What people call a control: its heading, else its name. @param {string} name */
  headingOf = (name) => this.display?.texts[`${name}/title`] ?? name

  /** @param {string} object */
  #sizeOf(object) {
    const picture = /** @type {import('./kite-image.js').KiteImage | null} */ (this.querySelector(`[data-name="${CSS.escape(object)}"] > kite-image`))?.picture
    return picture ? { width: picture.naturalWidth, height: picture.naturalHeight } : undefined
  }

  // ---- acting ----

  /** @param {string} id */
  #reveal(id) {
    const object = this.view?.regions[id]?.object
    const places = object ? [...this.querySelectorAll(`.frame[data-name="${CSS.escape(object)}"] > *`)] : []
    for (const place of /** @type {any[]} */ (places)) place.reveal?.(id)
  }

  /** How a picture is looked at. @param {{object?: string, tool: string, value?: any}} use */
  look({ object, tool, value }) {
    if (tool === 'names') {
      changeSettings({ names: !this.names })
      return
    }
    const image = /** @type {import('./kite-image.js').KiteImage | null} */ (object ? this.querySelector(`[data-name="${CSS.escape(object)}"] > kite-image`) : this.querySelector('kite-image'))
    if (!image) return
    if (tool === 'fit' && !image.fitted) image.fit()
    else if (tool === 'fit' || tool === 'actual') image.zoomTo(1)
    else if (tool === 'zoom') image.zoomBy(value ?? 1)
    else image.use(tool, value)
  }
}

/** A view in which all other regions are hidden, as long as one is selected. @param {View} view @returns {View} */
function selectedAlone(view) {
  if (!view.selection.length) return view
  const selected = new Set(view.selection)
  return { ...view, regions: Object.fromEntries(Object.entries(view.regions).map(([id, region]) => [id, selected.has(id) ? region : { ...region, hidden: true }])) }
}
