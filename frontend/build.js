/**
 * Bundles `src/` into `../static/dist/` as ES modules: `npm run build`, or `npm run watch`.
 * Prints the compressed size of every file, because viewers pay for each byte.
 */
import { mkdir, readFile, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { leanHls } from "./build/lean-hls.js";
import { strictStyles } from "./build/strict-styles.js";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const outdir = here("../static/dist");
const hls = JSON.parse(await readFile(here("node_modules/hls.js/package.json"), "utf8"));

/** One bundle a page, each by itself: a chunk they shared would be one more round trip. */
const PAGES = ["watch", "upload"];

/** @param {string} page @returns {esbuild.BuildOptions} */
const options = (page) => ({
  entryPoints: { [page]: `src/${page}.js` },
  absWorkingDir: here("."),
  outdir,
  entryNames: "[name]",
  // The hash is in the name: whitenoise keeps these for ever (settings.IMMUTABLE_FILE).
  chunkNames: "chunks/[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  minify: true,
  legalComments: "none",
  // Browsers of 2021: Chrome updates itself on every Android that still works.
  target: ["chrome94", "firefox93", "safari16.4"],
  plugins: [leanHls({ version: hls.version }), strictStyles()],
  metafile: true,
  logLevel: "warning",
});

await rm(outdir, { recursive: true, force: true });
await mkdir(outdir, { recursive: true });
for (const page of PAGES) {
  if (process.argv.includes("--watch")) {
    await (await esbuild.context({ ...options(page), minify: false })).watch();
  } else {
    await report((await esbuild.build(options(page))).metafile);
  }
}

/** @param {esbuild.Metafile} metafile */
async function report(metafile) {
  for (const file of Object.keys(metafile.outputs).sort()) {
    const bytes = await readFile(here(file));
    const sizes = [bytes, gzipSync(bytes, { level: 9 }), brotliCompressSync(bytes)];
    const [plain, gzip, brotli] = sizes.map((size) => `${(size.length / 1024).toFixed(1)} kB`);
    console.log(`${file.split("static/")[1]}  ${plain}, gzip ${gzip}, brotli ${brotli}`);
  }
}
