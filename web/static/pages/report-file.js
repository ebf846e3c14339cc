/** The report as one HTML file that needs nothing else: what stands on the page, with its drawings, its tables and its style. */

/** Parts that make sense only on the page. */
const NOT_IN_FILE = '[data-not-in-file], button, [role=status]'
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

/**
 * @param {HTMLElement} report the part of the page @param {{title: string, made: string}} of made: in words
 * @returns {string} the text of the file
 */
export function reportFile(report, { title, made }) {
  const copy = /** @type {HTMLElement} */ (report.cloneNode(true))
  for (const part of copy.querySelectorAll(NOT_IN_FILE)) part.remove()
  for (const chart of copy.querySelectorAll('kite-chart')) replace(chart, 'div', 'rp-drawing')
  for (const link of copy.querySelectorAll('a')) replace(link, 'span') // they lead into Labelkite, which whoever reads this may not have
  const comments = document.createTreeWalker(copy, NodeFilter.SHOW_COMMENT)
  const found = []
  while (comments.nextNode()) found.push(/** @type {Comment} */ (comments.currentNode))
  for (const comment of found) comment.remove()

  const made_ = document.implementation.createHTMLDocument(title)
  const { head, body, documentElement } = made_
  documentElement.lang = 'en'
  head.append(element(made_, 'meta', { charset: 'utf-8' }), element(made_, 'meta', { 'http-equiv': 'Content-Security-Policy', content: POLICY }),
    element(made_, 'meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }), element(made_, 'meta', { name: 'color-scheme', content: 'light dark' }))
  const main = element(made_, 'main', { class: 'page' })
  const top = element(made_, 'h1', {})
  const line = element(made_, 'p', { class: 'muted' })
  top.textContent = title
  line.textContent = made
  main.append(top, line, made_.adoptNode(copy))
  body.append(main)
  // The sheet is put in as text: an element of this page, even of a document that nobody sees, may have no style of its own.
  const style = `<style>${sheets(documentElement)}</style>`
  return `<!doctype html>\n${documentElement.outerHTML.replace('</head>', () => `${style}</head>`)}\n`
}

/** @param {Document} of @param {string} name @param {Record<string, string>} attributes */
function element(of, name, attributes) {
  const made = of.createElement(name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  return made
}

/** Another element with the same inside. @param {Element} old @param {string} name @param {string} [className] */
function replace(old, name, className) {
  const made = old.ownerDocument.createElement(name)
  if (className) made.className = className
  made.append(...old.childNodes)
  old.replaceWith(made)
}

/** The page's rules that say something of this document. @param {Element} root */
function sheets(root) {
  const used = (/** @type {string} */ selector) => {
    try {
      // States of pointers and keys are left out of the question; ":root" is any document's.
      return root.ownerDocument.querySelector(selector.replace(/::?(before|after|marker|hover|focus-visible|focus|active|focus-within)\b/g, '') || '*') !== null
    } catch {
      return false
    }
  }
  /** @param {CSSRuleList} rules @returns {string[]} */
  const kept = (rules) => [...rules].flatMap((rule) => {
    if (rule instanceof CSSStyleRule) return rule.selectorText.includes('data-theme') || !used(rule.selectorText) ? [] : [rule.cssText]
    if (rule instanceof CSSMediaRule) {
      const inner = kept(rule.cssRules)
      return inner.length ? [`@media ${rule.conditionText} {\n${inner.join('\n')}\n}`] : []
    }
    return []
  })
  return [...document.styleSheets, ...document.adoptedStyleSheets].flatMap((sheet) => kept(sheet.cssRules)).join('\n')
}

/** Give a text to the browser to keep. @param {string} text @param {string} name */
export function save(text, name) {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/html' }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
