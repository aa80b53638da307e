/**
 * The edge in production: a Cloudflare Worker over the R2 bucket.
 *
 * It does the same as streaming/views/edge.py in a local run, with the same knowledge: the signing keys
 * (secret CDN_SIGN_SECRET, the same `kid:secret,…` value), the bucket (binding MEDIA) and the
 * list of revoked sessions (object edge/revoked.json, written by Django). A token is
 * checked here without a request to Django; the object's own key, without the token, is the cache key,
 * so every viewer shares one cached copy.
 */

const TOKEN_BYTES = 54; // 16 asset, 2 package, 16 viewer, 16 session, 4 expiry
const SIGNATURE_BYTES = 16;
const NAME = /^(?:[A-Za-z0-9_-]+\/){0,3}[A-Za-z0-9_-]+\.([a-z0-9]{2,4})$/;
// streaming/views/edge.py has the same table, and a test compares the two.
export const TYPES = {
  m3u8: "application/vnd.apple.mpegurl",
  mpd: "application/dash+xml",
  m4s: "video/iso.segment",
  mp4: "video/mp4",
  vtt: "text/vtt; charset=utf-8",
  jpg: "image/jpeg",
  webp: "image/webp",
  avif: "image/avif",
};
export const MESSAGES = {
  not_found: "Not found.",
  token_invalid: "This link is not valid.",
  token_expired: "This link has expired. Start the film again.",
  no_entitlement: "Your account can no longer play this film.",
  stream_limit: "Your plan is in use on another device.",
  range_outside: "The requested range is past the end of the file.",
  storage_unavailable: "Films cannot be loaded right now. Try again in a moment.",
  method_not_allowed: "Use GET or HEAD.",
};
const TITLES = {
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  416: "Requested Range Not Satisfiable",
  503: "Service Unavailable",
};
const RETRY_AFTER_SECONDS = "5";
const REVOKED_KEY = "edge/revoked.json";
const REVOKED_SECONDS = 30;
// Pause before the next try after a failed read of the list.
const REVOKED_RETRY_SECONDS = 5;
const RANGE = /^bytes=(\d{0,15})-(\d{0,15})$/;
const OPEN = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Headers": "Range",
  "Access-Control-Expose-Headers": "Content-Length, Content-Range, Retry-After",
  "X-Content-Type-Options": "nosniff",
};

// As in streaming/views/edge_addresses.py; each isolate counts its own requests.
export const MOST_ADDRESSES = 12;
export const ADDRESS_WINDOW_SECONDS = 600;
const MOST_SESSIONS = 20_000;
const seenAddresses = new Map();

let revoked = { at: 0, sessions: {} };

/** `kid:secret,…` as a map; a lone secret is key k0. */
export function parseKeys(configured) {
  const keys = new Map();
  for (const pair of configured.split(",").map((part) => part.trim()).filter(Boolean)) {
    const colon = pair.indexOf(":");
    if (colon < 0) keys.set("k0", pair);
    else keys.set(pair.slice(0, colon), pair.slice(colon + 1));
  }
  return keys;
}

/** The content of a token, or the code of its refusal. */
export async function verify(token, keys, nowSeconds) {
  const parts = token.split(".");
  const secret = parts.length === 3 ? keys.get(parts[0]) : undefined;
  if (secret === undefined) return { refused: "token_invalid" };
  const expected = await mac(secret, `${parts[0]}.${parts[1]}`);
  if (!sameText(expected, parts[2])) return { refused: "token_invalid" };
  const payload = fromBase64Url(parts[1]);
  if (payload.length !== TOKEN_BYTES) return { refused: "token_invalid" };
  const view = new DataView(payload.buffer);
  if (view.getUint32(50) <= nowSeconds) return { refused: "token_expired" };
  return {
    prefix: `media/${uuid(payload.slice(0, 16))}/${view.getUint16(16)}/`,
    session: uuid(payload.slice(34, 50)),
    asset: uuid(payload.slice(0, 16)),
  };
}

async function mac(secret, text) {
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, ["sign"]);
  const full = await crypto.subtle.sign("HMAC", key, encoder.encode(text));
  return toBase64Url(new Uint8Array(full).slice(0, SIGNATURE_BYTES));
}

/** Compares every character, so that timing does not reveal where they differ. */
function sameText(a, b) {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}

