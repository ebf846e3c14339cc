/**
 * `<kite-code language="xml | json" label="…">`: CodeMirror in a shadow root.
 *
 * Properties: `value`, `assist` (see code-assist.js), `keys` (more key bindings). Events: `kite-code` (detail: the text) when
 * a person changed it. Methods: `showProblems`, `fix`, `go`, `nextProblem`, `offset`.
 *
 * The shadow root is needed, not wished: in a document CodeMirror writes a <style> element, which `style-src 'self'`
 * forbids; in a shadow root it uses constructed style sheets.
 */
import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { xml } from '@codemirror/lang-xml'
import { bracketMatching, foldGutter, foldKeymap, indentOnInput } from '@codemirror/language'
import { lintGutter, nextDiagnostic, previousDiagnostic } from '@codemirror/lint'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { EditorSelection, EditorState, Transaction } from '@codemirror/state'
import { EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view'
import { closeExplanation, explainHere, explanations, suggestions } from './code-assist.js'
import { json } from './code-json.js'
import { renamePairs } from './code-pairs.js'
import { applyFix, fixMenu, offsetAt, openFixes, showProblems } from './code-problems.js'
import { highlighting, theme } from './code-theme.js'

/** @typedef {import('./code-problems.js').Diagnostic} Diagnostic */

export class KiteCodeElement extends HTMLElement {
  /** @type {EditorView | null} */ #editor = null
  #value = ''
  #quiet = false
  /** Who knows the language. @type {import('./code-assist.js').Assist | null} */ assist = null
  /** More keys, set before the element is in the page. @type {import('@codemirror/view').KeyBinding[]} */ keys = []

  /** @returns {string} */
  get value() {
    return this.#editor ? this.#editor.state.doc.toString() : this.#value
  }

  /** A new text from outside; it can be undone like typing, and the cursor stays where its surroundings stay. */
  set value(text) {
    if (text === this.value) return
    const before = this.value
    this.#value = text
    if (!this.#editor) return
    const [from, to, insert] = difference(before, text)
    this.#quiet = true
    this.#editor.dispatch({ changes: { from, to, insert }, annotations: Transaction.userEvent.of('input.replace') })
    this.#quiet = false
  }

  /** @param {Diagnostic[]} diagnostics @param {string} source the text that they are about */
  showProblems(diagnostics, source) {
    if (this.#editor && this.value === source) showProblems(this.#editor, diagnostics, source)
  }

  /** @param {import('./code-problems.js').Fix} fix @param {string} source the text that the fix was made for */
  fix(fix, source) {
    return this.#editor ? applyFix(this.#editor, fix, source) : false
  }

  /** Put the cursor there and show it. @param {number} line @param {number} column in code points, both from 1 */
  go(line, column) {
    const editor = this.#editor
    if (!editor) return
    const at = offsetAt(editor, line, column)
    editor.dispatch({ selection: EditorSelection.cursor(at), effects: EditorView.scrollIntoView(at, { y: 'center' }) })
    editor.focus()
  }

  focus() {
    this.#editor?.focus()
  }

  constructor() {
    super()
    // From outside, what is typed in a shadow root comes from this element, which no page takes for a text field.
    this.addEventListener('keydown', (event) => event.stopPropagation())
  }

  connectedCallback() {
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' })
    const isXml = this.getAttribute('language') === 'xml'
    const assist = () => this.assist
    const language = isXml
      ? [xml(), suggestions(assist), explanations(assist), renamePairs, keymap.of([{ key: 'F1', run: explainHere(assist) }, { key: 'Escape', run: closeExplanation }])]
      : [json]
    this.#editor = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: this.#value,
        extensions: [
          // Tab leaves the editor, as everywhere on a page; it is not bound to indentation.
          keymap.of([
            ...this.keys,
            { key: 'F8', run: nextDiagnostic, shift: previousDiagnostic },
            { key: 'Alt-Enter', run: openFixes }, { key: 'Mod-.', run: openFixes },
          ]),
          lineNumbers(), highlightActiveLineGutter(), foldGutter(), history(), drawSelection(), indentOnInput(), bracketMatching(), closeBrackets(),
          highlightActiveLine(), lintGutter(), search({ top: true }), highlightSelectionMatches(), EditorView.lineWrapping, theme, highlighting, fixMenu,
          ...language,
          EditorState.tabSize.of(2),
          keymap.of([...closeBracketsKeymap, ...searchKeymap, ...foldKeymap, ...historyKeymap, ...defaultKeymap]),
          EditorView.contentAttributes.of({ 'aria-label': this.getAttribute('label') ?? 'Code', spellcheck: 'false', autocapitalize: 'off' }),
          EditorView.domEventHandlers({ beforeinput: typedOverSelection }),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged) return
            this.#value = update.state.doc.toString()
            if (!this.#quiet) this.dispatchEvent(new CustomEvent('kite-code', { detail: this.#value, bubbles: true }))
          }),
        ],
      }),
    })
  }

  disconnectedCallback() {
    this.#editor?.destroy()
    this.#editor = null
  }
}

/**
 * Typing over a selection: left to itself, Chromium carries the style of the old text over in a style attribute, which the
 * content security policy refuses with a message on the console.
 * @param {InputEvent} event @param {EditorView} view
 */
function typedOverSelection(event, view) {
  const { main, ranges } = view.state.selection
  const text = event.data
  if (event.inputType !== 'insertText' || !text || main.empty || ranges.length > 1 || view.composing || view.state.readOnly) return false
  event.preventDefault()
  const insert = () => view.state.update(view.state.replaceSelection(text), { userEvent: 'input.type', scrollIntoView: true })
  const handlers = view.state.facet(EditorView.inputHandler)
  if (!handlers.some((handle) => handle(view, main.from, main.to, text, insert))) view.dispatch(insert())
  return true
}

/**
 * The smallest single change from one text to the other: `[from, to, insert]`.
 * @param {string} before @param {string} after @returns {[number, number, string]}
 */
function difference(before, after) {
  const most = Math.min(before.length, after.length)
  let start = 0
  while (start < most && before[start] === after[start]) start += 1
  let end = 0
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1
  return [start, before.length - end, after.slice(start, after.length - end)]
}

customElements.define('kite-code', KiteCodeElement)
