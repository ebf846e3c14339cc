import assert from 'node:assert/strict'
import { test } from 'node:test'
import { against, inWords, shared } from '../../web/static/pages/review-diff.js'

// Ana has a1 to a4; Ben shares a1, names a2 otherwise, lacks a3 and a4, and has b9 alone. Cem shares a1 and a2.
const consensus = { controls: {
  box: { pairs: [
    { a: 1, b: 2, details: { matched: [['a1', 'b1', 0.9]], renamed: [['a2', 'b2', 0.8]], missing: ['b9'], extra: ['a3', 'a4'] } },
    { a: 1, b: 3, details: { matched: [['a1', 'c1', 0.9], ['a2', 'c2', 0.7]], renamed: [], missing: [], extra: ['a3', 'a4'] } },
    { a: 2, b: 3, details: { matched: [['b1', 'c1', 0.9]], renamed: [['b2', 'c2', 0.7]], missing: [], extra: ['b9'] } },
  ] },
  mood: { pairs: [{ a: 1, b: 2, score: 0 }] },
} }

test('an answer differs from another by what it lacks, has alone and names otherwise', () => {
  assert.deepEqual(against(consensus, 1, 2), { renamed: ['b2'], missing: ['b9'], extra: ['a3', 'a4'] })
})

test('seen from the other side, what was extra is missing', () => {
  assert.deepEqual(against(consensus, 2, 1), { renamed: ['a2'], missing: ['a3', 'a4'], extra: ['b9'] })
})

test('regions that all have under one name are shared', () => {
  assert.deepEqual([...shared(consensus, 1, [2, 3])], ['a1'])
  assert.deepEqual([...shared(consensus, 3, [1, 2])], ['c1'])
})

for (const [what, given, words] of [
  ['all three', { renamed: ['x'], missing: ['y', 'z'], extra: ['w'] }, '2 missing, 1 with another label, 1 extra'],
  ['one', { renamed: [], missing: [], extra: ['w'] }, '1 extra'],
  ['none', { renamed: [], missing: [], extra: [] }, ''],
]) test(`${what} in words`, () => assert.equal(inWords(given), words))

test('without details nothing differs that could be drawn', () => {
  assert.deepEqual(against({ controls: { mood: { pairs: [{ a: 1, b: 2 }] } } }, 1, 2), { renamed: [], missing: [], extra: [] })
  assert.equal(shared(null, 1, []).size, 0)
})
