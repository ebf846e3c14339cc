/** Columns, operators and filters of the table of tasks in words. Pure. */
import { STATES, counted, date, number } from './words.js'

/** @typedef {import('./explore-index.js').Test} Test */
/** @typedef {import('./explore-index.js').Query} Query */
/** @typedef {import('./explore-index.js').Column} Column */

/** @type {Record<string, string>} */
const NAMES = {
  id: 'Id', inner: 'Number', state: 'State', agreement: 'Agreement', score: 'Score of the prediction', done: 'Answers', skipped: 'Skips', predictions: 'Predictions',
  comments: 'Open comments', people: 'Person', labels: 'Label', created: 'Imported', updated: 'Last change', seconds: 'Seconds of work', review: 'Review', gold: 'Known answer',
}
export const TIMES = ['created', 'updated']

/** @param {string} column */
export function columnName(column) {
  if (column.startsWith('data.')) return column.slice(5)
  if (column.startsWith('length.')) return `Length of ${column.slice(7)}`
  return NAMES[column] ?? column
}

/** @type {Record<string, string>} */
export const OPERATORS = {
  equal: 'is', not_equal: 'is not', contains: 'contains', not_contains: 'does not contain', less: 'is less than', less_or_equal: 'is at most', greater: 'is more than', greater_or_equal: 'is at least',
  in: 'is between', empty: 'is empty', filled: 'is not empty',
}
const NUMBERS = ['equal', 'not_equal', 'less', 'greater', 'in', 'empty', 'filled']
/** @type {Record<string, string[]>} */
const BY_KIND = {
  whole: NUMBERS.slice(0, 5), share: NUMBERS.slice(2), number: NUMBERS, length: NUMBERS.slice(0, 5), code: ['equal', 'not_equal', 'contains', 'empty', 'filled'],
  list: ['contains', 'not_contains', 'empty', 'filled'], text: ['contains', 'not_contains', 'equal', 'empty', 'filled'], nothing: ['empty', 'filled'],
}
/** @type {Record<string, string>} */
const OF_TIMES = { less: 'is before', greater: 'is after' }

/** What there is to filter by; a field's length is a column of its own. @param {Column[]} columns @returns {Column[]} */
export const filterable = (columns) => columns.flatMap((column) => [column, ...(column.name.startsWith('data.') && column.kind !== 'number' && column.kind !== 'nothing'
  ? [{ name: `length.${column.name.slice(5)}`, kind: 'length' }] : [])])

/** @param {string} column @param {string} kind @returns {[string, string][]} */
export function operatorsOf(column, kind) {
  if (TIMES.includes(column)) return Object.entries(OF_TIMES)
  if (column === 'people') return [['equal', 'has answered'], ['not_equal', 'has not answered'], ['empty', 'nobody has answered']]
  return (BY_KIND[kind] ?? NUMBERS).map((name) => [name, OPERATORS[name]])
}

/** @param {string} column @param {unknown} value @param {Record<string, string>} people */
export function valueWords(column, value, people) {
  if (column === 'state') return STATES[/** @type {import('./words.js').TaskState} */ (value)]?.word ?? String(value)
  if (column === 'people') return people[String(value)] ?? `Person ${value}`
  if (TIMES.includes(column)) return date(new Date(Number(value) * 1000).toISOString())
  if (typeof value === 'number') return Number.isInteger(value) ? number(value) : String(Math.round(value * 1e4) / 1e4)
  return String(value)
}

/** @param {Test} test @param {Record<string, string>} people */
export function testWords({ column, operator, value }, people) {
  const name = columnName(column)
  if (operator === 'empty') return `${name} ${value === false ? OPERATORS.filled : OPERATORS.empty}`
  if (operator === 'in') {
    const { min, max } = /** @type {{min: number, max: number}} */ (value)
    return `${name} ${valueWords(column, min, people)} – ${valueWords(column, max, people)}`
  }
  const word = TIMES.includes(column) ? OF_TIMES[operator] : column === 'people' || column === 'labels' ? (operator.startsWith('not') ? 'is not' : 'is') : OPERATORS[operator]
  return `${name} ${word ?? operator} ${valueWords(column, value, people)}`
}

/** What a change to many tasks came to. @param {string} done such as `assigned to Ana` @param {Record<string, number>} result */
export function doneWords(done, { changed = 0, same = 0, missing = 0 }) {
  const more = [same ? `${number(same)} had that already` : '', missing ? `${number(missing)} ${missing === 1 ? 'is' : 'are'} no longer there` : '']
  return [`${counted(changed, 'task')} ${done}`, ...more.filter(Boolean)].join('; ') + '.'
}

