import assert from 'node:assert/strict'
import { test } from 'node:test'
import { applyPatch } from '../../web/static/app/patch.js'
import { bitmask } from '../../web/static/elements/image-tools/bitmask.js'
import { brush } from '../../web/static/elements/image-tools/brush.js'
import { eraser } from '../../web/static/elements/image-tools/eraser.js'
import { set, settings } from '../../web/static/elements/image-tools/mask-settings.js'
import { wand } from '../../web/static/elements/image-tools/wand.js'
import { changedPlaces, coversAt, figureOfMask } from '../../web/static/elements/image-masks.js'
import { alike, flooded, smoothed } from '../../web/static/elements/mask-flood.js'
import { areaOf, combined, covers, difference, nothing, ofRuns, ofValues } from '../../web/static/elements/mask-rows.js'
import { extended, painted } from '../../web/static/elements/mask-stroke.js'
import { readLines, writeLines } from '../../web/static/elements/mask-text.js'

const WIDTH = 40
const HEIGHT = 30
const empty = nothing(WIDTH, HEIGHT)
const text = ({ top, rows }) => writeLines({ top, rows })
const mask = (written) => ({ width: WIDTH, height: HEIGHT, ...readLines(written) })
const count = ({ rows }) => rows.reduce((sum, row) => sum + row.reduce((held, x, i) => held + (i % 2 ? x : -x), 0), 0)

// Made by the engine (labeling.masks): the page must show what it will make.
const LINE = { points: [[5, 5], [20.25, 9.5], [12, 25], [33.3, 22.7]], radius: 3.2, softness: 0.25 }
const CUT = { points: [[0, 0], [39, 29]], radius: 2, tip: 'square' }
const PAINTED = 'AgEEAgEDBwECCwECDwEDEQEEEgEHEAEKDQEOCQEQBgEPBwEPBgEOBwEOBgENBwENBgEMBwEMBgILBwoHAgsGARIBChoBChoBCRoBCRgBCg4BCwQ='
const ERASED = 'AwEJAQELAgICAQkFAgMBCQcCBAEKBwEQBwERBgETBAEUAgAAAQ4BAQ4CAQ0EAQ0GAQwHAQwGAgsHDgMDCwYBBgoCAgoQCQEBChEBCRMBCRUBCg4BCwQ='
const BEFORE = 'AgEDGwEDGwEDGwEDGwEDGwEDGwEDGwEDGwEDGwEDGwEDGwEDGwEDGwEDGwEDGwEDGwEDGwEDGwEDGwEDGwEDGwEDGwEDGwEDGwEDGwEDGw=='
const CHANGE = 'BwIDBQQSAgMEBhECAwQGEQIDBAYRAgMEBhECAwUEEg=='
const AFTER = 'AgEDGwEDGwEDGwEDGwEDGwIDBQQSAgMEBhECAwQGEQIDBAYRAgMEBhECAwUEEgEDGwEDGwEDGwEDGwEDGwEDGwEDGwEDGwEDGwEDGwEDGwEDGwEDGwEDGwEDGw=='

test('a stroke looks as the engine will paint it, and so does what an eraser leaves', () => {
  assert.equal(text(painted(empty, [LINE], false)), PAINTED)
  assert.equal(text(painted(mask(PAINTED), [CUT], true)), ERASED)
})

test('piece by piece a stroke becomes the same', () => {
  let made = painted(empty, [{ ...LINE, points: LINE.points.slice(0, 1) }], false)
  for (let i = 1; i < LINE.points.length; i++) made = extended(made, LINE, LINE.points[i - 1], LINE.points[i], false)
  assert.equal(text(made), PAINTED)
})

test('masks go to text and back', () => {
  for (const written of [PAINTED, ERASED, BEFORE, AFTER]) assert.equal(text(mask(written)), written)
  const long = ofRuns(Array.from({ length: 4000 }, (_, i) => i * 3 + (i % 2)), 100, 120)
  assert.deepEqual(readLines(text(long)), { top: long.top, rows: long.rows })
})

