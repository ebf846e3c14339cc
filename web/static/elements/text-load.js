/** Fetches a text that is elsewhere, and says in words what went wrong. */
import { t } from '../app/texts.js'
import { request } from './request.js'

export class TextProblem extends Error {
  /** @param {import('./types.js').Problem} problem */
  constructor(problem) {
    super(problem.message)
    this.problem = problem
  }
}

/** @param {{text?: string, url?: string, problem?: import('./types.js').Problem} | undefined} source of a Display @param {AbortSignal | undefined} signal @returns {Promise<string>} */
export async function loadText(source, signal) {
  if (source?.problem) throw new TextProblem(source.problem)
  if (source?.text !== undefined) return source.text
  if (!source?.url) throw new TextProblem({ code: 'no-text', message: t('This task has no text.'), hint: t('Skip it, and tell whoever sent you here.') })
  try {
    const answer = await request(source.url, signal)
    if (!answer.ok) throw new Error(`${answer.status}`)
    return await answer.text()
  } catch {
    throw new TextProblem({ code: 'text-load', message: t('The text could not be loaded.'), where: new URL(source.url, location.href).host, hint: t('Its link may have expired. Try again; if that does not help, skip this task.') })
  }
}
