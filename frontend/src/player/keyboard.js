/** Keyboard shortcuts, and a dialog that lists them. */
import { h } from "../lib/dom.js";
import { gettext } from "../lib/texts.js";

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2];
const KEYS = [
  [gettext("Space or K"), gettext("Play, pause")],
  ["J, L", gettext("10 seconds back, forward")],
  ["← →", gettext("5 seconds back, forward")],
  ["↑ ↓", gettext("Volume up, down")],
  ["M", gettext("Mute")],
  ["C", gettext("Captions")],
  ["F", gettext("Full screen")],
  ["< >", gettext("Slower, faster")],
  ["0–9", gettext("Jump to 0 % … 90 %")],
  ["?", gettext("Show this list")],
];

/** The next speed in a direction. @param {number} rate @param {1 | -1} step */
export function nextSpeed(rate, step) {
  const nearest = SPEEDS.reduce((best, speed) => (Math.abs(speed - rate) < Math.abs(best - rate) ? speed : best));
  return SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, SPEEDS.indexOf(nearest) + step))];
}

/** True if the focused element uses the key itself. @param {EventTarget | null} target @param {string} key */
function taken(target, key) {
  if (!(target instanceof Element)) return false;
  if (target.closest("dialog, input, select, textarea")) return true;
  if (/^Arrow/.test(key)) return Boolean(target.closest("media-time-range, media-volume-range"));
  return key === " " && Boolean(target.closest("a, button, [role=button], media-play-button"));
}

/**
 * @param {{video: HTMLVideoElement, actions: {captions: () => void, fullscreen: () => void},
 *   announce: (text: string) => void}} parts
 */
export function keyboard({ video, actions, announce }) {
  const seek = (seconds) => {
    video.currentTime = Math.min(video.duration || 0, Math.max(0, video.currentTime + seconds));
    announce(`${seconds > 0 ? "+" : "−"}${Math.abs(seconds)} s`);
  };
  const volume = (step) => {
    video.volume = Math.min(1, Math.max(0, Math.round((video.volume + step) * 20) / 20));
    video.muted = video.volume === 0;
    announce(gettext("Volume {percent} %", { percent: Math.round(video.volume * 100) }));
  };
  const speed = (step) => {
    video.playbackRate = nextSpeed(video.playbackRate, step);
    announce(gettext("Speed {rate}×", { rate: video.playbackRate }));
  };
  const toggle = () => (video.paused ? void video.play() : video.pause());
  const keys = {
    " ": toggle,
    k: toggle,
    j: () => seek(-10),
    l: () => seek(10),
    ArrowLeft: () => seek(-5),
    ArrowRight: () => seek(5),
    ArrowUp: () => volume(0.05),
    ArrowDown: () => volume(-0.05),
    m: () => {
      video.muted = !video.muted;
      announce(video.muted ? gettext("Muted") : gettext("Sound on"));
    },
    c: actions.captions,
    f: actions.fullscreen,
    "<": () => speed(-1),
    ">": () => speed(1),
    "?": showKeys,
  };
  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || taken(target, key)) return;
    const act = keys[key] ?? keys[key.toLowerCase()];
    if (act) act();
    else if (/^[0-9]$/.test(key) && video.duration) video.currentTime = (video.duration * Number(key)) / 10;
    else return;
    event.preventDefault();
  });
}

export function showKeys() {
  const close = h("button", { type: "button", className: "button", autofocus: true }, gettext("Close"));
  const rows = KEYS.flatMap(([key, action]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, action)]);
  const dialog = h(
    "dialog",
    { className: "panel panel--keys", "aria-labelledby": "keys-heading" },
    h("h2", { id: "keys-heading" }, gettext("Keyboard shortcuts")),
    h("dl", {}, ...rows),
    close,
  );
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.getElementById("player").append(dialog);
  dialog.showModal();
}
