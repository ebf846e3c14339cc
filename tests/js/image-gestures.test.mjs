import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as edit from '../../web/static/elements/image-edit.js'
import { cycled, move, press, release } from '../../web/static/elements/image-gestures.js'

const at = (x, y, more = {}) => ({ x, y, sx: x, sy: y, ...more })
const SELECT = { tool: 'select' }
const BOX_TOOL = { tool: 'rectangle', control: 'box', color: '#e69f00' }
const context = (more = {}) => ({
  width: 1000, height: 800, scale: 1, readonly: false, snap: false, tool: SELECT, hits: [], handle: null, selection: [], selected: [], boxes: new Map(), frame: null, vertex: null, edit, ...more,
})
const BOX = { x: 100, y: 100, w: 50, h: 40, r: 0 }
const shape = (x, y, width, height, rotation = 0) => ({ x, y, width, height, rotation })
const chosen = (id, kind = 'rectangle', given = shape(10, 12.5, 5, 5)) => ({ id, n: 1, object: 'img', control: 'box', kind, shape: given, labels: [], color: '#000' })
const one = (more = {}) => context({ hits: ['a'], selection: ['a'], selected: [chosen('a')], boxes: new Map([['a', BOX]]), ...more })

/** Runs a drag through the machine. */
function drag(from, to, given) {
  const pressed = press(null, from, given)
  return release(move(pressed, to, given), to, given, 1)
}

test('a drag with the drawing tool adds a box in percent', () => {
  assert.deepEqual(drag(at(10, 20), at(60, 60), context({ tool: BOX_TOOL })), { gesture: null, effect: { intent: { type: 'add_region', control: 'box', shape: shape(1, 2.5, 5, 5) } } })
})

test('two clicks add a box, and a click without room does not end it', () => {
  const given = context({ tool: BOX_TOOL })
  const first = release(press(null, at(10, 20), given), at(10, 20), given, 1)
  assert.equal(first.effect, null)
  assert.equal(first.gesture.step, 'draw')
  const moved = move(first.gesture, at(40, 60), given)
  const short = release(press(moved, at(11, 21), given), at(11, 21), given, 1)
  assert.deepEqual([short.gesture.step, short.effect], ['draw', null])
  const second = release(press(short.gesture, at(40, 60), given), at(40, 60), given, 1)
  assert.deepEqual(second.effect.intent.shape, shape(1, 2.5, 3, 5))
})

test('a small tremble is a click, also while drawing: it picks the region under it', () => {
  assert.deepEqual(drag(at(10, 10), at(12, 11), context({ tool: BOX_TOOL, hits: ['a', 'b'] })).effect, { click: ['a', 'b'], extend: false })
})

test('a drag while drawing makes a box inside another one', () => {
  assert.equal(drag(at(110, 110), at(140, 130), one({ tool: BOX_TOOL })).effect.intent.type, 'add_region')
})

test('a drag on the selected box moves it', () => {
  assert.deepEqual(drag(at(110, 110), at(120, 110), one()).effect, { intent: { type: 'edit_region', region: 'a', shape: shape(11, 12.5, 5, 5) } })
})

test('a figure, and several regions, move by one transform and stop together at the border', () => {
  const boxes = new Map([['a', BOX], ['b', { ...BOX, x: 940 }]])
  const selected = [chosen('a'), chosen('b')]
  assert.deepEqual(drag(at(110, 110), at(160, 110), context({ hits: ['a'], selection: ['a', 'b'], selected, boxes })).effect, { intent: { type: 'transform', dx: 10, dy: 0 } })
  assert.deepEqual(drag(at(110, 110), at(120, 115), one({ selected: [chosen('a', 'ellipse')] })).effect, { intent: { type: 'transform', dx: 10, dy: 5 } })
})

test('Alt and a drag copy what is selected', () => {
  assert.deepEqual(drag(at(110, 110, { alt: true }), at(120, 115), one()).effect, { copy: { dx: 10, dy: 5 } })
})

