/**
 * Problems in the editor: underlined where they are, with what is wrong, the way out and the changes that solve it; a
 * menu of these changes at the cursor for the keyboard.
 *
 * @typedef {{start: number, end: number, text: string}} Edit offsets in code points
 * @typedef {{title: string, edits: Edit[]}} Fix
 * @typedef {{line: number, column: number, end_line: number, end_column: number, code: string, severity: 'error' | 'warning',
 *   message: string, hint?: string, fixes?: Fix[]}} Diagnostic lines and columns from 1, columns count code points
 */
import { forEachDiagnostic, nextDiagnostic, setDiagnostics } from '@codemirror/lint'
import { EditorSelection, StateEffect, StateField } from '@codemirror/state'
import { showTooltip } from '@codemirror/view'
import { Offsets } from './code-offsets.js'

/** @typedef {import('@codemirror/view').EditorView} EditorView */
/** @typedef {import('@codemirror/lint').Diagnostic} Mark */

/** @param {EditorView} view @param {Fix} fix @param {string} source the text that the fix was made for */
export function applyFix(view, fix, source) {
  if (view.state.doc.toString() !== source) return false // it was typed on: the next compile brings fixes that fit
  const offsets = new Offsets(source)
  const changes = fix.edits.map(({ start, end, text }) => ({ from: offsets.units(start), to: offsets.units(end), insert: text }))
  const set = view.state.changes(changes)
  const last = changes.reduce((a, b) => (a.from > b.from ? a : b))
  view.dispatch({ changes: set, selection: EditorSelection.cursor(set.mapPos(last.to, 1)), scrollIntoView: true, userEvent: 'input.fix' })
  view.focus()
  return true
}

/** The offset of a place in the editor's text. @param {EditorView} view @param {number} line @param {number} column */
export function offsetAt(view, line, column) {
  const { doc } = view.state
  const { from, to, text } = doc.line(Math.min(Math.max(1, line), doc.lines))
  return Math.min(to, from + new Offsets(text).units(column - 1))
}

/** @param {EditorView} view @param {Diagnostic[]} diagnostics @param {string} source the text that they are about */
export function showProblems(view, diagnostics, source) {
  const { length } = view.state.doc
  const marks = diagnostics.map((one) => {
    const from = offsetAt(view, one.line, one.column)
    const to = offsetAt(view, one.end_line, one.end_column)
    return /** @type {Mark} */ ({
      from: Math.min(from, to),
      to: Math.min(length, Math.max(to, from + 1)),
      severity: one.severity,
      message: one.message,
      renderMessage: () => described(one),
      actions: (one.fixes ?? []).slice(0, 5).map((fix) => ({ name: fix.title, apply: () => void applyFix(view, fix, source) })),
    })
  })
  view.dispatch(setDiagnostics(view.state, marks.sort((a, b) => a.from - b.from)))
}

/** @param {Diagnostic} one */
function described({ message, hint, code }) {
  const box = document.createElement('div')
  const fact = document.createElement('div')
  const number = document.createElement('span')
  number.className = 'code-muted'
  number.textContent = ` ${code}`
  fact.append(message, number)
  box.append(fact)
  if (hint) {
    const way = document.createElement('div')
    way.className = 'code-hint'
    way.textContent = hint
    box.append(way)
  }
  return box
}

/** @type {import('@codemirror/state').StateEffectType<import('@codemirror/view').Tooltip | null>} */
const setMenu = StateEffect.define()

export const fixMenu = StateField.define({
  create: () => /** @type {import('@codemirror/view').Tooltip | null} */ (null),
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(setMenu)) return effect.value
    return transaction.docChanged ? null : value
  },
  provide: (field) => showTooltip.from(field),
})

/**
 * The command behind alt+enter: the changes for the problem at the cursor, or for the next one.
 * @param {EditorView} view
 */
export function openFixes(view) {
  const found = at(view) ?? (nextDiagnostic(view) ? at(view) : null)
  if (!found) return true
  view.dispatch({ effects: setMenu.of({ pos: found.from, above: false, create: () => menu(view, found) }) })
  return true
}

/** The problem at the cursor, or on its line; what can be fixed first. @param {EditorView} view */
function at(view) {
  const { head } = view.state.selection.main
  const line = view.state.doc.lineAt(head)
  /** @type {{mark: Mark, from: number, far: number}[]} */
  const found = []
  forEachDiagnostic(view.state, (mark, from, to) => {
    if (from <= line.to && to >= line.from) found.push({ mark, from, far: from <= head && head <= to ? 0 : 1 })
  })
  found.sort((a, b) => a.far - b.far || Number(!a.mark.actions?.length) - Number(!b.mark.actions?.length))
  return found[0] ? { ...found[0].mark, from: found[0].from } : null
}

/** @param {EditorView} view @param {Mark} mark */
function menu(view, mark) {
  const dom = document.createElement('div')
  dom.className = 'code-fixes'
  dom.setAttribute('role', 'dialog')
  dom.setAttribute('aria-label', 'Fixes')
  const text = document.createElement('div')
  text.textContent = mark.message
  dom.append(text)
  const buttons = (mark.actions ?? []).map((action) => {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'code-fix'
    button.textContent = action.name
    button.addEventListener('click', () => {
      close()
      action.apply(view, mark.from, mark.to)
    })
    return button
  })
  if (!buttons.length) {
    const none = document.createElement('div')
    none.className = 'code-hint'
    none.tabIndex = -1
    none.textContent = 'This one has no quick fix: Escape goes back.'
    dom.append(none)
  }
  dom.append(...buttons)
  const close = () => {
    view.dispatch({ effects: setMenu.of(null) })
    view.focus()
  }
  dom.addEventListener('keydown', (event) => {
    const root = /** @type {ShadowRoot} */ (dom.getRootNode())
    const place = buttons.indexOf(/** @type {HTMLButtonElement} */ (root.activeElement))
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && buttons.length) buttons[(place + step + buttons.length) % buttons.length].focus()
    else if (event.key === 'Escape' || event.key === 'Tab') close()
    else return
    event.preventDefault()
    event.stopPropagation()
  })
  dom.addEventListener('focusout', (event) => {
    const to = /** @type {Node | null} */ (event.relatedTarget)
    if (!to || dom.contains(to)) return
    view.dispatch({ effects: setMenu.of(null) })
  })
  return { dom, mount: () => (buttons[0] ?? dom.querySelector('.code-hint'))?.focus() }
}
