// Runs a Python file inside the very Pyodide that the site serves (cut standard library, no CPython around it):
//   node tests/parity/in_pyodide.mjs FILE FOLDER [author]
// prints what FILE's main(FOLDER) returns. "author" loads pydantic and the compiler too.
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..')
const { archives } = await import(join(ROOT, 'web/runtime.mjs'))
const { loadPyodide } = await import(join(ROOT, 'build/pyodide/pyodide.mjs'))
const [file, folder, tier] = process.argv.slice(2)
const assets = join(ROOT, 'web/dist/assets')
const asset = (start) => new Uint8Array(readFileSync(join(assets, readdirSync(assets).find((name) => name.startsWith(start)))))

const python = await loadPyodide({ indexURL: join(ROOT, 'build/pyodide') + '/' })
const site = { extractDir: '/lib/python3.14/site-packages' }
const ours = archives()
python.unpackArchive(ours.engine, 'zip', site)
if (tier === 'author') {
  python.unpackArchive(asset('stdlib-author-'), 'zip', site)
  await python.loadPackage(['pydantic'], { messageCallback: () => {} })
  python.unpackArchive(ours.author, 'zip', site)
}
python.FS.mkdir('/scripts')
python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, '/scripts')
python.runPython(readFileSync(file, 'utf8'), { globals: (globalThis.space = python.runPython('{"__name__": "parity"}')) })
console.log(globalThis.space.get('main')('/scripts'))
