// Keeps the hashed files of the site, so that a link opens at once the second time and the page opens offline.
// The API and people's data are never kept here.
const VERSION = '%version%'
const SHELL = JSON.parse('%shell%')

self.addEventListener('install', (event) => {
  // Where the browser can, it goes around this worker: what is kept comes straight out of the cache, the API straight from
  // the server, and a page from whoever is first. Starting the worker would cost a warm link half its time.
  event.addRoutes?.([
    { condition: { or: [{ urlPattern: '/api/*' }, { urlPattern: '/objects/*' }] }, source: 'network' },
    { condition: { requestMode: 'navigate' }, source: 'race-network-and-fetch-handler' },
    { condition: { or: SHELL.filter((path) => path !== '/').map((path) => ({ urlPattern: path })) }, source: { cacheName: VERSION } },
  ])
  event.waitUntil(caches.open(VERSION).then((cache) => cache.addAll(SHELL)).then(() => self.skipWaiting()))
})

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    // The version before stays: a page that was opened with it may still ask for parts of it.
    for (const name of (await caches.keys()).filter((name) => name !== VERSION).slice(0, -1)) await caches.delete(name)
    await self.clients.claim()
  })())
})

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url)
  if (event.request.method !== 'GET' || url.origin !== location.origin) return
  if (url.pathname.startsWith('/assets/')) event.respondWith(hashed(event.request))
  else if (event.request.mode === 'navigate' && !url.pathname.startsWith('/api/') && !url.pathname.startsWith('/objects/')) event.respondWith(page(event.request))
})

async function hashed(request) {
  const kept = await caches.match(request)
  if (kept) return kept
  const answer = await fetch(request)
  if (answer.ok) {
    const copy = answer.clone()
    caches.open(VERSION).then((cache) => cache.put(request, copy)).catch(() => {}) // a full disk must not stop the page
  }
  return answer
}

async function page(request) {
  try {
    return await fetch(request)
  } catch (error) {
    const kept = await (await caches.open(VERSION)).match('/')
    if (kept) return kept
    throw error
  }
}
