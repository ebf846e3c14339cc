import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LANE, planArcs, routeArcs } from '../../web/static/elements/relation-arcs.js'

const PAGE = { width: 600, gutter: 24, textOf: ({ labels }, far) => far ?? labels.join(', ') }
const near = (line, left, right, top = line * 30) => ({ line, top, left, right, lift: 10 })
const relation = (from, to, direction = 'right', labels = []) => ({ from, to, direction, labels })
const made = (relations, places) => {
  const plan = planArcs(relations, new Map(Object.entries(places)), PAGE)
  return { ...plan, arcs: routeArcs(plan.plans, new Map(Object.entries(places)), PAGE) }
}
/** Numbers of a path, as points. */
const points = (path) => [...path.matchAll(/(-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => ({ x: Number(x), y: Number(y) }))

/** mulberry32: the same numbers in every run. */
function seeded(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

test('an arc on one line stands above its words and ends on them', () => {
  const { arcs: [arc], room } = made([relation('a', 'b')], { a: near(5, 100, 140), b: near(5, 300, 360) })
  const path = points(arc.path)
  assert.deepEqual([path[0], path.at(-1)], [{ x: 120, y: 140 }, { x: 330, y: 140 }])
  assert.ok(path.every(({ y }) => y <= 140))
  assert.ok(room.get(5) >= LANE)
  assert.equal(points(arc.arrows).at(-1).x, 330)
})

test('the arrow is where the direction points, both ways twice', () => {
  const places = { a: near(1, 100, 140), b: near(1, 300, 360) }
  const heads = (direction) => points(made([relation('a', 'b', direction)], places).arcs[0].arrows).filter((_, at) => at % 3 === 2).map(({ x }) => x)
  assert.deepEqual(heads('right'), [330])
  assert.deepEqual(heads('left'), [120])
  assert.deepEqual(heads('bi'), [120, 330])
})

test('arcs that would meet have lanes of their own, the short one inside', () => {
  const { plans, room } = made([relation('a', 'd'), relation('b', 'c'), relation('e', 'f')], {
    a: near(2, 0, 20), b: near(2, 40, 60), c: near(2, 80, 100), d: near(2, 200, 220), e: near(2, 300, 320), f: near(2, 340, 360) })
  assert.deepEqual(plans.map(({ parts: [{ lane }] }) => lane), [1, 0, 0])
  assert.equal(room.get(2), made([relation('a', 'd')], { a: near(2, 0, 20), d: near(2, 200, 220) }).room.get(2) + LANE)
})

test('an arc between lines goes around the text, by the nearer margin', () => {
  const { arcs, room } = made([relation('a', 'b'), relation('c', 'd')], { a: near(2, 40, 60), b: near(9, 50, 80), c: near(3, 500, 540), d: near(6, 480, 520) })
  assert.deepEqual([...room.keys()].sort(), [2, 3, 6, 9])
  const margin = (arc) => points(arc.path).filter(({ x }) => x < PAGE.gutter || x > PAGE.width - PAGE.gutter)
  assert.ok(margin(arcs[0]).length >= 2 && margin(arcs[0]).every(({ x }) => x < PAGE.gutter))
  assert.ok(margin(arcs[1]).length >= 2 && margin(arcs[1]).every(({ x }) => x > PAGE.width - PAGE.gutter))
})

test('arcs in one margin run beside each other where they would meet', () => {
  const { plans } = made([relation('a', 'b'), relation('c', 'd'), relation('e', 'f')], {
    a: near(1, 40, 60), b: near(9, 40, 60), c: near(3, 40, 60), d: near(5, 40, 60), e: near(6, 40, 60), f: near(8, 40, 60) })
  assert.deepEqual(plans.map(({ column }) => column), [1, 0, 0])
})

test('several arcs of one word begin beside each other, in the order in which they leave', () => {
  const { plans } = made([relation('a', 'c'), relation('a', 'b')], { a: near(1, 200, 260), b: near(1, 0, 40), c: near(1, 400, 440) })
  const [toC, toB] = plans.map(({ ends }) => ends.find(({ id }) => id === 'a').x)
  assert.ok(toB < toC)
  assert.ok(toB >= 200 && toC <= 260)
})

test('an end that is out of sight leaves a stub that says where it goes', () => {
  const { arcs: [arc] } = made([relation('a', 'z', 'right', ['owns'])], { a: near(1, 100, 140), z: { far: 1, where: 'Oslo, 812' } })
  assert.equal(arc.stub, true)
  assert.equal(arc.text, 'Oslo, 812')
  const tip = points(arc.arrows).at(-1)
  assert.ok(tip.y > points(arc.path).at(-1).y, 'it points down')
  assert.ok(points(arc.path).every(({ x }) => x >= 100 && x <= PAGE.width))
  const up = made([relation('a', 'z')], { a: near(1, 560, 590), z: { far: -1, where: 'Oslo' } }).arcs[0]
  assert.ok(points(up.arrows).at(-1).y < points(up.path).at(-1).y)
  assert.ok(points(up.path).every(({ x }) => x <= PAGE.width), 'near the edge it goes the other way')
})

test('relations of which nothing is in sight are not drawn', () => {
  assert.deepEqual(made([relation('y', 'z'), relation('a', 'gone')], { y: { far: 1, where: '' }, z: { far: -1, where: '' }, a: near(1, 0, 9) }).arcs, [])
})

test('a label wider than its arc has the lane to itself, and stays in the page', () => {
  const long = 'a very long name of a relation'
  const { plans: [plan], arcs: [arc] } = made([relation('a', 'b', 'right', [long])], { a: near(1, 2, 12), b: near(1, 30, 40) })
  assert.ok(plan.parts[0].right - plan.parts[0].left >= arc.width)
  assert.ok(arc.x - arc.width / 2 >= 0)
})

test('no two arcs over one line cover each other, and the feet stay when lines move', () => {
  const random = seeded(4)
  const places = Object.fromEntries(Array.from({ length: 40 }, (_, at) => {
    const left = random() * 560
    return [`r${at}`, near(1 + Math.floor(random() * 6), left, left + 10 + random() * 30)]
  }))
  const relations = Array.from({ length: 24 }, (_, at) => relation(`r${at}`, `r${39 - Math.floor(random() * 14)}`)).filter(({ from, to }) => from !== to)
  const { plans } = made(relations, places)
  const parts = plans.flatMap((plan) => plan.parts)
  assert.ok(parts.length > 30)
  for (const one of parts) for (const other of parts) {
    if (one === other || one.line !== other.line || one.lane !== other.lane || one.lane === 11) continue
    assert.ok(one.right <= other.left || other.right <= one.left, `${JSON.stringify(one)} meets ${JSON.stringify(other)}`)
  }
  const lower = new Map(Object.entries(places).map(([id, place]) => [id, { ...place, top: place.top + place.line * 40 }]))
  for (const arc of routeArcs(plans, lower, PAGE)) {
    for (const [at, id] of plans.find(({ key }) => key === arc.key).ends.entries()) assert.equal(arc.ends[at].y, lower.get(id.id).top - 10)
  }
})
