// Assembles the Python runtime of the browser out of the npm packages `pyodide` and `@pyscript/core`, the wheels in
// ../.cache/wheels and our own Python. Everything gets a name with its hash in it and is served by ourselves.
//
//   probe      start Pyodide with everything, import everything, note which standard modules were used
//   cut        write a standard library of those modules alone
//   snapshot   start the cut Pyodide, import the engine, keep its memory
//   place      copy it all to dist/assets under hashed names; return the URLs
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { unzipSync, zipSync } from 'fflate'

const HERE = dirname(fileURLToPath(import.meta.url))
const ROOT = dirname(HERE)
const PYODIDE = join(HERE, 'node_modules/pyodide')
const WHEELS = join(ROOT, '.cache/wheels')
const STAGE = join(ROOT, 'build/pyodide')
const CORE_FILES = ['pyodide.mjs', 'pyodide.asm.mjs', 'pyodide.asm.wasm']
const AUTHOR_PACKAGES = ['pydantic']
const EXPLORE_PACKAGES = ['numpy']
const EPOCH = new Date(Date.UTC(1980, 0, 2)) // a fixed time in every zip entry: same sources, same bytes
const SITE_PACKAGES = '/lib/python3.14/site-packages'

// Modules that are first imported in the middle of work, where the probe does not come by.
const LAZY = ['encodings/ascii.py', 'encodings/latin_1.py', 'encodings/utf_16.py', 'encodings/utf_16_le.py', 'encodings/idna.py',
  'stringprep.py', '_strptime.py', '_pydatetime.py', 'difflib.py', 'csv.py', 'importlib/metadata/', 'importlib/resources/', '_sysconfigdata', 'sysconfig/', 'unicodedata']

export const sha = (data, length = 10) => createHash('sha256').update(data).digest('hex').slice(0, length)

/** All files below a folder as {path: bytes}, `wanted` by path. */
function tree(folder, wanted = () => true, below = '') {
  const found = {}
  for (const name of readdirSync(join(folder, below)).sort()) {
    const path = below ? `${below}/${name}` : name
    if (statSync(join(folder, path)).isDirectory()) {
      if (name !== '__pycache__') Object.assign(found, tree(folder, wanted, path))
    } else if (wanted(path)) found[path] = new Uint8Array(readFileSync(join(folder, path)))
  }
  return found
}

const zip = (files) => zipSync(Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))), { level: 9, mtime: EPOCH })
const prefixed = (prefix, files) => Object.fromEntries(Object.entries(files).map(([path, data]) => [`${prefix}/${path}`, data]))
const python = (path) => path.endsWith('.py') || path.endsWith('.json') || path.endsWith('.typed')

/** Parts of the engine's package that only the server needs: files of other tools, and the table of tasks. */
const SERVER_ONLY = ['exports/', 'imports/', 'table/']
const engines = (path) => python(path) && !SERVER_ONLY.some((folder) => path.startsWith(folder))

/** The archives of our own Python: what every worker has, and what those of the config editor and the table of tasks have besides. */
export function archives() {
  const engine = { ...prefixed('labeling', tree(join(HERE, 'py/labeling'), engines)), 'border.py': new Uint8Array(readFileSync(join(HERE, 'py/workers/border.py'))) }
  const author = prefixed('config_compiler', tree(join(ROOT, 'config_compiler'), python))
  const table = prefixed('labeling/table', tree(join(HERE, 'py/labeling/table'), python))
  return { engine: zip(engine), author: zip(author), table: zip(table) }
}

/** A lock with the packages of our tiers alone. */
function cutLock() {
  const lock = JSON.parse(readFileSync(join(PYODIDE, 'pyodide-lock.json'), 'utf8'))
  const keep = new Set()
  const add = (name) => {
    const key = name.replaceAll('_', '-').toLowerCase()
    if (keep.has(key)) return
    keep.add(key)
    lock.packages[key].depends.forEach(add)
  }
  ;[...AUTHOR_PACKAGES, ...EXPLORE_PACKAGES].forEach(add)
  return { ...lock, packages: Object.fromEntries([...keep].sort().map((name) => [name, lock.packages[name]])) }
}

