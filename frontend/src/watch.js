/**
 * Loader of the player. The page draws without it. The player's code, a hundred kilobytes that load
 * from the page's first lines on, may have to be requested again.
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
