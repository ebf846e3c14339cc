import assert from 'node:assert/strict'
import { test } from 'node:test'

globalThis.requestAnimationFrame = (draw) => setTimeout(draw, 1)
let status = () => 200
/** Addresses that files were sent to, in their order. */
let sent = []

/** What a browser has and Node has not: it answers after a moment, and can be stopped. */
globalThis.XMLHttpRequest = class {
  upload = {}
  open(method, url) {
    this.url = url
  }
  setRequestHeader() {}
  send() {
    sent.push(this.url)
    this.timer = setTimeout(() => {
      this.status = status(this.url)
      this.responseText = ''
      this.onload()
      this.onloadend()
    }, 1)
  }
  abort() {
    clearTimeout(this.timer)
    this.onabort()
    this.onloadend()
  }
}
const { UploadQueue, UploadRefused } = await import('../../web/static/pages/upload-queue.js')

const files = (count, size = 10) => Array.from({ length: count }, (_, n) => ({ name: `${n}.gif`, file: { size, type: 'image/gif' } }))
const address = ({ name }) => ({ key: `k/${name}`, url: `/objects/${name}`, method: 'PUT' })

function queue(presign = async (wanted) => wanted.map(address)) {
  sent = []
  status = () => 200
  const lots = []
  const made = new UploadQueue((wanted) => {
    lots.push(wanted.map(({ name }) => name))
    return presign(wanted)
  })
  return { made, lots }
}
const idle = async (made) => {
  while (!made.idle || made.totals.sending) await new Promise((done) => setTimeout(done, 2))
}

test('every file is sent once, in order, and addresses are asked for in lots', async () => {
  const { made, lots } = queue()
  made.add(files(430))
  await idle(made)
  assert.deepEqual(sent, files(430).map(({ name }) => `/objects/${name}`))
  assert.deepEqual(lots.map((lot) => lot.length), [100, 100, 100, 100, 30])
  assert.equal(made.take().length, 430)
  assert.equal(made.take().length, 0)
})

test('a lot of big files is small: addresses do not last', async () => {
  const { made, lots } = queue()
  made.add(files(12, 30e6))
  await idle(made)
  assert.ok(lots.every((lot) => lot.length <= 3), JSON.stringify(lots))
  assert.equal(made.totals.done, 12)
})

test('a pause stops what is on its way, and all of it arrives when it goes on', async () => {
  const { made } = queue()
  made.add(files(60))
  while (made.totals.done < 20) await new Promise((done) => setTimeout(done, 1))
  made.pause()
  await new Promise((done) => setTimeout(done, 20))
  const before = sent.length
  assert.equal(made.totals.sending, 0)
  await new Promise((done) => setTimeout(done, 20))
  assert.equal(sent.length, before)
  made.resume()
  await idle(made)
  assert.equal(made.totals.done, 60)
  assert.equal(new Set(sent).size, 60)
})

test('a file that is refused an address fails alone', async () => {
  const { made } = queue(async (wanted) => {
    if (wanted.some(({ name }) => name === '7.gif')) throw new UploadRefused('Too big.', false)
    return wanted.map(address)
  })
  made.add(files(120))
  await idle(made)
  assert.deepEqual(made.items.filter((item) => item.state === 'failed').map(({ name, problem }) => [name, problem]), [['7.gif', 'Too big.']])
  assert.equal(made.totals.done, 119)
})

test('what failed is sent again when asked, what was cancelled is not', async () => {
  const { made } = queue()
  status = (url) => (url.endsWith('/3.gif') ? 413 : 200)
  made.add(files(10))
  await idle(made)
  assert.equal(made.totals.failed, 1)
  status = () => 200
  made.retry()
  await idle(made)
  assert.equal(made.totals.done, 10)
  made.add(files(5))
  made.cancel(made.items[14])
  await idle(made)
  assert.equal(made.totals.done, 14)
})
