/** Unfinished uploads of this browser, by the file they belong to. */
import { forget, keep, recall } from "../lib/store.js";

const KEY = "uploads";
/** The server deletes an unfinished upload after three days (settings.UPLOAD_LIFETIME). */
const LIFETIME_MS = 3 * 24 * 3600 * 1000;

/** @typedef {{videoId: string, movieId: string, name: string, size: number, sent: number, at: number}} Unfinished */

/** @param {{name: string, size: number, lastModified: number}} file */
export function fingerprint({ name, size, lastModified }) {
  return `${size}:${lastModified}:${name}`;
}

/** @param {number} [now] @returns {Record<string, Unfinished>} by fingerprint */
function all(now = Date.now()) {
  const stored = Object.entries(recall(KEY, {}) ?? {});
  return Object.fromEntries(stored.filter(([, upload]) => now - upload.at < LIFETIME_MS));
}

/** @param {File} file @param {string} movieId @returns {Unfinished | undefined} */
export function unfinishedOf(file, movieId) {
  const found = all()[fingerprint(file)];
  return found?.movieId === movieId ? found : undefined;
}

/** @param {File} file @param {{videoId: string, movieId: string, sent: number}} upload */
export function rememberUpload(file, { videoId, movieId, sent }) {
  const upload = { videoId, movieId, sent, name: file.name, size: file.size, at: Date.now() };
  keep(KEY, { ...all(), [fingerprint(file)]: upload });
}

/** @param {string} videoId */
export function forgetUpload(videoId) {
  const left = Object.entries(all()).filter(([, upload]) => upload.videoId !== videoId);
  if (left.length) keep(KEY, Object.fromEntries(left));
  else forget(KEY);
}

/** Uploads for a film that this browser did not finish. @param {string} movieId */
export function unfinishedUploads(movieId) {
  return Object.values(all()).filter((upload) => upload.movieId === movieId);
}
