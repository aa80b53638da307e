/** Rails of films: buttons for a mouse, and arrow keys for TV remotes. */
import { h } from "../lib/dom.js";

const FOCUSABLE = "main a[href], main button, header a[href], header button, .tabs a";

export function rails() {
  for (const rail of document.querySelectorAll(".rail")) buttons(rail);
  document.addEventListener("keydown", arrows);
}

/** @param {HTMLElement} rail */
function buttons(rail) {
  const films = rail.querySelector(".rail__films");
  if (!films || !matchMedia("(hover: hover)").matches) return;
  // The keyboard moves through the films themselves.
  const step = (name, sign, way) => {
    const button = h("button", { type: "button", className: `rail__step rail__step--${way}`, tabIndex: -1 }, name);
    button.setAttribute("aria-hidden", "true");
    button.addEventListener("click", () => films.scrollBy({ left: sign * films.clientWidth * 0.85 }));
    rail.append(button);
    return button;
  };
  const [back, on] = [step("‹", -1, "back"), step("›", 1, "on")];
  const look = () => {
    back.disabled = films.scrollLeft < 8;
    on.disabled = films.scrollLeft + films.clientWidth > films.scrollWidth - 8;
  };
  films.addEventListener("scroll", look, { passive: true });
  new ResizeObserver(look).observe(films);
}

/** Left and right within a rail, up and down to the nearest thing above or below. @param {KeyboardEvent} event */
function arrows(event) {
  const from = document.activeElement?.closest?.("a, button");
  if (!event.key.startsWith("Arrow") || event.altKey || event.ctrlKey || event.metaKey || !from) return;
  const sideways = event.key === "ArrowLeft" || event.key === "ArrowRight";
  const row = from.closest(".rail__films");
  if (sideways && !row) return;
  const to = sideways ? beside(from, row, event.key === "ArrowRight") : across(from, event.key === "ArrowDown");
  if (!to) return;
  event.preventDefault();
  to.focus();
  to.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function beside(from, row, onwards) {
  const films = [...row.querySelectorAll("a")];
  return films[films.indexOf(from) + (onwards ? 1 : -1)];
}

/** The closest element that begins below (or ends above), outside the own rail. */
function across(from, down) {
  const here = from.getBoundingClientRect();
  const row = from.closest(".rail__films");
  let [best, least] = [null, Infinity];
  for (const other of document.querySelectorAll(FOCUSABLE)) {
    if (other === from || (row && row.contains(other)) || other.tabIndex < 0) continue;
    const there = other.getBoundingClientRect();
    const away = down ? there.top - here.bottom : here.top - there.bottom;
    if (!there.width || away < -here.height / 2) continue;
    const aside = Math.abs(there.left + there.width / 2 - here.left - here.width / 2);
    const cost = Math.max(0, away) * 3 + aside;
    if (cost < least) [best, least] = [other, cost];
  }
  return best;
}
