/** The few pictures of the owner's pages: 16 px, one stroke, in the colour of the text beside them. */
import { html, svg } from 'lit'

const shapes = {
  kite: svg`<path d="M8 1.5 13 6.5 8 12 3 6.5Z M8 1.5V12 M3 6.5H13 M8 12c0 1.6 1.6 1.2 1.6 2.6"/>`,
  plus: svg`<path d="M8 3v10M3 8h10"/>`,
  link: svg`<path d="M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2.3-2.3a2.6 2.6 0 0 0-3.7-3.7l-.9.9M9.2 6.8a2.6 2.6 0 0 0-3.7 0L3.2 9.1a2.6 2.6 0 0 0 3.7 3.7l.9-.9"/>`,
  download: svg`<path d="M8 2.5v8M4.8 7.5 8 10.7l3.2-3.2M3 13.5h10"/>`,
  check: svg`<path d="m3 8.5 3.2 3.2L13 4.8"/>`,
  problem: svg`<path d="M8 2 14.5 13.5h-13Z M8 6.5v3.2M8 11.6v.2"/>`,
  info: svg`<circle cx="8" cy="8" r="6"/><path d="M8 7.2v4M8 4.8v.2"/>`,
  image: svg`<rect x="2" y="3" width="12" height="10" rx="1"/><path d="m2.5 11.5 3.5-4 2.5 2.8 2-2 3 3.2"/><circle cx="10.6" cy="5.8" r=".9"/>`,
  file: svg`<path d="M4 1.8h5l3 3v9.4H4Z M9 1.8v3h3"/>`,
  close: svg`<path d="m3.5 3.5 9 9M12.5 3.5l-9 9"/>`,
  left: svg`<path d="M10 3 5 8l5 5"/>`,
  more: svg`<path d="M3.5 8v.1M8 8v.1M12.5 8v.1" stroke-width="2" stroke-linecap="round"/>`,
  right: svg`<path d="m6 3 5 5-5 5"/>`,
}

/** @typedef {keyof typeof shapes} IconName */

/** @param {IconName} name */
export const icon = (name) => html`<svg class="ow-icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">${shapes[name]}</svg>`
