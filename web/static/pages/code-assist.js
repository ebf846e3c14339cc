/**
 * What the Python side knows, in the editor: suggestions while one types, and what the word under the pointer or the
 * cursor means. Nothing of the language is known here; offsets become code points on the way out and units on the way in.
 *
 * @typedef {{label: string, kind: string, insert: string, detail: string, doc: string, cursor?: number, more?: boolean, color?: string}} Item
 * @typedef {{from: number, to: number, place: string, items: Item[]}} Offer
 * @typedef {{from: number, to: number, title: string, doc: string, color?: string}} Meaning
 * @typedef {{complete: (source: string, offset: number) => Promise<Offer>, hover: (source: string, offset: number) => Promise<Partial<Meaning>>}} Assist
 */
import { autocompletion, completionKeymap, pickedCompletion, startCompletion } from '@codemirror/autocomplete'
import { Prec, StateEffect, StateField } from '@codemirror/state'
import { hoverTooltip, keymap, showTooltip } from '@codemirror/view'
import { Offsets } from './code-offsets.js'

/** @typedef {import('@codemirror/autocomplete').Completion & {color?: string}} Option */
/** @typedef {import('@codemirror/view').EditorView} EditorView */

/** A list that nobody asked for opens when a word is typed, and before one behind these. @type {Record<string, RegExp>} */
const OPENS = { tag: /<$/, close: /\/$/, attribute: /\s$/, value: /["'=$]$|[,;]\s*$/ }
/** While only such characters are typed the list is narrowed here, without asking again. */
const SAME_WORD = /^[\w.#%-]*$/

/**
 * The text that a person asked for suggestions in. CodeMirror's own `explicit` also counts lists that were opened for them,
 * and outlasts the next keys.
 * @type {WeakMap<EditorView, import('@codemirror/state').Text>}
 */
const asked = new WeakMap()

/** The command behind Ctrl-Space. @param {EditorView} view */
function suggest(view) {
  asked.set(view, view.state.doc)
  return startCompletion(view)
}

/** @param {() => Assist | null} assist */
export function suggestions(assist) {
  /** @param {import('@codemirror/autocomplete').CompletionContext} context */
  const source = async (context) => {
    const known = assist()
    if (!known) return null
    const text = context.state.doc.toString()
    const offsets = new Offsets(text)
    const { from, to, place, items } = await known.complete(text, offsets.points(context.pos)).catch(() => ({ from: 0, to: 0, place: 'none', items: [] }))
    if (!items.length || context.aborted) return null
    const start = offsets.units(from)
    const typed = text.slice(start, context.pos)
    const wanted = asked.get(/** @type {EditorView} */ (context.view)) === context.state.doc
    if (!wanted && !(place in OPENS && (typed || OPENS[place].test(text.slice(Math.max(0, start - 20), context.pos))))) return null
    return {
      from: start,
      to: offsets.units(to),
      // At the same score the first of the list is the likeliest.
      options: items.map((item, place) => option(item, Math.max(-99, 99 - place))),
      validFor: typed.startsWith('$') ? /^\$[\w.]*$/ : SAME_WORD,
    }
  }
  const keys = [{ key: 'Ctrl-Space', run: suggest }, { mac: 'Alt-`', run: suggest }, ...completionKeymap.filter(({ run }) => run !== startCompletion)]
  return [Prec.highest(keymap.of(keys)), autocompletion({
    override: [source], defaultKeymap: false, icons: false, activateOnTypingDelay: 40, maxRenderedOptions: 80,
    addToOptions: [{ position: 20, render: (completion) => swatch(/** @type {Option} */ (completion).color) }],
  })]
}

/** @param {Item} item @param {number} boost @returns {Option} */
function option({ label, kind, insert, detail, doc, cursor, more, color }, boost) {
  const units = new Offsets(insert).units(cursor ?? insert.length)
  return {
    label, detail, boost, color, type: kind,
    info: doc ? () => documented('', doc) : undefined,
    apply: (view, completion, from, to) => {
      view.dispatch({
        changes: { from, to, insert }, selection: { anchor: from + (cursor === undefined ? insert.length : units) }, scrollIntoView: true,
        userEvent: 'input.complete', annotations: pickedCompletion.of(completion),
      })
      if (more) startCompletion(view)
    },
  }
}

/** @param {string | undefined} color */
function swatch(color) {
  if (!color) return null
  const box = document.createElement('span')
  box.className = 'code-swatch'
  box.style.backgroundColor = color
  return box
}

/**
 * A title and a text: paragraphs, `code` between backticks, and examples, which begin with <.
 * @param {string} title @param {string} doc @param {string} [color]
 */
export function documented(title, doc, color) {
  const box = document.createElement('div')
  box.className = 'code-doc'
  if (title) {
    const head = document.createElement('strong')
    const sample = swatch(color)
    if (sample) sample.classList.add('code-swatch-inline')
    head.append(...(sample ? [sample, ' '] : []), title)
    box.append(head)
  }
  for (const part of doc.split('\n\n')) {
    const isExample = part.startsWith('<')
    const paragraph = document.createElement(isExample ? 'pre' : 'p')
    part.split('`').forEach((text, place) => {
      if (place % 2 === 0 || isExample) return paragraph.append(text)
      const code = document.createElement('code')
      code.textContent = text
      paragraph.append(code)
    })
    box.append(paragraph)
  }
  return box
}

/** @param {EditorView} view @param {Assist} assist @param {number} pos @returns {Promise<import('@codemirror/view').Tooltip | null>} */
async function meaning(view, assist, pos) {
  const text = view.state.doc.toString()
  const offsets = new Offsets(text)
  /** @type {Partial<Meaning>} */
  const found = await assist.hover(text, offsets.points(pos)).catch(() => ({}))
  const { from, to, title, doc, color } = found
  if (!title || from === undefined || to === undefined || view.state.doc.toString() !== text) return null
  const [start, end] = [offsets.units(from), offsets.units(to)]
  return { pos: start, end, above: true, create: () => ({ dom: documented(title, doc ?? '', color) }) }
}

/** @type {import('@codemirror/state').StateEffectType<import('@codemirror/view').Tooltip | null>} */
const explain = StateEffect.define()

/** What F1 explains; it goes with the next key. */
const explained = StateField.define({
  create: () => /** @type {import('@codemirror/view').Tooltip | null} */ (null),
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(explain)) return effect.value
    return transaction.docChanged || transaction.selection ? null : value
  },
  provide: (field) => showTooltip.from(field),
})

/** @param {() => Assist | null} assist */
export function explanations(assist) {
  const hovered = hoverTooltip((view, pos) => {
    const known = assist()
    return known ? meaning(view, known, pos) : null
  }, { hoverTime: 350 })
  return [hovered, explained]
}

/** The command behind F1: explain what is at the cursor, once more: no more. @param {() => Assist | null} assist */
export const explainHere = (assist) => (/** @type {EditorView} */ view) => {
  const known = assist()
  if (view.state.field(explained)) view.dispatch({ effects: explain.of(null) })
  else if (known) void meaning(view, known, view.state.selection.main.head).then((tooltip) => tooltip && view.dispatch({ effects: explain.of(tooltip) }))
  return true
}

/** Escape closes the explanation first. @param {EditorView} view */
export function closeExplanation(view) {
  if (!view.state.field(explained, false)) return false
  view.dispatch({ effects: explain.of(null) })
  return true
}
