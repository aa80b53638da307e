import "./storage.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { estimate, startLevel } from "../src/player/config.js";

const LEVELS = [144, 240, 360, 480, 720].map((height, index) => ({
  height,
  bitrate: [150_000, 320_000, 570_000, 1_070_000, 2_570_000][index],
}));

test("an unknown link is taken for a slow one", () => {
  assert.equal(estimate({}), 500_000);
  assert.equal(LEVELS[startLevel(LEVELS, 500_000)].height, 240);
});

test("the more careful of two hints counts, and none is believed beyond a cap", () => {
  assert.equal(estimate({ last: 900_000, downlinkMbps: 10 }), 900_000);
  assert.equal(estimate({ last: 9_000_000, downlinkMbps: 0.4 }), 400_000);
  assert.equal(estimate({ last: 50_000_000 }), 3_000_000);
});

test("the film starts at 480p or lower on any link", () => {
  assert.equal(LEVELS[startLevel(LEVELS, 2_700_000)].height, 480);
  assert.equal(LEVELS[startLevel(LEVELS, 1_600_000)].height, 360);
  assert.equal(LEVELS[startLevel(LEVELS, 50_000)].height, 144);
});

test("a film with one high rung starts with it", () => {
  assert.equal(startLevel([{ height: 720, bitrate: 2_570_000 }], 500_000), 0);
});
