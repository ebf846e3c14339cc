import assert from 'node:assert/strict'
import { test } from 'node:test'
import { differences } from '../../web/static/pages/differences.js'
import { sentence } from '../../web/static/pages/words.js'

for (const [problem, said] of [
  [{ message: 'this region is locked', hint: 'unlock it first' }, 'This region is locked: unlock it first'],
  [{ message: 'The server does not answer.', hint: 'try again' }, 'The server does not answer. Try again'],
  [{ message: '“mood” needs an answer' }, '“mood” needs an answer'],
]) test(`a problem is one sentence: ${said}`, () => assert.equal(sentence(problem), said))

test('differences name a control by its heading, else by its name', () => {
  const person = (id, name, answers) => ({ id, person: { id, name }, view: { answers, regions: {} } })
  const found = differences({
    plan: { controls: [{ name: 'place', type: 'choices' }, { name: 'mood', type: 'choices' }] },
    display: { texts: { 'place/title': 'Where was it taken?' } },
    annotations: [person(1, 'Ana', { place: { choices: ['In'] }, mood: { choices: ['Calm'] } }), person(2, 'Li', { place: { choices: ['Out'] } })],
    consensus: { made_from: [{ annotation: 1 }, { annotation: 2 }] },
  })
  assert.deepEqual(found.map(({ where, text }) => [where, text]), [['Where was it taken?', 'Ana: In; Li: Out'], ['mood', 'Ana: Calm; Li: nothing']])
})
