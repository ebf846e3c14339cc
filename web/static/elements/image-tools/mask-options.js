import { html } from 'lit'
import { t } from '../../app/texts.js'
import { emit } from '../emit.js'
import { beginMask } from '../mask-commands.js'
import { maskOpacity } from '../mask-paint.js'
import { changeSettings } from '../own-settings.js'
import { LIMITS, beginAt, set, settings } from './mask-settings.js'

/**
 * The row of a mask tool in the bar: how large, how soft, what else.
 *
 * @typedef {import('../object-views.js').ObjectContext & {setTool?: (change: object) => void}} ObjectContext
 */

/** @param {Event} event */
const valueOf = (event) => /** @type {HTMLInputElement} */ (event.target).valueAsNumber

/** Sliders of sizes go by the square root: small sizes have most of the way. @param {string} name */
const along = (name) => (name === 'size' || name === 'pixels' ? { to: Math.sqrt, from: (/** @type {number} */ value) => Math.round(value * value) } : { to: Number, from: name === 'softness' ? Number : Math.round })

/** @param {ObjectContext} context @param {'size' | 'pixels' | 'softness' | 'tolerance' | 'smooth'} name @param {string} text @param {string} shown @param {string} [keys] @param {number} [most] of the slider */
export function slider(context, name, text, shown, keys = '', most = LIMITS[name][1]) {
  const { to, from } = along(name)
  const [least] = LIMITS[name]
  const step = (to(most) - to(least)) / 200
  return html`<label class="tool-slider" title=${keys ? `${text} (${keys})` : text}>${text}
    <input type="range" min=${to(least)} max=${to(most)} step=${step} .value=${String(to(settings[name]))} aria-valuetext=${shown} @input=${(/** @type {Event} */ event) => change(context, { [name]: from(valueOf(event)) })} />
    <output class="number muted">${shown}</output></label>`
}

const FAINTEST = 10 // percent

/** How strong masks are painted, here and in all tasks of this person. @param {ObjectContext} context */
function opacity(context) {
  const shown = Math.round(maskOpacity(context.controls.find((control) => control.shape === 'brush' || control.shape === 'bitmask')?.opacity) * 100)
  return html`<label class="tool-slider" title=${t('How strong masks cover the picture')}>${t('Opacity')}
    <input type="range" min=${FAINTEST} max="100" step="5" .value=${String(shown)} aria-valuetext=${t('{n} %', { n: shown })} @input=${(/** @type {Event} */ event) => {
      changeSettings({ mask_opacity: valueOf(event) })
      context.setTool?.({})
    }} />
    <output class="number muted">${t('{n} %', { n: shown })}</output></label>`
}

/** @param {ObjectContext} context @param {'fill' | 'cut' | 'contiguous'} name @param {string} text @param {string} hint */
export function check(context, name, text, hint) {
  return html`<label class="tool-check" title=${hint}><input type="checkbox" .checked=${settings[name]} @change=${(/** @type {Event} */ event) => change(context, { [name]: /** @type {HTMLInputElement} */ (event.target).checked })} />${text}</label>`
}

/** @param {ObjectContext} context @param {[string, string][]} choices value and text @param {'pixelTip'} name @param {string} legend */
export function choice(context, choices, name, legend) {
  return html`<label class="tool-choice">${legend}
    <select @change=${(/** @type {Event} */ event) => change(context, { [name]: /** @type {HTMLSelectElement} */ (event.target).value })}>
      ${choices.map(([value, text]) => html`<option value=${value} ?selected=${settings[name] === value}>${text}</option>`)}
    </select></label>`
}

/** The selected mask, if it may be changed. @param {ObjectContext} context */
function chosen({ view }) {
  const region = view.selection.length === 1 ? view.regions[view.selection[0]] : undefined
  return region && (region.kind === 'brush' || region.kind === 'bitmask') && !region.locked && !region.readonly ? region : undefined
}

/** The way on to the next mask; first of its row, which a narrow window cuts off at its end. @param {ObjectContext} context */
const fresh = (context) => html`<button class="button button-quiet button-small" type="button" ?disabled=${!chosen(context)} title=${`${t('Begin a new mask with the same label')} (N)`}
    @click=${(/** @type {Event} */ event) => beginMask(/** @type {any} */ (/** @type {Element} */ (event.currentTarget).closest('kite-surface')), context.object.name)}>${t('New mask')}</button>`

/** The selected mask's holes. @param {ObjectContext} context */
export function holes(context) {
  const { object } = context
  const region = chosen(context)
  return html`<button class="button button-quiet button-small" type="button" ?disabled=${!region} title=${t('Fill the holes of the selected mask')}
    @click=${(/** @type {Event} */ event) => emit(/** @type {HTMLElement} */ (event.currentTarget), { type: 'paint', region: region?.id, object: object.name, fill: true })}>${t('Fill holes')}</button>`
}

/** @param {ObjectContext} context @param {Parameters<typeof set>[0]} what */
function change(context, what) {
  set(what)
  context.setTool?.({})
}

/** @param {ObjectContext} context */
export const brushOptions = (context) => html`${fresh(context)}${slider(context, 'size', t('Size'), t('{n} px', { n: settings.size }), '[ ]', 400)}${slider(context, 'softness', t('Softness'), t('{n} %', { n: Math.round(settings.softness * 100) }))}
  ${opacity(context)}${check(context, 'fill', t('Fill outlines'), t('A line that comes back to its beginning is filled'))}${check(context, 'cut', t('Cut others'), t('New paint is taken off the other masks'))}${holes(context)}`

/** @param {ObjectContext} context */
const pen = (context) => html`${slider(context, 'pixels', t('Size'), t('{n} px', { n: settings.pixels }), '[ ]', 64)}${choice(context, [['square', t('Square')], ['round', t('Round')]], 'pixelTip', t('Tip'))}`

/** @param {ObjectContext} context */
export function eraserOptions(context) {
  const { view, controls } = context
  const region = view.selection.length === 1 ? view.regions[view.selection[0]] : undefined
  const exact = region?.kind === 'bitmask' || !controls.some((control) => control.shape === 'brush')
  return html`${fresh(context)}${exact ? pen(context) : slider(context, 'size', t('Size'), t('{n} px', { n: settings.size }), '[ ]', 400)}${opacity(context)}`
}

/** @param {ObjectContext} context */
export const pixelOptions = (context) => html`${fresh(context)}${pen(context)}
  ${opacity(context)}${check(context, 'fill', t('Fill outlines'), t('A line that comes back to its beginning is filled'))}${check(context, 'cut', t('Cut others'), t('New paint is taken off the other masks'))}${holes(context)}`

/** @param {ObjectContext} context */
export function wandOptions(context) {
  beginAt(context.controls.find((control) => control.type === 'magicwand'))
  return html`${fresh(context)}${slider(context, 'tolerance', t('Tolerance'), String(settings.tolerance), '[ ]')}${slider(context, 'smooth', t('Smooth'), t('{n} px', { n: settings.smooth }))}
  ${opacity(context)}${check(context, 'contiguous', t('Joined only'), t('Off: everything of this colour in the picture'))}${check(context, 'cut', t('Cut others'), t('New paint is taken off the other masks'))}${holes(context)}`
}
