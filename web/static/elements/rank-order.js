/**
 * Where the items of a Ranker stand: columns of ids. What the engine's answer does not place comes after, in the order of the data. Pure.
 *
 * @typedef {{item: string, bucket?: string, index: number}} Move `index` counts without the item that moves
 * @typedef {{name: string, title: string, ids: string[]}} Column
 * @typedef {{buckets?: {name: string, title?: string, default?: boolean}[], name: string}} Ranker
 */

/** Where items stand that are in no bucket. */
export const REST = '_'

/**
 * @param {Ranker} control @param {readonly string[]} ids of the data, in its order
 * @param {{ranker?: Record<string, string[]>, moves?: Move[]} | undefined} answer `moves`: on their way to the engine
 * @param {string} title of what is in no bucket, or of the one list
 * @returns {Column[]}
 */
export function columns(control, ids, answer, title = '') {
  const buckets = control.buckets ?? []
  const preset = buckets.find((bucket) => bucket.default)?.name
  const rest = !buckets.length ? control.name : (preset ?? REST)
  const heads = [...(preset ? [] : [{ name: rest, title }]), ...buckets.map(({ name, title: own }) => ({ name, title: own || name }))]
  const known = new Set(ids)
  /** @type {Set<string>} */
  const placed = new Set()
  const made = heads.map((head) => {
    const own = (answer?.ranker?.[head.name] ?? []).filter((id) => known.has(id) && !placed.has(id))
    for (const id of own) placed.add(id)
    return { ...head, ids: own }
  })
  made.find((column) => column.name === rest)?.ids.push(...ids.filter((id) => !placed.has(id)))
  return (answer?.moves ?? []).reduce(moved, made)
}

/** Columns after a move. @param {Column[]} given @param {Move} move @returns {Column[]} */
export function moved(given, { item, bucket, index }) {
  const from = given.find((column) => column.ids.includes(item))
  const to = given.find((column) => column.name === bucket) ?? from
  if (!from || !to) return given
  return given.map((column) => {
    const ids = column.ids.filter((id) => id !== item)
    return { ...column, ids: column === to ? ids.toSpliced(Math.min(Math.max(index, 0), ids.length), 0, item) : ids }
  })
}

/** One step of an item by the keyboard; nothing where there is no further. @param {Column[]} given @param {string} item @param {'up' | 'down' | 'left' | 'right'} way @returns {Move | null} */
export function step(given, item, way) {
  const at = given.findIndex((column) => column.ids.includes(item))
  if (at < 0) return null
  const { name, ids } = given[at]
  const place = ids.indexOf(item)
  if (way === 'up') return place > 0 ? { item, bucket: name, index: place - 1 } : null
  if (way === 'down') return place < ids.length - 1 ? { item, bucket: name, index: place + 1 } : null
  const next = given[at + (way === 'left' ? -1 : 1)]
  return next ? { item, bucket: next.name, index: Math.min(place, next.ids.length) } : null
}

/** The item that has the keyboard after an arrow. @param {Column[]} given @param {string} item @param {'up' | 'down' | 'left' | 'right'} way @returns {string} */
export function neighbour(given, item, way) {
  const at = given.findIndex((column) => column.ids.includes(item))
  if (at < 0) return given.flatMap((column) => column.ids)[0] ?? ''
  const place = given[at].ids.indexOf(item)
  if (way === 'up' || way === 'down') return given[at].ids[place + (way === 'up' ? -1 : 1)] ?? item
  const side = way === 'left' ? given.slice(0, at).reverse() : given.slice(at + 1)
  const next = side.find((column) => column.ids.length)
  return next ? next.ids[Math.min(place, next.ids.length - 1)] : item
}

/** Whether a move leaves everything where it is. @param {Column[]} given @param {Move} move */
export function isNoMove(given, move) {
  const column = given.find((one) => one.ids.includes(move.item))
  return column?.name === (move.bucket ?? column?.name) && column?.ids.indexOf(move.item) === move.index
}

/**
 * Where a dragged item would land: the column under the pointer (the nearest one; where columns stand beneath each other, by its height),
 * before the first card whose middle is lower.
 * @param {{name: string, left: number, right: number, top: number, bottom: number, cards: {id: string, top: number, bottom: number}[]}[]} boxes of the columns, in pixels
 * @param {string} item @param {number} x @param {number} y @returns {Move}
 */
export function landing(boxes, item, x, y) {
  const aside = (/** @type {{left: number, right: number}} */ box) => Math.max(box.left - x, x - box.right, 0)
  const over = (/** @type {{top: number, bottom: number}} */ box) => Math.max(box.top - y, y - box.bottom, 0)
  const box = boxes.reduce((best, one) => (aside(one) < aside(best) || (aside(one) === aside(best) && over(one) < over(best)) ? one : best))
  const cards = box.cards.filter((card) => card.id !== item)
  const index = cards.findIndex((card) => y < (card.top + card.bottom) / 2)
  return { item, bucket: box.name, index: index < 0 ? cards.length : index }
}

/** The digit that stands for each column: buckets count from 1, what is in no bucket is 0. @param {readonly Column[]} given @returns {string[]} empty: a bucket after the ninth */
export function digits(given) {
  const shift = given[0]?.name === REST ? 0 : 1
  return given.map((_, at) => (at + shift <= 9 ? String(at + shift) : ''))
}

/**
 * What a digit does with an item: into the bucket of that number, as the last; in one list to that place.
 * @param {readonly Column[]} given @param {string} item @param {string} digit @returns {Move | null}
 */
export function sent(given, item, digit) {
  if (given.length === 1) {
    const [{ name, ids }] = given
    return Number(digit) >= 1 && Number(digit) <= ids.length ? { item, bucket: name, index: Number(digit) - 1 } : null
  }
  const column = given[digits(given).indexOf(digit)]
  return column && !column.ids.includes(item) ? { item, bucket: column.name, index: column.ids.length } : null
}

/** The item that has the keyboard after one was sent away: the next one of its column, else the one before, else itself. @param {readonly Column[]} given before the move @param {string} item @returns {string} */
export function following(given, item) {
  const ids = given.find((column) => column.ids.includes(item))?.ids ?? []
  const at = ids.indexOf(item)
  return ids[at + 1] ?? ids[at - 1] ?? item
}
