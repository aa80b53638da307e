/** The data used by this viewing, and its price. */
import { formatBytes, formatShillings } from "../lib/format.js";

const EVERY_SECONDS = 2;

/**
 * @param {HTMLElement} element
 * @param {() => number} bytes
 * @param {number} ugxPerMb of the viewer's own bundle
 */
export function showMeter(element, bytes, ugxPerMb) {
  const value = element.querySelector("[data-value]");
  setInterval(() => {
    const text = `${formatBytes(bytes())} · ${formatShillings((bytes() / 1e6) * ugxPerMb)}`;
    if (value.textContent !== text) value.textContent = text;
    element.hidden = bytes() === 0;
  }, EVERY_SECONDS * 1000);
}
