/**
 * Where arcs between marked words run: above the lines, each in a lane of its own, around the text in the margins. Pure.
 *
 * First `planArcs` says which lanes there are, and with that how much room each line needs; when lines have that room and have moved,
 * `routeArcs` says where the arcs are. Pixels of the page.
 *
 * @typedef {{from: string, to: string, direction: string, labels: string[]}} Relation
 * @typedef {{line: number | string, top: number, left: number, right: number, lift?: number}} Near an end in sight: the key of its visual line, the box of
 *   its first line, and what stands above the letters already (its name)
 * @typedef {{far: -1 | 1, where: string}} Far an end that is not laid out: above or below; where, in words
 * @typedef {Near | Far} Place
 * @typedef {{line: number | string, left: number, right: number, lane: number}} Part a level stretch over a line
 * @typedef {{key: string, relation: Relation, text: string, ends: {id: string, x: number}[], parts: Part[], side?: -1 | 1, column: number, stub?: -1 | 1}} Plan
 * @typedef {{key: string, relation: Relation, path: string, arrows: string, text: string, x: number, y: number, width: number, ends: {x: number, y: number}[], stub: boolean}} Arc
 *   x, y: middle of the label
 */

export const LANE = 15 // pixels from arc to arc
const FOOT = 5 // between the words and the lowest arc
const MOST = 12 // lanes over one line; what is more shares the last
const COLUMN = 4 // pixels between arcs in the margin
const ANCHOR = 6 // pixels between arcs that begin at one word
const CORNER = 5
const LETTER = 6 // about the width of a small letter
const PAD = 10 // around a label

/** @param {Place | undefined} place @returns {place is Near} */
const isNear = (place) => !!place && 'line' in place

/** @param {Relation} relation */
export const keyOf = ({ from, to }) => `${from}\n${to}`

/**
 * @param {readonly Relation[]} relations
 * @param {ReadonlyMap<string, Place>} places of regions
 * @param {{width: number, gutter: number, textOf: (relation: Relation, far?: string) => string}} page width of the page, of its margins; textOf: what stands on
 *   an arc; far: where its other end is
 * @returns {{plans: Plan[], room: Map<number | string, number>}} room: pixels that lines need above what `lift` says
 */
export function planArcs(relations, places, { width, gutter, textOf }) {
  const anchors = anchorsOf(relations, places)
  /** @type {Plan[]} */
  const plans = []
  for (const relation of relations) {
    const [a, b] = [places.get(relation.from), places.get(relation.to)]
    const key = keyOf(relation)
    if (isNear(a) && isNear(b)) {
      const ends = [relation.from, relation.to].map((id) => ({ id, x: /** @type {number} */ (anchors.get(`${key}\n${id}`)) }))
      plans.push(a.line === b.line ? within(key, relation, a, ends, width, textOf(relation)) : around(key, relation, [a, b], ends, width, gutter, textOf(relation)))
    } else if (isNear(a) || isNear(b)) {
      const [near, far, id] = isNear(a) ? [a, /** @type {Far | undefined} */ (b), relation.from] : [/** @type {Near} */ (b), /** @type {Far | undefined} */ (a), relation.to]
      if (far) plans.push(stub(key, relation, near, far, { id, x: /** @type {number} */ (anchors.get(`${key}\n${id}`)) }, width, textOf(relation, far.where)))
    }
  }
  const room = lanes(plans)
  columns(plans, places, Math.max(1, Math.floor((gutter - 6) / COLUMN)))
  return { plans, room }
}

/** Where on its word each arc begins: beside each other, in the order in which they leave. @param {readonly Relation[]} relations @param {ReadonlyMap<string, Place>} places @returns {Map<string, number>} */
function anchorsOf(relations, places) {
  /** @type {Map<string, {key: string, toward: number}[]>} */
  const leaving = new Map()
  for (const relation of relations) {
    for (const [id, other] of [[relation.from, relation.to], [relation.to, relation.from]]) {
      const [own, there] = [places.get(id), places.get(other)]
      if (!isNear(own) || !there) continue
      const toward = !isNear(there) ? there.far * 1e6 : there.line === own.line ? (there.left + there.right) / 2 : there.top < own.top ? -1e5 : 1e5
      leaving.set(id, [...(leaving.get(id) ?? []), { key: `${keyOf(relation)}\n${id}`, toward }])
    }
  }
  const found = new Map()
  for (const [id, arcs] of leaving) {
    const { left, right } = /** @type {Near} */ (places.get(id))
    arcs.sort((one, other) => one.toward - other.toward || (one.key < other.key ? -1 : 1))
    const step = Math.min(Math.max(ANCHOR, (right - left) / (arcs.length + 1)), 24)
    const middle = (left + right) / 2
    arcs.forEach(({ key }, at) => found.set(key, middle + (at - (arcs.length - 1) / 2) * step))
  }
  return found
}

