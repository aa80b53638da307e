import "./storage.js";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { recall } from "../src/lib/store.js";
import { Session } from "../src/player/session.js";

/** @type {{url: string, body: any, keepalive: boolean}[]} */
let asked;
/** @type {(url: string) => [number, any] | null} null: the line is dead */
let answer;
let refusals;

globalThis.fetch = /** @type {any} */ (async (url, { body, keepalive }) => {
  asked.push({ url, keepalive, body: body ? JSON.parse(body) : null });
  const given = answer(url);
  if (!given) throw new TypeError("Failed to fetch");
  const [status, json] = given;
  return { ok: status < 400, status, json: async () => json };
});

beforeEach(() => {
  asked = [];
  refusals = [];
  localStorage.clear();
});

const make = () =>
  new Session({
    watchUrl: "/watch",
    startUrl: "/stream",
    streamUrl: "/hls/old/master.m3u8",
    csrfToken: "c",
    session: { id: "s1", heartbeatSeconds: 30 },
    movieId: "m",
    progress: () => 61.7,
    onRefused: (error) => refusals.push(error.code),
  });

/** What was told, but for the moment, which is one. */
const beat = (index) => {
  const { at, ...told } = asked[index].body;
  assert.equal(new Date(at).toISOString(), at);
  return told;
};

test("beats are numbered, so that a late one is known as such", async () => {
  answer = () => [200, { progress: 61, completed: false }];
  const session = make();
  session.pause();
  session.end();
  await new Promise(setImmediate);
  assert.deepEqual([beat(0).sequence, beat(1).sequence], [1, 2]);
});

test("renewals that happen together are one, and its token is the new one", async () => {
  answer = () => [200, { progress: 61, completed: false, streamUrl: "/hls/new/master.m3u8" }];
  const session = make();
  assert.deepEqual(await Promise.all([session.renew(), session.renew()]), [true, true]);
  assert.equal(asked.length, 1);
  assert.deepEqual(beat(0), { progress: 61, sessionId: "s1", sequence: 1 });
  assert.equal(session.token, "new");
});

test("a session that the server has forgotten is started anew", async () => {
  answer = (url) =>
    url === "/watch"
      ? [404, { code: "not_found", message: "…" }]
      : [200, { session: { id: "s2" }, streamUrl: "/hls/fresh/master.m3u8" }];
  const session = make();
  assert.equal(await session.renew(), true);
  assert.deepEqual([session.id, session.token], ["s2", "fresh"]);
});

test("a lost beat is kept and never stops the film", async () => {
  answer = () => null;
  const session = make();
  assert.equal(await session.renew(), false);
  assert.deepEqual(refusals, []);
  assert.equal(recall("unsent:m").progress, 61);
});

test("a refusal is told once and ends the beats", async () => {
  answer = () => [403, { code: "stream_limit", message: "Elsewhere." }];
  const session = make();
  assert.equal(await session.renew(), false);
  assert.equal(await session.renew(), false);
  assert.deepEqual(refusals, ["stream_limit"]);
  assert.equal(session.over, true);
});

test("the farewell outlives the page", async () => {
  answer = () => [200, { progress: 61, completed: false }];
  make().end();
  await new Promise(setImmediate);
  assert.deepEqual(beat(0), { progress: 61, sessionId: "s1", sequence: 1, ended: true });
  assert.equal(asked[0].keepalive, true);
});

test("a trailer tells nobody anything, and asks for a new token when its own is over", async () => {
  answer = () => [200, { streamUrl: "/hls/new/master.m3u8" }];
  const session = new Session({ ...make().options, session: null, startUrl: "/trailer" });
  session.play();
  session.pause();
  session.end();
  assert.deepEqual(asked, []);
  assert.equal(await session.renew(), true);
  assert.deepEqual(asked.map(({ url }) => url), ["/trailer"]);
  assert.equal(session.streamUrl, "/hls/new/master.m3u8");
});
