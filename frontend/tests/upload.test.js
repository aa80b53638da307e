import "./storage.js";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { ApiError } from "../src/lib/api.js";
import { keep } from "../src/lib/store.js";
import { Estimate } from "../src/upload/estimate.js";
import { fingerprint, forgetUpload, rememberUpload, unfinishedOf, unfinishedUploads } from "../src/upload/fingerprint.js";
import { errorMessage } from "../src/upload/messages.js";

const FILE = /** @type {any} */ ({ name: "kampala.mp4", size: 100, lastModified: 7 });
beforeEach(() => localStorage.clear());

test("the same file is found again, another one is not", () => {
  rememberUpload(FILE, { videoId: "v", movieId: "m", sent: 43 });
  assert.equal(unfinishedOf(FILE, "m").videoId, "v");
  assert.equal(unfinishedOf(FILE, "other film"), undefined);
  assert.equal(unfinishedOf({ ...FILE, size: 101 }, "m"), undefined);
  assert.equal(unfinishedOf({ ...FILE, lastModified: 8 }, "m"), undefined);
  assert.equal(fingerprint(FILE), "100:7:kampala.mp4");
});

test("unfinished uploads of a film are listed until they end or grow old", () => {
  rememberUpload(FILE, { videoId: "v", movieId: "m", sent: 43 });
  rememberUpload({ ...FILE, name: "other.mp4" }, { videoId: "w", movieId: "n", sent: 1 });
  assert.deepEqual(unfinishedUploads("m").map(({ name, sent }) => [name, sent]), [["kampala.mp4", 43]]);
  forgetUpload("v");
  assert.deepEqual(unfinishedUploads("m"), []);
  keep("uploads", { old: { videoId: "o", movieId: "m", name: "o", size: 1, sent: 0, at: Date.now() - 4 * 86_400_000 } });
  assert.deepEqual(unfinishedUploads("m"), []);
});

test("time left follows the last 15 seconds", () => {
  const estimate = new Estimate();
  assert.equal(estimate.left(1000), null);
  for (let second = 0; second <= 60; second += 1) estimate.add(second * (second < 30 ? 1 : 10), second * 1000);
  assert.equal(Math.round(estimate.speed), 10);
  assert.equal(Math.round(estimate.left(1600)), 100);
});

test("a part sent again restarts the estimate", () => {
  const estimate = new Estimate();
  estimate.add(100, 0);
  estimate.add(200, 1000);
  estimate.add(150, 2000);
  assert.equal(estimate.speed, 0);
});

test("refusals have sentences for staff", () => {
  assert.match(errorMessage(new ApiError(415, "unsupported_media_type", "Send MP4, MOV.")), /not supported.*MP4, MOV/);
  assert.equal(errorMessage(new ApiError(413, "too_large", "Films may have up to 50 GB.")), "Films may have up to 50 GB.");
  assert.match(errorMessage(new ApiError(409, "upload_gone", "x")), /Choose the file again/);
  assert.match(errorMessage(new ApiError(403, "forbidden", "x")), /cannot upload/);
});
