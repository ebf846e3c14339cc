/**
 * The path of a vector: each vertex names the one before it, which allows branches; curves have a handle on the way in (controlPoint1)
 * and on the way out (controlPoint2). Pure, in the units of the shape (percent).
 *
 * @typedef {{x: number, y: number}} At
 * @typedef {{id: string, x: number, y: number, prevPointId: string | null, isBezier: boolean, controlPoint1?: At | null, controlPoint2?: At | null, [member: string]: any}} Vertex
 * @typedef {{vertices: Vertex[], closed: boolean}} Vector
 * @typedef {{from: Vertex, to: Vertex, end: number}} Piece end: place of `to`; of the closing piece: 0
 */

/** An id that no vertex has. @param {readonly {id: string}[]} vertices */
export function freshId(vertices) {
  const taken = new Set(vertices.map(({ id }) => String(id)))
  let n = vertices.length + 1
  while (taken.has(`p${n}`)) n++
  return `p${n}`
}

/** @param {Vector} vector @returns {Piece[]} */
export function pieces({ vertices, closed }) {
  const byId = new Map(vertices.map((vertex) => [vertex.id, vertex]))
  const found = vertices.flatMap((to, end) => {
    const from = to.prevPointId === null ? undefined : byId.get(to.prevPointId)
    return from ? [{ from, to, end }] : []
  })
  if (closed && vertices.length > 2) found.push({ from: vertices[vertices.length - 1], to: vertices[0], end: 0 })
  return found
}

/** The four points of a piece; a straight one has its ends twice. @param {Piece} piece @returns {[At, At, At, At]} */
export const curveOf = ({ from, to }) => [from, (from.isBezier && from.controlPoint2) || from, (to.isBezier && to.controlPoint1) || to, to]

/** @param {At} a @param {At} b @param {number} t @returns {At} */
const mixed = (a, b, t) => ({ x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t })

/** With a new vertex on a piece, which keeps its form (de Casteljau). @param {Vector} vector @param {number} end of the piece @param {number} t 0..1 along it @returns {{vector: Vector, place: number}} */
export function split(vector, end, t) {
  const piece = pieces(vector).find((one) => one.end === end)
  if (!piece) return { vector, place: end }
  const [a, b, c, d] = curveOf(piece)
  const id = freshId(vector.vertices)
  const bent = b !== a || c !== d
  const [ab, bc, cd] = [mixed(a, b, t), mixed(b, c, t), mixed(c, d, t)]
  const [abc, bcd] = [mixed(ab, bc, t), mixed(bc, cd, t)]
  const at = bent ? mixed(abc, bcd, t) : mixed(a, d, t)
  /** @type {Vertex} */
  const made = { id, ...at, prevPointId: piece.from.id, isBezier: bent, ...(bent ? { controlPoint1: abc, controlPoint2: bcd } : {}) }
  const vertices = vector.vertices.map((vertex) => {
    let next = vertex
    if (vertex === piece.to) next = { ...next, ...(end ? { prevPointId: id } : {}), ...(bent && vertex.isBezier && vertex.controlPoint1 ? { controlPoint1: cd } : {}) }
    if (vertex === piece.from && bent && vertex.isBezier && vertex.controlPoint2) next = { ...next, controlPoint2: ab }
    return next
  })
  const place = end || vertices.length
  vertices.splice(place, 0, made)
  return { vector: { ...vector, vertices }, place }
}

/** Without a vertex: those after it follow the one before. @param {Vector} vector @param {number} place @returns {Vector} */
export function without(vector, place) {
  const gone = vector.vertices[place]
  const vertices = vector.vertices.filter((vertex) => vertex !== gone).map((vertex) => (vertex.prevPointId === gone.id ? { ...vertex, prevPointId: gone.prevPointId } : vertex))
  return { ...vector, vertices, closed: vector.closed && vertices.length > 2 }
}

/** A vertex with its handles moved along. @param {Vertex} vertex @param {number} x @param {number} y @returns {Vertex} */
export function movedTo(vertex, x, y) {
  const by = (/** @type {At} */ at) => ({ x: at.x + x - vertex.x, y: at.y + y - vertex.y })
  return { ...vertex, x, y, ...(vertex.controlPoint1 ? { controlPoint1: by(vertex.controlPoint1) } : {}), ...(vertex.controlPoint2 ? { controlPoint2: by(vertex.controlPoint2) } : {}) }
}

/** One handle pulled; the other one opposite to it, unless `alone`. @param {Vertex} vertex @param {'controlPoint1' | 'controlPoint2'} which @param {At} to @param {boolean} alone @returns {Vertex} */
export function bent(vertex, which, to, alone) {
  const other = which === 'controlPoint1' ? 'controlPoint2' : 'controlPoint1'
  return { ...vertex, isBezier: true, [which]: to, ...(alone && vertex[other] ? {} : { [other]: { x: 2 * vertex.x - to.x, y: 2 * vertex.y - to.y } }) }
}

/** A corner becomes round, with handles along the line between its neighbours, or a round one a corner. @param {Vector} vector @param {number} place @returns {Vector} */
export function toggled(vector, place) {
  const vertex = vector.vertices[place]
  const next = vertex.isBezier ? straight(vertex) : rounded(vector, vertex)
  return { ...vector, vertices: vector.vertices.map((one) => (one === vertex ? next : one)) }
}

/** @param {Vertex} vertex @returns {Vertex} */
function straight({ controlPoint1: _in, controlPoint2: _out, ...vertex }) {
  return /** @type {Vertex} */ ({ ...vertex, isBezier: false })
}

/** @param {Vector} vector @param {Vertex} vertex */
function rounded(vector, vertex) {
  const all = pieces(vector)
  const before = all.find(({ to }) => to === vertex)?.from ?? vertex
  const after = all.find(({ from }) => from === vertex)?.to ?? vertex
  const [dx, dy] = [(after.x - before.x) / 4, (after.y - before.y) / 4]
  return bent(vertex, 'controlPoint2', { x: vertex.x + dx, y: vertex.y + dy }, false)
}
