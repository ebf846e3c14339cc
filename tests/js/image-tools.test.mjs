import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { ImageView } from '../../web/static/elements/image-view.js'
import { rotateHandle } from '../../web/static/elements/image-painter.js'
import * as edit from '../../web/static/elements/image-edit.js'
import { labelPicked, takeTool, takesUp } from '../../web/static/elements/surface-tools.js'
import { nearestOn, snapTo } from '../../web/static/elements/geometry-near.js'
import { move, press, release } from '../../web/static/elements/image-gestures.js'
import { thin } from '../../web/static/elements/image-tools/polygon.js'
import { TOOLS, imageTool, inHand, loadTools, toolsFor } from '../../web/static/elements/image-tools/registry.js'

before(() => loadTools(TOOLS.map(({ kind }) => kind)))

const at = (x, y, more = {}) => ({ x, y, sx: x, sy: y, ...more })
const context = (tool, more = {}) => ({
  width: 100, height: 100, scale: 1, readonly: false, snap: false, tool: { tool, control: 'c' }, hits: [], handle: null, selection: [], selected: [], boxes: new Map(), frame: null, vertex: null, edit,
  control: { name: 'c', ...more.control }, owner: { name: 'c', ...more.control }, ...more.context,
})

/** Clicks, one after the other; the last effect and gesture. */
function clicks(points, given, gesture = null) {
  let last = { gesture, effect: null }
  for (const point of points) {
    const moved = last.gesture ? move(last.gesture, point, given) : null
    last = release(press(moved, point, given), point, given, 1)
  }
  return last
}
const region = (kind, shape, control = 'c') => ({ id: 'a', n: 1, object: 'img', control, kind, shape, labels: [], color: '#000' })

/** Pulls a handle of a selected region. */
function pull(kind, shape, handle, from, to, more = {}) {
  const given = context('select', { ...more, context: { handle, selection: ['a'], selected: [region(kind, shape)], boxes: new Map([['a', { x: 0, y: 0, w: 1, h: 1, r: 0 }]]), tool: { tool: 'select' } } })
  const pressed = press(null, from, given)
  return release(to ? move(pressed, to, given) : pressed, to ?? from, given, 1)
}

test('every tool has a module of its own kind, those for shapes a letter of their own', () => {
  for (const { kind } of TOOLS) assert.equal(imageTool(kind).kind, kind)
  const keys = TOOLS.filter(({ base }) => base !== 'brush' && base !== 'bitmask').map(({ key }) => key)
  assert.equal(new Set(keys).size, keys.length)
})

test('a config has the tools of its controls', () => {
  const image = { name: 'img', type: 'image' }
  const kinds = (...controls) => toolsFor(image, controls.map((shape) => ({ name: shape, to: ['img'], shape, type: shape }))).map(({ kind }) => kind)
  assert.deepEqual(kinds('rectangle', 'polygon'), ['rectangle', 'rectangle3', 'polygon'])
  assert.deepEqual(kinds(), [])
})

test('the tool that was chosen is in hand where it can be used, with the color of its label', () => {
  const offered = { tool: 'rectangle', control: 'r', color: 'red', more: [{ tool: 'polygon', control: 'p', color: 'blue' }] }
  assert.deepEqual(inHand(offered, { tool: 'polygon' }), { tool: 'polygon', control: 'p', color: 'blue' })
  assert.equal(inHand(offered, { tool: 'rectangle3' }).tool, 'rectangle3')
  assert.equal(inHand(offered, undefined), offered)
  assert.equal(inHand(offered, { tool: 'select' }).tool, 'select')
  assert.equal(inHand(offered, { tool: 'ellipse' }).tool, 'select', 'its label is still to be picked')
  assert.equal(inHand(undefined, { tool: 'polygon' }).tool, 'select', 'one may only look')
})

