/**
 * What is near a place: the closest corner, the closest point of an edge. Pure; pixels of whatever space the points are in.
 *
 * @typedef {readonly [number, number] | number[]} Pair
 * @typedef {{x: number, y: number, away: number, end: number, t: number}} OnEdge end: the place of the edge's last point (0: the closing edge); t: 0..1 along it
 */

/** @param {readonly Pair[]} points @param {boolean} closed @param {number} x @param {number} y @returns {OnEdge | null} null: there is no edge */
export function nearestOn(points, closed, x, y) {
  /** @type {OnEdge | null} */
  let best = null
  for (let i = closed && points.length > 2 ? 0 : 1; i < points.length; i++) {
    const found = onEdge(points[(i || points.length) - 1], points[i], x, y, i)
    if (!best || found.away < best.away) best = found
  }
  return best
}

/** @param {Pair} a @param {Pair} b @param {number} x @param {number} y @param {number} end @returns {OnEdge} */
export function onEdge([ax, ay], [bx, by], x, y, end) {
  const [dx, dy] = [bx - ax, by - ay]
  const long = dx * dx + dy * dy
  const t = long ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / long)) : 0
  const [px, py] = [ax + t * dx, ay + t * dy]
  return { x: px, y: py, away: Math.hypot(px - x, py - y), end, t }
}

/**
 * What a point is drawn to: a corner before an edge. Asked with the outlines of the regions around it.
 * @param {readonly {points: readonly Pair[], closed: boolean, corners: readonly Pair[]}[]} outlines @param {number} x @param {number} y @param {number} reach
 * @returns {{x: number, y: number, at: 'corner' | 'edge'} | null}
 */
export function snapTo(outlines, x, y, reach) {
  /** @type {{x: number, y: number, at: 'corner' | 'edge'} | null} */
  let best = null
  let least = reach
  for (const { corners } of outlines) {
    for (const [cx, cy] of corners) {
      const away = Math.hypot(cx - x, cy - y)
      if (away > least) continue
      least = away
      best = { x: cx, y: cy, at: 'corner' }
    }
  }
  if (best) return best
  for (const { points, closed } of outlines) {
    const found = nearestOn(points, closed, x, y)
    if (!found || found.away > least) continue
    least = found.away
    best = { x: found.x, y: found.y, at: 'edge' }
  }
  return best
}
