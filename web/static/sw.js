// Keeps the hashed files of the site, so that a link opens at once the second time and the page opens offline.
// The API and people's data are never kept here.
const VERSION = '%version%'
const SHELL = JSON.parse('%shell%')

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(VERSION).then((cache) => cache.addAll(SHELL)).then(() => self.skipWaiting()))
})

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name !== VERSION) await caches.delete(name)
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
  const cache = await caches.open(VERSION)
  const kept = await cache.match(request)
  if (kept) return kept
  const answer = await fetch(request)
  if (answer.ok) cache.put(request, answer.clone()).catch(() => {})
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