test('a click takes up a label that is not lit, or that is while the select tool is in hand', () => {
  const surface = (more = {}) => /** @type {any} */ ({
    drawn: { objects: [{ name: 'img', type: 'image' }, { name: 'txt', type: 'text' }] }, tools: {}, control: (name) => ({ box: { to: ['img'] }, span: { to: ['txt'] } })[name],
    shown: { active: { box: ['Car'] }, selection: [] }, ...more,
  })
  const [car, person, word] = [{ control: 'box', label: 'Car' }, { control: 'box', label: 'Person' }, { control: 'span', label: 'Noun' }]
  assert.equal(takesUp(surface(), person), true)
  assert.equal(takesUp(surface(), car), false)
  assert.equal(takesUp(surface({ tools: { img: { tool: 'select' } } }), car), true)
  assert.equal(takesUp(surface({ tools: { img: { tool: 'select' } }, shown: { active: { box: ['Car'] }, selection: ['a'] } }), car), false)
  assert.equal(takesUp(surface({ tools: { img: { tool: 'eraser' } } }), car), true, 'an eraser makes nothing either')
  assert.equal(takesUp(surface(), word), true)
})

test('a label that is picked takes the tool in hand again that was there before the eraser', () => {
  const surface = /** @type {any} */ ({
    readonly: false, drawn: { objects: [{ name: 'img', type: 'image' }], controls: [{ name: 'm', to: ['img'], shape: 'brush', type: 'brushlabels' }] }, tools: {}, options: () => [],
    shown: { active: {}, selection: [], tools: { img: { tool: 'brush', control: 'm' } } }, control: (name) => surface.drawn.controls.find((control) => control.name === name),
  })
  for (const kind of ['magicwand', 'eraser', 'select', 'eraser']) takeTool(surface, 'img', kind)
  assert.equal(surface.tools.img.tool, 'eraser')
  labelPicked(surface, { type: 'pick_label', control: 'm' })
  assert.equal(surface.tools.img.tool, 'magicwand')
})

test('a click of a tool that drags picks what is there, beside the selected shape selects nothing, and else begins', () => {
  for (const tool of ['rectangle', 'ellipse']) {
    const given = (more) => context(tool, { context: more })
    assert.deepEqual(clicks([at(5, 5)], given({ hits: ['b'], selection: ['a'] })).effect, { click: ['b'], extend: false })
    assert.deepEqual(clicks([at(5, 5)], given({ selection: ['a'] })), { gesture: null, effect: { select: [], extend: false } })
    assert.equal(clicks([at(5, 5)], given({})).gesture.clicks, true)
  }
})

test('a polygon closes by a click on its first corner, a second click at the last, Enter or C', () => {
  const given = context('polygon')
  const shape = { points: [[10, 10], [50, 10], [50, 50]], closed: true }
  const three = [at(10, 10), at(50, 10), at(50, 50)]
  assert.deepEqual(clicks([...three, at(12, 11)], given).effect.intent, { type: 'add_region', control: 'c', shape })
  assert.deepEqual(clicks([...three, at(50, 50)], given).effect.intent.shape, shape)
  const open = clicks(three, given).gesture
  for (const key of ['Enter', 'c']) assert.deepEqual(imageTool('polygon').key(open, key, given).effect.intent.shape, shape)
})

test('a polygon of two corners does not close; Backspace takes corners back until nothing is left', () => {
  const given = context('polygon')
  const { key } = imageTool('polygon')
  const two = clicks([at(10, 10), at(50, 10)], given).gesture
  assert.equal(key(two, 'Enter', given).effect, null)
  assert.equal(clicks([at(50, 10)], given, two).effect, null)
  const first = key(two, 'Backspace', given).gesture
  assert.deepEqual(first.points, [[10, 10]])
  assert.equal(key(first, 'Backspace', given).gesture, null)
  assert.equal(key(null, 'Backspace', given), undefined)
})

