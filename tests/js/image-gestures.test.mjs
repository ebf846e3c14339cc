import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cycled, move, press, release } from '../../web/static/elements/image-gestures.js'

const at = (x, y, more = {}) => ({ x, y, sx: x, sy: y, ...more })
const context = (more = {}) => ({ width: 1000, height: 800, draw: false, readonly: false, snap: false, hits: [], handle: null, selection: [], boxes: new Map(), ...more })
const BOX = { x: 100, y: 100, w: 50, h: 40, r: 0 }

/** Runs a drag through the machine. */
function drag(from, to, given) {
  const pressed = press(null, from, given)
  return release(move(pressed, to, given), to, given, 1)
}

test('a drag with the drawing tool adds a box', () => {
  assert.deepEqual(drag(at(10, 20), at(60, 50), context({ draw: true })), { gesture: null, effect: { add: { x: 10, y: 20, w: 50, h: 30, r: 0 } } })
})

test('two clicks add a box, and a click without room does not end it', () => {
  const given = context({ draw: true })
  const first = release(press(null, at(10, 20), given), at(10, 20), given, 1)
  assert.equal(first.effect, null)
  assert.equal(first.gesture.kind, 'draw')
  const moved = move(first.gesture, at(40, 60), given)
  const short = release(press(moved, at(11, 21), given), at(11, 21), given, 1)
  assert.deepEqual([short.gesture.kind, short.effect], ['draw', null])
  const second = release(press(short.gesture, at(40, 60), given), at(40, 60), given, 1)
  assert.deepEqual(second, { gesture: null, effect: { add: { x: 10, y: 20, w: 30, h: 40, r: 0 } } })
})

test('a small tremble is a click, also while drawing: it picks the region under it', () => {
  const given = context({ draw: true, hits: ['a', 'b'] })
  assert.deepEqual(drag(at(10, 10), at(12, 11), given).effect, { click: ['a', 'b'], extend: false })
})

test('a drag while drawing makes a box inside another one', () => {
  assert.ok('add' in drag(at(110, 110), at(140, 130), context({ draw: true, hits: ['a'], selection: ['a'], boxes: new Map([['a', BOX]]) })).effect)
})

test('a drag on the selected box moves it', () => {
  const given = context({ hits: ['a'], selection: ['a'], boxes: new Map([['a', BOX]]) })
  assert.deepEqual(drag(at(110, 110), at(120, 105), given).effect, { edit: { id: 'a', box: { ...BOX, x: 110, y: 95 } } })
})

test('several boxes move by the same distance and stop together at the border', () => {
  const boxes = new Map([['a', BOX], ['b', { ...BOX, x: 940 }]])
  assert.deepEqual(drag(at(110, 110), at(160, 110), context({ hits: ['a'], selection: ['a', 'b'], boxes })).effect, { nudge: { dx: 10, dy: 0 } })
})

test('a drag on a box that is not selected moves the view, not the box', () => {
  const given = context({ hits: ['a'] })
  assert.equal(move(press(null, at(110, 110), given), at(150, 110), given).kind, 'pan')
})

test('a locked or foreign box cannot be moved', () => {
  const given = context({ hits: ['a'], selection: ['a'], boxes: new Map() })
  assert.equal(move(press(null, at(110, 110), given), at(150, 110), given).kind, 'pan')
})

test('a handle resizes; letting go at the start tells nothing', () => {
  const given = context({ hits: ['a'], handle: 'se', selection: ['a'], boxes: new Map([['a', BOX]]) })
  assert.deepEqual(drag(at(150, 140), at(170, 150), given).effect, { edit: { id: 'a', box: { ...BOX, w: 70, h: 50 } } })
  assert.equal(release(press(null, at(150, 140), given), at(150, 140), given, 1).effect, null)
})

test('shift turns in steps of 15 degrees', () => {
  const given = context({ handle: 'rotate', selection: ['a'], boxes: new Map([['a', BOX]]) })
  const pulled = move(press(null, at(125, 80), given), at(300, 112, { shift: true }), given)
  assert.equal(pulled.now.r, 90)
})

test('shift and a drag select what lies in the area', () => {
  const result = drag(at(10, 90, { shift: true }), at(60, 20, { shift: true }), context())
  assert.deepEqual(result.effect, { area: { minX: 10, minY: 20, maxX: 60, maxY: 90 } })
})

test('space or the middle button move the view, whatever the tool', () => {
  assert.equal(press(null, at(5, 5, { pan: true }), context({ draw: true })).kind, 'pan')
})

test('a click on nothing clears the selection once', () => {
  assert.deepEqual(drag(at(5, 5), at(5, 5), context({ selection: ['a'] })).effect, { select: [], extend: false })
  assert.equal(drag(at(5, 5), at(5, 5), context()).effect, null)
})

test('nothing is drawn where one may only read', () => {
  assert.equal(drag(at(10, 20), at(60, 50), context({ draw: true, readonly: true })).effect, null)
})

test('snapping draws whole pixels', () => {
  assert.deepEqual(drag(at(10.4, 20.4), at(60.6, 50.2), context({ draw: true, snap: true })).effect, { add: { x: 10, y: 20, w: 51, h: 30, r: 0 } })
})

test('a repeated click goes through the overlapping regions and begins again', () => {
  assert.deepEqual([cycled(['a', 'b'], []), cycled(['a', 'b'], ['a']), cycled(['a', 'b'], ['b']), cycled(['a', 'b'], ['x'])], ['a', 'b', 'a', 'a'])
})
