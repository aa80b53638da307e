/** Prefetching, only on Wi-Fi or cable, where data costs nothing. */

const FREE = ["wifi", "ethernet"];

export function prefetch() {
  const connection = /** @type {any} */ (navigator).connection;
  if (!connection || connection.saveData || !FREE.includes(connection.type)) return;
  for (const part of document.querySelectorAll("[data-prefetch]")) ahead(part.dataset.prefetch, "script");
  const seen = new Set();
  document.addEventListener("pointerover", ({ target }) => {
    const link = target instanceof Element && target.closest("a.card");
    if (!link || seen.has(link.href)) return;
    seen.add(link.href);
    ahead(link.href, "document");
  });
}

function ahead(href, as) {
  document.head.append(Object.assign(document.createElement("link"), { rel: "prefetch", href, as }));
}
