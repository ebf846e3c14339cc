import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SpanIndex } from '../../web/static/elements/span-index.js'
import { chunkAt, chunks, lineCount } from '../../web/static/elements/text-chunks.js'

/** mulberry32: the same numbers in every run. */
function seeded(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
const joined = (text, list) => list.map(({ start, end }) => text.slice(start, end)).join('')

test('chunks join to the text and end after lines', () => {
  const text = Array.from({ length: 500 }, (_, at) => `line ${at} ${'x'.repeat(at % 90)}\n`).join('')
  const list = chunks(text)
  assert.ok(list.length > 3)
  assert.equal(joined(text, list), text)
  for (const { end } of list) assert.equal(text[end - 1], '\n')
})

test('an endless line is cut after spaces', () => {
  const text = 'word '.repeat(20000)
  const list = chunks(text)
  assert.equal(joined(text, list), text)
  assert.ok(list.every(({ start, end }) => end - start <= 16000))
  assert.ok(list.slice(0, -1).every(({ end }) => text[end - 1] === ' '))
})

test('a cut never goes through a surrogate pair', () => {
  const text = `x${'😀'.repeat(20000)}`
  const list = chunks(text)
  assert.equal(joined(text, list), text)
  for (const { start } of list) assert.ok(!(text.charCodeAt(start) >= 0xdc00 && text.charCodeAt(start) <= 0xdfff))
})

test('an empty text is one empty chunk', () => assert.deepEqual(chunks(''), [{ start: 0, end: 0 }]))

test('every offset is in the chunk that has its character, the end in the last', () => {
  const list = [{ start: 0, end: 4 }, { start: 4, end: 9 }, { start: 9, end: 10 }]
  assert.deepEqual([0, 3, 4, 8, 9, 10].map((offset) => chunkAt(list, offset)), [0, 0, 1, 1, 2, 2])
})

test('lines are counted with wrapping', () => {
  const text = `short\n${'y'.repeat(200)}\n\nend`
  assert.equal(lineCount(text, 0, text.length, 80), 1 + 3 + 1 + 1)
})

const span = (id, start16, end16, more = {}) => ({ id, object: 't', kind: 'span', shape: { start16, end16 }, ...more })

test('what an index finds is what a plain search finds', () => {
  const random = seeded(5)
  const regions = Object.fromEntries(Array.from({ length: 300 }, (_, at) => {
    const start = Math.floor(random() * 1000)
    return [`s${at}`, span(`s${at}`, start, start + 1 + Math.floor(random() ** 4 * 400))]
  }))
  const index = new SpanIndex(regions, 't')
  for (let round = 0; round < 200; round++) {
    const start = Math.floor(random() * 1000)
    const end = start + 1 + Math.floor(random() * 50)
    const plain = Object.values(regions).filter(({ shape }) => shape.start16 < end && shape.end16 > start).map(({ id }) => id).sort()
    assert.deepEqual(index.over(start, end).map(({ id }) => id).sort(), plain)
  }
})

test('the end of a span is not in it', () => {
  const index = new SpanIndex({ a: span('a', 2, 5) }, 't')
  assert.deepEqual([1, 2, 4, 5].map((offset) => index.at(offset).length), [0, 1, 1, 0])
})

test('the shortest of overlapping spans comes first', () => {
  const index = new SpanIndex({ long: span('long', 0, 50), short: span('short', 10, 20) }, 't')
  assert.deepEqual(index.at(12).map(({ id }) => id), ['short', 'long'])
})

test('overlapping spans get lines of their own, neighbours share one', () => {
  const index = new SpanIndex({ a: span('a', 0, 10), b: span('b', 5, 15), c: span('c', 10, 12), d: span('d', 20, 22) }, 't')
  const levels = Object.fromEntries(index.spans.map(({ id, level }) => [id, level]))
  assert.deepEqual(levels, { a: 0, b: 1, c: 0, d: 0 })
})

test('hidden spans and those of other objects are not there', () => {
  assert.equal(new SpanIndex({ a: span('a', 0, 3, { hidden: true }), b: span('b', 0, 3, { object: 'other' }) }, 't').spans.length, 0)
})
