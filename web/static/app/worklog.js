/**
 * What must survive a reload, a crash and an hour offline, in IndexedDB: for each open task what it started from and every
 * intent since; and the outbox of submits that the server has not acknowledged.
 *
 * @typedef {{key: string, person: number, project: number, task: number, base: unknown[], baseVersion: string, draftSavedAt: string | null,
 *   syncedIntents: number, seconds: number, activeMs?: number, startedAt: number, active?: Record<string, string[]>, from?: {origin?: 'manual' | 'prediction', begun?: boolean, suggest?: boolean, prediction?: number}}} Work active: labels that were active
 *   from the start; from: what the base is
 * @typedef {{key: string, work: string, person: number, project: number, task: number, method: 'POST' | 'PATCH', path: string,
 *   body: Record<string, unknown>, result?: string, refused: import('./api.js').Problem[] | null, at: number}} Outgoing result: JSON of the rows, a member of the request beside those of the
 *   body; what an older page kept has all in its body
 */
import { openDB } from 'idb'

/** @type {Promise<import('idb').IDBPDatabase> | undefined} */
let opening

function database() {
  opening ??= openDB('labelkite', 1, {
    upgrade(db) {
      db.createObjectStore('works', { keyPath: 'key' })
      db.createObjectStore('intents', { autoIncrement: true }).createIndex('work', 'work')
      db.createObjectStore('outbox', { keyPath: 'key' })
    },
  })
  return opening
}

/** @param {number} person @param {number} project @param {number} task */
export const workKey = (person, project, task) => `${person}/${project}/${task}`

/** @param {string} key @returns {Promise<{work: Work, intents: object[]} | null>} */
export async function readWork(key) {
  const db = await database()
  const tx = db.transaction(['works', 'intents'])
  const [work, rows] = await Promise.all([tx.objectStore('works').get(key), tx.objectStore('intents').index('work').getAll(key)])
  return work ? { work, intents: rows.map((row) => row.intent) } : null
}

/** @param {Work} work */
export async function startWork(work) {
  const db = await database()
  const tx = db.transaction(['works', 'intents'], 'readwrite')
  await removeIntents(tx.objectStore('intents'), work.key)
  await tx.objectStore('works').put(work)
  await tx.done
}

/** Intents that wait for their transaction. @type {{work: string, intent: object}[]} */
let coming = []
/** @type {Promise<void> | null} */
let writing = null

/** What is told in one go, as of many tasks at once, is one transaction. @param {string} key @param {object} intent */
export function appendIntent(key, intent) {
  coming.push({ work: key, intent })
  writing ??= Promise.resolve().then(async () => {
    const rows = coming
    coming = []
    writing = null
    const tx = (await database()).transaction('intents', 'readwrite')
    for (const row of rows) void tx.store.add(row)
    await tx.done
  })
  return writing
}

/** @param {string} key @param {Partial<Work>} changes */
export async function updateWork(key, changes) {
  const db = await database()
  const tx = db.transaction('works', 'readwrite')
  const work = await tx.store.get(key)
  if (work) await tx.store.put({ ...work, ...changes })
  await tx.done
}

/** @param {string} key */
export async function dropWork(key) {
  const db = await database()
  const tx = db.transaction(['works', 'intents'], 'readwrite')
  await tx.objectStore('works').delete(key)
  await removeIntents(tx.objectStore('intents'), key)
  await tx.done
}

/** @param {any} store @param {string} key */
async function removeIntents(store, key) {
  for (const id of await store.index('work').getAllKeys(key)) await store.delete(id)
}

/** @param {Outgoing} item */
export async function putOutgoing(item) {
  await (await database()).put('outbox', item)
}

/** @param {string} key */
export async function dropOutgoing(key) {
  await (await database()).delete('outbox', key)
}

/** Oldest first. @param {number} person @returns {Promise<Outgoing[]>} */
export async function readOutbox(person) {
  const all = /** @type {Outgoing[]} */ (await (await database()).getAll('outbox'))
  return all.filter((item) => item.person === person).sort((a, b) => a.at - b.at)
}
