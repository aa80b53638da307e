import "./storage.js";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { captionOptions, chooseCaptions, restoreCaptions, toggleCaptions } from "../src/player/tracks.js";

const signs = { name: "English (forced)", lang: "en", forced: true, default: true };
const words = { name: "English", lang: "en", forced: false, default: false };
const stream = (...subtitleTracks) => ({
  hls: { subtitleTracks, subtitleTrack: -1, subtitleDisplay: false, audioTracks: [{ lang: "en" }], audioTrack: 0 },
});

beforeEach(() => localStorage.clear());

test("forced subtitles are shown with captions off", () => {
  const at = stream(signs, words);
  restoreCaptions(at);
  assert.deepEqual([at.hls.subtitleDisplay, at.hls.subtitleTrack], [true, 0]);
  assert.equal(captionOptions(at)[0].checked, true); // the menu says “Off”
});

test("the key turns on the real subtitles and the menu lists no forced ones", () => {
  const at = stream(signs, words);
  restoreCaptions(at);
  assert.deepEqual(captionOptions(at).map(({ label }) => label).slice(1), ["English"]);
  toggleCaptions(at);
  assert.equal(at.hls.subtitleTrack, 1);
  toggleCaptions(at);
  assert.deepEqual([at.hls.subtitleDisplay, at.hls.subtitleTrack], [true, 0]);
});

test("forced subtitles of another language than the one heard stay away", () => {
  const at = stream({ ...signs, lang: "fr", default: false }, words);
  chooseCaptions(at, -1);
  assert.deepEqual([at.hls.subtitleDisplay, at.hls.subtitleTrack], [false, -1]);
});

test("without any forced track nothing is shown with captions off", () => {
  const at = stream(words);
  restoreCaptions(at);
  assert.equal(at.hls.subtitleDisplay, false);
});
