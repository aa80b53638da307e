/** “Show more” appends the next page of films. Without this script, or on errors, the link opens it. */
import { h } from "../lib/dom.js";

const SHAPES = 6;

export function more() {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest(".grid + .paging [rel=next]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    onwards(/** @type {HTMLAnchorElement} */ (link));
  });
}

/** @param {HTMLAnchorElement} link */
async function onwards(link) {
  const paging = link.closest(".paging");
  const grid = paging.previousElementSibling;
  const shapes = Array.from({ length: SHAPES }, shape);
  link.setAttribute("aria-disabled", "true");
  grid.append(...shapes);
  try {
    const answer = await fetch(link.href);
    if (!answer.ok) throw new Error(String(answer.status));
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    const films = [...next.querySelectorAll(".grid > li")];
    shapes.forEach((item) => item.remove());
    grid.append(...films);
    films[0]?.querySelector("a")?.focus({ preventScroll: true });
    // Only the next link: the films of the page before are above.
    const onward = next.querySelector(".grid + .paging [rel=next]");
    if (onward) link.replaceWith(onward);
    else paging.remove();
  } catch {
    location.assign(link.href);
  }
}

function shape() {
  const card = h("span", { className: "card" }, h("span", { className: "card__art" }), h("span", { className: "card__title" }));
  const item = h("li", { className: "skeleton" }, card);
  item.setAttribute("aria-hidden", "true");
  return item;
}
