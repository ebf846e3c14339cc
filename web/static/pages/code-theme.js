/** Colours and sizes of the code editor, by the tokens of the page. */
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

const tooltip = { backgroundColor: 'var(--surface)', color: 'var(--text)', border: '1px solid var(--line-strong)', borderRadius: 'var(--radius)', boxShadow: 'var(--shadow)', fontFamily: 'var(--font)', fontSize: '13px', lineHeight: '1.4' }

export const theme = EditorView.theme({
  '&': { height: '100%', color: 'var(--text)', backgroundColor: 'var(--surface)', fontSize: '13px' },
  '&.cm-focused': { outline: '2px solid var(--focus)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '20px', overflow: 'auto' },
  '.cm-content': { padding: 'var(--s2) 0', caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)', borderLeftWidth: '2px' },
  '.cm-gutters': { backgroundColor: 'var(--chrome)', color: 'var(--text-muted)', border: 'none', borderRight: '1px solid var(--line)' },
  '.cm-activeLine': { backgroundColor: 'var(--hover)' },
  '.cm-activeLineGutter': { backgroundColor: 'var(--hover)', color: 'var(--text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'color-mix(in srgb, var(--accent) 28%, transparent)' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--accent-soft)', outline: '1px solid var(--accent)' },
  '.cm-foldGutter span': { cursor: 'pointer' },
  '.cm-foldPlaceholder': { backgroundColor: 'var(--sunken)', border: 'none', color: 'var(--text-muted)', padding: '0 4px' },

  '.cm-lintRange': { backgroundImage: 'none !important', textDecorationLine: 'underline', textDecorationStyle: 'wavy', textUnderlineOffset: '3px', paddingBottom: '0' },
  '.cm-lintRange-error': { textDecorationColor: 'var(--problem)', backgroundColor: 'var(--problem-soft)' },
  '.cm-lintRange-warning': { textDecorationColor: 'var(--attention)', backgroundColor: 'var(--attention-soft)' },
  '.cm-lintRange-active': { outline: '1px solid var(--line-strong)' },
  '.cm-gutter-lint': { width: '18px' },
  '.cm-lint-marker': { width: '14px', height: '20px', lineHeight: '20px', textAlign: 'center', fontSize: '12px', padding: '0' },
  '.cm-lint-marker-error, .cm-lint-marker-warning': { content: 'normal' },
  '.cm-lint-marker-error::before': { content: '"▲"', color: 'var(--problem)' },
  '.cm-lint-marker-warning::before': { content: '"◆"', color: 'var(--attention)' },

  '.cm-tooltip': { ...tooltip, maxWidth: 'min(460px, 92vw)', zIndex: '30' },
  '.cm-diagnostic': { padding: 'var(--s2) var(--s3)', borderLeft: 'none', whiteSpace: 'normal' },
  '.cm-diagnostic + .cm-diagnostic': { borderTop: '1px solid var(--line)' },
  '.cm-diagnosticAction, .code-fix': { display: 'block', width: '100%', margin: 'var(--s1) 0 0', padding: 'var(--s1) var(--s2)', border: '1px solid var(--line-strong)', borderRadius: 'var(--radius-small)', backgroundColor: 'var(--surface)', color: 'var(--accent-strong)', font: 'inherit', textAlign: 'left', cursor: 'pointer', overflowWrap: 'anywhere' },
  '.cm-diagnosticAction:hover, .code-fix:hover, .code-fix:focus-visible': { backgroundColor: 'var(--accent-soft)', borderColor: 'var(--accent)', outline: 'none' },
  '.code-hint, .code-muted': { color: 'var(--text-muted)' },
  '.code-hint': { marginTop: 'var(--s1)' },
  '.code-doc, .code-fixes': { padding: 'var(--s2) var(--s3)', maxWidth: '420px' },
  '.code-doc p': { margin: '0', whiteSpace: 'pre-line' },
  '.code-doc p + p, .code-doc pre': { margin: 'var(--s2) 0 0' },
  '.code-doc pre, .code-doc code': { fontFamily: 'var(--font-mono)', fontSize: '12px' },
  '.code-doc pre': { padding: 'var(--s1) var(--s2)', borderRadius: 'var(--radius-small)', backgroundColor: 'var(--sunken)', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' },
  '.code-doc strong': { display: 'block', marginBottom: 'var(--s1)', fontWeight: '600' },

  '.cm-tooltip.cm-tooltip-autocomplete': { maxWidth: 'min(440px, 92vw)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { maxHeight: '264px', minWidth: '220px', fontFamily: 'var(--font-mono)', fontSize: '13px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { display: 'flex', alignItems: 'center', gap: 'var(--s2)', padding: '2px var(--s2)', lineHeight: '20px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: 'var(--accent)', color: 'var(--on-accent)' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-completionDetail': { flex: '1 1 auto', marginLeft: 'var(--s3)', color: 'var(--text-muted)', fontStyle: 'normal', fontFamily: 'var(--font)', fontSize: '12px', textAlign: 'right', overflow: 'hidden', textOverflow: 'ellipsis' },
  'li[aria-selected] > .cm-completionDetail': { color: 'inherit' },
  '.cm-completionInfo': { padding: '0', maxWidth: 'min(400px, 60vw)' },
  '.code-swatch': { flex: 'none', width: '14px', height: '14px', borderRadius: 'var(--radius-small)', border: '1px solid var(--line-strong)' },

  '.cm-panels': { backgroundColor: 'var(--chrome)', color: 'var(--text)', borderColor: 'var(--line)' },
  '.cm-panel.cm-search': { padding: 'var(--s2)', fontFamily: 'var(--font)' },
  '.cm-panel.cm-search label': { display: 'inline-flex', alignItems: 'center', gap: '4px' },
  '.cm-textfield': { border: '1px solid var(--line-input)', borderRadius: 'var(--radius-small)', backgroundColor: 'var(--surface)', color: 'var(--text)', minHeight: '24px' },
  '.cm-button': { border: '1px solid var(--line-strong)', borderRadius: 'var(--radius-small)', backgroundColor: 'var(--surface)', backgroundImage: 'none', color: 'var(--text)', minHeight: '24px' },
  '.cm-button:active': { backgroundImage: 'none', backgroundColor: 'var(--press)' },
  '.cm-searchMatch': { backgroundColor: 'var(--attention-soft)', outline: '1px solid var(--attention-line)' },
  '.cm-searchMatch-selected': { backgroundColor: 'var(--accent-soft)', outlineColor: 'var(--accent)' },
  '.cm-selectionMatch': { backgroundColor: 'var(--accent-soft)' },
})

export const highlighting = syntaxHighlighting(HighlightStyle.define([
  { tag: [tags.tagName, tags.propertyName], color: 'var(--accent-strong)', fontWeight: '600' },
  { tag: [tags.attributeName], color: 'var(--information)' },
  { tag: [tags.attributeValue, tags.string], color: 'var(--good)' },
  { tag: [tags.comment], color: 'var(--text-muted)', fontStyle: 'italic' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--attention)' },
  { tag: [tags.angleBracket, tags.punctuation], color: 'var(--text-soft)' },
]))
