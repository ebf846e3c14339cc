/**
 * How each type of control is drawn. Types that are not here get `<kite-placeholder>`; every `…labels` is a bar of labels.
 *
 * @typedef {import('./types.js').Control} Control
 *
 * @typedef {object} AnswerContext what a template gets
 * @property {Control} control
 * @property {import('./types.js').Option[]} options of the Display
 * @property {any} answer as the view has it, or undefined
 * @property {string} region id, for answers about one region; else empty
 * @property {number | undefined} item for answers about one page of an image; else undefined
 * @property {string} legend what people call the control
 * @property {string} problem what is wrong with the answer, in words; empty if nothing or if it is only missing
 * @property {boolean} readonly
 * @property {Record<string, string | undefined>} texts `label`, `placeholder` … of the Display: its `texts["<name>/label"]`
 * @property {boolean} busy something typed here is on its way
 * @property {string} filter what stands in the Filter of this control, lower case; empty: everything is shown
 * @property {import('./types.js').Plan} plan
 * @property {import('./types.js').Display} display
 * @property {import('./types.js').View} view with the echo
 *
 * @typedef {object} AnswerView
 * @property {(context: AnswerContext) => unknown} draw
 * @property {() => Promise<unknown>} [load] fetches the element; see lazy.js
 * @property {boolean} [wide] takes a row of its own
 */
import { html } from 'lit'
import { MORE_ANSWERS } from './answer-views-more.js'

/** @type {AnswerView} */
const LABELS = {
  draw: ({ control, options, view, readonly, filter }) => html`<kite-labels .control=${control} .options=${filtered(options, filter)} .active=${pressed(view, control)} .counts=${view.counts[control.name] ?? {}} .full=${view.full[control.name] ?? []}
    ?readonly=${readonly}></kite-labels>`,
}

/** @type {Record<string, AnswerView>} */
const ANSWERS = {
  choices: {
    draw: ({ control, options, answer, region, item, legend, problem, readonly, filter }) => html`<kite-choices .control=${control} .options=${filtered(options, filter)} .answer=${answer} .region=${region} .item=${item} .legend=${legend} .problem=${problem} ?readonly=${readonly}></kite-choices>`,
  },
  textarea: {
    draw: ({ control, texts, answer, region, item, legend, problem, readonly, busy }) => html`<kite-textarea .control=${control} .texts=${texts} .answer=${answer} .region=${region} .item=${item} .legend=${legend} .problem=${problem} ?readonly=${readonly} ?busy=${busy}></kite-textarea>`,
  },
  rating: {
    draw: ({ control, answer, region, item, legend, problem, readonly }) => html`<kite-rating .control=${control} .answer=${answer} .region=${region} .item=${item} .legend=${legend} .problem=${problem} ?readonly=${readonly}></kite-rating>`,
  },
  ...MORE_ANSWERS,
}

/** @param {Control} control @returns {AnswerView | undefined} */
export function answerView(control) {
  if (Object.hasOwn(ANSWERS, control.type)) return ANSWERS[control.type]
  return control.type.endsWith('labels') ? LABELS : undefined
}

/** Labels that look pressed: those of the selected region, else those that the next one gets. @param {import('./types.js').View} view @param {Control} control */
function pressed({ selection, regions, active }, control) {
  const chosen = selection.flatMap((id) => regions[id] ?? []).filter((region) => region.control === control.name)
  return chosen.length ? [...new Set(chosen.flatMap((region) => region.labels))] : (active[control.name] ?? [])
}

/** Options whose name, or that of one beneath them, holds what is looked for. The same array when nothing is.
 * @param {import('./types.js').Option[]} options @param {string} wanted lower case @returns {import('./types.js').Option[]} */
export function filtered(options, wanted) {
  if (!wanted) return options
  return options.flatMap((option) => {
    if (`${option.text ?? option.value} ${option.alias ?? ''}`.toLowerCase().includes(wanted)) return [option]
    const children = filtered(option.children ?? [], wanted)
    return children.length ? [{ ...option, children }] : []
  })
}
