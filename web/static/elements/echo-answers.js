/** The echo of intents about answers (see echo.js): of the whole object, of one region, of one page. Pure.
 *
 * @typedef {import('./types.js').View} View
 * @typedef {import('./types.js').Intent} Intent
 */

/** @type {Record<string, (view: View, intent: Intent, plan: import('./types.js').Plan, controls: Map<string, import('./types.js').Control>) => void>} */
export const ANSWERS = {
  choose(view, intent, _plan, controls) {
    answer(view, intent, (before) => {
      const chosen = before?.choices ?? []
      const key = JSON.stringify(intent.choice)
      const on = intent.checked ?? !chosen.some((/** @type {unknown} */ one) => JSON.stringify(one) === key)
      const rest = chosen.filter((/** @type {unknown} */ one) => JSON.stringify(one) !== key)
      if (controls.get(intent.control)?.choice !== 'multiple') return { choices: on ? [intent.choice] : [] }
      return { choices: on ? [...rest, intent.choice] : rest }
    })
  },
  toggle_path(view, intent) {
    answer(view, intent, (before) => {
      const chosen = before?.taxonomy ?? []
      const key = JSON.stringify(intent.path)
      const rest = chosen.filter((/** @type {string[]} */ path) => JSON.stringify(path) !== key)
      const on = intent.checked ?? rest.length === chosen.length
      return on ? { taxonomy: rest.length === chosen.length ? [...chosen, intent.path] : chosen } : rest.length ? { taxonomy: rest } : undefined
    })
  },
  set_answer(view, intent) {
    // How a date is written only the engine knows: until then it stands as its parts.
    answer(view, intent, () => (intent.value?.datetime ? { ...intent.value, iso: intent.value.datetime } : (intent.value ?? undefined)))
  },
  move_item(view, intent) {
    answer(view, intent, (before) => ({ ...before, moves: [...(before?.moves ?? []), { item: intent.item, index: intent.index, ...(intent.bucket ? { bucket: intent.bucket } : {}) }] }))
  },
  rate(view, intent, _plan, controls) {
    if (controls.get(intent.control)?.type !== 'rating') return // a Number's key: how far a step goes the engine says
    answer(view, intent, (before) => ({ rating: intent.rating ?? ((before?.rating ?? 0) + (intent.step ?? 1)) % ((controls.get(intent.control)?.max_rating ?? 5) + 1) }))
  },
  type_text(view, intent) {
    answer(view, intent, (before) => ({ ...before, typing: intent.text }))
  },
  insert_text(view, intent) {
    answer(view, intent, (before) => ({ ...before, typing: (before?.typing ?? '') + intent.text }))
  },
  add_text(view, intent) {
    answer(view, intent, (before) => ({ text: [...(before?.text ?? []), intent.text ?? before?.typing ?? ''], typing: '' }))
  },
  edit_text(view, intent) {
    answer(view, intent, (before) => ({ ...before, text: (before?.text ?? []).with(intent.index, intent.text) }))
  },
  remove_text(view, intent) {
    answer(view, intent, (before) => ({ ...before, text: (before?.text ?? []).toSpliced(intent.index, 1) }))
  },
}

/** Changes one answer; what comes out undefined is no answer.
 * @param {View} view @param {Intent} intent @param {(before: any) => any} change */
function answer(view, intent, change) {
  const item = typeof intent.item === 'number' ? intent.item : undefined // a Ranker's item is an id
  const region = intent.region ? view.regions[intent.region] : undefined
  if (intent.region && !region) return
  const held = region ? region.answers?.[intent.control] : view.answers[intent.control]
  const now = item === undefined ? change(held) : { ...held, items: { ...held?.items, [item]: change(held?.items?.[item]) } }
  /** @type {Record<string, any>} */
  const answers = { ...(region ? region.answers : view.answers), [intent.control]: now }
  if (now === undefined) delete answers[intent.control]
  if (region) view.regions[region.id] = { ...region, answers }
  else view.answers = answers
}
