/** Words for people. English is in the code; a page in another language brings its own. */
import { pageData } from "./dom.js";

/** English → the page's language; null on an English page, and where there is none. */
export const words = globalThis.document ? pageData("words") : null;

/**
 * `gettext("up to {bytes}", { bytes: "1 GB" })`. Found by `make messages`: the first argument is a
 * plain string.
 * @param {string} english
 * @param {Record<string, any>} [values]
 */
export function gettext(english, values = {}) {
  return (words?.[english] ?? english).replace(/\{(\w+)\}/g, (hole, name) => String(values[name] ?? hole));
}
