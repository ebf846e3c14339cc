import { html } from 'lit'
import { until } from 'lit/directives/until.js'

/** @type {Promise<{default: typeof import('dompurify').default}> | undefined} */
let purify
const TAGS = ['b', 'i', 'em', 'strong', 'u', 's', 'sub', 'sup', 'code', 'br', 'span', 'small', 'mark', 'img', 'ruby', 'rt', 'p', 'ul', 'ol', 'li']

/** The `html` of a label or choice, cleaned. The cleaner is loaded when a config needs it, the plain text stands in until then.
 * @param {string} dirty */
export function richText(dirty) {
  purify ??= import('dompurify')
  const plain = new DOMParser().parseFromString(dirty, 'text/html').body.textContent ?? ''
  return html`${until(purify.then(({ default: { sanitize } }) => sanitize(dirty, { ALLOWED_TAGS: TAGS, ALLOWED_ATTR: ['src', 'alt', 'title', 'lang', 'dir'], RETURN_DOM_FRAGMENT: true })), plain)}`
}
