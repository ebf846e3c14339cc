import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ImageView, MAX_SCALE } from '../../web/static/elements/image-view.js'

const near = (actual, expected, slack = 1e-9) => assert.ok(Math.abs(actual - expected) <= slack, `${actual} is not ${expected}`)

for (const turn of [0, 1, 2, 3]) {
  test(`screen and image are each other's inverse after ${turn} quarter turns, and the matrix agrees`, () => {
    const view = Object.assign(new ImageView(640, 480), { scale: 1.7, tx: 13, ty: -5, turn })
    const [sx, sy] = view.toScreen(100, 50)
    const [x, y] = view.toImage(sx, sy)
    near(x, 100)
    near(y, 50)
    const [a, b, c, d, e, f] = view.matrix()
    near(a * 100 + c * 50 + e, sx)
    near(b * 100 + d * 50 + f, sy)
  })
}

test('fitting shows all of the image, centred', () => {
  const view = new ImageView(2000, 1000).fit(1016, 816)
  near(view.scale, 0.5)
  assert.deepEqual(view.toScreen(0, 0), [8, 158])
  assert.deepEqual(view.toScreen(2000, 1000), [1008, 658])
})

test('a turned image is fitted by its turned size', () => {
  const view = Object.assign(new ImageView(2000, 1000), { turn: 1 }).fit(516, 1016)
  near(view.scale, 0.5)
})

test('a thumbnail is not blown up without end', () => assert.equal(new ImageView(10, 10).fit(1000, 1000).scale, 4))

test('the point under the pointer stays there while zooming in', () => {
  const view = new ImageView(2000, 1000).fit(1000, 800)
  const before = view.toImage(700, 420)
  view.zoomAt(700, 420, 4, 1000, 800)
  const after = view.toImage(700, 420)
  near(after[0], before[0], 1e-6)
  near(after[1], before[1], 1e-6)
})

test('zoom ends at the fitted size below and at MAX_SCALE above', () => {
  const view = new ImageView(2000, 1000).fit(1000, 800)
  const fitted = view.scale
  near(view.zoomAt(0, 0, 0.001, 1000, 800).scale, fitted)
  assert.ok(view.zoomAt(0, 0, 0.5, 1000, 800, true).scale < fitted)
  assert.equal(view.zoomAt(0, 0, 1e9, 1000, 800).scale, MAX_SCALE)
})

test('panning never loses the image', () => {
  const view = new ImageView(2000, 1000).fit(1000, 800).zoomAt(500, 400, 4, 1000, 800)
  view.pan(1e6, 1e6, 1000, 800)
  assert.deepEqual(view.toScreen(0, 0), [500, 400])
  view.pan(-1e6, -1e6, 1000, 800)
  const [right, bottom] = view.toScreen(2000, 1000)
  near(right, 500, 1e-6)
  near(bottom, 400, 1e-6)
})

test('revealing does nothing for what is seen and brings in what is not', () => {
  const view = new ImageView(2000, 1000).fit(1000, 800)
  assert.equal(view.reveal({ minX: 10, minY: 10, maxX: 20, maxY: 20 }, 1000, 800), false)
  view.zoomAt(0, 0, 10, 1000, 800)
  const target = { minX: 1900, minY: 900, maxX: 1950, maxY: 950 }
  assert.equal(view.reveal(target, 1000, 800), true)
  const [x, y] = view.toScreen(1925, 925)
  assert.ok(x > 0 && x < 1000 && y > 0 && y < 800)
})
