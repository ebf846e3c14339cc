import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clashes, exported, imported, isKept, keysIn, recorded, swapped, withKeys } from '../../web/static/elements/keymap.js'
import { keyNames } from '../../web/static/elements/keys.js'
import { checked } from '../../web/static/elements/own-keys.js'

const NONE = { commands: {}, labels: {} }
const row = (id, given, kind = 'commands') => ({ id, kind, group: 'g', does: id, given })
const [hide, lock, leave, unselect, car] = [row('hide', 'alt+h'), row('lock', 'alt+l'), row('leave', 'escape'), row('unselect', 'escape,u'), row('car', 'u', 'labels')]
const ROWS = [hide, lock, leave, unselect, car]
const names = (rows) => rows.map(({ id }) => id)
const press = (key, more = {}) => ({ key, code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more })

for (const [what, event, key] of [
  ['a letter', press('K', { code: 'KeyK', shiftKey: true }), 'shift+k'], ['a question mark', press('?', { code: 'Slash', shiftKey: true }), '?'], ['option and a letter on a Mac', press('˙', { code: 'KeyH', altKey: true }), 'alt+h'],
  ['a Cyrillic letter', press('ф', { code: 'KeyA' }), 'a'], ['plus', press('+', { code: 'Equal', ctrlKey: true, shiftKey: true }), 'ctrl+plus'], ['a comma', press(',', { code: 'Comma', altKey: true }), 'alt+comma'],
  ['an arrow', press('ArrowLeft', { code: 'ArrowLeft', ctrlKey: true }), 'ctrl+left'], ['shift alone', press('Shift', { shiftKey: true }), ''], ['the space bar', press(' ', { code: 'Space' }), 'space'],
]) {
  test(`${what} is written down as "${key}"`, () => {
    assert.equal(recorded(event), key)
    if (key) assert.equal(keyNames(key).length, 1, 'and can be read again')
  })
}

test('commands that share a key as they come do not clash; a label with a key of a command does', () => {
  assert.deepEqual(names(clashes(ROWS, NONE, leave)), [])
  assert.deepEqual(names(clashes(ROWS, NONE, unselect)), ['car'])
  assert.deepEqual(names(clashes(ROWS, NONE, car)), ['unselect'])
})

test('a key that is tried says whose it is', () => {
  assert.deepEqual(names(clashes(ROWS, NONE, hide, 'alt+l')), ['lock'])
  assert.deepEqual(names(clashes(ROWS, NONE, hide, 'alt+x')), [])
  assert.deepEqual(names(clashes(ROWS, withKeys(NONE, lock, 'alt+x'), hide, 'alt+l')), [], 'it was given up')
})

test('swapping gives each the key of the other', () => {
  const own = swapped(NONE, hide, 'alt+l', [lock])
  assert.deepEqual([keysIn(own, hide), keysIn(own, lock)], ['alt+l', 'alt+h'])
})

test('swapping leaves the other keys of the other one', () => {
  const own = swapped(NONE, hide, 'u', [unselect])
  assert.deepEqual([keysIn(own, hide), keysIn(own, unselect)], ['u', 'escape,alt+h'])
})

test('a key that is given as it was is no own key', () => assert.deepEqual(withKeys(withKeys(NONE, hide, 'x'), hide, 'alt+h'), NONE))
test('what a browser keeps is known', () => assert.deepEqual(['ctrl+w', 'tab', 'w'].map(isKept), [true, true, false]))

test('keys come back from the file they were written to', () => {
  const own = withKeys(withKeys(NONE, hide, 'x'), car, '')
  assert.deepEqual(imported(exported(own)), own)
})
for (const [what, text] of [['no JSON', 'keys'], ['other JSON', '{"a": 1}'], ['a newer format', '{"labelkite_keys": 2}'], ['null', 'null']]) {
  test(`a file with ${what} has no keys`, () => assert.equal(imported(text), null))
}
test('only texts are keys', () => assert.deepEqual(checked({ commands: { a: 1, b: 'x' }, labels: ['q'] }), { commands: { b: 'x' }, labels: {} }))
