import assert from 'node:assert/strict'
import { test } from 'node:test'
import { columns, digits, following, isNoMove, landing, moved, neighbour, sent, step } from '../../web/static/elements/rank-order.js'

const IDS = ['a', 'b', 'c']
const LIST = { name: 'order' }
const SORT = { name: 'sort', buckets: [{ name: 'good', title: 'Good' }, { name: 'bad', title: 'Bad' }] }
const shape = (given) => Object.fromEntries(given.map(({ name, ids }) => [name, ids.join('')]))

test('without buckets there is one list under the ranker\'s name, at first in the order of the data', () => {
  assert.deepEqual(shape(columns(LIST, IDS, undefined)), { order: 'abc' })
  assert.deepEqual(shape(columns(LIST, IDS, { ranker: { order: ['c', 'a'] } })), { order: 'cab' })
})

test('with buckets the rest stands first, under _, or in the default bucket', () => {
  assert.deepEqual(columns(SORT, IDS, { ranker: { good: ['b'] } }, 'All').map(({ title, ids }) => [title, ids.join('')]), [['All', 'ac'], ['Good', 'b'], ['Bad', '']])
  const preset = { name: 'sort', buckets: [{ name: 'good', title: 'Good' }, { name: 'bad', title: 'Bad', default: true }] }
  assert.deepEqual(shape(columns(preset, IDS, { ranker: { good: ['b'] } })), { good: 'b', bad: 'ac' })
})

test('items that the data does not have, and items named twice, are shown once or not at all', () => {
  assert.deepEqual(shape(columns(SORT, IDS, { ranker: { good: ['z', 'a'], bad: ['a', 'b'] } })), { _: 'c', good: 'a', bad: 'b' })
})

test('moves on their way are shown in their order', () => {
  const moves = [{ item: 'c', index: 0 }, { item: 'a', index: 2 }]
  assert.deepEqual(shape(columns(LIST, IDS, { moves })), { order: 'cba' })
  assert.deepEqual(shape(moved(columns(SORT, IDS, undefined), { item: 'b', bucket: 'bad', index: 9 })), { _: 'ac', good: '', bad: 'b' })
})

for (const [item, way, move] of [
  ['b', 'up', { item: 'b', bucket: '_', index: 0 }], ['a', 'up', null], ['c', 'down', null], ['a', 'down', { item: 'a', bucket: '_', index: 1 }],
  ['c', 'right', { item: 'c', bucket: 'good', index: 0 }], ['c', 'left', null],
]) test(`Alt and ${way} on ${item}`, () => assert.deepEqual(step(columns(SORT, IDS, undefined), item, way), move))

test('arrows go from card to card, over empty buckets', () => {
  const given = columns(SORT, IDS, { ranker: { bad: ['c'] } })
  assert.deepEqual([neighbour(given, 'a', 'down'), neighbour(given, 'b', 'right'), neighbour(given, 'c', 'left'), neighbour(given, 'a', 'up')], ['b', 'c', 'a', 'a'])
})

test('a dragged card lands before the first one whose middle is lower, in the nearest column', () => {
  const boxes = [
    { name: '_', left: 0, right: 100, top: 0, bottom: 150, cards: [{ id: 'a', top: 0, bottom: 40 }, { id: 'b', top: 50, bottom: 90 }, { id: 'c', top: 100, bottom: 140 }] },
    { name: 'good', left: 110, right: 200, top: 0, bottom: 150, cards: [] },
  ]
  assert.deepEqual(landing(boxes, 'a', 50, 75), { item: 'a', bucket: '_', index: 1 })
  assert.deepEqual(landing(boxes, 'a', 50, 500), { item: 'a', bucket: '_', index: 2 })
  assert.deepEqual(landing(boxes, 'a', 999, 10), { item: 'a', bucket: 'good', index: 0 })
  assert.ok(isNoMove(columns(SORT, IDS, undefined), { item: 'a', bucket: '_', index: 0 }))
  assert.ok(!isNoMove(columns(SORT, IDS, undefined), { item: 'a', bucket: 'good', index: 0 }))
})

test('where columns stand beneath each other, as on a phone, the height decides', () => {
  const boxes = ['_', 'good', 'bad'].map((name, at) => ({ name, left: 0, right: 300, top: at * 100, bottom: at * 100 + 90, cards: [] }))
  assert.deepEqual([50, 150, 194, 197, 500].map((y) => landing(boxes, 'a', 60, y).bucket), ['_', 'good', 'good', 'bad', 'bad'])
})

test('a digit sends a card into the bucket of that number, 0 takes it out again, in one list to that place', () => {
  const given = columns(SORT, IDS, { ranker: { good: ['b'] } })
  assert.deepEqual(digits(given), ['0', '1', '2'])
  assert.deepEqual(['0', '1', '2', '3'].map((digit) => sent(given, 'b', digit)), [{ item: 'b', bucket: '_', index: 2 }, null, { item: 'b', bucket: 'bad', index: 0 }, null])
  const list = columns(LIST, IDS, undefined)
  assert.deepEqual(['0', '1', '4'].map((digit) => sent(list, 'c', digit)), [null, { item: 'c', bucket: 'order', index: 0 }, null])
})

test('with a bucket in which all items begin, buckets count from 1', () => {
  const preset = { name: 'sort', buckets: [{ name: 'good' }, { name: 'bad', default: true }] }
  assert.deepEqual(digits(columns(preset, IDS, undefined)), ['1', '2'])
  const many = { name: 'sort', buckets: Array.from({ length: 11 }, (_, at) => ({ name: `b${at}` })) }
  assert.deepEqual(digits(columns(many, IDS, undefined)).slice(8), ['8', '9', '', ''])
})

test('after a card was sent away the next one of its column has the keyboard', () => {
  const given = columns(SORT, IDS, { ranker: { good: ['b'] } })
  assert.deepEqual(['a', 'c', 'b'].map((item) => following(given, item)), ['c', 'a', 'b'])
})
