import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

globalThis.__TEMPLATES__ = { url: '/assets/templates.json', count: 3 }
const { loadTemplates, search } = await import('../../web/static/app/templates.js')

const groups = [
  { id: 'images', title: 'Images', about: '', templates: [
    { id: 'boxes', title: 'Boxes', purpose: 'Draw a box.', terms: 'object detection bounding', config: '<View><!-- {"a": "<Audio/>"} --><Image/><RectangleLabels/></View>' },
    { id: 'masks', title: 'Masks', purpose: 'Paint.', terms: 'generation', config: '<View><Image/><BrushLabels/></View>' },
  ] },
  { id: 'audio', title: 'Audio', about: '', templates: [{ id: 'sounds', title: 'Sounds', purpose: 'Mark sounds.', terms: 'NER', config: '<View><Audio/><Labels/></View>' }] },
]
const ids = (query) => search(groups, query).flatMap(({ templates }) => templates.map(({ id }) => id))

test('no query finds everything', () => assert.deepEqual(ids('  '), ['boxes', 'masks', 'sounds']))
test('words are found in title, purpose, group and tags, without case', () => {
  assert.deepEqual(ids('BOX'), ['boxes'])
  assert.deepEqual(ids('paint'), ['masks'])
  assert.deepEqual(ids('images'), ['boxes', 'masks'])
  assert.deepEqual(ids('brushlabels'), ['masks'])
})
test("the field's terms find it, in any number, and a term is no part of another word", () => {
  assert.deepEqual(ids('object-detection'), ['boxes'])
  assert.deepEqual(ids('objects'), ['boxes'])
  assert.deepEqual(ids('labels'), ['boxes', 'masks', 'sounds'])
  assert.deepEqual(ids('ner'), ['sounds'])
})
test('every word must be found', () => assert.deepEqual(ids('image paint'), ['masks']))
test('the sample task in the comment is no tag', () => assert.deepEqual(ids('audio'), ['sounds']))
test('what fits nothing leaves no empty groups', () => assert.deepEqual(search(groups, 'zebra'), []))

test('a load that failed is tried again', async () => {
  let asked = 0
  globalThis.fetch = async () => {
    asked += 1
    return asked === 1 ? new Response('', { status: 503 }) : new Response(JSON.stringify(groups))
  }
  await assert.rejects(loadTemplates(), /503/)
  assert.equal((await loadTemplates()).length, 2)
  assert.equal((await loadTemplates()).length, 2)
  assert.equal(asked, 2)
})

test('the file of groups that the build reads is the order that Python has', () => {
  const source = readFileSync(new URL('../../config_compiler/templates/__init__.py', import.meta.url), 'utf8')
  assert.match(source, /GROUPS = \(\s*"images"/)
})
