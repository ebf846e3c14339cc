/** ISO texts of dates and the parts that people fill in (docs/contracts.md, section 1: dates). Pure; how a date is written in results only the engine knows.
 *
 * @typedef {{date?: string, time?: string, month?: string, year?: string}} Parts each as ISO 8601 writes it: 2024-05-01, 10:30, 05, 2024
 */

/** Which parts a control asks for, in the order in which they stand. @param {readonly string[] | undefined} only @returns {(keyof Parts)[]} */
export function asked(only) {
  const given = new Set(only?.length ? only : ['date', 'time'])
  const date = given.has('date')
  return /** @type {(keyof Parts)[]} */ (['date', 'month', 'year', 'time']).filter((part) => given.has(part) && !(date && (part === 'month' || part === 'year')))
}

/** @param {string | null | undefined} iso @returns {Parts} */
export function partsOf(iso) {
  if (!iso) return {}
  const [day, time] = iso.includes('T') ? iso.split('T') : iso.includes(':') ? ['', iso] : [iso, '']
  const [, year, month, date] = /^(\d{4})?(?:(?:^|-)(\d\d))?(?:-(\d\d))?$/.exec(day) ?? []
  return {
    ...(year && month && date ? { date: day } : {}), ...(year && !date ? { year } : {}), ...(month && !date ? { month } : {}), ...(time ? { time: time.slice(0, 5) } : {}),
  }
}

/** The ISO text, or nothing while a part is missing. @param {Parts} parts @param {readonly (keyof Parts)[]} wanted */
export function isoOf(parts, wanted) {
  if (!wanted.length || wanted.some((part) => !parts[part])) return ''
  const day = wanted.includes('date') ? parts.date : [wanted.includes('year') ? parts.year : '', wanted.includes('month') ? parts.month : ''].filter(Boolean).join('-')
  return [day, wanted.includes('time') ? parts.time : ''].filter(Boolean).join('T')
}
