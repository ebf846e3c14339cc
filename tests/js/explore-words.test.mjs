import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askedBy, askedWords, doneWords, nothingAsked, queryOf, undoneWords } from '../../web/static/pages/explore-words.js'

const COLUMNS = [{ name: 'state', kind: 'code' }, { name: 'data.text', kind: 'text' }, { name: 'data.title', kind: 'text' }]
const [A, B] = [{ column: 'state', operator: 'equal', value: 'agreed' }, { column: 'done', operator: 'greater', value: 1 }]

for (const asked of [{}, { tests: [A] }, { tests: [A, B] }, { tests: [A, B], any: true }, { words: 'ferry' }, { tests: [A, B], words: 'ferry' }, { tests: [A], words: 'ferry' },
  { tests: [A], groups: [{ any: true, tests: [A, B] }] }, { any: true, groups: [{ any: false, tests: [A, B] }, { any: false, tests: [B, A] }], words: 'ferry' }]) {
  test(`a view gives back what was asked: ${JSON.stringify(asked)}`, () => {
    const whole = { ...nothingAsked(), ...asked }
    assert.deepEqual(askedBy(queryOf(whole, COLUMNS), COLUMNS), whole)
  })
}

for (const query of [{ not: A }, { and: [{ or: [A, { and: [A, B] }] }, A] }, { or: [{ and: [A, B] }, { not: B }] }, { and: [A, B], more: 1 }]) {
  test(`a filter that cannot be drawn stays what it is: ${JSON.stringify(query)}`, () => {
    assert.deepEqual(queryOf(askedBy(query, COLUMNS), COLUMNS), query)
  })
}

test('a filter that came along holds together with those that are added', () => {
  assert.deepEqual(queryOf({ ...askedBy({ not: A }, COLUMNS), tests: [B] }, COLUMNS), { and: [B, { not: A }] })
})

test('what a change came to, and what became of taking it back, reads as a sentence', () => {
  assert.equal(doneWords('assigned to Ana', { changed: 1, same: 12, missing: 1 }), '1 task assigned to Ana; 12 had that already; 1 is no longer there.')
  assert.equal(doneWords('got priority 7', { changed: 1312, same: 0, missing: 0 }), '1,312 tasks got priority 7.')
  assert.equal(undoneWords({ restored: 1, left: 2, missing: 3 }), '1 task is as before; 2 were changed since and left alone; 3 are no longer there.')
})

test('a group of one filter, or of none, asks for no more than its filters', () => {
  assert.deepEqual(queryOf({ ...nothingAsked(), tests: [A], groups: [{ any: true, tests: [B] }, { any: true, tests: [] }] }, COLUMNS), { and: [A, B] })
})

test('filters read as a sentence, with brackets only where they hold something together', () => {
  const say = (asked) => askedWords({ ...nothingAsked(), ...asked }, {})
  assert.equal(say({}), '')
  assert.equal(say({ tests: [A, B] }), 'Tasks where State is Agreed and Answers is more than 1.')
  assert.equal(say({ tests: [A], groups: [{ any: true, tests: [A, B] }] }), 'Tasks where State is Agreed and (State is Agreed or Answers is more than 1).')
  assert.equal(say({ groups: [{ any: true, tests: [A, B] }] }), 'Tasks where State is Agreed or Answers is more than 1.')
  assert.equal(say({ tests: [A, B], any: true, words: 'ferry' }), 'Tasks where (State is Agreed or Answers is more than 1) and “ferry” is in the data.')
})
