/** Names of keys as configs write them ("ctrl+shift+z", "shift+space", "plus"). Pure. */

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

/** Whether keys belong to the element that has the focus. @param {EventTarget | null} target */
export function isTyping(target) {
  const element = /** @type {HTMLElement | null} */ (target)
  if (!element?.matches) return false
  return element.isContentEditable || element.matches('textarea, select, input:not([type=radio], [type=checkbox], [type=button], [type=range])')
}