/** @param {string} text */
const widthOf = (text) => (text ? text.length * LETTER + PAD : 0)

/** A stretch that has room for its label. @param {number} x0 @param {number} x1 @param {string} text @param {number} width */
function stretch(x0, x1, text, width) {
  const [left, right] = [Math.min(x0, x1), Math.max(x0, x1)]
  const more = Math.max(0, widthOf(text) + 2 * CORNER - (right - left)) / 2
  const shift = Math.max(0, more - left) - Math.max(0, right + more - width)
  return { left: left - more + shift, right: right + more + shift }
}

/** Both ends on one line. @param {string} key @param {Relation} relation @param {Near} a @param {{id: string, x: number}[]} ends @param {number} width @param {string} text @returns {Plan} */
function within(key, relation, a, ends, width, text) {
  return { key, relation, text, ends, parts: [{ line: a.line, lane: 0, ...stretch(ends[0].x, ends[1].x, text, width) }], column: 0 }
}

/** Out into the margin, along it, and back in. @param {string} key @param {Relation} relation @param {Near[]} places @param {{id: string, x: number}[]} ends @param {number} width @param {number} gutter @param {string} text @returns {Plan} */
function around(key, relation, places, ends, width, gutter, text) {
  const inside = ends[0].x + ends[1].x
  const side = inside <= 2 * width - inside ? -1 : 1
  const edge = side < 0 ? gutter : width - gutter
  const order = places[0].top <= places[1].top ? [0, 1] : [1, 0]
  const parts = order.map((at, turn) => ({ line: places[at].line, lane: 0, ...(turn === 0 ? stretch(ends[at].x, edge, text, width) : stretch(ends[at].x, edge, '', width)) }))
  return { key, relation, text, ends: order.map((at) => ends[at]), parts, side, column: 0 }
}

/** A piece that says where the rest goes. @param {string} key @param {Relation} relation @param {Near} near @param {Far} far @param {{id: string, x: number}} end @param {number} width @param {string} text @returns {Plan} */
function stub(key, relation, near, far, end, width, text) {
  const need = widthOf(text) + 16
  const right = end.x + need <= width || end.x < need
  return { key, relation, text, ends: [end], parts: [{ line: near.line, lane: 0, left: right ? end.x : end.x - need, right: right ? end.x + need : end.x }], side: right ? 1 : -1, column: 0, stub: far.far }
}

/** Short stretches low, each in the lowest lane that is free. @param {Plan[]} plans @returns {Map<number | string, number>} */
function lanes(plans) {
  /** @type {Map<number | string, Part[]>} */
  const lines = new Map()
  for (const { parts } of plans) for (const part of parts) lines.set(part.line, [...(lines.get(part.line) ?? []), part])
  /** @type {Map<number | string, number>} */
  const room = new Map()
  for (const [line, parts] of lines) {
    parts.sort((one, other) => one.right - one.left - (other.right - other.left) || one.left - other.left)
    /** @type {Part[][]} */
    const taken = []
    for (const part of parts) {
      let lane = 0
      while (lane < MOST - 1 && taken[lane]?.some((other) => part.left < other.right + 3 && other.left < part.right + 3)) lane++
      part.lane = lane
      ;(taken[lane] ??= []).push(part)
    }
    room.set(line, taken.length * LANE + FOOT)
  }
  return room
}

/** Arcs that run in the same margin beside each other. @param {Plan[]} plans @param {ReadonlyMap<string, Place>} places @param {number} most */
function columns(plans, places, most) {
  const top = (/** @type {{id: string}} */ { id }) => /** @type {Near} */ (places.get(id)).top
  for (const side of [-1, 1]) {
    /** @type {[number, number][][]} */
    const taken = []
    const running = plans.filter((plan) => plan.side === side && plan.stub === undefined).map((plan) => ({ plan, from: top(plan.ends[0]), to: top(plan.ends[1]) })).sort((a, b) => a.to - a.from - (b.to - b.from))
    for (const { plan, from, to } of running) {
      let column = 0
      while (column < most - 1 && taken[column]?.some(([start, end]) => from <= end && start <= to)) column++
      plan.column = column
      ;(taken[column] ??= []).push([from, to])
    }
  }
}

