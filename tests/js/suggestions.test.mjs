import assert from 'node:assert/strict'
import { test } from 'node:test'
import { current, decide, scores, suggested, suggestedAnswers, under } from '../../web/static/elements/suggestion-steps.js'

const region = (id, n, more = {}) => ({ id, n, suggestion: true, hidden: false, ...more })
const view = (selection = [], answers = {}) => ({
  regions: { b: region('b', 2, { score: 0.5 }), a: region('a', 1, { score: 0.9 }), c: region('c', 3), own: region('own', 4, { suggestion: false }), far: region('far', 5, { hidden: true }) },
  answers, selection,
})

test('suggestions come in the order of the list, without what is hidden or decided', () => {
  assert.deepEqual(suggested(view()).map(({ id }) => id), ['a', 'b', 'c'])
  assert.deepEqual(scores(view()), [0.5, 0.9])
  assert.deepEqual(suggestedAnswers(view([], { mood: { choices: ['x'], suggestion: true }, own: { choices: ['y'] } })), ['mood'])
})

test('a key decides the selected suggestion, else the first, and goes on to the next', () => {
  assert.equal(current(view(['own'])).id, 'a')
  assert.deepEqual(decide(view(['b']), 'accept'), { intents: [{ type: 'accept', regions: ['b'] }, { type: 'select', regions: ['c'], add: false }], next: { region: 'c' } })
  assert.deepEqual(decide(view(['c']), 'reject').next, { region: 'a' })
  assert.deepEqual(decide(view(['own']), 'reject').intents[0], { type: 'reject', regions: ['a'] })
})

test('several that are selected are decided at once', () => {
  assert.deepEqual(decide(view(['a', 'b']), 'accept').intents, [{ type: 'accept', regions: ['a', 'b'] }, { type: 'select', regions: ['c'], add: false }])
})

test('answers come after the regions, and then there is nothing left', () => {
  const answers = { mood: { suggestion: true }, tone: { suggestion: true } }
  const one = { ...view(['a'], answers), regions: { a: region('a', 1) } }
  assert.deepEqual(decide(one, 'accept'), { intents: [{ type: 'accept', regions: ['a'] }], next: { control: 'mood' } })
  const none = { ...one, regions: {}, selection: [] }
  assert.deepEqual(decide(none, 'reject'), { intents: [{ type: 'reject', controls: ['mood'] }], next: { control: 'tone' } })
  assert.equal(decide({ regions: {}, answers: {}, selection: [] }, 'accept'), null)
})

test('a press with a smart tool means the smallest suggestion under it', () => {
  const { regions } = view()
  assert.equal(under(regions, ['own', 'b', 'a']), 'b')
  assert.equal(under(regions, ['own']), undefined)
})