test('Shift and a drag draw freehand: a loop that comes back closes, thinned to the corners it needs', () => {
  const given = context('polygon')
  const path = [[10, 10], [20, 10], [30, 10], [40, 10], [40, 20], [40, 30], [40, 40], [30, 40], [20, 40], [10, 40], [10, 30], [10, 20], [10, 14]]
  let gesture = press(null, at(10, 10, { shift: true }), given)
  for (const [x, y] of path) gesture = move(gesture, at(x, y, { shift: true }), given)
  const { effect } = release(gesture, at(10, 14), given, 1)
  assert.deepEqual(effect.intent.shape.points, [[10, 10], [40, 10], [40, 40], [10, 40], [10, 14]])
  assert.deepEqual(thin([[0, 0], [1, 0.1], [2, 0]], 1), [[0, 0], [2, 0]])
})

test('corners are drawn to what is near, to whole pixels where the config says so, and stay inside', () => {
  assert.deepEqual(clicks([at(11, 11, { near: { x: 10, y: 10, at: 'corner' } })], context('polygon')).gesture.points, [[10, 10]])
  assert.deepEqual(clicks([at(11.4, 11.6)], context('polygon', { context: { snap: true } })).gesture.points, [[11, 12]])
  assert.deepEqual(clicks([at(-5, 120)], context('polygon')).gesture.points, [[0, 100]])
})

test('a corner wins over an edge, and what is too far away draws nothing', () => {
  const square = [[10, 10], [50, 10], [50, 50], [10, 50]]
  const outline = [{ points: square, closed: true, corners: square }]
  assert.deepEqual(snapTo(outline, 13, 12, 5), { x: 10, y: 10, at: 'corner' })
  assert.deepEqual(snapTo(outline, 30, 12, 5), { x: 30, y: 10, at: 'edge' })
  assert.deepEqual(snapTo(outline, 12, 30, 5), { x: 10, y: 30, at: 'edge' }, 'the closing edge too')
  assert.equal(snapTo(outline, 30, 30, 5), null)
  assert.equal(nearestOn([[1, 1]], false, 0, 0), null)
})

test('an ellipse fills the box of its drag; with Alt it grows from the middle', () => {
  const given = context('ellipse')
  const drawn = (to, more) => release(move(press(null, at(20, 20), given), at(...to, more), given), at(...to, more), given, 1).effect.intent.shape
  assert.deepEqual(drawn([60, 40]), { x: 40, y: 30, radiusX: 20, radiusY: 10, rotation: 0 })
  assert.deepEqual(drawn([30, 25], { alt: true }), { x: 20, y: 20, radiusX: 10, radiusY: 5, rotation: 0 })
})

test('three points make a turned box, whichever side the third one is on', () => {
  const drawn = (...points) => clicks(points, context('rectangle3')).effect.intent.shape
  const close = (shape, wanted) => Object.entries(wanted).forEach(([name, value]) => assert.ok(Math.abs(shape[name] - value) < 1e-9, `${name}: ${shape[name]}`))
  close(drawn(at(20, 20), at(40, 40), at(30, 50)), { x: 20, y: 20, width: Math.hypot(20, 20), height: Math.hypot(10, 10), rotation: 45 })
  close(drawn(at(40, 40), at(20, 20), at(30, 50)), { x: 20, y: 20, width: Math.hypot(20, 20), height: Math.hypot(10, 10), rotation: 45 })
  close(drawn(at(20, 20), at(60, 20), at(30, 50)), { x: 20, y: 20, width: 40, height: 30, rotation: 0 })
  assert.equal(clicks([at(20, 20), at(60, 20), at(40, 21)], context('rectangle3')).effect, null, 'too flat')
})

test('a key point is set by a click inside the picture', () => {
  assert.deepEqual(clicks([at(20, 30)], context('keypoint')).effect.intent, { type: 'add_region', control: 'c', shape: { x: 20, y: 30, width: 0.5 } })
  assert.equal(clicks([at(-20, 30)], context('keypoint')).effect, null)
})

