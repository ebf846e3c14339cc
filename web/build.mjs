// Builds the static site into dist/: our modules and styles bundled by esbuild, the Python runtime beside them, everything
// under /assets named by its content. Only index.html and sw.js keep their names.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import esbuild from 'esbuild'
import { notices } from './licences.mjs'
import { buildRuntime, sha } from './runtime.mjs'

const HERE = dirname(fileURLToPath(import.meta.url))
const STATIC = join(HERE, 'static')
const DIST = join(HERE, 'dist.new') // becomes dist/ at the end: a build that fails leaves the last good one
const ASSETS = join(DIST, 'assets')
/** Above this a file is kept as .gz alone: people with browsers are all that ever ask for it. */
const LARGE = 1_000_000
const COMPRESSED = /\.(js|mjs|css|html|svg|json|wasm|bin|py)$/

rmSync(DIST, { recursive: true, force: true })
mkdirSync(ASSETS, { recursive: true })

const bundle = (entryPoints, define) => esbuild.build({
  entryPoints, define, bundle: true, splitting: true, format: 'esm', target: 'es2022', minify: true, metafile: true, legalComments: 'none',
  outdir: ASSETS, outbase: STATIC, entryNames: '[name]-[hash]', chunkNames: '[name]-[hash]', assetNames: '[name]-[hash]', absWorkingDir: HERE,
})

/** Name of the output of an entry point. */
function output({ metafile }, source) {
  for (const [name, made] of Object.entries(metafile.outputs)) {
    if (made.entryPoint === source) return name.split('/').pop()
  }
  throw new Error(`${source} made no output`)
}

const runtime = await buildRuntime(ASSETS)
const tiers = {}
for (const [name, tier] of Object.entries(runtime.tiers)) {
  const made = await esbuild.build({ entryPoints: [join(STATIC, 'runtime/entry.js')], define: { __TIER__: JSON.stringify(JSON.stringify(tier)) }, bundle: true, format: 'esm',
    target: 'es2022', minify: true, write: false, absWorkingDir: HERE })
  const text = made.outputFiles[0].contents
  tiers[name] = `python-${name}-${sha(text)}.mjs`
  writeFileSync(join(ASSETS, tiers[name]), text)
}

/** The gallery as one file, its pictures beside it: [name, number of templates]. */
function gallery() {
  const folder = join(HERE, '../config_compiler/templates')
  const order = readFileSync(join(folder, '__init__.py'), 'utf8').match(/GROUPS = \(([^)]*)\)/)?.[1].match(/[\w-]+/g) ?? []
  const groups = order.map((id) => {
    const { title, about, templates } = JSON.parse(readFileSync(join(folder, id, 'group.json'), 'utf8'))
    return { id, title, about, templates: templates.map((row) => {
      const config = readFileSync(join(folder, id, `${row.id}.xml`), 'utf8')
      const drawn = join(folder, id, `${row.id}.webp`)
      if (!existsSync(drawn)) return { ...row, config }
      const picture = `template-${row.id}-${sha(readFileSync(drawn))}.webp`
      cpSync(drawn, join(ASSETS, picture))
      return { ...row, config, picture: `/assets/${picture}` }
    }) }
  })
  const text = JSON.stringify(groups)
  const name = `templates-${sha(text)}.json`
  writeFileSync(join(ASSETS, name), text)
  return { url: `/assets/${name}`, count: groups.reduce((sum, group) => sum + group.templates.length, 0) }
}

/** Worker and decoders of the PDF library: [where pdf-engine.js finds them]. The decoders keep their names, their folder has the hash. */
function pdf() {
  const from = join(HERE, 'node_modules/pdfjs-dist')
  const script = readFileSync(join(from, 'legacy/build/pdf.worker.min.mjs'))
  const worker = `pdf-worker-${sha(script)}.mjs`
  writeFileSync(join(ASSETS, worker), script)
  const names = ['openjpeg.wasm', 'jbig2.wasm', 'qcms_bg.wasm']
  const decoders = `pdf-${sha(Buffer.concat(names.map((name) => readFileSync(join(from, 'wasm', name)))))}`
  for (const name of names) cpSync(join(from, 'wasm', name), join(ASSETS, decoders, name))
  return { worker: `/assets/${worker}`, decoders: `/assets/${decoders}/` }
}

/** The worker that decodes what browsers do not draw: its URL. One file with its libraries, fetched with the first such picture. */
async function pictures() {
  const made = await esbuild.build({ entryPoints: [join(STATIC, 'elements/image-decode.js')], bundle: true, format: 'iife', target: 'es2022', minify: true, legalComments: 'none', write: false, absWorkingDir: HERE })
  const script = made.outputFiles[0].contents
  const name = `pictures-worker-${sha(script)}.js`
  writeFileSync(join(ASSETS, name), script)
  return `/assets/${name}`
}

