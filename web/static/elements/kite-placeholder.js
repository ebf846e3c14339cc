import { LitElement, html, nothing } from 'lit'

/** What each kind of region is called, many of them. @type {Record<string, string>} */
const MANY = {
  rectangle: 'Boxes', ellipse: 'Ellipses', polygon: 'Polygons', keypoint: 'Key points', vector: 'Vectors', brush: 'Brush masks', bitmask: 'Bitmasks', span: 'Spans', hyperspan: 'Spans', phrase: 'Phrases',
  segment: 'Segments', series: 'Time ranges', timeline: 'Timeline ranges', track: 'Tracks', vectortrack: 'Vector tracks', ocrbox: 'Text boxes', cuboid: 'Cuboids', points: 'Point sets', message: 'Messages',
}

/** What to say where code did not come. */
export const UNFETCHED = 'This part of the page could not be fetched. Reload the page when you are online again; your work is safe.'

/**
 * What to say about regions that cannot be drawn yet: one sentence, however many tags there are.
 * @param {{kind: string, tag: string}[]} given tags as the config writes them
 */
export function notYetDrawn(given) {
  const tags = [...new Set(given.map(({ tag }) => tag))].join(', ')
  const names = [...new Set(given.map(({ kind }) => (MANY[kind] ?? 'its regions').toLowerCase()))]
  const all = names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}` : names[0]
  return `${tags}: drawing ${all} comes later. Existing ones are kept and listed.`
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
      <p><strong>${this.tag}</strong>${this.name ? html` <span class="muted">${this.name}</span>` : nothing}<br />${this.text || 'This part of the task cannot be shown here yet. What is stored for it is kept.'}</p>
    </div>`
  }
}
