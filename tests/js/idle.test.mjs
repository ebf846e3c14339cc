import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Idle } from '../../web/static/app/idle.js'

test('nobody moves: it is paused, until somebody does', async () => {
  const target = new EventTarget()
  const gone = new AbortController()
  let told = () => {}
  const next = () => new Promise((done) => { told = done })
  const first = next()
  const idle = new Idle({ signal: gone.signal, changed: () => told(), after: 20, target })
  assert.equal(idle.paused, false)
  await first
  assert.equal(idle.paused, true)
  const second = next()
  target.dispatchEvent(new Event('pointermove'))
  await second
  assert.equal(idle.paused, false)
  await next()
  assert.equal(idle.paused, true, 'and again')
  gone.abort()
})
