/** Typing in the name of a tag writes the same into the name of its end tag, and the other way round. */
import { syntaxTree } from '@codemirror/language'
import { EditorState } from '@codemirror/state'

/** @typedef {import('@lezer/common').SyntaxNode} SyntaxNode */

/** @param {SyntaxNode} tag */
const nameOf = (tag) => tag.getChild('TagName') ?? tag.getChild('MismatchedTagName')

/**
 * The name of the other tag of an element, if both are the same now.
 * @param {EditorState} state @param {number} from @param {number} to what is changed
 */
function partner(state, from, to) {
  const name = syntaxTree(state).resolveInner(from, -1)
  const own = name.name === 'TagName' ? name : syntaxTree(state).resolveInner(from, 1)
  const tag = own.name === 'TagName' ? own.parent : null
  if (!tag || from < own.from || to > own.to || (tag.name !== 'OpenTag' && tag.name !== 'CloseTag')) return null
  const open = tag.parent?.getChild('OpenTag')
  if (!open?.lastChild || open.lastChild.name !== 'EndTag' || open.getChild('⚠')) return null // a tag that is being written has no pair yet
  const other = tag.parent?.getChild(tag.name === 'OpenTag' ? 'CloseTag' : 'OpenTag')
  const found = other ? nameOf(other) : null
  if (!found || state.sliceDoc(found.from, found.to) !== state.sliceDoc(own.from, own.to)) return null
  return { own, other: found }
}

export const renamePairs = EditorState.transactionFilter.of((transaction) => {
  const typed = transaction.isUserEvent('input.type') || transaction.isUserEvent('delete') || transaction.isUserEvent('input.complete')
  if (!typed || !transaction.docChanged || transaction.startState.selection.ranges.length > 1) return transaction
  /** @type {{from: number, to: number, text: string}[]} */
  const changes = []
  transaction.changes.iterChanges((from, to, _from, _to, text) => changes.push({ from, to, text: text.toString() }))
  if (changes.length !== 1 || !/^[\w:.-]*$/.test(changes[0].text)) return transaction
  const [{ from, to, text }] = changes
  const pair = partner(transaction.startState, from, to)
  if (!pair) return transaction
  const start = pair.other.from + from - pair.own.from
  return [transaction, { changes: { from: start, to: start + to - from, insert: text }, sequential: false }]
})
