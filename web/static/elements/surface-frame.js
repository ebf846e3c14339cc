/** The frame of one object: its bar (labels, tools, what cannot be done yet), then the data. */
import { html, nothing } from 'lit'
import { t } from '../app/texts.js'
import { emit } from './emit.js'
import { keyRange } from './keys.js'
import { UNFETCHED, notYetDrawn } from './kite-placeholder.js'
import { kindOf, objectView } from './object-views.js'
import { styled } from './styled.js'
import { bars, labelled, marks } from './surface-layout.js'
import { setTool } from './surface-tools.js'

/** @typedef {import('./kite-surface.js').KiteSurface} KiteSurface */

const MAC = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '')

/** @param {KiteSurface} surface @param {import('./types.js').PlanNode} node @param {Set<string>} taken labels controls that stand in bars @param {boolean} hidden */
export function frame(surface, node, taken, hidden) {
  const plan = /** @type {import('./types.js').Plan} */ (surface.drawn)
  const object = plan.objects.find((one) => one.name === node.name)
  if (!object) return nothing
  const known = objectView(object.type)
  const all = plan.controls.filter((control) => control.to[0] === object.name && marks(control))
  const labels = bars(plan, object.name).filter((control) => taken.has(control.name))
  const first = surface.leading === object.name
  const context = {
    object, source: surface.display?.objects[object.name], display: surface.display, plan, view: surface.painted, layers: surface.layers, controls: all, own: surface.control(object.name),
    answer: (/** @type {import('./types.js').Control} */ control, region = '') => surface.answer(control, region), options: (/** @type {import('./types.js').Control} */ control) => surface.options(control),
    texts: surface.display?.texts ?? {}, names: surface.names, hovered: surface.hovered, readonly: surface.readonly, unlabelled: unlabelled(surface, all), nameOf: surface.nameOf,
    content: (/** @type {string} */ text) => surface.content(object.name, text),
    hotkeys: surface.hotkeys, inHand: surface.tools[object.name], setTool: (/** @type {Record<string, any>} */ change) => setTool(surface, object.name, { ...surface.shown.tools[object.name], ...surface.tools[object.name], ...change }),
    links: surface.links, setLinks: (/** @type {boolean} */ on) => { surface.links = on },
    viewport: surface.viewports[object.name], setViewport: (/** @type {any} */ viewport) => { surface.viewports = { ...surface.viewports, [object.name]: viewport } },
  }
  const tools = known?.tools?.(context)
  const missing = known && !surface.readonly ? undrawn(all, object, known.draws) : []
  return html`<section class="frame frame-${object.type} frame-${known?.room ?? 'stands'}" data-name=${object.name} ?hidden=${hidden} aria-label=${known ? t(known.name) : object.tag ?? object.type} style=${styled(known?.style?.(object) ?? {})}>
    ${labels.length || tools || missing.length || (first && (!surface.readonly || all.length))
      ? html`<div class="bar">
          <div class="bar-labels">${labels.map((control) => html`<div data-name=${control.name}>${surface.answer(control, '')}</div>`)}</div>
          <div class="bar-tools">${tools ?? nothing}${first ? wholeTask(surface) : nothing}</div>
          ${missing.length ? html`<p class="bar-note">${notYetDrawn(missing)}</p>` : nothing}
        </div>`
      : nothing}
    ${surface.broken.has(object.type)
      ? html`<kite-placeholder .tag=${object.tag ?? object.type} .name=${object.name} .text=${UNFETCHED}></kite-placeholder>`
      : known
        ? known.draw(context)
        : html`<kite-placeholder .tag=${object.tag ?? object.type} .name=${object.name} .text=${t('This data cannot be shown here yet. What is stored for it is kept, and its regions are listed.')}></kite-placeholder>`}
  </section>`
}

/** What cannot be drawn on an object yet. @param {import('./types.js').Control[]} controls @param {import('./types.js').PlanObject} object @param {readonly string[]} draws */
function undrawn(controls, object, draws) {
  return controls.flatMap((control) => {
    const kind = kindOf(control, object)
    return !kind || draws.includes(kind) || kind === 'message' ? [] : [{ kind, tag: control.tag }]
  })
}

/** What to say to somebody who marks without a label. @param {KiteSurface} surface @param {import('./types.js').Control[]} controls of the object */
function unlabelled(surface, controls) {
  const options = controls.filter(labelled).flatMap((control) => surface.options(control))
  const keys = keyRange(options.flatMap(({ hotkey }) => (hotkey ? [hotkey] : [])), MAC)
  return options.length && !surface.readonly ? keys : null
}

/** Undo, redo, help, and what else is about the whole task. @param {KiteSurface} surface */
export function wholeTask(surface) {
  const view = surface.shown
  const regions = surface.drawn?.controls.some(marks)
  const focus = surface.focused ? t('Show everything again (. or Esc)') : t('Focus: data and labels only (.)')
  return html`<span class="tools">
    ${surface.readonly
      ? nothing
      : html`<button class="button button-quiet button-icon" type="button" title=${t('Undo (Ctrl+Z)')} aria-label=${t('Undo')} ?disabled=${!view.undo} @click=${() => emit(surface, { type: 'undo' })}><kite-icon name="undo"></kite-icon></button>
          <button class="button button-quiet button-icon" type="button" title=${t('Redo (Ctrl+Shift+Z)')} aria-label=${t('Redo')} ?disabled=${!view.redo} @click=${() => emit(surface, { type: 'redo' })}><kite-icon name="redo"></kite-icon></button>`}
    ${regions && !surface.readonly
      ? html`<button class="button button-quiet button-icon tools-focus" type="button" title=${focus} aria-label=${focus} aria-pressed=${surface.focused} @click=${() => surface.focusMode(!surface.focused)}><kite-icon name="focus"></kite-icon></button>`
      : nothing}
    <button class="button button-quiet button-icon tools-help" type="button" title=${t('Keys (?)')} aria-label=${t('Keys')} @click=${() => surface.help()}><kite-icon name="help"></kite-icon></button>
    ${!surface.panel && !surface.focused && view.region_controls.length
      ? html`<button class="button button-small tools-asked" type="button" title=${t('Questions about the selected region')} @click=${() => { surface.panel = true }}>${t('Questions')} <span class="number">${view.region_controls.length}</span></button>`
      : nothing}
    ${regions
      ? html`<button class="button button-quiet button-icon" type="button" title=${t('List of regions')} aria-label=${t('List of regions')} aria-pressed=${!!surface.panel} @click=${() => { surface.panel = !surface.panel }}><kite-icon name="panel"></kite-icon></button>`
      : nothing}
  </span>`
}
