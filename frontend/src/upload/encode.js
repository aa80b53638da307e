/** Panel of a video: progress of its encode, renditions, errors and actions. */
import { call } from "../lib/api.js";
import { h } from "../lib/dom.js";
import { formatBytes, formatClock, formatSpan } from "../lib/format.js";
import { errorMessage } from "./messages.js";

const POLL_SECONDS = 2;
const WORKING = new Set(["UPLOADED", "PROBING", "ENCODING", "PACKAGING"]);
const STATUS = {
  AWAITING_UPLOAD: "Waiting for upload",
  UPLOADED: "Uploaded",
  PROBING: "Checking the file",
  ENCODING: "Encoding",
  PACKAGING: "Packaging",
  READY: "Ready",
  FAILED: "Failed",
};
const KINDS = { TRAILER: "Trailer", SOUND: "Audio" };
const RUNG = { WAITING: "waiting", ENCODING: "encoding", READY: "ready", FAILED: "failed" };

/**
 * @param {any} video the answer of `GET admin/videos/:id`
 * @param {{apiUrl: string, csrfToken: string, watchUrl: string, trailerUrl: string}} page
 */
export function encodePanel(video, page) {
  const root = h("section", { className: "media__video", "aria-label": `Video ${video.filename}` });
  let timer = 0;
  const show = (now) => {
    const focused = root.contains(document.activeElement) && document.activeElement.textContent;
    root.replaceChildren(...content(now, page, act));
    if (focused) [...root.querySelectorAll("button")].find((button) => button.textContent === focused)?.focus();
    clearTimeout(timer);
    if (WORKING.has(now.status)) timer = setTimeout(poll, POLL_SECONDS * 1000);
    else root.dispatchEvent(new CustomEvent("media:settled", { bubbles: true, detail: now }));
  };
  const poll = async () => {
    try {
      show(await call(`${page.apiUrl}/${video.id}`));
    } catch {
      timer = setTimeout(poll, POLL_SECONDS * 2000); // the server restarts, or the connection is lost
    }
  };
  const act = async (path, button) => {
    button.disabled = true;
    try {
      show(await call(`${page.apiUrl}/${video.id}${path}`, { method: "POST", csrfToken: page.csrfToken }));
    } catch (error) {
      button.disabled = false;
      button.after(h("p", { className: "media__fault", role: "alert" }, errorMessage(error)));
    }
  };
  show(video);
  return root;
}

function content(video, page, act) {
  const { status, encode, error, playable, current } = video;
  const working = WORKING.has(status);
  const sound = video.kind === "SOUND";
  const watchUrl = video.kind === "TRAILER" ? page.trailerUrl : page.watchUrl;
  const button = (label, path, className = "button") => {
    const element = h("button", { type: "button", className }, label);
    element.addEventListener("click", () => act(path, element));
    return element;
  };
  const left = encode?.secondsLeft ? `about ${formatSpan(encode.secondsLeft)} left` : "";
  return [
    h(
      "p",
      { className: "media__name" },
      h("strong", {}, video.filename),
      KINDS[video.kind] && h("span", { className: "media__badge" }, KINDS[video.kind]),
      ` ${formatBytes(video.size)}${video.duration ? `, ${formatClock(video.duration)}` : ""} `,
      h("span", { className: `media__badge media__badge--${status.toLowerCase()}` }, STATUS[status] ?? status),
      playable ? h("span", { className: "media__badge media__badge--playable" }, current ? "Live" : "Playable") : null,
    ),
    working && h("progress", { max: 100, value: video.progress, "aria-label": "Encode" }),
    working && h("p", { className: "media__figures" }, [`${video.progress} %`, left].filter(Boolean).join(" · ")),
    error && h("p", { className: "media__fault", role: "alert" }, error.message),
    video.warnings.length > 0 && warnings(video.warnings),
    video.renditions.length > 0 && rungs(video.renditions),
    working && encode?.lastError && h("p", { className: "media__note" }, `Attempt ${encode.attempts}. Last error: ${encode.lastError}`),
    h(
      "p",
      { className: "media__row" },
      status === "FAILED" && button("Retry", "/transcode?resume=1"),
      status === "READY" && sound && "The film has this track now. Reload the page to see it.",
      (status === "READY" || status === "FAILED") && !sound && button("Encode again", "/transcode", "button media__quiet"),
      playable && current && watchUrl && h("a", { href: watchUrl, className: "media__link" }, "Watch"),
    ),
  ].filter(Boolean);
}

function rungs(renditions) {
  const rows = renditions.map((rung) =>
    h(
      "li",
      { className: `media__rung media__rung--${rung.status.toLowerCase()}` },
      h("span", {}, rung.height ? `${rung.height}p` : "Audio"),
      h("progress", { max: 100, value: rung.progress, "aria-label": `${rung.name}: ${RUNG[rung.status] ?? rung.status}` }),
      h("span", {}, RUNG[rung.status] ?? rung.status),
      h("span", {}, rung.bytes ? formatBytes(rung.bytes) : ""),
    ),
  );
  return h("ul", { className: "media__rungs" }, ...rows);
}

/** @param {{code: string, message: string}[]} items */
function warnings(items) {
  const rows = items.map(({ code, message }) => h("li", { "data-code": code }, message));
  return h("ul", { className: "media__warnings", "aria-label": "Differences from the file" }, ...rows);
}
