/** Sharing by the phone's share sheet or the clipboard; the links work without either. */
import { toast } from "./toasts.js";

export function share() {
  for (const part of document.querySelectorAll("[data-share]")) attach(part);
}

/** @param {HTMLElement} part */
function attach(part) {
  const { share: url, shareTitle: title, shareApi: api, copied } = part.dataset;
  const button = part.querySelector("button");
  const count = (channel) => {
    // Only a statistic: its errors are ignored.
    const headers = { "Content-Type": "application/json", "X-CSRFToken": part.dataset.token ?? "" };
    fetch(api, { method: "POST", keepalive: true, headers, body: JSON.stringify({ channel }) }).catch(() => {});
  };
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      if (navigator.share) await navigator.share({ title, url });
      else await navigator.clipboard.writeText(url).then(() => toast(copied));
      count(navigator.share ? "OTHER" : "LINK");
    } catch {
      // Cancelled, or forbidden by the browser: the links are beside the button.
    }
  });
  for (const link of part.querySelectorAll("a[data-channel]")) {
    link.addEventListener("click", () => count(link.dataset.channel));
  }
}
