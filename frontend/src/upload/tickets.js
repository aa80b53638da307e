/** API calls of an upload: announce, list parts, complete, cancel. */
import { call } from "../lib/api.js";

/** Signed URLs last two hours; URLs older than this are requested again. */
const FRESH_MS = 1.5 * 3600 * 1000;

/**
 * @typedef {{videoId: string, uploadUrl?: string, uploadId?: string, partSize?: number,
 *   parts?: {partNumber: number, url: string}[],
 *   arrived?: {partNumber: number, size: number, etag: string}[]}} Ticket
 */

export class Tickets {
  /** @param {{apiUrl: string, csrfToken: string, movieId: string, kind?: string, soundUrl?: string, sound?: object}} page */
  constructor(page) {
    this.page = page;
    /** @type {Map<number, string>} */
    this.urls = new Map();
    this.signedAt = 0;
  }

  /** @param {File} file @returns {Promise<Ticket>} */
  async announce(file) {
    const { csrfToken, kind, movieId, sound, soundUrl } = this.page;
    const announced = { filename: file.name, contentType: file.type, size: file.size };
    if (kind === "SOUND") return this.#take(await call(soundUrl, { csrfToken, method: "POST", body: { ...announced, ...sound } }));
    return this.#take(await this.#call("/upload-url", { method: "POST", body: { ...announced, movieId, kind } }));
  }

  /** The parts that have arrived, and URLs for the others. @param {string} videoId @returns {Promise<Ticket>} */
  async list(videoId) {
    return this.#take(await this.#call(`/${videoId}/parts`));
  }

  /** The signed URL of a part. @param {string} videoId @param {number} number */
  async partUrl(videoId, number) {
    if (!this.urls.has(number) || Date.now() - this.signedAt > FRESH_MS) await this.list(videoId);
    return this.urls.get(number);
  }

  /** The server checks with storage which parts have arrived. @param {string} videoId */
  complete(videoId) {
    return this.#call(`/${videoId}/complete`, { method: "POST", body: {}, timeoutSeconds: 300 });
  }

  /** @param {string} videoId */
  cancel(videoId) {
    return this.#call(`/${videoId}`, { method: "DELETE" });
  }

  #take(ticket) {
    this.signedAt = Date.now();
    this.urls = new Map((ticket.parts ?? []).map(({ partNumber, url }) => [partNumber, url]));
    return ticket;
  }

  #call(path, options = {}) {
    return call(`${this.page.apiUrl}${path}`, { csrfToken: this.page.csrfToken, ...options });
  }
}
