import { unsafeHTML } from 'lit/directives/unsafe-html.js'
import { until } from 'lit/directives/until.js'

/** @type {Promise<{default: typeof import('dompurify').default}> | undefined} */
let purify
/** @type {Map<string, string>} */
const cleaned = new Map()
const ALLOWED = {
  ALLOWED_TAGS: ['b', 'i', 'em', 'strong', 'u', 's', 'sub', 'sup', 'code', 'br', 'span', 'small', 'mark', 'img', 'ruby', 'rt', 'p', 'ul', 'ol', 'li'],
  ALLOWED_ATTR: ['src', 'alt', 'title', 'lang', 'dir'],
}

/** The `html` of a label or choice, cleaned. The cleaner is loaded when a config first needs it; plain text stands in until then.
 * @param {string} dirty */
export function richText(dirty) {
  const clean = cleaned.get(dirty)
  if (clean !== undefined) return unsafeHTML(clean)
  purify ??= import('dompurify')
  const plain = new DOMParser().parseFromString(dirty, 'text/html').body.textContent ?? ''
  return until(purify.then(({ default: { sanitize } }) => {
    cleaned.set(dirty, sanitize(dirty, ALLOWED))
    return unsafeHTML(cleaned.get(dirty))
  }), plain)
}
