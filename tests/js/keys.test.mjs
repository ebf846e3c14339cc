import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventNames, keyNames, keyRange, planned, printed } from '../../web/static/elements/keys.js'

const key = (name, more = {}) => ({ key: name, code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more })

for (const [written, names] of [
  ['Ctrl+Shift+Z', ['ctrl+shift+z']], ['shift+ctrl+z', ['ctrl+shift+z']], ['command+d', ['ctrl+d']], ['a, b', ['a', 'b']], ['comma', [',']],
  ['ctrl+plus', ['ctrl++']], ['del,esc', ['delete', 'escape']], ['shift+space', ['shift+space']],
]) test(`hotkey "${written}" is ${names.join(' or ')}`, () => assert.deepEqual(keyNames(written), names))

for (const [what, event, name] of [
  ['a capital letter', key('A', { code: 'KeyA', shiftKey: true }), 'shift+a'],
  ['a Mac\'s command key', key('z', { metaKey: true }), 'ctrl+z'],
  ['a question mark', key('?', { code: 'Slash', shiftKey: true }), '?'],
  ['a digit of a French keyboard', key('&', { code: 'Digit1' }), '1'],
  ['a letter of a Russian keyboard', key('ф', { code: 'KeyA' }), 'a'],
  ['option and a letter on a Mac', key('¬', { code: 'KeyL', altKey: true }), 'alt+l'],
  ['option and a period on a Mac', key('≥', { code: 'Period', altKey: true }), 'alt+.'],
  ['the space bar', key(' ', { code: 'Space', ctrlKey: true }), 'ctrl+space'],
  ['plus with shift', key('+', { code: 'Equal', ctrlKey: true, shiftKey: true }), 'ctrl++'],
]) test(`${what} is found as ${name}`, () => assert.ok(eventNames(event).includes(name), eventNames(event).join(' ')))

test('the character counts: Z of a German keyboard is z, though it lies where Y lies', () => {
  assert.deepEqual(eventNames(key('z', { code: 'KeyY' })), ['z'])
})

test('keys of the plan are found in their scope only', () => {
  const hotkeys = [{ key: '1', scope: 'main', does: 'Car', intent: { type: 'pick_label' } }, { key: 'ctrl+1', scope: 'input', does: 'x', intent: { type: 'type_text' } }]
  assert.equal(planned(hotkeys, ['1'], 'main')?.does, 'Car')
  assert.equal(planned(hotkeys, ['1'], 'input'), null)
  assert.equal(planned(hotkeys, ['ctrl+1'], 'input')?.does, 'x')
})

for (const [hotkeys, said] of [[['1', '2', '3'], '1–3'], [['1', '2'], '1, 2'], [['2', '3', 'q', 'w'], '2, 3, Q …'], [[], '']]) {
  test(`keys ${hotkeys.join(' ')} are said as "${said}"`, () => assert.equal(keyRange(hotkeys), said))
}

test('keys print as a person reads them', () => {
  assert.deepEqual(['ctrl+z', 'backspace', 'alt+left', 'q', 'ctrl+plus'].map((name) => printed(name)), ['Ctrl+Z', 'Backspace', 'Alt+←', 'Q', 'Ctrl++'])
  assert.equal(printed('ctrl+shift+z', true), '⌘⇧Z')
})
