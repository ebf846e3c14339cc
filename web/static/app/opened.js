/**
 * What a labeling page needs to open again while the server is away: the project, its plan and the task in hand as they were given. One for
 * each project, of whoever worked here last; whoever comes in with a link, or may not open the project any more, ends it. A database of
 * its own: a tab that has the other one open could stand in the way of a new store there.
 *
 * @typedef {import('../pages/label-flow.js').Work} Work
 */
import { openDB } from 'idb'
import { ApiError, api } from './api.js'

/** @type {Promise<import('idb').IDBPDatabase> | undefined} */
let opening

function database() {
  opening ??= openDB('labelkite-opened', 1, {
    upgrade(db) {
      db.createObjectStore('works')
      db.createObjectStore('plans')
    },
  })
  return opening
}

/** What was kept last: a plan can be megabytes, and seldom changes. @type {unknown} */
let planKept = null

/** Keeps what is in hand now. What cannot be kept (a full disk, a private window) is only missed by a reload without a server. @param {Work} work */
export async function keepOpened({ plan, ...work }) {
  try {
    const db = await database()
    if (planKept !== plan || !(await db.getKey('plans', work.project.id))) await db.put('plans', plan, work.project.id)
    planKept = plan
    await db.put('works', work, work.project.id)
  } catch (error) {
    console.warn('labelkite: this task will not open without the server:', error)
  }
}

/** The database in which the tables of tasks are kept. */
export const TABLES = 'kite-table'

/** Of nobody any more: the work, and the tables of those who manage. */
export async function forgetOpened() {
  planKept = null
  try {
    indexedDB.deleteDatabase(TABLES)
    const db = await database()
    await Promise.all([db.clear('works'), db.clear('plans')])
  } catch {
    // nothing could be kept either
  }
}

/**
 * The work on a project: from the server, or as it was kept here while the server is away.
 * @param {number} project @param {AbortSignal} signal @returns {Promise<Work>} rejects with ApiError
 */
export async function openWork(project, signal) {
  try {
    return await api.get(`/api/projects/${project}/work`, { signal })
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if ([401, 403, 404].includes(error.status)) await forgetOpened()
    const kept = error.passing ? await readOpened(project).catch(() => null) : null
    if (!kept) throw error
    return kept
  }
}

/** @param {number} project @returns {Promise<Work | null>} */
async function readOpened(project) {
  const db = await database()
  const [work, plan] = await Promise.all([db.get('works', project), db.get('plans', project)])
  return work && plan ? { ...work, plan, next: work.next && { ...work.next, kept: true }, away: true } : null
}
