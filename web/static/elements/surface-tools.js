import { t } from '../app/texts.js'
import { emit } from './emit.js'
import { inHand, makes, toolRow } from './image-tools/registry.js'
import { isTyping } from './keys.js'
import { kindOf } from './region-kinds.js'
import { labelled } from './surface-layout.js'

/** Which tool of an image is in hand: the page's own state, `surface.tools`, beside what the engine says may be drawn. */

/** @typedef {import('./kite-surface.js').KiteSurface} KiteSurface */
/** @typedef {import('./types.js').Tool} Tool */

/** Tools that make no region: a label that is picked then means the one that was in hand before. */
const MAKELESS = new Set(['select', 'eraser'])

/** How many regions are selected as soon as the surface shows what was asked for last, by what it shows now: keys may follow each other faster than frames.
 * @type {WeakMap<object, number>} */
const soon = new WeakMap()

/** Chooses a tool. Where its label is still to be picked, the only one it can be is picked with it. @param {KiteSurface} surface @param {string} name of the object @param {string} kind @returns {boolean} */
export function takeTool(surface, name, kind) {
  const object = surface.drawn?.objects.find((one) => one.name === name)
  if (!object || surface.readonly) return false
  const held = surface.tools[name]
  const before = held && MAKELESS.has(held.tool) ? held.before : held
  if (kind === 'select') {
    setTool(surface, name, { tool: 'select', before })
    return true
  }
  const row = toolRow(kind)
  const offered = surface.shown.tools[name]
  const controls = surface.drawn?.controls.filter((control) => control.to.includes(name) && makes(kind, kindOf(control, object))) ?? []
  if (!row || !controls.length) return false
  setTool(surface, name, { tool: kind, control: controls[0].name, ...(MAKELESS.has(kind) ? { before } : {}) })
  const ready = inHand(offered, surface.tools[name]).tool === kind
  const choices = controls.filter(labelled).flatMap((control) => surface.options(control).map((option) => ({ control: control.name, label: option.stored })))
  const active = Object.values(surface.shown.active).flat()
  const label = choices.find((choice) => active.includes(choice.label)) ?? (choices.length === 1 ? choices[0] : undefined)
  if (!ready && label && !(soon.get(surface.shown) ?? surface.shown.selection.length)) emit(surface, { type: 'pick_label', ...label, by: 'key' })
  else if (!ready && choices.length && !row.free) /** @type {any} */ (surface.querySelector(`[data-name="${CSS.escape(name)}"] > kite-image`))?.tip(t('Pick a label first'))
  return true
}

/** @param {KiteSurface} surface @param {string} name @param {Tool | undefined} tool */
export function setTool(surface, name, tool) {
  const { [name]: _before, ...rest } = surface.tools
  surface.tools = tool ? { ...rest, [name]: tool } : rest
}

/** A label was picked: what it draws is taken in hand. @param {KiteSurface} surface @param {import('./types.js').Intent} intent */
export function labelPicked(surface, { control: name }) {
  const control = surface.control(name)
  if (!control || surface.shown.selection.length) return
  for (const to of control.to) {
    const chosen = surface.tools[to]
    const object = surface.drawn?.objects.find((one) => one.name === to)
    if (!chosen || object?.type !== 'image') continue
    const kind = kindOf(control, object)
    /** @param {Tool | undefined} tool */
    const fits = (tool) => !!tool && (!kind || makes(tool.tool, kind))
    if (MAKELESS.has(chosen.tool)) setTool(surface, to, fits(chosen.before) ? chosen.before : undefined)
    else if (!fits(chosen)) setTool(surface, to, undefined)
  }
}

/** Whether a click on a label takes it up, whatever the engine says of it by then: it is not lit where it was clicked (the task before may
 * hand it on in this moment), or it is, and on a picture a tool that makes nothing was taken in hand. @param {KiteSurface} surface @param {import('./types.js').Intent} intent */
export function takesUp(surface, { control: name, label }) {
  const { tools, shown, drawn } = surface
  if (!shown.active[name]?.includes(label)) return true
  const images = drawn?.objects.filter((object) => object.type === 'image' && surface.control(name)?.to.includes(object.name)) ?? []
  return !shown.selection.length && images.some((object) => MAKELESS.has(tools[object.name]?.tool))
}

/** Whoever picks a label by its key goes on at the picture: the next arrow moves the cursor there, not the answer pressed before.
 * @param {KiteSurface} surface @param {import('./types.js').Intent} intent */
function toPicture(surface, { control: name }) {
  const frames = (surface.control(name)?.to ?? []).map((to) => `[data-name="${CSS.escape(to)}"] > kite-image .image-glass`)
  const glass = frames.length ? [.../** @type {NodeListOf<HTMLElement>} */ (surface.querySelectorAll(frames.join()))].find((one) => one.checkVisibility()) : undefined
  const { activeElement: at } = document
  if (!glass || glass === at || isTyping(at) || at?.closest('.panel')) return // who goes through the list of regions stays there
  glass.focus({ preventScroll: true })
  glass.classList.add('is-pointed') // no ring before the keyboard is used there
}

/** @param {KiteSurface} surface @param {AbortSignal} signal ends listening */
export function listenForTools(surface, signal) {
  surface.addEventListener('kite-take-tool', (event) => {
    const { object, tool } = /** @type {CustomEvent} */ (event).detail
    takeTool(surface, object, tool)
  }, { signal })
  surface.addEventListener('kite-tool-settings', () => surface.requestUpdate(), { signal })
  surface.addEventListener('kite-intent', (event) => { // before the page hears of it
    const { detail, target } = /** @type {CustomEvent} */ (event)
    if (detail.type === 'select' && !detail.add) soon.set(surface.shown, detail.regions.length)
    const clicked = detail.type === 'pick_label' && !detail.by && /** @type {Element} */ (target).localName === 'kite-labels'
    if (clicked && takesUp(surface, detail)) detail.by = 'key' // which never puts it down
  }, { signal, capture: true })
  surface.addEventListener('kite-intent', (event) => {
    const { detail } = /** @type {CustomEvent} */ (event)
    if (detail.type !== 'pick_label') return
    labelPicked(surface, detail)
    if (detail.by === 'key') toPicture(surface, detail)
  }, { signal })
}
