/**
 * @typedef {{open: (root: HTMLElement, params: Record<string, string>, signal: AbortSignal) => Promise<void> | void}} Page
 * @typedef {{pattern: string, load: () => Promise<Page>}} Route
 */
import { t } from './texts.js'

/**
 * @param {Route[]} routes
 * @param {string} path
 * @returns {{route: Route, params: Record<string, string>} | null}
 */
export function match(routes, path) {
  const parts = path.split('/').filter(Boolean)
  for (const route of routes) {
    const wanted = route.pattern.split('/').filter(Boolean)
    if (wanted.length !== parts.length) continue
    /** @type {Record<string, string>} */
    const params = {}
    const fits = wanted.every((part, i) => {
      if (part.startsWith(':')) params[part.slice(1)] = decodeURIComponent(parts[i])
      return part.startsWith(':') || part === parts[i]
    })
    if (fits) return { route, params }
  }
  return null
}

/** @type {(path: string, replace: boolean) => void} */
let go = (path) => location.assign(path)

/** Show another page of the site. @param {string} path @param {{replace?: boolean}} [options] */
export function navigate(path, options = {}) {
  go(path, options.replace ?? false)
}

/**
 * Draw the page of the address, and again whenever it changes; the page before is told by its signal.
 * @param {HTMLElement} root
 * @param {Route[]} routes
 * @param {(root: HTMLElement, error: unknown) => void} failed
 */
export function startRouter(root, routes, failed) {
  let current = new AbortController()
  const show = async () => {
    current.abort()
    current = new AbortController()
    const { signal } = current
    const found = match(routes, location.pathname)
    let place
    try {
      if (!found) throw new Error(t('There is no page at {path}.', { path: location.pathname }))
      const page = await found.route.load()
      if (signal.aborted) return
      // A page gets an element of its own: a template engine keeps its state on the element that it renders into.
      place = document.createElement('div')
      place.className = 'page-root'
      root.replaceChildren(place)
      window.scrollTo(0, 0)
      await page.open(place, found.params, signal)
    } catch (error) {
      if (signal.aborted) return
      place = document.createElement('div')
      root.replaceChildren(place)
      failed(place, error)
    }
  }
  go = (path, replace) => {
    history[replace ? 'replaceState' : 'pushState'](null, '', path)
    void show()
  }
  addEventListener('popstate', () => void show())
  document.addEventListener('click', (event) => {
    const link = /** @type {Element} */ (event.target).closest?.('a[href]')
    if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return
    if (link.origin !== location.origin || link.target || link.hasAttribute('download') || link.pathname.startsWith('/api/') || link.pathname.startsWith('/objects/')) return
    if (link.hash && link.pathname === location.pathname) return
    event.preventDefault()
    navigate(link.pathname + link.search + link.hash)
  })
  return show()
}
