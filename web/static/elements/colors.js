/** Arithmetic on colours of labels, which configs write as #rgb, #rrggbb or names. Pure. */

/** @param {string} color @returns {[number, number, number] | null} 0..255 each, null for anything but #rgb and #rrggbb */
export function channels(color) {
  const match = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(color)
  if (!match) return null
  const full = match[1].length === 3 ? [...match[1]].map((digit) => digit + digit).join('') : match[1]
  return [Number.parseInt(full.slice(0, 2), 16), Number.parseInt(full.slice(2, 4), 16), Number.parseInt(full.slice(4, 6), 16)]
}

/** Relative luminance 0..1 (WCAG 2.2, "relative luminance"). @param {[number, number, number]} rgb */
export function luminance(rgb) {
  const [r, g, b] = rgb.map((value) => {
    const c = value / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** Black or white, whichever reads better on a colour. @param {string} color */
export function inkOn(color) {
  const rgb = channels(color)
  return rgb && luminance(rgb) < 0.179 ? '#ffffff' : '#000000'
}

/** What a CSS colour is called in hex; null for what is none, and for one that the ground shines through. @param {string} color */
function solid(color) {
  if (channels(color)) return color
  const pen = globalThis.OffscreenCanvas && new OffscreenCanvas(1, 1).getContext('2d')
  if (!pen) return null
  pen.fillStyle = '#010203'
  pen.fillStyle = color
  const found = String(pen.fillStyle)
  return found !== '#010203' && channels(found) ? found : null
}

/** The theme that can be read on a background as CSS writes it (its first colour); null where it has no solid colour. @param {string} background @returns {'light' | 'dark' | null} */
export function schemeOn(background) {
  const words = background.match(/#[0-9a-f]{3,8}\b|(?:rgb|hsl|hwb)a?\([^()]*\)|[a-z]+/gi) ?? []
  const rgb = words.map(solid).filter(Boolean).map((color) => channels(/** @type {string} */ (color)))[0]
  return rgb ? (luminance(rgb) < 0.179 ? 'dark' : 'light') : null
}

/** @param {string} color @param {number} alpha 0..1 */
export function withAlpha(color, alpha) {
  const rgb = channels(color)
  return rgb ? `rgba(${rgb.join(', ')}, ${alpha})` : color
}
