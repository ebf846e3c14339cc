import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asked, isoOf, partsOf } from '../../web/static/elements/date-parts.js'
import { placed } from '../../web/static/elements/dropdown.js'
import { echo } from '../../web/static/elements/echo.js'
import { hoveredOf, hovers } from '../../web/static/elements/hovered.js'
import { planned } from '../../web/static/elements/keys.js'

const control = (type, name, more = {}) => ({ name, type, to: ['t'], ...more })
const PLAN = {
  objects: [{ name: 't', type: 'text' }, { name: 'img', type: 'image' }],
  controls: [control('taxonomy', 'tree'), control('number', 'n'), control('datetime', 'when'), control('pairwise', 'pair'), control('ranker', 'order'), control('textarea', 'notes'), control('choices', 'deep', { choice: 'multiple' }), control('chatmessage', 'chat', { to: ['chat'] }),
    control('rating', 'stars', { max_rating: 5 }), control('polygonlabels', 'poly', { to: ['img'], choice: 'single', options: [{ stored: 'Roof', color: '#111111' }] })],
}
const region = (id) => ({ id, n: 1, object: 't', control: 'ner', kind: 'span', shape: {}, labels: [], color: '#000000', answers: {} })
const view = (more = {}) => ({ regions: { r1: region('r1'), r2: region('r2') }, answers: {}, selection: [], active: {}, tools: {}, hidden: [], region_controls: [], counts: {}, full: {}, undo: false, redo: false, ...more })
const shown = (pending, given = view()) => echo(PLAN, given, pending)

// ---- echo ----
test('an item of a tree is chosen, and taken back', () => {
  const on = shown([{ type: 'toggle_path', control: 'tree', path: ['A', 'B'], checked: true }])
  assert.deepEqual(on.answers.tree, { taxonomy: [['A', 'B']] })
  const twice = shown([{ type: 'toggle_path', control: 'tree', path: ['C'] }, { type: 'toggle_path', control: 'tree', path: ['A', 'B'] }], view({ answers: { tree: { taxonomy: [['A', 'B']] } } }))
  assert.deepEqual(twice.answers.tree, { taxonomy: [['C']] })
  assert.ok(!('tree' in shown([{ type: 'toggle_path', control: 'tree', path: ['A', 'B'], checked: false }], view({ answers: { tree: { taxonomy: [['A', 'B']] } } })).answers))
})

test('numbers, sides and dates stand at once, and null takes them away', () => {
  const set = (name, value) => shown([{ type: 'set_answer', control: name, value }]).answers[name]
  assert.deepEqual([set('n', { number: 2 }), set('pair', { selected: 'left' })], [{ number: 2 }, { selected: 'left' }])
  assert.deepEqual(set('when', { datetime: '2024-05-01' }), { datetime: '2024-05-01', iso: '2024-05-01' })
  assert.ok(!('n' in shown([{ type: 'set_answer', control: 'n', value: null }], view({ answers: { n: { number: 1 } } })).answers))
})

test('moves of a ranker are kept in order for its columns', () => {
  const moves = shown([{ type: 'move_item', control: 'order', item: 'b', index: 0 }, { type: 'move_item', control: 'order', item: 'c', bucket: 'good', index: 1 }], view({ answers: { order: { ranker: { order: ['a'] } } } })).answers.order
  assert.deepEqual(moves, { ranker: { order: ['a'] }, moves: [{ item: 'b', index: 0 }, { item: 'c', bucket: 'good', index: 1 }] })
})

test('answers of a page and answers of a region stand where they belong', () => {
  assert.deepEqual(shown([{ type: 'rate', control: 'stars', rating: 3, item: 2 }], view({ answers: { stars: { items: { 0: { rating: 1 } } } } })).answers.stars, { items: { 0: { rating: 1 }, 2: { rating: 3 } } })
  assert.deepEqual(shown([{ type: 'set_answer', control: 'n', value: { number: 4 }, region: 'r1' }]).regions.r1.answers, { n: { number: 4 } })
  assert.deepEqual(shown([{ type: 'set_answer', control: 'n', value: { number: 4 }, region: 'gone' }]).answers, {})
})

test('a shortcut is added to what is typed; one more star follows five with none', () => {
  assert.equal(shown([{ type: 'type_text', control: 'notes', text: 'So. ' }, { type: 'insert_text', control: 'notes', text: 'I agree.' }]).answers.notes.typing, 'So. I agree.')
  assert.equal(shown([{ type: 'rate', control: 'stars', step: 1 }], view({ answers: { stars: { rating: 5 } } })).answers.stars.rating, 0)
})

