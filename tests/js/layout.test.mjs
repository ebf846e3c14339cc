import assert from 'node:assert/strict'
import { test } from 'node:test'
import { channels, inkOn, schemeOn, withAlpha } from '../../web/static/elements/colors.js'
import { isSafe, safeStyle } from '../../web/static/elements/config-style.js'
import { bars, grows, hoisted, runs, shrinks } from '../../web/static/elements/surface-layout.js'
import { visibleRows } from '../../web/static/elements/virtual.js'

const PLAN = {
  objects: [{ name: 'img', type: 'image' }, { name: 't', type: 'text' }],
  controls: [{ name: 'box', type: 'rectanglelabels', to: ['img'] }, { name: 'mood', type: 'choices', to: ['img'] }, { name: 'notes', type: 'textarea', to: ['img'] }],
}
const control = (name) => ({ node: 'control', key: name, name })
const header = (key) => ({ node: 'header', key })
const object = (name) => ({ node: 'object', key: name, name })
const view = (children, style = {}) => ({ node: 'view', key: 'v', style, children })

test('labels beside their object go into the bar above it, wherever the config has them', () => {
  assert.deepEqual(hoisted(PLAN, view([object('img'), control('box')])), ['box'])
  assert.deepEqual(hoisted(PLAN, view([control('box'), object('img')])), ['box'])
})

test('a view with its own style keeps the order of the config', () => {
  assert.deepEqual(hoisted(PLAN, view([object('img'), control('box')], { display: 'flex' })), [])
  assert.deepEqual(hoisted(PLAN, view([control('box')])), [])
})

test('only labels stand in an object\'s bar', () => assert.deepEqual(bars(PLAN, 'img').map(({ name }) => name), ['box']))

test('a view with a picture inside grows, one with a text shrinks', () => {
  const nested = view([view([object('img')])])
  assert.deepEqual([grows(PLAN, nested), shrinks(PLAN, nested), grows(PLAN, view([object('t')])), shrinks(PLAN, view([object('t')]))], [true, false, false, true])
})

test('a header stays with the answers under it, a title over the data stands alone', () => {
  const title = header('title')
  const [first, second] = runs(PLAN, [title, object('img'), header('h1'), control('mood'), header('h2'), control('notes')])
  assert.deepEqual(first, { answers: false, nodes: [title, object('img')] })
  assert.deepEqual(second.groups.map((group) => group.map(({ key }) => key)), [['h1', 'mood'], ['h2', 'notes']])
})

test('a header belongs to the one control under it', () => {
  const [only] = runs(PLAN, [header('h1'), control('mood'), control('notes')])
  assert.deepEqual(only.groups.map((group) => group.map(({ key }) => key)), [['h1', 'mood'], ['notes']])
})

test('a plain view that only groups answers starts no row of its own, one with a style or class does', () => {
  const grouped = runs(PLAN, [control('mood'), view([header('h1'), view([control('notes')])])])
  assert.deepEqual(grouped.map((run) => run.groups?.map((group) => group.map(({ key }) => key))), [[['mood'], ['h1', 'notes']]])
  for (const more of [{ style: { color: 'red' } }, { class_name: 'side' }, { id_attr: 'x' }, { display: 'inline' }]) {
    assert.deepEqual(runs(PLAN, [control('mood'), { ...view([control('notes')]), ...more }]).map((run) => run.answers), [true, false], JSON.stringify(more))
  }
})

test('questions about regions are left out with their headers: they stand beside the region', () => {
  const plan = { ...PLAN, controls: [...PLAN.controls, { name: 'sure', type: 'rating', to: ['img'], per_region: true }] }
  const [only, ...rest] = runs(plan, [header('h1'), control('sure'), view([header('h2'), control('sure')]), control('mood')])
  assert.deepEqual([only.groups.map((group) => group.map(({ key }) => key)), rest], [[['mood']], []])
})

test('answers without headers stand for themselves', () => {
  assert.deepEqual(runs(PLAN, [control('mood'), control('notes')])[0].groups.length, 2)
})

test('the window of a long list has the rows in sight and a few more', () => {
  assert.deepEqual(visibleRows(0, 320, 32, 10000, 2), { first: 0, last: 12 })
  assert.deepEqual(visibleRows(3200, 320, 32, 10000, 2), { first: 98, last: 112 })
  assert.deepEqual(visibleRows(1e9, 320, 32, 5, 2), { first: 4, last: 5 })
  assert.deepEqual(visibleRows(0, 320, 32, 0, 2), { first: 0, last: 0 })
})

for (const [name, value, safe] of [
  ['color', 'red', true], ['background', 'url(https://x/y.png)', false], ['background', 'URL( x )', false], ['background-image', 'image-set("a" 1x)', false],
  ['background', 'u\\72l(x)', false], ['--x', 'url(x)', false], ['position', 'fixed', false], ['position', 'relative', true], ['position', 'var(--p)', false],
]) test(`${name}: ${value} ${safe ? 'may stay' : 'is dropped'}`, () => assert.equal(isSafe(name, value), safe))

test('a node\'s style keeps its safe part', () => {
  assert.deepEqual(safeStyle({ display: 'flex', background: 'url(x)' }), { display: 'flex' })
  assert.deepEqual(safeStyle(undefined), {})
})

test('on a background of the config its text has the theme that can be read there', () => {
  assert.deepEqual(['#fffbe6', 'linear-gradient(90deg, #111, #fff)', '#fff8', 'none', ''].map(schemeOn), ['light', 'dark', null, null, null])
  assert.deepEqual(safeStyle({ background: '#fff' }), { 'color-scheme': 'light', color: 'var(--text)', background: '#fff' })
  assert.deepEqual(safeStyle({ 'background-color': '#000', color: 'lime' }), { 'color-scheme': 'dark', color: 'lime', 'background-color': '#000' })
})

test('text on a label is black or white, whichever reads better', () => {
  assert.deepEqual(['#f0e442', '#0072b2', '#fff', '#000000'].map(inkOn), ['#000000', '#ffffff', '#000000', '#ffffff'])
})

test('colours in both notations get an opacity, others stay', () => {
  assert.deepEqual(channels('#f80'), [255, 136, 0])
  assert.deepEqual([withAlpha('#ff8800', 0.5), withAlpha('tomato', 0.5)], ['rgba(255, 136, 0, 0.5)', 'tomato'])
})
