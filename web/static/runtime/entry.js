// Loads Pyodide for one tier. PyScript takes this module as its interpreter's "version" and calls loadPyodide.
// The annotate tier starts from a memory snapshot in which the engine is already imported; the author tier adds wheels
// and the compiler to it. Pyodide's snapshot option is underscored: when a restore fails, a plain start does the same
// more slowly.

/**
 * @typedef {{core: string, snapshot: string, engine: string, packages: string[], archives: string[]}} Tier
 * URLs are relative to this module; `core` is the folder of Pyodide, `engine` and `archives` are zips for site-packages.
 */

/** @type {Tier} */
const tier = JSON.parse(__TIER__)
const base = import.meta.url
const core = new URL(tier.core, base).href
const SITE_PACKAGES = '/lib/python3.14/site-packages'

/** @param {string} url */
async function bytes(url) {
  const answer = await fetch(new URL(url, base))
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`)
  return answer.arrayBuffer()
}

/** @param {Record<string, unknown>} options what PyScript passes: output streams and the like */
export async function loadPyodide(options = {}) {
  const archives = Promise.all(tier.archives.map(bytes))
  archives.catch(() => {}) // awaited below; a start that fails first must not leave it unhandled
  const python = await start(options)
  // The archives come first: loading packages needs standard modules that the annotate tier does without.
  for (const archive of await archives) python.unpackArchive(archive, 'zip', { extractDir: SITE_PACKAGES })
  if (tier.packages.length) await python.loadPackage(tier.packages, { messageCallback: () => {} })
  return python
}

/** @param {Record<string, unknown>} options */
async function start(options) {
  const pyodide = await import(core + 'pyodide.mjs')
  const common = { ...options, indexURL: core, packageBaseUrl: core, lockFileURL: core + 'pyodide-lock.json' }
  try {
    return await pyodide.loadPyodide({ ...common, _loadSnapshot: handedOver(bytes(tier.snapshot)) })
  } catch (error) {
    console.warn('labelkite: the memory snapshot could not be restored, starting plainly.', error)
    const python = await pyodide.loadPyodide(common)
    python.unpackArchive(await bytes(tier.engine), 'zip', { extractDir: SITE_PACKAGES })
    return python
  }
}

/**
 * Something to await once. Pyodide keeps its options for as long as it lives: of a promise that would be all that it gave, here 31 MB.
 * @template T
 * @param {Promise<T>} coming
 * @returns {PromiseLike<T>}
 */
function handedOver(coming) {
  /** @type {Promise<T> | null} */
  let held = coming
  return {
    then(done, failed) {
      const given = held ?? Promise.reject(new Error('the snapshot was handed over before'))
      held = null
      return given.then(done, failed)
    },
  }
}
