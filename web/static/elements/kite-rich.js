import { LitElement, css, html } from 'lit'
import { selectionIn } from './dom-selection.js'
import { clean } from './html-clean.js'

/** Cleaned HTML in a shadow root: its CSS cannot leave, ours does not reach in. A document with colours of its own gets a white page. */
export class KiteRich extends LitElement {
  static properties = { html: { attribute: false }, links: { attribute: false }, plain: { attribute: false }, coloured: { type: Boolean, reflect: true } }

  static styles = css`
    :host { display: block; contain: layout paint; }
    .document { position: relative; overflow-wrap: anywhere; line-height: 1.6; }
    :where(:host([coloured]) .document) { color-scheme: light; background: #fff; color: #16181a; padding: 12px 16px; border-radius: 3px; }
    .document > :first-child { margin-top: 0; }
    .document > :last-child { margin-bottom: 0; }
    p, ul, ol, blockquote, pre, table, figure { margin: 0.7em 0; }
    h1, h2, h3, h4, h5, h6 { margin: 1.1em 0 0.4em; line-height: 1.25; }
    h1 { font-size: 1.5em; } h2 { font-size: 1.3em; } h3 { font-size: 1.15em; } h4, h5, h6 { font-size: 1em; }
    img, svg { max-width: 100%; height: auto; }
    table { border-collapse: collapse; max-width: 100%; }
    th, td { border: 1px solid color-mix(in srgb, currentcolor 25%, transparent); padding: 4px 8px; text-align: start; vertical-align: top; }
    pre { overflow: auto; padding: 8px 12px; background: color-mix(in srgb, currentcolor 7%, transparent); border-radius: 3px; }
    code, pre { font-family: var(--font-mono); font-size: 0.92em; }
    blockquote { margin-inline: 0; padding-inline-start: 12px; border-inline-start: 3px solid color-mix(in srgb, currentcolor 25%, transparent); }
    a[href] { color: var(--accent); }
    :host([coloured]) a[href] { color: #0b6674; }
    a:not([href]) { text-decoration: underline dotted; }
    a[data-place] { color: var(--accent); cursor: pointer; text-decoration: underline; }
    :host([coloured]) a[data-place] { color: #0b6674; }
    a[name]:not([href], [data-place]) { text-decoration: none; }
  `

  constructor() {
    super()
    this.html = ''
    /** links may be opened */
    this.links = false
    /** never on a white page */
    this.plain = false
    this.coloured = false
    /** @type {Promise<void>} it is drawn */
    this.ready = new Promise((done) => { this.#painted = done })
  }
  /** @type {() => void} */
  #painted = () => {}
  #turn = 0
  #sheet = new CSSStyleSheet()

  /** Where the document begins: paths of regions start here. */
  get document() {
    return /** @type {HTMLElement} */ (this.renderRoot.querySelector('.document'))
  }

  firstUpdated() {
    const root = /** @type {ShadowRoot} */ (this.renderRoot)
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, this.#sheet]
  }

  /** @param {Map<string, any>} changed */
  willUpdate(changed) {
    if (this.hasUpdated && changed.has('html')) this.ready = new Promise((done) => { this.#painted = done })
  }

  /** @param {Map<string, any>} changed */
  updated(changed) {
    if (changed.has('html') || changed.has('links') || changed.has('plain')) void this.#show()
  }

  async #show() {
    const turn = ++this.#turn
    const made = await clean(this.html, this.links)
    if (turn !== this.#turn) return
    this.#sheet.replaceSync(made.css)
    this.document.replaceChildren(made.fragment)
    for (const one of /** @type {NodeListOf<HTMLElement>} */ (this.document.querySelectorAll('a, img'))) one.draggable = false // a drag over a link selects its words
    this.coloured = made.coloured && !this.plain
    this.#painted()
  }

  /** A link to a place of the document leads there; words that were selected over a link do not open it. @param {MouseEvent} event */
  #click(event) {
    const link = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest('a, area'))
    if (!link) return
    if (!(selectionIn(/** @type {ShadowRoot} */ (this.renderRoot))?.isCollapsed ?? true)) event.preventDefault()
    else if (link.dataset.place) {
      const name = CSS.escape(link.dataset.place)
      this.document.querySelector(`[id="${name}"], a[name="${name}"]`)?.scrollIntoView({ block: 'nearest' })
    }
  }

  render() {
    return html`<div class="document" dir="auto" @click=${this.#click}></div>`
  }
}
