/**
 * CSS that comes from a config: it may paint the data area and nothing else. Parsed by the browser and written out again from what it
 * understood, so broken braces cannot leave the scope; rules that could load something are dropped. What has a background of its own is
 * written on in the colours of the theme, light or dark, that can be read on it.
 */
import { schemeOn } from './colors.js'

const LOADS = /url\(|image-set\(|image\(|cross-fade\(|\\|expression\(|src\(/i

/** Whether a declaration may stay: it loads nothing, hides nothing behind an escape, and stays inside the data area. @param {string} name @param {string} value */
export const isSafe = (name, value) => !LOADS.test(value) && (name !== 'position' || /^\s*(?:static|relative|absolute)\s*$/i.test(value))

/** The declarations of a node's `style` that may stay. @param {Record<string, string> | undefined} style @returns {Record<string, string>} */
export function safeStyle(style) {
  const safe = Object.entries(style ?? {}).map(([name, value]) => [name.trim().toLowerCase(), String(value)]).filter(([name, value]) => isSafe(name, value))
  return readable(Object.fromEntries(safe))
}

/** @param {Record<string, string>} style @returns {Record<string, string>} with the theme that its background wants */
function readable(style) {
  const scheme = schemeOn(style['background-color'] ?? style.background ?? '')
  return scheme ? { 'color-scheme': scheme, color: 'var(--text)', ...style } : style
}

/** @param {string} css @returns {string} the safe rules, scoped to the data area */
export function scoped(css) {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  return `@scope (.kite-data) {\n${safeRules(sheet.cssRules)}\n}`
}

/** The rules of a document's own style sheet that may stay, for its shadow root; what it says of html and body is of the document.
 * @param {string} css */
export function safeCss(css) {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  return safeRules(sheet.cssRules).replaceAll(/(^|[,{}]\s*)(?:html\s+body|html|body|:root)(?=[\s,.:{>])/gm, '$1.document')
}

/** @param {CSSRuleList} rules @returns {string} */
function safeRules(rules) {
  return [...rules]
    .map((rule) => {
      if (rule instanceof CSSStyleRule) {
        for (const name of [...rule.style]) if (!isSafe(name, rule.style.getPropertyValue(name))) rule.style.removeProperty(name)
        const { color, 'color-scheme': scheme } = readable({ background: rule.style.background || rule.style.backgroundColor })
        return `${rule.selectorText} { ${scheme ? `color-scheme: ${scheme}; color: ${color}; ` : ''}${rule.style.cssText} }`
      }
      if (rule instanceof CSSMediaRule) return `@media ${rule.conditionText} { ${safeRules(rule.cssRules)} }`
      if (rule instanceof CSSSupportsRule) return `@supports ${rule.conditionText} { ${safeRules(rule.cssRules)} }`
      return ''
    })
    .join('\n')
}
