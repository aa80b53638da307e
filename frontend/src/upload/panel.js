/** Upload panel of a film's admin page: choose a file, follow, pause, resume and cancel the upload. */
import { h } from "../lib/dom.js";
import { formatBytes, formatSpan } from "../lib/format.js";
import { Estimate } from "./estimate.js";
import { unfinishedUploads } from "./fingerprint.js";
import { errorMessage } from "./messages.js";
import { soundFields } from "./sound.js";
import { Tickets } from "./tickets.js";
import { Transfer } from "./transfer.js";

const STATES = {
  starting: "Preparing…",
  sending: "Uploading",
  waiting: "Connection lost. The upload resumes when you're back online.",
  paused: "Paused",
  finishing: "Checking the file…",
};

/**
 * @param {HTMLElement} root
 * @param {{apiUrl: string, csrfToken: string, movieId: string}} page
 * @param {(video: any) => void} onDone
 */
export function uploadPanel(root, page, onDone) {
  const sound = soundFields();
  const kind = kindChoice(sound, Boolean(page.soundUrl));
  const input = h("input", { type: "file", accept: "video/*,audio/*,.mkv,.ts,.m2ts,.mts,.flac,.opus", id: "film-file", className: "media__file" });
  const drop = h(
    "label",
    { className: "media__drop", htmlFor: "film-file" },
    h("strong", {}, "Drop a file here, or choose one"),
    h("span", {}, "MP4, MOV, AVI, MKV, WebM or MPEG-TS; audio also as MP3, M4A, WAV, FLAC or OGG. You can close this page and resume later."),
    input,
  );
  const area = h("div", { "aria-live": "polite" });
  const idle = () => area.replaceChildren(...offers(page.movieId), kind, drop);
  const fail = (error) => {
    idle();
    area.prepend(h("p", { className: "media__fault", role: "alert" }, errorMessage(error)));
  };
  const begin = (file) => {
    const chosen = kind.querySelector("input:checked")?.value ?? "FEATURE";
    if (chosen === "SOUND" && !sound.complete()) return;
    if (file) send(area, { ...page, kind: chosen, sound: sound.values() }, file, { onDone: (video) => (idle(), onDone(video)), onError: fail, onCancel: idle });
  };
  input.addEventListener("change", () => {
    begin(input.files[0]);
    input.value = "";
  });
  acceptDrops(drop, begin);
  root.append(area);
  idle();
}

/** The choice of what the next file is: the film, its trailer or an audio track. */
function kindChoice(sound, finished) {
  const option = (value, label, checked) =>
    h("label", {}, h("input", { type: "radio", name: "video-kind", value, checked }), ` ${label}`);
  const choice = h(
    "fieldset",
    { className: "media__kind" },
    h("legend", { className: "media__legend" }, "This file is"),
    option("FEATURE", "the film", true),
    option("TRAILER", "the trailer, which anyone can watch", false),
    finished && option("SOUND", "another audio track: a VJ’s narration or a dub", false),
    sound.root,
  );
  choice.addEventListener("change", () => (sound.root.hidden = choice.querySelector("input:checked")?.value !== "SOUND"));
  return choice;
}

/** @param {string} movieId */
function offers(movieId) {
  return unfinishedUploads(movieId).map(({ name, size, sent }) => {
    const percent = Math.floor((100 * sent) / size);
    return h("p", { className: "media__offer" }, h("strong", {}, name), ` stopped at ${percent} %. Choose the file again to resume.`);
  });
}

/** @param {HTMLElement} drop @param {(file: File | undefined) => void} begin */
function acceptDrops(drop, begin) {
  const over = (on) => (event) => {
    event.preventDefault();
    drop.classList.toggle("media__drop--over", on);
  };
  for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, over(true));
  drop.addEventListener("dragleave", over(false));
  drop.addEventListener("drop", (event) => {
    over(false)(event);
    begin(event.dataTransfer?.files[0]);
  });
}

function send(area, page, file, { onDone, onError, onCancel }) {
  const estimate = new Estimate();
  const bar = h("progress", { max: 100, value: 0, "aria-label": `Upload of ${file.name}` });
  const state = h("span", { className: "media__state" });
  const figures = h("span", { className: "media__figures" });
  const toggle = h("button", { type: "button", className: "button" }, "Pause");
  const cancel = h("button", { type: "button", className: "button media__quiet" }, "Cancel upload");
  const stay = (event) => event.preventDefault();
  const end = (then) => (value) => {
    removeEventListener("beforeunload", stay);
    then(value);
  };
  const transfer = new Transfer(new Tickets(page), file, {
    onState: (name) => {
      state.textContent = STATES[name];
      if (name !== "sending") estimate.reset();
      toggle.textContent = name === "paused" ? "Resume" : "Pause";
      toggle.disabled = name === "finishing" || name === "starting";
    },
    onProgress: (sent, total) => {
      estimate.add(sent, Date.now());
      bar.value = (100 * sent) / total;
      const left = estimate.left(total);
      figures.textContent = [
        `${Math.floor((100 * sent) / total)} %`,
        `${formatBytes(sent)} of ${formatBytes(total)}`,
        estimate.speed ? `${formatBytes(estimate.speed)}/s` : "",
        left === null ? "" : `${formatSpan(left)} left`,
      ].filter(Boolean).join(" · ");
    },
    onDone: end(onDone),
    onError: end(onError),
  });
  toggle.addEventListener("click", () => (transfer.paused ? transfer.resume() : transfer.pause()));
  cancel.addEventListener("click", () => {
    if (confirm("Cancel this upload and delete what has been sent?")) void transfer.cancel().then(end(onCancel), end(onError));
  });
  addEventListener("beforeunload", stay);
  area.replaceChildren(
    h("p", { className: "media__name" }, h("strong", {}, file.name), " ", state),
    bar,
    h("p", { className: "media__row" }, figures, toggle, cancel),
  );
  void transfer.start();
}
