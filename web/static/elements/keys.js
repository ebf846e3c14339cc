/** Names of keys as configs write them ("ctrl+shift+z", "shift+space", "plus"), and what the surface does by itself. Pure. */

/** @type {Record<string, string>} other spellings of one key */
const SAME = {
  esc: 'escape', del: 'delete', return: 'enter', ' ': 'space', arrowleft: 'left', arrowright: 'right', arrowup: 'up', arrowdown: 'down',
  plus: '+', minus: '-', comma: ',', period: '.', control: 'ctrl', command: 'ctrl', cmd: 'ctrl', meta: 'ctrl', option: 'alt',
}
const MODIFIERS = ['ctrl', 'alt', 'shift']
/** @type {Record<string, string>} */
const CODES = { Period: '.', Comma: ',', Slash: '/', Minus: '-', Equal: '=', Semicolon: ';', Quote: "'", BracketLeft: '[', BracketRight: ']', Backquote: '`' }

/** @param {string} name */
const same = (name) => SAME[name] ?? name

/** @param {{ctrl: boolean, alt: boolean, shift: boolean}} held @param {string} key */
const join = (held, key) => [held.ctrl ? 'ctrl' : '', held.alt ? 'alt' : '', held.shift ? 'shift' : '', key].filter(Boolean).join('+')

/** Canonical names of a hotkey attribute; several keys are separated by commas. @param {string} hotkey @returns {string[]} */
export function keyNames(hotkey) {
  return hotkey
    .toLowerCase()
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)
    .map((one) => {
      const parts = one.split('+').map((part) => same(part.trim() || 'plus'))
      const key = parts.findLast((part) => !MODIFIERS.includes(part)) ?? ''
      return join({ ctrl: parts.includes('ctrl'), alt: parts.includes('alt'), shift: parts.includes('shift') }, key)
    })
}

/**
 * The names that a key press may be written as, the likeliest first. The character counts, not the place of the key; the place is
 * asked only where the character is no plain letter or digit (Cyrillic layouts, AZERTY's digits, option + key on a Mac).
 * @param {Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>} event
 * @returns {string[]}
 */
export function eventNames(event) {
  const held = { ctrl: event.ctrlKey || event.metaKey, alt: event.altKey, shift: event.shiftKey }
  const key = same(event.key.toLowerCase())
  const names = [join(held, key)]
  if (key.length === 1 && !/[a-z0-9]/.test(key)) {
    if (held.shift) names.push(join({ ...held, shift: false }, key)) // "?" is typed with shift
    const placed = /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(event.code)?.[1].toLowerCase() ?? CODES[event.code]
    if (placed) names.push(join(held, placed))
  }
  return [...new Set(names)]
}

/** As a person reads it on a key. @param {string} hotkey @param {boolean} mac */
export function printed(hotkey, mac = false) {
  const signs = mac ? MAC : PLAIN
  return keyNames(hotkey)[0]
    ?.split(/\+(?!$)/)
    .map((part) => signs[part] ?? (part.length === 1 ? part.toUpperCase() : part[0].toUpperCase() + part.slice(1)))
    .join(mac ? '' : '+') ?? ''
}
/** @type {Record<string, string>} */
const PLAIN = { left: '←', right: '→', up: '↑', down: '↓', ctrl: 'Ctrl', escape: 'Esc', space: 'Space' }
/** @type {Record<string, string>} */
const MAC = { left: '←', right: '→', up: '↑', down: '↓', ctrl: '⌘', alt: '⌥', shift: '⇧', enter: '⏎', escape: 'Esc', backspace: '⌫', delete: '⌦' }

/** "1–5" of keys that follow each other, "1, 2, Q …" of others; empty where there are none. @param {string[]} hotkeys @param {boolean} mac */
export function keyRange(hotkeys, mac = false) {
  const keys = hotkeys.map((hotkey) => printed(hotkey, mac)).filter(Boolean)
  const follow = keys.length > 2 && keys.every((key, at) => key === String(Number(keys[0]) + at))
  if (follow) return `${keys[0]}–${keys[keys.length - 1]}`
  return keys.slice(0, 3).join(', ') + (keys.length > 3 ? ' …' : '')
}

/**
 * @typedef {{keys: string, does: string, group: string, action: string}} BuiltIn
 * @type {readonly BuiltIn[]}
 */