test('a patch brings the rows that changed, and the view has the whole mask again', () => {
  const region = (shape) => ({ id: 'r1', kind: 'brush', shape })
  const view = { regions: { r1: region({ rows: BEFORE, width: WIDTH, height: HEIGHT, version: 1 }) } }
  const next = applyPatch(view, { regions: { r1: region({ rows: CHANGE, width: WIDTH, height: HEIGHT, version: 2, base: 1 }) } })
  assert.deepEqual(next.regions.r1.shape, { rows: AFTER, width: WIDTH, height: HEIGHT, version: 2 })
})

test('runs of pixel numbers and values per pixel give the same rows', () => {
  const made = ofRuns([3, 6, 38, 85, 90, 91], WIDTH, HEIGHT)
  const values = new Uint8Array(WIDTH * HEIGHT)
  for (const [start, end] of [[3, 6], [38, 85], [90, 91]]) values.fill(1, start, end)
  assert.deepEqual(ofValues(values, WIDTH, HEIGHT), made)
  assert.deepEqual(areaOf(made), { left: 0, top: 0, right: 40, bottom: 3 })
  assert.deepEqual([covers(made, 38, 0), covers(made, 37, 0), covers(made, 0, 1), covers(made, 5, 2)], [true, false, true, false])
})

test('where two masks differ is found, and only there the picture is painted anew', () => {
  const [one, other] = [mask(BEFORE), mask(AFTER)]
  assert.deepEqual(difference(one, other), { left: 7, top: 7, right: 13, bottom: 13 })
  assert.equal(difference(one, mask(BEFORE)), null)
  const [before, after] = [figureOfMask(one, 400, 300), figureOfMask(other, 400, 300)]
  assert.deepEqual(changedPlaces(before, after), [{ minX: 70, minY: 70, maxX: 130, maxY: 130 }])
  assert.deepEqual(changedPlaces(before, before), [])
  assert.deepEqual([coversAt(after.mask, 100, 100), coversAt(after.mask, 200, 100)], [false, true])
})

test('what is put together and taken away are sets of pixels', () => {
  const hole = combined(mask(BEFORE), mask(AFTER), true)
  assert.equal(count(hole), count(mask(BEFORE)) - count(mask(AFTER)))
  assert.equal(text(combined(mask(AFTER), hole, false)), BEFORE)
})

/** A picture of two grey fields with a darker wall between them. */
const grey = (() => {
  const data = new Uint8ClampedArray(WIDTH * HEIGHT * 4)
  for (let i = 0; i < WIDTH * HEIGHT; i++) {
    const x = i % WIDTH
    data.set(x === 20 ? [0, 0, 0, 255] : [100 + x, 100, 100, 255], i * 4)
  }
  return { width: WIDTH, height: HEIGHT, data }
})()

test('a flood takes what is joined and as near in colour, or everything of the colour', () => {
  const find = (how, tolerance) => areaOf(ofValues(how(grey, 10, 10, tolerance), WIDTH, HEIGHT))
  assert.deepEqual(find(flooded, 5), { left: 5, top: 0, right: 16, bottom: HEIGHT })
  assert.deepEqual(find(flooded, 50), { left: 0, top: 0, right: 20, bottom: HEIGHT }, 'the wall holds')
  assert.deepEqual(find(alike, 50), { left: 0, top: 0, right: WIDTH, bottom: HEIGHT })
  assert.equal(count(ofValues(alike(grey, 10, 10, 50), WIDTH, HEIGHT)), (WIDTH - 1) * HEIGHT)
})

const area = (found) => areaOf(ofValues(found, WIDTH, HEIGHT))

test('a smoothed border has no spikes and no holes of single pixels, and keeps straight edges', () => {
  const found = new Uint8Array(WIDTH * HEIGHT)
  for (let y = 5; y < 25; y++) found.fill(1, y * WIDTH + 5, y * WIDTH + 25)
  found[15 * WIDTH + 15] = 0
  found.fill(1, 12 * WIDTH + 25, 12 * WIDTH + 32)
  const made = smoothed(found, WIDTH, HEIGHT, 2)
  assert.deepEqual(area(made), { left: 5, top: 5, right: 26, bottom: 25 }, 'of the spike its root is left')
  assert.equal(made[15 * WIDTH + 15], 1, 'the hole')
  assert.equal(made[5 * WIDTH + 5], 0, 'corners are rounded')
  assert.equal(made.reduce((sum, one) => sum + one, 0) > 380, true)
})

