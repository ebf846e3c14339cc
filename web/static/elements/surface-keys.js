import { newId } from '../app/ids.js'
import { commandsFor } from './commands.js'
import { emit } from './emit.js'
import { eventNames, isTyping, keyNames, planned } from './keys.js'
import { RelationPicker } from './relation-picker.js'
import { nodesOf } from './surface-layout.js'

/** Intents that may be about a region. */
const ANSWERS = new Set(['choose', 'rate', 'type_text', 'add_text', 'edit_text', 'remove_text', 'insert_text', 'set_answer', 'toggle_path'])

/** Intents that have no echo: what is selected is known only when the engine has answered. */
const UNSEEN = new Set(['select_next', 'undo', 'redo', 'reset', 'duplicate', 'delete_all', 'paste', 'combine', 'convert', 'accept', 'reject'])

/** The keyboard of a surface: the config's keys first, then its own. */
export class SurfaceKeys {
  /** Keys that wait for the engine's answer, lest they act on what was selected before. @type {(() => void)[]} */
  #waiting = []
  /** The view that an unseen intent of this keyboard was about; the host shows it as pending only in the next frame. @type {unknown} */
  #before = null
  /** A step went to another region: it is brought into sight as soon as the engine has said which one. */
  #stepped = false

  /** @param {import('./kite-surface.js').KiteSurface} surface @param {AbortSignal} signal ends listening */
  constructor(surface, signal) {
    this.surface = surface
    this.picker = new RelationPicker(surface, signal)
    document.addEventListener('keydown', (event) => this.#key(event), { signal })
    surface.addEventListener('kite-intent', (event) => {
      const { type } = /** @type {CustomEvent} */ (event).detail
      if (UNSEEN.has(type)) this.#before = surface.view
      if (type === 'select_next') this.#stepped = true
    }, { signal })
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { surface } = this
    if (!surface.keys || !surface.drawn || event.defaultPrevented || event.isComposing || document.querySelector('dialog[open]')) return
    const typing = isTyping(event.target)
    const names = eventNames(event)
    const hotkey = surface.readonly ? null : planned(inReach(surface), names, typing ? 'input' : 'main', controlAt(event.target))
    if (hotkey) {
      event.preventDefault()
      emit(surface, this.#completed(hotkey.intent))
      return
    }
    if (!typing && this.#find(names)) {
      event.preventDefault()
      return
    }
    const target = /** @type {HTMLElement} */ (event.target)
    if (this.#first(commandsFor(surface, names).filter(({ command }) => !typing || command.typing), target)) event.preventDefault()
  }

  /**
   * Does a command, now or as soon as the engine has said what is selected.
   * @param {import('./commands.js').Command} command @param {import('./commands.js').Press} press @returns {boolean} whether it did or will do something
   */
  perform(command, press) {
    return this.#first([{ name: press.name, command }], press.target)
  }

  /**
   * The first of several commands that can do something; where one is about what is selected, what they can do is known only then.
   * @param {{name: string, command: import('./commands.js').Command}[]} rows @param {HTMLElement} target @returns {boolean}
   */
  #first(rows, target) {
    const { surface } = this
    const allowed = rows.filter(({ command }) => !surface.readonly || command.looks)
    if (this.#unsettled && allowed.some(({ command }) => command.selection)) return !!this.#waiting.push(() => this.#first(rows, target))
    return allowed.some(({ name, command }) => (command.when?.(surface) ?? true) && command.run(surface, { name, target }) !== false)
  }

  get #unsettled() {
    return this.#waiting.length > 0 || this.#unanswered
  }

  get #unanswered() {
    return this.#before === this.surface.view || this.surface.pending.some((intent) => UNSEEN.has(intent.type))
  }

  /** The surface shows something new: what waited may act. */
  settle() {
    this.picker.settle()
    if (this.#unanswered) return
    if (this.#stepped) this.#reveal()
    for (const act of this.#waiting.splice(0)) act()
  }

  #reveal() {
    this.#stepped = false
    const { selection } = this.surface.shown
    if (selection.length === 1) this.surface.dispatchEvent(new CustomEvent('kite-reveal', { detail: { region: selection[0] } }))
  }

  /** A hotkey's intent with what only the page can give: ids, and the region it is about. @param {import('./types.js').Intent} intent */
  #completed(intent) {
    if (intent.type === 'pick_label') return { ...intent, by: 'key' }
    if (!ANSWERS.has(intent.type)) return intent
    const { selection: [region], items } = this.surface.shown
    const control = this.surface.control(intent.control)
    const about = control?.per_region ? (region ? { region } : {}) : control?.per_item ? { item: items?.[control.to[0]] ?? 0 } : {}
    return { ...intent, ...about, answer: newId() }
  }

  /** Goes to the Filter whose key was pressed. @param {string[]} names */
  #find(names) {
    const fields = /** @type {HTMLElement[]} */ ([...this.surface.querySelectorAll('input[data-filter][aria-keyshortcuts]')])
    const field = fields.find((one) => one.checkVisibility() && keyNames(one.getAttribute('aria-keyshortcuts') ?? '').some((name) => names.includes(name)))
    field?.focus()
    return !!field
  }
}

/** Keys that act now: of a Repeater's copies, those of the page that is shown; of copies beneath each other, first those of the one that has
 * the keyboard. @param {import('./kite-surface.js').KiteSurface} surface @returns {import('./types.js').Hotkey[]} */
function inReach(surface) {
  const { hotkeys } = surface
  if (!hotkeys.some((hotkey) => hotkey.repeat)) return hotkeys
  const paged = new Set(nodesOf(surface.drawn?.tree).flatMap((node) => (node.node === 'repeater' && node.mode === 'pagination' ? [node.key] : [])))
  const home = document.activeElement?.closest('.repeat')
  const shown = hotkeys.filter(({ repeat }) => !repeat || !paged.has(repeat.node) || repeat.item === (surface.shown.items?.[repeat.node] ?? 0))
  const near = (/** @type {import('./types.js').Hotkey} */ { intent }) => !!home?.querySelector(`[data-name="${CSS.escape(intent.control ?? '')}"]`)
  return home ? [...shown.filter(near), ...shown.filter((hotkey) => !near(hotkey))] : shown
}

/** The control in which something stands; empty: none. @param {EventTarget | null} target */
const controlAt = (target) => /** @type {HTMLElement | null} */ (/** @type {Element | null} */ (target)?.closest?.('[data-name]'))?.dataset.name ?? ''
