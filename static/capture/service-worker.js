// Keeps the pages and their files, all of one release together, and nothing that belongs to anybody.
// The text before this one names them: self.KEPT = { version, files }.

const NAME = `tantu-capture-${self.KEPT.version}`;
const PAGE = /^\/capture\/(zh|en)\/$/;

self.addEventListener("install", (event) => {
  const requests = self.KEPT.files.map((path) => new Request(path, { cache: "reload" }));
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(requests)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("tantu-capture-") && name !== NAME);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

async function answer(request, path) {
  const cache = await caches.open(NAME);
  const known = await cache.match(path);
  return known ?? fetch(request);
}

async function start(request) {
  try {
    return await fetch(request);
  } catch {
    return Response.redirect("/capture/zh/", 303);
  }
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname === "/capture/" && event.request.mode === "navigate") {
    event.respondWith(start(event.request));
  } else if (PAGE.test(url.pathname) || self.KEPT.files.includes(url.pathname)) {
    event.respondWith(answer(event.request, url.pathname));
  }
});
