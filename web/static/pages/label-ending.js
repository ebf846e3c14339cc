/** How work on the task in hand ends: submitted, skipped, put off, left as it was, or begun anew from another prediction. */
import { ApiError, api } from '../app/api.js'
import { outgoing } from '../app/outgoing.js'
import { t } from '../app/texts.js'
import { HOLD_MS } from './label-advance.js'
import { sentence } from './words.js'

/**
 * @typedef {import('../app/task-session.js').TaskSession} TaskSession
 * @typedef {import('../app/api.js').Problem} Problem
 *
 * @typedef {object} Desk what the page gives
 * @property {import('./label-flow.js').Work} work
 * @property {import('./label-flow.js').Flow} flow
 * @property {import('../app/runtime.js').Engine} engine
 * @property {import('../app/outbox.js').Outbox} outbox
 * @property {import('../app/draft-saver.js').DraftSaver} draft
 * @property {import('./label-repeat.js').Repeat} repeat
 * @property {import('./label-earlier.js').Earlier} earlier
 * @property {() => import('./label-more.js').LabelMore | null} more
 * @property {(problems: Problem[]) => void} halves adds what is half filled in on the page
 * @property {(problem: Problem) => void} focus goes to where something is missing
 * @property {(problems: Problem[]) => void} toast
 * @property {(message: import('../elements/kite-toast.js').Message) => void} tell
 * @property {() => void} changed
 */

/** How long the feedback of the warm-up is waited for before the next task opens without it. */
const FEEDBACK_MS = 8_000

