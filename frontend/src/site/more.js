/** “Show more” lays the next page below this one. Without it, or when it fails, the link leads there. */
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
    shapes.forEach((one) => one.remove());
    grid.append(...films);
    films[0]?.querySelector("a")?.focus({ preventScroll: true });
    // Where it leads on; back is above already.
    const onward = next.querySelector(".grid + .paging [rel=next]");
    if (onward) link.replaceWith(onward);
    else paging.remove();
  } catch {
    location.assign(link.href);
  }
}

function shape() {
  const card = h("span", { className: "card" }, h("span", { className: "card__art" }), h("span", { className: "card__title" }));
  const one = h("li", { className: "skeleton" }, card);
  one.setAttribute("aria-hidden", "true");
  return one;
}
