import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cuts, extent, ladder, lowerBound, nearest } from '../../web/static/elements/series-columns.js'
import { lanesOf } from '../../web/static/elements/series-lanes.js'
import { CsvReader, cells, seriesOfTable, tableOf } from '../../web/static/elements/series-data.js'
import { axisWriter, timeReader, timeWriter } from '../../web/static/elements/series-time.js'

const read = async (text, wanted, piece = text.length) => {
  const reader = new CsvReader(wanted)
  for (let at = 0; at < text.length; at += piece) await reader.add(text.slice(at, at + piece))
  return reader.end()
}

for (const [format, text, iso] of [
  ['%Y-%m-%d %H:%M:%S', '2026-03-09 12:05:07', '2026-03-09T12:05:07Z'],
  ['%Y-%m-%dT%H:%M:%S.%L', '2026-03-09T12:05:07.250', '2026-03-09T12:05:07.250Z'],
  ['%d/%m/%y %I:%M %p', '09/03/26 12:05 AM', '2026-03-09T00:05:00Z'],
  ['%b %d, %Y', 'Mar 09, 2026', '2026-03-09T00:00:00Z'],
  ['%Y-%m-%d %H:%M%Z', '2026-03-09 12:05+0200', '2026-03-09T10:05:00Z'],
  ['%s', '1773057907', '2026-03-09T12:05:07Z'],
]) {
  test(`a time of the form ${format} is read in UTC`, () => assert.equal(timeReader(format)(text), Date.parse(iso) / 1000))
}

test('a time of another form is no time, an unknown directive no format', () => {
  const reader = timeReader('%Y-%m-%d')
  assert.deepEqual(['2026/03/09', '', '2026-13-09', '2026-03-09 12:00'].map((text) => Number.isNaN(reader(text))), [true, true, true, true])
  assert.equal(timeReader('%Y %v'), null)
})

test('what is written can be read', () => {
  for (const format of ['%Y-%m-%d %H:%M:%S', '%d %b %Y, %H:%M:%S.%L', '%s', '%Y-%j %H:%M:%S']) {
    for (const at of [0, 1773057907, -86400]) assert.equal(timeReader(format)(timeWriter(format)(at)), at, `${format} ${at}`)
  }
})

test('an axis writes as many digits as its steps need', () => {
  assert.deepEqual([axisWriter(undefined, false, 0.05)(1.5), axisWriter(undefined, false, 20)(140), axisWriter('.1f', false, 20)(140)], ['1.50', '140', '140.0'])
  assert.equal(axisWriter(undefined, true, 3600)(1773057907), '03-09 12:05')
})

test('CSV is read in pieces of any size', async () => {
  const text = 'Time,Value,Other\r\n1,10,x\r\n2,,x\r\n3,30.5,x\r\n'
  for (const piece of [1, 2, 3, 7, 100]) {
    const { time, columns } = await read(text, { channels: ['value'], timeColumn: 'time' }, piece)
    assert.deepEqual([[...time], [...columns.get('value')]], [[1, 2, 3], [10, NaN, 30.5]], `pieces of ${piece}`)
  }
})

for (const [name, text, wanted] of [
  ['semicolons', 'a;b\n1;2\n', {}], ['tabs', 'a\tb\n1\t2\n', {}], ['a separator that the config names', 'a|b\n1|2\n', { sep: '|' }], ['one that the config has wrong', 'a;b\n1;2\n', { sep: ',' }],
]) {
  test(`${name} separate`, async () => assert.deepEqual([...(await read(text, { channels: ['b'], timeColumn: 'a', ...wanted })).columns.get('b')], [2]))
}

test('without a row of names columns have numbers', async () => {
  const { time, columns } = await read('1,10\n2,20\n', { channels: ['1'], timeColumn: '0' })
  assert.deepEqual([[...time], [...columns.get('1')]], [[1, 2], [10, 20]])
})

test('without a time column rows are counted from 0', async () => assert.deepEqual([...(await read('v\n5\n6\n', { channels: ['v'] })).time], [0, 1]))

