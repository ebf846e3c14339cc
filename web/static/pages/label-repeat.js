/** What the task before was answered with, for one more like it. */

/** @typedef {{answers: unknown[], everything: unknown[]}} Before rows of results: of the whole task's answers alone, and with all regions */

export class Repeat {
  /** Of the newest task that was sent in this session. @type {Before | null} */
  #before = null

  /** @param {import('../app/runtime.js').Engine} engine */
  constructor(engine) {
    this.engine = engine
  }

  /** Whether there is something to take over. @param {boolean} regions too */
  has(regions) {
    return !!this.#before?.[regions ? 'everything' : 'answers'].length
  }

  /** Keeps what a session holds, before it is closed. @param {import('../app/task-session.js').TaskSession} session */
  async keep(session) {
    const copy = async (/** @type {string[]} */ regions) => (await this.engine.call('copy', { session: session.key, regions, answers: true })).rows ?? []
    const [answers, everything] = await Promise.all([copy([]), copy(Object.keys(session.view.regions))])
    this.#before = { answers, everything }
  }

  /** The intent that gives a task the same answers. @param {boolean} regions with all regions */
  intent(regions) {
    return { type: 'paste', rows: this.#before?.[regions ? 'everything' : 'answers'] ?? [], ids: {}, answers: true }
  }
}
