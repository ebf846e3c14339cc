/** Numbers of the lines of the source beside a text; a line that is wrapped has one. */

/**
 * @param {HTMLElement} box at the top left of the page
 * @param {import('./text-lines.js').TextLines} lines
 * @param {boolean} shown
 */
export function drawNumbers(box, lines, shown) {
  if (!shown) {
    if (box.firstChild) box.replaceChildren()
    return
  }
  const origin = box.getBoundingClientRect()
  const made = []
  for (const at of lines.near) {
    for (const { line, start } of lines.linesOf(at)) {
      const place = lines.lineBox(start)
      if (!place) continue
      const element = document.createElement('span')
      element.className = 'text-number'
      element.textContent = String(line)
      element.style.top = `${place.top - origin.top}px`
      made.push(element)
    }
  }
  box.replaceChildren(...made)
}