const site = await bundle([join(STATIC, 'app/main.js'), join(STATIC, 'styles/index.css')], {
  __RUNTIME__: JSON.stringify(JSON.stringify({ pyscript: runtime.pyscript, tiers, workers: runtime.workers })),
  __TEMPLATES__: JSON.stringify(gallery()),
  __PDF__: JSON.stringify(JSON.stringify(pdf())),
  __PICTURES__: JSON.stringify(await pictures()),
})
const js = output(site, 'static/app/main.js')
const css = output(site, 'static/styles/index.css')
const bootText = (await esbuild.build({ entryPoints: [join(STATIC, 'boot.js')], bundle: true, format: 'iife', target: 'es2022', minify: true, write: false })).outputFiles[0].contents
const boot = `boot-${sha(bootText)}.js`
writeFileSync(join(ASSETS, boot), bootText)
const frameText = (await esbuild.build({ entryPoints: [join(STATIC, 'component/frame.js')], define: { __COMPONENT_CORE__: JSON.stringify(`/assets/${runtime.core}`) }, bundle: true, format: 'iife', target: 'es2022',
  minify: true, legalComments: 'none', write: false, absWorkingDir: HERE })).outputFiles[0].contents
const frame = `component-frame-${sha(frameText)}.js`
writeFileSync(join(ASSETS, frame), frameText)
const icon = `icon-${sha(readFileSync(join(STATIC, 'icon.svg')))}.svg`
cpSync(join(STATIC, 'icon.svg'), join(ASSETS, icon))

/** An output and everything that it imports at once, so that the browser asks for all of it in one go. */
function imports(name, seen = new Set()) {
  if (seen.has(name)) return seen
  seen.add(name)
  const made = site.metafile.outputs[`dist.new/assets/${name}`]
  for (const { path, kind } of made?.imports ?? []) if (kind === 'import-statement') imports(path.split('/').pop(), seen)
  return seen
}
const labelPage = Object.keys(site.metafile.outputs).find((name) => site.metafile.outputs[name].entryPoint === 'static/pages/label.js')?.split('/').pop()
const shell = [...new Set([...imports(js), ...(labelPage ? imports(labelPage) : [])])].sort()

const preload = shell.filter((name) => name !== js).map((name) => `<link rel="modulepreload" href="/assets/${name}">`).join('\n')
const fill = (text, values) => text.replace(/%(\w+)%/g, (_, key) => values[key])
const html = fill(readFileSync(join(STATIC, 'index.html'), 'utf8'), { boot: `/assets/${boot}`, icon: `/assets/${icon}`, css: `/assets/${css}`, js: `/assets/${js}`, preload })
writeFileSync(join(DIST, 'index.html'), html)
writeFileSync(join(DIST, 'component.html'), fill(readFileSync(join(STATIC, 'component.html'), 'utf8'), { frame: `/assets/${frame}` })) // the page of a component's frame
cpSync(join(STATIC, 'samples'), join(DIST, 'samples'), { recursive: true }) // photos of the config templates: configs name them, so no hash
writeFileSync(join(DIST, 'licences.txt'), notices())
const kept = ['/', `/assets/${boot}`, `/assets/${css}`, `/assets/${icon}`, ...shell.map((name) => `/assets/${name}`)]
writeFileSync(join(DIST, 'sw.js'), fill(readFileSync(join(STATIC, 'sw.js'), 'utf8'), { version: sha(html), shell: JSON.stringify(kept) }))

/** Every file below a folder. */
function* files(folder) {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) yield* files(path)
    else yield path
  }
}

let before = 0
for (const path of [...files(DIST)]) {
  if (!COMPRESSED.test(path)) continue
  const data = readFileSync(path)
  if (data.length < 600) continue
  writeFileSync(path + '.gz', gzipSync(data, { level: 9 }))
  if (data.length > LARGE) rmSync(path)
  else writeFileSync(path + '.br', brotliCompressSync(data, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }))
}
for (const name of [...shell, css]) before += statSync(existsSync(join(ASSETS, name + '.br')) ? join(ASSETS, name + '.br') : join(ASSETS, name)).size
const total = [...files(DIST)].reduce((sum, path) => sum + statSync(path).size, 0)
rmSync(join(HERE, 'dist'), { recursive: true, force: true })
renameSync(DIST, join(HERE, 'dist'))
console.log(`site: ${relative(process.cwd(), join(HERE, 'dist'))}, ${(total / 1e6).toFixed(1)} MB; our script and style before usable: ${(before / 1000).toFixed(1)} KB compressed`)
