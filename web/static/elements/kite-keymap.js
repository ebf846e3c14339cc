import { LitElement, html, nothing } from 'lit'
import { t } from '../app/texts.js'
import css from '../styles/dialogs.css' with { type: 'text' }
import { allCommands, fits } from './commands.js'
import { clashes, exported, imported, isKept, keysIn, recorded, swapped, withKeys } from './keymap.js'
import { keyNames, printed } from './keys.js'
import { allHotkeys } from './label-keys.js'
import { labelKey, ownKeys, useOwnKeys } from './own-keys.js'
import { best } from './palette-find.js'
import { adopt } from './sheet.js'

/** @typedef {import('./keymap.js').KeyRow} KeyRow */

const MAC = /Mac|iPhone|iPad/.test(navigator.platform)

adopt(css)

/** Changes the keys of commands, labels and choices for the person at this page. What is changed holds at once; whoever keeps it listens to `ownKeysChanged`. */
export class KiteKeymap extends LitElement {
  static properties = { query: { state: true }, waits: { state: true }, tried: { state: true }, said: { state: true } }

  constructor() {
    super()
    /** @type {import('./kite-surface.js').KiteSurface | null} */
    this.surface = null
    this.query = ''
    /** the row that waits for a key */
    this.waits = ''
    /** a key that somebody else has: what to do about it is asked @type {{row: KeyRow, key: string, others: KeyRow[]} | null} */
    this.tried = null
    /** what was done last, for the status line */
    this.said = ''
    /** @type {KeyRow[]} */
    this.rows = []
  }

  createRenderRoot() {
    return this
  }

  connectedCallback() {
    super.connectedCallback()
    const surface = this.surface
    const plan = surface?.drawn
    if (!surface || !plan) return
    const seen = new Set()
    const labels = allHotkeys(plan, (control) => surface.display?.options[control.name] ?? []).flatMap((hotkey) => {
      const id = labelKey(hotkey.intent)
      if (seen.has(id)) return [] // copies of a Repeater share theirs
      seen.add(id)
      return [{ id, kind: /** @type {const} */ ('labels'), group: surface.headingOf(hotkey.intent.control ?? ''), does: hotkey.does, given: hotkey.key, typing: hotkey.scope === 'input' }]
    })
    const commands = allCommands(surface).filter((row) => fits(row, plan)).map((row) => ({ id: row.id, kind: /** @type {const} */ ('commands'), group: t(row.group), does: t(row.does), given: row.keys, typing: row.typing }))
    this.rows = [...labels, ...commands]
  }

  firstUpdated() {
    this.#dialog.showModal()
  }

