/** A film's videos on its admin page, and the uploader. */
import { h, pageData } from "./lib/dom.js";
import { encodePanel } from "./upload/encode.js";
import { uploadPanel } from "./upload/panel.js";

const page = pageData("film-media-data");
const root = document.getElementById("film-media");
if (page && root) {
  const videos = h("div", {});
  const show = (video) => videos.prepend(encodePanel(video, page));
  root.replaceChildren();
  uploadPanel(root, page, show);
  root.append(videos);
  [...page.videos].reverse().forEach(show);
}
