/**
 * Takes out of HTML's source, before any parser sees it, what a page's policy complains of even in documents that are never shown: style
 * elements, style attributes (kept under another name), event handlers. Nothing rests on it: the cleaner comes after. Steps as in the
 * HTML standard, 13.2.5 (tokenization); one pass, no backtracking. Pure.
 */

/** Elements whose content is text up to their end tag. */
const RAW = new Set(['script', 'style', 'textarea', 'title', 'xmp', 'iframe', 'noembed', 'noframes'])
const SPACE = /[\t\n\f\r ]/

/**
 * @param {string} source
 * @param {string} kept the name that style attributes get
 * @returns {{html: string, css: string[]}} css: what stood in style elements
 */
export function withoutInline(source, kept) {
  let made = ''
  let at = 0
  /** @type {string[]} */
  const css = []
  while (at < source.length) {
    const open = source.indexOf('<', at)
    if (open < 0) break
    made += source.slice(at, open)
    if (source.startsWith('<!--', open)) {
      const close = source.indexOf('-->', open + 4)
      if (close < 0) return { html: made, css } // a comment to the end
      at = close + 3
      continue
    }
    if (!/[a-z]/i.test(source[open + 1] ?? '')) {
      made += '<'
      at = open + 1
      continue
    }
    const tag = read(source, open, kept)
    if (!tag) return { html: made, css } // a tag without an end is nothing
    at = tag.end
    if (!RAW.has(tag.name)) {
      made += tag.text
      continue
    }
    const close = endTag(source, at, tag.name)
    if (tag.name === 'style') {
      css.push(source.slice(at, close))
      at = source.indexOf('>', close) + 1 || source.length
    } else {
      made += tag.text + source.slice(at, close)
      at = close
    }
  }
  return { html: made + source.slice(at), css }
}

/** @param {string} source @param {number} from @param {string} name */
function endTag(source, from, name) {
  const end = new RegExp(`</${name}(?=[\\s/>])`, 'gi')
  end.lastIndex = from
  return end.exec(source)?.index ?? source.length
}

/** One start tag, rewritten. @param {string} source @param {number} open where its `<` is @param {string} kept */
function read(source, open, kept) {
  let at = open + 1
  while (at < source.length && !SPACE.test(source[at]) && source[at] !== '/' && source[at] !== '>') at++
  const name = source.slice(open + 1, at).toLowerCase()
  let text = source.slice(open, at)
  while (at < source.length) {
    if (source[at] === '>') return { name, text: `${text}>`, end: at + 1 }
    if (SPACE.test(source[at]) || source[at] === '/') {
      text += source[at++]
      continue
    }
    const start = at++
    while (at < source.length && !SPACE.test(source[at]) && !'/>='.includes(source[at])) at++
    const attribute = source.slice(start, at).toLowerCase()
    let after = at
    while (after < source.length && SPACE.test(source[after])) after++
    if (source[after] === '=') {
      after++
      while (after < source.length && SPACE.test(source[after])) after++
      const quote = source[after]
      if (quote === '"' || quote === "'") {
        const close = source.indexOf(quote, after + 1)
        if (close < 0) return null
        after = close + 1
      } else while (after < source.length && !SPACE.test(source[after]) && source[after] !== '>') after++
    } else after = at
    if (attribute === 'style') text += kept + source.slice(at, after)
    else if (!attribute.startsWith('on')) text += source.slice(start, after)
    at = after
  }
  return null
}
