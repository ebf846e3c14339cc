import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askedBy, nothingAsked, queryOf } from '../../web/static/pages/explore-words.js'

const COLUMNS = [{ name: 'state', kind: 'code' }, { name: 'data.text', kind: 'text' }, { name: 'data.title', kind: 'text' }]
const [A, B] = [{ column: 'state', operator: 'equal', value: 'agreed' }, { column: 'done', operator: 'greater', value: 1 }]

for (const asked of [{}, { tests: [A] }, { tests: [A, B] }, { tests: [A, B], any: true }, { words: 'ferry' }, { tests: [A, B], words: 'ferry' }, { tests: [A], words: 'ferry' }]) {
  test(`a view gives back what was asked: ${JSON.stringify(asked)}`, () => {
    const whole = { ...nothingAsked(), ...asked }
    assert.deepEqual(askedBy(queryOf(whole, COLUMNS), COLUMNS), whole)
  })
}

for (const query of [{ not: A }, { and: [{ or: [A, B] }, A] }, { or: [{ and: [A, B] }, { not: B }] }, { and: [A, B], more: 1 }]) {
  test(`a filter that cannot be drawn stays what it is: ${JSON.stringify(query)}`, () => {
    assert.deepEqual(queryOf(askedBy(query, COLUMNS), COLUMNS), query)
  })
}

test('a filter that came along holds together with those that are added', () => {
  assert.deepEqual(queryOf({ ...askedBy({ not: A }, COLUMNS), tests: [B] }, COLUMNS), { and: [B, { not: A }] })
})
