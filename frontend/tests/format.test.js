import assert from "node:assert/strict";
import { test } from "node:test";
import { formatBytes, formatClock, formatShillings, formatSpan } from "../src/lib/format.js";

test("bytes read as bundles are sold", () => {
  const cases = [[0, "0 kB"], [999, "1 kB"], [1500, "1.5 kB"], [999_600, "1 MB"], [1_234_567, "1.2 MB"], [12_345_678, "12 MB"], [999_950_000, "1 GB"], [2_700_000_000, "2.7 GB"]];
  for (const [bytes, text] of cases) assert.equal(formatBytes(bytes), text, String(bytes));
});

test("clocks", () => {
  assert.equal(formatClock(0), "0:00");
  assert.equal(formatClock(65.9), "1:05");
  assert.equal(formatClock(3725), "1:02:05");
});

test("spans are rough, and unknown ones are silent", () => {
  assert.equal(formatSpan(null), "");
  assert.equal(formatSpan(Infinity), "");
  assert.equal(formatSpan(4), "a few seconds");
  assert.equal(formatSpan(41), "50 seconds");
  assert.equal(formatSpan(60), "1 minute");
  assert.equal(formatSpan(61), "2 minutes");
  assert.equal(formatSpan(3600), "1 h");
  assert.equal(formatSpan(5400), "1 h 30 min");
});

test("shillings as they are paid", () => {
  for (const [ugx, text] of [[0, "UGX 0"], [0.2, "UGX 1"], [49.5, "UGX 50"], [999, "UGX 1,000"], [1234.5, "UGX 1,230"], [1_234_567, "UGX 1,234,570"]]) assert.equal(formatShillings(ugx), text);
});
