import { newId } from '../app/ids.js'
import { emit } from './emit.js'
import { builtIn, builtInIntent, eventNames, isTyping, planned } from './keys.js'

/** Intents that may be about a region. */
const ANSWERS = new Set(['choose', 'rate', 'type_text', 'add_text', 'edit_text', 'remove_text'])
/** Built-in actions that only look. */
const LOOKS = new Set(['next', 'previous', 'unselect', 'hide'])

/** Intents that have no echo: what is selected is known only when the engine has answered. */
const UNSEEN = new Set(['select_next', 'undo', 'redo', 'reset', 'duplicate', 'delete_all'])
/** Built-in actions on what is selected. */
const ON_SELECTION = new Set(['duplicate', 'hide', 'lock', 'nudge', 'delete', 'note'])

/** The keyboard of a surface: the config's keys first, then its own. */
export class SurfaceKeys {
  /** Keys that wait for the engine's answer, lest they act on what was selected before. @type {(() => void)[]} */
  #waiting = []
  /** The view that an unseen intent of this keyboard was about; the host shows it as pending only in the next frame. @type {unknown} */
  #before = null

  /** @param {import('./kite-surface.js').KiteSurface} surface @param {AbortSignal} signal ends listening */
  constructor(surface, signal) {
    this.surface = surface
    document.addEventListener('keydown', (event) => this.#key(event), { signal })
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { surface } = this
    if (!surface.keys || !surface.plan || event.defaultPrevented || event.isComposing || document.querySelector('dialog[open]')) return
    const typing = isTyping(event.target)
    const names = eventNames(event)
    const hotkey = surface.readonly ? null : planned(surface.plan.hotkeys, names, typing ? 'input' : 'main')
    if (hotkey) {
      event.preventDefault()
      emit(surface, this.#completed(hotkey.intent))
      return
    }
    const found = typing ? null : builtIn(names)
    if (!found) return
    const target = /** @type {HTMLElement} */ (event.target)
    if (ON_SELECTION.has(found.action) && this.#unsettled) this.#waiting.push(() => this.#act(found, target))
    else if (!this.#act(found, target)) return
    event.preventDefault()
  }

  get #unsettled() {
    return this.#waiting.length > 0 || this.#unanswered
  }

  get #unanswered() {
    return this.#before === this.surface.view || this.surface.pending.some((intent) => UNSEEN.has(intent.type))
  }

  /** The surface shows something new: what waited may act. */
  settle() {
    if (!this.#waiting.length || this.#unanswered) return
    for (const act of this.#waiting.splice(0)) act()
  }

  /** A hotkey's intent with what only the page can give: ids, and the region it is about. @param {import('./types.js').Intent} intent */
  #completed(intent) {
    if (intent.type === 'pick_label') return { ...intent, by: 'key' }
    if (!ANSWERS.has(intent.type)) return intent
    const [region] = this.surface.shown.selection
    const about = this.surface.control(intent.control)?.per_region && region ? { region } : {}
    return { ...intent, ...about, answer: newId() }
  }

  /** @param {{name: string, action: string}} found @param {HTMLElement} target @returns {boolean} whether it did something */
  #act({ name, action }, target) {
    const { surface } = this
    const pictures = !!surface.querySelector('kite-image')
    switch (action) {
      case 'help':
        surface.help()
        return true
      case 'focus':
        surface.focusMode(!surface.focused)
        return true
      case 'fit':
        surface.look({ tool: 'fit' })
        return pictures
      case 'zoom_in':
      case 'zoom_out':
        surface.look({ tool: 'zoom', value: action === 'zoom_in' ? 1.25 : 1 / 1.25 })
        return pictures
      case 'write':
        return target === document.body && this.#write('.kite-data .texts-new :is(input, textarea)')
      case 'note':
        return this.#write('.region-note')
      case 'unselect':
        if (surface.focused && !surface.shown.selection.length) {
          surface.focusMode(false)
          return true
        }
        break
      case 'nudge':
        if (target.matches?.('input, [role=listbox]')) return false // radio buttons and lists move by themselves
        break
    }
    const intent = surface.readonly && !LOOKS.has(action) ? null : builtInIntent(action, name, surface.shown, newId)
    if (!intent) return false
    if (UNSEEN.has(intent.type)) this.#before = surface.view
    emit(surface, intent)
    return true
  }

  /** @param {string} selector */
  #write(selector) {
    const field = /** @type {HTMLElement | null} */ (this.surface.querySelector(selector))
    field?.focus()
    return !!field
  }
}
