/**
 * HTML of data and configs, cleaned: nothing runs, nothing is loaded but pictures, links lead nowhere unless they may, forms are gone.
 * The page's policy refuses style attributes and style elements (html-attributes.js), so both are cleaned and applied through the CSSOM.
 */
import { t } from '../app/texts.js'
import { isSafe, safeCss } from './config-style.js'
import { withoutInline } from './html-attributes.js'

const KEPT = 'data-kite-style'
const PICTURES = /^(?:https:|data:image\/|blob:)/i
const LINKS = /^(?:https?:|mailto:)/i
const COLOURED = /(?:^|[\s;{"'])(?:color|background(?:-color)?)\s*:/i

/** @type {Promise<import('dompurify').DOMPurify> | undefined} */
let asked

/** A cleaner of our own: hooks are kept per instance. */
const purifier = () => (asked ??= import('dompurify').then(({ default: make }) => {
  const purify = make(window)
  purify.addHook('afterSanitizeAttributes', (element) => {
    element.removeAttribute('style') // one that the text before did not show
    for (const name of ['src', 'srcset', 'background', 'poster']) if (element.hasAttribute(name) && (name !== 'src' || !PICTURES.test(element.getAttribute(name) ?? ''))) element.removeAttribute(name)
    if (element.localName === 'img' && !element.hasAttribute('alt')) element.setAttribute('alt', '')
  })
  return purify
}))

/**
 * @param {string} dirty
 * @param {boolean} links whether links may be opened
 * @returns {Promise<{fragment: DocumentFragment, css: string, coloured: boolean}>} coloured: it brings colours of its own and so wants a white page
 */
export async function clean(dirty, links) {
  const purify = await purifier()
  const source = withoutInline(dirty, KEPT)
  const css = source.css.map(safeCss).join('\n')
  const fragment = purify.sanitize(source.html, {
    RETURN_DOM_FRAGMENT: true, USE_PROFILES: { html: true, svg: true, mathMl: true }, ADD_ATTR: ['target', KEPT], FORCE_BODY: true,
    FORBID_TAGS: ['style', 'form', 'input', 'button', 'select', 'textarea', 'option', 'dialog', 'audio', 'video', 'link', 'meta', 'base'], FORBID_ATTR: ['slot', 'part', 'popover', 'popovertarget', 'autofocus', 'tabindex'],
  })
  let coloured = COLOURED.test(css)
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (fragment.querySelectorAll(`[${KEPT}]`))) {
    const style = element.getAttribute(KEPT) ?? ''
    element.removeAttribute(KEPT)
    coloured ||= COLOURED.test(style)
    paint(element, style)
  }
  coloured ||= !!fragment.querySelector('[bgcolor], font[color]')
  for (const link of fragment.querySelectorAll('a[href], area[href]')) open(link, links)
  fragment.normalize() // what was taken out left text nodes side by side; paths count them as one
  return { fragment, css, coloured }
}

/** @param {HTMLElement} element @param {string} style */
function paint(element, style) {
  const parsed = document.createElement('span').style
  parsed.cssText = style
  for (const name of parsed) {
    const value = parsed.getPropertyValue(name)
    if (isSafe(name, value)) element.style.setProperty(name, value, parsed.getPropertyPriority(name))
  }
}

/** @param {Element} link @param {boolean} links */
function open(link, links) {
  const address = link.getAttribute('href') ?? ''
  if (address.startsWith('#')) { // a place of the document: not a link for the browser, which selects no words of links and would leave our page
    link.setAttribute('data-place', address.slice(1))
    link.removeAttribute('href')
    return
  }
  if (links && LINKS.test(address)) {
    link.setAttribute('target', '_blank')
    link.setAttribute('rel', 'noopener noreferrer')
    return
  }
  link.removeAttribute('href')
  link.removeAttribute('target')
  if (!link.hasAttribute('title')) link.setAttribute('title', t('Link to {address} (not followed here)', { address: address.slice(0, 120) }))
}
