import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ALL, between, isFiltered, originOf, pressed, rowsOf, tally } from '../../web/static/elements/region-rows.js'

const region = (id, n, more = {}) => ({ id, n, object: 'img', control: 'box', kind: 'rectangle', shape: { x: 0, y: n }, labels: ['Car'], color: '#000', ...more })
const words = { nameOf: ({ labels }) => labels.join(', '), none: 'No label' }
const rows = (all, listing = {}, closed = []) => rowsOf(all, { ...ALL, ...listing }, new Set(closed), words)
const shown = (found) => found.map((row) => '>'.repeat(row.level) + (row.type === 'region' ? row.region.id : `[${row.name}]`))
const SOME = [region('c', 3, { labels: [], score: 0.2 }), region('a', 1, { score: 0.9 }), region('b', 2, { labels: ['Sign', 'Car'], text: 'Stop', origin: 'prediction-changed' })]

test('regions stand in the order of the result', () => assert.deepEqual(shown(rows(SOME)), ['a', 'b', 'c']))

for (const [sort, order] of [['score', ['a', 'c', 'b']], ['label', ['c', 'a', 'b']]]) {
  test(`sorted by ${sort}`, () => assert.deepEqual(shown(rows(SOME, { sort })), order))
}

test('sorted by place: seconds and letters where there are any, else from the top', () => {
  const sounds = [region('late', 1, { shape: { start: 9, end: 10 } }), region('early', 2, { shape: { start: 1, end: 12 } })]
  assert.deepEqual(shown(rows(sounds, { sort: 'place' })), ['early', 'late'])
  const boxes = [region('low', 1, { shape: { y: 80 } }), region('high', 2, { shape: { points: [[10, 5], [20, 90]] } }), region('next page', 3, { shape: { y: 1 }, item: 1 })]
  assert.deepEqual(shown(rows(boxes, { sort: 'place' })), ['high', 'low', 'next page'])
})

for (const [what, listing, left] of [
  ['a word of the text', { text: 'stop' }, ['b']], ['its number', { text: '3' }, ['c']], ['one label', { labels: ['Sign'] }, ['b']], ['no label', { labels: [''] }, ['c']],
  ['any of two labels', { labels: ['', 'Sign'] }, ['b', 'c']], ['a least score', { least: 0.5 }, ['a']], ['a range of scores', { least: 0.1, most: 0.5 }, ['c']], ['origin', { origin: 'changed' }, ['b']],
]) test(`filtered by ${what}`, () => assert.deepEqual(shown(rows(SOME, listing)), left))

test('what is typed with blanks alone filters nothing', () => assert.equal(isFiltered({ ...ALL, text: '  ' }), false))

test('counts are per label: a region with two counts in both', () => {
  assert.deepEqual(tally(SOME).map(([label, , count]) => [label, count]), [['Car', 2], ['', 1], ['Sign', 1]])
})

test('a suggestion is a suggestion, whatever its origin', () => {
  assert.deepEqual([{ suggestion: true, origin: 'prediction' }, { origin: 'prediction' }, { origin: 'prediction-changed' }, { origin: 'manual' }, {}].map(originOf), ['suggestion', 'prediction', 'changed', 'manual', 'manual'])
})

test('children stand under their parents and fold away with them', () => {
  const all = [region('a', 1), region('b', 2, { parent: 'd' }), region('c', 3), region('d', 4), region('e', 5, { parent: 'b' })]
  assert.deepEqual(shown(rows(all)), ['a', 'c', 'd', '>b', '>>e'])
  assert.deepEqual(shown(rows(all, {}, ['b'])), ['a', 'c', 'd', '>b'])
  assert.deepEqual(rows(all).map(({ place, of }) => `${place}/${of}`), ['1/3', '2/3', '3/3', '1/1', '1/1'])
  assert.deepEqual(shown(rows(all, { text: '5' })), ['e'], 'alone where its parent is not listed')
})

test('parents that lead in a circle lose nobody', () => {
  assert.deepEqual(shown(rows([region('a', 1, { parent: 'b' }), region('b', 2, { parent: 'a' }), region('c', 3, { parent: 'c' })])), ['a', 'b', 'c'])
})

test('groups by label have a head each, with those without a label among them', () => {
  assert.deepEqual(shown(rows(SOME, { group: 'label' })), ['[Car]', '>a', '[Sign, Car]', '>b', '[No label]', '>c'])
  assert.deepEqual(shown(rows(SOME, { group: 'label' }, ['group:Car'])).slice(0, 2), ['[Car]', '[Sign, Car]'])
})

test('ten thousand regions are laid out at once', () => {
  const many = Array.from({ length: 10_000 }, (_, at) => region(`r${at}`, at, { parent: at % 10 ? `r${at - (at % 10)}` : undefined }))
  assert.equal(rows(many).length, 10_000)
  assert.equal(rows(many)[1].level, 1)
})

const LIST = rows([region('a', 1), region('b', 2), region('c', 3, { parent: 'b' }), region('d', 4)])
for (const [what, at, press, made] of [
  ['down selects the next', 0, { key: 'ArrowDown' }, { at: 1, select: ['b'], add: false, anchor: 1 }],
  ['up from nowhere begins at the end', -1, { key: 'ArrowUp' }, { at: 3, select: ['d'], add: false, anchor: 3 }],
  ['the last stays the last', 3, { key: 'ArrowDown' }, { at: 3, select: ['d'], add: false, anchor: 3 }],
  ['ctrl moves the keyboard alone', 0, { key: 'ArrowDown', ctrl: true }, { at: 1 }],
  ['shift selects from where it began', 2, { key: 'ArrowDown', shift: true }, { at: 3, select: ['b', 'c', 'd'], add: false }],
  ['space adds', 2, { key: ' ' }, { at: 2, select: ['c'], add: true, anchor: 2 }],
  ['left folds', 1, { key: 'ArrowLeft' }, { at: 1, fold: { key: 'b', open: false } }],
  ['left goes to the parent', 2, { key: 'ArrowLeft' }, { at: 1, select: ['b'], add: false, anchor: 1 }],
  ['right goes to the first child', 1, { key: 'ArrowRight' }, { at: 2, select: ['c'], add: false, anchor: 2 }],
  ['right of a row without children is nobody\'s', 0, { key: 'ArrowRight' }, null],
  ['letters are left to others', 0, { key: 'a' }, null],
]) test(`in the list ${what}`, () => assert.deepEqual(pressed(LIST, at, 1, { shift: false, ctrl: false, ...press }, 10), made))

test('where one reads from right to left, branches open to the left', () => {
  const press = (key) => pressed(LIST, 1, 1, { shift: false, ctrl: false, key }, 10, true)
  assert.deepEqual([press('ArrowLeft')?.select, press('ArrowRight')?.fold], [['c'], { key: 'b', open: false }])
})

test('a range takes what a closed group holds', () => {
  const folded = rows(SOME, { group: 'label' }, ['group:Car'])
  assert.deepEqual(between(folded, 0, 2), ['a', 'b'])
})
