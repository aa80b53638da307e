/** Lost connections: a banner, and an automatic retry. */
import { gettext } from "../lib/texts.js";

const LONGEST_WAIT_SECONDS = 15;

/**
 * @param {{stream: import("./stream.js").Stream, video: HTMLVideoElement,
 *   banner: import("./banner.js").Banner}} parts
 */
export function watchNetwork({ stream, video, banner }) {
  let tries = 0;
  let timer = 0;
  let lost = false;

  const again = () => {
    clearTimeout(timer);
    tries += 1;
    stream.again();
  };
  const back = () => {
    tries = 0;
    lost = false;
    clearTimeout(timer);
    banner.hide();
  };

  addEventListener("offline", () => banner.show(gettext("You're offline. The film continues when you're back online.")));
  addEventListener("online", () => (lost ? again() : banner.hide()));
  // Fragments arrive again, so the connection is back.
  video.addEventListener("progress", () => lost && video.readyState >= 3 && back());
  video.addEventListener("timeupdate", () => lost && !video.paused && video.readyState >= 3 && back());

  return {
    /** hls.js has given up on a request. */
    lost() {
      lost = true;
      const wait = Math.min(LONGEST_WAIT_SECONDS, 2 ** tries);
      const text = gettext("The connection is weak. Reconnecting…");
      banner.show(text, { label: gettext("Retry now"), act: again });
      clearTimeout(timer);
      timer = setTimeout(again, wait * 1000);
    },
  };
}
