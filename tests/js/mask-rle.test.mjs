import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskRuns, maskSize } from '../../web/static/elements/mask-rle.js'

/** Writes a bit stream from the format's table alone. */
class Bits {
  #bits = ''
  put(value, size) {
    this.#bits += value.toString(2).padStart(size, '0')
    return this
  }
  head(count) {
    this.put(count, 32).put(7, 5)
    for (const size of [3, 4, 8, 16]) this.put(size - 1, 4)
    return this
  }
  repeat(value, length, table = 3) {
    return this.put(1, 1).put(table, 2).put(length - 1, [3, 4, 8, 16][table]).put(value, 8)
  }
  literal(values, table = 1) {
    this.put(0, 1).put(table, 2).put(values.length - 1, [3, 4, 8, 16][table])
    for (const value of values) this.put(value, 8)
    return this
  }
  get bytes() {
    return this.#bits.match(/.{1,8}/g).map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2))
  }
}

/** One value per pixel, 1 where it is painted. */
function decodeMask(bytes) {
  const { pixels, runs } = maskRuns(bytes)
  const mask = new Array(pixels).fill(0)
  for (let i = 0; i < runs.length; i += 2) mask.fill(1, runs[i], runs[i + 1])
  return mask
}

const ON = [10, 20, 30, 255]
const OFF = [10, 20, 30, 0]

test('an empty picture is one run of zeros', () => {
  assert.deepEqual([...decodeMask(new Bits().head(4 * 6).repeat(0, 24).bytes)], [0, 0, 0, 0, 0, 0])
})

test('values as they are: alpha is the fourth of each pixel', () => {
  assert.deepEqual([...decodeMask(new Bits().head(12).literal([...ON, ...OFF, ...ON]).bytes)], [1, 0, 1])
})

test('the same value in all four bytes is read as well', () => {
  assert.deepEqual([...decodeMask(new Bits().head(16).repeat(0, 4, 1).repeat(255, 8, 2).repeat(0, 4, 0).bytes)], [0, 1, 1, 0])
})

test('a run may end inside a pixel, and a pixel may be cut between a run and literal values', () => {
  // pixel 0: run of 255 for R, G, B, then a literal alpha of 0; pixel 1: three literals, alpha in a run that goes on into pixel 2
  assert.deepEqual([...decodeMask(new Bits().head(12).repeat(255, 3, 0).literal([0, 1, 2, 3], 0).repeat(9, 5, 0).bytes)], [0, 1, 1])
})

test('each size of the run table is read', () => {
  for (const [table, most] of [[0, 8], [1, 16], [2, 256], [3, 65536]]) {
    const mask = decodeMask(new Bits().head(most * 4).repeat(1, most, table).repeat(0, most, table).repeat(1, most, table).repeat(0, most, table).bytes)
    assert.equal(mask.reduce((sum, value) => sum + value), most / 2, `table ${table}`)
  }
})

test('a stream that ends too early says so', () => {
  const whole = new Bits().head(400).repeat(255, 400).bytes
  for (let length = 0; length < whole.length; length++) assert.throws(() => decodeMask(whole.slice(0, length)), RangeError, `${length} bytes`)
})

test('a stream that claims more than any picture is refused at once', () => {
  assert.throws(() => decodeMask(new Bits().head(2 ** 32 - 1).repeat(255, 10).bytes), RangeError)
})

test('a mask has the size of its picture, or of a copy of the same form', () => {
  assert.deepEqual(maskSize(640 * 480, 640, 480), [640, 480])
  assert.deepEqual(maskSize(320 * 240, 640, 480), [320, 240])
  assert.deepEqual(maskSize(1280 * 853, 1920, 1280), [1280, 853])
  assert.equal(maskSize(641 * 479 + 1, 640, 480), null)
  assert.equal(maskSize(7, 640, 480), null)
})
