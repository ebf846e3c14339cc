/** Words of a project's owner, which may be Markdown or a few tags of HTML: as they stand until what reads them is there. */
import { html } from 'lit'
import { until } from 'lit/directives/until.js'

let isThere = false

/** @param {string | undefined} text */
export function written(text) {
  if (!text) return ''
  const read = () => html`<kite-markdown .text=${text} .breaks=${true}></kite-markdown>`
  if (isThere) return read()
  const here = import('./node-views.js').then((views) => views.loadMarkdown()).then(() => {
    isThere = true
    return read()
  }, () => text)
  return until(here, text)
}
