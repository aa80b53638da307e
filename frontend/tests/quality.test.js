import assert from "node:assert/strict";
import { test } from "node:test";
import { levelOf, qualityOptions, saverQuality } from "../src/player/quality.js";

const QUALITIES = [
  { height: 720, bandwidth: 2_700_000, bytes: 1_900_000_000 },
  { height: 480, bandwidth: 1_100_000, bytes: 700_000_000 },
  { height: 240, bandwidth: 320_000, bytes: 210_000_000 },
  { height: 144, bandwidth: 150_000, bytes: 90_000_000 },
  { height: 0, bandwidth: 64_000, bytes: 43_000_000 },
];

test("every choice has its price", () => {
  const rows = qualityOptions(QUALITIES, [144, 240, 480, 720]).map(({ label, cost }) => `${label}: ${cost}`);
  assert.deepEqual(rows, [
    "Auto: up to 1.9 GB",
    "Data saver: about 210 MB",
    "720p: about 1.9 GB",
    "480p: about 700 MB",
    "240p: about 210 MB",
    "144p: about 90 MB",
    "Listen only: about 43 MB",
  ]);
});

test("what the stream does not offer is not offered", () => {
  const rows = qualityOptions(QUALITIES, [240]).map(({ value }) => value);
  assert.deepEqual(rows, ["auto", "saver", 240, "listen"]);
});

test("data saver is the best of the cheap, or the lowest there is", () => {
  assert.equal(saverQuality(QUALITIES.slice(0, 4)).height, 240);
  assert.equal(saverQuality(QUALITIES.slice(0, 2)).height, 480);
  assert.equal(saverQuality([]), undefined);
});

test("a remembered height finds the nearest level below", () => {
  const levels = [{ height: 144 }, { height: 240 }, { height: 480 }];
  assert.equal(levelOf(levels, 360), 1);
  assert.equal(levelOf(levels, 1080), 2);
  assert.equal(levelOf(levels, 100), 0);
});
