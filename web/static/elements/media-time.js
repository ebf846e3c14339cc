/** Times as people read them, and the round numbers that an axis shows. Pure. */
import { t } from '../app/texts.js'

/** @param {number} seconds @param {number} [digits] after the point @returns {string} 0:03.2, 12:40, 1:02:03 */
export function clock(seconds, digits = 0) {
  if (!Number.isFinite(seconds) || seconds < 0) return '–'
  const unit = 10 ** digits
  const whole = Math.floor(seconds * unit + 1e-6) / unit
  const [h, m] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60]
  const s = (whole % 60).toFixed(digits).padStart(digits ? digits + 3 : 2, '0')
  return h ? `${h}:${String(m).padStart(2, '0')}:${s}` : `${m}:${s}`
}

/** For those who hear it. @param {number} seconds */
export function spoken(seconds) {
  if (!Number.isFinite(seconds)) return t('unknown')
  const [m, s] = [Math.floor(seconds / 60), seconds % 60]
  return m ? t('{minutes} min {seconds} s', { minutes: m, seconds: Math.floor(s) }) : t('{seconds} s', { seconds: s.toFixed(1) })
}

/** Distance of the marks of an axis: 1, 2 or 5 times a power of ten. @param {number} span @param {number} most marks @returns {number} */
export function niceStep(span, most) {
  if (!(span > 0) || !(most > 0)) return 1
  const raw = span / most
  const power = 10 ** Math.floor(Math.log10(raw))
  return power * ([1, 2, 5].find((one) => one * power >= raw * (1 - 1e-9)) ?? 10)
}

const CLOCK_STEPS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 43200, 86400, 2 * 86400, 7 * 86400, 14 * 86400, 30 * 86400, 91 * 86400, 365 * 86400]

/** The same for seconds, minutes, hours and days. @param {number} span seconds @param {number} most */
export function clockStep(span, most) {
  return CLOCK_STEPS.find((step) => span / step <= most) ?? niceStep(span, most)
}

/** Marks between two values. @param {number} from @param {number} to @param {number} step @returns {number[]} */
export function marks(from, to, step) {
  const found = []
  for (let at = Math.ceil(from / step - 1e-9); at * step <= to + step * 1e-9 && found.length < 1000; at++) found.push(at * step)
  return found
}
