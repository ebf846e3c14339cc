import assert from 'node:assert/strict'
import { test } from 'node:test'
import { applyPatch } from '../../web/static/app/patch.js'
import { Steps } from '../../web/static/app/steps.js'

const region = (id, x, more = {}) => ({ id, n: 1, shape: { x, y: 0 }, labels: ['Car'], hidden: false, ...more })
const view = () => ({ regions: { a: region('a', 1), b: region('b', 2) }, answers: { sky: { choices: ['Sun'] } }, selection: [], undo: false })
const content = ({ regions, answers }) => structuredClone({ regions, answers })

/** Asks as a session does: what is known is taken before. */
const after = (steps, before, patch, known = steps.known()) => steps.apply(before, patch, known)

test('members of regions change, and go where they are null', () => {
  const before = { ...view(), regions: { a: region('a', 1, { suggestion: true, note: 'x' }) } }
  const next = applyPatch(before, { changes: { a: { suggestion: null, hidden: true, shape: { x: 9, y: 9 } } } })
  assert.deepEqual(next.regions.a, region('a', 9, { note: 'x', hidden: true, shape: { x: 9, y: 9 } }))
})

test('a view has another edition when a region is another one, and only then', () => {
  const first = view()
  const selected = applyPatch(first, { selection: ['a'] })
  assert.equal(selected.edition, first.edition)
  const moved = applyPatch(selected, { regions: { a: region('a', 5) } })
  assert.notEqual(moved.edition, selected.edition)
  assert.notEqual(applyPatch(moved, { changes: { a: { hidden: true } } }).edition, moved.edition)
})

test('a step back and again is drawn from what the page remembers', () => {
  const steps = new Steps()
  const first = view()
  const begin = content(first)
  let now = after(steps, first, { step: 1, joins: false, regions: { a: null, c: region('c', 3) }, answers: { sky: null }, undo: true })
  now = after(steps, now, { step: 2, joins: false, changes: { b: { shape: { x: 7, y: 7 } } } })
  const end = content(now)
  assert.deepEqual([...steps.known().notes.keys()], [1, 2])
  now = after(steps, now, { step: 2, way: 'back' })
  now = after(steps, now, { step: 1, way: 'back', undo: false, selection: ['a'] })
  assert.deepEqual(content(now), begin)
  assert.deepEqual([now.undo, now.selection], [false, ['a']])
  now = after(steps, now, { step: 1, way: 'again' })
  now = after(steps, now, { step: 2, way: 'again' })
  assert.deepEqual(content(now), end)
})

test('intents of one gesture are one step, also where its beginning is not known any more', () => {
  const steps = new Steps()
  let now = after(steps, view(), { step: 1, joins: false, changes: { a: { shape: { x: 2, y: 0 } } } })
  now = after(steps, now, { step: 1, joins: true, changes: { a: { shape: { x: 3, y: 0 } }, b: { hidden: true } } })
  now = after(steps, now, { step: 1, way: 'back' })
  assert.deepEqual(content(now), content(view()))
  steps.forget()
  after(steps, now, { step: 1, joins: true, changes: { a: { shape: { x: 4, y: 0 } } } })
  assert.deepEqual([...steps.known().notes.keys()], [], 'half a step is none')
})

test('what was asked before everything was forgotten is not remembered, and a step that was promised still is there', () => {
  const steps = new Steps()
  const first = view()
  let now = after(steps, first, { step: 1, joins: false, regions: { a: null } })
  const [asked, undo] = [steps.known(), steps.known()]
  steps.forget()
  now = after(steps, now, { step: 2, joins: false, regions: { b: null } }, asked)
  assert.deepEqual([...steps.known().notes.keys()], [])
  now = after(steps, now, { step: 1, way: 'back' }, undo)
  assert.deepEqual(Object.keys(now.regions), ['a'])
})

test('of very many regions the oldest steps are forgotten first', () => {
  const steps = new Steps()
  const many = Object.fromEntries(Array.from({ length: 90_000 }, (_, n) => [`r${n}`, region(`r${n}`, n)]))
  let now = view()
  for (const step of [1, 2, 3]) now = after(steps, now, { step, joins: false, regions: { ...many } })
  assert.deepEqual([...steps.known().notes.keys()], [2, 3])
})

test('of many small steps the last hundred are kept', () => {
  const steps = new Steps()
  let now = view()
  for (let step = 1; step <= 150; step++) now = after(steps, now, { step, joins: false, changes: { a: { hidden: step % 2 > 0 } } })
  assert.deepEqual([...steps.known().notes.keys()], Array.from({ length: 100 }, (_, at) => at + 51))
})

test('undo and redo that are asked for before the second half of a step is known take the whole step', () => {
  const steps = new Steps()
  const first = view()
  const shape = (/** @type {number} */ x) => ({ changes: { a: { shape: { x, y: 0 } } } })
  let now = after(steps, first, { step: 1, joins: false, ...shape(1) })
  const [second, undo, redo] = [steps.known(), steps.known(), steps.known()]
  now = after(steps, now, { step: 1, joins: true, ...shape(2) }, second)
  now = after(steps, now, { step: 1, way: 'back' }, undo)
  now = after(steps, now, { step: 1, way: 'again' }, redo)
  assert.equal(now.regions.a.shape.x, 2)
})
