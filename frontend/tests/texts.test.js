import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { test } from "node:test";
import { gettext } from "../src/lib/texts.js";
import { TEXTS } from "../src/player/chrome-texts.js";

const SOURCES = new URL("../src/", import.meta.url);
const CHROME = new URL("../node_modules/media-chrome/dist/", import.meta.url);
/** The API's answers are English, and shown on English pages only (player/notice.js). */
const API = "lib/api.js";
// "…" or `…`, with what stands before.
const STRING = /(.{0,40}?)("(?:[^"\\\n]|\\.)*"|`[^`]*`)/gs;
const SENTENCE = /^.(?:[A-Z][a-z]+[ .,!?…]|[A-Z][a-z]+.$)|[a-z]{2} [a-z]{2,} [a-z]{2}/;
// Names that look like words: headers, constructors, Media Chrome's and the browser's own.
const NAMES = /^"(?:Accept|Arrow\w*|Enter|Escape|Kush Films|Luganda|Full HD)"$/;
const SILENT = /(?:className: |import .*|from |\bclass|querySelector(?:All)?\(|closest\(|FOCUSABLE = |Error\(.*)$/s;

async function sources() {
  const folders = ["player/", "site/", "lib/"];
  const files = ["watch.js", "tv.js", "site.js"];
  for (const folder of folders) {
    for (const name of await readdir(new URL(folder, SOURCES))) files.push(folder + name);
  }
  const read = files.filter((name) => name !== API);
  return Promise.all(read.map(async (name) => [name, await readFile(new URL(name, SOURCES), "utf8")]));
}

test("gettext fills values by name", () => {
  assert.equal(gettext("up to {bytes}", { bytes: "1 GB" }), "up to 1 GB");
});

test("every text for people is translatable", async () => {
  const bare = [];
  for (const [name, source] of await sources()) {
    const code = source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1");
    for (const [, before, text] of code.matchAll(STRING)) {
      if (/gettext\(\s*$/.test(before) || SILENT.test(before) || NAMES.test(text)) continue;
      if (SENTENCE.test(text)) bare.push(`${name}: ${text}`);
    }
  }
  assert.deepEqual(bare, []);
});

test("Media Chrome's texts are all listed", async () => {
  const chrome = await readFile(new URL("player/chrome.js", SOURCES), "utf8");
  const elements = [...chrome.matchAll(/dist\/(media-[\w-]+\.js)/g)].map(([, name]) => name);
  assert.ok(elements.length > 10);
  const used = new Set();
  for (const name of [...elements, "media-container.js"]) {
    const code = await readFile(new URL(name, CHROME), "utf8");
    for (const [, text] of code.matchAll(/[^\w.]t\(\s*"([^"]+)"/g)) used.add(text);
  }
  used.delete("audio player"); // the players here are for video
  assert.deepEqual([...used].filter((text) => !TEXTS.includes(text)), []);
  const { En } = await import(new URL("lang/en.js", CHROME).href);
  assert.deepEqual(TEXTS.filter((text) => !(text in En)), []);
});
