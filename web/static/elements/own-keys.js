/**
 * A person's own keys: what they made of the keys of commands, labels and choices. The page that knows the person fills it
 * (`pages/label-prefs.js`); the table of commands and the surface read it.
 *
 * @typedef {{commands: Record<string, string>, labels: Record<string, string>}} OwnKeys keys as configs write them, '': none; `commands` by id,
 *   `labels` by `labelKey`
 */

/** @type {OwnKeys} */
let own = { commands: {}, labels: {} }

/** Tells (`change`) when somebody's keys are others. */
export const ownKeysChanged = new EventTarget()

/** @returns {Readonly<OwnKeys>} */
export const ownKeys = () => own

/** @param {OwnKeys} next */
export function useOwnKeys(next) {
  own = next
  ownKeysChanged.dispatchEvent(new Event('change'))
}

/** @param {{id: string, keys: string}} command @returns {string} its keys for this person */
export const keysOf = (command) => own.commands[command.id] ?? command.keys

/** What a label or choice is called among own keys: the same control and value in another project has the same key.
 * @param {import('./types.js').Intent} intent of the hotkey */
export function labelKey({ type, control = '', label, choice, path, value }) {
  const said = label ?? choice ?? path ?? value ?? ''
  return [type, control, Array.isArray(said) ? said.join(' / ') : String(said)].join('\n')
}

/** The keys of a plan as this person has them. @param {import('./types.js').Hotkey[]} hotkeys @returns {import('./types.js').Hotkey[]} */
export function withOwnKeys(hotkeys) {
  if (!Object.keys(own.labels).length) return hotkeys
  return hotkeys.flatMap((hotkey) => {
    const key = own.labels[labelKey(hotkey.intent)]
    return key === undefined ? [hotkey] : key ? [{ ...hotkey, key }] : []
  })
}

/** What of some JSON are keys. @param {any} given @returns {OwnKeys} */
export function checked(given) {
  const some = (/** @type {any} */ member) => Object.fromEntries(Object.entries(member && typeof member === 'object' && !Array.isArray(member) ? member : {}).filter(([, keys]) => typeof keys === 'string' && keys.length < 100))
  return { commands: /** @type {Record<string, string>} */ (some(given?.commands)), labels: /** @type {Record<string, string>} */ (some(given?.labels)) }
}
