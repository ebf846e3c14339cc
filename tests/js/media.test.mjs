import assert from 'node:assert/strict'
import { test } from 'node:test'
import { columnsOf, pairs } from '../../web/static/elements/audio-wave.js'
import { SyncGroup, syncGroup } from '../../web/static/elements/media-sync.js'
import { clock, clockStep, marks, niceStep } from '../../web/static/elements/media-time.js'
import { RangeView } from '../../web/static/elements/range-view.js'
import { boxesAt, frameAt, frameRate, rowsOf, timeOf } from '../../web/static/elements/video-tracks.js'
import { boxAtPoint, cornersOf } from '../../web/static/elements/video-painter.js'

test('times are written as people read them', () => {
  assert.deepEqual([clock(0), clock(3.26, 1), clock(59.99, 1), clock(760), clock(3723), clock(NaN)], ['0:00', '0:03.2', '0:59.9', '12:40', '1:02:03', '–'])
})

test('an axis has round steps, and marks only inside', () => {
  assert.deepEqual([niceStep(10, 10), niceStep(10, 4), niceStep(0.7, 5), niceStep(0, 5)], [1, 5, 0.2, 1])
  assert.deepEqual([clockStep(10, 5), clockStep(300, 6), clockStep(86400, 6)], [2, 60, 21600])
  assert.deepEqual(marks(0.9, 3.1, 1), [1, 2, 3])
})

test('a wave keeps the lowest and highest of every few samples, and of every column', async () => {
  const made = await pairs(Float32Array.from([0, 1, -1, 0.5, 0.25, -0.5, 0.125]), 3)
  assert.deepEqual([...made], [-1, 1, -0.5, 0.5, 0.125, 0.125])
  assert.deepEqual([...columnsOf(made, 1, 0, 3, 3)], [...made])
  assert.deepEqual([...columnsOf(made, 1, 0, 3, 1)], [-1, 1])
  assert.deepEqual([...columnsOf(made, 1, 2, 4, 2)], [0.125, 0.125, 0, 0], 'nothing after the end')
})

test('a pause is taken between long parts', async () => {
  let pauses = 0
  await pairs(new Float32Array(3 << 20), 40, async () => { pauses++ })
  assert.equal(pauses, 2)
})

test('a line is zoomed about a point, kept inside, and follows', () => {
  const range = new RangeView(0, 100, 1)
  range.zoom(25, 2)
  assert.deepEqual([range.from, range.to, range.x(25, 100)], [12.5, 62.5, 25])
  range.pan(1000)
  assert.deepEqual([range.from, range.to], [50, 100])
  range.zoom(75, 1e9)
  assert.equal(range.span, 1)
  assert.equal(range.follow(range.from), false)
  assert.equal(range.follow(10), true)
  assert.ok(range.from <= 10 && range.to >= 10)
  range.zoom(10, 1e-9)
  assert.equal(range.whole, true)
  range.show(10, 20)
  assert.equal(range.reveal(90, 95), true)
  assert.ok(range.from <= 90 && range.to >= 95)
})

test('a sync group is a common word, or the name of another', () => {
  const objects = [{ name: 'a', sync: 'one' }, { name: 'b', sync: 'one' }, { name: 'c', sync: 'd' }, { name: 'd' }, { name: 'e' }, { name: 'f', sync: 'two' }]
  const groups = objects.map((object) => syncGroup(object, objects))
  assert.equal(groups[0], groups[1])
  assert.equal(groups[2], groups[3])
  assert.notEqual(groups[0], groups[2])
  assert.equal(groups[4], '')
  assert.ok(!groups.slice(0, 4).includes(groups[5]))
})

test('who is touched tells the others, and only the sound is heard', () => {
  const surface = {}
  const heard = []
  const member = (name, plays) => ({ plays, now: () => (name === 'a' ? 1.5 : null), follow: (deed) => heard.push([name, deed.type, deed.time]) })
  const [sound, picture, other] = [new SyncGroup(surface, 'g', member('a', 'sound')), new SyncGroup(surface, 'g', member('b', 'picture')), new SyncGroup({}, 'g', member('c', 'picture'))]
  assert.deepEqual([sound.silenced, picture.silenced, other.silenced, picture.now, other.now], [false, true, false, 1.5, null])
  picture.tell({ type: 'seek', time: 3, speed: 1 })
  assert.deepEqual(heard, [['a', 'seek', 3]])
  sound.leave()
  assert.equal(picture.silenced, false)
})

test('frames count from one, and a time inside a frame is that frame', () => {
  assert.deepEqual([frameRate(25), frameRate(0.04), frameRate('x'), frameRate(-1)], [25, 25, 24, 24])
  for (const rate of [24, 25, 29.97, 60]) for (const frame of [1, 2, 77, 10_000]) assert.equal(frameAt(timeOf(frame, rate), rate), frame, `${frame} at ${rate}`)
  assert.equal(frameAt(0, 25), 1)
})

const track = (sequence, more = {}) => ({ id: 't', n: 1, object: 'v', kind: 'track', labels: [], color: '#000000', shape: { sequence }, ...more })
const key = (frame, enabled, x = 10) => ({ frame, enabled, x, y: 10, width: 20, height: 20, rotation: 0 })
const seen = (region, frame) => boxesAt({ regions: { t: region } }, 'v', frame).map(({ box, held }) => [box.x, held])

test('a track is drawn at its keyframes and held after them, until it ends', () => {
  const region = track([key(5, true), key(10, false, 50), key(20, true, 70)])
  assert.deepEqual([seen(region, 4), seen(region, 5), seen(region, 7), seen(region, 10), seen(region, 11), seen(region, 20), seen(region, 900)],
    [[], [[10, false]], [[10, true]], [[50, false]], [], [[70, false]], [[70, true]]])
})

test('hidden tracks and those of another video are not drawn', () => {
  assert.deepEqual(seen(track([key(1, true)], { hidden: true }), 1), [])
  assert.deepEqual(seen(track([key(1, true)], { object: 'w' }), 1), [])
})

test('the timeline has a row for each track and each range, in their order', () => {
  const regions = { t: track([key(10, false), key(5, true), key(20, true)], { n: 2 }), r: { id: 'r', n: 1, object: 'v', kind: 'timeline', labels: [], color: '#000000', shape: { ranges: [{ start: 3, end: 8 }] } }, e: track([], { n: 3 }) }
  assert.deepEqual(rowsOf({ regions }, 'v').map(({ first, spans, keys }) => [first, spans, keys]), [[3, [[3, 8]], []], [5, [[5, 10], [20, Infinity]], [5, 10, 20]]])
})

test('a turned box is turned about its corner, in pixels', () => {
  const [a, b, c] = cornersOf({ frame: 1, x: 50, y: 50, width: 10, height: 20, rotation: 90 }, 200, 100)
  assert.deepEqual([a, b, c].map((point) => point.map((value) => Math.round(value))), [[100, 50], [100, 70], [80, 70]])
  const region = track([])
  assert.equal(boxAtPoint([{ region, box: key(1, true), vertices: null, closed: true, held: false }], 15, 15)?.region, region)
  assert.equal(boxAtPoint([{ region, box: key(1, true), vertices: null, closed: true, held: false }], 45, 15), undefined)
})
