/** Short messages at the bottom, which disappear after a while. */
import { h } from "../lib/dom.js";

const SHOWN_MS = 6000;

/** Messages that came with the page. */
export function toasts() {
  for (const message of document.querySelectorAll(".toast")) leave(message);
}

/** @param {string} text */
export function toast(text) {
  const message = h("p", { className: "toast" }, text);
  document.querySelector(".toasts").append(message);
  leave(message);
}

/** @param {Element} message */
function leave(message) {
  setTimeout(() => message.remove(), SHOWN_MS);
}
