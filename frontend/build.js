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

/** @type {esbuild.BuildOptions} */
const options = {
  absWorkingDir: here("."),
  // One entry a page; what a page needs later is a chunk that it imports by itself.
  entryPoints: { watch: "src/watch.js", upload: "src/upload.js" },
  outdir,
  entryNames: "[name]",
  // The hash is in the name: whitenoise keeps these for ever (settings.IMMUTABLE_FILE).
  chunkNames: "chunks/[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  minify: true,
  legalComments: "none",
  // Chrome of 2020: the phones sold three years before the cheapest one sold today.
  target: ["chrome84", "firefox90", "safari14.1"],
  plugins: [leanHls({ version: hls.version }), strictStyles()],
  loader: { ".css": "text" },
  metafile: true,
  logLevel: "warning",
};

await rm(outdir, { recursive: true, force: true });
await mkdir(outdir, { recursive: true });
if (process.argv.includes("--watch")) {
  await (await esbuild.context({ ...options, minify: false, sourcemap: "inline" })).watch();
} else {
  const { metafile } = await esbuild.build(options);
  for (const file of Object.keys(metafile.outputs).sort()) {
    const bytes = await readFile(here(file));
    const sizes = [bytes, gzipSync(bytes, { level: 9 }), brotliCompressSync(bytes)];
    const [plain, gzip, brotli] = sizes.map((size) => `${(size.length / 1024).toFixed(1)} kB`);
    console.log(`${file.split("static/")[1]}  ${plain}, gzip ${gzip}, brotli ${brotli}`);
  }
}