/**
 * The arcs as they are drawn, where their ends are now.
 * @param {readonly Plan[]} plans @param {ReadonlyMap<string, Place>} places after lines have got their room
 * @param {{width: number, gutter: number}} page @returns {Arc[]}
 */
export function routeArcs(plans, places, { width, gutter }) {
  return plans.flatMap((plan) => {
    const feet = plan.ends.map(({ id, x }) => {
      const place = places.get(id)
      return isNear(place) ? { x, y: place.top - (place.lift ?? 0) } : null
    })
    if (feet.some((foot) => !foot)) return []
    const ends = /** @type {{x: number, y: number}[]} */ (feet)
    const heights = plan.parts.map(({ lane }, at) => ends[at].y - FOOT - lane * LANE - 4)
    const { relation, key, text } = plan
    const first = { x: 0, y: heights[0] }
    let points
    if (plan.stub !== undefined) {
      const x = plan.side === 1 ? plan.parts[0].right : plan.parts[0].left
      points = [ends[0], { x: ends[0].x, y: heights[0] }, { x, y: heights[0] }]
      first.x = (ends[0].x + x) / 2
    } else if (plan.parts.length === 1) {
      points = [ends[0], { x: ends[0].x, y: heights[0] }, { x: ends[1].x, y: heights[0] }, ends[1]]
      first.x = (plan.parts[0].left + plan.parts[0].right) / 2
    } else {
      const x = plan.side === -1 ? Math.max(3, gutter - 4 - plan.column * COLUMN) : Math.min(width - 3, width - gutter + 4 + plan.column * COLUMN)
      points = [ends[0], { x: ends[0].x, y: heights[0] }, { x, y: heights[0] }, { x, y: heights[1] }, { x: ends[1].x, y: heights[1] }, ends[1]]
      const part = plan.parts[0]
      first.x = (part.left + part.right) / 2
    }
    const at = (/** @type {string} */ id) => plan.ends.findIndex((end) => end.id === id)
    const pointed = { right: [relation.to], left: [relation.from], bi: [relation.from, relation.to] }[relation.direction] ?? [relation.to]
    const heads = pointed.map(at).filter((end) => end >= 0).map((end) => head(ends[end]))
    if (plan.stub !== undefined) heads.push(beyond(points[2], plan.stub))
    return [{ key, relation, path: rounded(points), arrows: heads.join(''), text, x: first.x, y: first.y, width: widthOf(text), ends, stub: plan.stub !== undefined }]
  })
}

/** The head of an arrow, down onto a word. @param {{x: number, y: number}} foot */
const head = ({ x, y }) => `M${fixed(x - 4)} ${fixed(y - 7)}L${fixed(x + 4)} ${fixed(y - 7)}L${fixed(x)} ${fixed(y)}Z`

/** The end of a stub: up or down the text. @param {{x: number, y: number}} end @param {-1 | 1} way */
const beyond = ({ x, y }, way) => `M${fixed(x - 4)} ${fixed(y)}L${fixed(x + 4)} ${fixed(y)}L${fixed(x)} ${fixed(y + way * 6)}Z`

/** @param {number} value */
const fixed = (value) => Math.round(value * 10) / 10

/** A line through points, with round corners. @param {{x: number, y: number}[]} points */
function rounded(points) {
  let path = `M${fixed(points[0].x)} ${fixed(points[0].y)}`
  for (let at = 1; at < points.length - 1; at++) {
    const [before, here, after] = [points[at - 1], points[at], points[at + 1]]
    const radius = Math.min(CORNER, distance(before, here) / 2, distance(here, after) / 2)
    const [from, to] = [toward(here, before, radius), toward(here, after, radius)]
    path += `L${fixed(from.x)} ${fixed(from.y)}Q${fixed(here.x)} ${fixed(here.y)} ${fixed(to.x)} ${fixed(to.y)}`
  }
  const last = points[points.length - 1]
  return `${path}L${fixed(last.x)} ${fixed(last.y)}`
}

/** @param {{x: number, y: number}} a @param {{x: number, y: number}} b */
const distance = (a, b) => Math.hypot(a.x - b.x, a.y - b.y)

/** @param {{x: number, y: number}} from @param {{x: number, y: number}} to @param {number} by */
function toward(from, to, by) {
  const whole = distance(from, to) || 1
  return { x: from.x + ((to.x - from.x) / whole) * by, y: from.y + ((to.y - from.y) / whole) * by }
}
