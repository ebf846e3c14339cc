import { t } from './texts.js'
import { ApiError } from './api.js'
import { navigate, startRouter } from './router.js'
import { startLanguage } from './languages.js'
import { address, providers } from './sign-in.js'

/** A tab of a project. @param {string} tab @returns {() => Promise<import('./router.js').Page>} */
const tab = (tab) => () => import('../pages/project.js').then((page) => ({ open: (root, params, signal) => page.open(root, { ...params, tab }, signal) }))

/** @type {import('./router.js').Route[]} */
const routes = [
  { pattern: '/join', load: () => import('../pages/join.js') },
  { pattern: '/label/:id', load: () => import('../pages/label.js') },
  { pattern: '/', load: () => import('../pages/projects.js') },
  { pattern: '/projects', load: () => import('../pages/projects.js') },
  { pattern: '/templates', load: () => import('../pages/gallery.js') },
  { pattern: '/templates/:id', load: () => import('../pages/gallery.js') },
  { pattern: '/projects/new', load: () => import('../pages/new-project.js') },
  { pattern: '/projects/:id', load: () => import('../pages/project.js') },
  { pattern: '/projects/:id/data', load: tab('data') },
  { pattern: '/projects/:id/explore', load: tab('explore') },
  { pattern: '/projects/:id/people', load: tab('people') },
  { pattern: '/projects/:id/people/:person', load: tab('person') },
  { pattern: '/projects/:id/report', load: tab('report') },
  { pattern: '/projects/:id/export', load: tab('export') },
  { pattern: '/projects/:id/settings', load: tab('settings') },
  { pattern: '/review/:id', load: () => import('../pages/review.js') },
  { pattern: '/projects/:id/tasks/:task', load: () => import('../pages/task.js') },
]

const RELOADED = 'kite-reloaded'
/** What the three browsers say of a part of the site that does not come. */
const NO_PART = /dynamically imported module|importing a module script failed/i

/**
 * A part of the site that is not there any more: most likely the server has a newer version, so the page is loaded anew, once.
 * @param {unknown} error
 */
function renewed(error) {
  if (!(error instanceof TypeError) || !NO_PART.test(error.message) || sessionStorage.getItem(RELOADED) === location.href) return false
  sessionStorage.setItem(RELOADED, location.href)
  location.reload()
  return true
}

/** @param {HTMLElement} root @param {unknown} error */
function failed(root, error) {
  if (renewed(error)) return
  const away = error instanceof ApiError
  const title = away && error.status === 401 ? t('You need a link to come in')
    : away && error.status === 403 ? t('This page is not for you')
      : away && error.status === 404 ? t('There is nothing here') : t('This page could not be opened')
  const part = error instanceof TypeError && NO_PART.test(error.message)
  const detail = part ? t('A part of it did not come. Is the connection there? If Labelkite was just updated, try again in a moment.') : away && error.status === 401
    ? t('Open the link that you were sent. If you are the owner, the link is printed where Labelkite was started.')
    : error instanceof Error ? error.message : String(error)
  if (!away) console.error(error)
  const main = document.createElement('main')
  main.className = 'page-message empty'
  const heading = document.createElement('h1')
  heading.textContent = title
  const text = document.createElement('p')
  text.textContent = detail
  const again = document.createElement('button')
  again.className = 'button'
  again.textContent = t('Try again')
  again.addEventListener('click', () => part ? location.reload() : navigate(location.pathname + location.search + location.hash, { replace: true }))
  main.append(heading, text, again)
  root.replaceChildren(main)
  if (away && error.status === 401) void offerSignIn(main)
  document.title = `${title} · Labelkite`
}

/** @param {HTMLElement} main */
async function offerSignIn(main) {
  for (const provider of await providers()) {
    const button = document.createElement('a')
    button.className = 'button button-primary'
    button.href = address(provider, location.pathname + location.search)
    button.textContent = t('Sign in with {name}', { name: provider.name })
    main.append(button)
  }
}

if ('serviceWorker' in navigator && !location.search.includes('no-sw')) {
  addEventListener('load', () => navigator.serviceWorker.register('/sw.js').catch((error) => console.warn('labelkite: no service worker:', error.message)))
}
void startLanguage().then(() => startRouter(/** @type {HTMLElement} */ (document.getElementById('app')), routes, failed))
