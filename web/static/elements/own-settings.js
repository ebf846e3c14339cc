/**
 * What a person has set for themselves about surfaces. The page that knows the person fills and keeps it (`pages/label-prefs.js`);
 * elsewhere the defaults hold, and what is changed holds until the page is left.
 *
 * @typedef {object} OwnSettings
 * @property {boolean} keep_labels the label stays picked after a region was made
 * @property {boolean} select_new a region is selected as soon as it is made
 * @property {boolean} names labels are shown on regions
 * @property {boolean} only_selected regions other than the selected ones are not painted
 * @property {boolean} tooltips words at the pointer say what a button does
 * @property {boolean} key_hints keys are printed on labels and buttons
 * @property {import('./region-rows.js').Grouping} list_group how the list of regions is grouped
 * @property {import('./region-rows.js').Sorting} list_sort how it is sorted
 * @property {number} text_size pixels of letters in texts @property {boolean} text_wrap long lines are wrapped @property {boolean} text_wide texts are as wide as the window
 * @property {boolean} text_numbers lines of texts have numbers
 * @property {number} mask_opacity percent; 0: as the config has it
 * @property {'docked' | 'closed'} instructions where the instructions are
 * @property {number} instructions_width pixels of the docked instructions
 */

/** @type {Readonly<OwnSettings>} */
export const DEFAULTS = Object.freeze({
  keep_labels: true, select_new: false, names: true, only_selected: false, tooltips: true, key_hints: true, list_group: 'parent', list_sort: 'order', instructions: 'closed', instructions_width: 320,
  text_size: 16, text_wrap: true, text_wide: false, text_numbers: false, mask_opacity: 0,
})

/** @type {Readonly<OwnSettings>} */
let own = DEFAULTS

/** Tells (`change`, detail: what was changed) when a setting is another. */
export const settingsChanged = new EventTarget()

export const ownSettings = () => own

/** @param {Partial<OwnSettings>} wanted */
export function changeSettings(wanted) {
  const changes = Object.fromEntries(Object.entries(wanted).filter(([name, value]) => own[/** @type {keyof OwnSettings} */ (name)] !== value))
  if (!Object.keys(changes).length) return
  own = Object.freeze({ ...own, ...changes })
  settingsChanged.dispatchEvent(new CustomEvent('change', { detail: changes }))
}

/** Settings as they were kept; what is not known here or of another kind is as it comes. @param {Record<string, any>} kept */
export function useSettings(kept) {
  changeSettings(/** @type {Partial<OwnSettings>} */ (Object.fromEntries(Object.entries(DEFAULTS).map(([name, value]) => [name, typeof kept[name] === typeof value ? kept[name] : value]))))
}
