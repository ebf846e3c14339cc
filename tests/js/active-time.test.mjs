import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ActiveTime } from '../../web/static/app/active-time.js'

for (const [what, acts, ms] of [
  ['work without a pause counts whole', [['start', 0], ['seen', 4_000], ['seen', 21_000], ['stop', 22_000]], 22_000],
  ['of a long pause thirty seconds count', [['start', 0], ['seen', 5_000], ['seen', 3_600_000], ['stop', 3_601_000]], 36_000],
  ['nothing counts in a hidden tab', [['start', 0], ['stop', 2_000], ['seen', 9_000], ['start', 10_000], ['stop', 11_000]], 3_000],
  ['nothing counts before anybody looks', [['seen', 1_000], ['stop', 2_000]], 0],
  ['looking again does not begin anew', [['start', 0], ['start', 3_000], ['stop', 4_000]], 4_000],
  ['a clock that goes back takes nothing away', [['start', 5_000], ['seen', 1_000], ['stop', 2_000]], 1_000],
]) {
  test(what, () => {
    const time = new ActiveTime()
    for (const [act, now] of acts) time[act](now)
    assert.equal(time.ms, ms)
  })
}

test('time from before is added to', () => {
  const time = new ActiveTime(7_000)
  time.start(0)
  time.stop(1_000)
  assert.equal(time.ms, 8_000)
})
