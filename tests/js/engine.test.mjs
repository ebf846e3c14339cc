import assert from 'node:assert/strict'
import { test } from 'node:test'

const made = []
const script = 'export const PyWorker = (...given) => globalThis.makeWorker(...given); export const hooks = { worker: new Proxy({}, { get: () => new Set() }) }'
Object.assign(globalThis, {
  window: globalThis, location: { href: 'http://here/' }, makeWorker,
  __RUNTIME__: JSON.stringify({ pyscript: `data:text/javascript,${encodeURIComponent(script)}`, workers: { annotate: 'worker.py' }, tiers: { annotate: 'tier.json' } }),
})
const { Engine } = await import('../../web/static/app/runtime.js')

/** A worker whose answers the test gives. */
function makeWorker() {
  const worker = {
    asked: [], ended: false, addEventListener() {}, terminate() { worker.ended = true },
    sync: { dispatch: (message) => (JSON.parse(message).op === 'hello' ? Promise.resolve('{}') : new Promise((answer, fail) => worker.asked.push({ answer, fail }))) },
  }
  made.push(worker)
  return worker
}

test('all that a dead worker leaves without an answer begins one new worker', async () => {
  const engine = new Engine('annotate')
  let restarts = 0
  engine.addEventListener('restart', () => { restarts += 1 })
  await engine.ready
  const [first, second] = [engine.call('view'), engine.call('view')].map((call) => call.catch((error) => error))
  while (made[0].asked.length < 2) await new Promise(setImmediate)
  made[0].asked[0].fail(new Error('gone'))
  assert.equal((await first).message, 'gone')
  const third = engine.call('view')
  while (made.length < 2 || !made[1].asked.length) await new Promise(setImmediate)
  made[0].asked[1].fail(new Error('gone too'))
  assert.equal((await second).message, 'gone too')
  made[1].asked[0].answer('{"ok": true}')
  assert.deepEqual(await third, { ok: true })
  assert.deepEqual([restarts, made.length, made[0].ended, made[1].ended], [1, 2, true, false])
})
