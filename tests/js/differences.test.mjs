import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerWords, differences } from '../../web/static/pages/differences.js'

for (const [answer, words] of [
  [undefined, ''],
  [{ choices: ['Cat', ['Dog', 'Pug']] }, 'Cat, Dog / Pug'],
  [{ taxonomy: [['Animal', 'Bird'], ['Plant']] }, 'Animal / Bird, Plant'],
  [{ rating: 1 }, '1 star'],
  [{ rating: 4 }, '4 stars'],
  [{ rating: 0 }, ''],
  [{ number: 0 }, '0'],
  [{ datetime: '1912-06-23', iso: '1912-06-23' }, '1912-06-23'],
  [{ text: ['A bee.', 'x'.repeat(100)] }, `“A bee.”, “${'x'.repeat(79)}…”`],
  [{ selected: 'right' }, 'Right'],
  [{ ranker: { order: ['b', 'a'] } }, 'b, a'],
  [{ ranker: { good: ['b'], bad: ['a', 'c'] } }, 'good: b; bad: a, c'],
  [{ component: { score: 3 } }, '“{"score":3}”'],
  [{ items: { 0: { number: 2 }, 2: { choices: ['Cat'] } } }, '1: 2; 3: Cat'],
]) test(`an answer in words: ${words || 'none'}`, () => assert.equal(answerWords(answer), words))

test('two numbers that are not the same are a difference', () => {
  const said = (/** @type {number} */ id, /** @type {string} */ name, /** @type {number} */ number) => ({ id, person: { id, name }, view: { answers: { count: { number } } } })
  const given = { plan: { controls: [{ name: 'count', type: 'number' }] }, annotations: [said(1, 'Ana', 3), said(2, 'Li', 4)], consensus: { made_from: [{ annotation: 1 }, { annotation: 2 }] } }
  assert.deepEqual(differences(given).map(({ where, text }) => `${where} ${text}`), ['count Ana: 3; Li: 4'])
})
