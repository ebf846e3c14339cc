/** What is sent of a finished task: a new annotation, or a new version of one. */

/**
 * @param {import('./task-session.js').TaskSession} session
 * @param {unknown[]} result
 * @param {{skipped?: boolean, seconds?: number, activeMs?: number}} [how] seconds, activeMs: of work, where the session has not counted them itself
 * @returns {import('./worklog.js').Outgoing}
 */
export function outgoing(session, result, { skipped = false, seconds = session.leadTime, activeMs = session.active.ms } = {}) {
  const { annotation, lease, config_version } = session.envelope
  return {
    key: crypto.randomUUID(), work: session.key, person: session.person, project: session.project, task: session.task, at: Date.now(), refused: null,
    method: annotation ? 'PATCH' : 'POST',
    path: annotation ? `/api/annotations/${annotation.id}` : `/api/tasks/${session.task}/annotations`,
    body: { result, lead_time: seconds, active_ms: Math.round(activeMs), was_cancelled: skipped, config_version,
      ...(annotation ? { version: annotation.version } : { lease: lease?.token ?? null }) },
  }
}
