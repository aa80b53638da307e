/** The film on the video element: hls.js where it runs, the browser's own HLS elsewhere. */
import Hls from "hls.js";
import { keep } from "../lib/store.js";
import { firstEstimate, hlsConfig, startLevel } from "./config.js";
import { loaderWith } from "./loader.js";
import { levelOf, saverQuality } from "./quality.js";
import { soundOf } from "./sound.js";
import { withToken } from "./token.js";

const { Events, ErrorTypes } = Hls;

/**
 * @typedef {object} StreamOptions
 * @property {HTMLVideoElement} video
 * @property {import("./session.js").Session} session
 * @property {(code: string) => void} onRefused
 * @property {(kind: "network" | "broken") => void} onTrouble
 * @property {() => void} onTracks the available tracks have changed
 */

export class Stream {
  /** @param {StreamOptions} options @param {import("./quality.js").Choice} choice */
  constructor(options, choice) {
    this.options = options;
    this.choice = choice;
    this.bytesLoaded = 0;
    this.native = !Hls.isSupported();
    /** @type {Hls | null} */
    this.hls = null;
    this.mediaFaults = 0;
  }

  /** @param {number} position seconds */
  open(position) {
    const { video, session } = this.options;
    const playing = !video.paused;
    if (this.hls?.allAudioTracks.length) this.soundUrl = soundOf(this.hls.allAudioTracks);
    this.close();
    const listen = this.choice === "listen" && !this.native;
    this.soundOnly = Boolean(listen && this.soundUrl);
    const url = this.soundOnly ? withToken(this.soundUrl, session.token) : session.streamUrl;
    if (this.native) this.#openNative(url, position);
    else this.#openHls(url, position, { lookOnly: listen && !this.soundUrl });
    // A new source pauses.
    if (playing) void video.play().catch(() => undefined);
  }

  close() {
    if (!this.hls) return;
    keep("bandwidth", Math.round(this.hls.bandwidthEstimate) || null);
    this.hls.destroy();
    this.hls = null;
  }

  /** Load again from the current position, after an error or a lost connection. */
  again() {
    const { video, session } = this.options;
    if (this.hls) this.hls.startLoad(video.currentTime);
    else if (this.native) this.#openNative(session.streamUrl, video.currentTime);
    else this.open(video.currentTime);
  }

  /** The levels, lowest first. */
  get levels() {
    return this.hls?.levels ?? [];
  }

  /** @param {import("./quality.js").Choice} choice */
  choose(choice) {
    const listened = this.choice === "listen";
    this.choice = choice;
    if (listened || choice === "listen") this.open(this.options.video.currentTime);
    else this.#applyChoice();
  }

  #openNative(url, position) {
    const { video, session } = this.options;
    video.src = url;
    // No error code is available; most often the token has expired during a pause.
    video.onerror = async () => {
      video.onerror = null;
      if (await session.renew()) this.open(video.currentTime || position);
      else this.options.onTrouble("network");
    };
    if (position) video.addEventListener("loadedmetadata", () => (video.currentTime = position), { once: true });
  }

  /** `lookOnly`: read the master playlist for the URL of the sound, and load no media. */
  #openHls(url, position, { lookOnly }) {
    const { session, onRefused } = this.options;
    const loader = loaderWith({
      token: () => session.token,
      renew: () => session.renew(),
      refuse: onRefused,
      count: (bytes) => (this.bytesLoaded += bytes),
    });
    const bps = firstEstimate();
    const saver = this.choice === "saver";
    const config = hlsConfig({ startPosition: position || -1, bps, saver, loader });
    const hls = new Hls({ ...config, autoStartLoad: !lookOnly });
    this.hls = hls;
    hls.on(Events.MANIFEST_PARSED, () => {
      // After this event: opening again destroys this instance.
      if (lookOnly) setTimeout(() => this.hls === hls && this.#listen(position));
      else this.#parsed(bps);
    });
    hls.on(Events.AUDIO_TRACKS_UPDATED, this.options.onTracks);
    hls.on(Events.SUBTITLE_TRACKS_UPDATED, this.options.onTracks);
    hls.on(Events.ERROR, (_, data) => this.#failed(data));
    hls.loadSource(url);
    hls.attachMedia(this.options.video);
  }

  #listen(position) {
    if (!soundOf(this.hls.allAudioTracks)) this.choice = "auto"; // a film without audio
    this.open(position);
  }

  #parsed(bps) {
    if (!this.soundOnly) {
      this.hls.startLevel = startLevel(this.levels, bps);
      this.#applyChoice({ first: true });
    }
    this.options.onTracks();
  }

  #applyChoice({ first = false } = {}) {
    const { hls, choice } = this;
    if (!hls || !this.levels.length) return;
    // Off first: both write the same cap, and switching on measures the player again.
    hls.capLevelToPlayerSize = false;
    const saver = saverQuality(this.levels);
    hls.autoLevelCapping = choice === "saver" ? this.levels.indexOf(saver) : -1;
    hls.capLevelToPlayerSize = choice === "auto";
    const level = typeof choice === "number" ? levelOf(this.levels, choice) : -1;
    if (first) {
      if (level >= 0) hls.startLevel = level;
      if (choice === "saver") hls.startLevel = Math.min(hls.startLevel, hls.autoLevelCapping);
      if (level >= 0) hls.loadLevel = level;
    } else if (level > hls.currentLevel) hls.nextLevel = level;
    // Downwards, play the buffered media first, as its data is already spent.
    else hls.loadLevel = level;
  }

  #failed(data) {
    if (!data.fatal) return;
    if (data.type === ErrorTypes.NETWORK_ERROR) this.options.onTrouble("network");
    else if (data.type === ErrorTypes.MEDIA_ERROR && this.mediaFaults++ < 2) this.hls.recoverMediaError();
    else this.options.onTrouble("broken");
  }
}
