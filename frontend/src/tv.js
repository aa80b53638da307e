/** The TV sign-in page: polls for approval, as its button does when pressed. */
import { gettext } from "./lib/texts.js";
const form = /** @type {HTMLFormElement} */ (document.getElementById("ask"));
const state = document.getElementById("state");
let interval = Number(form.dataset.interval);

async function ask() {
  const answer = await post().catch(() => null);
  if (answer?.state === "signed_in") {
    state.textContent = gettext("Signed in. Loading films…");
    location.replace(answer.next);
  } else if (answer?.state === "over") {
    location.reload(); // denied or expired: the page has a new code
  } else {
    if (answer?.interval) interval = Math.max(interval, answer.interval);
    state.textContent = answer
      ? gettext("Waiting for approval…")
      : gettext("Connection lost. Trying again…");
    setTimeout(ask, interval * 1000);
  }
}

async function post() {
  const headers = { Accept: "application/json" };
  const response = await fetch(form.action, { method: "POST", headers, body: new FormData(form) });
  // A page that was open too long has a stale token; reloading gets a fresh one.
  if (response.status === 403) return { state: "over" };
  return response.ok ? response.json() : null;
}

setTimeout(ask, interval * 1000);
