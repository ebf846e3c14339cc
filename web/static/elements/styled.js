import { noChange } from 'lit'
import { Directive, directive } from 'lit/directive.js'

/**
 * Sets CSS properties of an element through its `style` object. Lit's own styleMap writes a style attribute on its first render,
 * which a Content-Security-Policy without 'unsafe-inline' refuses.
 */
class Styled extends Directive {
  /** @type {Record<string, string>} */
  #before = {}

  /** @param {Record<string, string>} _properties */
  render(_properties) {
    return noChange
  }

  /** @param {import('lit/directive.js').Part} part @param {[Record<string, string>]} properties */
  update(part, [properties]) {
    const { style } = /** @type {HTMLElement} */ (/** @type {import('lit/directive.js').AttributePart} */ (part).element)
    for (const name in this.#before) if (!(name in properties)) style.removeProperty(name)
    for (const name in properties) if (this.#before[name] !== properties[name]) style.setProperty(name, properties[name])
    this.#before = { ...properties }
    return noChange
  }
}

export const styled = directive(Styled)