function toBase64Url(bytes) {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function fromBase64Url(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}

function uuid(bytes) {
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function refuse(status, code, more = {}) {
  const message = MESSAGES[code] ?? MESSAGES.no_entitlement;
  const body = JSON.stringify({ error: TITLES[status], code, message });
  const headers = { ...OPEN, "Content-Type": "application/json", "Cache-Control": "no-store", ...more };
  return new Response(body, { status, headers });
}

function unavailable() {
  return refuse(503, "storage_unavailable", { "Retry-After": RETRY_AFTER_SECONDS });
}

/** True if this address may fetch for the session; earlier addresses keep their access. */
export function admit(session, address, nowMilliseconds) {
  if (!address) return true;
  // The IPv6 addresses of a home share their first half.
  const name = address.includes(":") ? firstHalf(address) : address;
  const seen = seenAddresses.get(session) ?? new Map();
  seenAddresses.delete(session);
  seenAddresses.set(session, seen);
  if (seenAddresses.size > MOST_SESSIONS) seenAddresses.delete(seenAddresses.keys().next().value);
  if (!seen.has(name)) {
    for (const [old, at] of seen) {
      if (nowMilliseconds - at > ADDRESS_WINDOW_SECONDS * 1000) seen.delete(old);
    }
    if (seen.size >= MOST_ADDRESSES) return false;
  }
  seen.set(name, nowMilliseconds);
  return true;
}

function firstHalf(address) {
  const [head, tail] = address.split("::");
  const groups = head ? head.split(":") : [];
  if (tail !== undefined) {
    const rest = tail ? tail.split(":") : [];
    while (groups.length + rest.length < 8) groups.push("0");
    groups.push(...rest);
  }
  return groups.slice(0, 4).join(":");
}

/** The code with which a session was revoked, or undefined. */
async function takenAway(bucket, session, nowMilliseconds) {
  if (nowMilliseconds - revoked.at > REVOKED_SECONDS * 1000) {
    try {
      const stored = await bucket.get(REVOKED_KEY);
      revoked = { at: nowMilliseconds, sessions: stored ? await stored.json() : {} };
    } catch {
      // Keep the last list: an outage of the bucket must not stop cached films.
      revoked.at = nowMilliseconds - (REVOKED_SECONDS - REVOKED_RETRY_SECONDS) * 1000;
    }
  }
  return revoked.sessions[session];
}

/**
 * The range a request asks for, as R2 takes it. Undefined: the whole object, also for a header
 * that means nothing (several ranges, an end before its beginning), as RFC 9110 14.2 has it.
 */
export function askedRange(header) {
  const found = RANGE.exec(header ?? "");
  if (!found || (!found[1] && !found[2])) return undefined;
  if (!found[1]) return { suffix: Number(found[2]) };
  const offset = Number(found[1]);
  if (!found[2]) return { offset };
  const last = Number(found[2]);
  return last < offset ? undefined : { offset, length: last - offset + 1 };
}

/** First and last byte of a range in an object of this size, or null when it lies outside. */
export function bytesOf(range, size) {
  const first = range.suffix === undefined ? range.offset : Math.max(0, size - range.suffix);
  const length = range.suffix === undefined ? range.length ?? size : Math.min(range.suffix, size);
  if (first >= size || length === 0) return null;
  return { first, last: Math.min(first + length, size) - 1 };
}

/** The object of a path, or the response that refuses it. */
export async function resolve(path, env, nowMilliseconds) {
  const media = path.match(/^\/hls\/([^/]+)\/(.+)$/);
  const pub = path.match(/^\/(public\/.+)$/);
  const name = media ? media[2] : pub && pub[1].slice("public/".length);
  const extension = name && NAME.exec(name)?.[1];
  if (!extension || !TYPES[extension]) return { answer: refuse(404, "not_found") };
  if (pub) return { key: pub[1], extension };
  const opened = await verify(media[1], parseKeys(env.CDN_SIGN_SECRET), nowMilliseconds / 1000);
  if (opened.refused) return { answer: refuse(403, opened.refused) };
  const code = await takenAway(env.MEDIA, opened.session, nowMilliseconds);
  if (code) return { answer: refuse(403, code) };
  // A trailer's token is shared by all viewers; it names the asset in place of a session.
  const session = opened.session === opened.asset ? undefined : opened.session;
  return { key: opened.prefix + name, extension, session };
}

export default {
  async fetch(request, env, context) {
    try {
      return await answer(request, env, context);
    } catch (problem) {
      console.error("edge", problem);
      return unavailable();
    }
  },
};

async function answer(request, env, context) {
  if (request.method === "OPTIONS") return new Response(null, { status: 204, headers: OPEN });
  if (!["GET", "HEAD"].includes(request.method)) {
    return refuse(405, "method_not_allowed", { Allow: "GET, HEAD, OPTIONS" });
  }
  const url = new URL(request.url);
  const found = await resolve(url.pathname, env, Date.now());
  if (found.answer) return found.answer;
  const address = request.headers.get("CF-Connecting-IP");
  if (found.session && !admit(found.session, address, Date.now())) return refuse(403, "stream_limit");
  const cacheKey = new Request(`${url.origin}/${found.key}`, { headers: request.headers });
  const cached = await fromCache(cacheKey);
  if (cached) return request.method === "HEAD" ? new Response(null, cached) : cached;
  return serve(request, env, context, found, cacheKey);
}

/** Read the cache; a failing cache counts as empty. */
async function fromCache(cacheKey) {
  try {
    return await caches.default.match(cacheKey);
  } catch {
    return undefined;
  }
}

async function serve(request, env, context, { key, extension }, cacheKey) {
  const range = askedRange(request.headers.get("Range"));
  let object;
  try {
    object = await env.MEDIA.get(key, range && { range });
  } catch (problem) {
    // R2 throws for a range beyond the end, too: only the object's size distinguishes the two.
    const known = range && (await env.MEDIA.head(key));
    if (known && !bytesOf(range, known.size)) return outside(known.size);
    throw problem;
  }
  if (object === null) return refuse(404, "not_found");
  const part = range && bytesOf(range, object.size);
  if (range && !part) return outside(object.size);
  const headers = new Headers(OPEN);
  headers.set("Content-Type", TYPES[extension]);
  headers.set("ETag", object.httpEtag);
  headers.set("Accept-Ranges", "bytes");
  headers.set("Cache-Control", "public, max-age=2592000, immutable");
  if (part) headers.set("Content-Range", `bytes ${part.first}-${part.last}/${object.size}`);
  const body = request.method === "HEAD" ? null : object.body;
  const response = new Response(body, { status: part ? 206 : 200, headers });
  if (!part && request.method === "GET") {
    context.waitUntil(caches.default.put(cacheKey, response.clone()).catch(() => undefined));
  }
  return response;
}

function outside(size) {
  return refuse(416, "range_outside", { "Content-Range": `bytes */${size}` });
}
