/** The position to resume at, and the button to start over. */
import { forget, recall } from "../lib/store.js";

const SHOWN_SECONDS = 12;
/** A position that this browser could not send counts for a week; then the server's is newer. */
const UNSENT_VALID_MS = 7 * 24 * 3600 * 1000;

/**
 * The position to resume at: the server's, or this browser's where it could not be sent.
 * @param {{resumeAt: number, duration: number, movieId: string, now?: number}} known
 */
export function resumePosition({ resumeAt, duration, movieId, now = Date.now() }) {
  const unsent = recall(`unsent:${movieId}`);
  if (unsent) forget(`unsent:${movieId}`);
  const fresh = unsent && now - unsent.at < UNSENT_VALID_MS;
  const position = fresh ? unsent.progress : resumeAt;
  // The last minute is credits: begin again.
  return position > 5 && (!duration || position < duration - Math.min(60, duration * 0.05)) ? position : 0;
}

/**
 * Offer the start for a while.
 * @param {HTMLButtonElement} button
 * @param {HTMLVideoElement} video
 */
export function offerStart(button, video) {
  button.hidden = false;
  const hide = () => (button.hidden = true);
  button.addEventListener("click", () => {
    video.currentTime = 0;
    void video.play();
    hide();
  });
  video.addEventListener("playing", () => setTimeout(hide, SHOWN_SECONDS * 1000), { once: true });
}
