/** A TV's browser that waits to be signed in: asks by itself what its button would ask. */
import { gettext } from "./lib/words.js";
const form = /** @type {HTMLFormElement} */ (document.getElementById("ask"));
const state = document.getElementById("state");
let interval = Number(form.dataset.interval);

async function ask() {
  const answer = await post().catch(() => null);
  if (answer?.state === "signed_in") {
    state.textContent = gettext("Signed in. Loading films…");
    location.replace(answer.next);
  } else if (answer?.state === "over") {
    location.reload(); // turned away or too late: the page has a new code
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
  // A page that stood too long has a stale token: a fresh one comes with a fresh page.
  if (response.status === 403) return { state: "over" };
  return response.ok ? response.json() : null;
}

setTimeout(ask, interval * 1000);
