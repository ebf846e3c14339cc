import assert from 'node:assert/strict'
import { test } from 'node:test'
import { angleTo, between, bounds, contains, corners, fromPercent, moved, onPixels, pointOf, resized, toLocal, toPercent, turned } from '../../web/static/elements/geometry.js'

const near = (actual, expected, slack = 1e-9) => assert.ok(Math.abs(actual - expected) <= slack, `${actual} is not ${expected}`)
const nearBox = (actual, expected) => { for (const key of ['x', 'y', 'w', 'h', 'r']) near(actual[key], expected[key], 1e-6) }
const TURNED = { x: 300, y: 200, w: 120, h: 50, r: 30 }

test('percent and pixels are each other\'s inverse', () => {
  const shape = { x: 10.5, y: 20, width: 30, height: 12.25, rotation: 45 }
  assert.deepEqual(fromPercent(shape, 200, 400), { x: 21, y: 80, w: 60, h: 49, r: 45 })
  assert.deepEqual(toPercent(fromPercent(shape, 200, 400), 200, 400), shape)
})

test('a shape without rotation is upright', () => assert.equal(fromPercent({ x: 0, y: 0, width: 1, height: 1 }, 10, 10).r, 0))

test('corners of a turned box follow the formulas of the format', () => {
  const a = (30 * Math.PI) / 180
  const [topLeft, topRight, bottomRight, bottomLeft] = corners(TURNED)
  assert.deepEqual(topLeft, [300, 200])
  near(topRight[0], 300 + 120 * Math.cos(a))
  near(topRight[1], 200 + 120 * Math.sin(a))
  near(bottomRight[0], 300 + 120 * Math.cos(a) - 50 * Math.sin(a))
  near(bottomRight[1], 200 + 120 * Math.sin(a) + 50 * Math.cos(a))
  near(bottomLeft[0], 300 - 50 * Math.sin(a))
  near(bottomLeft[1], 200 + 50 * Math.cos(a))
})

test('turning keeps the centre and the size, and moves the stored corner', () => {
  for (const degrees of [0, 17, 90, 180, -135]) {
    const box = turned(TURNED, degrees)
    near(pointOf(box, 0.5, 0.5)[0], pointOf(TURNED, 0.5, 0.5)[0], 1e-6)
    near(pointOf(box, 0.5, 0.5)[1], pointOf(TURNED, 0.5, 0.5)[1], 1e-6)
    assert.deepEqual([box.w, box.h], [120, 50])
  }
  nearBox(turned(turned(TURNED, 77), 30), TURNED)
  near(turned(TURNED, 190).r, -170)
})

test('the top edge looks at the point that the rotating handle is pulled to', () => {
  const box = { x: 100, y: 100, w: 40, h: 20, r: 0 }
  near(angleTo(box, 120, 0), 0)
  near(angleTo(box, 500, 110), 90)
  near(angleTo(box, 120, 500), 180)
})

for (const [handle, opposite] of [['nw', [1, 1]], ['se', [0, 0]], ['ne', [0, 1]], ['sw', [1, 0]]]) {
  test(`pulling ${handle} of a turned box leaves the opposite corner where it is`, () => {
    const before = pointOf(TURNED, ...opposite)
    const after = resized(TURNED, handle, 320, 240)
    const corner = pointOf(after, ...opposite)
    near(corner[0], before[0], 1e-6)
    near(corner[1], before[1], 1e-6)
  })
}

test('a handle pulled past its opposite edge flips the box and keeps its size positive', () => {
  assert.deepEqual(resized({ x: 10, y: 10, w: 20, h: 20, r: 0 }, 'e', 0, 15), { x: 0, y: 10, w: 10, h: 20, r: 0 })
})

test('a box between two points is upright and inside the image, in whichever order they come', () => {
  const box = { x: 0, y: 40, w: 50, h: 60, r: 0 }
  assert.deepEqual(between(50, 120, -10, 40, 80, 100), box)
  assert.deepEqual(between(-10, 40, 50, 120, 80, 100), box)
})

test('a box inside the image stops at its border; one that sticks out moves freely', () => {
  assert.deepEqual(moved({ x: 70, y: 0, w: 20, h: 20, r: 0 }, 30, -5, 100, 100), { x: 80, y: 0, w: 20, h: 20, r: 0 })
  assert.deepEqual(moved({ x: -5, y: 0, w: 20, h: 20, r: 0 }, -10, 0, 100, 100), { x: -15, y: 0, w: 20, h: 20, r: 0 })
})

test('points are inside in the box\'s own axes', () => {
  assert.ok(contains(TURNED, ...pointOf(TURNED, 0.99, 0.99)))
  assert.ok(!contains(TURNED, ...pointOf(TURNED, 1.01, 0.5)))
  assert.ok(contains(TURNED, ...pointOf(TURNED, 1.01, 0.5), 2))
  const [lx, ly] = toLocal(TURNED, ...pointOf(TURNED, 0.25, 0.5))
  near(lx, 30)
  near(ly, 25)
})

test('bounds hold every corner', () => {
  const { minX, minY, maxX, maxY } = bounds(TURNED)
  for (const [x, y] of corners(TURNED)) assert.ok(x >= minX && x <= maxX && y >= minY && y <= maxY)
})

test('pixel snapping moves edges to whole pixels and keeps at least one', () => {
  assert.deepEqual(onPixels({ x: 1.4, y: 1.6, w: 2.3, h: 0.1, r: 0 }), { x: 1, y: 2, w: 3, h: 1, r: 0 })
  assert.equal(onPixels(TURNED), TURNED)
})