test('a path ends by a second click at its last point and never below its least', () => {
  const given = context('vector', { control: { min_points: 3 } })
  assert.equal(clicks([at(10, 10), at(40, 10), at(40, 10)], given).effect, null)
  const { intent } = clicks([at(10, 10), at(40, 10), at(40, 40), at(40, 40)], given).effect
  assert.deepEqual(intent.shape, {
    vertices: [
      { id: 'p1', x: 10, y: 10, prevPointId: null, isBezier: false }, { id: 'p2', x: 40, y: 10, prevPointId: 'p1', isBezier: false }, { id: 'p3', x: 40, y: 40, prevPointId: 'p2', isBezier: false },
    ], closed: false,
  })
})

test('a path that has all points it may have is done; one that may close does so at its first point', () => {
  assert.equal(clicks([at(10, 10), at(40, 10)], context('vector', { control: { max_points: 2 } })).effect.intent.shape.vertices.length, 2)
  const shape = (closable) => clicks([at(10, 10), at(40, 10), at(40, 40), at(11, 11)], context('vector', { control: { closable } }))
  assert.equal(shape(true).effect.intent.shape.closed, true)
  assert.equal(shape(false).effect, null)
})

test('a drag gives a new point the handles of a curve, where the config has curves', () => {
  const bend = (curves) => {
    const given = context('vector', { control: { curves } })
    return release(move(press(null, at(30, 30), given), at(40, 30), given), at(40, 30), given, 1).gesture.vertices[0]
  }
  assert.deepEqual(bend(true), { id: 'p1', x: 30, y: 30, prevPointId: null, isBezier: true, controlPoint2: { x: 40, y: 30 }, controlPoint1: { x: 20, y: 30 } })
  assert.equal(bend(false).isBezier, false)
})

test('a skeleton branches from a point that is clicked again', () => {
  const given = context('vector', { control: { skeleton: true } })
  const { gesture } = clicks([at(10, 10), at(40, 10), at(70, 10), at(40, 10), at(40, 60)], given)
  assert.deepEqual(gesture.vertices.map(({ prevPointId }) => prevPointId), [null, 'p1', 'p2', 'p2'])
})

test('a selected path goes on from its picked end; a skeleton from any point', () => {
  const shape = { vertices: [{ id: 'p1', x: 10, y: 10, prevPointId: null, isBezier: false }, { id: 'p2', x: 40, y: 10, prevPointId: 'p1', isBezier: false }], closed: false }
  const go = (vertex, skeleton) => clicks([at(40, 60), at(40, 60)], context('vector', { control: { skeleton }, context: { vertex, selection: ['a'], selected: [region('vector', shape)] } })).effect?.intent
  assert.deepEqual([go('v1', false).region, go('v1', false).shape.vertices[2].prevPointId], ['a', 'p2'])
  assert.deepEqual([go('v0', true).region, go('v0', true).shape.vertices[2].prevPointId], ['a', 'p1'])
  assert.equal(go('v0', false), undefined)
})

const TRIANGLE = { points: [[10, 10], [50, 10], [50, 50]], closed: true }

test('a corner is pulled; a press on an edge adds one; Alt takes one away, down to three', () => {
  assert.deepEqual(pull('polygon', TRIANGLE, 'v1', at(50, 10), at(60, 20)).effect.intent.shape.points[1], [60, 20])
  assert.deepEqual(pull('polygon', TRIANGLE, 'e2', at(50, 30)).effect.intent.shape.points, [[10, 10], [50, 10], [50, 30], [50, 50]])
  assert.deepEqual(pull('polygon', TRIANGLE, 'e0', at(30, 30)).effect.intent.shape.points.at(-1), [30, 30])
  const square = { points: [...TRIANGLE.points, [10, 50]], closed: true }
  assert.deepEqual(pull('polygon', square, 'v1', at(50, 10, { alt: true })).effect.intent.shape.points, [[10, 10], [50, 50], [10, 50]])
  assert.deepEqual(pull('polygon', TRIANGLE, 'v1', at(50, 10, { alt: true })).effect, { vertex: 'v1' })
  assert.deepEqual(pull('polygon', TRIANGLE, 'v1', at(50, 10)).effect, { vertex: 'v1' }, 'a click picks it')
})

