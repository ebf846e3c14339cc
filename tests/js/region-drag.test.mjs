import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dropped } from '../../web/static/elements/region-drag.js'

/** @param {Record<string, string>} parents by id; '' has none */
const regions = (parents) => Object.fromEntries(Object.entries(parents).map(([id, parent]) => [id, { id, ...(parent ? { parent } : {}) }]))
const FLAT = regions({ a: '', b: '', c: '' })
const TREE = regions({ a: '', b: 'a', c: 'b', d: '', e: 'd' })
const order = (moved, to, region) => ({ type: 'reorder', regions: moved, to, region })

test('onto a row the rows come under it, between rows they take that place', () => {
  assert.deepEqual(dropped(FLAT, ['a'], { id: 'c', part: 'onto' }, true, true), [{ type: 'group', regions: ['a'], parent: 'c' }])
  assert.deepEqual(dropped(FLAT, ['a'], { id: 'c', part: 'before' }, true, true), [order(['a'], 'before', 'c')])
  assert.deepEqual(dropped(FLAT, ['a', 'b'], { id: 'c', part: 'after' }, true, true), [order(['a', 'b'], 'after', 'c')])
})

test('in a list that has another order there is no place between rows', () => {
  assert.deepEqual(dropped(FLAT, ['a'], { id: 'c', part: 'before' }, false, true), [{ type: 'group', regions: ['a'], parent: 'c' }])
})

test('beside all rows they leave their group, if they are in one', () => {
  assert.deepEqual(dropped(TREE, ['b'], { id: '', part: 'onto' }, true, true), [{ type: 'ungroup', regions: ['b'] }])
  assert.equal(dropped(FLAT, ['b'], { id: '', part: 'onto' }, true, true), null)
})

test('between rows of a group they join it, and leave it between others: where rows stand under their parents', () => {
  assert.deepEqual(dropped(TREE, ['d'], { id: 'b', part: 'after' }, true, true), [{ type: 'group', regions: ['d'], parent: 'a' }, order(['d'], 'after', 'b')])
  assert.deepEqual(dropped(TREE, ['b', 'd'], { id: 'a', part: 'before' }, true, true), [{ type: 'ungroup', regions: ['b'] }, order(['b', 'd'], 'before', 'a')])
  assert.deepEqual(dropped(TREE, ['b'], { id: 'd', part: 'before' }, true, false), [order(['b'], 'before', 'd')])
})

test('nothing goes into itself or into what is inside it', () => {
  assert.equal(dropped(TREE, ['a'], { id: 'a', part: 'onto' }, true, true), null)
  assert.equal(dropped(TREE, ['a'], { id: 'c', part: 'after' }, true, true), null)
  assert.equal(dropped(TREE, ['a', 'c'], { id: 'c', part: 'before' }, true, true), null)
  assert.equal(dropped(TREE, ['a'], { id: 'gone', part: 'onto' }, true, true), null)
})
