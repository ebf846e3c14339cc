/**
 * Tasks that come back: one's own finished ones, to be looked at or corrected; the last one, taken back; those that the server refused.
 */
import { ApiError, api } from '../app/api.js'
import { t } from '../app/texts.js'
import { dropWork } from '../app/worklog.js'

/**
 * @typedef {import('../app/task-session.js').TaskSession} TaskSession
 * @typedef {import('../app/task-session.js').Envelope} Envelope
 * @typedef {import('../app/worklog.js').Outgoing} Outgoing
 *
 * @typedef {object} Desk what the page gives
 * @property {number} project
 * @property {import('../app/outbox.js').Outbox} outbox
 * @property {AbortSignal} signal
 * @property {() => TaskSession | null} current
 * @property {(path: string) => Promise<Envelope | null>} envelope
 * @property {(envelope: Envelope) => TaskSession} session
 * @property {() => void} aside puts the task in hand aside, to come back to it
 * @property {(session: TaskSession) => Promise<void>} enter shows a task and opens it
 * @property {(problems: import('../app/api.js').Problem[]) => void} toast
 * @property {(message: import('../elements/kite-toast.js').Message) => void} tell
 * @property {() => void} changed
 */

/** How long *Back* waits for a submit that is on its way. */
const PATIENCE_MS = 2_000

export class Earlier {
  /** One's finished tasks; null: on their way. @type {import('./label-view.js').Finished[] | null} */
  mine = null
  /** The task whose submit can still be taken back, and what it was answered with. @type {{key: string, session: TaskSession, answer: string} | null} */
  #last = null

  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk
  }

  /** A task was sent and can be taken back while the outbox holds it. @param {string} key of the submit @param {TaskSession} session @param {string} answer in words */
  sent(key, session, answer) {
    this.#last = { key, session, answer }
  }

  /** What the last task was answered with, while it can be taken back as if it had not been sent; else empty. */
  get held() {
    return this.#last && this.desk.outbox.held?.key === this.#last.key ? this.#last.answer : ''
  }

  /** Takes it back: it was not sent yet. @returns {Promise<TaskSession | null>} as it was, to be left or sent again */
  async takeLast() {
    const last = this.#last
    if (!last || !this.held) return null
    this.#last = null
    await this.desk.outbox.take(last.key)
    this.desk.aside()
    const session = this.desk.session(last.session.envelope)
    await this.desk.enter(session)
    return session
  }

  /**
   * A refused task comes back as it was submitted, on top of what the server has now.
   * @param {Outgoing} item @returns {Promise<boolean>} whether it could be opened
   */
  async takeBack(item) {
    const { outbox, envelope: ask } = this.desk
    const envelope = await ask(`/api/tasks/${item.task}/work`).catch((error) => {
      if (!(error instanceof ApiError)) throw error
      const discard = { label: t('Discard it'), run: () => void outbox.take(item.key) }
      this.desk.tell({ text: t('That task cannot be opened again. {why}', { why: error.message }), kind: 'problem', action: error.passing ? undefined : discard })
      return null
    })
    if (!envelope) return false
    this.desk.aside()
    await dropWork(item.work)
    envelope.begun = true
    envelope.result = item.result === undefined ? /** @type {unknown[]} */ (item.body.result) : JSON.parse(item.result)
    const session = this.desk.session(envelope)
    await this.desk.enter(session)
    await outbox.take(item.key) // from here on the task's own log keeps it
    session.showProblems(item.refused ?? [])
    return true
  }

  /** Open one of the person's own finished tasks to correct it. @param {number} task */
  async correct(task) {
    const { desk } = this
    if (task === desk.current()?.task) return
    try {
      const envelope = await desk.envelope(`/api/tasks/${task}/work`)
      if (!envelope) return
      const current = desk.current()
      if (current && (!current.envelope.annotation || current.envelope.sent_back)) desk.aside()
      await desk.enter(desk.session(envelope))
    } catch (error) {
      if (error instanceof ApiError) desk.toast(error.problems)
    }
  }

  /** Asks for one's finished tasks. */
  async list() {
    this.mine = null
    this.desk.changed()
    try {
      this.mine = (await api.get(`/api/projects/${this.desk.project}/mine`, { signal: this.desk.signal })).tasks
    } catch (error) {
      if (error instanceof ApiError) this.desk.toast(error.problems)
      this.mine = []
    }
    this.desk.changed()
  }

  /** The task that was finished last; if its submit is still on its way, that is waited for. */
  async back() {
    if (await this.takeLast()) return
    const { outbox, project, signal } = this.desk
    try {
      if (outbox.waiting.length) {
        await new Promise((resolve) => {
          const timer = setTimeout(resolve, PATIENCE_MS)
          outbox.addEventListener('sent', () => { clearTimeout(timer); resolve(null) }, { once: true })
        })
      }
      if (outbox.waiting.length) throw new ApiError(0, [{ code: 'on-its-way', message: t('The last task is still being sent.'), hint: t('You can correct it as soon as the server has it.') }])
      const { tasks } = await api.get(`/api/projects/${project}/mine`, { signal })
      if (tasks.length) await this.correct(tasks[0].id)
    } catch (error) {
      if (error instanceof ApiError) this.desk.toast(error.problems)
    }
  }
}
