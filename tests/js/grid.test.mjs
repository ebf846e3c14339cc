import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inWords, soleQuestion } from '../../web/static/pages/label-advance.js'
import { gridPlan, head } from '../../web/static/pages/label-grid-plan.js'
import { NOTHING, pressed, stepped, touched, without } from '../../web/static/pages/label-grid-select.js'

const options = [{ value: 'Calm', stored: 'Calm', text: 'Calm' }, { value: 'Sad', stored: 's', text: 'Sad' }]
const mood = { name: 'mood', tag: 'Choices', type: 'choices', choice: 'single', to: ['t'], options }
const stars = { name: 'stars', tag: 'Rating', type: 'rating', to: ['t'] }
const notes = { name: 'notes', tag: 'TextArea', type: 'textarea', to: ['t'] }
const text = { name: 't', type: 'text' }
const plan = (controls, objects = [text], more = {}) => ({ plan: 1, objects, controls, hotkeys: [], tree: { node: 'view', key: 'n0', children: [] }, ...more })

// ---- going on by itself ----
for (const [name, controls, asked] of [
  ['one single choice', [mood], 'mood'],
  ['one rating', [stars], 'stars'],
  ['one of two', [{ name: 'better', tag: 'Pairwise', type: 'pairwise', to: ['t', 'u'] }], 'better'],
  ['a required choice beside a text that may stay empty', [{ ...mood, required: true }, notes], 'mood'],
  ['a choice and a text, neither required', [mood, notes], ''],
  ['two required answers', [{ ...mood, required: true }, { ...stars, required: true }], ''],
  ['several choices', [{ ...mood, choice: 'multiple' }], ''],
  ['a list that drops down', [{ ...mood, layout: 'select' }], ''],
  ['a choice about each region', [{ ...mood, per_region: true }], ''],
  ['regions to be drawn', [mood, { name: 'box', tag: 'RectangleLabels', type: 'rectanglelabels', to: ['t'], shape: 'rectangle' }], ''],
  ['nothing at all', [], ''],
]) test(`${name}: ${asked || 'does not go on by itself'}`, () => assert.equal(soleQuestion(plan(controls)), asked))

test('an answer is said in the words of its options', () => {
  const display = { options: { mood: [...options, { stored: 'An', text: 'Animal', children: [{ stored: 'c', text: 'Cat' }] }] } }
  assert.deepEqual([{ choices: ['s'] }, { choices: [['An', 'c']] }, { choices: [] }, { rating: 4 }, { selected: 'right' }, undefined].map((answer) => inWords(display, 'mood', answer)), ['Sad', 'Cat', '', '4', 'Right', ''])
})

// ---- the grid ----
for (const [name, made, fits] of [
  ['a text and a choice', plan([mood]), true],
  ['a picture and several choices', plan([{ ...mood, choice: 'multiple' }], [{ name: 't', type: 'image' }]), true],
  ['pages of pictures', plan([mood], [{ name: 't', type: 'image', pages: true }]), false],
  ['a sound', plan([mood], [{ name: 't', type: 'audio' }]), false],
  ['two texts', plan([mood], [text, { name: 'u', type: 'text' }]), false],
  ['a choice and a rating', plan([mood, stars]), false],
  ['choices from the data', plan([{ ...mood, dynamic: { path: ['x'] } }]), false],
  ['nested choices', plan([{ ...mood, options: [{ ...options[0], children: options }] }]), false],
  ['choices that come and go', plan([mood], [text], { tree: { node: 'view', key: 'n0', children: [{ node: 'view', key: 'n1', when: {} }] } }), false],
]) test(`${name} ${fits ? 'can' : 'cannot'} be shown beside each other`, () => assert.equal(!!gridPlan(made), fits))

test('the start of a text ends at a word and never inside a sign', () => {
  assert.equal(head('  one\n two '), 'one two')
  assert.equal(head('word '.repeat(20), 22), 'word word word word …')
  assert.equal(head('😀'.repeat(30), 25), `${'😀'.repeat(12)} …`)
})

const chosen = (selection) => [...selection.chosen].sort((a, b) => a - b)

test('a press selects one, Ctrl adds and takes away, Shift goes from where it began', () => {
  const one = pressed(NOTHING, 3)
  assert.deepEqual([chosen(one), one.cursor], [[3], 3])
  const range = pressed(one, 6, { shift: true })
  assert.deepEqual(chosen(range), [3, 4, 5, 6])
  assert.deepEqual(chosen(pressed(range, 1, { shift: true })), [1, 2, 3])
  assert.deepEqual(chosen(pressed(range, 4, { ctrl: true })), [3, 5, 6])
  assert.deepEqual(chosen(pressed(pressed(range, 10, { ctrl: true }), 12, { shift: true, ctrl: true })), [3, 4, 5, 6, 10, 11, 12])
})

test('arrows move by tiles and rows, stop at the ends, and select with Shift', () => {
  const at = (selection, key, shift = false) => stepped(selection, key, 5, 12, shift)
  assert.equal(at({ ...NOTHING, cursor: 2, anchor: 2 }, 'ArrowDown').cursor, 7)
  assert.equal(at({ ...NOTHING, cursor: 9, anchor: 9 }, 'ArrowDown').cursor, 9)
  assert.equal(at({ ...NOTHING, cursor: 9, anchor: 9 }, 'End').cursor, 11)
  assert.deepEqual(chosen(at(at({ ...NOTHING, cursor: 1, anchor: 1 }, 'ArrowRight', true), 'ArrowDown', true)), [1, 2, 3, 4, 5, 6, 7])
  assert.equal(at(NOTHING, 'x'), null)
})

test('a band touches what it crosses', () => {
  const tiles = [0, 1, 2].map((n) => ({ left: n * 10, right: n * 10 + 8, top: 0, bottom: 8 }))
  assert.deepEqual(touched({ left: 5, right: 12, top: 4, bottom: 6 }, tiles), [0, 1])
  assert.deepEqual(touched({ left: 8, right: 9, top: 4, bottom: 6 }, tiles), [])
})

test('tiles that are gone leave the selection, the others move up', () => {
  const left = without({ chosen: new Set([1, 4, 6]), cursor: 6, anchor: 6 }, new Set([0, 1, 5]), 4)
  assert.deepEqual([chosen(left), left.cursor], [[2, 3], 3])
})