test('quoted cells may hold separators and quotes', () => assert.deepEqual(cells('"a,b",c,"d ""e""",', ','), ['a,b', 'c', 'd "e"', '']))

for (const [name, text, wanted, told] of [
  ['a missing channel', 'a,b\n1,2\n', { channels: ['c'] }, /no column “c” for a channel/],
  ['a missing time', 'a,b\n1,2\n', { channels: ['a'], timeColumn: 't' }, /no column “t” for the time/],
  ['text among numbers', 'a\n1\nfive\n', { channels: ['a'] }, /Row 2 of column “a” has “five”/],
  ['time that goes back', 't,a\n2,1\n1,1\n', { channels: ['a'], timeColumn: 't' }, /does not ascend: row 2 of column “t”/],
  ['dates without a format', 't,a\n2026-01-01,1\n', { channels: ['a'], timeColumn: 't' }, /Row 1 of column “t” has “2026-01-01”/],
  ['an unknown format', 't,a\n1,1\n', { channels: ['a'], timeColumn: 't', timeFormat: '%v' }, /“%v”/],
  ['an empty file', '', { channels: ['a'] }, /empty/],
  ['no rows', 'a,b\n', { channels: ['a'] }, /no rows/],
]) {
  test(`${name}: the fault names the column`, async () => assert.rejects(() => read(text, wanted), told))
}

test('a table of the task has columns of one length', () => {
  assert.throws(() => seriesOfTable({ t: [1, 2], a: [1] }, { channels: ['a'], timeColumn: 't' }), /Column “a” has 1 values/)
  assert.throws(() => seriesOfTable({ a: 5 }, { channels: ['a'] }), /not a list/)
  assert.deepEqual([...seriesOfTable(tableOf([{ a: 1 }, { b: 2 }]), { channels: ['a'] }).columns.get('a')], [1, NaN])
})

test('blocks give the same lowest and highest as a look at every value', () => {
  const values = Float32Array.from({ length: 100_000 }, (_, i) => (i % 977 === 5 ? NaN : Math.sin(i * 0.37) * (i % 313)))
  const made = ladder(values)
  let seed = 7
  const random = (most) => { seed = (seed * 48271) % 2147483647; return seed % most }
  for (let round = 0; round < 300; round++) {
    const [a, b] = [random(values.length), random(values.length)].sort((x, y) => x - y)
    let [least, most] = [Infinity, -Infinity]
    for (let i = a; i < b; i++) {
      if (values[i] < least) least = values[i]
      if (values[i] > most) most = values[i]
    }
    assert.deepEqual(extent(made, a, b), [least, most], `${a} to ${b}`)
  }
})

test('columns of pixels share out the points, and none is lost', () => {
  const time = Float64Array.from({ length: 1000 }, (_, i) => i + (i % 7) / 10)
  const found = cuts(time, time[0], time[999] + 1, 33)
  assert.deepEqual([found[0], found[33]], [0, 1000])
  for (let x = 0; x < 33; x++) assert.ok(found[x] <= found[x + 1])
  assert.deepEqual([lowerBound(time, -5), lowerBound(time, 5000), nearest(time, 10.4), nearest(time, 1e9), nearest(new Float64Array(0), 1)], [0, 1000, 10, 999, -1])
})

test('channels of one plot share a lane, and none looks like another', () => {
  const ladders = new Map(['a', 'b', 'c'].map((name) => [name, ladder(new Float32Array(3))]))
  const channels = [{ column: 'a', stroke_color: '#111111', height: 90 }, { column: 'b', multi: 0, stroke_color: '#111111' }, { column: 'c', multi: 0, stroke_color: '#111111', interpolation: 'curveStep' }, { column: 'gone' }]
  const lanes = lanesOf(channels, [{ height: 150, show_y_axis: false }], ladders)
  assert.deepEqual(lanes.map((lane) => [lane.channels.map(({ column }) => column), lane.height, lane.axis]), [[['a'], 90, true], [['b', 'c'], 150, false]])
  assert.notEqual(lanes[1].lines[0].color, lanes[1].lines[1].color)
  assert.deepEqual(lanes[1].lines.map(({ step }) => step), [false, true])
})
