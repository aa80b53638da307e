/** The playback session: heartbeats, token renewal and the end. */
import { call } from "../lib/api.js";
import { forget, keep } from "../lib/store.js";
import { tokenOf } from "./token.js";

const SECONDS_TO_RETRY = 5;
/** Statuses that end playback; others are retried. */
const REFUSALS = new Set([401, 403]);

/**
 * @typedef {object} SessionOptions
 * @property {string} watchUrl
 * @property {string} startUrl starts a new session when the server does not know this one
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
    /** A trailer has no session and sends no heartbeats. */
    this.silent = !options.session;
    this.id = options.session?.id;
    this.streamUrl = options.streamUrl;
    this.over = false;
    this.timer = 0;
    /** Heartbeats are numbered: on a bad connection one may overtake another. */
    this.sequence = 0;
    /** @type {Promise<boolean> | null} */
    this.renewing = null;
  }

  get token() {
    return tokenOf(this.streamUrl);
  }

  /** Send heartbeats from now on, the first after one interval. */
  play() {
    if (!this.silent) this.#schedule(this.options.session.heartbeatSeconds);
  }

  /** Save the position at a pause, and stop the heartbeats. */
  pause() {
    clearTimeout(this.timer);
    if (!this.silent) void this.#beat();
  }

  /**
   * Get a newer token; requests that fail together share one renewal.
   * @returns {Promise<boolean>}
   */
  renew() {
    this.renewing ??= this.#renew().finally(() => {
      this.renewing = null;
    });
    return this.renewing;
  }

  /** End the session; the request outlives the page. */
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
      const sent = await this.#beat();
      this.#schedule(sent ? this.options.session.heartbeatSeconds : SECONDS_TO_RETRY);
    }, seconds * 1000);
  }

  /** Send a heartbeat. A lost one never stops the film: the next has the newer position. */
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

  /** Store the unsent position, from which the next visit in this browser resumes. */
  #rememberUnsent() {
    keep(`unsent:${this.options.movieId}`, { progress: Math.floor(this.options.progress()), at: Date.now() });
  }
}