test('by key a corner comes in the middle of the edge behind one, as long as the shape may have more', () => {
  const size = { width: 200, height: 100, scale: 1 }
  assert.deepEqual(['v0', 'v2'].map((handle) => edit.after(region('polygon', TRIANGLE), handle, size)), [{ handle: 'e1', x: 60, y: 10 }, { handle: 'e0', x: 60, y: 30 }])
  assert.equal(edit.after(region('polygon', { ...TRIANGLE, closed: false }), 'v2', size), null, 'nothing follows an open end')
  const path = region('vector', { vertices: [{ id: 'p1', x: 0, y: 0, prevPointId: null }, { id: 'p2', x: 10, y: 0, prevPointId: 'p1' }, { id: 'p3', x: 10, y: 10, prevPointId: 'p2' }], closed: true })
  assert.deepEqual(['v0', 'v1', 'v2'].map((handle) => edit.after(path, handle, size)?.handle), ['e1:0.5', 'e2:0.5', 'e0:0.5'])
  assert.equal(edit.after(path, 'v0', size, { max_points: 3 }), null, 'it has all that it may have')
  assert.equal(edit.after(region('ellipse', {}), 'e', size), null)
})

test('keys that come before the next frame add up, and each knows the corners of the one before', () => {
  const told = []
  const stage = /** @type {any} */ ({
    edit, size: { width: 100, height: 100, scale: 1 }, vertex: null, cursor: { x: 1, y: 1 }, camera: { reveal: () => false, toScreen: (x, y) => [x, y] },
    control: () => undefined, toolContext: () => context('select'), editable: () => ({ selected: [stage.region] }), region: region('polygon', TRIANGLE),
  })
  const keys = new edit.VertexKeys(stage, ({ intent }) => told.push(intent.shape.points), () => {})
  const press = (...names) => names.forEach((key) => assert.ok(keys.key(/** @type {any} */ ({ key, shiftKey: key.length > 6 }))))
  press(']', ']', 'ArrowRight', 'ArrowDown', '+')
  assert.deepEqual(told.at(-1), [[10, 10], [60, 20], [55, 35], [50, 50]])
  assert.equal(stage.cursor, null, 'arrows are the corner\'s')
  press('ArrowRight', 'Delete', 'Delete', 'Delete')
  assert.deepEqual(told.at(-1), [[10, 10], [60, 20], [50, 50]], 'the next corner is picked, and the last three stay')
  stage.region = region('polygon', { points: [[0, 0], [9, 0], [9, 9]], closed: true })
  press('ArrowRight')
  assert.deepEqual(told.at(-1), [[0, 0], [9, 0], [19, 9]], 'what is shown anew holds')
})

test('handles are found near the pointer, corners before edges', () => {
  const near = (x, y) => edit.handleNear(region('polygon', TRIANGLE), { width: 100, height: 100, scale: 1 }, undefined, x, y, 6)
  assert.deepEqual([near(52, 11), near(50, 30), near(30, 31), near(45, 15)], ['v1', 'e2', 'e0', null])
})

const CURVE = {
  vertices: [
    { id: 'p1', x: 10, y: 50, prevPointId: null, isBezier: true, controlPoint1: { x: 0, y: 50 }, controlPoint2: { x: 20, y: 30 } },
    { id: 'p2', x: 50, y: 50, prevPointId: 'p1', isBezier: true, controlPoint1: { x: 40, y: 30 }, controlPoint2: { x: 60, y: 70 } },
  ], closed: false,
}

test('a new point on a curve does not change its form', () => {
  const { shape } = pull('vector', CURVE, 'e1:0.5', at(30, 35)).effect.intent
  assert.deepEqual(shape.vertices.map(({ id, prevPointId }) => [id, prevPointId]), [['p1', null], ['p3', 'p1'], ['p2', 'p3']])
  assert.deepEqual([shape.vertices[1].x, shape.vertices[1].y], [30, 35])
  assert.deepEqual(shape.vertices[0].controlPoint2, { x: 15, y: 40 })
})

