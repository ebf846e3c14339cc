/** Label names above the first letters of spans: stacked where they would cover each other, and a line has room; else left out. */

const MOST = 400 // names drawn at once
const LETTER = 6.2 // about the width of small bold letters: measuring each name would cost a layout
const PAD = 10
const LONGEST = 160 // pixels; surface.css has the same number

export const NAME = 11 // pixels from name to name
const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/

/** @typedef {{text: string, color: string, left: number, right: number, top: number, rtl?: boolean, size: number}} Name left, right, top: of the first letter,
 *   in the page; size: length of the span, the shorter one stands lower */

/**
 * Which names stand in which row above their lines. Pure.
 * @template {Name} N
 * @param {readonly N[]} names @param {number} [width] of the page @param {number} [most] rows
 * @returns {{placed: {name: N, x: number, row: number}[], rows: Map<number, number>}} x: left edge; rows: by `top` of the line
 */
export function stackNames(names, width = Infinity, most = Infinity) {
  /** @type {Map<number, N[]>} */
  const lines = new Map()
  for (const name of names) if (name.text) lines.set(name.top, [...(lines.get(name.top) ?? []), name])
  const placed = []
  /** @type {Map<number, number>} */
  const rows = new Map()
  for (const [top, line] of lines) {
    /** @type {number[]} where the last name of each row ends */
    const taken = []
    for (const name of line.sort((a, b) => a.left - b.left || a.size - b.size)) {
      const wide = Math.min(LONGEST, name.text.length * LETTER + PAD)
      const x = Math.max(0, Math.min(name.rtl ? name.right - wide : name.left, width - wide))
      let row = 0
      while (x < (taken[row] ?? -1)) row++
      if (row >= most) continue
      taken[row] = x + wide
      placed.push({ name, x, row })
    }
    rows.set(top, Math.max(1, taken.length))
  }
  return { placed, rows }
}

/** Whether a text is written from right to left, by its first letters. @param {string} text */
export const rightToLeft = (text) => RTL.test(text.slice(0, 2))

/**
 * What stood there already stays: a new element costs the browser a style and a layout, one that stands costs nothing.
 * @param {HTMLElement} box where the names go, at the top left of the text @param {{name: Name, x: number, row: number}[]} placed
 */
export function putNames(box, placed) {
  const shown = placed.slice(0, MOST)
  while (box.childElementCount > shown.length) box.lastElementChild?.remove()
  shown.forEach(({ name, x, row }, at) => {
    let element = /** @type {HTMLElement | undefined} */ (box.children[at])
    if (!element) {
      element = document.createElement('span')
      element.className = 'text-name'
      box.append(element)
    }
    const look = `${name.text} ${x} ${name.top - row * NAME} ${name.color}`
    if (element.dataset.look === look) return
    element.dataset.look = look
    if (element.textContent !== name.text) element.textContent = name.text
    element.style.left = `${x}px`
    element.style.top = `${name.top - row * NAME}px`
    element.style.setProperty('--swatch', name.color)
  })
}
