import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SpanIndex } from '../../web/static/elements/span-index.js'
import { chunkAt, chunks, lineCount } from '../../web/static/elements/text-chunks.js'
import { rightToLeft, stackNames } from '../../web/static/elements/text-names.js'
import { findAll, firstFrom } from '../../web/static/elements/text-search.js'

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

test('what is inside stands nearer to the text, and no two spans share a line where they overlap', () => {
  const nested = new SpanIndex({ out: span('out', 0, 60), mid: span('mid', 0, 30), in: span('in', 5, 12), far: span('far', 40, 50) }, 't')
  assert.deepEqual(Object.fromEntries(nested.spans.map(({ id, level }) => [id, level])), { out: 2, mid: 1, in: 0, far: 0 })
  const random = seeded(9)
  const regions = Object.fromEntries(Array.from({ length: 120 }, (_, at) => {
    const start = Math.floor(random() * 2000)
    return [`s${at}`, span(`s${at}`, start, start + 1 + Math.floor(random() * 60))]
  }))
  const { spans } = new SpanIndex(regions, 't')
  for (const one of spans) for (const other of spans) {
    if (one === other || one.level !== other.level || one.level === 11) continue
    assert.ok(one.end <= other.start || other.end <= one.start, `${one.id} meets ${other.id}`)
  }
})

/** What an index says about a text. @param {SpanIndex} index */
const told = (index) => index.spans.map(({ id, start, end, level, region }) => [id, start, end, level, region.color])

test('an index that follows a view is what a new one would be', () => {
  const random = seeded(21)
  /** @type {Record<string, any>} */
  let regions = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`s${at}`, span(`s${at}`, at * 9, at * 9 + 1 + Math.floor(random() * 40))]))
  const index = new SpanIndex(regions, 't')
  for (let round = 0; round < 300; round++) {
    const next = { ...regions }
    for (let turn = Math.floor(random() * 3); turn >= 0; turn--) {
      const id = `s${Math.floor(random() * 80)}`
      const start = Math.floor(random() * 600)
      const change = [() => delete next[id], () => { next[id] = span(id, start, start + 1 + Math.floor(random() * 60)) }, () => { if (next[id]) next[id] = { ...next[id], color: `#00${round}` } },
        () => { if (next[id]) next[id] = { ...next[id], hidden: !next[id].hidden } }, () => { next[`o${round}`] = span(`o${round}`, 0, 9, { object: 'other' }) }]
      change[Math.floor(random() * change.length)]()
    }
    index.follow(next)
    assert.deepEqual(told(index), told(new SpanIndex(next, 't')), `round ${round}`)
    for (const at of [0, 100, 333, 650]) assert.deepEqual(index.at(at).map(({ id }) => id), new SpanIndex(next, 't').at(at).map(({ id }) => id))
    regions = next
  }
})

test('an index says whether a view has changed anything in its text', () => {
  const regions = { a: span('a', 0, 5), b: span('b', 9, 12, { object: 'other' }) }
  const index = new SpanIndex(regions, 't')
  assert.equal(index.follow({ ...regions }), false)
  assert.equal(index.follow({ ...regions, c: span('c', 0, 1, { object: 'other' }) }), false)
  assert.equal(index.follow({ ...regions, c: span('c', 0, 1) }), true)
  assert.equal(index.follow({ b: regions.b }), true)
  assert.equal(index.spans.length, 0)
})

test('names that would cover each other stand in rows, the shorter span lower', () => {
  const name = (text, left, size, more = {}) => ({ text, color: '', left, right: left + 8, top: 20, size, ...more })
  const { placed, rows } = stackNames([name('Organization', 0, 40), name('Person', 0, 12), name('Place', 300, 5)], 400)
  assert.deepEqual(placed.map(({ name: { text }, row }) => [text, row]), [['Person', 0], ['Organization', 1], ['Place', 0]])
  assert.equal(rows.get(20), 2)
  assert.deepEqual(stackNames([name('Organization', 0, 40), name('Person', 0, 12)], 400, 1).placed.map(({ name: { text } }) => text), ['Person'])
  const [last] = stackNames([name('Organization', 390, 4)], 400).placed
  assert.ok(last.x < 330, 'a name stays in the page')
  const [right] = stackNames([name('Place', 200, 4, { rtl: true })], 400).placed
  assert.ok(right.x < 200 && rightToLeft('שלום') && !rightToLeft('Oslo'))
})

test('words are found with and without capitals, whole or in part, over line ends', () => {
  const text = 'Oslo, OSLO and Osloer.\nNew\n York 😀 new york (a+b)'
  const places = (query, how) => findAll(text, query, how).map(({ start, end }) => text.slice(start, end))
  assert.deepEqual(places('oslo'), ['Oslo', 'OSLO', 'Oslo'])
  assert.deepEqual(places('oslo', { whole: true }), ['Oslo', 'OSLO'])
  assert.deepEqual(places('Oslo', { exact: true }), ['Oslo', 'Oslo'])
  assert.deepEqual(places('new york'), ['New\n York', 'new york'])
  assert.deepEqual(places('(a+b)'), ['(a+b)'])
  assert.deepEqual(places('😀'), ['😀'])
  assert.deepEqual(places('  '), [])
  assert.deepEqual([0, 3, 24, 90].map((offset) => firstFrom([{ start: 3 }, { start: 20 }], offset)), [0, 0, 0, 0])
  assert.equal(firstFrom([{ start: 3 }, { start: 20 }], 4), 1)
  assert.equal(firstFrom([], 4), -1)
})

test('whole words end where letters with marks end', () => {
  const text = 'cafe\u0301 cafe caf\u00e9s'
  assert.deepEqual(findAll(text, 'cafe', { whole: true }), [{ start: 6, end: 10 }])
})
