import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pasting } from '../../web/static/elements/region-clipboard.js'
import { combine, convert, group, hideOthers, reorder, selectAll, showAll, turned, ungroup } from '../../web/static/elements/region-intents.js'

const region = (id, more = {}) => ({ id, n: id.charCodeAt(0), object: 'img', kind: 'polygon', shape: {}, labels: [], ...more })
const view = (selection, ...regions) => ({ selection, regions: Object.fromEntries(regions.map((one) => [one.id, one])), answers: {} })
const ids = () => 'new'
const PLAN = { objects: [{ name: 'img', type: 'image' }], controls: [{ name: 'p', type: 'polygonlabels', to: ['img'] }, { name: 'b', type: 'brushlabels', to: ['img'] }] }

test('one region is no group', () => {
  assert.equal(group(view(['a'], region('a'))), null)
  assert.deepEqual(group(view(['a', 'b'], region('a'), region('b'))), { type: 'group', regions: ['a', 'b'] })
})

test('ungrouping a parent lets go of what is in it', () => {
  assert.deepEqual(ungroup(view(['a'], region('a'), region('b', { parent: 'a' }))), { type: 'ungroup', regions: ['b'] })
  assert.deepEqual(ungroup(view(['b'], region('a'), region('b', { parent: 'a' }))), { type: 'ungroup', regions: ['b'] })
  assert.equal(ungroup(view(['a'], region('a'))), null)
})

test('the order of nothing cannot be changed', () => {
  assert.equal(reorder(view([]), 'front'), null)
  assert.deepEqual(reorder(view(['a'], region('a')), 'front'), { type: 'reorder', regions: ['a'], to: 'front' })
})

for (const [what, how, some, sent] of [
  ['two areas are united into one', 'union', [region('a'), region('b', { kind: 'rectangle' })], { type: 'combine', how: 'union', regions: ['a', 'b'], ids: ['new'] }],
  ['a point is no area', 'union', [region('a'), region('b', { kind: 'keypoint' })], null],
  ['what is locked is not combined', 'intersect', [region('a'), region('b', { locked: true })], null],
  ['areas of two pictures are not combined', 'subtract', [region('a'), region('b', { object: 'other' })], null],
  ['a box has no parts', 'split', [region('a', { kind: 'rectangle' })], null],
]) test(what, () => assert.deepEqual(combine(view(some.map(({ id }) => id), ...some), how, ids), sent))

for (const [what, more, sent] of [
  ['a shape turns by key', {}, { type: 'transform', rotate: -15 }], ['what is locked does not turn', { locked: true }, null], ['a point has no turn', { kind: 'keypoint' }, null],
  ['a config may say that its shapes do not turn', { control: 'b' }, null],
]) test(what, () => {
  const plan = { controls: [{ name: 'p' }, { name: 'b', can_rotate: false }] }
  assert.deepEqual(turned(plan, view(['a'], region('a', { control: 'p', ...more })), -15), sent)
})

test('splitting brings ids enough for many parts', () => assert.ok(combine(view(['a'], region('a')), 'split', ids).ids.length >= 50))

test('regions are converted only into what the config has', () => {
  assert.deepEqual(convert(PLAN, view(['a'], region('a')), 'brush', ids), { type: 'convert', regions: ['a'], to: 'brush', ids: ['new'] })
  assert.equal(convert(PLAN, view(['a'], region('a')), 'ellipse', ids), null)
  assert.equal(convert(PLAN, view(['a'], region('a')), 'polygon', ids), null, 'it is one')
})

test('all of the object in hand is selected, without what is hidden or on other pages, and then all of the task', () => {
  const some = [region('a'), region('b', { hidden: true }), region('c', { item: 1 }), region('d', { object: 'txt' })]
  assert.deepEqual(selectAll(view([], ...some), 'img').regions, ['a'])
  assert.deepEqual(selectAll(view(['a'], ...some), 'img').regions, ['a', 'd'])
  assert.equal(selectAll(view([]), 'img'), null)
})

test('hiding all others twice shows them again', () => {
  assert.deepEqual(hideOthers(view(['a'], region('a'), region('b'))), [{ type: 'mark', regions: ['b'], hidden: true }])
  assert.deepEqual(hideOthers(view(['a'], region('a'), region('b', { hidden: true }))), [{ type: 'mark', regions: ['b'], hidden: false }])
  assert.deepEqual(hideOthers(view([], region('a'))), [])
  assert.deepEqual(showAll(view([], region('a'), region('b', { hidden: true }))), { type: 'mark', regions: ['b'], hidden: false })
})

test('a copy in the same task stands beside, the next one further, in place exactly there; in another task it stands where it was', () => {
  const copied = { rows: [{ id: 'a' }], ids: ['a'], from: '7', pasted: 0 }
  assert.deepEqual(pasting(copied, '7', false, ids), { type: 'paste', rows: [{ id: 'a' }], ids: { a: 'new' }, shift: { x: 1.5, y: 1.5 } })
  assert.deepEqual(pasting({ ...copied, pasted: 1 }, '7', false, ids).shift, { x: 3, y: 3 })
  assert.equal(pasting(copied, '7', true, ids).shift, undefined)
  assert.equal(pasting(copied, '8', false, ids).shift, undefined)
})
