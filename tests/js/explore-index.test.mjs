import assert from 'node:assert/strict'
import { test } from 'node:test'

Object.assign(globalThis, { __RUNTIME__: '{}', document: { hidden: false }, window: globalThis, location: { href: 'http://here/', pathname: '/', search: '' } })
const { ExploreIndex } = await import('../../web/static/pages/explore-index.js')

/** A worker that knows one thing of each task: a block says it for all, changes on top of it for some. */
class Worker extends EventTarget {
  block = ''
  changes = new Map()

  async call(name, { data, rows = [] } = {}) {
    if (name === 'begin') this.block = ''
    if (name === 'put') this.block = atob(data)
    if (name === 'begin' || name === 'put') this.changes.clear() // what was told of its tasks is in it
    for (const { inner, state } of rows) this.changes.set(inner, state)
    return name === 'columns' ? { columns: [] } : {}
  }

  state(inner) {
    return this.changes.get(inner) ?? this.block
  }
}

/** A server whose answers the test changes; the log is told from a moment on, and again for some seconds. */
function served(site) {
  globalThis.fetch = async (url) => {
    const { pathname, searchParams } = new URL(url, 'http://here')
    if (pathname.endsWith('.lkt')) return { ok: true, arrayBuffer: async () => new TextEncoder().encode(site.content).buffer }
    const told = pathname.endsWith('/changes')
      ? { rows: site.log.filter(({ at }) => at >= Number(searchParams.get('after')) - 5000).map(({ row }) => row), gone: [], until: site.now, more: false, total: site.total }
      : { blocks: [{ number: 0, size: site.content.length, version: site.version, url: '/block.lkt' }], total: 10, changes: site.read, job: null, people: {} }
    return new Response(JSON.stringify(told), { headers: { 'content-type': 'application/json' } })
  }
}

function begun(site) {
  served(site)
  const leaving = new AbortController()
  const worker = new Worker()
  return { worker, index: new ExploreIndex('1', leaving.signal, worker), end: () => leaving.abort() }
}

const plain = () => ({ content: 'new', version: 'a', read: 0, now: 1000, total: 10, log: [] })

test('a block that was made before a change does not take it back', async () => {
  const site = plain()
  const { worker, index, end } = begun(site)
  await index.start()
  Object.assign(site, { now: 20_000, log: [{ at: 15_000, row: { inner: 7, state: 'agreed' } }] })
  await index.start()
  assert.equal(worker.state(7), 'agreed')
  Object.assign(site, { now: 22_000, version: 'b' })
  await index.start()
  assert.equal(worker.state(7), 'agreed')
  end()
})

test('a worker that had to begin again hears of every change again', async () => {
  const site = { ...plain(), now: 90_000, log: [{ at: 15_000, row: { inner: 7, state: 'agreed' } }] }
  const { worker, index, end } = begun(site)
  await index.start()
  assert.equal(worker.state(7), 'agreed')
  worker.dispatchEvent(new Event('restart'))
  await index.start()
  assert.equal(worker.state(7), 'agreed')
  end()
})

test('what changed is told to the page too when the blocks are asked for again', async () => {
  const site = plain()
  const { index, end } = begun(site)
  await index.start()
  let told = 0
  index.addEventListener('changed', () => { told += 1 })
  Object.assign(site, { now: 20_000, log: [{ at: 15_000, row: { inner: 7, state: 'agreed' } }] })
  await index.start()
  assert.equal(told, 1)
  end()
})

test('rows that come together with new tasks are not lost', async () => {
  const site = plain()
  const { worker, index, end } = begun(site)
  await index.start()
  Object.assign(site, { now: 20_000, total: 11, log: [{ at: 15_000, row: { inner: 7, state: 'agreed' } }] })
  await index.start()
  assert.equal(worker.state(7), 'agreed')
  end()
})
