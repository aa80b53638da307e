import "./storage.js";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { keep, recall } from "../src/lib/store.js";
import { resumePosition } from "../src/player/resume.js";

const FILM = { duration: 6000, movieId: "m" };
beforeEach(() => localStorage.clear());

test("the server's place, but not the first seconds and not the credits", () => {
  assert.equal(resumePosition({ ...FILM, resumeAt: 1200 }), 1200);
  assert.equal(resumePosition({ ...FILM, resumeAt: 3 }), 0);
  assert.equal(resumePosition({ ...FILM, resumeAt: 5990 }), 0);
});

test("a place that could not be sent wins once, then is forgotten", () => {
  keep("unsent:m", { progress: 1500, at: Date.now() - 1000 });
  assert.equal(resumePosition({ ...FILM, resumeAt: 1200 }), 1500);
  assert.equal(recall("unsent:m"), null);
  assert.equal(resumePosition({ ...FILM, resumeAt: 1200 }), 1200);
});

test("after a week other devices know better", () => {
  keep("unsent:m", { progress: 1500, at: Date.now() - 8 * 24 * 3600 * 1000 });
  assert.equal(resumePosition({ ...FILM, resumeAt: 1200 }), 1200);
});
