import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerView, filtered } from '../../web/static/elements/answer-views.js'
import { withoutInline } from '../../web/static/elements/html-attributes.js'
import { hyperEnds, nodeAt, textNodes, unitsOf } from '../../web/static/elements/hyper-path.js'
import { unindented } from '../../web/static/elements/kite-markdown.js'
import { notYetDrawn } from '../../web/static/elements/kite-placeholder.js'
import { kindOf, objectView } from '../../web/static/elements/object-views.js'
import { dataOf } from '../../web/static/elements/request.js'
import { having } from '../../web/static/elements/looked-for.js'
import { stepped as steppedText } from '../../web/static/elements/offset-caret.js'
import { PdfSearch, pattern } from '../../web/static/elements/pdf-search.js'
import { around, fromPagePercent, stepped, toPoints } from '../../web/static/elements/pdf-shapes.js'
import { authors, clock, phraseAt, wanted } from '../../web/static/elements/phrases.js'
import { leading, nodesOf, runs } from '../../web/static/elements/surface-layout.js'

// ---- the source of documents ----

for (const [id, source, made, css] of [
  ['a style attribute gets another name', '<p style="color: red" class=a>x</p>', '<p kept="color: red" class=a>x</p>', []],
  ['handlers go, whatever their quotes', `<a onclick='go("x > y")' href=u ONFOCUS = f>x</a>`, '<a  href=u >x</a>', []],
  ['a style element is taken out', 'a<style media=all>p { color: red }</style >b', 'ab', ['p { color: red }']],
  ['what is said in a script or a text is not markup', '<script>"<p style=1>"</script> style="x" < 3', '<script>"<p style=1>"</script> style="x" < 3', []],
  ['a comment goes', 'a<!-- <p style=1> -->b', 'ab', []],
  ['an attribute value is left as it is', '<p title="style=1 onclick=2" data-style=3>', '<p title="style=1 onclick=2" data-style=3>', []],
  ['a tag without an end is nothing', 'a<p style="x', 'a', []],
  ['no markup at all', 'plain & simple', 'plain & simple', []],
]) {
  test(`the source of a document: ${id}`, () => {
    assert.deepEqual(withoutInline(source, 'kept'), { html: made, css })
  })
}

for (const part of ['<a "', '<!--', "<a b='", '<style>', '<<<<', '<a =']) {
  test(`a hostile source comes to its end: ${part} a quarter of a million times`, () => {
    assert.ok(withoutInline(part.repeat(250_000), 'kept').html.length <= part.length * 250_000)
  })
}

// ---- places in documents ----

/** @param {string} name @param {any[]} children */
const element = (name, ...children) => ({ nodeType: 1, nodeName: name, childNodes: children.map((child) => (typeof child === 'string' ? { nodeType: 3, nodeName: '#text', data: child, childNodes: [] } : child)) })
const page = element('DIV', 'Hello ', element('P', 'one ', element('B', 'two'), ' three'), element('P', 'four'))

test('a path of text nodes counts what has the same name', () => {
  assert.equal(nodeAt(page, '/p[1]/text()[2]').data, ' three')
  assert.equal(nodeAt(page, '/p[2]/text()[1]').data, 'four')
  assert.equal(nodeAt(page, '/p[1]/b/text()').data, 'two')
  for (const path of ['/p[3]/text()[1]', '/p[1]/text()[9]', '/', '', '/p[0]', '/p[1]/../p[2]']) assert.equal(nodeAt(page, path), null, path)
})

test('offsets over the whole text count from its beginning', () => {
  assert.deepEqual(textNodes(page).map(({ node, start, end }) => [node.data, start, end]), [['Hello ', 0, 6], ['one ', 6, 10], ['two', 10, 13], [' three', 13, 19], ['four', 19, 23]])
})

