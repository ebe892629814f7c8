/* The service worker: the app's files are kept whole, one set a version, so that it opens with no network. FILES and VERSION are put in by the build. */
const VERSION = "__VERSION__";
const FILES = __FILES__;
const CACHE = `doorward-${VERSION}`;

/* A new version waits until nobody uses the old one, whose parts would else be gone in the middle of its work; or until the app says "now". */
self.addEventListener("install", (event) => event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES))));
self.addEventListener("message", (event) => event.data === "now" && self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith("doorward-") && name !== CACHE).map((name) => caches.delete(name)))).then(() => self.clients.claim())));

async function answer(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request.mode === "navigate" ? "/index.html" : request, { ignoreSearch: true, ignoreVary: true });
  if (kept !== undefined) return kept;
  const fresh = await fetch(request);
  // Names of assets change with what they hold: what was used once is kept, the command post's parts too.
  if (fresh.ok && new URL(request.url).pathname.startsWith("/assets/")) await cache.put(request, fresh.clone());
  return fresh;
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const other = url.origin !== location.origin || url.pathname.startsWith("/api/") || url.pathname === "/metrics" || url.pathname.endsWith("z");
  if (event.request.method === "GET" && !other) event.respondWith(answer(event.request));
});
