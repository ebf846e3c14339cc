import { LitElement, html, nothing } from 'lit'
import { t, text } from '../app/texts.js'
import { grouped } from './commands.js'
import { keyNames, printed } from './keys.js'
import { keysOf } from './own-keys.js'

const MAC = /Mac|iPhone|iPad/.test(navigator.platform)

/** A dialog with every key that works here. `open()` shows it. */
export class KiteHelp extends LitElement {
  static properties = { plan: { attribute: false }, hotkeys: { attribute: false }, titleOf: { attribute: false }, extra: { attribute: false }, commands: { attribute: false } }

  constructor() {
    super()
    /** @type {import('./types.js').Plan | undefined} */
    this.plan = undefined
    /** keys of this task @type {import('./types.js').Hotkey[]} */
    this.hotkeys = []
    /** @type {(control: string) => string} what people call a control */
    this.titleOf = (control) => control
    /** @type {{keys: string, does: string}[]} keys of the page around the surface (submit, skip) */
    this.extra = []
    /** commands of the page around @type {readonly import('./commands.js').Command[]} */
    this.commands = []
  }

  createRenderRoot() {
    return this
  }

  get #dialog() {
    return /** @type {HTMLDialogElement} */ (this.querySelector('dialog'))
  }

  open() {
    if (this.#dialog.open) this.#dialog.close()
    else this.#dialog.showModal()
  }

  #change() {
    this.#dialog.close()
    this.dispatchEvent(new CustomEvent('kite-change-keys', { bubbles: true }))
  }

  render() {
    const { plan } = this
    const has = (/** @type {string} */ type) => plan?.objects.some((object) => object.type === type)
    const asks = (/** @type {string} */ type) => plan?.controls.some((control) => control.type === type)
    const groups = plan ? grouped(this, plan) : []
    return html`<dialog class="dialog help" aria-labelledby="help-title" @click=${(/** @type {Event} */ event) => { if (event.target === this.#dialog) this.#dialog.close() }}>
      <div class="dialog-head"><h2 id="help-title">${t('Keys')}</h2><span class="grow"></span>
        <button class="button button-small help-change" type="button" @click=${this.#change}>${t('Change the keys')}</button>
        <button class="button button-quiet button-icon" type="button" aria-label=${t('Close')} @click=${() => this.#dialog.close()}><kite-icon name="close"></kite-icon></button></div>
      <div class="dialog-body help-body" tabindex="0">
        ${this.#group(text('This task'), this.#planned())}
        ${groups.map(([name, rows]) => this.#group(name, [...(name === 'Page' ? this.extra : []), ...entries(rows)]))}
        ${has('image') ? this.#group(text('Picture, with the mouse'), HINTS.image) : nothing}
        ${has('text') ? this.#group(text('Text'), HINTS.text) : nothing}
        ${asks('taxonomy') ? this.#group(text('Tree of choices'), HINTS.taxonomy) : nothing}
        ${asks('ranker') ? this.#group(text('Ranking'), HINTS.ranker) : nothing}
      </div>
    </dialog>`
  }

  #planned() {
    return this.hotkeys.map(({ key, does, intent }) => ({ keys: key, does: intent.type === 'rate' ? t('“{name}”: one more', { name: this.titleOf(intent.control) }) : does }))
  }

  /** @param {string} name @param {{keys: string, does: string, plain?: boolean}[]} entries */
  #group(name, entries) {
    if (!entries.length) return nothing
    return html`<section><h3>${t(name)}</h3><dl class="help-keys">${entries.map(
      ({ keys, does, plain }) => html`<div><dt>${plain ? html`<span class="muted">${t(keys)}</span>` : shortest(keys).map((key) => html`<kbd class="kbd">${printed(key, MAC)}</kbd>`)}</dt><dd>${t(does)}</dd></div>`,
    )}</dl></section>`
  }
}

/** Lines of the help: rows with a key; a family is one line. @param {import('./commands.js').Command[]} rows @returns {{keys: string, does: string}[]} */
function entries(rows) {
  /** @type {{keys: string, does: string, family?: string}[]} */
  const lines = []
  for (const row of rows) {
    const keys = keysOf(row)
    const last = lines.at(-1)
    if (!keys) continue
    if (row.family && last?.family === row.family) last.keys += `,${keys}`
    else lines.push({ keys, does: row.family ?? row.does, family: row.family })
  }
  return lines
}

/** Four arrows are one thing to a reader. @param {string} keys */
function shortest(keys) {
  const names = keyNames(keys).filter((name) => name !== 'ctrl+=') // plus without shift
  const arrows = names.filter((name) => /(?:^|\+)(?:left|right|up|down)$/.test(name))
  return arrows.length === 4 ? [arrows[0].replace('left', '← → ↑ ↓')] : names.map((name) => name.replace(/\+\+$/, '+plus').replace(/^,$/, 'comma').replace(/\+,$/, '+comma'))
}

const HINTS = {
  image: [
    { keys: text('drag, or two clicks'), does: 'Draw a box with the active label', plain: true },
    { keys: text('click, click again'), does: 'Select a box, then the one beneath', plain: true },
    { keys: text('Shift + click, Shift + drag'), does: 'Select several', plain: true },
    { keys: text('wheel, pinch'), does: 'Zoom at the pointer', plain: true },
    { keys: text('Space or middle button + drag'), does: 'Move the picture', plain: true },
    { keys: text('arrows, Enter'), does: 'With Tab on the picture: draw, Enter sets each corner', plain: true },
    { keys: text('Enter held + arrows'), does: 'Paint with a brush or an eraser', plain: true },
  ],
  text: [
    { keys: text('drag, double click'), does: 'Mark with the active label', plain: true },
    { keys: text('click, click again'), does: 'Select a span, then the one beneath', plain: true },
    { keys: text('arrows, Shift, Ctrl'), does: 'Move the caret and select; Enter marks', plain: true },
  ],
  taxonomy: [
    { keys: text('letters, then Enter'), does: 'Find by name or path, choose the first', plain: true },
    { keys: text('arrows'), does: 'Go through the tree; right and left open and close', plain: true },
    { keys: text('Space, Enter'), does: 'Choose, close', plain: true },
  ],
  ranker: [
    { keys: text('drag'), does: 'Move an item', plain: true },
    { keys: 'alt+up,alt+down', does: 'Move the item that has the keyboard' },
    { keys: 'alt+left,alt+right', does: 'Put it into another bucket' },
  ],
}
