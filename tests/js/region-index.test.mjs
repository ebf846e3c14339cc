import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RegionIndex } from '../../web/static/elements/region-index.js'

const box = (id, n, x, y, width, height, more = {}) => ({ id, n, object: 'img', kind: 'rectangle', shape: { x, y, width, height, rotation: 0 }, ...more })

test('only what changed is told, though the regions are one object that is changed in place', () => {
  const regions = { a: box('a', 1, 0, 0, 10, 10), b: box('b', 2, 50, 50, 10, 10) }
  const index = new RegionIndex('img', 100, 100)
  assert.equal(index.sync(regions).length, 2)
  assert.deepEqual(index.sync(regions), [])
  regions.a = box('a', 1, 20, 20, 10, 10)
  const changed = index.sync(regions)
  assert.deepEqual(changed.map((item) => item.minX), [0, 20])
  assert.deepEqual(index.at(5, 5), [])
  delete regions.b
  assert.deepEqual(index.sync(regions).map((item) => item.id), ['b'])
  assert.deepEqual(index.at(55, 55), [])
  assert.deepEqual(index.at(25, 25).map((item) => item.id), ['a'])
})

test('regions of other objects and spans are left alone', () => {
  const index = new RegionIndex('img', 100, 100)
  index.sync({ a: box('a', 1, 0, 0, 10, 10, { object: 'other' }), s: { id: 's', n: 2, object: 'img', kind: 'span', shape: { start16: 0, end16: 3 } } })
  assert.equal(index.items.size, 0)
})

test('under a point the smallest comes first, hidden ones never', () => {
  const index = new RegionIndex('img', 100, 100)
  index.sync({ big: box('big', 1, 0, 0, 90, 90), small: box('small', 2, 10, 10, 5, 5), gone: box('gone', 3, 10, 10, 2, 2, { hidden: true }) })
  assert.deepEqual(index.at(11, 11).map((item) => item.id), ['small', 'big'])
})

test('an area gives regions in the order of painting', () => {
  const index = new RegionIndex('img', 100, 100)
  index.sync({ later: box('later', 9, 0, 0, 10, 10), first: box('first', 1, 5, 5, 10, 10), far: box('far', 2, 90, 90, 5, 5) })
  assert.deepEqual(index.within({ minX: 0, minY: 0, maxX: 20, maxY: 20 }).map((item) => item.id), ['first', 'later'])
})

test('a turned box is found by its own corners, not by its upright shape', () => {
  const index = new RegionIndex('img', 100, 100)
  index.sync({ a: box('a', 1, 50, 50, 20, 10, { shape: { x: 50, y: 50, width: 20, height: 10, rotation: 90 } }) })
  assert.deepEqual(index.at(45, 60).map((item) => item.id), ['a'])
  assert.deepEqual(index.at(60, 55), [])
})
