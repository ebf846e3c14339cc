/** The menu over the list of regions: how it is grouped and sorted, and which regions it shows. */
import { html } from 'lit'
import { live } from 'lit/directives/live.js'
import { t, text } from '../app/texts.js'
import { ALL, isFiltered } from './region-rows.js'

/** @typedef {import('./region-rows.js').Listing} Listing */

/** @type {[string, string][]} */
const GROUPS = [['parent', text('As grouped by hand')], ['label', text('By label')], ['object', text('By object')], ['none', text('Not at all')]]
/** @type {[string, string][]} */
const SORTS = [['order', text('Order of the result')], ['place', text('Place in the data')], ['label', text('Label')], ['score', text('Score, best first')]]
/** @type {[string, string][]} */
const ORIGINS = [['', text('All')], ['suggestion', text('Suggestions to decide on')], ['prediction', text('From a prediction')], ['changed', text('Predictions that were changed')], ['manual', text('Made by hand')]]

/** @param {string} title @param {string} value @param {[string, string][]} options @param {(value: string) => void} change */
const choice = (title, value, options, change) => html`<label class="field"><span class="field-label" aria-hidden="true">${t(title)}</span>
  <select class="select" aria-label=${t(title)} @change=${(/** @type {Event} */ event) => change(/** @type {HTMLSelectElement} */ (event.target).value)}>${options.map(([name, words]) => html`<option value=${name} ?selected=${name === value}>${t(words)}</option>`)}</select></label>`

/** @param {string} title @param {number | null} value @param {(value: number | null) => void} change */
const score = (title, value, change) => html`<input class="input number" type="number" min="0" max="1" step="0.05" placeholder=${t(title)} aria-label=${t(title)} .value=${live(value === null ? '' : String(value))}
  @change=${(/** @type {Event} */ event) => { const given = /** @type {HTMLInputElement} */ (event.target).valueAsNumber; change(Number.isNaN(given) ? null : given) }} />`

/** @param {Listing} listing @param {{objects: boolean}} has @param {(changes: Partial<Listing>) => void} change
 * @param {(event: any) => void} toggled it opens or closes */
export function listingMenu(listing, has, change, toggled) {
  const groups = has.objects ? GROUPS : GROUPS.filter(([name]) => name !== 'object' || listing.group === 'object')
  return html`<div class="menu regions-menu" id="regions-menu" popover @beforetoggle=${toggled} aria-label=${t('What the list shows')}>
    ${choice(text('Group'), listing.group, groups, (group) => change({ group: /** @type {Listing['group']} */ (group) }))}
    ${choice(text('Sort'), listing.sort, SORTS, (sort) => change({ sort: /** @type {Listing['sort']} */ (sort) }))}
    ${choice(text('Where from'), listing.origin, ORIGINS, (origin) => change({ origin: /** @type {Listing['origin']} */ (origin) }))}
    <fieldset class="field"><legend class="field-label">${t('Score')}</legend><div class="regions-scores">
      ${score(text('from'), listing.least, (least) => change({ least }))}${score(text('to'), listing.most, (most) => change({ most }))}</div></fieldset>
    <button class="button button-small" type="button" ?disabled=${!isFiltered(listing)} @click=${() => change({ ...ALL, group: listing.group, sort: listing.sort })}>${t('List all again')}</button>
  </div>`
}