test('a picture that is taken whole stays whole, a speck stays a speck, nothing stays nothing', () => {
  const whole = new Uint8Array(WIDTH * HEIGHT).fill(1)
  assert.deepEqual(smoothed(whole, WIDTH, HEIGHT, 5), whole)
  const speck = new Uint8Array(WIDTH * HEIGHT)
  speck[10 * WIDTH + 10] = 1
  assert.deepEqual(smoothed(speck, WIDTH, HEIGHT, 5), speck)
  assert.deepEqual(smoothed(new Uint8Array(WIDTH * HEIGHT), WIDTH, HEIGHT, 5), new Uint8Array(WIDTH * HEIGHT))
})

// Gestures

const context = (more = {}) => ({ width: WIDTH, height: HEIGHT, scale: 1, selection: [], selected: [], hits: [], tool: { tool: 'brush', control: 'm', color: '#ff0000' }, control: { name: 'm', shape: 'brush' }, find: () => undefined, ...more })
const point = (x, y, more = {}) => ({ x, y, sx: x, sy: y, ...more })
const SETTINGS = { size: 10, softness: 0, pixels: 3, pixelTip: 'square', tolerance: 10, smooth: 0, contiguous: true, fill: false, cut: false }
const region = { id: 'r1', kind: 'brush', control: 'm', color: '#00ff00', labels: [], shape: {} }
const held = (rows) => context({ selection: ['r1'], selected: [region], find: () => ({ region, figure: figureOfMask(rows, WIDTH, HEIGHT) }) })

/** Presses, moves through the points and lets go. */
function drag(tool, at, points) {
  let gesture = tool.press(null, points[0], at)
  for (const next of points.slice(1)) gesture = tool.move(gesture, next, at)
  const shown = gesture?.live.figure.mask.rows
  return { ...(gesture ? tool.release(gesture, points.at(-1), at, 1) : {}), shown }
}

test('a drag paints a new region with the label, and shows what it will be', () => {
  set(SETTINGS)
  const { effect, gesture, shown } = drag(brush, context(), [point(8, 8), point(20, 8), point(20, 20)])
  assert.equal(gesture, null)
  const { type, control, strokes, region: id } = effect.intent
  assert.deepEqual([type, control, strokes], ['paint', 'm', [{ radius: 5, points: [[8, 8], [20, 8], [20, 20]] }]])
  assert.match(id, /^[\w-]{10}$/)
  assert.equal(text(shown), text(painted(empty, strokes, false)))
})

test('the selected mask goes on, and Shift and a click draw a straight line from where it ended', () => {
  set(SETTINGS)
  const first = drag(brush, held(mask(BEFORE)), [point(35, 5)])
  assert.deepEqual([first.effect.intent.region, first.effect.intent.control], ['r1', undefined])
  const second = drag(brush, held(mask(BEFORE)), [point(35, 25, { shift: true })])
  assert.deepEqual(second.effect.intent.strokes[0].points, [[35, 5], [35, 25]])
  assert.ok(count(second.shown) > count(mask(BEFORE)))
})

test('Alt and the other end of a pen erase, and an eraser takes the mask under it', () => {
  set(SETTINGS)
  for (const how of [{ alt: true }, { eraser: true }]) assert.equal(drag(brush, held(mask(BEFORE)), [point(10, 10, how)]).effect.intent.erase, true)
  const under = context({ hits: ['r1'], find: () => ({ region, figure: figureOfMask(mask(BEFORE), WIDTH, HEIGHT) }) })
  const { effect, shown } = drag(eraser, under, [point(10, 10)])
  assert.deepEqual([effect.intent.region, effect.intent.erase], ['r1', true])
  assert.ok(count(shown) < count(mask(BEFORE)))
  const told = []
  assert.equal(eraser.press(null, point(1, 1), context({ tip: (words) => told.push(words) })), null)
  assert.deepEqual(told, ['No mask is here to erase from'])
})

test('without a label nothing new is painted, and it is said why', () => {
  const told = []
  assert.equal(brush.press(null, point(1, 1), context({ tool: { tool: 'brush', control: 'm' }, tip: (words) => told.push(words) })), null)
  assert.deepEqual(told, ['Pick a label first'])
})

