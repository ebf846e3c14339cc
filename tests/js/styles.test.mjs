/** Style sheets as text: what would make every change of the page cost the whole page. */
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { test } from 'node:test'

const STYLES = new URL('../../web/static/styles/', import.meta.url)
/** What holds the data and the list of regions. */
const HOLDERS = /\.(workbench|label-page|surface|surface-main|kite-data|node-view)(?![\w-])|^kite-surface/

/** Compound selectors that ask for what is inside them. @param {string} css */
const asking = (css) => [...css.replace(/\/\*[\s\S]*?\*\//g, '').matchAll(/([^\s>+~,{};]*):has\(/g)].map(([, subject]) => subject.replace(/:(is|not|where)\(/g, ''))

test('no element around the data looks into itself: each span that comes would restyle all of it', () => {
  const sheets = readdirSync(STYLES).filter((name) => name.endsWith('.css'))
  const subjects = sheets.flatMap((name) => asking(readFileSync(new URL(name, STYLES), 'utf8')).map((subject) => `${name}: ${subject || '*'}`))
  assert.ok(subjects.length > 5, 'style sheets were read')
  assert.deepEqual(subjects.filter((one) => HOLDERS.test(one.split(': ')[1]) || one.endsWith(': *')), [])
})