export class Ending {
  /** What a submit was stopped for, by task: a warning stops one submit only. @type {WeakMap<TaskSession, Set<string>>} */
  #warned = new WeakMap()
  /** The prediction that the task is being started from. @type {number | null} */
  #wanted = null

  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk
  }

  /** Whether the task in hand may be skipped. */
  get mayskip() {
    const { annotation, task } = this.desk.flow.current?.envelope ?? {}
    return this.desk.work.project.skip !== 'refused' && task?.allow_skip !== false && !annotation
  }

  /** Whether it may be put off: a correction is left as it was instead. */
  get maywait() {
    const { current } = this.desk.flow
    return !!current && !current.envelope.annotation
  }

  /** Skipping by its key: where it is not allowed, it is said. */
  skip() {
    if (this.mayskip) void this.submit(true)
    else if (this.maywait) this.desk.toast([{ code: 'no-skip', message: t('This task is not skipped: an answer of everybody who gets it is wanted.'), hint: t('“Later” puts it off until the others are done.') }])
  }

  /** @param {boolean} [skipped] @param {string} [decided] what was chosen, where choosing is sending */
  async submit(skipped = false, decided = '') {
    const { flow, engine, tell, toast } = this.desk
    const session = flow.current
    if (!session || flow.busy) return
    flow.busy = true
    this.desk.changed()
    try {
      if (!engine.up) tell({ text: t('This is sent as soon as everything is loaded.'), kind: 'info' })
      const { result, problems } = await session.dump()
      this.desk.halves(problems)
      if (skipped || !this.#stopped(session, problems)) await this.#send(session, result, skipped, decided)
    } catch (error) {
      toast([{ code: 'submit', message: t('This could not be submitted yet.'), hint: error instanceof Error ? error.message : String(error) }])
    } finally {
      this.#over()
    }
  }

  /** Whether problems stand in the way of this submit; they are shown then. @param {TaskSession} session @param {Problem[]} problems */
  #stopped(session, problems) {
    // A warning stands in the way of one submit; then it is the person's own choice.
    const told = this.#warned.get(session) ?? new Set()
    this.#warned.set(session, new Set([...told, ...problems.map(sentence)]))
    const standing = problems.filter((problem) => problem.severity !== 'warning' || !told.has(sentence(problem)))
    if (!standing.length) return false
    session.showProblems(problems, true)
    this.desk.focus(standing[0])
    if (problems.every((problem) => problem.severity === 'warning')) {
      this.desk.toast([{ code: 'warned', message: t('Please look at this once more.'), hint: t('Submit again to send it as it is.') }])
    }
    return true
  }

  /** @param {TaskSession} session @param {string} result JSON @param {boolean} skipped @param {string} decided */
  async #send(session, result, skipped, decided) {
    const { flow, outbox, draft, repeat, earlier, changed } = this.desk
    session.leave()
    draft.rest()
    performance.mark('kite-submit')
    const { annotation } = session.envelope
    const item = outgoing(session, result, { skipped })
    const more = this.desk.more()
    const feedback = more?.practicing && !annotation ? this.#feedback(item.key) : null
    await outbox.add(item, decided && !feedback ? HOLD_MS : 0)
    if (!annotation) flow.counted(1)
    const said = await feedback
    if (said && more) {
      flow.learn(more.lesson(session, said))
      return
    }
    const kept = skipped ? Promise.resolve() : repeat.keep(session)
    void kept.catch(() => {}).then(() => session.close()).catch(() => {}).then(changed)
    if (decided) earlier.sent(item.key, session, decided)
    await flow.leaveTask()
  }

  /** What the server says to a submit of the warm-up; null where it says nothing, or nothing in time. @param {string} key of the submit @returns {Promise<import('./label-more.js').Feedback | null>} */
  async #feedback(key) {
    const answer = await this.desk.outbox.answer(key, FEEDBACK_MS)
    const more = this.desk.more()
    if (more && answer && !answer.feedback) more.practicing = false // the warm-up is over, or there is none
    return answer?.feedback ?? null
  }

  /** Put the task off: it comes back after the others, with what was done of it. */
  async postpone() {
    const { flow, draft } = this.desk
    const session = flow.current
    if (!session || !this.maywait) return
    await this.#ask(session, async () => {
      session.leave()
      await draft.save()
      await api.post(`/api/tasks/${session.task}/lease/postpone`, {})
      draft.rest()
      void session.close().catch(() => {})
      await flow.leaveTask()
      if (flow.current?.task === session.task) this.desk.tell({ text: t('Nothing else is left for you at the moment, so it is here again.'), kind: 'info' })
    })
  }

  /** Starts the task from another prediction, as long as nothing was done; of several that are asked for meanwhile, from the last. @param {number} prediction */
  async startFrom(prediction) {
    const first = this.#wanted === null
    this.#wanted = prediction
    if (!first) return
    try {
      for (let last = null; last !== this.#wanted;) {
        last = this.#wanted
        await this.#start(last)
      }
    } finally {
      this.#wanted = null
    }
  }

  /** @param {number} prediction */
  async #start(prediction) {
    const { flow } = this.desk
    const session = flow.current
    if (!session || session.begun) return
    await this.#ask(session, async () => {
      const envelope = await flow.envelope(`/api/tasks/${session.task}/work?prediction=${prediction}`)
      if (!envelope || session !== flow.current || session.touched) return // somebody began meanwhile
      await session.close().catch(() => {})
      await session.forget()
      flow.show(flow.session(envelope))
      await flow.openCurrent()
    })
  }

  /** Leave a correction without a new version. */
  async cancelCorrection() {
    const { flow } = this.desk
    const session = flow.current
    if (!session?.envelope.annotation) return
    await session.close().catch(() => {})
    await session.forget()
    await flow.leaveTask()
  }

  /** What the server may refuse: then the task stays in hand. @param {TaskSession} session @param {() => Promise<void>} act */
  async #ask(session, act) {
    const { flow } = this.desk
    if (flow.busy) return
    flow.busy = true
    this.desk.changed()
    try {
      await act()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (session === flow.current) session.visit()
      this.desk.toast(error.problems)
    } finally {
      this.#over()
    }
  }

  #over() {
    this.desk.flow.busy = false
    this.desk.changed()
  }
}
