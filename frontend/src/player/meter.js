/** The data this viewing has used: the promise of no surprises. */
import { formatBytes } from "../lib/format.js";

const EVERY_SECONDS = 2;

/**
 * @param {HTMLElement} element
 * @param {() => number} bytes
 */
export function showMeter(element, bytes) {
  const value = element.querySelector("[data-value]");
  setInterval(() => {
    const text = formatBytes(bytes());
    if (value.textContent !== text) value.textContent = text;
    element.hidden = bytes() === 0;
  }, EVERY_SECONDS * 1000);
}
