import { LitElement, html, nothing } from 'lit'
import { newId } from '../app/ids.js'
import { t } from '../app/texts.js'
import css from '../styles/dialogs.css' with { type: 'text' }
import { allCommands, fits } from './commands.js'
import { emit } from './emit.js'
import { printed } from './keys.js'
import { allHotkeys } from './label-keys.js'
import { keysOf, labelKey, ownKeys } from './own-keys.js'
import { best } from './palette-find.js'
import { adopt } from './sheet.js'
import { styled } from './styled.js'
import { nodesOf } from './surface-layout.js'

/** @typedef {import('./kite-surface.js').KiteSurface} KiteSurface */
/** @typedef {{id: string, text: string, find: string, kind: string, keys: string, icon?: string, color?: string, run: () => void}} Item */

const MAC = /Mac|iPhone|iPad/.test(navigator.platform)
const MOST = 60 // lines at once
const RECENT = 8
const KEY = 'labelkite-palette'

adopt(css)

/** The command palette: finds commands, labels, choices and regions by a few letters; Enter does what is found. */
export class KitePalette extends LitElement {
  static properties = { query: { state: true }, at: { state: true } }

  constructor() {
    super()
    /** @type {KiteSurface | null} */
    this.surface = null
    this.query = ''
    this.at = 0
    /** @type {Item[]} */
    this.items = []
    /** @type {Item[]} */
    this.found = []
  }

  createRenderRoot() {
    return this
  }

  connectedCallback() {
    super.connectedCallback()
    const surface = /** @type {KiteSurface} */ (this.surface)
    const items = [...commandItems(surface), ...labelItems(surface)]
    const recent = recentIds()
    const rank = (/** @type {Item} */ item) => recent.indexOf(item.id) >>> 0 // what was never used stands last
    this.items = [...items.sort((a, b) => rank(a) - rank(b)), ...regionItems(surface)]
  }

  firstUpdated() {
    this.#dialog.showModal()
  }

  get #dialog() {
    return /** @type {HTMLDialogElement} */ (this.querySelector('dialog'))
  }

  willUpdate() {
    this.found = best(this.query, this.items, (item) => item.find, MOST)
    this.at = Math.min(this.at, Math.max(0, this.found.length - 1))
  }

  updated() {
    this.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }

  render() {
    return html`<dialog class="dialog finder" aria-label=${t('Commands')} @close=${() => this.remove()} @click=${(/** @type {Event} */ event) => { if (event.target === this.#dialog) this.#dialog.close() }}>
      <div class="finder-head"><kite-icon name="search"></kite-icon>
        <input class="finder-input" role="combobox" aria-expanded="true" aria-controls="palette-list" aria-autocomplete="list" aria-activedescendant=${this.found.length ? `palette-${this.at}` : nothing} autofocus
          aria-label=${t('Find a command, label or region')} placeholder=${t('Find a command, label or region')} @input=${this.#type} @keydown=${this.#keys} /></div>
      <ul class="finder-list" id="palette-list" role="listbox" aria-label=${t('Commands')}>${this.found.map((item, at) => this.#line(item, at))}</ul>
      <p class="finder-none muted" role="status" ?hidden=${this.found.length > 0}>${t('Nothing is called “{query}”.', { query: this.query })}</p>
    </dialog>`
  }

  /** @param {Item} item @param {number} at */
  #line(item, at) {
    return html`<li class="finder-item ${at === this.at ? 'is-at' : ''}" id=${`palette-${at}`} role="option" aria-selected=${at === this.at} @click=${() => this.#run(item)} @pointermove=${() => { this.at = at }}>
      ${item.color ? html`<span class="swatch" style=${styled({ '--swatch': item.color })}></span>` : html`<kite-icon name=${item.icon ?? 'right'}></kite-icon>`}
      <span class="clip finder-text">${item.text}</span><span class="muted small">${item.kind}</span>${item.keys ? html`<kbd class="kbd">${item.keys}</kbd>` : nothing}</li>`
  }

  /** @param {Event} event */
  #type(event) {
    this.query = /** @type {HTMLInputElement} */ (event.target).value
    this.at = 0
  }

  /** @param {KeyboardEvent} event */
  #keys(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key]
    const count = this.found.length
    if (event.isComposing) return
    if (step && count) this.at = Math.abs(step) > 1 ? Math.min(Math.max(this.at + step, 0), count - 1) : (this.at + step + count) % count
    else if (event.key === 'Enter' && this.found[this.at]) this.#run(this.found[this.at])
    else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') this.#dialog.close()
    else return
    event.preventDefault()
  }

  /** @param {Item} item */
  #run(item) {
    this.#dialog.close() // first: commands look whether a dialog is open, and the keyboard goes back to where it was
    remember(item.id)
    item.run()
  }
}

