import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from '../../web/static/pages/code-json.js'
import { Offsets } from '../../web/static/pages/code-offsets.js'

const TEXTS = ['', '<View/>', 'naïve Äpfel – 標籤', '😀', '<Header value="😀😀 &"/> 👩‍👩‍👧 x 𝄞', 'a\ud83d b', '😀'.repeat(500) + 'x'.repeat(500) + '😀']

test('every code point has its place in UTF-16 units and back', () => {
  for (const text of TEXTS) {
    const offsets = new Offsets(text)
    let units = 0
    const characters = [...text]
    for (let points = 0; points <= characters.length; points += 1) {
      assert.equal(offsets.units(points), units, `${points} in ${text.slice(0, 20)}`)
      assert.equal(offsets.points(units), points)
      units += characters[points]?.length ?? 0
    }
  }
})

test('a fault in JSON has its place', () => {
  assert.deepEqual(parse('{"a": "😀"}'), { value: { a: '😀' } })
  assert.equal(/** @type {any} */ (parse('{"a": 1, }')).at, 9)
  assert.equal(/** @type {any} */ (parse('{\n  "a" 1}')).at, 8)
  assert.equal(/** @type {any} */ (parse('{"a": ')).at, 5)
  for (const text of ['', '{"a": 1, }', '{"a": ', 'no']) assert.match(/** @type {any} */ (parse(text)).message, /^(Not JSON: |Write a task)/)
})
