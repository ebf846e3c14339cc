import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CloudCamera, EDGES, cornersOf, upright } from '../../web/static/elements/cloud-camera.js'
import { colorsOf, onScale, waysOf } from '../../web/static/elements/cloud-colors.js'
import { cloudOfFile, cloudOfRows } from '../../web/static/elements/cloud-data.js'

const bytes = (text) => new TextEncoder().encode(text).buffer
const near = (actual, expected, slack = 1e-6) => actual.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) <= slack, `${actual} is not ${expected}`))

/** A head as text and rows of [type, value, size] as bytes. */
function binary(head, rows) {
  const start = new TextEncoder().encode(head)
  const data = new DataView(new ArrayBuffer(start.length + rows.flat().reduce((sum, [, , size]) => sum + size, 0)))
  start.forEach((byte, i) => data.setUint8(i, byte))
  let at = start.length
  for (const [type, value, size] of rows.flat()) {
    data[`set${type}`](at, value, true)
    at += size
  }
  return data.buffer
}

test('points may have an intensity or colours of 0..255 or 0..1', () => {
  assert.deepEqual([...cloudOfRows([[1, 2, 3]]).positions], [1, 2, 3])
  assert.deepEqual([...cloudOfRows([[1, 2, 3, 0.5]]).intensity], [0.5])
  assert.deepEqual([...cloudOfRows([[1, 2, 3, 255, 0, 10]]).rgb], [255, 0, 10])
  assert.deepEqual([...cloudOfRows([[1, 2, 3, 1, 0, 0.5]]).rgb], [255, 0, 128])
})

for (const [name, rows, told] of [['no list', { points: 1 }, /no list of points/], ['no points', [], /no points/], ['a point without z', [[1, 2, 3], [1, 2]], /Point 2 has no z/]]) {
  test(`${name} is said`, () => assert.throws(() => cloudOfRows(rows), told))
}

const PLY = (form) => `ply\nformat ${form} 1.0\nelement vertex 2\nproperty float x\nproperty float y\nproperty float z\nproperty uchar red\nproperty uchar green\nproperty uchar blue\nelement face 0\nproperty list uchar int vertex_indices\nend_header\n`
const POINTS = [[1, 2, 3, 255, 0, 10], [4, 5, 6, 0, 20, 30]]
const PCD = (form) => `# .PCD v0.7\nVERSION 0.7\nFIELDS x y z intensity\nSIZE 4 4 4 4\nTYPE F F F F\nCOUNT 1 1 1 1\nWIDTH 2\nHEIGHT 1\nVIEWPOINT 0 0 0 1 0 0 0\nPOINTS 2\nDATA ${form}\n`
const FLOATS = [[1, 2, 3, 0.5], [4, 5, 6, 0.25]]

test('PLY is read as text and as bytes', () => {
  const files = [bytes(PLY('ascii') + POINTS.map((row) => row.join(' ')).join('\n') + '\n'), binary(PLY('binary_little_endian'), POINTS.map((row) => row.map((value, i) => (i < 3 ? ['Float32', value, 4] : ['Uint8', value, 1]))))]
  for (const file of files) {
    const cloud = cloudOfFile(file)
    assert.deepEqual([cloud.count, [...cloud.positions], [...cloud.rgb]], [2, [1, 2, 3, 4, 5, 6], [255, 0, 10, 0, 20, 30]])
  }
})

test('PCD is read as text and as bytes', () => {
  const files = [bytes(PCD('ascii') + FLOATS.map((row) => row.join(' ')).join('\n')), binary(PCD('binary'), FLOATS.map((row) => row.map((value) => ['Float32', value, 4])))]
  for (const file of files) {
    const cloud = cloudOfFile(file)
    assert.deepEqual([cloud.count, [...cloud.positions], [...cloud.intensity], cloud.least, cloud.most], [2, [1, 2, 3, 4, 5, 6], [0.5, 0.25], [1, 2, 3], [4, 5, 6]])
  }
})

for (const [name, file, told] of [
  ['a cut file', binary(PCD('binary'), [FLOATS[0].map((value) => ['Float32', value, 4])]), /ends after 1 of 2/], ['compressed PCD', bytes(PCD('binary_compressed')), /binary_compressed/],
  ['broken JSON', bytes('{"points": ['), /no sound JSON/], ['something else', bytes('hello'), /no form that is known/], ['a head without an end', bytes('ply\nformat ascii 1.0\n'), /does not end/],
]) {
  test(`${name} is refused in words`, () => assert.throws(() => cloudOfFile(file), told))
}

test('a camera from above has x to the right and y up', () => {
  const camera = new CloudCamera().frame([-1, -1, 0], [1, 1, 0]).stand('top')
  const matrix = camera.matrix(200, 100)
  const at = (point) => CloudCamera.project(point, matrix, 200, 100)
  near(at([0, 0, 0]).slice(0, 2), [100, 50])
  assert.ok(at([1, 0, 0])[0] > 100 && at([0, 1, 0])[1] < 50)
  assert.equal(CloudCamera.project(camera.eye.map((value, i) => value - camera.axes[2][i]), matrix, 200, 100), null, 'what is behind is not shown')
})

test('a pan moves what is looked at with the pointer', () => {
  const camera = new CloudCamera().frame([-1, -1, -1], [1, 1, 1]).stand('free')
  const before = CloudCamera.project([0, 0, 0], camera.matrix(300, 300), 300, 300)
  camera.pan(30, -12, 300)
  const after = CloudCamera.project([0, 0, 0], camera.matrix(300, 300), 300, 300)
  near([after[0] - before[0], after[1] - before[1]], [30, -12], 0.5)
})

test('zoom and pitch have ends', () => {
  const camera = new CloudCamera().frame([-1, -1, -1], [1, 1, 1])
  camera.zoom(1e9)
  assert.ok(camera.distance > 0)
  camera.orbit(0, 100)
  assert.ok(camera.pitch < Math.PI / 2)
})

test('a cuboid turns about its centre, length ahead', () => {
  const corners = cornersOf({ x: 10, y: 0, z: 1, length: 4, width: 2, height: 2, yaw: Math.PI / 2 }, false)
  near(corners[0], [9, 2, 0])
  near(corners[6], [11, -2, 2])
  assert.equal(EDGES.length, 12)
  for (const [a, b] of EDGES) assert.ok([2, 4].some((long) => Math.abs(Math.hypot(...corners[a].map((value, i) => value - corners[b][i])) - long) < 1e-9), `${a} to ${b}`)
})

test('a y-up world stands upright', () => near(upright([1, 2, 3], true), [1, -3, 2]))

test('colours go with height, intensity or their own, and regions paint their points', () => {
  const cloud = cloudOfRows([[0, 0, 0, 5], [0, 0, 1, 1], [0, 0, 2, 0]])
  const low = onScale(0).map(Math.floor)
  const high = onScale(1).map(Math.floor)
  assert.deepEqual([...colorsOf(cloud, 'height', 2).slice(0, 3)], low)
  assert.deepEqual([...colorsOf(cloud, 'height', 2).slice(8, 11)], high)
  assert.deepEqual([...colorsOf(cloud, 'intensity', 2).slice(0, 3)], high)
  assert.deepEqual([...colorsOf(cloud, 'none', 2, [{ indexes: [1, 99], color: [1, 2, 3] }]).slice(4, 7)], [1, 2, 3])
  assert.deepEqual([waysOf(cloud), waysOf(cloudOfRows([[1, 2, 3]]))], [['height', 'intensity', 'none'], ['height', 'none']])
})