function stage(stdlib, lock) {
  rmSync(STAGE, { recursive: true, force: true })
  mkdirSync(STAGE, { recursive: true })
  for (const name of CORE_FILES) cpSync(join(PYODIDE, name), join(STAGE, name))
  writeFileSync(join(STAGE, 'python_stdlib.zip'), stdlib)
  writeFileSync(join(STAGE, 'pyodide-lock.json'), JSON.stringify(lock))
  for (const { file_name: name } of Object.values(lock.packages)) cpSync(join(WHEELS, name), join(STAGE, name))
}

async function start(options = {}) {
  const { loadPyodide } = await import(pathToFileURL(join(STAGE, 'pyodide.mjs')).href)
  return loadPyodide({ indexURL: STAGE + '/', ...options })
}

// The last line of standard modules is for the package that PyScript writes and imports in every worker.
const IMPORT_ENGINE = `
import importlib, pkgutil, sys
import asyncio, base64, collections, functools, html, inspect, io, json, os, pathlib
import labeling, border
for module in pkgutil.walk_packages(labeling.__path__, "labeling."):
    importlib.import_module(module.name)
`
const IMPORT_AUTHOR = `
import config_compiler
for module in pkgutil.walk_packages(config_compiler.__path__, "config_compiler."):
    importlib.import_module(module.name)
config_compiler.compile_config('<View><Text name="t" value="$t"/><Choices name="c" toName="t"><Choice value="a"/></Choices></View>')
`
const IMPORT_TABLE = `
import labeling.table
for module in pkgutil.walk_packages(labeling.table.__path__, "labeling.table."):
    importlib.import_module(module.name)
`
const USED = `
import json
json.dumps(sorted({getattr(m, "__file__", None) or "" for m in list(sys.modules.values())}))
`

/** Paths inside python_stdlib.zip of the standard modules imported so far. */
function usedModules(py) {
  const files = JSON.parse(py.runPython(USED))
  return files.filter((file) => file.startsWith('/lib/python314.zip/')).map((file) => file.slice('/lib/python314.zip/'.length).replace(/c$/, ''))
}

async function probe(full, { engine, author, table }) {
  stage(full, cutLock())
  const py = await start()
  py.unpackArchive(engine, 'zip', { extractDir: SITE_PACKAGES })
  py.runPython(IMPORT_ENGINE)
  const forEngine = usedModules(py)
  await py.loadPackage(AUTHOR_PACKAGES, { messageCallback: () => {} })
  py.unpackArchive(author, 'zip', { extractDir: SITE_PACKAGES })
  py.runPython(IMPORT_AUTHOR)
  const forAuthor = usedModules(py)
  const other = await start()
  other.unpackArchive(engine, 'zip', { extractDir: SITE_PACKAGES })
  other.runPython(IMPORT_ENGINE)
  await other.loadPackage(EXPLORE_PACKAGES, { messageCallback: () => {} })
  other.unpackArchive(table, 'zip', { extractDir: SITE_PACKAGES })
  other.runPython(IMPORT_TABLE)
  return { forEngine: new Set(forEngine), forAuthor: new Set(forAuthor), forExplore: new Set(usedModules(other)) }
}