export const BUILT_IN = Object.freeze([
  { keys: 'ctrl+z', does: 'Undo', group: 'Edit', action: 'undo' },
  { keys: 'ctrl+shift+z,ctrl+y', does: 'Redo', group: 'Edit', action: 'redo' },
  { keys: 'backspace,delete', does: 'Delete the selected region', group: 'Regions', action: 'delete' },
  { keys: 'ctrl+backspace', does: 'Delete all regions', group: 'Regions', action: 'delete_all' },
  { keys: 'escape,u', does: 'Select nothing; once more: put the label down', group: 'Regions', action: 'unselect' },
  { keys: 'ctrl+d', does: 'Duplicate the selected region', group: 'Regions', action: 'duplicate' },
  { keys: 'alt+.', does: 'Next region', group: 'Regions', action: 'next' },
  { keys: 'alt+comma', does: 'Previous region', group: 'Regions', action: 'previous' },
  { keys: 'alt+h', does: 'Hide or show the region', group: 'Regions', action: 'hide' },
  { keys: 'alt+l', does: 'Lock or unlock the region', group: 'Regions', action: 'lock' },
  { keys: 'alt+r', does: 'Relate the region to another one', group: 'Regions', action: 'relate' },
  { keys: 'alt+m', does: 'Write a note on the region', group: 'Regions', action: 'note' },
  { keys: 'left,right,up,down', does: 'Move the region by 1 pixel', group: 'Regions', action: 'nudge' },
  { keys: 'shift+left,shift+right,shift+up,shift+down', does: 'Move the region by 10 pixels', group: 'Regions', action: 'nudge' },
  { keys: 'alt+left,alt+right,alt+up,alt+down', does: 'Grow or shrink the region', group: 'Regions', action: 'nudge' },
  { keys: 'enter', does: 'Go to the first text field', group: 'Page', action: 'write' },
  { keys: '.', does: 'Focus: data and labels only', group: 'Page', action: 'focus' },
  { keys: '?', does: 'Show these keys', group: 'Page', action: 'help' },
  { keys: 'ctrl+0', does: 'Fit the picture; once more: 100 %', group: 'Picture', action: 'fit' },
  { keys: 'ctrl+plus,ctrl+=', does: 'Zoom in', group: 'Picture', action: 'zoom_in' },
  { keys: 'ctrl+minus', does: 'Zoom out', group: 'Picture', action: 'zoom_out' },
])

const ACTIONS = new Map(BUILT_IN.flatMap((entry) => keyNames(entry.keys).map((name) => [name, entry.action])))

/** @param {string[]} names of eventNames @returns {{name: string, action: string} | null} */
export function builtIn(names) {
  for (const name of names) {
    const action = ACTIONS.get(name)
    if (action) return { name, action }
  }
  return null
}

/** The plan's own key for a press: where several controls have the same one, that of the control which has the keyboard.
 * @param {import('./types.js').Hotkey[]} hotkeys @param {string[]} names @param {'main' | 'input'} scope @param {string} control its name; empty: none */
export function planned(hotkeys, names, scope, control = '') {
  for (const name of names) {
    const fits = hotkeys.filter((hotkey) => hotkey.scope === scope && keyNames(hotkey.key).includes(name))
    const found = fits.find((hotkey) => hotkey.intent.control === control) ?? fits[0]
    if (found) return found
  }
  return null
}

/** @type {Record<string, [number, number]>} */
const STEPS = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] }

/**
 * The intent of a built-in key, or null where it is not one (help, zoom …) or has nothing to act on.
 * @param {string} action @param {string} name the key's canonical name
 * @param {import('./types.js').View} view @param {() => string} newId
 * @returns {import('./types.js').Intent | null}
 */
export function builtInIntent(action, name, view, newId) {
  const { selection, regions } = view
  const some = selection.length > 0
  switch (action) {
    case 'undo':
    case 'redo':
      return { type: action }
    case 'delete':
      return some ? { type: 'delete' } : null
    case 'delete_all':
      return Object.keys(regions).length ? { type: 'delete_all' } : null
    case 'unselect':
      return { type: 'select', regions: [], add: false, by: 'key' }
    case 'duplicate':
      return some ? { type: 'duplicate', ids: selection.map(() => newId()) } : null
    case 'next':
    case 'previous':
      return Object.keys(regions).length ? { type: 'select_next', step: action === 'next' ? 1 : -1 } : null
    case 'hide':
      return some ? { type: 'mark', regions: selection, hidden: !selection.every((id) => regions[id]?.hidden) } : null
    case 'lock':
      return some ? { type: 'mark', regions: selection, locked: !selection.every((id) => regions[id]?.locked) } : null
    case 'nudge': {
      if (!some || selection.some((id) => regions[id]?.kind === 'span')) return null
      const parts = name.split('+')
      const [x, y] = STEPS[parts[parts.length - 1]]
      const size = parts.includes('shift') ? 10 : 1
      const intent = { type: 'nudge', dx: x * size, dy: y * size }
      return parts.includes('alt') ? { ...intent, grow: true } : intent
    }
    default:
      return null
  }
}

/** Whether keys belong to the element that has the focus. @param {EventTarget | null} target */
export function isTyping(target) {
  const element = /** @type {HTMLElement | null} */ (target)
  if (!element?.matches) return false
  return element.isContentEditable || element.matches('textarea, select, input:not([type=radio], [type=checkbox], [type=button], [type=range])')
}
