/** Dates by strftime formats, read and written in UTC, as numbers of seconds. Pure. */

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
/** @type {Record<string, string>} directive to what it may look like */
const PATTERNS = {
  Y: '(\\d{4})', y: '(\\d{2})', m: '(\\d{1,2})', d: '(\\d{1,2})', e: '\\s*(\\d{1,2})', H: '(\\d{1,2})', I: '(\\d{1,2})', M: '(\\d{1,2})', S: '(\\d{1,2})', L: '(\\d{1,3})', f: '(\\d{1,6})', j: '(\\d{1,3})',
  b: '([A-Za-z]+)', B: '([A-Za-z]+)', a: '[A-Za-z]+', A: '[A-Za-z]+', p: '([AaPp][Mm])', Z: '(Z|[+-]\\d{2}:?\\d{2})', z: '(Z|[+-]\\d{2}:?\\d{2})', s: '(-?\\d+(?:\\.\\d+)?)', Q: '(-?\\d+)', '%': '%',
}
const SILENT = 'aA%'
/** @type {Record<string, string>} */
const SHORT = { T: '%H:%M:%S', R: '%H:%M', D: '%m/%d/%y', F: '%Y-%m-%d', X: '%H:%M:%S', x: '%m/%d/%Y', c: '%a %b %e %H:%M:%S %Y' }

/** @param {string} format */
const whole = (format) => format.replace(/%([TRDFXxc])/g, (_, one) => SHORT[one]).replace(/%[-_0]([a-zA-Z])/g, '%$1')

/** @param {string} format @returns {((text: string) => number) | null} seconds since 1970, NaN for a text of another form; null: the format has a directive that is not known */
export function timeReader(format) {
  /** @type {string[]} */
  const parts = []
  let unknown = false
  const pattern = whole(format).replace(/%(.)|[.*+?^${}()|[\]\\/]/g, (found, one) => {
    if (one === undefined) return `\\${found}`
    if (!PATTERNS[one]) unknown = true
    else if (!SILENT.includes(one)) parts.push(one)
    return PATTERNS[one] ?? ''
  })
  if (unknown) return null
  const matcher = new RegExp(`^\\s*${pattern}\\s*$`)
  return (text) => {
    const match = matcher.exec(text)
    return match ? seconds(parts, match) : NaN
  }
}

/** @param {string[]} parts directives in order @param {RegExpExecArray} match */
function seconds(parts, match) {
  let [year, month, day, hour, minute, second, zone, half] = [1970, 0, 1, 0, 0, 0, 0, -1]
  for (let i = 0; i < parts.length; i++) {
    const text = match[i + 1]
    const number = Number(text)
    switch (parts[i]) {
      case 'Y': year = number; break
      case 'y': year = number + (number < 69 ? 2000 : 1900); break
      case 'm': month = number - 1; break
      case 'b': case 'B': month = MONTHS.findIndex((name) => name.toLowerCase().startsWith(text.toLowerCase().slice(0, 3))); break
      case 'd': case 'e': day = number; break
      case 'j': month = 0; day = number; break
      case 'H': case 'I': hour = number; break
      case 'M': minute = number; break
      case 'S': second += number; break
      case 'L': second += Number(text.padEnd(3, '0')) / 1e3; break
      case 'f': second += Number(text.padEnd(6, '0')) / 1e6; break
      case 'p': half = text.toLowerCase() === 'pm' ? 12 : 0; break
      case 'Z': case 'z': zone = text === 'Z' ? 0 : (text[0] === '-' ? -1 : 1) * (Number(text.slice(1, 3)) * 3600 + Number(text.slice(-2)) * 60); break
      case 's': return number
      case 'Q': return number / 1e3
    }
  }
  if (half >= 0) hour = (hour % 12) + half
  if (month < 0 || month > 11 || day < 1 || hour > 24 || minute > 59 || second > 61 || (day > 31 && !parts.includes('j'))) return NaN
  return Date.UTC(year, month, day, hour, minute) / 1000 + second - zone
}

/** @param {string} format @returns {(seconds: number) => string} */
export function timeWriter(format) {
  const full = whole(format)
  return (at) => {
    const date = new Date(Math.round(at * 1e3))
    if (Number.isNaN(date.getTime())) return ''
    const two = (/** @type {number} */ value) => String(value).padStart(2, '0')
    /** @type {Record<string, () => string>} */
    const write = {
      Y: () => String(date.getUTCFullYear()), y: () => two(date.getUTCFullYear() % 100), m: () => two(date.getUTCMonth() + 1), d: () => two(date.getUTCDate()), e: () => String(date.getUTCDate()).padStart(2),
      H: () => two(date.getUTCHours()), I: () => two(date.getUTCHours() % 12 || 12), M: () => two(date.getUTCMinutes()), S: () => two(date.getUTCSeconds()), L: () => String(date.getUTCMilliseconds()).padStart(3, '0'),
      f: () => String(Math.round((at - Math.floor(at)) * 1e6)).padStart(6, '0'), j: () => String(Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 864e5) + 1).padStart(3, '0'),
      b: () => MONTHS[date.getUTCMonth()].slice(0, 3), B: () => MONTHS[date.getUTCMonth()], a: () => DAYS[date.getUTCDay()].slice(0, 3), A: () => DAYS[date.getUTCDay()], p: () => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
      Z: () => '+0000', z: () => '+0000', s: () => String(at), Q: () => String(date.getTime()), '%': () => '%',
    }
    return full.replace(/%(.)/g, (found, one) => write[one]?.() ?? found)
  }
}

/** How an axis writes a value: by a strftime format, by a number format such as `.2f`, or as many digits as its steps need.
 * @param {string | undefined} format @param {boolean} dates the values are seconds since 1970 @param {number} step of the axis @returns {(value: number) => string} */
export function axisWriter(format, dates, step) {
  if (dates) return timeWriter(format?.includes('%') ? format : step >= 86400 ? '%Y-%m-%d' : step >= 60 ? '%m-%d %H:%M' : step >= 1 ? '%H:%M:%S' : '%H:%M:%S.%L')
  const digits = /^,?\.(\d+)[fs]?$/.exec(format ?? '')?.[1]
  if (digits !== undefined) return (value) => value.toFixed(Number(digits))
  const needed = step >= 1 || !(step > 0) ? 0 : Math.min(8, Math.ceil(-Math.log10(step) - 1e-9))
  return (value) => (Math.abs(value) >= 1e7 ? value.toExponential(2) : value.toFixed(needed))
}
