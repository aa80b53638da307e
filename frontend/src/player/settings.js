/** The settings dialog: quality with its data, sound, captions, speed. */
import { h } from "../lib/dom.js";
import { formatBytes } from "../lib/format.js";
import { keep } from "../lib/store.js";
import { gettext } from "../lib/texts.js";
import { showKeys } from "./keyboard.js";
import { qualityOptions } from "./quality.js";
import { audioOptions, captionOptions, chooseAudio, chooseCaptions } from "./tracks.js";

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2];

/**
 * @typedef {{video: HTMLVideoElement, stream: import("./stream.js").Stream,
 *   qualities: import("./quality.js").Quality[], onChange: () => void}} Parts
 */

/** @param {Parts} parts */
export function openSettings(parts) {
  const close = h("button", { type: "button", className: "panel__close", "aria-label": gettext("Close settings") }, "×");
  const dialog = h(
    "dialog",
    { className: "panel panel--settings", "aria-labelledby": "settings-heading" },
    h("header", { className: "panel__head" }, h("h2", { id: "settings-heading" }, gettext("Settings")), close),
    h("div", { className: "panel__body" }, ...sections(parts)),
  );
  close.addEventListener("click", () => dialog.close());
  // A press outside the dialog closes it, too.
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.getElementById("player").append(dialog);
  dialog.showModal();
}

/** @param {Parts} parts */
function sections({ video, stream, qualities, onChange }) {
  const changed = (act) => (value) => {
    act(value);
    onChange();
  };
  const quality = changed((value) => {
    keep("quality", value);
    stream.choose(value);
  });
  const heights = stream.levels.map(({ height }) => height);
  const shown = stream.soundOnly ? qualities.map(({ height }) => height) : heights;
  const options = qualityOptions(qualities, shown).map((option) => ({ ...option, checked: option.value === stream.choice }));
  const sound = audioOptions(stream);
  const captions = captionOptions(stream);
  const bytes = formatBytes(stream.bytesLoaded);
  const speeds = SPEEDS.map((rate) => ({ value: rate, label: `${rate}×`, checked: video.playbackRate === rate }));
  return [
    options.length > 1 && group("quality", gettext("Picture and data"), options, quality),
    h("p", { className: "panel__used" }, gettext("Data used so far: {bytes}", { bytes })),
    sound.length > 1 && group("audio", gettext("Sound"), sound, changed((value) => chooseAudio(stream, value))),
    captions.length > 0 && group("captions", gettext("Captions"), captions, changed((value) => chooseCaptions(stream, value))),
    group("speed", gettext("Speed"), speeds, changed((value) => (video.playbackRate = value)), "chips"),
    h("button", { type: "button", className: "panel__keys", onclick: showKeys }, gettext("Keyboard shortcuts")),
  ].filter(Boolean);
}

/**
 * @param {string} name
 * @param {string} title
 * @param {{value: any, label: string, cost?: string, note?: string, checked: boolean}[]} options
 * @param {(value: any) => void} choose
 * @param {"rows" | "chips"} [look]
 */
function group(name, title, options, choose, look = "rows") {
  return h(
    "fieldset",
    { className: `choice choice--${look}` },
    h("legend", {}, title),
    ...options.map(({ value, label, cost, note, checked }) =>
      h(
        "label",
        { className: "choice__option" },
        h("input", { type: "radio", name, checked, value: String(value), onchange: () => choose(value) }),
        h("span", { className: "choice__label" }, label, note ? h("small", {}, note) : null),
        cost ? h("span", { className: "choice__cost" }, cost) : null,
      ),
    ),
  );
}
