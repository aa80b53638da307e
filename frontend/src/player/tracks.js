/** Audio tracks and captions: the options, the choice, and its memory. */
import { keep, recall } from "../lib/store.js";
import { gettext } from "../lib/texts.js";

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
  if (off) show(hls, -1); // forced captions follow the audio's language
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
  return [{ value: -1, label: gettext("Off"), note: "", checked: !options.some(({ checked }) => checked) }, ...options];
}

/** @param {import("./stream.js").Stream} stream @param {number} index -1: off */
export function chooseCaptions({ hls }, index) {
  show(hls, index);
  const { lang, name } = hls.subtitleTracks[index] ?? {};
  keep("captions", index < 0 ? null : { lang, name });
}

/** With captions off, forced ones are on: signs and foreign speech that every viewer needs. */
function show(hls, index) {
  const shown = index >= 0 ? index : forcedTrack(hls);
  hls.subtitleDisplay = shown >= 0;
  hls.subtitleTrack = shown;
}

/** The forced track in the audio's language, or the default one; -1: none. */
function forcedTrack(hls) {
  const language = hls.audioTracks[hls.audioTrack]?.lang;
  const audio = language && language !== "und" ? language : "";
  const forced = hls.subtitleTracks.map((track, index) => ({ track, index })).filter(({ track }) => track.forced);
  const match = forced.find(({ track }) => audio && track.lang === audio) ?? forced.find(({ track }) => track.default);
  return (match ?? (audio ? undefined : forced[0]))?.index ?? -1;
}

/** Turn captions on only if they were chosen before; forced ones are on anyway. */
export function restoreCaptions({ hls }) {
  const wanted = recall("captions");
  const index = hls.subtitleTracks.findIndex(
    ({ lang, name, forced }) => !forced && wanted && lang === wanted.lang && name === wanted.name,
  );
  show(hls, index);
}

/** Toggle captions: off, or the last language, or the first. */
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

/** The name of a language. Browsers call `lg` Ganda; its name in Uganda is Luganda. @param {string | undefined} code */
export function languageName(code) {
  if (!code || code === "und") return "";
  if (code === "lg") return "Luganda";
  try {
    return new Intl.DisplayNames([document.documentElement.lang, "en"], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}
