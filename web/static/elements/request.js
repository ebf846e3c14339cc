/** Asks for what stands behind an address of a task, `data:` addresses included: the page's policy lets nothing fetch one. */
import { t } from '../app/texts.js'

/** What a `data:` address holds (RFC 2397). Null for other addresses. Throws Error where it cannot be read.
 * @param {string} url @returns {Uint8Array<ArrayBuffer> | null} */
export function dataOf(url) {
  const comma = url.indexOf(',')
  if (!/^data:/i.test(url) || comma < 0) return null
  try {
    const body = decodeURIComponent(url.slice(comma + 1))
    return /;base64\s*$/i.test(url.slice(0, comma)) ? Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0)) : new TextEncoder().encode(body)
  } catch {
    throw new Error(t('The data in this address cannot be read.'))
  }
}

/** Like `fetch`. @param {string} url @param {AbortSignal} [signal] @param {number} [first] only so many bytes, where the host can give a part; a longer answer may come @returns {Promise<Response>} */
export async function request(url, signal, first) {
  const inside = dataOf(url)
  return inside ? new Response(inside) : fetch(url, { signal, ...(first ? { headers: { range: `bytes=0-${first - 1}` } } : {}) })
}
