{# The service worker. shell: addresses to keep; version: changes with them; static_url. #}
/* Stores only the shell and the offline page: no personal page, no film. */
const KEPT = "kush-{{ version }}";
const SHELL = [{% for url in shell %}"{{ url|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const OFFLINE = SHELL[0];
const LASTING = /[.-](?:[0-9a-f]{12}|[0-9A-Z]{8})\.[a-z0-9]+$/;

addEventListener("install", (event) => {
  // Past us: a player's farewell is sent while its page goes away, and asking us first would lose it;
  // and no phone needs to wake us for every segment of a film.
  const straight = [
    { requestMethod: "POST" },
    { urlPattern: { pathname: "/api/*" } },
    { urlPattern: { pathname: "/hls/*" } },
  ];
  event.addRoutes?.(straight.map((condition) => ({ condition, source: "network" })));
  const fetched = SHELL.map((url) => new Request(url, { cache: "reload" }));
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(fetched)).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name.startsWith("kush-") && name !== KEPT);
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(old(names).map((name) => caches.delete(name))))
      .then(() => registration.navigationPreload?.enable())
      .then(() => clients.claim()),
  );
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(page(event).catch(() => caches.match(OFFLINE)));
  } else if (SHELL.includes(url.pathname)) {
    event.respondWith(LASTING.test(url.pathname) ? keptFirst(request) : lineFirst(request));
  }
});

/** Asked for by the browser already, while we woke up. */
async function page({ preloadResponse, request }) {
  return (await preloadResponse) ?? fetch(request);
}

async function keptFirst(request) {
  return (await caches.match(request)) ?? fetch(request);
}

async function lineFirst(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(request)) ?? Response.error();
  }
}
