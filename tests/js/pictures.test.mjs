import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sizeOf, sniff } from '../../web/static/elements/image-diagnose.js'
import { readDicom, unpacked } from '../../web/static/elements/image-dicom.js'
import { curve, lit } from '../../web/static/elements/image-light.js'
import { kindOf } from '../../web/static/elements/image-load.js'
import { NORMAL, isPlain, unlit } from '../../web/static/elements/image-looks.js'
import { levelFor, tilesIn } from '../../web/static/elements/image-tiles.js'
import { autoWindow, oriented, rangeOf, shown } from '../../web/static/elements/image-values.js'

const bytes = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0))

for (const [url, kind] of [
  ['https://a.b/cat.jpg?x=1', 'plain'], ['/objects/folder/1/slide.dzi?signature=0', 'tiles'], ['https://iiif.x/abc/info.json', 'tiles'], ['/a/Scan.TIFF#1', 'tiff'], ['/a/b.svs', 'tiff'],
  ['/a/b.DCM', 'dicom'], ['/a/b.dcm.png', 'plain'], ['data:image/tiff;base64,AA', 'tiff'], ['data:image/svg+xml,<svg/>', 'plain'], ['data:application/json,{}', 'tiles'], ['data:image/png;base64,AA', 'plain'],
]) test(`${url} is read as ${kind}`, () => assert.equal(kindOf(url), kind))

for (const [what, head, found] of [
  ['TIFF', 'II*\0', 'tiff'], ['BigTIFF', 'MM\0+', 'tiff'], ['DICOM', '\0'.repeat(128) + 'DICM', 'dicom'],
  ['Deep Zoom', '<?xml version="1.0"?><Image xmlns="http://schemas.microsoft.com/deepzoom/2008"', 'tiles'],
  ['IIIF', '{"@context": "http://iiif.io/api/image/2/context.json"', 'tiles'],
]) test(`${what} is known by its first bytes`, () => assert.equal(sniff(bytes(head)), found))

test('what is no picture is named', () => {
  assert.match(sniff(bytes('\0\0\0\x18ftypheic')).name, /HEIC/)
  assert.match(sniff(bytes('\n<!DOCTYPE html><title>')).name, /web page/)
  assert.equal(sniff(bytes('hello')).name, '')
})

test('the size of a JPEG is found behind other segments', () => {
  assert.deepEqual(sizeOf(bytes('\xff\xd8\xff\xe1\x00\x06abcd\xff\xc2\x00\x11\x08\xea\x60\x75\x30\x03')), { width: 30_000, height: 60_000 })
  assert.deepEqual(sizeOf(bytes('\xff\xd8\xff\xe1\xff\xff')), { width: 0, height: 0 })
})

// ---- tiles ----

const LEVELS = [250, 500, 1000, 2000].map((width) => ({ width, height: width / 2, tileWidth: 256, tileHeight: 256, scale: width / 2000 }))

test('a level is fine enough for the screen and no finer', () => {
  assert.equal(levelFor(LEVELS, 0.01), 0)
  assert.equal(levelFor(LEVELS, 0.25), 1)
  assert.equal(levelFor(LEVELS, 0.3), 1) // a little too coarse is not seen
  assert.equal(levelFor(LEVELS, 0.5), 2)
  assert.equal(levelFor(LEVELS, 40), 3)
})

test('tiles of what is seen are asked for from the middle outwards', () => {
  const places = tilesIn(LEVELS[3], 3, { minX: 300, minY: 300, maxX: 1100, maxY: 700 })
  assert.deepEqual(places.map(({ x, y }) => `${x},${y}`).sort(), ['1,1', '1,2', '2,1', '2,2', '3,1', '3,2', '4,1', '4,2'])
  assert.ok(['2,1', '2,2'].includes(`${places[0].x},${places[0].y}`))
  assert.deepEqual(tilesIn(LEVELS[3], 3, { minX: -900, minY: 0, maxX: -1, maxY: 100 }), [])
  assert.equal(tilesIn(LEVELS[0], 0, { minX: -1e5, minY: -1e5, maxX: 1e5, maxY: 1e5 }).length, 1)
  assert.equal(tilesIn(LEVELS[3], 3, { minX: 0, minY: 0, maxX: 2000, maxY: 1000 }).length, 8 * 4)
})

// ---- values ----

test('a window is black at its low end and white at its high end', () => {
  const raw = { width: 4, height: 1, channels: 1, values: new Uint16Array([900, 1000, 1500, 3000]), bits: 16, range: [900, 3000] }
  const into = new Uint8ClampedArray(16)
  shown(raw, [1000, 2000], into)
  assert.deepEqual([...into].filter((_, at) => at % 4 === 0), [0, 0, 128, 255])
  assert.equal(into[3], 255)
  shown({ ...raw, inverted: true }, [1000, 2000], into)
  assert.equal(into[0], 255)
  shown({ ...raw, slope: 2, intercept: -1000 }, [1000, 2000], into) // 800, 1000, 2000, 5000
  assert.deepEqual([...into].filter((_, at) => at % 4 === 0), [0, 0, 255, 255])
})

