/** The stream token: one path segment, `/hls/{token}/…`, the same in every URL of a viewing. */

const SEGMENT = /\/hls\/([^/?#]+)\//;

/** @param {string} url @returns {string | null} */
export function tokenOf(url) {
  return SEGMENT.exec(url)?.[1] ?? null;
}

/**
 * The URL under another token; a URL without one stays as it is.
 * @param {string} url
 * @param {string | null} token
 */
export function withToken(url, token) {
  return token ? url.replace(SEGMENT, () => `/hls/${token}/`) : url;
}

/** Codes after which no new token helps. */
const FINAL = new Set(["no_entitlement", "stream_limit"]);

/**
 * What to do about a refused request.
 * @param {string} code
 * @returns {"renew" | "stop"}
 */
export function afterRefusal(code) {
  return FINAL.has(code) ? "stop" : "renew";
}
