import { newId } from '../app/ids.js'
import { emit } from './emit.js'
import { builtIn, builtInIntent, eventNames, isTyping, keyNames, planned } from './keys.js'
import { RelationPicker } from './relation-picker.js'
import { nodesOf } from './surface-layout.js'

/** Intents that may be about a region. */
const ANSWERS = new Set(['choose', 'rate', 'type_text', 'add_text', 'edit_text', 'remove_text', 'insert_text', 'set_answer', 'toggle_path'])
/** Built-in actions that only look. */
const LOOKS = new Set(['next', 'previous', 'unselect', 'hide'])

/** Intents that have no echo: what is selected is known only when the engine has answered. */
const UNSEEN = new Set(['select_next', 'undo', 'redo', 'reset', 'duplicate', 'delete_all'])
/** Built-in actions on what is selected. */
const ON_SELECTION = new Set(['duplicate', 'hide', 'lock', 'nudge', 'delete', 'note', 'relate'])

/** The keyboard of a surface: the config's keys first, then its own. */
export class SurfaceKeys {
  /** Keys that wait for the engine's answer, lest they act on what was selected before. @type {(() => void)[]} */
  #waiting = []
  /** The view that an unseen intent of this keyboard was about; the host shows it as pending only in the next frame. @type {unknown} */
  #before = null

  /** @param {import('./kite-surface.js').KiteSurface} surface @param {AbortSignal} signal ends listening */
  constructor(surface, signal) {
    this.surface = surface
    this.picker = new RelationPicker(surface, signal)
    document.addEventListener('keydown', (event) => this.#key(event), { signal })
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
    const found = typing ? null : builtIn(names)
    if (!typing && this.#pair(names, target)) {
      event.preventDefault()
      return
    }
    if (!found) return
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
    this.picker.settle()
    if (!this.#waiting.length || this.#unanswered) return
    for (const act of this.#waiting.splice(0)) act()
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

  /** The arrows left and right choose of a pair, where nothing else wants them. @param {string[]} names @param {HTMLElement} target */
  #pair(names, target) {
    const side = names.includes('left') ? 'left' : names.includes('right') ? 'right' : ''
    const { surface } = this
    if (!side || surface.readonly || surface.shown.selection.length || target.closest?.('input, summary, [role=tree], [role=listbox], [role=tablist], [role=slider], [tabindex="0"]:not(.frame, .kite-data)')) return false
    const pairs = /** @type {import('./kite-pairwise.js').KitePairwise[]} */ ([...surface.querySelectorAll('kite-pairwise')].filter((pair) => /** @type {HTMLElement} */ (pair).offsetParent))
    if (pairs.length !== 1) return false
    pairs[0].choose(side, false)
    return true
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
      case 'relate':
        return surface.shown.selection.length === 1 && this.picker.start(surface.shown.selection[0])
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
    if (!intent) return action === 'nudge' && this.#turn(name)
    if (UNSEEN.has(intent.type)) this.#before = surface.view
    emit(surface, intent)
    return true
  }

  /** Goes to the Filter whose key was pressed. @param {string[]} names */
  #find(names) {
    const fields = /** @type {HTMLElement[]} */ ([...this.surface.querySelectorAll('input[data-filter][aria-keyshortcuts]')])
    const field = fields.find((one) => one.checkVisibility() && keyNames(one.getAttribute('aria-keyshortcuts') ?? '').some((name) => names.includes(name)))
    field?.focus()
    return !!field
  }

  /** Alt with an arrow and nothing to move: the next page of a Repeater. @param {string} name of the key */
  #turn(name) {
    const { surface } = this
    const step = { 'alt+left': -1, 'alt+right': 1 }[name]
    const pagers = /** @type {HTMLElement[]} */ ([...surface.querySelectorAll('[data-pager]')]).filter((one) => one.checkVisibility())
    const key = (pagers.find((one) => one.contains(document.activeElement)) ?? pagers[0])?.dataset.pager
    const node = nodesOf(surface.drawn?.tree).find((one) => one.key === key)
    if (!step || !node) return false
    const item = (surface.shown.items?.[node.key] ?? 0) + step
    if (item >= 0 && item < (node.children ?? []).length) emit(surface, { type: 'view_item', node: node.key, item })
    return true
  }

  /** @param {string} selector */
  #write(selector) {
    const field = /** @type {HTMLElement | null} */ (this.surface.querySelector(selector))
    field?.focus()
    return !!field
  }
}

/** Keys that act now: of a Repeater's copies, those of the page that is shown; of copies beneath each other, first those of the one that has
 * the keyboard. @param {import('./kite-surface.js').KiteSurface} surface @returns {import('./types.js').Hotkey[]} */
function inReach(surface) {
  const hotkeys = surface.drawn?.hotkeys ?? []
  if (!hotkeys.some((hotkey) => hotkey.repeat)) return hotkeys
  const paged = new Set(nodesOf(surface.drawn?.tree).flatMap((node) => (node.node === 'repeater' && node.mode === 'pagination' ? [node.key] : [])))
  const home = document.activeElement?.closest('.repeat')
  const shown = hotkeys.filter(({ repeat }) => !repeat || !paged.has(repeat.node) || repeat.item === (surface.shown.items?.[repeat.node] ?? 0))
  const near = (/** @type {import('./types.js').Hotkey} */ { intent }) => !!home?.querySelector(`[data-name="${CSS.escape(intent.control ?? '')}"]`)
  return home ? [...shown.filter(near), ...shown.filter((hotkey) => !near(hotkey))] : shown
}

/** The control in which something stands; empty: none. @param {EventTarget | null} target */
const controlAt = (target) => /** @type {HTMLElement | null} */ (/** @type {Element | null} */ (target)?.closest?.('[data-name]'))?.dataset.name ?? ''
