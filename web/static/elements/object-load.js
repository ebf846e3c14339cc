import { t } from '../app/texts.js'
import { request } from './request.js'
import { TextProblem } from './text-load.js'

/** Fetches what stands behind an object's url, and tells how much of it has come.
 * @param {string} url @param {AbortSignal} signal @param {(share: number | null) => void} tell 0 to 1, or null where the size is not known
 * @returns {Promise<Uint8Array<ArrayBuffer>>} */
export async function fetchBytes(url, signal, tell) {
  try {
    const answer = await request(url, signal)
    if (!answer.ok || !answer.body) throw new Error(`${answer.status}`)
    const size = answer.headers.get('content-encoding') ? 0 : Number(answer.headers.get('content-length') ?? 0)
    /** @type {Uint8Array[]} */
    const parts = []
    let length = 0
    for (const reader = answer.body.getReader(); ;) {
      const { done, value } = await reader.read()
      if (done) break
      parts.push(value)
      length += value.length
      tell(size ? Math.min(1, length / size) : null)
    }
    const all = new Uint8Array(length)
    let at = 0
    for (const part of parts) {
      all.set(part, at)
      at += part.length
    }
    return all
  } catch {
    if (/^data:/i.test(url)) throw new TextProblem({ code: 'data-load', message: t('The data in this address cannot be read.'), hint: t('Skip this task, and tell whoever sent you here.') })
    throw new TextProblem({ code: 'data-load', message: t('The data could not be loaded.'), where: new URL(url, location.href).host, hint: t('Its link may have expired. Try again; if that does not help, skip this task.') })
  }
}

/** @param {string} url @param {AbortSignal} signal @param {(share: number | null) => void} tell */
export const fetchText = async (url, signal, tell) => new TextDecoder().decode(await fetchBytes(url, signal, tell))

/** A source whose data stands behind a url, read by the engine; others as they are.
 * @param {import('./types.js').Source} source @param {(text: string) => Promise<import('./types.js').Source>} content asks the engine
 * @param {AbortSignal} signal @param {(share: number | null) => void} tell */
export async function resolved(source, content, signal, tell) {
  if (!source.url) return source
  const made = await content(await fetchText(source.url, signal, tell))
  if (made.problem) throw new TextProblem(made.problem)
  return made
}
