/**
 * The rows of the list of regions: which there are, in what order, how deep. Pure.
 *
 * @typedef {import('./types.js').Region} Region
 * @typedef {'parent' | 'label' | 'object' | 'none'} Grouping
 * @typedef {'order' | 'place' | 'label' | 'score'} Sorting
 * @typedef {'' | 'suggestion' | 'prediction' | 'changed' | 'manual'} Origin
 * @typedef {{group: Grouping, sort: Sorting, text: string, labels: string[], origin: Origin, least: number | null, most: number | null}} Listing what is
 *   listed: `labels` any of these ('' is none), scores from `least` to `most`
 * @typedef {{type: 'region', key: string, region: Region, level: number, children: number, open: boolean, place: number, of: number}} RegionRow
 * @typedef {{type: 'group', key: string, name: string, color: string, ids: string[], level: number, children: number, open: boolean, place: number, of: number}} GroupRow
 * @typedef {RegionRow | GroupRow} Row `children`: rows beneath, also while it is closed; `place` of `of` rows beside each other, from 1
 */

/** @type {Listing} */
export const ALL = Object.freeze({ group: 'parent', sort: 'order', text: '', labels: [], origin: '', least: null, most: null })

/** @param {Listing} listing */
export const isFiltered = ({ text, labels, origin, least, most }) => !!text.trim() || labels.length > 0 || !!origin || least !== null || most !== null

/** How a region came about. @param {Region} region @returns {Origin} */
export function originOf(region) {
  if (region.suggestion) return 'suggestion'
  if (region.origin === 'prediction') return 'prediction'
  return region.origin === 'prediction-changed' ? 'changed' : 'manual'
}

/** How often each label stands on a region, most often first: [stored name ('' none), colour, how many]. @param {Region[]} regions @returns {[string, string, number][]} */
export function tally(regions) {
  /** @type {Map<string, [string, string, number]>} */
  const found = new Map()
  const count = (/** @type {string} */ label, /** @type {string} */ color) => {
    const entry = found.get(label)
    if (entry) entry[2]++
    else found.set(label, [label, color, 1])
  }
  for (const region of regions) {
    if (!region.labels.length) count('', region.color)
    else for (const label of region.labels) count(label, region.color)
  }
  return [...found.values()].sort((a, b) => b[2] - a[2])
}

/** Where a region stands in its data: seconds, letters, lines of a picture. @param {Region} region @returns {number} */
function placeOf({ shape, item = 0 }) {
  const along = shape.start16 ?? shape.startOffset16 ?? shape.start ?? shape.globalOffsets?.start ?? shape.sequence?.[0]?.frame
  if (typeof along === 'number') return along
  const points = shape.points ?? shape.vertices
  const y = shape.y ?? (Array.isArray(points) ? Math.min(...points.map((/** @type {any} */ point) => point.y ?? point[1] ?? 0)) : 0)
  return item * 1e6 + (Number.isFinite(y) ? y : 0)
}

/** @param {Region[]} regions by n @param {Sorting} sort @param {(region: Region) => string} nameOf */
function sorted(regions, sort, nameOf) {
  if (sort === 'place') return keyed(regions, placeOf)
  if (sort === 'score') return keyed(regions, (region) => -(region.score ?? -1))
  if (sort === 'label') {
    const names = regions.map(nameOf)
    const rank = new Map([...new Set(names)].sort(new Intl.Collator().compare).map((name, at) => [name, at]))
    return keyed(regions, (_, at) => rank.get(names[at]) ?? 0)
  }
  return regions
}

/** @param {Region[]} regions @param {(region: Region, at: number) => number} key */
function keyed(regions, key) {
  const keys = regions.map((region, at) => ({ region, key: key(region, at) }))
  return keys.sort((a, b) => a.key - b.key).map(({ region }) => region) // equal ones keep their order
}

/** @param {Region} region @param {Listing} listing @param {string} text in small letters @param {(region: Region) => string} nameOf */
function listed(region, { labels, origin, least, most }, text, nameOf) {
  if (labels.length && !(region.labels.length ? region.labels.some((label) => labels.includes(label)) : labels.includes(''))) return false
  if (origin && originOf(region) !== origin) return false
  if (least !== null && !((region.score ?? -1) >= least)) return false
  if (most !== null && !((region.score ?? 2) <= most)) return false
  return !text || `${region.n} ${nameOf(region)} ${region.text ?? ''} ${region.note ?? ''}`.toLowerCase().includes(text)
}

/**
 * @param {Region[]} all @param {Listing} listing @param {ReadonlySet<string>} closed keys of rows whose children are folded away
 * @param {{nameOf: (region: Region) => string, objectName?: (object: string) => string, none?: string}} words none: what a group without a label is called
 * @returns {Row[]}
 */
