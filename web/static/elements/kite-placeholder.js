import { LitElement, html, nothing } from 'lit'
import { locale, t, text } from '../app/texts.js'

/** What each kind of region is called, many of them. @type {Record<string, string>} */
const MANY = {
  rectangle: text('boxes'), ellipse: text('ellipses'), polygon: text('polygons'), keypoint: text('key points'), vector: text('vectors'), brush: text('brush masks'), bitmask: text('bitmasks'), span: text('spans'), hyperspan: text('spans'),
  phrase: text('phrases'), segment: text('segments'), series: text('time ranges'), timeline: text('timeline ranges'), track: text('tracks'), vectortrack: text('vector tracks'), ocrbox: text('text boxes'), cuboid: text('cuboids'),
  points: text('point sets'), message: text('messages'),
}

/** What to say where code did not come. */
export const UNFETCHED = text('This part of the page could not be fetched. Reload the page when you are online again; your work is safe.')

/**
 * What to say about regions that cannot be drawn yet: one sentence, however many tags there are.
 * @param {{kind: string, tag: string}[]} given tags as the config writes them
 */
export function notYetDrawn(given) {
  const tags = [...new Set(given.map(({ tag }) => tag))].join(', ')
  const names = [...new Set(given.map(({ kind }) => t(MANY[kind] ?? text('its regions'))))]
  return t('{tags}: drawing {kinds} comes later. Existing ones are kept and listed.', { tags, kinds: new Intl.ListFormat(locale()).format(names) })
}

/** Stands where a tag of the config cannot be shown yet: names it, and says what is safe. */
export class KitePlaceholder extends LitElement {
  static properties = { tag: {}, name: {}, text: {} }

  constructor() {
    super()
    /** the tag as the config writes it */
    this.tag = ''
    this.name = ''
    /** more to say: what works and what does not */
    this.text = ''
  }

  createRenderRoot() {
    return this
  }

  render() {
    return html`<div class="placeholder" role="note">
      <kite-icon name="help"></kite-icon>
      <p><strong>${this.tag}</strong>${this.name ? html` <span class="muted">${this.name}</span>` : nothing}<br />${t(this.text || text('This part of the task cannot be shown here yet. What is stored for it is kept.'))}</p>
    </div>`
  }
}
