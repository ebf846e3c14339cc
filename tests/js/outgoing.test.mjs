import assert from 'node:assert/strict'
import test from 'node:test'
import { outgoing, textOf, waitBefore } from '../../web/static/app/outgoing.js'

const session = { key: '1/2/3', person: 1, project: 2, task: 3, leadTime: 1.5, active: { ms: 900.4 }, envelope: { lease: { token: 'abc' }, config_version: 4 } }
const rows = [{ id: 'r1', value: { rle: [1, 2, 3], note: 'a "quote" and {braces}' } }]

test('a submit has the rows as the engine wrote them, beside the rest', () => {
  const item = outgoing(session, JSON.stringify(rows))
  assert.deepEqual([item.method, item.path], ['POST', '/api/tasks/3/annotations'])
  assert.deepEqual(JSON.parse(textOf(item)), { result: rows, lead_time: 1.5, active_ms: 900, was_cancelled: false, config_version: 4, lease: 'abc' })
})

test('a new version names the one before it, and what is kept survives being stored', () => {
  const item = outgoing({ ...session, envelope: { ...session.envelope, annotation: { id: 7, version: 2 } } }, '[]', { skipped: true })
  assert.deepEqual([item.method, item.path], ['PATCH', '/api/annotations/7'])
  assert.deepEqual(JSON.parse(textOf(structuredClone(item))), { result: [], lead_time: 1.5, active_ms: 900, was_cancelled: true, config_version: 4, version: 2 })
})

test('what an older page has kept is sent too: its rows are in the body', () => {
  assert.deepEqual(JSON.parse(textOf({ body: { result: rows, lead_time: 2 } })), { result: rows, lead_time: 2 })
})

test('a body of nothing but rows is whole', () => {
  assert.deepEqual(JSON.parse(textOf({ body: { lease: null }, result: '[]' })), { result: [], lease: null })
})

test('pages that wait together come back apart, and none before the server asks for it', () => {
  assert.deepEqual([0, 0.5, 1].map((random) => waitBefore(4000, 0, random)), [2000, 3000, 4000])
  assert.deepEqual([0, 1].map((random) => waitBefore(1000, 8, random)), [8000, 10000])
  assert.equal(waitBefore(30_000, 2, 1), 30_000)
  assert.equal(waitBefore(1000, 1e9, 0), 600_000, 'never for ever')
})