/** @param {KiteSurface} surface @returns {Item[]} */
function commandItems(surface) {
  const { drawn } = surface
  if (!drawn) return []
  return allCommands(surface)
    .filter((row) => row.id !== 'page.palette' && fits(row, drawn) && (row.looks || !surface.readonly) && (!row.selection || surface.shown.selection.length) && (row.when?.(surface) ?? true))
    .map((row) => item({ id: row.id, text: t(row.does), kind: t(row.group), keys: keysOf(row), icon: row.icon, run: () => surface.perform(row) }))
}

/** Labels and choices, with or without a key; questions about regions only where one is selected. @param {KiteSurface} surface @returns {Item[]} */
function labelItems(surface) {
  const { drawn, display, shown } = surface
  if (!drawn || !display || surface.readonly) return []
  const colors = new Map(drawn.controls.flatMap((control) => surface.options(control).map((option) => [`${control.name}\n${option.stored}`, option.color])))
  const keyOf = (/** @type {import('./types.js').Hotkey} */ hotkey) => ownKeys().labels[labelKey(hotkey.intent)] ?? hotkey.key
  const hidden = new Set(nodesOf(drawn.tree).flatMap((node) => (shown.hidden.includes(node.key) ? nodesOf(node).map(({ name }) => name) : [])))
  return allHotkeys(drawn, (control) => display.options[control.name] ?? []).flatMap((hotkey) => {
    const control = surface.control(hotkey.intent.control)
    if (hotkey.scope !== 'main' || !control || hidden.has(control.name)) return []
    const [region] = shown.selection
    if (control.per_region && (!region || !shown.region_controls.includes(control.name))) return []
    const intent = { ...hotkey.intent, ...(control.per_region ? { region } : {}), ...(hotkey.intent.type === 'pick_label' ? {} : { answer: newId() }) }
    const color = hotkey.intent.type === 'pick_label' ? colors.get(`${control.name}\n${hotkey.intent.label}`) : ''
    return [item({ id: labelKey(hotkey.intent), text: hotkey.does, kind: surface.headingOf(control.name), keys: keyOf(hotkey), color, icon: 'check', run: () => emit(surface, intent) })]
  })
}

/** "Car 3". @param {KiteSurface} surface @returns {Item[]} */
function regionItems(surface) {
  return Object.values(surface.shown.regions).sort((a, b) => a.n - b.n).map((region) => item({
    id: `region:${region.id}`, text: `${surface.textOf(region) || t('No label')} ${region.n}${region.text ? ` “${region.text.slice(0, 60)}”` : ''}`, kind: t('Region'), keys: '', color: region.color,
    run: () => surface.focusRegion(region.id),
  }))
}

/** @param {Omit<Item, 'find'>} given @returns {Item} */
const item = (given) => ({ ...given, keys: given.keys ? printed(given.keys, MAC) : '', find: `${given.text} ${given.kind}`.toLowerCase() })

/** @returns {string[]} */
function recentIds() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '[]')
  } catch {
    return []
  }
}

/** @param {string} id */
function remember(id) {
  if (id.startsWith('region:')) return
  try {
    localStorage.setItem(KEY, JSON.stringify([id, ...recentIds().filter((one) => one !== id)].slice(0, RECENT)))
  } catch {
    // a private window keeps nothing: then the order is that of the table
  }
}
