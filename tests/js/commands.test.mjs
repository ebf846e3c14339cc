import assert from 'node:assert/strict'
import { test } from 'node:test'
import { INTENTS, nudge } from '../../web/static/elements/command-intents.js'
import { addCommands, allCommands, commandsFor, grouped } from '../../web/static/elements/commands.js'
import { keyNames } from '../../web/static/elements/keys.js'
import { keysOf, labelKey, useOwnKeys, withOwnKeys } from '../../web/static/elements/own-keys.js'

const view = (more = {}) => ({ regions: {}, answers: {}, selection: [], ...more })
const ids = () => 'new-id'
const PLAN = { objects: [{ name: 'img', type: 'image' }], controls: [{ name: 'box', type: 'rectanglelabels', to: ['img'] }], hotkeys: [], tree: { node: 'view', key: '0' } }
const row = (id, keys, more = {}) => ({ id, does: id, keys, group: 'Regions', run: () => {}, ...more })

test('every key of the table leads to its command', () => {
  const rows = allCommands()
  assert.ok(rows.length > 25)
  for (const command of rows) for (const name of keyNames(keysOf(command))) assert.ok(commandsFor({}, [name]).some((found) => found.command === command), `${command.id} ${name}`)
})

test('ids are there once', () => {
  const found = allCommands().map(({ id }) => id)
  assert.deepEqual(found, [...new Set(found)])
})

test('the page is asked before what was added, and that before the surface itself', () => {
  addCommands([row('test.delete', 'backspace')])
  const page = { commands: [row('page.delete', 'backspace')] }
  assert.deepEqual(commandsFor(page, ['backspace']).map(({ command }) => command.id), ['page.delete', 'test.delete', 'region.delete'])
})

test('a row that is added twice is there once', () => {
  addCommands([row('test.twice', 'f7')])
  addCommands([row('test.twice', 'f8')])
  assert.deepEqual(commandsFor({}, ['f7']), [])
  assert.equal(commandsFor({}, ['f8']).length, 1)
})

test('only groups that a plan has anything for are shown', () => {
  const names = (plan) => grouped({}, plan).map(([name]) => name)
  assert.ok(names(PLAN).includes('Picture'))
  assert.ok(!names({ ...PLAN, objects: [{ name: 'txt', type: 'text' }] }).includes('Picture'))
  assert.ok(!names(PLAN).includes('One of two'))
})

test("a person's own key takes the place of the table's", () => {
  useOwnKeys({ commands: { 'region.hide': 'v', 'region.lock': '' }, labels: {} })
  assert.deepEqual(commandsFor({}, ['v']).map(({ command }) => command.id), ['region.hide'])
  assert.deepEqual([...commandsFor({}, ['alt+h']), ...commandsFor({}, ['alt+l'])], [])
  useOwnKeys({ commands: {}, labels: {} })
  assert.deepEqual(commandsFor({}, ['alt+l']).map(({ command }) => command.id), ['region.lock'])
})

test("a label's own key takes the place of the config's, and none takes it away", () => {
  const hotkeys = ['Car', 'Sign'].map((label, at) => ({ key: String(at + 1), scope: 'main', does: label, intent: { type: 'pick_label', control: 'box', label } }))
  useOwnKeys({ commands: {}, labels: { [labelKey(hotkeys[0].intent)]: 'q', [labelKey(hotkeys[1].intent)]: '' } })
  assert.deepEqual(withOwnKeys(hotkeys), [{ ...hotkeys[0], key: 'q' }])
  useOwnKeys({ commands: {}, labels: {} })
  assert.equal(withOwnKeys(hotkeys), hotkeys)
})

test('commands without anything to act on send nothing', () => {
  for (const action of ['delete', 'duplicate', 'hide', 'lock', 'next', 'delete_all']) assert.equal(INTENTS[action](view(), ids), null, action)
  assert.equal(nudge(view(), 1, 0), null)
  assert.equal(INTENTS.unselect(view(), ids).by, 'key', 'what Escape on nothing means, the engine decides')
})

test('spans are not moved by arrows', () => {
  const some = view({ selection: ['r'], regions: { r: { kind: 'rectangle' } } })
  assert.deepEqual(nudge(some, -1, 0), { type: 'nudge', dx: -1, dy: 0 })
  assert.deepEqual(nudge(some, 1, 0, true), { type: 'nudge', dx: 1, dy: 0, grow: true })
  assert.equal(nudge(view({ selection: ['r'], regions: { r: { kind: 'span' } } }), 1, 0), null)
})

test('hide shows again only when all selected are hidden', () => {
  const regions = { a: { hidden: true }, b: { hidden: false } }
  assert.deepEqual(INTENTS.hide(view({ selection: ['a', 'b'], regions }), ids), { type: 'mark', regions: ['a', 'b'], hidden: true })
  assert.deepEqual(INTENTS.hide(view({ selection: ['a'], regions }), ids), { type: 'mark', regions: ['a'], hidden: false })
})

test('a duplicate brings one new id per selected region', () => {
  assert.deepEqual(INTENTS.duplicate(view({ selection: ['a', 'b'] }), ids), { type: 'duplicate', ids: ['new-id', 'new-id'] })
})

for (const [key, first, then] of [['escape', 'focus.leave', 'region.unselect'], ['left', 'pair.left', 'nudge.left'], ['alt+left', 'grow.left', 'page.previous']]) {
  test(`${key}: ${first} is asked before ${then}`, () => {
    const found = commandsFor({}, [key]).map(({ command }) => command.id)
    assert.ok(found.includes(first) && found.indexOf(first) < found.indexOf(then), found.join(' '))
  })
}
