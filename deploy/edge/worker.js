/**
 * The edge in production: a Cloudflare Worker over the R2 bucket.
 *
 * It does what streaming/edge.py does in the embedded run, and knows as much: the signing keys
 * (secret CDN_SIGN_SECRET, the same `kid:secret,…` value), the bucket (binding MEDIA) and the
 * list of sessions that were taken away (object edge/revoked.json, written by Django). A token is
 * checked here without asking Django; the object's own key, without the token, is the cache key,
 * so every viewer shares one cached copy.
 */

const TOKEN_BYTES = 54; // 16 asset, 2 package, 16 viewer, 16 session, 4 expiry
const SIGNATURE_BYTES = 16;
const NAME = /^(?:[A-Za-z0-9_-]+\/){0,3}[A-Za-z0-9_-]+\.([a-z0-9]{2,4})$/;
const TYPES = {
  m3u8: "application/vnd.apple.mpegurl",
  mpd: "application/dash+xml",
  m4s: "video/iso.segment",
  mp4: "video/mp4",
  vtt: "text/vtt; charset=utf-8",
  jpg: "image/jpeg",
  webp: "image/webp",
};
const REVOKED_KEY = "edge/revoked.json";
const REVOKED_SECONDS = 30;
const OPEN = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Headers": "Range",
  "Access-Control-Expose-Headers": "Content-Length, Content-Range",
  "X-Content-Type-Options": "nosniff",
};

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

/** What a token opens, or the code it is refused with. */
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
  };
}

async function mac(secret, text) {
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, ["sign"]);
  const full = await crypto.subtle.sign("HMAC", key, encoder.encode(text));
  return toBase64Url(new Uint8Array(full).slice(0, SIGNATURE_BYTES));
}

/** Compares every character, so that time tells nothing of where they differ. */
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

function refuse(status, code) {
  const body = JSON.stringify({ error: status === 403 ? "Forbidden" : "Not Found", code });
  const headers = { ...OPEN, "Content-Type": "application/json", "Cache-Control": "no-store" };
  return new Response(body, { status, headers });
}

/** The code a session was taken away with, or undefined. */
async function takenAway(bucket, session, nowMilliseconds) {
  if (nowMilliseconds - revoked.at > REVOKED_SECONDS * 1000) {
    const stored = await bucket.get(REVOKED_KEY);
    revoked = { at: nowMilliseconds, sessions: stored ? await stored.json() : {} };
  }
  return revoked.sessions[session];
}

/** Which object a path asks for, or the answer that refuses it. */
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
  return { key: opened.prefix + name, extension };
}

export default {
  async fetch(request, env, context) {
    if (request.method === "OPTIONS") return new Response(null, { status: 204, headers: OPEN });
    if (!["GET", "HEAD"].includes(request.method)) return new Response(null, { status: 405 });
    const url = new URL(request.url);
    const found = await resolve(url.pathname, env, Date.now());
    if (found.answer) return found.answer;
    const cacheKey = new Request(`${url.origin}/${found.key}`, { headers: request.headers });
    const cached = await caches.default.match(cacheKey);
    if (cached) return cached;
    return serve(request, env, context, found, cacheKey);
  },
};

async function serve(request, env, context, { key, extension }, cacheKey) {
  const object = await env.MEDIA.get(key, { range: request.headers });
  if (object === null) return refuse(404, "not_found");
  const headers = new Headers(OPEN);
  headers.set("Content-Type", TYPES[extension]);
  headers.set("ETag", object.httpEtag);
  headers.set("Accept-Ranges", "bytes");
  headers.set("Cache-Control", "public, max-age=2592000, immutable");
  const part = request.headers.has("Range") && object.range;
  if (part) {
    const last = object.range.offset + object.range.length - 1;
    headers.set("Content-Range", `bytes ${object.range.offset}-${last}/${object.size}`);
  }
  const response = new Response(object.body, { status: part ? 206 : 200, headers });
  if (!part && request.method === "GET") {
    context.waitUntil(caches.default.put(cacheKey, response.clone()));
  }
  return response;
}
