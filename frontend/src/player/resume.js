/** Where to begin, and the way back to the start. */
import { forget, recall } from "../lib/store.js";

const SHOWN_SECONDS = 12;
/** What this phone could not send is believed for so long; then other devices know better. */
const UNSENT_BELIEVED_MS = 7 * 24 * 3600 * 1000;

/**
 * The place to resume at: the server's, or this browser's own where it could not be sent.
 * @param {{resumeAt: number, duration: number, movieId: string, now?: number}} known
 */
export function resumePosition({ resumeAt, duration, movieId, now = Date.now() }) {
  const unsent = recall(`unsent:${movieId}`);
  if (unsent) forget(`unsent:${movieId}`);
  const fresh = unsent && now - unsent.at < UNSENT_BELIEVED_MS;
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
