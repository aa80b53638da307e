/** Qualities that the viewer can choose, with their data. */
import { formatBytes } from "../lib/format.js";
import { gettext } from "../lib/texts.js";

/** "Data saver" plays up to this many bits a second. */
const SAVER_BPS = 400_000;

/**
 * @typedef {{height: number, bandwidth: number, bytes: number}} Quality as in the API
 * @typedef {"auto" | "saver" | "listen" | number} Choice a number is a height
 * @typedef {{value: Choice, label: string, cost: string, note: string}} Option
 */

/**
 * The menu: automatic and data saver first, then qualities from high to low.
 * @param {Quality[]} qualities height 0 is sound alone
 * @param {number[]} heights heights in the stream
 * @returns {Option[]}
 */
export function qualityOptions(qualities, heights) {
  const films = qualities.filter(({ height }) => heights.includes(height));
  const saver = saverQuality(films);
  const sound = qualities.find(({ height }) => height === 0);
  const most = Math.max(0, ...films.map(({ bytes }) => bytes));
  return [
    { value: "auto", label: gettext("Auto"), cost: most ? gettext("up to {bytes}", { bytes: formatBytes(most) }) : "", note: gettext("Adjusts to your connection") },
    saver && { value: "saver", label: gettext("Data saver"), cost: about(saver), note: gettext("Lowest quality") },
    ...films
      .sort((a, b) => b.height - a.height)
      .map((film) => ({ value: film.height, label: `${film.height}p`, cost: about(film), note: nameOf(film.height) })),
    sound && { value: "listen", label: gettext("Listen only"), cost: about(sound), note: gettext("Sound without the picture") },
  ].filter(Boolean);
}

/** @param {Quality} quality */
function about({ bytes }) {
  return bytes ? gettext("about {bytes}", { bytes: formatBytes(bytes) }) : "";
}

/** @param {number} height */
function nameOf(height) {
  if (height >= 1080) return "Full HD";
  if (height >= 720) return "HD";
  if (height >= 480) return gettext("Standard");
  if (height >= 360) return gettext("Light on data");
  return height >= 240 ? gettext("Small screens") : gettext("Very slow connections");
}

/**
 * The highest quality within "Data saver".
 * @template {{height: number, bandwidth?: number, bitrate?: number}} T
 * @param {T[]} qualities with a picture
 * @returns {T | undefined}
 */
export function saverQuality(qualities) {
  const rising = [...qualities].sort((a, b) => a.height - b.height);
  const cheap = rising.filter(({ bandwidth, bitrate }) => (bandwidth ?? bitrate ?? 0) <= SAVER_BPS);
  return cheap.at(-1) ?? rising[0];
}

/**
 * The level for a chosen height: that one, or the nearest below, or the lowest.
 * @param {{height: number}[]} levels lowest first
 * @param {number} height
 */
export function levelOf(levels, height) {
  let chosen = 0;
  levels.forEach((level, index) => {
    if (level.height <= height) chosen = index;
  });
  return chosen;
}
