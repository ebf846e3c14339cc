import assert from 'node:assert/strict'
import { test } from 'node:test'
import { figureBounds, figureHit, figureOf } from '../../web/static/elements/image-figures.js'
import { changedPlaces, coversAt, figureOfMask } from '../../web/static/elements/image-masks.js'
import { nothing, ofValues } from '../../web/static/elements/mask-rows.js'
import { RegionIndex } from '../../web/static/elements/region-index.js'

const near = (actual, expected, slack = 0.5) => assert.ok(Math.abs(actual - expected) <= slack, `${actual} is not ${expected}`)
const make = (kind, shape, width = 200, height = 100) => figureOf({ kind, shape, color: '#e69f00' }, width, height, () => {})

test('an ellipse stands around its centre, its radii in percent of width and of height', () => {
  const area = figureBounds(make('ellipse', { x: 50, y: 50, radiusX: 10, radiusY: 20, rotation: 0 }))
  near(area.minX, 80)
  near(area.maxX, 120)
  near(area.minY, 30)
  near(area.maxY, 70)
})

test('a turned ellipse is turned in pixels, not in percent', () => {
  const area = figureBounds(make('ellipse', { x: 50, y: 50, radiusX: 20, radiusY: 10, rotation: 90 }))
  near(area.maxX - area.minX, 20)
  near(area.maxY - area.minY, 80)
})

test('a closed polygon is hit inside, an open one only on its line', () => {
  const points = [[10, 10], [90, 10], [90, 90], [10, 90]]
  const [closed, open] = [make('polygon', { points, closed: true }), make('polygon', { points, closed: false })]
  assert.deepEqual([figureHit(closed, 100, 50, 2), figureHit(open, 100, 50, 2)], [true, false])
  assert.deepEqual([figureHit(closed, 100, 11, 2), figureHit(open, 100, 11, 2)], [true, true])
  assert.deepEqual([figureHit(closed, 19, 50, 2), figureHit(open, 19, 50, 2)], [true, false], 'the last side is drawn only when closed')
  assert.equal(figureHit(closed, 5, 50, 2), false)
})

test('an old polygon without closed is closed', () => assert.equal(make('polygon', { points: [[0, 0], [9, 0], [9, 9]] }).paths[0].closed, true))

test('a key point has its diameter in percent of the width, and can be hit however small it is', () => {
  const point = make('keypoint', { x: 50, y: 50, width: 4 })
  assert.equal(point.radius, 4)
  assert.equal(figureHit(make('keypoint', { x: 50, y: 50, width: 0.01 }), 103, 50, 3), true)
})

test('a vector follows the vertex before each, and branches', () => {
  const vertices = [{ id: 'a', x: 0, y: 0 }, { id: 'b', x: 50, y: 0, prevPointId: 'a' }, { id: 'c', x: 50, y: 50, prevPointId: 'b' }, { id: 'd', x: 100, y: 0, prevPointId: 'b' }]
  const found = make('vector', { vertices, closed: false })
  assert.deepEqual(found.paths.map((path) => path.points), [[[0, 0], [100, 0], [100, 50]], [[100, 0], [200, 0]]])
  assert.equal(found.corners.length, 4)
})

test('a closed vector comes back to where it began', () => {
  const vertices = [{ id: 'a', x: 0, y: 0 }, { id: 'b', x: 50, y: 0, prevPointId: 'a' }, { id: 'c', x: 50, y: 50, prevPointId: 'b' }]
  const found = make('vector', { vertices, closed: true })
  assert.deepEqual([found.paths.length, found.paths[0].closed, found.paths[0].points.at(-1)], [1, true, [0, 0]])
})

test('a curve bends towards its handles and meets both ends', () => {
  const vertices = [{ id: 'a', x: 0, y: 50, isBezier: true, controlPoint2: { x: 0, y: 0 } }, { id: 'b', x: 100, y: 50, prevPointId: 'a', isBezier: true, controlPoint1: { x: 100, y: 0 } }]
  const { points } = make('vector', { vertices, closed: false }).paths[0]
  assert.deepEqual([points[0], points.at(-1)], [[0, 50], [200, 50]])
  const middle = points[8]
  near(middle[0], 100)
  near(middle[1], 12.5)
})

test('shapes without anything to draw are left out, and never throw', () => {
  for (const [kind, shape] of [['polygon', { points: [] }], ['vector', {}], ['brush', { format: 'rle', rle: [1, 2] }], ['brush', {}], ['bitmask', { imageDataURL: 'https://example.org/x.png' }], ['hologram', {}]]) {
    assert.equal(make(kind, shape), null, `${kind} ${JSON.stringify(shape)}`)
  }
})

test('a mask is cut to what it covers, and is hit only there', () => {
  const alpha = new Uint8Array(10 * 10)
  for (const [x, y] of [[2, 3], [4, 3], [4, 5]]) alpha[y * 10 + x] = 255
  const { mask } = figureOfMask(ofValues(alpha, 10, 10), 100, 50)
  assert.deepEqual(mask.box, { x: 20, y: 15, w: 30, h: 15 })
  assert.deepEqual([coversAt(mask, 25, 17), coversAt(mask, 35, 17), coversAt(mask, 45, 17), coversAt(mask, 45, 27), coversAt(mask, 95, 17)], [true, false, true, true, false])
})

test('an empty mask covers nothing', () => {
  const { mask } = figureOfMask(nothing(10, 10), 100, 50)
  assert.deepEqual([mask.box.w, coversAt(mask, 0, 0)], [0, false])
})

const FIGURES = { figureOf, figureBounds, figureHit, changedPlaces }
const region = (id, kind, shape, more = {}) => ({ id, n: Number(id.slice(1)), object: 'img', kind, shape, color: '#000000', labels: [], ...more })

test('the index asks for the code of other shapes, and holds them once it is there', () => {
  const regions = { r1: region('r1', 'rectangle', { x: 0, y: 0, width: 10, height: 10 }), r2: region('r2', 'polygon', { points: [[50, 50], [90, 50], [90, 90]] }) }
  const index = new RegionIndex('img', 200, 100)
  index.sync(regions)
  assert.deepEqual([[...index.items.keys()], index.lacking], [['r1'], true])
  index.figures = FIGURES
  index.sync(regions)
  assert.deepEqual([...index.items.keys()], ['r1', 'r2'])
  assert.deepEqual([index.at(170, 60).map((item) => item.id), index.at(110, 85).map((item) => item.id)], [['r2'], []], 'the triangle, not the box around it')
})

test('a page shows its own regions only', () => {
  const box = { x: 0, y: 0, width: 10, height: 10 }
  const regions = { r1: region('r1', 'rectangle', box), r2: region('r2', 'rectangle', box, { item: 1 }), r3: region('r3', 'rectangle', box, { item: 1 }) }
  const [first, second, plain] = [0, 1, undefined].map((page) => new RegionIndex('img', 200, 100, page))
  for (const index of [first, second, plain]) index.sync(regions)
  assert.deepEqual([first, second, plain].map((index) => [...index.items.keys()]), [['r1'], ['r2', 'r3'], ['r1', 'r2', 'r3']])
})
