import assert from 'node:assert/strict'
import { test } from 'node:test'

globalThis.document = /** @type {any} */ (new EventTarget())
const { TextPointer } = await import('../../web/static/elements/text-pointer.js')
const settled = () => new Promise((done) => { setTimeout(done, 5) })

/** A text with a pointer on it, and what the pointer asked for. */
function text() {
  const sheet = Object.assign(new EventTarget(), { classList: { add() {}, remove() {} } })
  const said = { selected: false, marks: /** @type {number[]} */ ([]) }
  const host = {
    chosen: () => said.selected, mark: (/** @type {number} */ clicks) => { said.marks.push(clicks) }, offer() {}, under: () => [], selection: () => [], select() {}, hover() {},
  }
  new TextPointer(/** @type {any} */ (sheet), host, new AbortController().signal)
  const tell = (/** @type {EventTarget} */ where, /** @type {string} */ type, /** @type {object} */ members) => where.dispatchEvent(Object.assign(new Event(type), { clientX: 9, clientY: 9, button: 0, ...members }))
  return { said, down: () => tell(sheet, 'pointerdown', { pointerType: 'mouse' }), up: (/** @type {number} */ detail) => tell(document, 'mouseup', { detail }) }
}

test('what the third click has selected is not marked by what is left of the first', async () => {
  const { said, down, up } = text()
  down()
  up(1)
  down()
  said.selected = true
  up(2)
  down()
  await settled() // the late end of the clicks before comes now, with the line selected
  up(3)
  await settled()
  assert.deepEqual(said.marks, [2, 3])
})

test('words that one click leaves selected are marked when the browser has settled it', async () => {
  const { said, down, up } = text()
  down()
  up(1)
  said.selected = true
  await settled()
  assert.deepEqual(said.marks, [1])
})
