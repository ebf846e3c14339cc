import { LitElement, html } from 'lit'
import { Marked } from 'marked'

const marked = new Marked({ gfm: true, async: false })

/** Markdown of a config, of a task's data or of instructions, as cleaned HTML. */
export class KiteMarkdown extends LitElement {
  static properties = { text: { attribute: false }, written: { attribute: false }, breaks: { attribute: false } }

  constructor() {
    super()
    this.text = ''
    /** the text stands in the config, indented as the XML around it */
    this.written = false
    /** the end of a line is one: people who write instructions do not think of Markdown's own rule */
    this.breaks = false
  }

  createRenderRoot() {
    return this
  }

  render() {
    return html`<kite-rich .html=${/** @type {string} */ (marked.parse(this.written ? unindented(this.text) : this.text, { breaks: this.breaks }))} .links=${true} .plain=${true}></kite-rich>`
  }
}

/** Text inside a tag without the indentation of the XML around it, which would make code of it. The first line has lost its own.
 * @param {string} text */
export function unindented(text) {
  const [first, ...rest] = text.trim().replaceAll('\r\n', '\n').split('\n')
  const shared = Math.min(...rest.filter((line) => line.trim()).map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0))
  return [first, ...rest.map((line) => line.slice(shared))].join('\n')
}
