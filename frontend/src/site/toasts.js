/** Short words at the bottom that go by themselves. */
import { h } from "../lib/dom.js";

const SHOWN_MS = 6000;

/** Those that came with the page. */
export function toasts() {
  for (const one of document.querySelectorAll(".toast")) leave(one);
}

/** @param {string} words */
export function toast(words) {
  const one = h("p", { className: "toast" }, words);
  document.querySelector(".toasts").append(one);
  leave(one);
}

/** @param {Element} one */
function leave(one) {
  setTimeout(() => one.remove(), SHOWN_MS);
}
