/**
 * @typedef {{code: string, message: string, where?: string, hint?: string, control?: string, region?: string, severity?: string}} Problem
 * @typedef {{key?: string, signal?: AbortSignal, type?: string, keepalive?: boolean}} Options
 */
import { t, told } from './texts.js'

/** The server answered, and said no. `status` 0: it did not answer at all. */
export class ApiError extends Error {
  /** @param {number} status @param {Problem[]} problems @param {number} [waitS] what the server asks to wait, in seconds */
  constructor(status, problems, waitS = 0) {
    super(problems.map((problem) => [told(problem.message), told(problem.hint)].filter(Boolean).join(' ')).join('\n'))
    this.status = status
    this.problems = problems
    this.waitS = waitS
  }

  /** Worth trying again without a change: nobody answered, or the server was not able to. */
  get passing() {
    return this.status === 0 || this.status === 429 || this.status === 502 || this.status === 503 || this.status === 504 || this.status === 507
  }
}

const away = () => ({
  code: 'server-away',
  message: t('The server does not answer.'),
  hint: t('Check that Labelkite is running and that you are connected; work goes on and is kept in this browser.'),
})

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body] an object is sent as JSON; a string or Blob as it is, with `type`
 * @param {Options} [options]
 * @returns {Promise<any>}
 */
async function request(method, path, body, options = {}) {
  const headers = new Headers({ Accept: 'application/json' })
  const raw = typeof body === 'string' || body instanceof Blob
  if (body !== undefined) headers.set('Content-Type', options.type ?? (raw ? 'text/plain' : 'application/json'))
  if (options.key) headers.set('Idempotency-Key', options.key)
  let answer
  try {
    answer = await ((method === 'GET' && early(path)) || fetch(path, {
      method, headers, credentials: 'same-origin', signal: options.signal, keepalive: options.keepalive,
      body: body === undefined ? undefined : raw ? /** @type {string | Blob} */ (body) : JSON.stringify(body),
    }))
  } catch (error) {
    if (options.signal?.aborted) throw error
    throw new ApiError(0, [away()])
  }
  const text = await answer.text()
  const json = answer.headers.get('Content-Type')?.includes('json')
  let data = null
  try {
    data = json && text ? JSON.parse(text) : text
  } catch {
    data = null
  }
  if (answer.ok) return data
  const problems = data?.problems ?? [{ code: `http-${answer.status}`, message: t('The server answered {status}.', { status: `${answer.status} ${answer.statusText}` }), hint: t('Reload the page; if it stays, tell the owner of the project.') }]
  throw new ApiError(answer.status, problems, Number(answer.headers.get('Retry-After')) || 0)
}

/** The answer that boot.js asked for, once. @param {string} path */
function early(path) {
  const asked = globalThis.kiteEarly
  if (asked?.path !== path) return null
  globalThis.kiteEarly = undefined
  return asked.answer
}

export const api = {
  /** @param {string} path @param {Options} [options] */
  get: (path, options) => request('GET', path, undefined, options),
  /** @param {string} path @param {unknown} body @param {Options} [options] */
  post: (path, body, options) => request('POST', path, body, options),
  /** @param {string} path @param {unknown} body @param {Options} [options] */
  put: (path, body, options) => request('PUT', path, body, options),
  /** @param {string} path @param {unknown} body @param {Options} [options] */
  patch: (path, body, options) => request('PATCH', path, body, options),
  /** @param {string} path @param {Options} [options] */
  delete: (path, options) => request('DELETE', path, undefined, options),
}
