/** The viewing in the server's eyes: heartbeats, the newest token, the end. */
import { call } from "../lib/api.js";
import { forget, keep } from "../lib/store.js";
import { tokenOf } from "./token.js";

const SECONDS_TO_RETRY = 5;
/** Answers that end the viewing; everything else is asked again. */
const REFUSALS = new Set([401, 403]);

/**
 * @typedef {object} SessionOptions
 * @property {string} watchUrl
 * @property {string} startUrl gives a new session when ours is unknown
 * @property {string} streamUrl
 * @property {string} csrfToken
 * @property {{id: string, heartbeatSeconds: number} | null} session null: a trailer
 * @property {string} movieId
 * @property {() => number} progress seconds
 * @property {(error: import("../lib/api.js").ApiError) => void} onRefused
 */

export class Session {
  /** @param {SessionOptions} options */
  constructor(options) {
    this.options = options;
    /** A trailer is nobody's viewing: there is no session, and nothing is told. */
    this.silent = !options.session;
    this.id = options.session?.id;
    this.streamUrl = options.streamUrl;
    this.over = false;
    this.timer = 0;
    /** Beats are numbered: on a bad line one overtakes another. */
    this.sequence = 0;
    /** @type {Promise<boolean> | null} */
    this.renewing = null;
  }

  get token() {
    return tokenOf(this.streamUrl);
  }

  /** Beat from now on, first in one interval. */
  play() {
    if (!this.silent) this.#schedule(this.options.session.heartbeatSeconds);
  }

  /** The viewer paused: note the place, then be silent. */
  pause() {
    clearTimeout(this.timer);
    if (!this.silent) void this.#beat();
  }

  /**
   * A newer token, whatever it takes; requests that fail together share one renewal.
   * @returns {Promise<boolean>}
   */
  renew() {
    this.renewing ??= this.#renew().finally(() => {
      this.renewing = null;
    });
    return this.renewing;
  }

  /** The page goes away; this request outlives it. */
  end() {
    clearTimeout(this.timer);
    if (!this.over && !this.silent) void this.#post({ ended: true }).catch(() => this.#rememberUnsent());
  }

  async #renew() {
    const before = this.token;
    if (this.silent) return this.#startAnew();
    await this.#beat();
    if (this.token !== before || this.over) return !this.over;
    return this.#startAnew();
  }

  #schedule(seconds) {
    clearTimeout(this.timer);
    if (this.over) return;
    this.timer = setTimeout(async () => {
      const heard = await this.#beat();
      this.#schedule(heard ? this.options.session.heartbeatSeconds : SECONDS_TO_RETRY);
    }, seconds * 1000);
  }

  /** Tell where we are. A lost beat never stops the film: the next one says more. */
  async #beat() {
    try {
      const answer = await this.#post({});
      if (answer.streamUrl) this.streamUrl = answer.streamUrl;
      forget(`unsent:${this.options.movieId}`);
      return true;
    } catch (error) {
      this.#rememberUnsent();
      if (REFUSALS.has(error.status)) this.#refused(error);
      else if (error.status === 404) return this.#startAnew();
      return false;
    }
  }

  #post(extras) {
    const { watchUrl, csrfToken, progress } = this.options;
    const when = { sequence: ++this.sequence, at: new Date().toISOString() };
    const body = { progress: Math.floor(progress()), sessionId: this.id, ...when, ...extras };
    return call(watchUrl, { method: "POST", csrfToken, body, keepalive: true, timeoutSeconds: 15 });
  }

  async #startAnew() {
    try {
      const answer = await call(this.options.startUrl, { timeoutSeconds: 15 });
      this.id = answer.session?.id;
      this.streamUrl = answer.streamUrl;
      return true;
    } catch (error) {
      if (REFUSALS.has(error.status)) this.#refused(error);
      return false;
    }
  }

  #refused(error) {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.timer);
    this.options.onRefused(error);
  }

  /** The place survives a dead battery: the next visit on this phone resumes from it. */
  #rememberUnsent() {
    keep(`unsent:${this.options.movieId}`, { progress: Math.floor(this.options.progress()), at: Date.now() });
  }
}
