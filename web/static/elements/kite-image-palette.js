import { LitElement, html, nothing } from 'lit'
import { t, t as named } from '../app/texts.js'
import { allCommands, commandsFor } from './commands.js'
import { SELECT } from './image-commands.js'
import { imageTool, inHand, loadTools, toolsFor } from './image-tools/registry.js'
import { keyNames, printed } from './keys.js'
import { keysOf } from './own-keys.js'

const MAC = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '')

/** The drawing tools that a config has, one of which is in hand. Events to the surface: `kite-take-tool` {object, tool}. */
export class KiteImagePalette extends LitElement {
  static properties = { context: { attribute: false } }

  constructor() {
    super()
    /** @type {import('./object-views.js').ObjectContext | undefined} */
    this.context = undefined
  }

  createRenderRoot() {
    return this
  }

  render() {
    const { context } = this
    const rows = context && !context.readonly ? toolsFor(context.object, context.plan.controls) : []
    if (!context || !rows.length) return nothing
    const { object, view, inHand: chosen } = context
    const now = inHand(view.tools[object.name], chosen)
    const waiting = !!chosen && chosen.tool !== now.tool // its label is still to be picked
    const held = waiting ? chosen.tool : now.tool
    const links = (view.relations ?? []).length > 0
    return html`<div class="tools palette" role="radiogroup" aria-label=${t('Drawing tools')} @keydown=${(/** @type {KeyboardEvent} */ event) => this.#walk(event)}>
        ${[SELECT, ...rows].map((row) => this.#button(row, row.kind === held, waiting && row.kind === held, this.#key(row, context.hotkeys)))}
      </div>
      ${rows.some((row) => row.free) ? html`<div class="tools palette-options">${this.#options(now.tool)}</div>` : nothing}
      ${links ? html`<button class="button button-quiet button-icon" type="button" title=${t('Show all relations')} aria-label=${t('Show all relations')} aria-pressed=${context.links} @click=${() => context.setLinks(!context.links)}><kite-icon name="link"></kite-icon></button>` : nothing}`
  }

  /** @param {{kind: string, name: string, icon: string}} row @param {boolean} held @param {boolean} waiting @param {string} key */
  #button({ kind, name, icon }, held, waiting, key) {
    const does = waiting ? t('{tool}: pick a label first', { tool: named(name) }) : named(name)
    return html`<button class="button button-quiet palette-tool ${waiting ? 'is-waiting' : ''}" type="button" role="radio" aria-checked=${held} tabindex=${held ? 0 : -1} data-tool=${kind} aria-label=${does}
      title=${key ? `${does} (${key})` : does} aria-keyshortcuts=${key || nothing} @click=${() => this.#take(kind)}><kite-icon name=${icon}></kite-icon>${key ? html`<kbd class="palette-key" aria-hidden="true">${key.replace('Shift+', '⇧')}</kbd>` : nothing}</button>`
  }

  /** The key of a tool, where no key of the config has it. @param {{kind: string}} row @param {import('./types.js').Hotkey[]} hotkeys */
  #key({ kind }, hotkeys) {
    const id = `tool.${kind}`
    const taken = new Set(hotkeys.filter((hotkey) => hotkey.scope === 'main').flatMap((hotkey) => keyNames(hotkey.key)))
    const command = allCommands().find((row) => row.id === id)
    const name = command ? keyNames(keysOf(command)).find((one) => !taken.has(one) && commandsFor({}, [one]).find(({ command: { fits } }) => !fits || !this.context || fits(this.context.plan))?.command.id === id) : undefined
    return name ? printed(name, MAC) : ''
  }

  /** The tool's own settings. @param {string} kind */
  #options(kind) {
    if (kind === 'select') return nothing
    const tool = imageTool(kind)
    if (!tool) void loadTools([kind]).then(() => this.requestUpdate())
    return tool?.options && this.context ? tool.options(this.context) : nothing
  }

  /** @param {KeyboardEvent} event */
  #walk(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
    if (!step) return
    event.preventDefault()
    const buttons = /** @type {HTMLElement[]} */ ([...this.querySelectorAll('[role=radio]')])
    const next = buttons[(buttons.findIndex((button) => button === document.activeElement) + step + buttons.length) % buttons.length]
    next.focus()
    this.#take(/** @type {string} */ (next.dataset.tool))
  }

  /** @param {string} tool */
  #take(tool) {
    this.dispatchEvent(new CustomEvent('kite-take-tool', { detail: { object: this.context?.object.name, tool }, bubbles: true }))
  }
}
