/** "Listen only" plays an audio rendition's playlist: hls.js drops variants without picture. */
import { recall } from "../lib/store.js";

/**
 * The URL of the audio track chosen last, else of the film's default track.
 * @param {{url?: string, lang?: string, name?: string, default?: boolean}[]} tracks
 * @returns {string | undefined}
 */
export function soundOf(tracks) {
  const playable = tracks.filter(({ url }) => url);
  const wanted = recall("audio");
  const chosen =
    playable.find(({ lang, name }) => wanted && lang === wanted.lang && name === wanted.name) ??
    playable.find((track) => track.default) ??
    playable[0];
  return chosen?.url;
}
