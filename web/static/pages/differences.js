/**
 * What people answered differently, as sentences. Who marked the same thing is the consensus's word (`support`, contracts
 * section 6); here are only the words.
 */
import { t } from '../app/texts.js'
import { listed } from './words.js'

/** @typedef {{id: number, person: {id: number, name: string}, view: any, was_cancelled?: boolean, lead_time?: number, created_at?: string}} Annotation */
/** @typedef {{name: string, type: string, label?: string, per_region?: boolean, max_rating?: number}} Control */
/** @typedef {{annotation: number, id: string}} Source */
/** @typedef {{by: number[], of: number, kept?: boolean, control?: string, sources?: Source[], answers?: Record<string, unknown>}} Support */
/**
 * @typedef {object} Difference
 * @property {string} key
 * @property {string} where what it is about: a control's name or a region
 * @property {string} text
 * @property {Source[]} sources regions of people that it is about; none for answers about the whole task
 */

const QUOTED = 80

/** @param {string} text @param {number} most characters */
const cut = (text, most = QUOTED) => `“${text.length > most ? `${text.slice(0, most - 1)}…` : text}”`

/** What each kind of answer says, by its member in a View. @type {Record<string, (value: any) => string>} */
const WORDS = {
  choices: (given) => given.map((/** @type {string | string[]} */ one) => (Array.isArray(one) ? one.join(' / ') : one)).join(', '),
  taxonomy: (paths) => paths.map((/** @type {string[]} */ path) => path.join(' / ')).join(', '),
  rating: (stars) => (stars ? t('{n} stars', { n: stars }) : ''),
  number: String,
  datetime: String,
  text: (texts) => texts.map((/** @type {string} */ text) => cut(text)).join(', '),
  selected: (side) => (side === 'left' ? t('Left') : t('Right')),
  ranker: (buckets) => Object.entries(buckets).map(([bucket, ids]) => `${Object.keys(buckets).length > 1 ? `${bucket}: ` : ''}${ids.join(', ')}`).join('; '),
  component: (value) => cut(JSON.stringify(value)),
  items: (pages) => Object.entries(pages).flatMap(([page, answer]) => answerWords(answer) && `${Number(page) + 1}: ${answerWords(answer)}`).filter(Boolean).join('; '),
}

/**
 * An answer in words.
 * @param {any} answer as in a View @returns {string} empty if there is none
 */
export function answerWords(answer) {
  const kind = Object.keys(WORDS).find((name) => answer?.[name] !== undefined && answer[name] !== null)
  return kind ? WORDS[kind](answer[kind]) : ''
}

/** @param {any} region */
const regionWords = (region) => (region?.labels?.length ? region.labels.join(', ') : t('no label'))

/** A span by its words, a box by its number. @param {any} region */
const quoted = (region) => {
  const text = typeof region?.text === 'string' ? region.text : ''
  return text ? ` ${cut(text, 40)}` : ''
}

/**
 * "Ana and Li: Sunny; Omar: Rain", the more frequent first.
 * @param {{name: string, said: string}[]} answers @returns {string}
 */
export function sides(answers) {
  /** @type {Map<string, string[]>} */
  const groups = new Map()
  for (const { name, said } of answers) groups.set(said, [...(groups.get(said) ?? []), name])
  return [...groups].sort((a, b) => b[1].length - a[1].length).map(([said, names]) => `${listed(names)}: ${said || 'nothing'}`).join('; ')
}

/**
 * @param {{plan: any, display?: any, annotations: Annotation[], consensus: any}} answers @returns {Difference[]}
 */
export function differences({ plan, display, annotations, consensus }) {
  const counted = annotations.filter((one) => !one.was_cancelled && (consensus?.made_from ?? []).some((/** @type {{annotation: number}} */ made) => made.annotation === one.id))
  if (counted.length < 2) return []
  return [...aboutRegions(display, counted, consensus?.support ?? {}), ...aboutTheWhole(plan, display, counted)]
}

/** What people call a control: its heading, else its name. @param {any} display of the task @param {string} name @returns {string} */
export const titleOf = (display, name) => display?.texts?.[`${name}/title`] ?? name

/** @param {any} plan @param {any} display @param {Annotation[]} annotations @returns {Difference[]} */
function aboutTheWhole(plan, display, annotations) {
  /** @type {Difference[]} */
  const found = []
  for (const control of /** @type {Control[]} */ (plan.controls)) {
    if (control.per_region) continue
    const answers = annotations.map(({ person, view }) => ({ name: person.name, said: answerWords(view.answers?.[control.name]) }))
    if (new Set(answers.map(({ said }) => said)).size > 1) found.push({ key: `answer/${control.name}`, where: titleOf(display, control.name), text: sides(answers), sources: [] })
  }
  return found
}

/** @param {any} display @param {Annotation[]} annotations @param {Record<string, Support>} support @returns {Difference[]} */
function aboutRegions(display, annotations, support) {
  const byId = new Map(annotations.map((one) => [one.id, one]))
  /** @type {Difference[]} */
  const found = []
  for (const [key, { sources = [], answers = {} }] of Object.entries(support)) {
    const marked = sources
      .map((source) => ({ source, annotation: byId.get(source.annotation), region: byId.get(source.annotation)?.view.regions?.[source.id] }))
      .filter(({ region }) => region)
    if (!marked.length) continue
    const first = marked[0].region
    const names = marked.map(({ annotation }) => annotation?.person.name ?? '')
    const missing = annotations.filter((one) => !marked.some(({ annotation }) => annotation === one)).map(({ person }) => person.name)
    const kind = first.kind === 'span' ? 'these words' : 'this box'
    const said = marked.map(({ annotation, region }) => ({ name: annotation?.person.name ?? '', said: regionWords(region) }))
    const about = sources.map(({ annotation, id }) => ({ annotation, id }))
    const sameLabels = new Set(said.map((one) => one.said)).size === 1
    if (!sameLabels) {
      const rest = missing.length ? `; ${listed(missing)} did not mark it` : ''
      found.push({ key, where: `${first.kind === 'span' ? 'Label of' : 'Label of a box'}${quoted(first)}`, text: sides(said) + rest, sources: about })
    } else if (missing.length) {
      const text = names.length === 1 ? `Only ${names[0]} marked ${kind}` : `${listed(names)} marked ${kind}, ${listed(missing)} did not`
      found.push({ key, where: `${regionWords(first)}${quoted(first)}`, text, sources: about })
    }
    for (const name of Object.keys(answers)) {
      const given = marked.map(({ annotation, region }) => ({ name: annotation?.person.name ?? '', said: answerWords(region.answers?.[name]) }))
      if (new Set(given.map((one) => one.said)).size > 1) found.push({ key: `${key}/${name}`, where: `${regionWords(first)}${quoted(first)}: ${titleOf(display, name)}`, text: sides(given), sources: about })
    }
  }
  return found
}

/**
 * A View with nothing in it but some of another's regions.
 * @param {any} view @param {(id: string) => boolean} wanted
 */
export const onlyRegions = (view, wanted) => ({ ...view, selection: [], regions: Object.fromEntries(Object.entries(view.regions ?? {}).filter(([id]) => wanted(id))) })

/** A View without any work in it, with the same nodes shown. @param {any} view */
export const emptied = (view) => ({
  regions: {}, answers: {}, selection: [], active: {}, tools: {}, hidden: view?.hidden ?? [], region_controls: [], counts: {}, full: {},
  undo: false, redo: false, changed: false, problems: [],
})