/** Assemble everything; returns the URLs (relative to dist/assets) that the page needs. */
export async function buildRuntime(assets) {
  const ours = archives()
  const full = new Uint8Array(readFileSync(join(PYODIDE, 'python_stdlib.zip')))
  const cacheKey = sha(Buffer.concat([ours.engine, ours.author, ours.table, Buffer.from(readFileSync(fileURLToPath(import.meta.url))), Buffer.from(JSON.stringify(cutLock()))]), 20)
  const cache = join(ROOT, '.cache/runtime', cacheKey)
  let cut, snapshot, extra, explore
  try {
    ;[cut, snapshot, extra, explore] = ['stdlib.zip', 'snapshot.bin', 'extra.zip', 'explore.zip'].map((name) => new Uint8Array(readFileSync(join(cache, name))))
  } catch {
    const used = await probe(full, ours)
    const all = unzipSync(full)
    const lazy = (path) => LAZY.some((start) => path.startsWith(start))
    cut = zip(Object.fromEntries(Object.entries(all).filter(([path]) => used.forEngine.has(path) || lazy(path) || path.startsWith('pyodide/') || path.startsWith('_pyodide/'))))
    const have = unzipSync(cut)
    extra = zip(Object.fromEntries(Object.entries(all).filter(([path]) => used.forAuthor.has(path) && !have[path])))
    explore = zip(Object.fromEntries(Object.entries(all).filter(([path]) => used.forExplore.has(path) && !have[path])))
    stage(cut, cutLock())
    const py = await start({ _makeSnapshot: true })
    py.unpackArchive(ours.engine, 'zip', { extractDir: SITE_PACKAGES })
    py.runPython(IMPORT_ENGINE + 'import gc; gc.collect()')
    snapshot = py.makeMemorySnapshot()
    mkdirSync(cache, { recursive: true })
    writeFileSync(join(cache, 'stdlib.zip'), cut)
    writeFileSync(join(cache, 'snapshot.bin'), snapshot)
    writeFileSync(join(cache, 'extra.zip'), extra)
    writeFileSync(join(cache, 'explore.zip'), explore)
  }
  stage(cut, cutLock())

  const place = (name, data) => {
    const dot = name.lastIndexOf('.')
    const hashed = `${name.slice(0, dot)}-${sha(data)}${name.slice(dot)}`
    writeFileSync(join(assets, hashed), data)
    return hashed
  }
  const coreFiles = tree(STAGE)
  const core = `pyodide-${sha(Buffer.concat(Object.entries(coreFiles).flatMap(([path, data]) => [Buffer.from(path), Buffer.from(data)])))}`
  cpSync(STAGE, join(assets, core), { recursive: true })
  // What the engine does without, for components that people write in Python.
  const kept = unzipSync(cut)
  writeFileSync(join(assets, core, 'stdlib-more.zip'), zip(Object.fromEntries(Object.entries(unzipSync(full)).filter(([path]) => !kept[path]))))
  const pyscriptFrom = join(HERE, 'node_modules/@pyscript/core/dist')
  const pyscriptFiles = tree(pyscriptFrom, (path) => path.endsWith('.js') && !/codemirror|xterm|service-worker/.test(path))
  const pyscript = `pyscript-${sha(Buffer.concat(Object.values(pyscriptFiles).map((data) => Buffer.from(data))))}`
  for (const [path, data] of Object.entries(pyscriptFiles)) {
    mkdirSync(dirname(join(assets, pyscript, path)), { recursive: true })
    writeFileSync(join(assets, pyscript, path), Buffer.from(Buffer.from(data).toString().replace(/\n?\/\/# sourceMappingURL=.*/, '')))
  }
  const engine = place('engine.zip', ours.engine)
  return {
    core: `${core}/`,
    pyscript: `${pyscript}/core.js`,
    tiers: {
      annotate: { core: `./${core}/`, snapshot: `./${place('snapshot.bin', snapshot)}`, engine: `./${engine}`, packages: [], archives: [] },
      author: { core: `./${core}/`, snapshot: `./${basename(place('snapshot.bin', snapshot))}`, engine: `./${engine}`, packages: AUTHOR_PACKAGES,
        archives: [`./${place('stdlib-author.zip', extra)}`, `./${place('compiler.zip', ours.author)}`] },
      explore: { core: `./${core}/`, snapshot: `./${basename(place('snapshot.bin', snapshot))}`, engine: `./${engine}`, packages: EXPLORE_PACKAGES,
        archives: [`./${place('stdlib-explore.zip', explore)}`, `./${place('table.zip', ours.table)}`] },
    },
    workers: {
      annotate: place('annotate.py', readFileSync(join(HERE, 'py/workers/annotate.py'))),
      author: place('author.py', readFileSync(join(HERE, 'py/workers/author.py'))),
      explore: place('explore.py', readFileSync(join(HERE, 'py/workers/explore.py'))),
    },
  }
}
