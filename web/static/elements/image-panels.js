/** The two panels of the picture's tools: light, and what else can be seen or not. Fetched when one is opened. */
import { html, nothing } from 'lit'
import css from '../styles/image-looking.css' with { type: 'text' }
import { t } from '../app/texts.js'
import { keepAt } from './dropdown.js'
import { NORMAL, isPlain } from './image-looks.js'
import { adopt } from './sheet.js'

adopt(css)

const WIDTH = 264 // pixels

/** @typedef {(tool: string, value?: unknown) => void} Tell */

/** Whether the light is not as the file has it. @param {any} viewport */
export const isLit = (viewport) => 'brightness' in viewport && !isPlain(viewport)

/** Opens a panel at its button; the keyboard goes in, and back when it closes. @param {HTMLElement} panel @param {HTMLElement} button @param {() => void} closed */
export function show(panel, button, closed) {
  panel.style.width = `${WIDTH}px`
  panel.showPopover()
  const end = keepAt(panel, button, { width: WIDTH, height: panel.scrollHeight + 2 })
  panel.addEventListener('toggle', (event) => {
    if (/** @type {ToggleEvent} */ (event).newState !== 'closed') return
    end()
    if (panel.contains(document.activeElement) || document.activeElement === document.body) button.focus()
    closed()
  })
  panel.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      event.preventDefault()
      event.stopPropagation()
      panel.hidePopover()
    }
  })
  const first = /** @type {HTMLElement | null} */ (panel.querySelector('input, button'))
  first?.focus()
}

/** @typedef {{names: boolean, selected: boolean}} State */

/** @param {any} viewport @param {State} _state @param {Tell} tell */
export function light(viewport, _state, tell) {
  const look = { ...NORMAL, ...viewport }
  const { deep } = viewport
  return html`
    ${deep ? levels(deep, tell) : nothing}
    ${slider(t('Brightness'), look.brightness, { min: 20, max: 300, step: 5 }, `${look.brightness} %`, (value) => tell('brightness', value))}
    ${slider(t('Contrast'), look.contrast, { min: 20, max: 300, step: 5 }, `${look.contrast} %`, (value) => tell('contrast', value))}
    ${slider(t('Gamma'), Math.round(Math.log2(look.gamma) * 20) / 20, { min: -2, max: 2, step: 0.05 }, look.gamma.toFixed(2), (value) => tell('gamma', 2 ** value))}
    <label class="check"><input type="checkbox" .checked=${look.invert} @change=${(/** @type {Event} */ event) => tell('invert', /** @type {HTMLInputElement} */ (event.target).checked)} />${t('Inverted')}<kbd class="kbd">Shift+I</kbd></label>
    <div class="row row-between"><button class="button button-small" type="button" ?disabled=${isPlain(look)} @click=${() => tell('normal')}>${t('Back to normal')}</button><kbd class="kbd">Shift+N</kbd></div>
    <p class="muted tools-quiet">${t('Only how you see it: nothing of this changes an answer.')}</p>`
}

/** Which values are black and white. @param {{bits: number, range: [number, number], window: [number, number], unit: string}} deep @param {Tell} tell */
function levels({ bits, range: [least, most], window: [low, high], unit }, tell) {
  const whole = Number.isInteger(least) && Number.isInteger(most)
  const step = whole ? 1 : (most - least) / 1000
  const told = (/** @type {number} */ value) => (whole ? Math.round(value).toString() : value.toPrecision(4)) + (unit ? ` ${unit}` : '')
  return html`
    <p class="row row-between"><strong>${t('{n}-bit values', { n: bits })}</strong><button class="button button-small" type="button" @click=${() => tell('auto')}>${t('Automatic')}</button></p>
    ${slider(t('Black is'), low, { min: Math.min(least, low), max: Math.max(most, low), step }, told(low), (value) => tell('window', [value, Math.max(high, value + step)]))}
    ${slider(t('White is'), high, { min: Math.min(least, high), max: Math.max(most, high), step }, told(high), (value) => tell('window', [Math.min(low, value - step), value]))}`
}

/** @param {string} name @param {number} value @param {{min: number, max: number, step: number}} range @param {string} told @param {(value: number) => void} put */
function slider(name, value, { min, max, step }, told, put) {
  return html`<label class="field"><span class="row row-between">${name}<span class="number muted">${told}</span></span>
    <input type="range" min=${min} max=${max} step=${step} .value=${String(value)} aria-valuetext=${told} @input=${(/** @type {Event} */ event) => put(/** @type {HTMLInputElement} */ (event.target).valueAsNumber)} /></label>`
}

/** @param {any} viewport @param {State} state @param {Tell} tell */
export function view(viewport, { names, selected }, tell) {
  const act = (/** @type {string} */ tool, /** @type {string} */ name, /** @type {string} */ key, able = true) => html`<button class="menu-item" type="button" ?disabled=${!able} @click=${() => tell(tool)}><span class="grow">${name}</span>${key ? html`<kbd class="kbd">${key}</kbd>` : nothing}</button>`
  const toggle = (/** @type {string} */ tool, /** @type {string} */ name, /** @type {string} */ key, /** @type {boolean} */ on) => html`<label class="menu-item"><input type="checkbox" .checked=${on} @change=${() => tell(tool)} /><span class="grow">${name}</span>${key ? html`<kbd class="kbd">${key}</kbd>` : nothing}</label>`
  return html`
    ${act('rotate', t('Turn by 90°'), 'Shift+T')}
    ${act('flip', t('Mirror'), 'Shift+X')}
    ${act('region', t('Zoom to the selected region'), 'Z', selected)}
    ${toggle('names', t('Names on the regions'), '', names)}
    ${toggle('grid', t('Grid'), 'Shift+G', !!viewport.grid)}
    ${toggle('crosshair', t('Crosshair'), 'Shift+C', !!viewport.crosshair)}
    ${toggle('smoothing', t('Smooth pixels'), 'Shift+S', !!viewport.smoothing)}
    ${toggle('readout', t('Pixel values'), 'Shift+P', !!viewport.readout)}
    ${toggle('minimap', t('Map'), 'Shift+M', viewport.minimap !== false)}`
}
