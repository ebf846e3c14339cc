import { LitElement, html, nothing, svg } from 'lit'

/** Icons on a 16 px grid, one stroke width, drawn for this project. `label` gives a name to icons that stand alone. */
const PATHS = {
  undo: svg`<path d="M6 3 2.5 6.5 6 10M3 6.5h6a4 4 0 0 1 0 8H6.5"/>`,
  redo: svg`<path d="m10 3 3.5 3.5L10 10M13 6.5H7a4 4 0 0 0 0 8h2.5"/>`,
  fit: svg`<path d="M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10"/>`,
  plus: svg`<path d="M8 3v10M3 8h10"/>`,
  minus: svg`<path d="M3 8h10"/>`,
  rotate: svg`<path d="M13.5 3v3.5H10M13 6.5A5.5 5.5 0 1 0 13.5 9"/>`,
  light: svg`<circle cx="8" cy="8" r="2.75"/><path d="M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1"/>`,
  eye: svg`<path d="M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8Z"/><circle cx="8" cy="8" r="2"/>`,
  'eye-off': svg`<path d="M6.5 3.7A6 6 0 0 1 8 3.5C12 3.5 14.5 8 14.5 8a12 12 0 0 1-1.8 2.3M4 5.2A11 11 0 0 0 1.5 8S4 12.5 8 12.5a6 6 0 0 0 2.8-.7M2.5 2.5l11 11"/>`,
  lock: svg`<rect x="3" y="7" width="10" height="6.5" rx="1"/><path d="M5 7V5a3 3 0 0 1 6 0v2"/>`,
  'lock-open': svg`<rect x="3" y="7" width="10" height="6.5" rx="1"/><path d="M5 7V5a3 3 0 0 1 5.8-1"/>`,
  trash: svg`<path d="M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.6 9h6.8l.6-9M6.7 7v4M9.3 7v4"/>`,
  copy: svg`<rect x="5.5" y="5.5" width="8" height="8" rx="1"/><path d="M10.5 5.5v-2a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2"/>`,
  box: svg`<rect x="2.5" y="3.5" width="11" height="9"/>`,
  'box-turned': svg`<path d="M5 2.5 14 8.5 11 13.5 2 7.5Z"/>`,
  ellipse: svg`<ellipse cx="8" cy="8" rx="6" ry="4.5"/>`,
  polygon: svg`<path d="M8 2.5 13.5 6.5 11.5 13h-7L2.5 6.5Z"/>`,
  path: svg`<path d="M3 12.5C4 5 12 11 13 3.5"/><circle cx="3" cy="12.5" r="1.5"/><circle cx="13" cy="3.5" r="1.5"/>`,
  brush: svg`<path d="M13.5 2.5 7.2 8.3M7.2 8.3c1.3.4 1.9 1.3 1.5 2.6-.5 1.7-2.6 2.6-6.2 2.1 1.5-.6 1.6-1.4 1.9-2.6.3-1.4 1.3-2.3 2.8-2.1Z"/>`,
  eraser: svg`<path d="M6.5 13 2.5 9 9 2.5l4.5 4.5L8 12.5M5.5 6l4.5 4.5M6.5 13h7"/>`,
  wand: svg`<path d="m2.5 13.5 7-7M11 2v3M9.5 3.5h3M13.5 7.5v2M12.5 8.5h2M5.5 3v2M4.5 4h2"/>`,
  pixels: svg`<path d="M2.5 2.5h4v4h-4ZM6.5 6.5h4v4h-4ZM10.5 10.5h3v3h-3ZM10.5 2.5h3v4h-3Z"/>`,
  point: svg`<circle cx="8" cy="8" r="2"/><path d="M8 2v2.5M8 11.5V14M2 8h2.5M11.5 8H14"/>`,
  select: svg`<path d="M4 2.5v10l2.8-2.7 1.7 3.9 1.8-.8-1.7-3.8h3.9Z"/>`,
  text: svg`<path d="M3 4h10M3 8h10M3 12h6"/>`,
  tag: svg`<path d="M2.5 7.5v-5h5l6 6-5 5-6-6Z"/><circle cx="5.2" cy="5.2" r=".6"/>`,
  panel: svg`<rect x="2" y="3" width="12" height="10" rx="1"/><path d="M10 3v10"/>`,
  hand: svg`<path d="M5 8.5V4a1 1 0 0 1 2 0v3.5V2.8a1 1 0 0 1 2 0v4.7V3.5a1 1 0 0 1 2 0v5V6a1 1 0 0 1 2 0v4c0 2.5-1.8 4-4 4-2.5 0-3.4-1-4.5-3L3 8.6a1 1 0 0 1 1.6-1.1L5 8.5"/>`,
  focus: svg`<path d="M2.5 5V2.5H5M11 2.5h2.5V5M13.5 11v2.5H11M5 13.5H2.5V11"/><rect x="5.5" y="5.5" width="5" height="5"/>`,
  close: svg`<path d="m3.5 3.5 9 9M12.5 3.5l-9 9"/>`,
  check: svg`<path d="m2.5 8.5 3.5 3.5 7.5-8"/>`,
  warning: svg`<path d="M8 2 1.5 13.5h13L8 2ZM8 6.5v3.5M8 11.8v.2"/>`,
  problem: svg`<circle cx="8" cy="8" r="6.25"/><path d="M8 4.5v4.5M8 11.2v.2"/>`,
  info: svg`<circle cx="8" cy="8" r="6.25"/><path d="M8 7.2v4.3M8 4.6v.2"/>`,
  help: svg`<circle cx="8" cy="8" r="6.25"/><path d="M6 6.2a2 2 0 1 1 2.8 1.9c-.5.2-.8.6-.8 1.1v.3M8 11.6v.2"/>`,
  search: svg`<circle cx="7" cy="7" r="4.25"/><path d="m10.2 10.2 3.5 3.5"/>`,
  filter: svg`<path d="M2.5 4h11M4.5 8h7M6.5 12h3"/>`,
  group: svg`<rect x="2.5" y="2.5" width="5" height="4" rx="1"/><path d="M5 6.5V12h3.5M5 9h3.5"/><rect x="8.5" y="7.5" width="5" height="2.5" rx=".8"/><rect x="8.5" y="11" width="5" height="2.5" rx=".8"/>`,
  settings: svg`<path d="M2.5 4.5h6M12 4.5h1.5M2.5 11.5H4M7.5 11.5h6"/><circle cx="10.2" cy="4.5" r="1.7"/><circle cx="5.8" cy="11.5" r="1.7"/>`,
  down: svg`<path d="m3.5 6 4.5 4.5L12.5 6"/>`,
  right: svg`<path d="M6 3.5 10.5 8 6 12.5"/>`,
  left: svg`<path d="M10 3.5 5.5 8l4.5 4.5"/>`,
  edit: svg`<path d="m3 10.5 7.5-7.5 2.5 2.5L5.5 13H3v-2.5ZM9 4.5 11.5 7"/>`,
  save: svg`<path d="M4 12.5a3 3 0 0 1-.3-6A4.3 4.3 0 0 1 12 5.8a3.4 3.4 0 0 1 .2 6.7M8 7v6M5.7 9.3 8 7l2.3 2.3"/>`,
  offline: svg`<path d="M4 12.5a3 3 0 0 1-.3-6A4.3 4.3 0 0 1 12 5.8a3.4 3.4 0 0 1 .2 6.7H4M6.5 8l3 3M9.5 8l-3 3"/>`,
  star: svg`<path d="m8 1.8 1.9 4 4.3.6-3.1 3 .7 4.4L8 11.7l-3.8 2.1.7-4.4-3.1-3 4.3-.6L8 1.8Z"/>`,
  heart: svg`<path d="M8 13.5 2.8 8.3a3.2 3.2 0 0 1 4.6-4.6L8 4.3l.6-.6a3.2 3.2 0 0 1 4.6 4.6L8 13.5Z"/>`,
  fire: svg`<path d="M8 1.5c.4 2.5 4.5 4 4.5 8a4.5 4.5 0 0 1-9 0c0-1.6.8-2.7 1.6-3.5.3 1 .8 1.5 1.4 1.7C6.3 5.5 6.5 3 8 1.5Z"/>`,
  smile: svg`<circle cx="8" cy="8" r="6.25"/><path d="M5.3 9.3a3 3 0 0 0 5.4 0M6 6v.4M10 6v.4"/>`,
  kite: svg`<path d="M9.5 1.5 14 6l-5 5.5-5-5 5.5-5ZM4 6.5l10-.5M9.5 1.5 9 11.5M9 11.5c-2 .5-1.5 2.5-3.5 2.5S3.5 13 2 14"/>`,
  download: svg`<path d="M8 2.5v8M4.5 7.5 8 11l3.5-3.5M2.5 13.5h11"/>`,
  upload: svg`<path d="M8 11V3M4.5 6.5 8 3l3.5 3.5M2.5 13.5h11"/>`,
  link: svg`<path d="M6.5 9.5a2.8 2.8 0 0 0 4 0l2.3-2.3a2.8 2.8 0 0 0-4-4L7.7 4.3M9.5 6.5a2.8 2.8 0 0 0-4 0L3.2 8.8a2.8 2.8 0 0 0 4 4l1.1-1.1"/>`,
  back: svg`<path d="M6.5 3 3 6.5 6.5 10M3 6.5h10v7"/>`,
  comment: svg`<path d="M2.5 3h11v8H7.5L4.5 13.5V11h-2Z"/>`,
  more: svg`<path d="M3.5 8h.01M8 8h.01M12.5 8h.01"/>`,
  person: svg`<circle cx="8" cy="5" r="2.75"/><path d="M2.5 14a5.5 5.5 0 0 1 11 0"/>`,
}

export class KiteIcon extends LitElement {
  static properties = { name: {}, label: {} }

  constructor() {
    super()
    this.name = ''
    this.label = ''
  }

  createRenderRoot() {
    return this
  }

  render() {
    const path = PATHS[/** @type {keyof typeof PATHS} */ (this.name)]
    return html`<svg class="icon" viewBox="0 0 16 16" focusable="false"
      role=${this.label ? 'img' : nothing} aria-label=${this.label || nothing} aria-hidden=${this.label ? nothing : 'true'}>${path}</svg>`
  }
}

export const ICONS = Object.freeze(Object.keys(PATHS))
