import assert from 'node:assert/strict'
import { test } from 'node:test'
import { flatten, found, isBranch, keyed, unfolded } from '../../web/static/elements/taxonomy-tree.js'

const leaf = (text, more = {}) => ({ stored: text, text, ...more })
const TREE = [
  leaf('Animals', { children: [leaf('Cats', { children: [leaf('Lion'), leaf('House cat', { stored: 'cat', alias: 'cat' })] }), leaf('Dogs')] }),
  leaf('Plants', { children: [leaf('Oak')] }), leaf('Other'),
]
const nodes = flatten(TREE)
const texts = (rows) => rows.map((node) => node.text)
const place = (text) => nodes.find((node) => node.text === text).at

test('a tree is flat in the order of the config, with paths of stored names and texts', () => {
  assert.deepEqual(texts(nodes), ['Animals', 'Cats', 'Lion', 'House cat', 'Dogs', 'Plants', 'Oak', 'Other'])
  const cat = nodes[3]
  assert.deepEqual([cat.path, cat.full, cat.level, cat.place, cat.siblings, nodes[cat.parent].text], [['Animals', 'Cats', 'cat'], 'Animals / Cats / House cat', 3, 2, 2, 'Cats'])
  assert.equal(flatten(TREE, ' > ')[2].full, 'Animals > Cats > Lion')
})

test('branches know where what is beneath them ends', () => {
  assert.deepEqual(nodes.filter(isBranch).map((node) => [node.text, nodes[node.end]?.text]), [['Animals', 'Plants'], ['Cats', 'Dogs'], ['Plants', 'Other']])
})

test('only what stands under open branches is shown, and an open branch under a closed one is not', () => {
  assert.deepEqual(texts(unfolded(nodes, new Set())), ['Animals', 'Plants', 'Other'])
  assert.deepEqual(texts(unfolded(nodes, new Set([place('Animals')]))), ['Animals', 'Cats', 'Dogs', 'Plants', 'Other'])
  assert.deepEqual(texts(unfolded(nodes, new Set([place('Cats')]))), ['Animals', 'Plants', 'Other'])
})

for (const [query, names] of [
  ['cat', ['Cats', 'Lion', 'House cat']], ['animals lion', ['Lion']], ['LION', ['Lion']], ['plants / oak', ['Oak']], ['unicorn', []], ['  ', []],
]) test(`"${query}" finds ${names.join(', ') || 'nothing'}`, () => assert.deepEqual(texts(found(nodes, query)), names))

test('keys of the tree: down, into a branch, out of it, and to the ends', () => {
  const open = new Set([place('Animals')])
  const rows = unfolded(nodes, open)
  assert.deepEqual(keyed(rows, 0, 'ArrowDown', open, 5), { at: 1 })
  assert.deepEqual(keyed(rows, 1, 'ArrowRight', open, 5), { at: 1, open: place('Cats') })
  assert.deepEqual(keyed(rows, 0, 'ArrowRight', open, 5), { at: 1 })
  assert.deepEqual(keyed(rows, 0, 'ArrowLeft', open, 5), { at: 0, close: place('Animals') })
  assert.deepEqual(keyed(rows, 2, 'ArrowLeft', open, 5), { at: 0 })
  assert.deepEqual([keyed(rows, 1, 'End', open, 5), keyed(rows, 4, 'Home', open, 5), keyed(rows, 4, 'ArrowDown', open, 5)], [{ at: 4 }, { at: 0 }, { at: 4 }])
  assert.equal(keyed(rows, 4, 'ArrowRight', open, 5), null)
})

test('where one reads from right to left, the left arrow goes in and the right one out', () => {
  const open = new Set([place('Animals')])
  const rows = unfolded(nodes, open)
  assert.deepEqual(keyed(rows, 1, 'ArrowLeft', open, 5, true), { at: 1, open: place('Cats') })
  assert.deepEqual(keyed(rows, 0, 'ArrowRight', open, 5, true), { at: 0, close: place('Animals') })
  assert.deepEqual(keyed(rows, 2, 'ArrowRight', open, 5, true), { at: 0 })
})

test('two thousand levels do not break the walk, and ten thousand nodes keep their order', () => {
  let deep = leaf('bottom')
  for (let level = 0; level < 2000; level++) deep = leaf(`l${level}`, { children: [deep] })
  assert.equal(flatten([deep]).length, 2001)
  const wide = flatten(Array.from({ length: 100 }, (_, at) => leaf(`f${at}`, { children: Array.from({ length: 99 }, (_, one) => leaf(`s${at}.${one}`)) })))
  assert.deepEqual([wide.length, found(wide, 'f42 s42.7').length, unfolded(wide, new Set()).length], [10_000, 11, 100])
})
