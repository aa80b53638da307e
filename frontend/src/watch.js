/**
 * The watch page draws itself without us. This much is sure to arrive; the player's own code, a
 * hundred kilobytes on their way since the page's first lines, may have to be asked for again.
 */
import { load } from "./lib/load.js";
import { painted } from "./lib/tasks.js";

const code = /** @type {HTMLLinkElement} */ (document.getElementById("code"));
const banner = document.getElementById("banner");

await painted();
await load(code.href, () => {
  banner.textContent = banner.dataset.weak;
  banner.hidden = false;
});