test('a drag on a box that is not selected moves the view, not the box', () => {
  const given = context({ hits: ['a'] })
  assert.equal(move(press(null, at(110, 110), given), at(150, 110), given).kind, 'pan')
})

test('a locked or foreign box cannot be moved', () => {
  const given = context({ hits: ['a'], selection: ['a'] })
  assert.equal(move(press(null, at(110, 110), given), at(150, 110), given).kind, 'pan')
})

test('a handle resizes; letting go at the start tells nothing', () => {
  const given = one({ handle: 'se' })
  assert.deepEqual(drag(at(150, 140), at(170, 148), given).effect, { intent: { type: 'edit_region', region: 'a', shape: shape(10, 12.5, 7, 6) } })
  assert.equal(release(press(null, at(150, 140), given), at(150, 140), given, 1).effect, null)
})

test('shift turns in steps of 15 degrees', () => {
  const given = one({ handle: 'rotate' })
  const pulled = move(press(null, at(125, 80), given), at(300, 112, { shift: true }), given)
  assert.equal(pulled.now.r, 90)
})

test('the frame around several regions scales them about its far corner and turns them about its middle', () => {
  const frame = { minX: 100, minY: 100, maxX: 300, maxY: 200 }
  const two = (handle) => context({ handle, frame, selection: ['a', 'b'], selected: [chosen('a'), chosen('b')], boxes: new Map([['a', BOX], ['b', BOX]]) })
  assert.deepEqual(drag(at(300, 200), at(400, 250), two('se')).effect.intent, { type: 'transform', scale: { x: 1.5, y: 1.5 }, about: [10, 12.5] })
  assert.deepEqual(drag(at(300, 150), at(200, 150), two('e')).effect.intent, { type: 'transform', scale: { x: 0.5, y: 1 }, about: [10, 18.75] })
  assert.deepEqual(drag(at(200, 70), at(300, 151, { shift: true }), two('rotate')).effect.intent, { type: 'transform', rotate: 90, about: [20, 18.75] })
  assert.equal(release(press(null, at(300, 200), two('se')), at(300, 200), two('se'), 1).effect, null)
})

test('shift and a drag select what lies in the area, also while boxes are drawn', () => {
  for (const tool of [SELECT, BOX_TOOL]) {
    const result = drag(at(10, 90, { shift: true }), at(60, 20, { shift: true }), context({ tool }))
    assert.deepEqual(result.effect, { area: { minX: 10, minY: 20, maxX: 60, maxY: 90 } })
  }
})

test('space or the middle button move the view, and what was being drawn goes on afterwards', () => {
  assert.equal(press(null, at(5, 5, { pan: true }), context({ tool: BOX_TOOL })).kind, 'pan')
  const drawing = { tool: 'rectangle', step: 'draw', ax: 1, ay: 1, bx: 5, by: 5, clicks: true }
  const panned = move(press(drawing, at(5, 5, { pan: true }), context()), at(9, 9), context())
  assert.deepEqual(release(panned, at(9, 9), context(), 1), { gesture: drawing, effect: null })
})

test('a click on nothing clears the selection once', () => {
  assert.deepEqual(drag(at(5, 5), at(5, 5), context({ selection: ['a'] })).effect, { select: [], extend: false })
  assert.equal(drag(at(5, 5), at(5, 5), context()).effect, null)
})

test('nothing is drawn where one may only read', () => {
  assert.equal(drag(at(10, 20), at(60, 50), context({ tool: BOX_TOOL, readonly: true })).effect, null)
})

test('snapping draws whole pixels', () => {
  assert.deepEqual(drag(at(10.4, 20.4), at(60.6, 60.2), context({ tool: BOX_TOOL, snap: true })).effect.intent.shape, shape(1, 2.5, 5.1, 5))
})

test('a repeated click goes through the overlapping regions and begins again', () => {
  assert.deepEqual([cycled(['a', 'b'], []), cycled(['a', 'b'], ['a']), cycled(['a', 'b'], ['b']), cycled(['a', 'b'], ['x'])], ['a', 'b', 'a', 'a'])
})
