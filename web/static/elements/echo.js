import { ANSWERS } from './echo-answers.js'
import { kindOf } from './region-kinds.js'

/**
 * What intents that the engine has not answered yet will look like. Only an echo for the eye: it knows no rule beyond what the plan
 * says about drawing, is thrown away with the answer, and never leaves the page.
 *
 * @typedef {import('./types.js').View} View
 * @typedef {import('./types.js').Intent} Intent
 */

/**
 * @param {import('./types.js').Plan} plan
 * @param {View} view
 * @param {Intent[]} pending oldest first
 * @returns {View} the same view when nothing is pending
 */
export function echo(plan, view, pending) {
  if (!pending.length) return view
  const next = { ...view, answers: { ...view.answers }, active: { ...view.active }, tools: { ...view.tools } }
  const controls = new Map(plan.controls.map((control) => [control.name, control]))
  for (const intent of pending) {
    const step = /** @type {Step | undefined} */ (STEPS[intent.type])
    if (step && !KEEPS.has(intent.type) && next.regions === view.regions) { // copied for those that change it: regions can be ten thousand
      next.regions = { ...view.regions }
      next.edition = {}
    }
    step?.(next, intent, plan, controls)
  }
  return next
}

/** Intents whose echo changes no region. */
const KEEPS = new Set(['pick_label', 'view_item', 'select', 'relate', 'unrelate', 'set_relation'])

/** @typedef {Map<string, import('./types.js').Control>} Controls */

/** @typedef {(view: View, intent: Intent, plan: import('./types.js').Plan, controls: Controls) => void} Step */
/** @type {Record<string, Step>} */
const STEPS = {
  pick_label(view, { control, label, by }, plan, controls) {
    const found = controls.get(control)
    if (!found) return
    const before = view.active[control] ?? []
    if (by === 'key' && before.includes(label)) return
    const on = !before.includes(label)
    view.active[control] = found.choice === 'multiple' ? (on ? [...before, label] : before.filter((one) => one !== label)) : on ? [label] : []
    for (const name of found.to) {
      const object = plan.objects.find((one) => one.name === name)
      const kind = object ? kindOf(found, object) : ''
      const color = found.options?.find((option) => option.stored === view.active[control][0])?.color
      if (kind && view.active[control].length && !view.selection.length) view.tools[name] = { tool: kind, control, color }
    }
  },
  add_region(view, { region, object, shape, control }, _plan, _controls) {
    const first = view.tools[object]
    const tool = [first, ...(first?.more ?? [])].find((one) => one?.control === control) ?? first
    view.regions[region] = {
      id: region, n: 1e9, object, control: tool?.control ?? '', kind: tool && tool.tool !== 'select' ? tool.tool : 'start16' in shape ? 'span' : 'rectangle', shape,
      labels: tool?.control ? (view.active[tool.control] ?? []) : [], color: tool?.color ?? '#888888', provisional: true,
      ...(view.items && object in view.items ? { item: view.items[object] } : {}),
    }
    view.selection = []
  },
  add_regions(view, { regions, shapes, ...rest }, plan, controls) {
    regions.forEach((/** @type {string} */ region, /** @type {number} */ at) => STEPS.add_region(view, { ...rest, type: 'add_region', region, shape: shapes[at] }, plan, controls))
  },
  paint(view, { region, object, control, erase, strokes, rows }) {
    const old = view.regions[region]
    if (old) {
      const echo = [...(old.shape.echo ?? []), { erase, strokes, rows }]
      view.regions[region] = { ...old, shape: { ...old.shape, echo }, provisional: true }
    } else if (!erase) {
      STEPS.add_region(view, { type: 'add_region', region, object, control, shape: { echo: [{ strokes, rows }] } }, /** @type {any} */ (null), new Map())
      view.selection = [region]
    }
  },
  view_item(view, { object, node, item }) {
    if (object ?? node) view.items = { ...view.items, [object ?? node]: item }
  },
  edit_region(view, { region, shape }) {
    const old = view.regions[region]
    if (old) view.regions[region] = { ...old, shape: { ...old.shape, ...shape }, provisional: true }
  },
  delete(view, { regions }) {
    for (const id of regions ?? view.selection) {
      if (!view.regions[id]?.locked && !view.regions[id]?.readonly) delete view.regions[id]
    }
    view.selection = view.selection.filter((id) => view.regions[id])
  },
  select(view, { regions, add }) {
    if (!add) {
      view.selection = regions
      return
    }
    const [before, some] = [new Set(view.selection), new Set(regions)]
    const has = regions.length && regions.every((/** @type {string} */ id) => before.has(id))
    view.selection = has ? view.selection.filter((id) => !some.has(id)) : [...new Set([...view.selection, ...regions])]
  },
  mark(view, { regions, type: _type, ...marks }) {
    for (const id of regions) if (view.regions[id]) view.regions[id] = { ...view.regions[id], ...marks }
  },
  note(view, { region, text }) {
    if (view.regions[region]) view.regions[region] = { ...view.regions[region], note: text }
  },
  relate(view, { from, to }) {
    if (view.regions[from] && view.regions[to]) view.relations = [...(view.relations ?? []), { from, to, direction: 'right', labels: [] }]
  },
  unrelate(view, { from, to }) {
    view.relations = (view.relations ?? []).filter((relation) => relation.from !== from || relation.to !== to)
  },
  set_relation(view, { from, to, direction, labels }) {
    view.relations = (view.relations ?? []).map((relation) =>
      relation.from === from && relation.to === to ? { ...relation, direction: direction ?? relation.direction, labels: labels ?? relation.labels } : relation)
  },
  message(view, { control, role, content, answer: id }, _plan, controls) {
    const object = controls.get(control)?.to[0] ?? control
    view.regions[id] = { id, n: 1e9, object, control, kind: 'message', shape: { role, content }, labels: [], color: '#888888', text: content, provisional: true }
  },
  edit_message(view, { region, content }) {
    const old = view.regions[region]
    if (old) view.regions[region] = { ...old, shape: { ...old.shape, content }, text: content, provisional: true }
  },
  ...ANSWERS,
}
