/** Brightness, contrast, gamma and inversion of a canvas, by one filter: the pixels themselves stay as they are. */

const POINTS = 65

/** The light of a value after all four settings. @param {Pick<import('./image-looks.js').Look, 'brightness' | 'contrast' | 'gamma' | 'invert'>} look @param {number} value 0 to 1 @returns {number} 0 to 1 */
export function lit({ brightness, contrast, gamma, invert }, value) {
  const bright = Math.min(1, value * (brightness / 100))
  const apart = Math.min(1, Math.max(0, (bright - 0.5) * (contrast / 100) + 0.5))
  const curved = apart ** (1 / gamma)
  return invert ? 1 - curved : curved
}

/** @param {import('./image-looks.js').Look} look @returns {string} for an SVG filter: light at equal distances, between which it is linear */
export const curve = (look) => Array.from({ length: POINTS }, (_, at) => lit(look, at / (POINTS - 1)).toFixed(4)).join(' ')

let count = 0
const SVG = 'http://www.w3.org/2000/svg'

/** @param {HTMLCanvasElement} canvas @param {import('./image-looks.js').Look} look */
export function light(canvas, look) {
  const { brightness, contrast, gamma, invert } = look
  if (gamma === 1) {
    canvas.style.filter = [brightness === 100 ? '' : `brightness(${brightness}%)`, contrast === 100 ? '' : `contrast(${contrast}%)`, invert ? 'invert(1)' : ''].filter(Boolean).join(' ')
    return
  }
  const filter = ownFilter(canvas)
  for (const channel of filter.querySelectorAll('feFuncR, feFuncG, feFuncB')) channel.setAttribute('tableValues', curve(look))
  canvas.style.filter = `url("#${filter.id}")`
}

/** @param {HTMLCanvasElement} canvas @returns {SVGFilterElement} made with the first curve */
function ownFilter(canvas) {
  const here = /** @type {SVGFilterElement | null | undefined} */ (canvas.parentElement?.querySelector('filter'))
  if (here) return here
  const make = (/** @type {string} */ name) => document.createElementNS(SVG, name)
  const svg = make('svg')
  svg.setAttribute('width', '0')
  svg.setAttribute('height', '0')
  svg.setAttribute('aria-hidden', 'true')
  svg.classList.add('image-filter')
  const filter = /** @type {SVGFilterElement} */ (make('filter'))
  filter.id = `kite-light-${(count += 1)}`
  filter.setAttribute('color-interpolation-filters', 'sRGB')
  const transfer = make('feComponentTransfer')
  for (const name of ['feFuncR', 'feFuncG', 'feFuncB']) {
    const channel = make(name)
    channel.setAttribute('type', 'table')
    transfer.append(channel)
  }
  filter.append(transfer)
  svg.append(filter)
  canvas.parentElement?.append(svg)
  return filter
}
