/** Label names above the first letters of spans; one that would cover its neighbour is left out. */

const MOST = 400 // names drawn at once
const NEAR = 400 // pixels above and below the window that are drawn too, so that scrolling shows no gaps

/**
 * @param {HTMLElement} box where the names go, at the top left of the text
 * @param {DOMRect} sheet the window that the text scrolls in
 * @param {{text: string, color: string, first: () => DOMRect | undefined}[]} wanted in the order of the text; first: box of the first letter
 */
export function drawNames(box, sheet, wanted) {
  const origin = box.getBoundingClientRect()
  /** @type {Map<number, number>} line to the right end of its last name */
  const taken = new Map()
  const names = []
  for (const { text, color, first } of wanted) {
    if (names.length >= MOST) break
    const place = text ? first() : undefined
    if (!place || place.bottom < sheet.top - NEAR || place.top > sheet.bottom + NEAR) continue
    const line = Math.round(place.top - origin.top)
    const left = place.left - origin.left
    if (left < (taken.get(line) ?? -1)) continue
    const name = document.createElement('span')
    name.className = 'text-name'
    name.textContent = text
    name.style.left = `${left}px`
    name.style.top = `${line}px`
    name.style.setProperty('--swatch', color)
    names.push(name)
    taken.set(line, left + text.length * 6.2 + 10) // about the width of small bold letters: measuring each would cost a layout
  }
  box.replaceChildren(...names)
}