test('a hyperspan is found by its paths, else by its offsets over the whole text, else not at all', () => {
  const by = (/** @type {any} */ shape) => {
    const ends = hyperEnds(page, shape)
    return ends && [ends.from.data, ends.fromOffset, ends.to.data, ends.toOffset]
  }
  const paths = { start: '/p[1]/b[1]/text()[1]', end: '/p[2]/text()[1]', startOffset: 1, endOffset: 2 }
  assert.deepEqual(by({ ...paths, globalOffsets: { start: 0, end: 5 } }), ['two', 1, 'four', 2])
  assert.deepEqual(by({ ...paths, start: '/p[7]/text()[1]', globalOffsets: { start: 11, end: 19 } }), ['two', 1, ' three', 6])
  assert.deepEqual(by({ ...paths, endOffset: 99, globalOffsets: { start: 6, end: 10 } }), ['one ', 0, 'one ', 4])
  assert.equal(by({ ...paths, start: '/p[7]' }), null)
  assert.equal(by({ globalOffsets: { start: 20, end: 99 } }), null)
})

test('text nodes know their paths, and where the reader sees a new line or cell', () => {
  const cells = element('DIV', element('P', 'a ', element('B', 'b'), element('BR'), 'c'), '\n', element('TABLE', element('TR', element('TD', 'd'), element('TD', 'e'))), element('SPAN', 'f'))
  assert.deepEqual(textNodes(cells).map(({ path, breaks }) => [path, breaks]), [
    ['/p[1]/text()[1]', true], ['/p[1]/b[1]/text()[1]', false], ['/p[1]/text()[2]', true], ['/text()[1]', true],
    ['/table[1]/tr[1]/td[1]/text()[1]', true], ['/table[1]/tr[1]/td[2]/text()[1]', true], ['/span[1]/text()[1]', true],
  ])
  for (const { node, path } of textNodes(cells)) assert.equal(nodeAt(cells, path), node)
})

test('offsets of results count code points, places in the document UTF-16 units', () => {
  assert.deepEqual(['ab', 'a😀b', '😀'].map((text) => unitsOf(text, 2)), [2, 3, 3])
  const smile = element('DIV', element('P', '😀 one'), element('P', 'x😀y'))
  const at = (/** @type {any} */ shape) => {
    const ends = hyperEnds(smile, shape)
    return ends && [ends.fromOffset, ends.toOffset]
  }
  assert.deepEqual(at({ start: '/p[1]/text()[1]', end: '/p[2]/text()[1]', startOffset: 2, endOffset: 2 }), [3, 3])
  assert.deepEqual(at({ globalOffsets: { start: 5, end: 7 } }), [0, 3])
})

// ---- pages of a PDF ----

test('a box on a page is fractions in results and points where it is drawn', () => {
  const page = { width: 600, height: 800 }
  const shape = { x: 0.1, y: 0.5, width: 0.2, height: 0.25, rotation: 15, pageIndex: 3 }
  assert.deepEqual(toPoints(shape, page), { x: 60, y: 400, w: 120, h: 200, r: 15 })
  assert.deepEqual(fromPagePercent({ x: 10, y: 50, width: 20, height: 25, rotation: 15 }, 3), shape)
})

test('a box around lines covers them all, and is cut at the page', () => {
  const page = { left: 100, top: 0, width: 200, height: 400 }
  assert.deepEqual(around([{ left: 150, top: 40, right: 310, bottom: 60 }, { left: 120, top: 60, right: 140, bottom: 80 }, { left: 5, top: 5, right: 5, bottom: 9 }], page), { x: 0.1, y: 0.1, width: 0.9, height: 0.1 })
  assert.equal(around([], page), null)
})

test('arrows move a box by points and leave it on its page', () => {
  const page = { width: 100, height: 200 }
  const shape = { x: 0.5, y: 0, width: 0.5, height: 0.1, pageIndex: 1 }
  assert.deepEqual(stepped(shape, page, 10, 10, false), { ...shape, y: 0.05 })
  assert.deepEqual(stepped(shape, page, -10, -20, true), { ...shape, width: 0.4, height: 0.005 })
  assert.equal(stepped({ ...shape, rotation: 30 }, page, 10, 0, false).x, 0.6)
})

