/** Styles that only some pages need come with the code that needs them, as text, and are adopted once. */

/** @type {Set<string>} */
const adopted = new Set()

/** @param {string} css */
export function adopt(css) {
  if (adopted.has(css)) return
  adopted.add(css)
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
}