test('many values are shown as few are', () => {
  const values = Int16Array.from({ length: 70_000 }, (_, at) => at - 35_000)
  const into = new Uint8ClampedArray(280_000)
  shown({ width: 700, height: 100, channels: 1, values, bits: 16, range: [-32_768, 32_767] }, [-100, 100], into)
  const one = new Uint8ClampedArray(4)
  for (const at of [34_000, 34_950, 35_000, 35_070, 36_000]) {
    shown({ width: 1, height: 1, channels: 1, values: values.slice(at, at + 1), bits: 16, range: [0, 1] }, [-100, 100], one)
    assert.equal(into[at * 4], one[0])
  }
})

test('the automatic window leaves out single bright pixels, and what is no number', () => {
  const values = Float32Array.from({ length: 10_000 }, (_, at) => at % 100)
  values[5] = 60_000
  values[6] = NaN
  const range = rangeOf(values)
  assert.deepEqual(range, [0, 60_000])
  const [low, high] = autoWindow({ width: 100, height: 100, channels: 1, values, bits: 32, range })
  assert.ok(low === 0 && high < 1000, `${low} ${high}`)
})

for (let orientation = 1; orientation <= 8; orientation++) {
  test(`orientation ${orientation} puts the pixels where EXIF says`, () => {
    const raw = { width: 3, height: 2, channels: 1, values: new Uint8Array([1, 2, 3, 4, 5, 6]), bits: 8, range: [1, 6] }
    const wanted = [[1, 2, 3, 4, 5, 6], [3, 2, 1, 6, 5, 4], [6, 5, 4, 3, 2, 1], [4, 5, 6, 1, 2, 3], [1, 4, 2, 5, 3, 6], [4, 1, 5, 2, 6, 3], [6, 3, 5, 2, 4, 1], [3, 6, 2, 5, 1, 4]]
    const turned = oriented(raw, orientation)
    assert.deepEqual([turned.width, turned.height, [...turned.values]], [...(orientation > 4 ? [2, 3] : [3, 2]), wanted[orientation - 1]])
  })
}

// ---- DICOM ----

const number = (value, size) => Uint8Array.from({ length: size }, (_, at) => (value >> (8 * at)) & 255)
const join = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]))
const element = (group, tag, vr, value) => join(number(group, 2), number(tag, 2), bytes(vr), ...(['OB', 'OW'].includes(vr) ? [[0, 0], number(value.length, 4)] : [number(value.length, 2)]), value)
const file = (syntax, ...elements) => join(new Uint8Array(128), bytes('DICM'), element(2, 0x10, 'UI', bytes(syntax + (syntax.length % 2 ? '\0' : ''))), ...elements)
const plain = (pixels, more = []) => [element(0x28, 2, 'US', number(1, 2)), element(0x28, 4, 'CS', bytes('MONOCHROME2 ')), ...more, element(0x28, 0x10, 'US', number(1, 2)), element(0x28, 0x11, 'US', number(2, 2)),
  element(0x28, 0x100, 'US', number(16, 2)), element(0x28, 0x101, 'US', number(12, 2)), element(0x28, 0x103, 'US', number(1, 2)), element(0x7fe0, 0x10, 'OW', pixels)]

test('signed values of twelve bits are read, whatever stands in the other four', async () => {
  const raw = await readDicom(file('1.2.840.10008.1.2.1', ...plain(join(number(0xf005, 2), number(0x0fff, 2)))))
  assert.deepEqual([...raw.values], [5, -1])
  assert.deepEqual([raw.width, raw.height, raw.range], [2, 1, [-1, 5]])
})

test('compression that is not read is named', async () => {
  await assert.rejects(readDicom(file('1.2.840.10008.1.2.4.80', ...plain(number(0, 4)))), (error) => error.code === 'dicom-compressed' && error.values.how === 'JPEG-LS')
})

test('a file that ends too early says so', async () => {
  await assert.rejects(readDicom(file('1.2.840.10008.1.2.1', ...plain(number(0, 2)))), (error) => error.code === 'dicom-short')
})

test('run lengths are unpacked into the bytes of each value', () => {
  // PS3.5, annex G: two segments, the high bytes first; 0xfe repeats the next byte three times, 0x02 is followed by three bytes
  const head = join(number(2, 4), number(64, 4), number(66, 4), new Uint8Array(52))
  assert.deepEqual([...unpacked(join(head, [0xfe, 7], [0x02, 1, 2, 3]), 6, 2)], [1, 7, 2, 7, 3, 7])
})

// ---- light ----

test('light as usual changes nothing', () => {
  for (const value of [0, 0.25, 1]) assert.equal(lit(NORMAL, value), value)
  assert.ok(isPlain(NORMAL))
  assert.ok(!isPlain({ ...NORMAL, gamma: 2 }))
  assert.deepEqual(unlit({ ...NORMAL, brightness: 30, window: [1, 2], grid: true }), { ...NORMAL, grid: true })
})

test('gamma lifts the dark, contrast pulls apart, inversion turns round', () => {
  assert.equal(lit({ ...NORMAL, gamma: 2 }, 0.25), 0.5)
  assert.equal(lit({ ...NORMAL, contrast: 200 }, 0.75), 1)
  assert.equal(lit({ ...NORMAL, contrast: 200 }, 0.5), 0.5)
  assert.equal(lit({ ...NORMAL, brightness: 200 }, 0.25), 0.5)
  assert.equal(lit({ ...NORMAL, invert: true }, 0), 1)
  const points = curve({ ...NORMAL, invert: true }).split(' ').map(Number)
  assert.equal(points[0], 1)
  assert.equal(points.at(-1), 0)
})
