/** The watch page: the first picture as fast as possible, then the controls. */
import { pageData } from "../lib/dom.js";
import { load } from "../lib/load.js";
import { recall } from "../lib/store.js";
import { gettext } from "../lib/texts.js";
import { Banner } from "./banner.js";
import { fullscreen } from "./fullscreen.js";
import { keyboard } from "./keyboard.js";
import { mediaSession } from "./mediasession.js";
import { showMeter } from "./meter.js";
import { watchNetwork } from "./network.js";
import { offerNext } from "./next.js";
import { refusalNotice, showNotice } from "./notice.js";
import { offerStart, resumePosition } from "./resume.js";
import { Session } from "./session.js";
import { openSettings } from "./settings.js";
import { Stream } from "./stream.js";
import { thumbnails } from "./thumbnails.js";
import { captionOptions, restoreCaptions, toggleCaptions } from "./tracks.js";

const data = pageData("watch-data");
const at = (id) => document.getElementById(id);
const video = /** @type {HTMLVideoElement} */ (at("video"));
const player = at("player");
const banner = new Banner(at("banner"));
const announce = (text) => {
  const toast = at("toast");
  toast.textContent = text;
  clearTimeout(announce.timer);
  announce.timer = setTimeout(() => (toast.textContent = ""), 1500);
};

const retry = () => stream.again();
const stop = (refusal) => {
  session.over = true;
  video.pause();
  stream.close();
  showNotice(at("notice"), refusalNotice(refusal, { filmUrl: data.filmUrl, retry }));
};

const session = new Session({
  ...data,
  movieId: data.movie.id,
  progress: () => video.currentTime || position,
  onRefused: stop,
});
const saveData = /** @type {any} */ (navigator).connection?.saveData === true;
const stream = new Stream(
  {
    video,
    session,
    onRefused: (code) => stop({ code }),
    onTrouble: (kind) => (kind === "network" ? network.lost() : stop({ code: "broken" })),
    onTracks: showTracks,
  },
  recall("quality") ?? (saveData ? "saver" : "auto"),
);
const network = watchNetwork({ stream, video, banner });

const position = resumePosition({ resumeAt: data.resumeAt, duration: data.duration, movieId: data.movie.id });
/** @type {any} */ (player).viewing = { stream, session }; // for the console and the browser tests
stream.open(position);
void play();
if (position) offerStart(at("start-over"), video);

/** A browser that refuses autoplay with sound needs a press: show the play button. */
async function play() {
  try {
    await video.play();
  } catch (error) {
    if (error.name === "NotAllowedError") void controls();
  }
}

let restored = false;
function showTracks() {
  if (stream.hls && !restored && stream.hls.subtitleTracks.length) {
    restored = true;
    restoreCaptions(stream);
  }
  const captions = captionOptions(stream);
  at("captions").hidden = captions.length === 0;
  at("captions").setAttribute("aria-pressed", String(captions.length > 0 && !captions[0].checked));
  player.dataset.picture = stream.choice === "listen" ? "off" : "on";
}

function captions() {
  const chosen = toggleCaptions(stream);
  if (chosen) announce(chosen.value < 0 ? gettext("Captions off") : gettext("Captions: {name}", { name: chosen.label }));
  showTracks();
}

function settings() {
  openSettings({ video, stream, qualities: data.qualities, onChange: showTracks });
}

/** Load the controls, which the first picture need not wait for. */
async function controls() {
  if (player.dataset.state === "ready") return;
  player.dataset.state = "ready";
  await load(new URL(CHROME_CHUNK, import.meta.url).href); // player/chrome.js; build.js knows its name
  thumbnails({ video, range: at("seek"), url: data.storyboardUrl, session });
}

video.addEventListener("loadeddata", controls, { once: true });
setTimeout(controls, 6000);
video.addEventListener("playing", () => session.play());
video.addEventListener("pause", () => session.pause());
addEventListener("pagehide", () => session.end());
addEventListener("pageshow", (event) => event.persisted && !video.paused && session.play());

keyboard({ video, announce, actions: { captions, fullscreen: () => fullscreen(player) } });
at("captions").addEventListener("click", captions);
at("settings").addEventListener("click", settings);
showMeter(at("meter"), () => stream.bytesLoaded, data.ugxPerMb);
offerNext({ video, card: at("next") });
mediaSession(video, {
  title: data.movie.title,
  artist: data.movie.director,
  artwork: data.movie.posterUrl,
  next: data.next ? () => location.assign(data.next.url) : null,
});
document.addEventListener("fullscreenchange", () => {
  const { orientation } = screen;
  if (document.fullscreenElement) orientation?.lock?.("landscape").catch(() => undefined);
});