export function rowsOf(all, listing, closed, { nameOf, objectName = (name) => name, none = '' }) {
  const text = listing.text.trim().toLowerCase()
  const byOrder = [...all].sort((a, b) => a.n - b.n)
  const found = sorted(isFiltered(listing) ? byOrder.filter((region) => listed(region, listing, text, nameOf)) : byOrder, listing.sort, nameOf)
  if (listing.group === 'none') return flat(found, 0)
  if (listing.group === 'parent') return tree(found, closed)
  /** @type {Map<string, {name: string, color: string, regions: Region[]}>} */
  const groups = new Map()
  for (const region of found) {
    const key = listing.group === 'label' ? region.labels.join('\n') : region.object
    const group = groups.get(key)
    if (group) group.regions.push(region)
    else groups.set(key, { name: listing.group === 'label' ? nameOf(region) || none : objectName(region.object), color: listing.group === 'label' ? region.color : '', regions: [region] })
  }
  return [...groups].flatMap(([name, group], at) => {
    const key = `group:${name}`
    const open = !closed.has(key)
    /** @type {Row} */
    const head = { type: 'group', key, name: group.name, color: group.color, ids: group.regions.map((region) => region.id), level: 0, children: group.regions.length, open, place: at + 1, of: groups.size }
    return open ? [head, ...flat(group.regions, 1)] : [head]
  })
}

/** @param {Region[]} regions @param {number} level @returns {Row[]} */
const flat = (regions, level) => regions.map((region, at) => ({ type: 'region', key: region.id, region, level, children: 0, open: true, place: at + 1, of: regions.length }))

/** Children under their parents; under the nearest listed one where the parent itself is not. @param {Region[]} regions @param {ReadonlySet<string>} closed @returns {Row[]} */
function tree(regions, closed) {
  if (!regions.some((region) => region.parent)) return flat(regions, 0)
  const here = new Map(regions.map((region) => [region.id, region]))
  /** @type {Map<string, Region[]>} */
  const under = new Map()
  for (const region of regions) {
    const parent = region.parent && region.parent !== region.id && here.has(region.parent) && !circles(region, here) ? region.parent : ''
    const beside = under.get(parent)
    if (beside) beside.push(region)
    else under.set(parent, [region])
  }
  /** @type {(parent: string, level: number) => Row[]} */
  const below = (parent, level) => {
    const beside = under.get(parent) ?? []
    return beside.flatMap((region, at) => {
      const children = under.get(region.id)?.length ?? 0
      const open = !closed.has(region.id)
      /** @type {Row} */
      const row = { type: 'region', key: region.id, region, level, children, open, place: at + 1, of: beside.length }
      return children && open ? [row, ...below(region.id, level + 1)] : [row]
    })
  }
  return below('', 0)
}

/** Whether parents lead back to the region itself, as in stored data that is broken. @param {Region} region @param {Map<string, Region>} here */
function circles(region, here) {
  const seen = new Set([region.id])
  for (let parent = region.parent; parent; parent = here.get(parent)?.parent) {
    if (seen.has(parent)) return true
    seen.add(parent)
  }
  return false
}

/** Regions from one row to another, both ends included, those of groups too. @param {Row[]} rows @param {number} from @param {number} to @returns {string[]} */
export function between(rows, from, to) {
  const some = rows.slice(Math.min(from, to), Math.max(from, to) + 1)
  return [...new Set(some.flatMap((row) => (row.type === 'region' ? [row.region.id] : row.open ? [] : row.ids)))]
}

/** @type {Record<string, string>} */
const MIRRORED = { ArrowLeft: 'ArrowRight', ArrowRight: 'ArrowLeft' }

/**
 * What a key does in the list: where the keyboard goes and what is selected, or which row opens or closes. Null: nothing.
 * @param {Row[]} rows @param {number} at the row that has the keyboard; -1: none yet @param {number} anchor where a range began
 * @param {{key: string, shift: boolean, ctrl: boolean}} press @param {number} page rows in sight @param {boolean} [rtl] branches open to the left
 * @returns {{at: number, select?: string[], add?: boolean, anchor?: number, fold?: {key: string, open: boolean}} | null}
 */
export function pressed(rows, at, anchor, { key, shift, ctrl }, page, rtl = false) {
  if (!rows.length) return null
  const row = rows[at]
  const idsOf = (/** @type {number} */ place) => (rows[place].type === 'region' ? [/** @type {RegionRow} */ (rows[place]).region.id] : /** @type {GroupRow} */ (rows[place]).ids)
  /** @param {number} to */
  const go = (to) => {
    const next = Math.min(Math.max(to, 0), rows.length - 1)
    if (ctrl && !shift) return { at: next } // only the keyboard moves
    if (shift) return { at: next, select: between(rows, anchor < 0 ? next : anchor, next), add: false }
    return { at: next, select: rows[next].type === 'region' ? idsOf(next) : [], add: false, anchor: next }
  }
  switch (rtl ? MIRRORED[key] ?? key : key) {
    case 'ArrowDown': return go(at + 1)
    case 'ArrowUp': return go(at < 0 ? rows.length - 1 : at - 1)
    case 'Home': return go(0)
    case 'End': return go(rows.length - 1)
    case 'PageDown': return go(at + page)
    case 'PageUp': return go(at - page)
    case ' ': return row ? { at, select: idsOf(at), add: row.type === 'region', anchor: at } : null
    case 'ArrowRight':
      if (!row?.children) return null
      return row.open ? go(at + 1) : { at, fold: { key: row.key, open: true } }
    case 'ArrowLeft': {
      if (row?.children && row.open) return { at, fold: { key: row.key, open: false } }
      const up = row?.level ? rows.findLastIndex((other, place) => place < at && other.level < row.level) : -1
      return up < 0 ? null : go(up)
    }
    default: return null
  }
}
