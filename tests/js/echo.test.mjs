import assert from 'node:assert/strict'
import { test } from 'node:test'
import { echo } from '../../web/static/elements/echo.js'

const PLAN = {
  objects: [{ name: 'img', type: 'image' }, { name: 't', type: 'text' }],
  controls: [
    { name: 'box', type: 'rectanglelabels', to: ['img'], choice: 'single', options: [{ stored: 'Car', color: '#ff0000' }, { stored: 'Bus', color: '#00ff00' }] },
    { name: 'ner', type: 'labels', to: ['t'], choice: 'multiple', options: [{ stored: 'A', color: '#0000ff' }, { stored: 'B', color: '#00ffff' }] },
    { name: 'mood', type: 'choices', to: ['t'], choice: 'single' }, { name: 'topics', type: 'choices', to: ['t'], choice: 'multiple' },
  ],
}
const view = () => ({
  regions: { r1: { id: 'r1', n: 1, object: 'img', control: 'box', kind: 'rectangle', shape: { x: 1, y: 1, width: 5, height: 5, rotation: 0 }, labels: ['Car'], color: '#ff0000', answers: {} } },
  answers: { mood: { choices: ['Good'] } }, selection: [], active: { box: [] }, tools: { img: { tool: 'select' } }, hidden: [], counts: {}, full: {},
})
const SHAPE = { x: 10, y: 10, width: 5, height: 5, rotation: 0 }

test('nothing pending: the view itself', () => {
  const given = view()
  assert.equal(echo(PLAN, given, []), given)
})

test('the view that the engine gave is never changed', () => {
  const given = view()
  const before = structuredClone(given)
  echo(PLAN, given, [{ type: 'pick_label', control: 'box', label: 'Car' }, { type: 'add_region', region: 'n', object: 'img', shape: SHAPE }, { type: 'delete', regions: ['r1'] }, { type: 'choose', control: 'mood', choice: 'Bad', checked: true }])
  assert.deepEqual(given, before)
})

test('a picked label looks pressed and gives the drawing tool its colour', () => {
  const shown = echo(PLAN, view(), [{ type: 'pick_label', control: 'box', label: 'Bus' }])
  assert.deepEqual([shown.active.box, shown.tools.img], [['Bus'], { tool: 'rectangle', control: 'box', color: '#00ff00' }])
  const text = echo(PLAN, view(), [{ type: 'pick_label', control: 'ner', label: 'B' }, { type: 'pick_label', control: 'ner', label: 'A' }])
  assert.deepEqual([text.active.ner, text.tools.t.tool], [['B', 'A'], 'span'])
})

test('a drawn box appears at once in the active colour, and the label stays on', () => {
  const shown = echo(PLAN, view(), [{ type: 'pick_label', control: 'box', label: 'Bus' }, { type: 'add_region', region: 'n', object: 'img', shape: SHAPE }])
  const { color, labels, provisional, kind } = shown.regions.n
  assert.deepEqual({ color, labels, provisional, kind }, { color: '#00ff00', labels: ['Bus'], provisional: true, kind: 'rectangle' })
  assert.deepEqual([shown.active.box, shown.tools.img.tool], [['Bus'], 'rectangle'])
})

test('a marked span is a span', () => {
  const shown = echo(PLAN, view(), [{ type: 'add_region', region: 'n', object: 't', shape: { start16: 2, end16: 5 } }])
  assert.equal(shown.regions.n.kind, 'span')
})

test('a moved box stands where it was let go', () => {
  assert.equal(echo(PLAN, view(), [{ type: 'edit_region', region: 'r1', shape: SHAPE }]).regions.r1.shape.x, 10)
})

test('deleted regions are gone, locked ones stay', () => {
  assert.equal(echo(PLAN, view(), [{ type: 'delete', regions: ['r1'] }]).regions.r1, undefined)
  const locked = view()
  locked.regions.r1.locked = true
  assert.ok(echo(PLAN, locked, [{ type: 'delete', regions: ['r1'] }]).regions.r1)
})

test('selecting with add toggles', () => {
  const add = { type: 'select', regions: ['r1'], add: true }
  assert.deepEqual(echo(PLAN, view(), [add]).selection, ['r1'])
  assert.deepEqual(echo(PLAN, view(), [add, add]).selection, [])
})

test('one choice replaces, several add up, of the whole or of a region', () => {
  assert.deepEqual(echo(PLAN, view(), [{ type: 'choose', control: 'mood', choice: 'Bad' }]).answers.mood.choices, ['Bad'])
  assert.deepEqual(echo(PLAN, view(), [{ type: 'choose', control: 'mood', choice: 'Good' }]).answers.mood.choices, [])
  const two = ['A', 'B'].map((choice) => ({ type: 'choose', control: 'topics', choice, checked: true, region: 'r1' }))
  assert.deepEqual(echo(PLAN, view(), two).regions.r1.answers.topics.choices, ['A', 'B'])
})

test('typed text stands in the field until it is added', () => {
  const typed = { type: 'type_text', control: 'notes', text: 'one' }
  assert.equal(echo(PLAN, view(), [typed]).answers.notes.typing, 'one')
  assert.deepEqual(echo(PLAN, view(), [typed, { type: 'add_text', control: 'notes', text: 'one' }]).answers.notes, { text: ['one'], typing: '' })
})

test('intents that only the engine understands are left to it', () => {
  assert.deepEqual(echo(PLAN, view(), [{ type: 'undo' }, { type: 'nudge', dx: 1, dy: 0 }]).regions, view().regions)
})
