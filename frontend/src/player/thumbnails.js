/** Thumbnails of the seek bar: a track of `sprite.jpg#xywh=…` that Media Chrome reads. */
import { h } from "../lib/dom.js";
import { withToken } from "./token.js";

/**
 * Loads the thumbnails when the viewer first uses the seek bar: most never do.
 * @param {{video: HTMLVideoElement, range: HTMLElement, url: string | null,
 *   session: import("./session.js").Session}} parts
 */
export function thumbnails({ video, range, url, session }) {
  if (!url) return;
  const load = () => {
    const fresh = withToken(url, session.token);
    const old = video.querySelector("track[label=thumbnails]");
    if (old?.getAttribute("src") === fresh) return;
    old?.remove();
    const track = h("track", { kind: "metadata", label: "thumbnails", default: true, src: fresh });
    video.append(track);
    track.track.mode = "hidden";
  };
  for (const event of ["pointerenter", "touchstart", "focus"]) {
    range.addEventListener(event, load, { once: true, passive: true });
  }
}