  get #dialog() {
    return /** @type {HTMLDialogElement} */ (this.querySelector('dialog'))
  }

  render() {
    const found = best(this.query, this.rows, (row) => `${row.does} ${row.group} ${printed(keysIn(ownKeys(), row), MAC)}`.toLowerCase(), Infinity)
    const shown = this.query.trim() ? found : this.rows
    const groups = [...new Set(shown.map((row) => row.group))]
    const changed = Object.keys(ownKeys().commands).length + Object.keys(ownKeys().labels).length
    return html`<dialog class="dialog keymap" aria-labelledby="keymap-title" @close=${() => this.remove()} @cancel=${this.#cancel} @keydown=${this.#keys}>
      <div class="dialog-head"><h2 id="keymap-title">${t('Your keys')}</h2>
        <input class="input keymap-find" type="search" placeholder=${t('Find')} aria-label=${t('Find an action or a key')} @input=${(/** @type {Event} */ event) => { this.query = /** @type {HTMLInputElement} */ (event.target).value }} />
        <button class="button button-quiet button-icon" type="button" aria-label=${t('Close')} @click=${() => this.#dialog.close()}><kite-icon name="close"></kite-icon></button></div>
      <div class="dialog-body keymap-body">
        ${groups.map((group) => html`<section><h3>${group}</h3><ul class="keymap-rows">${shown.filter((row) => row.group === group).map((row) => this.#row(row))}</ul></section>`)}
        ${shown.length ? nothing : html`<p class="muted">${t('Nothing is called “{query}”.', { query: this.query })}</p>`}
      </div>
      <div class="dialog-foot keymap-foot"><span class="grow muted small" role="status">${this.said || t('Kept in this browser and on your account.')}</span>
        <button class="button button-small" type="button" ?disabled=${!changed} @click=${this.#resetAll}>${t('Reset all')}</button>
        <button class="button button-small" type="button" @click=${this.#export}>${t('Export')}</button>
        <label class="button button-small keymap-import">${t('Import')}<input class="visually-hidden" type="file" accept=".json,application/json" @change=${this.#import} /></label></div>
    </dialog>`
  }

  /** @param {KeyRow} row */
  #row(row) {
    const own = ownKeys()
    const keys = keysIn(own, row)
    const mine = own[row.kind][row.id] !== undefined
    const waits = this.waits === row.id
    const others = clashes(this.rows, own, row)
    const tried = this.tried?.row === row ? this.tried : null
    return html`<li class="keymap-row"><span class="keymap-does">${row.does}</span>
      <span class="keymap-keys">${keyNames(keys).map((name) => html`<kbd class="kbd">${printed(name.replace(/\+\+$/, '+plus').replace(/(^|\+),$/, '$1comma'), MAC)}</kbd>`)}${keys ? nothing : html`<span class="muted small">${t('none')}</span>`}</span>
      <button class="button button-small ${waits ? 'button-primary' : ''}" type="button" data-row=${row.id} aria-label=${waits ? t('Press the new key') : t('Change the key of {does}', { does: row.does })} @click=${() => this.#wait(row)}>${waits ? t('Press a key …') : t('Change')}</button>
      <button class="button button-quiet button-icon button-small" type="button" ?disabled=${!mine} title=${t('As it was')} aria-label=${t('Give {does} its key back', { does: row.does })} @click=${() => this.#set(withKeys(own, row, undefined), t('{does} has its key back.', { does: row.does }))}><kite-icon name="undo"></kite-icon></button>
      <button class="button button-quiet button-icon button-small" type="button" ?disabled=${!keys} title=${t('No key')} aria-label=${t('Take the key of {does} away', { does: row.does })} @click=${() => this.#set(withKeys(own, row, ''), t('{does} has no key.', { does: row.does }))}><kite-icon name="close"></kite-icon></button>
      ${tried ? this.#ask(tried) : others.length ? html`<p class="keymap-clash"><kite-icon name="warning"></kite-icon>${this.#shared(row, others)}</p>` : nothing}
    </li>`
  }

  /** Who goes first where two have one key. @param {KeyRow} row @param {KeyRow[]} others */
  #shared(row, others) {
    const names = others.map(({ does }) => `“${does}”`).join(', ')
    return row.kind === 'commands' && others.some((other) => other.kind === 'labels') ? t('In this task the key does {names} instead.', { names }) : t('The same key as {names}.', { names })
  }

  /** @param {{row: KeyRow, key: string, others: KeyRow[]}} tried */
  #ask({ row, key, others }) {
    const names = others.map(({ does }) => `“${does}”`).join(', ')
    return html`<div class="keymap-clash" role="alert"><kite-icon name="warning"></kite-icon><span>${t('{key} is the key of {names}.', { key: printed(key, MAC), names })}</span>
      <button class="button button-small button-primary" type="button" @click=${() => this.#set(swapped(ownKeys(), row, key, others), t('Swapped.'))}>${t('Swap them')}</button>
      <button class="button button-small" type="button" @click=${() => this.#set(withKeys(ownKeys(), row, key), t('Both have that key.'))}>${t('Use it for both')}</button>
      <button class="button button-quiet button-small" type="button" @click=${() => { this.tried = null }}>${t('Leave it')}</button></div>`
  }

  /** @param {KeyRow} row */
  #wait(row) {
    this.waits = this.waits === row.id ? '' : row.id
    this.tried = null
    this.said = ''
  }

  /** Escape lets go of the row that waits, before it closes the dialog. @param {Event} event */
  #cancel(event) {
    if (!this.waits && !this.tried) return
    event.preventDefault()
    this.waits = ''
    this.tried = null
  }

  /** @param {KeyboardEvent} event */
  #keys(event) {
    const row = this.rows.find(({ id }) => id === this.waits)
    if (!row || event.isComposing) return
    const key = recorded(event)
    event.stopPropagation()
    if (key === 'escape') return // the dialog asks `#cancel`
    event.preventDefault()
    if (!key) return
    if (isKept(key)) {
      this.said = t('{key} belongs to the browser. Take another one.', { key: printed(key, MAC) })
      return
    }
    this.waits = ''
    const own = ownKeys()
    const others = clashes(this.rows, own, row, key)
    if (others.length) {
      this.tried = { row, key, others }
      void this.updateComplete.then(() => /** @type {HTMLElement | null} */ (this.querySelector('[role=alert] button'))?.focus())
    } else this.#set(withKeys(own, row, key), t('{does}: {key}', { does: row.does, key: printed(key, MAC) }))
  }

  /** @param {import('./own-keys.js').OwnKeys} own @param {string} said */
  #set(own, said) {
    const place = this.tried?.row.id
    this.tried = null
    this.waits = ''
    useOwnKeys(own)
    this.said = said
    this.requestUpdate()
    if (place) void this.updateComplete.then(() => /** @type {HTMLElement | null} */ (this.querySelector(`[data-row="${CSS.escape(place)}"]`))?.focus())
  }

  #resetAll() {
    this.#set({ commands: {}, labels: {} }, t('All keys are as they were.'))
  }

  #export() {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([exported(ownKeys())], { type: 'application/json' }))
    link.download = 'labelkite-keys.json'
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
  }

  /** @param {Event} event */
  async #import(event) {
    const field = /** @type {HTMLInputElement} */ (event.target)
    const [file] = field.files ?? []
    if (!file) return
    const keys = imported(await file.text())
    field.value = ''
    if (keys) this.#set(keys, t('The keys of {name} are yours now.', { name: file.name }))
    else this.said = t('{name} has no keys of Labelkite. Take a file that was exported here.', { name: file.name })
  }
}
