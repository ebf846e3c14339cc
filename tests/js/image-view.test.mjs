import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ImageView, MAX_SCALE, MIN_SCALE } from '../../web/static/elements/image-view.js'

const near = (actual, expected, slack = 1e-9) => assert.ok(Math.abs(actual - expected) <= slack, `${actual} is not ${expected}`)

for (const [turn, flip] of [0, 1, 2, 3].flatMap((turns) => [[turns, false], [turns, true]])) {
  test(`screen and image are each other's inverse after ${turn} quarter turns${flip ? ' and mirrored' : ''}, and the matrix agrees`, () => {
    const view = Object.assign(new ImageView(640, 480), { scale: 1.7, tx: 13, ty: -5, turn, flip })
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

test('the point under the pointer stays there while there is still room beside the image', () => {
  const view = new ImageView(1000, 1000).fit(1600, 800)
  const before = view.toImage(500, 300)
  view.zoomAt(500, 300, 1.3, 1600, 800)
  near(view.toImage(500, 300)[0], before[0], 1e-6)
  const { tx } = view
  assert.equal(view.pan(50, 0, 1600, 800).tx, tx) // all of its width is seen: nothing to move
  view.zoomAt(500, 300, 0.5, 1600, 800)
  near(view.toScreen(500, 500)[0], 800, 1e-6) // smaller than it fits, it is in the middle
})

test('zoom goes from 5 % to MAX_SCALE', () => {
  const view = new ImageView(2000, 1000).fit(1000, 800)
  assert.equal(view.zoomAt(0, 0, 0.001, 1000, 800).scale, MIN_SCALE)
  assert.equal(view.zoomAt(0, 0, 1e9, 1000, 800).scale, MAX_SCALE)
})

test('an image too large for 5 % can still be seen whole', () => {
  const view = new ImageView(30000, 30000).fit(816, 816)
  near(view.scale, 800 / 30000)
  view.zoomAt(400, 400, 100, 816, 816)
  near(view.zoomAt(0, 0, 1e-6, 816, 816).scale, 800 / 30000)
})

test('a quarter turn goes clockwise as it is seen, mirrored or not', () => {
  for (const flip of [false, true]) {
    const view = Object.assign(new ImageView(100, 50), { flip }).fit(500, 500)
    const [top] = [view.toScreen(flip ? 75 : 25, 0)] // on the upper edge, left of the middle
    view.quarter().fit(500, 500)
    const [x, y] = view.toScreen(flip ? 75 : 25, 0)
    assert.ok(top[0] < 250 && top[1] < 250)
    assert.ok(x > 250 && y < 250, `${x}, ${y} is not the upper right`)
  }
})

test('mirroring keeps what is seen in the middle in the middle', () => {
  const view = new ImageView(2000, 1000).fit(1000, 800).zoomAt(700, 420, 5, 1000, 800)
  const [x, y] = view.toImage(500, 400)
  view.mirror(1000, 800)
  const [sx, sy] = view.toScreen(x, y)
  near(sx, 500, 1e-6)
  near(sy, 400, 1e-6)
  assert.ok(view.toScreen(x + 10, y)[0] < sx)
})

test('a region is framed in the middle, with room around it, turned or not', () => {
  for (const turn of [0, 1]) {
    const view = Object.assign(new ImageView(4000, 3000), { turn }).fit(1000, 800).frame({ minX: 1900, maxX: 2100, minY: 1450, maxY: 1500 }, 1000, 800)
    near(view.scale, turn ? (0.6 * 800) / 200 : (0.6 * 1000) / 200)
    const [sx, sy] = view.toScreen(2000, 1475)
    near(sx, 500, 1e-6)
    near(sy, 400, 1e-6)
  }
  assert.equal(new ImageView(4000, 3000).fit(1000, 800).frame({ minX: 50, maxX: 50, minY: 50, maxY: 50 }, 1000, 800).scale, MAX_SCALE)
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
