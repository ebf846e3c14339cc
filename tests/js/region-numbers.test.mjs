import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boxOf, numbered, shapeOf } from '../../web/static/elements/region-numbers.js'

const SIZE = { width: 200, height: 100 }
for (const [kind, shape, box] of [
  ['rectangle', { x: 10, y: 20, width: 30, height: 40, rotation: 0 }, { x: 20, y: 20, w: 60, h: 40, r: 0 }],
  ['ellipse', { x: 50, y: 50, radiusX: 10, radiusY: 20, rotation: 30 }, { x: 80, y: 30, w: 40, h: 40, r: 30 }],
  ['keypoint', { x: 25, y: 10, width: 0.5 }, { x: 50, y: 10, w: 0, h: 0, r: 0 }],
]) {
  test(`${kind}: numbers in pixels, and back`, () => {
    assert.deepEqual(boxOf({ kind, shape }, SIZE), box)
    assert.deepEqual(shapeOf({ kind, shape }, box, SIZE), shape)
    assert.deepEqual(boxOf({ kind, shape: shapeOf({ kind, shape }, { ...box, x: box.x + 5 }, SIZE) }, SIZE).x, box.x + 5)
  })
}
test('what is no number, and no extent, is no shape', () => {
  const region = { kind: 'rectangle', shape: {} }
  for (const wrong of [{ x: NaN }, { w: 0 }, { h: -3 }]) assert.equal(shapeOf(region, { x: 1, y: 1, w: 5, h: 5, r: 0, ...wrong }, SIZE), null)
})
test('other kinds have no such numbers', () => {
  assert.equal(boxOf({ kind: 'polygon', shape: { points: [] } }, SIZE), null)
  assert.deepEqual(numbered({ kind: 'polygon' }), [])
})