test('the pressure of a pen is the width of its line', () => {
  set(SETTINGS)
  const pen = (x, pressure) => point(x, 10, { pen: true, pressure })
  const { effect } = drag(brush, context(), [pen(5, 0.2), pen(10, 0.2), pen(20, 0.9), pen(30, 0.9)])
  const radii = effect.intent.strokes.map((stroke) => stroke.radius)
  assert.equal(radii.length, 2)
  assert.ok(radii[0] < radii[1] && radii[1] <= 5)
  assert.deepEqual(effect.intent.strokes[1].points[0], [10, 10], 'the line goes on where it was')
})

test('a pen of pixels stands on whole pixels, odd sizes on the middle of one', () => {
  set(SETTINGS)
  const { effect, shown } = drag(bitmask, context({ tool: { tool: 'bitmask', control: 'm', color: '#fff' } }), [point(10.2, 10.9)])
  assert.deepEqual(effect.intent.strokes, [{ radius: 1.5, tip: 'square', points: [[10.5, 10.5]] }])
  assert.deepEqual(areaOf(shown), { left: 9, top: 9, right: 12, bottom: 12 })
  set({ pixels: 4 })
  assert.deepEqual(areaOf(drag(bitmask, context(), [point(10.2, 10.9)]).shown), { left: 8, top: 9, right: 12, bottom: 13 })
})

test('a line that comes back to its beginning is filled, if that is wanted', () => {
  const around = Array.from({ length: 17 }, (_, i) => point(20 + 12 * Math.cos((i * Math.PI) / 8), 15 + 12 * Math.sin((i * Math.PI) / 8)))
  set({ ...SETTINGS, size: 3 })
  assert.equal(drag(brush, context(), around).effect.intent.fill, undefined)
  set({ fill: true, cut: true })
  assert.deepEqual([drag(brush, context(), around).effect.intent.fill, drag(brush, context(), around.slice(0, 9)).effect.intent.fill], [true, undefined])
  assert.equal(drag(brush, context(), around).effect.intent.cut_others, true)
})

test('a Magicwand tag says with which tolerance its wand begins, until the person sets another, and how smooth its borders are', () => {
  set({ ...SETTINGS, tolerance: 90, smooth: 5 })
  const picture = { naturalWidth: WIDTH, naturalHeight: HEIGHT, pixels: () => grey }
  const tag = { name: 'w', type: 'magicwand', shape: 'brush', blur_radius: 0, default_threshold: 5 }
  const first = drag(wand, context({ picture, control: tag }), [point(10.5, 10.5)])
  assert.deepEqual(areaOf(first.shown), { left: 5, top: 0, right: 16, bottom: HEIGHT }, 'five of 255')
  assert.deepEqual([settings.tolerance, settings.smooth], [2, 0])
  wand.resize(1)
  assert.equal(settings.tolerance, 3)
  drag(wand, context({ picture, control: tag }), [point(10.5, 10.5)])
  assert.equal(settings.tolerance, 3)
  const corners = (shown) => [shown.rows[0].at(-1), shown.rows[5].at(-1)]
  set({ tolerance: 10 })
  const spotted = { ...grey, data: grey.data.slice() }
  spotted.data.set([0, 0, 0, 255], (8 * WIDTH + 8) * 4)
  const at = (smooth) => {
    set({ smooth })
    return drag(wand, context({ picture: { ...picture, pixels: () => spotted } }), [point(10.5, 10.5)])
  }
  assert.deepEqual([count(at(2).shown) - count(at(0).shown) >= 1, corners(at(2).shown)[1]], [true, 20], 'the spot is closed, the straight edge stays')
})

test('the wand takes an area, a drag makes it larger, and a picture that cannot be read is said', () => {
  set(SETTINGS)
  const picture = { naturalWidth: WIDTH, naturalHeight: HEIGHT, pixels: () => grey }
  const { effect, shown } = drag(wand, context({ picture }), [point(10.5, 10.5)])
  assert.equal(effect.intent.rows, text(shown))
  assert.ok(areaOf(shown).right <= 20)
  assert.ok(count(drag(wand, context({ picture }), [point(10.5, 10.5), point(30, 0)]).shown) >= count(shown))
  const told = []
  assert.equal(wand.press(null, point(1, 1), context({ picture: { ...picture, pixels: () => null }, tip: (words) => told.push(words) })), null)
  assert.match(told[0], /crossOrigin/)
})
