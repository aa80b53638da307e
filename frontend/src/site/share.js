/** The phone's own share sheet, or the clipboard; without either the links do. */
import { toast } from "./toasts.js";

export function share() {
  for (const part of document.querySelectorAll("[data-share]")) attach(part);
}

/** @param {HTMLElement} part */
function attach(part) {
  const { share: url, shareTitle: title, shareApi: api, copied } = part.dataset;
  const button = part.querySelector("button");
  const told = (channel) => {
    // Only counted; nobody waits for it, and nothing hangs on it.
    const headers = { "Content-Type": "application/json", "X-CSRFToken": part.dataset.token ?? "" };
    fetch(api, { method: "POST", keepalive: true, headers, body: JSON.stringify({ channel }) }).catch(() => {});
  };
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      if (navigator.share) await navigator.share({ title, url });
      else await navigator.clipboard.writeText(url).then(() => toast(copied));
      told(navigator.share ? "OTHER" : "LINK");
    } catch {
      // Changed their mind, or the browser forbids it: the links are beside the button.
    }
  });
  for (const link of part.querySelectorAll("a[data-channel]")) {
    link.addEventListener("click", () => told(link.dataset.channel));
  }
}