test('handles of a curve pull each other, with Alt one alone; a moved point takes them along', () => {
  assert.deepEqual(pull('vector', CURVE, 'b1', at(60, 70), at(70, 70)).effect.intent.shape.vertices[1].controlPoint1, { x: 30, y: 30 })
  assert.deepEqual(pull('vector', CURVE, 'b1', at(60, 70), at(70, 70, { alt: true })).effect.intent.shape.vertices[1].controlPoint1, { x: 40, y: 30 })
  assert.deepEqual(pull('vector', CURVE, 'v1', at(50, 50), at(60, 50)).effect.intent.shape.vertices[1].controlPoint1, { x: 50, y: 30 })
})

test('Shift makes a point of a path round or sharp', () => {
  const toggled = (shape) => pull('vector', shape, 'v1', at(50, 50, { shift: true }), null, { control: { curves: true } }).effect.intent.shape.vertices[1]
  assert.deepEqual(toggled(CURVE), { id: 'p2', x: 50, y: 50, prevPointId: 'p1', isBezier: false })
  assert.equal(toggled({ ...CURVE, vertices: [CURVE.vertices[0], toggled(CURVE)] }).isBezier, true)
})

test('a branch point that goes leaves its branches on the point before it', () => {
  const tree = { vertices: [...CURVE.vertices, { id: 'p3', x: 70, y: 70, prevPointId: 'p2', isBezier: false }, { id: 'p4', x: 70, y: 20, prevPointId: 'p2', isBezier: false }], closed: false }
  assert.deepEqual(edit.removed(region('vector', tree), 'v1', context('select')).vertices.map(({ prevPointId }) => prevPointId), [null, 'p1', 'p1'])
  assert.equal(edit.removed(region('vector', tree), 'v1', context('select', { control: { min_points: 4 } })), null)
})

test('an ellipse keeps its middle while its radii and its turn are pulled', () => {
  const shape = { x: 50, y: 50, radiusX: 20, radiusY: 10, rotation: 0 }
  assert.deepEqual(pull('ellipse', shape, 'e', at(70, 50), at(80, 55)).effect.intent.shape, { ...shape, radiusX: 30 })
  assert.deepEqual(pull('ellipse', shape, 'n', at(50, 40), at(50, 30)).effect.intent.shape, { ...shape, radiusY: 20 })
  assert.equal(pull('ellipse', shape, 'rotate', at(50, 10), at(90, 52, { shift: true })).effect.intent.shape.rotation, 90)
  assert.ok(!edit.handles(region('ellipse', shape), { width: 100, height: 100, scale: 1 }, { can_rotate: false }).some(({ name }) => name === 'rotate'))
})

test('the handle that turns stands inside a shape whose top is at the edge of the stage', () => {
  const view = Object.assign(new ImageView(400, 400), { ty: -40, room: [300, 200] })
  assert.deepEqual([100, 45].map((y) => rotateHandle({ x: 10, y, w: 50, h: 100, r: 0 }, view)[1][1] < y - 40), [true, false])
  const turn = (y, radiusY) => edit.handles(region('ellipse', { x: 50, y, radiusX: 10, radiusY, rotation: 0 }), { width: 100, height: 100, scale: 1, shows: (px, py) => view.shows(...view.toScreen(px, py)) }).at(-1).y
  assert.equal(turn(90, 15), 75 - 28)
  assert.deepEqual([turn(60, 15), turn(72, 30)], [45 + 10.5, 42 + 21], 'above its middle, so that it still points up')
  const [, [right]] = rotateHandle({ x: 285, y: 100, w: 50, h: 90, r: 90 }, view)
  const [, [, bottom]] = rotateHandle({ x: 100, y: 225, w: 50, h: 50, r: 180 }, view)
  assert.ok(right < 300 && bottom < 200, 'also where it would leave the stage to the right or at its bottom')
})

test('the width of a key point is pulled by its handle', () => {
  assert.equal(pull('keypoint', { x: 50, y: 50, width: 2 }, 'size', at(63, 50), at(72, 50)).effect.intent.shape.width, 20)
})
