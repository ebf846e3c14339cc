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
  const next = { ...view, regions: { ...view.regions }, answers: { ...view.answers }, active: { ...view.active }, tools: { ...view.tools } }
  const controls = new Map(plan.controls.map((control) => [control.name, control]))
  for (const intent of pending) STEPS[intent.type]?.(next, intent, plan, controls)
  return next
}

/** @typedef {Map<string, import('./types.js').Control>} Controls */

/** @type {Record<string, (view: View, intent: Intent, plan: import('./types.js').Plan, controls: Controls) => void>} */
const STEPS = {
  pick_label(view, { control, label, by }, plan, controls) {
    const found = controls.get(control)
    if (!found) return
    const before = view.active[control] ?? []
    if (by === 'key' && before.includes(label)) return
    const on = !before.includes(label)
    view.active[control] = found.choice === 'multiple' ? (on ? [...before, label] : before.filter((one) => one !== label)) : on ? [label] : []
    for (const name of found.to) {
      const kind = plan.objects.find((object) => object.name === name)?.type === 'text' ? 'span' : 'rectangle'
      const color = found.options?.find((option) => option.stored === view.active[control][0])?.color
      view.tools[name] = view.active[control].length && !view.selection.length ? { tool: kind, control, color } : view.tools[name]
    }
  },
  add_region(view, { region, object, shape }, _plan, _controls) {
    const tool = view.tools[object]
    view.regions[region] = {
      id: region, n: 1e9, object, control: tool?.control ?? '', kind: 'start16' in shape ? 'span' : 'rectangle', shape,
      labels: tool?.control ? (view.active[tool.control] ?? []) : [], color: tool?.color ?? '#888888', provisional: true,
    }
    view.selection = []
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
    const has = regions.length && regions.every((/** @type {string} */ id) => view.selection.includes(id))
    view.selection = !add ? regions : has ? view.selection.filter((id) => !regions.includes(id)) : [...new Set([...view.selection, ...regions])]
  },
  mark(view, { regions, type: _type, ...marks }) {
    for (const id of regions) if (view.regions[id]) view.regions[id] = { ...view.regions[id], ...marks }
  },
  note(view, { region, text }) {
    if (view.regions[region]) view.regions[region] = { ...view.regions[region], note: text }
  },
  choose(view, intent, _plan, controls) {
    answer(view, intent, (before) => {
      const chosen = before?.choices ?? []
      const on = intent.checked ?? !chosen.includes(intent.choice)
      if (controls.get(intent.control)?.choice !== 'multiple') return { choices: on ? [intent.choice] : [] }
      return { choices: on ? [...new Set([...chosen, intent.choice])] : chosen.filter((/** @type {string} */ one) => one !== intent.choice) }
    })
  },
  rate(view, intent) {
    answer(view, intent, () => ({ rating: intent.rating }))
  },
  type_text(view, intent) {
    answer(view, intent, (before) => ({ ...before, typing: intent.text }))
  },
  add_text(view, intent) {
    answer(view, intent, (before) => ({ text: [...(before?.text ?? []), intent.text], typing: '' }))
  },
  edit_text(view, intent) {
    answer(view, intent, (before) => ({ ...before, text: (before?.text ?? []).with(intent.index, intent.text) }))
  },
  remove_text(view, intent) {
    answer(view, intent, (before) => ({ ...before, text: (before?.text ?? []).toSpliced(intent.index, 1) }))
  },
}

/** @param {View} view @param {Intent} intent @param {(before: any) => any} change */
function answer(view, intent, change) {
  const region = intent.region ? view.regions[intent.region] : undefined
  if (region) view.regions[region.id] = { ...region, answers: { ...region.answers, [intent.control]: change(region.answers?.[intent.control]) } }
  else if (!intent.region) view.answers[intent.control] = change(view.answers[intent.control])
}
