// The licences of everything that the site carries and that others wrote: their texts, for licences.txt beside the site. Bundles are
// minified without comments, so this is where the notices are that those licences ask to be kept.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { strFromU8, unzipSync } from 'fflate'

const HERE = dirname(fileURLToPath(import.meta.url))
const WHEELS = join(HERE, '../.cache/wheels')
const TEXTS = /^(licen[cs]e|copying|notice)/i
const WHEEL_TEXTS = /\.dist-info\/(licenses\/.*|LICENSE[^/]*)$/

/** Packages of npm that the site may contain: `[{ name, version, licence, texts }]`. */
export function packages() {
  const { packages } = JSON.parse(readFileSync(join(HERE, 'package-lock.json'), 'utf8'))
  const found = new Map()
  for (const [path, { version, license, dev }] of Object.entries(packages)) {
    const folder = join(HERE, path)
    if (!path || dev || !existsSync(folder)) continue
    const name = path.split('node_modules/').pop()
    const texts = readdirSync(folder).filter((file) => TEXTS.test(file)).sort().map((file) => readFileSync(join(folder, file), 'utf8').trim())
    found.set(`${name} ${version}`, { name, version, licence: license, texts })
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The same of the wheels for Pyodide. */
export function wheels() {
  return readdirSync(WHEELS).filter((file) => file.endsWith('.whl')).sort().map((file) => {
    const inside = unzipSync(readFileSync(join(WHEELS, file)), { filter: ({ name }) => WHEEL_TEXTS.test(name) || name.endsWith('.dist-info/METADATA') })
    const metadata = strFromU8(Object.entries(inside).find(([name]) => name.endsWith('METADATA'))?.[1] ?? new Uint8Array())
    const field = (name) => metadata.match(new RegExp(`^${name}: (.*)$`, 'm'))?.[1] ?? ''
    const licence = field('License-Expression') || metadata.match(/^Classifier: License :: OSI Approved :: (.*)$/m)?.[1] || field('License')
    const texts = Object.entries(inside).filter(([name]) => !name.endsWith('METADATA')).map(([, data]) => strFromU8(data).trim())
    return { name: field('Name'), version: field('Version'), licence, texts }
  })
}

const CORE = `Pyodide (MPL-2.0) is unchanged from its npm package; its source is at https://github.com/pyodide/pyodide and the licence at
https://www.mozilla.org/MPL/2.0/. It contains CPython and its standard library (PSF-2.0, https://docs.python.org/3/license.html).`

/** The whole text. */
export function notices() {
  const parts = ['Labelkite is under the Apache License 2.0. This site also contains, each under its own licence:', CORE]
  for (const { name, version, licence, texts } of [...packages(), ...wheels()]) {
    parts.push([`${'-'.repeat(80)}\n${name} ${version} (${licence})`, ...texts].join('\n\n'))
  }
  return parts.join('\n\n') + '\n'
}
