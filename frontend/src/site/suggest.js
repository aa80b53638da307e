/** Suggestions below the search box. Enter without a choice searches as usual. */
import { h } from "../lib/dom.js";

const PAUSE_MS = 180;
const PAGES = { MOVIE: "/movies/", SERIES: "/series/", PERSON: "/people/" };

export function suggest() {
  for (const form of document.querySelectorAll("[data-suggest]")) attach(form);
}

/** @param {HTMLFormElement} form */
function attach(form) {
  const input = form.querySelector("input[name=q]");
  const list = h("div", { id: `${input.id}-found`, className: "found", role: "listbox", hidden: true });
  list.setAttribute("aria-label", form.dataset.suggest);
  form.append(list);
  const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" };
  input.autocomplete = "off";
  for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
  let [timer, asked, at] = [0, "", -1];

  const close = () => show([]);
  const show = (found) => {
    at = -1;
    list.replaceChildren(...found.map((item, index) => row(item, `${list.id}-${index}`, form.dataset)));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
  };
  const ask = async () => {
    const q = input.value.trim();
    if (q === asked) return;
    asked = q;
    if (q.length < 2) return close();
    const answer = await fetch(`/api/v1/movies/suggest?q=${encodeURIComponent(q)}`).catch(() => null);
    const found = answer?.ok ? (await answer.json()).results : [];
    if (q === asked) show(found);
  };
  const move = (step) => {
    const rows = [...list.children];
    rows[at]?.setAttribute("aria-selected", "false");
    at = (at + step + rows.length + (at < 0 && step < 0 ? 1 : 0)) % rows.length;
    rows[at].setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", rows[at].id);
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      list.children[at].click();
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    }
  });
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) close();
  });
}

/** @param {{type: string, slug: string, title: string}} item */
function row({ type, slug, title }, id, labels) {
  const name = h("bdi", {}, title);
  const kind = h("small", {}, labels[type.toLowerCase()] ?? "");
  const link = h("a", { id, href: PAGES[type] + slug, role: "option", tabIndex: -1 }, name, kind);
  link.setAttribute("aria-selected", "false");
  // The box would lose the focus, and the list close, before the click.
  link.addEventListener("mousedown", (event) => event.preventDefault());
  return link;
}
