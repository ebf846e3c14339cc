import { t } from '../app/texts.js'
import { emit } from './emit.js'
import { inHand, toolRow } from './image-tools/registry.js'
import { kindOf } from './region-kinds.js'
import { labelled } from './surface-layout.js'

/** Which tool of an image is in hand: the page's own state, `surface.tools`, beside what the engine says may be drawn. */

/** @typedef {import('./kite-surface.js').KiteSurface} KiteSurface */
/** @typedef {import('./types.js').Tool} Tool */

/** Chooses a tool. Where its label is still to be picked, the only one it can be is picked with it. @param {KiteSurface} surface @param {string} name of the object @param {string} kind @returns {boolean} */
export function takeTool(surface, name, kind) {
  const object = surface.drawn?.objects.find((one) => one.name === name)
  if (!object || surface.readonly) return false
  const before = surface.tools[name]
  if (kind === 'select') {
    setTool(surface, name, { tool: 'select', before: before?.tool === 'select' ? before.before : before })
    return true
  }
  const row = toolRow(kind)
  const offered = surface.shown.tools[name]
  const controls = surface.drawn?.controls.filter((control) => control.to.includes(name) && kindOf(control, object) === row?.base) ?? []
  if (!row || !controls.length) return false
  setTool(surface, name, { tool: kind, control: controls[0].name })
  const ready = inHand(offered, surface.tools[name]).tool === kind
  const choices = controls.filter(labelled).flatMap((control) => surface.options(control).map((option) => ({ control: control.name, label: option.stored })))
  const active = Object.values(surface.shown.active).flat()
  const label = choices.find((choice) => active.includes(choice.label)) ?? (choices.length === 1 ? choices[0] : undefined)
  if (!ready && label && !surface.shown.selection.length) emit(surface, { type: 'pick_label', ...label, by: 'key' })
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
    const fits = (tool) => !!tool && (!kind || toolRow(tool.tool)?.base === kind)
    if (chosen.tool === 'select') setTool(surface, to, fits(chosen.before) ? chosen.before : undefined)
    else if (!fits(chosen)) setTool(surface, to, undefined)
  }
}

/** @param {KiteSurface} surface @param {AbortSignal} signal ends listening */
export function listenForTools(surface, signal) {
  surface.addEventListener('kite-take-tool', (event) => {
    const { object, tool } = /** @type {CustomEvent} */ (event).detail
    takeTool(surface, object, tool)
  }, { signal })
  surface.addEventListener('kite-tool-settings', () => surface.requestUpdate(), { signal })
  surface.addEventListener('kite-intent', (event) => {
    const { detail } = /** @type {CustomEvent} */ (event)
    if (detail.type === 'pick_label') labelPicked(surface, detail)
  }, { signal })
}
