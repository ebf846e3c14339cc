import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CrowdPixels, packed } from '../../web/static/elements/image-crowd.js'

/** One letter for each pixel: `.` nothing, else by colour. */
const drawn = (crowd, letters) => Array.from({ length: crowd.height }, (_, y) => [...crowd.pixels.slice(y * crowd.width, (y + 1) * crowd.width)].map((color) => (color ? (letters.get(color) ?? '?') : '.')).join(''))

const RED = packed('#f00', 1)
const BLUE = packed('#0000ff', 1)
const LETTERS = new Map([[RED, 'r'], [BLUE, 'b']])

test('colours are packed with red in the lowest byte; names are not numbers', () => {
  assert.equal(packed('#123456', 1), 0xff563412)
  assert.equal(packed('#ffffff', 0.5) >>> 24, 128)
  assert.equal(packed('red', 1), null)
})

test('a frame lies around its line as the canvas paints it, one pixel wide and two', () => {
  const one = new CrowdPixels(6, 5)
  one.frame(1, 1, 3, 2, 1, RED, false)
  assert.deepEqual(drawn(one, LETTERS), ['......', '.rrrr.', '.r..r.', '.rrrr.', '......'])
  const two = new CrowdPixels(7, 6)
  two.frame(2, 2, 3, 2, 2, RED, false)
  assert.deepEqual(drawn(two, LETTERS), ['.......', '.rrrrr.', '.rrrrr.', '.rrrrr.', '.rrrrr.', '.......'])
})

test('what sticks out of the canvas is cut off, on all sides', () => {
  const crowd = new CrowdPixels(4, 3)
  crowd.frame(-2, -2, 7, 6, 1, RED, false)
  crowd.fill(3, 2, 9, 9, BLUE)
  crowd.fill(-9, 0, 9, 9, BLUE)
  assert.deepEqual(drawn(crowd, LETTERS), ['....', '....', '...b'])
})

test('later boxes cover earlier ones, and see-through colours mix', () => {
  const crowd = new CrowdPixels(3, 1)
  crowd.fill(0, 0, 3, 1, RED)
  crowd.fill(1, 0, 1, 1, packed('#0000ff', 0.5))
  crowd.fill(2, 0, 1, 1, BLUE)
  assert.deepEqual(drawn(crowd, LETTERS), ['r?b'])
  assert.equal(crowd.pixels[1], 0xff80007f)
})

test('what is not an answer yet has a broken line', () => {
  const crowd = new CrowdPixels(22, 1)
  crowd.frame(0, 0, 21, 0, 1, RED, true)
  assert.deepEqual(drawn(crowd, LETTERS), ['rrrrrr....rrrrrr....rr'])
})
