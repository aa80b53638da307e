import assert from "node:assert/strict";
import { test } from "node:test";
import { afterRefusal, tokenOf, withToken } from "../src/player/token.js";

const URL_ = "https://cdn.test/hls/k1.AAA.BBB/video/480p/3.m4s?x=/hls/not/";

test("the token is one path segment", () => {
  assert.equal(tokenOf(URL_), "k1.AAA.BBB");
  assert.equal(tokenOf("/public/poster.jpg"), null);
});

test("a new token takes its place, and nothing else changes", () => {
  assert.equal(withToken(URL_, "k2.C.D"), "https://cdn.test/hls/k2.C.D/video/480p/3.m4s?x=/hls/not/");
  assert.equal(withToken("/public/poster.jpg", "k2.C.D"), "/public/poster.jpg");
  assert.equal(withToken(URL_, null), URL_);
});

test("a token with $ signs is no pattern", () => {
  assert.equal(tokenOf(withToken(URL_, "$&.$1.$$")), "$&.$1.$$");
});

test("an expired token is renewed; a lost right is not argued with", () => {
  for (const code of ["token_expired", "token_invalid", ""]) assert.equal(afterRefusal(code), "renew");
  for (const code of ["no_entitlement", "stream_limit"]) assert.equal(afterRefusal(code), "stop");
});