test('nested choices are told apart by their path', () => {
  const given = view({ answers: { deep: { choices: [['A', 'B']] } } })
  assert.deepEqual(shown([{ type: 'choose', control: 'deep', choice: ['A', 'B'], checked: false }], given).answers.deep.choices, [])
  assert.deepEqual(shown([{ type: 'choose', control: 'deep', choice: ['C', 'B'] }], given).answers.deep.choices, [['A', 'B'], ['C', 'B']])
})

test('relations appear, turn, get labels and go', () => {
  const ends = { from: 'r1', to: 'r2' }
  assert.deepEqual(shown([{ type: 'relate', ...ends }]).relations, [{ ...ends, direction: 'right', labels: [] }])
  const given = view({ relations: [{ ...ends, direction: 'right', labels: ['owns'] }] })
  assert.deepEqual(shown([{ type: 'set_relation', ...ends, direction: 'bi' }], given).relations, [{ ...ends, direction: 'bi', labels: ['owns'] }])
  assert.deepEqual(shown([{ type: 'set_relation', ...ends, labels: [] }], given).relations[0].labels, [])
  assert.deepEqual(shown([{ type: 'unrelate', ...ends }], given).relations, [])
})

test('a message is there at once, and so is its change', () => {
  const said = shown([{ type: 'message', control: 'chat', role: 'user', content: 'Hello', answer: 'm' }, { type: 'edit_message', region: 'm', content: 'Hello!' }]).regions.m
  assert.deepEqual([said.kind, said.object, said.shape, said.provisional], ['message', 'chat', { role: 'user', content: 'Hello!' }, true])
})

test('a label with a shape of its own gives the drawing tool that shape, and the region its kind', () => {
  const drawn = shown([{ type: 'pick_label', control: 'poly', label: 'Roof' }, { type: 'add_region', region: 'n', object: 'img', shape: { points: [] } }])
  assert.deepEqual([drawn.tools.img.tool, drawn.regions.n.kind, drawn.regions.n.labels], ['polygon', 'polygon', ['Roof']])
})

// ---- dates ----
for (const [iso, parts] of [
  ['2024-05-01T10:30', { date: '2024-05-01', time: '10:30' }], ['2024-05-01', { date: '2024-05-01' }], ['10:30', { time: '10:30' }], ['2024-05', { year: '2024', month: '05' }], ['2024', { year: '2024' }], ['05', { month: '05' }], ['', {}], [null, {}],
]) {
  test(`the parts of ${iso || 'nothing'}`, () => assert.deepEqual(partsOf(iso), parts))
  if (iso) test(`${iso} is made of its parts`, () => assert.equal(isoOf(parts, Object.keys(parts)), iso))
}

test('a date excludes month and year; nothing said means date and time; a missing part means no answer yet', () => {
  assert.deepEqual([asked(undefined), asked(['month', 'date', 'year']), asked(['year', 'month']), asked(['time'])], [['date', 'time'], ['date'], ['month', 'year'], ['time']])
  assert.equal(isoOf({ date: '2024-05-01' }, ['date', 'time']), '')
})

// ---- panels, keys, hovering ----
const ROOM = { width: 800, height: 600 }
for (const [where, anchor, top] of [
  ['under its button', { left: 20, top: 100, bottom: 130, width: 200 }, 134], ['over it where there is more room', { left: 20, top: 500, bottom: 530, width: 200 }, 196],
]) test(`a panel opens ${where}`, () => assert.equal(placed(anchor, { width: 300, height: 300 }, ROOM).top, top))

test('a panel stays in the window, and is no higher than its room', () => {
  const at = placed({ left: 700, top: 250, bottom: 280, width: 90 }, { width: 300, height: 900 }, ROOM)
  assert.deepEqual([at.left, at.height], [492, 308])
})

test('of two controls with the same key, the one with the keyboard is meant', () => {
  const keys = ['a', 'b'].map((name) => ({ key: 'alt+x', scope: 'input', does: '', intent: { type: 'insert_text', control: name, text: '' } }))
  assert.deepEqual([planned(keys, ['alt+x'], 'input', 'b')?.intent.control, planned(keys, ['alt+x'], 'input')?.intent.control, planned(keys, ['alt+x'], 'main', 'b')], ['b', 'a', null])
})

test('both ends of a relation are under the pointer at once', () => {
  const both = hoveredOf(['r1', 'r 2'])
  assert.deepEqual([hovers(both, 'r1'), hovers(both, 'r 2'), hovers(both, 'r'), hovers('', 'r1'), hovers('r1', 'r1')], [true, true, false, false, true])
})
