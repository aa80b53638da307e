/** Sound and captions: what there is, what was chosen, and remembering it. */
import { keep, recall } from "../lib/store.js";
import { gettext } from "../lib/words.js";

/**
 * @typedef {{value: number, label: string, note: string, checked: boolean}} TrackOption
 */

/** @param {import("./stream.js").Stream} stream @returns {TrackOption[]} */
export function audioOptions(stream) {
  const { hls } = stream;
  return (hls?.audioTracks ?? []).map((track, index) => ({
    value: index,
    label: track.name || languageName(track.lang),
    note: track.name && track.lang ? languageName(track.lang) : "",
    checked: index === hls.audioTrack,
  }));
}

/** @param {import("./stream.js").Stream} stream @param {number} index */
export function chooseAudio({ hls }, index) {
  const off = !captionOptions({ hls }).some(({ value, checked }) => checked && value >= 0);
  hls.audioTrack = index;
  if (off) show(hls, -1); // the forced ones go with the language that is heard
  const { lang, name } = hls.audioTracks[index];
  keep("audio", { lang, name });
}

/** @param {import("./stream.js").Stream} stream @returns {TrackOption[]} */
export function captionOptions({ hls }) {
  const tracks = hls?.subtitleTracks ?? [];
  if (!tracks.length) return [];
  const options = tracks
    .map((track, index) => ({
      value: index,
      label: track.name || languageName(track.lang),
      note: "",
      checked: hls.subtitleDisplay && index === hls.subtitleTrack,
      forced: Boolean(track.forced),
    }))
    .filter(({ forced }) => !forced)
    .map(({ forced, ...option }) => option);
  if (!options.length) return [];
  return [{ value: -1, label: gettext("Off"), note: "", checked: !options.some((one) => one.checked) }, ...options];
}

/** @param {import("./stream.js").Stream} stream @param {number} index -1: off */
export function chooseCaptions({ hls }, index) {
  show(hls, index);
  const { lang, name } = hls.subtitleTracks[index] ?? {};
  keep("captions", index < 0 ? null : { lang, name });
}

/** With captions off the forced ones are on: signs and foreign words that every viewer is to read. */
function show(hls, index) {
  const shown = index >= 0 ? index : forcedTrack(hls);
  hls.subtitleDisplay = shown >= 0;
  hls.subtitleTrack = shown;
}

/** The forced track in the language that is heard, or the one that stands by default; -1: none. */
function forcedTrack(hls) {
  const language = hls.audioTracks[hls.audioTrack]?.lang;
  const heard = language && language !== "und" ? language : "";
  const forced = hls.subtitleTracks.map((track, index) => ({ track, index })).filter(({ track }) => track.forced);
  const found = forced.find(({ track }) => heard && track.lang === heard) ?? forced.find(({ track }) => track.default);
  return (found ?? (heard ? undefined : forced[0]))?.index ?? -1;
}

/** Captions only where they were chosen before; forced ones show by themselves. */
export function restoreCaptions({ hls }) {
  const wanted = recall("captions");
  const index = hls.subtitleTracks.findIndex(
    ({ lang, name, forced }) => !forced && wanted && lang === wanted.lang && name === wanted.name,
  );
  show(hls, index);
}

/** The key and the button: off, or the last language, or the first. */
export function toggleCaptions(stream) {
  const options = captionOptions(stream);
  if (!options.length) return null;
  const on = !options[0].checked;
  const wanted = recall("captions-last");
  const next = on ? options[0] : (options.find(({ label }) => label === wanted) ?? options[1]);
  if (on) keep("captions-last", options.find(({ checked }) => checked).label);
  chooseCaptions(stream, next.value);
  return next;
}

/** `lg` → `Ganda` is what browsers say; people say Luganda. @param {string | undefined} code */
export function languageName(code) {
  if (!code || code === "und") return "";
  if (code === "lg") return "Luganda";
  try {
    return new Intl.DisplayNames([document.documentElement.lang, "en"], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}