/** What became of taking it back. @param {Record<string, number>} result */
export function undoneWords({ restored = 0, left = 0, missing = 0 }) {
  const be = (/** @type {number} */ n) => (n === 1 ? 'is' : 'are')
  const more = [left ? `${number(left)} ${left === 1 ? 'was' : 'were'} changed since and left alone` : '', missing ? `${number(missing)} ${be(missing)} no longer there` : '']
  return [`${counted(restored, 'task')} ${be(restored)} as before`, ...more.filter(Boolean)].join('; ') + '.'
}

/** @typedef {{any: boolean, tests: Test[]}} Group */
/**
 * @typedef {object} Asked
 * @property {Test[]} tests
 * @property {boolean} any one of the tests and groups is enough
 * @property {Group[]} groups tests that hold together
 * @property {string} words that the data has
 * @property {Query | null} raw what else must hold and cannot be drawn as tests: of a view or an address
 */

/** @returns {Asked} */
export const nothingAsked = () => ({ tests: [], any: false, groups: [], words: '', raw: null })

/** @param {Column[]} columns */
const fieldsOf = (columns) => columns.map(({ name }) => name).filter((name) => name.startsWith('data.'))

/** @param {Asked} asked @param {Column[]} columns @returns {Query | null} */
export function queryOf({ tests, any, groups, words, raw }, columns) {
  const all = [...tests, ...groups.flatMap((group) => joined(group.tests, group.any))]
  const parts = joined(all, any)
  if (raw) parts.push(raw)
  if (words) parts.push({ or: fieldsOf(columns).map((column) => ({ column, operator: 'contains', value: words })) })
  return parts.length > 1 ? { and: parts } : parts[0] ?? null
}

/** @param {Query[]} parts @param {boolean} any @returns {Query[]} */
const joined = (parts, any) => (parts.length > 1 ? [{ [any ? 'or' : 'and']: parts }] : [...parts])

/** What the filters ask for as a sentence; empty: nothing. @param {Asked} asked @param {Record<string, string>} people */
export function askedWords({ tests, any, groups, words }, people) {
  /** @param {Test[]} some */
  const say = (some) => some.map((test) => testWords(test, people))
  const inGroups = groups.map((group) => say(group.tests).join(group.any ? ' or ' : ' and '))
  const bare = inGroups.length + tests.length < 2 // brackets would hold nothing apart
  const parts = [...say(tests), ...inGroups.map((text, n) => (bare || groups[n].tests.length < 2 ? text : `(${text})`))].join(any ? ' or ' : ' and ')
  const searched = words ? `“${words}” is in the data` : ''
  const both = parts && searched ? `${any && tests.length + groups.length > 1 ? `(${parts})` : parts} and ${searched}` : parts || searched
  return both && `Tasks where ${both}.`
}

/** The other way: what a saved view asks for, with nothing lost. @param {unknown} query @param {Column[]} columns @returns {Asked} */
export function askedBy(query, columns) {
  const asked = nothingAsked()
  if (!query || typeof query !== 'object') return asked
  const whole = /** @type {any} */ (query)
  if (wordsOf(whole, columns)) return { ...asked, words: wordsOf(whole, columns) }
  const [first, second, ...more] = Array.isArray(whole.and) ? whole.and : []
  const words = second && !more.length ? wordsOf(second, columns) : ''
  const tests = testsOf(words ? first : whole)
  return tests ? { ...asked, ...tests, words } : { ...asked, raw: whole }
}

/** @param {any} part @returns {part is Test} */
const isTest = (part) => typeof part?.column === 'string'

/** Tests, and one level of groups of them. @param {any} part @returns {{tests: Test[], any: boolean, groups: Group[]} | null} null: something else */
function testsOf(part) {
  if (isTest(part)) return { tests: [part], any: false, groups: [] }
  const several = severalOf(part)
  const groups = several?.filter((one) => !isTest(one)).map((one) => ({ any: !!one.or, tests: severalOf(one) ?? [] })) ?? []
  const drawn = several && groups.every(({ tests }) => tests.length && tests.every(isTest))
  return drawn ? { tests: several.filter(isTest), any: !!part.or, groups } : null
}

/** @param {any} part @returns {any[] | null} the parts of an `and` or an `or` */
function severalOf(part) {
  const several = part?.or ?? part?.and
  return Object.keys(part ?? {}).length === 1 && Array.isArray(several) && several.length > 1 ? several : null
}

/** The words that a part looks for in every field; empty: it is something else. @param {any} part @param {Column[]} columns */
function wordsOf(part, columns) {
  const [fields, tests] = [fieldsOf(columns), Array.isArray(part?.or) ? part.or : []]
  const words = tests[0]?.value
  const same = tests.every((/** @type {any} */ test) => isTest(test) && test.operator === 'contains' && test.value === words)
  return typeof words === 'string' && same && tests.length === fields.length && fields.every((name) => tests.some((/** @type {Test} */ test) => test.column === name)) ? words : ''
}
