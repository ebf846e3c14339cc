/** Keys of labels and choices: the config's, and a person's own, also for those to which the config gives none. Pure. */
import { labelKey, ownKeys, withOwnKeys } from './own-keys.js'
import { marks } from './surface-layout.js'

/** @typedef {import('./types.js').Hotkey} Hotkey */
/** @typedef {import('./types.js').Control} Control */
/** @typedef {import('./types.js').Option} Option */

const MOST = 1_000 // options of one control; nobody has keys for more

/** What pressing an option sends, as the plan's own hotkeys do. @param {Control} control @param {string[]} path stored names, from the top @returns {import('./types.js').Intent} */
export function optionIntent(control, path) {
  const last = path[path.length - 1]
  return marks(control) ? { type: 'pick_label', control: control.name, label: last } : { type: 'choose', control: control.name, choice: control.allow_nested ? path : last }
}

/** @param {Control} control @param {Option[]} options @param {string[]} above @returns {{option: Option, intent: import('./types.js').Intent}[]} */
export function holders(control, options, above = []) {
  return options.slice(0, MOST).flatMap((option) => {
    const path = [...above, option.stored]
    return [{ option, intent: optionIntent(control, path) }, ...holders(control, option.children ?? [], path)]
  })
}

/** Whether options of a control may have keys. @param {Control} control */
const keyed = (control) => control.type === 'choices' || (marks(control) && !!control.options?.length)

/**
 * Everything of a task that has a key or could have one; `key` '' where there is none. As the config says, without a person's own.
 * @param {import('./types.js').Plan} plan @param {(control: Control) => Option[]} optionsOf @returns {Hotkey[]}
 */
export function allHotkeys(plan, optionsOf) {
  const has = new Set(plan.hotkeys.map(({ intent }) => labelKey(intent)))
  const none = plan.controls.filter(keyed).flatMap((control) => holders(control, optionsOf(control)).flatMap(({ option, intent }) =>
    has.has(labelKey(intent)) ? [] : [{ key: '', scope: 'main', does: option.text, intent }]))
  return [...plan.hotkeys, ...none]
}

/** What keys do in a task for this person. @param {import('./types.js').Plan} plan @param {(control: Control) => Option[]} optionsOf @returns {Hotkey[]} */
export function hotkeysOf(plan, optionsOf) {
  if (!Object.keys(ownKeys().labels).length) return plan.hotkeys
  return withOwnKeys(allHotkeys(plan, optionsOf)).filter(({ key }) => key)
}

/** Options with the keys that they have for this person. @param {Control} control @param {Option[]} options @param {string[]} above @returns {Option[]} the same where nothing is another */
export function withOptionKeys(control, options, above = []) {
  const own = ownKeys().labels
  if (!Object.keys(own).length || !keyed(control)) return options
  return options.map((option) => {
    const path = [...above, option.stored]
    const key = own[labelKey(optionIntent(control, path))]
    const children = option.children && withOptionKeys(control, option.children, path)
    return key === undefined && children === option.children ? option : { ...option, hotkey: key ?? option.hotkey, children }
  })
}
