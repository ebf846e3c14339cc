import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TaskSession } from '../../web/static/app/task-session.js'

/** An engine that keeps which tasks are open, as the worker does: by their key. */
class Engine {
  up = true
  open = new Set()
  async learn() {}
  async call(op, { session }) {
    if (op === 'open') this.open.add(session)
    if (op === 'close') this.open.delete(session)
    return op === 'open' ? { view: {} } : {}
  }
}

test('a task that came back stays open when the session that had it before is closed late', async () => {
  const engine = new Engine()
  const session = () => new TaskSession({ envelope: { task: { id: 7, data: {} }, view: {}, result: [] }, project: 1, person: 2, plan: { config_sha256: 'x' }, engine })
  const [before, again] = [session(), session()]
  await before.reopen()
  await again.reopen()
  await before.close()
  assert.deepEqual([...engine.open], ['2/1/7'])
  await again.close()
  assert.equal(engine.open.size, 0)
})

test('an engine is asked for the regions only if the page does not show them yet', async () => {
  const asked = []
  const answers = [{ patch: { active: { box: ['Car'] }, regions: {}, changes: {} } }, { patch: { regions: { a: null }, changes: {} } }, { view: { regions: { b: { id: 'b' } } } }]
  const engine = {
    up: true,
    async learn() {},
    async call(_, { shown }) {
      asked.push(shown)
      return answers[asked.length - 1]
    },
  }
  const envelope = { task: { id: 7, data: {} }, view: { regions: { a: { id: 'a' } }, answers: {}, active: {} }, result: [] }
  const session = new TaskSession({ envelope, project: 1, person: 2, plan: { config_sha256: 'x' }, engine })
  await session.reopen()
  assert.deepEqual([session.view.regions, session.view.active], [{ a: { id: 'a' } }, { box: ['Car'] }])
  await session.reopen()
  assert.deepEqual(session.view.regions, {})
  await session.reopen()
  assert.deepEqual(session.view.regions, { b: { id: 'b' } })
  assert.deepEqual(asked, [true, true, false])
})

test('an answer that was taken back is not shown any more when the engine was replaced', async () => {
  const answers = [{ view: { regions: {}, answers: { mood: { choices: ['Calm'] } }, active: {} } }, { patch: { answers: { topic: { choices: ['Sea'] } } } }]
  const engine = { up: true, async learn() {}, call: async () => answers.shift() }
  const session = new TaskSession({ envelope: { task: { id: 7, data: {} }, view: {}, result: [] }, project: 1, person: 2, plan: { config_sha256: 'x' }, engine })
  await session.reopen()
  await session.reopen()
  assert.deepEqual(session.view.answers, { topic: { choices: ['Sea'] } })
})

test('what only the page misses is still missing when the engine misses nothing', async () => {
  const engine = { up: true, async learn() {}, call: async (op) => (op === 'open' ? { view: {} } : op === 'dump' ? { problems: [] } : { patch: {} }) }
  const session = new TaskSession({ envelope: { task: { id: 7, data: {} }, view: {}, result: [] }, project: 1, person: 2, plan: { config_sha256: 'x' }, engine })
  await session.reopen()
  const half = { code: 'unfinished', message: 'The time is missing' }
  session.showProblems([half], true)
  session.addEventListener('checked', ({ detail }) => detail.unshift(half))
  await session.send({ type: 'select', regions: [] }) // to go where it is missing
  await new Promise((done) => { setTimeout(done) })
  assert.deepEqual(session.problems, [half])
})
