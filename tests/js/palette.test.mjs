import assert from 'node:assert/strict'
import { test } from 'node:test'
import { best, fit } from '../../web/static/elements/palette-find.js'

const THINGS = ['Undo Edit', 'Duplicate the selected region Regions', 'Delete the selected region Regions', 'Delete all regions Regions', 'Car Labels', 'Car 3 Region', 'Cart Labels', 'Scarf Labels'].map((text) => text.toLowerCase())
const found = (query) => best(query, THINGS, (text) => text, 3)

for (const [query, first] of [['und', 'undo edit'], ['dsr', 'duplicate the selected region regions'], ['del all', 'delete all regions regions'], ['all del', 'delete all regions regions'], ['car', 'car labels'], ['car 3', 'car 3 region'], ['CAR', 'car labels'], ['scar', 'scarf labels']]) {
  test(`“${query}” finds “${first}” first`, () => assert.equal(found(query)[0], first))
}

test('a word that begins so is better than one with it inside', () => assert.ok(fit('car', 'car') > fit('car', 'scarf')))
test('letters strewn about are no find', () => assert.deepEqual(found('ugn'), []))
test('the first letter begins a word', () => assert.deepEqual(best('car', ['select all regions'], (text) => text, 3), []))
test('nothing typed lists all in their order', () => assert.deepEqual(found(' '), THINGS.slice(0, 3)))