test('a search in a PDF begins at the page that is looked at and goes around', async () => {
  const pages = ['total 1', 'nothing', 'a to\ntal and Total', 'x']
  const search = new PdfSearch(4, async (page) => pages[page - 1])
  /** @type {number[]} */
  const told = []
  await search.find('to tal', 3, () => told.push(search.hits.length))
  assert.deepEqual(search.hits, [{ page: 1, nth: 0 }, { page: 3, nth: 0 }, { page: 3, nth: 1 }])
  assert.deepEqual([search.at, told[0], told[1]], [1, 0, 2])
  assert.deepEqual([search.step(1), search.step(1), search.step(-1)], [{ page: 3, nth: 1 }, { page: 1, nth: 0 }, { page: 3, nth: 1 }])
  assert.equal(pattern('  '), null)
  assert.match('a.b[c', /** @type {RegExp} */ (pattern('a.b[c')))
})

test('the caret goes by letters and words, however many units they have', () => {
  const text = 'one 👨‍👩‍👧 e\u0301nd'
  assert.equal(steppedText(text, 4, 1, 'grapheme'), 4 + '👨‍👩‍👧'.length)
  assert.equal(steppedText(text, text.indexOf('e\u0301'), 1, 'grapheme'), text.indexOf('e\u0301') + 2)
  assert.equal(steppedText(text, 0, 1, 'word'), 3)
  assert.equal(steppedText(text, text.length, -1, 'word'), text.indexOf('e\u0301'))
  assert.equal(steppedText(text, 0, -1, 'grapheme'), 0)
})

// ---- conversations, tables ----

test('the phrase that is heard has begun and has not ended', () => {
  const phrases = [{ start: 0, end: 2 }, { start: 1.5 }, {}, { start: 4, end: 5 }]
  assert.deepEqual([-1, 0, 1.6, 4.2, 9].map((time) => phraseAt(phrases, time)), [-1, 0, 1, 3, 1])
})

test('phrases are looked for by their author and all words', () => {
  const phrases = [{ author: 'Ana', text: 'Good day' }, { author: 'Bo', text: 'A good DAY to you' }, { author: 'Bo', text: 'Bye' }]
  assert.deepEqual(wanted(phrases, '', 'day good'), [true, true, false])
  assert.deepEqual(wanted(phrases, 'Bo', ''), [false, true, true])
  assert.deepEqual(['a b\nc', 'b d', ''].map(having('B C')), [true, false, false])
  assert.equal(having(' ')(''), true)
})

test('data in an address is read without fetching, other addresses are left alone', () => {
  const text = (/** @type {string} */ url) => new TextDecoder().decode(dataOf(url) ?? undefined)
  assert.equal(text('data:text/html;base64,PGI+aMOpPC9iPg=='), '<b>hé</b>')
  assert.equal(text('data:,a%2Cb%20%C3%A9'), 'a,b é')
  assert.equal(dataOf('https://example.org/a,b'), null)
  assert.throws(() => dataOf('data:text/plain;base64,***'), /cannot be read/)
})

test('authors get colours in the order in which they speak, and times are read as clocks', () => {
  const found = authors([{ author: 'B' }, { author: 'A' }, { author: 'B' }, {}])
  assert.deepEqual([...found.keys()], ['B', 'A'])
  assert.notEqual(found.get('A')?.color, found.get('B')?.color)
  assert.deepEqual([0, 9.9, 61, 3723].map(clock), ['0:00', '0:09', '1:01', '1:02:03'])
})

test('Markdown indented as the XML around it is no code', () => {
  assert.equal(unindented('\n    # Title\n\n      - a\n    b\n  '), '# Title\n\n  - a\nb')
  assert.equal(unindented('- a\n    - b\n      - c'), '- a\n- b\n  - c')
  assert.equal(unindented('one line'), 'one line')
  assert.equal(unindented(''), '')
})

// ---- registries ----

test('every type of object that is read has a view, and unknown types have none', () => {
  for (const type of ['text', 'hypertext', 'paragraphs', 'chat', 'table', 'list', 'pdf', 'image']) assert.ok(objectView(type), type)
  for (const type of ['hologram', 'constructor', '']) assert.equal(objectView(type), undefined, type)
})

