/* The service worker: the app's files are kept whole, one set a version, so that it opens with no network. FILES (with what each must hash to) and VERSION are put in by the build. */
const VERSION = "__VERSION__";
const FILES = __FILES__;
const CACHE = `doorward-${VERSION}`;

/* All of one build or nothing: a file that is another build's (the server was just being renewed) or did not come is an error, and the version before goes on. */
async function install() {
  const had = await caches.has(CACHE);
  const cache = await caches.open(CACHE);
  try {
    await cache.addAll(FILES.map(([name, hash]) => new Request(name, { integrity: hash, cache: "no-cache" })));
  } catch (error) {
    if (!had) await caches.delete(CACHE);
    throw error;
  }
}

/* The version before is kept beside this one: a tab that still runs it fetches the rest of its parts there. */
async function activate() {
  const others = (await caches.keys()).filter((name) => name.startsWith("doorward-") && name !== CACHE);
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
  await self.clients.claim();
}

/* A new version waits until nobody uses the old one, or until the app says "now". */
self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("message", (event) => event.data === "now" && self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(activate()));

async function answer(request) {
  const cache = await caches.open(CACHE);
  const page = request.mode === "navigate";
  const options = { ignoreSearch: true, ignoreVary: true };
  const asset = new URL(request.url).pathname.startsWith("/assets/");
  // Names of assets change with what they hold: they are good whichever version kept them.
  const kept = (await cache.match(page ? "/index.html" : request, options)) ?? (asset ? await caches.match(request, options) : undefined);
  if (kept !== undefined) return kept;
  const fresh = await fetch(request);
  // What was used once is kept, the command post's parts too.
  if (fresh.ok && asset) await cache.put(request, fresh.clone());
  return fresh;
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const other = url.origin !== location.origin || url.pathname.startsWith("/api/") || url.pathname === "/metrics" || url.pathname.endsWith("z");
  if (event.request.method === "GET" && !other) event.respondWith(answer(event.request));
});
