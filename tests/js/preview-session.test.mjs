import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PreviewSession } from '../../web/static/app/preview-session.js'

const PLAN = { config_sha256: 'x', objects: [{ name: 't', type: 'text' }], controls: [{ name: 'c', type: 'choices', to: ['t'] }] }
globalThis.window ??= globalThis // the timer of a page
const tick = () => new Promise((done) => setImmediate(done))

/** An engine whose results are the intents that a session has had; it opens a session when it is told to. */
class Engine {
  #had = new Map()
  opens = []
  slow = false

  async call(op, { session, intent, result }) {
    if (op === 'open') {
      this.#had.set(session, [...result])
      if (this.slow) await new Promise((done) => this.opens.push(done))
      return { view: { answers: {} } }
    }
    if (op === 'intent') this.#had.get(session).push(intent.n)
    if (op === 'dump') return { result: [...this.#had.get(session)] }
    return op === 'plan' ? { sha: 'x' } : { display: {}, patch: {} }
  }
}

test('what is answered while the preview is loaded anew is not lost', async () => {
  const engine = new Engine()
  const preview = new PreviewSession(engine)
  await preview.load(PLAN, { t: 'a' })
  await preview.send({ type: 'choose', n: 1 })
  engine.slow = true
  const loading = preview.load(PLAN, { t: 'a' })
  await tick()
  await preview.send({ type: 'choose', n: 2 })
  engine.opens.forEach((done) => done())
  await loading
  await preview.dump()
  assert.deepEqual(preview.result, [1, 2])
})

test('other data begins without answers', async () => {
  const preview = new PreviewSession(new Engine())
  await preview.load(PLAN, { t: 'a' })
  await preview.send({ type: 'choose', n: 1 })
  await preview.load(PLAN, { t: 'b' })
  await preview.dump()
  assert.deepEqual(preview.result, [])
})
