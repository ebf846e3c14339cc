/**
 * `<kite-code>`: CodeMirror in a shadow root.
 *
 * The shadow root is needed, not wished: in a document CodeMirror writes a <style> element, which `style-src 'self'`
 * forbids; in a shadow root it uses constructed style sheets.
 */
import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { xml } from '@codemirror/lang-xml'
import { HighlightStyle, bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language'
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint'
import { EditorSelection, EditorState, Transaction } from '@codemirror/state'
import { EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'

/**
 * @typedef {{line: number, column: number, end_line: number, end_column: number, code: string, severity: 'error' | 'warning',
 *   message: string, hint?: string}} Diagnostic lines and columns from 1, columns count code points
 */

const theme = EditorView.theme({
  '&': { height: '100%', color: 'var(--text)', backgroundColor: 'var(--surface)', fontSize: '13px' },
  '&.cm-focused': { outline: '2px solid var(--focus)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '20px', overflow: 'auto' },
  '.cm-content': { padding: 'var(--s2) 0', caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': { backgroundColor: 'var(--chrome)', color: 'var(--text-muted)', border: 'none', borderRight: '1px solid var(--line)' },
  '.cm-activeLine': { backgroundColor: 'var(--hover)' },
  '.cm-activeLineGutter': { backgroundColor: 'var(--hover)', color: 'var(--text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'color-mix(in srgb, var(--accent) 28%, transparent)' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--accent-soft)', outline: '1px solid var(--accent)' },
  '.cm-lintRange': { backgroundImage: 'none !important', textDecorationLine: 'underline', textDecorationStyle: 'wavy', textUnderlineOffset: '3px', paddingBottom: '0' },
  '.cm-lintRange-error': { textDecorationColor: 'var(--problem)', backgroundColor: 'var(--problem-soft)' },
  '.cm-lintRange-warning': { textDecorationColor: 'var(--attention)', backgroundColor: 'var(--attention-soft)' },
  '.cm-gutter-lint': { width: '18px' },
  '.cm-lint-marker': { width: '14px', height: '20px', lineHeight: '20px', textAlign: 'center', fontSize: '12px', padding: '0' },
  '.cm-lint-marker-error, .cm-lint-marker-warning': { content: 'normal' },
  '.cm-lint-marker-error::before': { content: '"▲"', color: 'var(--problem)' },
  '.cm-lint-marker-warning::before': { content: '"◆"', color: 'var(--attention)' },
  '.cm-tooltip': { backgroundColor: 'var(--surface)', color: 'var(--text)', border: '1px solid var(--line-strong)', borderRadius: 'var(--radius)', boxShadow: 'var(--shadow)', maxWidth: '420px', fontFamily: 'var(--font)' },
  '.cm-diagnostic': { padding: 'var(--s2) var(--s3)', borderLeft: 'none' },
  '.cm-diagnostic-hint': { color: 'var(--text-muted)', marginTop: 'var(--s1)' },
})

const colours = HighlightStyle.define([
  { tag: [tags.tagName, tags.propertyName], color: 'var(--accent-strong)', fontWeight: '600' },
  { tag: [tags.attributeName], color: 'var(--information)' },
  { tag: [tags.attributeValue, tags.string], color: 'var(--good)' },
  { tag: [tags.comment], color: 'var(--text-muted)', fontStyle: 'italic' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--attention)' },
  { tag: [tags.angleBracket, tags.punctuation], color: 'var(--text-soft)' },
])

/**
 * A code-point column to a UTF-16 offset within its line.
 * @param {string} line @param {number} column from 1
 */
export function unitOffset(line, column) {
  let offset = 0
  for (let left = column - 1; left > 0 && offset < line.length; left -= 1) {
    offset += /** @type {number} */ (line.codePointAt(offset)) > 0xffff ? 2 : 1
  }
  return offset
}

export class KiteCodeElement extends HTMLElement {
  /** @type {EditorView | null} */ #editor = null
  #value = ''
  #quiet = false

  /** @returns {string} */
  get value() {
    return this.#editor ? this.#editor.state.doc.toString() : this.#value
  }

  /** A new text from outside; it can be undone like typing. */
  set value(text) {
    if (text === this.value) return
    this.#value = text
    if (!this.#editor) return
    this.#quiet = true
    this.#editor.dispatch({
      changes: { from: 0, to: this.#editor.state.doc.length, insert: text },
      selection: EditorSelection.cursor(0),
      annotations: Transaction.userEvent.of('input.replace'),
    })
    this.#quiet = false
  }

  /** @param {Diagnostic[]} diagnostics */
  set diagnostics(diagnostics) {
    const editor = this.#editor
    if (!editor) return
    const { doc } = editor.state
    const marks = diagnostics.map((one) => {
      const from = this.#offset(one.line, one.column)
      const to = this.#offset(one.end_line, one.end_column)
      return {
        from: Math.min(from, to),
        to: Math.min(doc.length, Math.max(to, from + 1)),
        severity: one.severity,
        message: one.message,
        renderMessage: () => describe(one),
      }
    })
    editor.dispatch(setDiagnostics(editor.state, marks.sort((a, b) => a.from - b.from)))
  }

  /** Put the cursor there and show it. @param {number} line @param {number} column */
  go(line, column) {
    const editor = this.#editor
    if (!editor) return
    const at = this.#offset(line, column)
    editor.dispatch({ selection: EditorSelection.cursor(at), effects: EditorView.scrollIntoView(at, { y: 'center' }) })
    editor.focus()
  }

  /** @param {number} line @param {number} column */
  #offset(line, column) {
    const { doc } = /** @type {EditorView} */ (this.#editor).state
    const { from, text } = doc.line(Math.min(Math.max(1, line), doc.lines))
    return from + unitOffset(text, column)
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
    const language = this.getAttribute('language')
    this.#editor = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: this.#value,
        extensions: [
          lineNumbers(), highlightActiveLineGutter(), history(), drawSelection(), indentOnInput(), bracketMatching(), closeBrackets(),
          highlightActiveLine(), lintGutter(), EditorView.lineWrapping, theme, syntaxHighlighting(colours),
          ...(language === 'xml' ? [xml()] : []),
          EditorState.tabSize.of(2),
          // Tab leaves the editor, as everywhere on a page; it is not bound to indentation.
          keymap.of([...closeBracketsKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap]),
          EditorView.contentAttributes.of({ 'aria-label': this.getAttribute('label') ?? 'Code', spellcheck: 'false', autocapitalize: 'off' }),
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

/** @param {Diagnostic} one */
function describe({ message, hint, code }) {
  const box = document.createElement('div')
  const fact = document.createElement('div')
  fact.textContent = `${message} (${code})`
  box.append(fact)
  if (hint) {
    const way = document.createElement('div')
    way.className = 'cm-diagnostic-hint'
    way.textContent = hint
    box.append(way)
  }
  return box
}

customElements.define('kite-code', KiteCodeElement)