test('each …labels control is a bar of labels; other unknown controls have no view', () => {
  const control = (/** @type {string} */ type) => ({ name: 'c', tag: 'C', type, to: ['x'] })
  assert.equal(answerView(control('polygonlabels')), answerView(control('labels')))
  for (const type of ['smell', 'toString']) assert.equal(answerView(control(type)), undefined, type)
})

test('what a control makes is its shape, or follows from its object', () => {
  const made = (/** @type {any} */ control, /** @type {string} */ type) => kindOf({ name: 'c', tag: 'C', to: ['x'], ...control }, { name: 'x', type })
  assert.equal(made({ type: 'polygon', shape: 'polygon' }, 'image'), 'polygon')
  assert.equal(made({ type: 'labels' }, 'hypertext'), 'hyperspan')
  assert.equal(made({ type: 'labels' }, 'image'), '')
  assert.equal(made({ type: 'choices' }, 'image'), '')
  assert.match(notYetDrawn([{ kind: 'polygon', tag: 'PolygonLabels' }]), /^PolygonLabels: drawing polygons comes later\. Existing ones are kept and listed\.$/)
  const several = [{ kind: 'polygon', tag: 'Polygon' }, { kind: 'ellipse', tag: 'EllipseLabels' }, { kind: 'polygon', tag: 'PolygonLabels' }]
  assert.equal(notYetDrawn(several), 'Polygon, EllipseLabels, PolygonLabels: drawing polygons and ellipses comes later. Existing ones are kept and listed.')
})

test('a filter keeps what has the letters in its name, and the way to it', () => {
  const option = (/** @type {string} */ text, /** @type {any[]} */ children = []) => ({ value: text, stored: text, text, color: '#000000', children })
  const tree = [option('Animal', [option('Cat'), option('Dog')]), option('Category')]
  assert.equal(filtered(tree, ''), tree)
  assert.deepEqual(filtered(tree, 'cat').map(({ text, children }) => [text, children.map((/** @type {any} */ child) => child.text)]), [['Animal', ['Cat']], ['Category', []]])
  assert.deepEqual(filtered(tree, 'zebra'), [])
})

// ---- layout ----

const node = (/** @type {string} */ kind, /** @type {string} */ key, /** @type {any} */ more = {}) => ({ node: kind, key, ...more })

test('the tools of the task stand with the first object that is seen', () => {
  const copies = ['a', 'b'].map((name, at) => node('view', `r.${at}`, { children: [node('object', `o${at}`, { name })] }))
  const tree = node('view', 'n0', { children: [node('collapse', 'c', { children: [node('panel', 'p', { children: [node('object', 'x', { name: 'folded' })] })] }), node('repeater', 'r', { mode: 'pagination', children: copies }), node('object', 'o', { name: 'last' })] })
  assert.equal(leading(tree, [], {}), 'a')
  assert.equal(leading(tree, [], { r: 1 }), 'b')
  assert.equal(leading(tree, ['r'], {}), 'last')
  assert.equal(leading(tree, ['r', 'o'], {}), undefined)
  assert.deepEqual(nodesOf(tree).map(({ key }) => key), ['n0', 'c', 'p', 'x', 'r', 'r.0', 'o0', 'r.1', 'o1', 'o'])
})

test('a shape without labels is a tool of its object and has no place among the answers', () => {
  const plan = /** @type {any} */ ({ plan: 1, tree: {}, objects: [{ name: 'img', type: 'image' }], hotkeys: [], controls: [{ name: 'poly', tag: 'Polygon', type: 'polygon', shape: 'polygon', to: ['img'] }, { name: 'q', tag: 'Choices', type: 'choices', to: ['img'] }] })
  const made = runs(plan, [node('object', 'a', { name: 'img' }), node('control', 'b', { name: 'poly' }), node('control', 'c', { name: 'q' })])
  assert.deepEqual(made, [{ answers: false, nodes: [node('object', 'a', { name: 'img' })] }, { answers: true, groups: [[node('control', 'c', { name: 'q' })]] }])
})
