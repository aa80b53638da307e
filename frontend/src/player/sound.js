/** Sound alone is an audio rendition's own playlist: hls.js leaves variants without picture out. */
import { recall } from "../lib/store.js";

/**
 * The address of the narrator chosen last, else of the film's default sound.
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
