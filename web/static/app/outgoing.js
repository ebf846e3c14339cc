/** What is sent of a finished task: a new annotation, or a new version of one. */

/**
 * @param {import('./task-session.js').TaskSession} session
 * @param {string} result JSON of the rows
 * @param {{skipped?: boolean, seconds?: number, activeMs?: number}} [how] seconds, activeMs: of work, where the session has not counted them itself
 * @returns {import('./worklog.js').Outgoing}
 */
export function outgoing(session, result, { skipped = false, seconds = session.leadTime, activeMs = session.active.ms } = {}) {
  const { annotation, lease, config_version } = session.envelope
  return {
    key: crypto.randomUUID(), work: session.key, person: session.person, project: session.project, task: session.task, at: Date.now(), refused: null,
    method: annotation ? 'PATCH' : 'POST',
    path: annotation ? `/api/annotations/${annotation.id}` : `/api/tasks/${session.task}/annotations`,
    result,
    body: { lead_time: seconds, active_ms: Math.round(activeMs), was_cancelled: skipped, config_version,
      ...(annotation ? { version: annotation.version } : { lease: lease?.token ?? null }) },
  }
}

/**
 * The request's text. The rows are megabytes where masks are many: they stay the text that the engine made.
 * @param {Pick<import('./worklog.js').Outgoing, 'body' | 'result'>} item
 */
export const textOf = ({ body, result }) => (result === undefined ? JSON.stringify(body) : `{"result":${result},${JSON.stringify(body).slice(1)}`)

/**
 * How long to wait before something is sent again: between a half and all of the wait, so that many pages that a server's absence has
 * brought into step do not come back at one moment; at least what the server asks for.
 * @param {number} waitMs @param {number} askedS @param {number} random from 0 to 1
 */
export const waitBefore = (waitMs, askedS, random) => Math.max(waitMs * (0.5 + random / 2), Math.min(askedS, 600) * 1000 * (1 + random / 4))
