/** Texts for people: English in the code, translations in the page. */
import { pageData } from "./dom.js";

/** English → the page's language; null on an English page, and where there is none. */
export const translations = globalThis.document ? pageData("words") : null;

/**
 * `gettext("up to {bytes}", { bytes: "1 GB" })`. `make messages` finds the first
 * argument, a plain string.
 * @param {string} english
 * @param {Record<string, any>} [values]
 */
export function gettext(english, values = {}) {
  return (translations?.[english] ?? english).replace(/\{(\w+)\}/g, (hole, name) => String(values[name] ?? hole));
}
