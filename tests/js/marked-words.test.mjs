import assert from 'node:assert/strict'
import { test } from 'node:test'
import { missed, refused, withoutSpace } from '../../web/static/elements/marked-words.js'

const TEXT = 'One  two\u00a0three\n\t'

test('space around selected words is not marked, inside it stays', () => {
  const words = (/** @type {number} */ start16, /** @type {number} */ end16) => {
    const place = withoutSpace(TEXT, { start16, end16 })
    return TEXT.slice(place.start16, place.end16)
  }
  assert.equal(words(3, 9), 'two')
  assert.equal(words(0, 8), 'One  two')
  assert.equal(words(8, TEXT.length), 'three')
  assert.equal(words(0, 3), 'One')
})

test('nothing but space is taken as it is', () => {
  assert.deepEqual(withoutSpace(TEXT, { start16: 3, end16: 5 }), { start16: 3, end16: 5 })
})

test('two clicks between words mark nothing, a drag over space does', () => {
  assert.equal(missed(TEXT, { start16: 3, end16: 5 }, 2), true)
  assert.equal(missed(TEXT, { start16: 3, end16: 5 }, 1), false)
  assert.equal(missed(TEXT, { start16: 5, end16: 8 }, 2), false)
})

test('words count as marked before only when the engine says so, not while it has not answered', () => {
  assert.equal(refused({ problems: [{ code: 'marked', message: 'these words have this label already' }] }), true)
  assert.equal(refused({ problems: [{ code: 'no-place', message: 'elsewhere' }] }), false)
  assert.equal(refused({}), false)
  assert.equal(refused(undefined), false)
})
