/**
 * Bundles `src/` into `../static/dist/` as ES modules: `npm run build`, or `npm run watch`.
 * Viewers pay for each byte: everything is there compressed, and its size is printed.
 */
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { leanHls } from "./build/lean-hls.js";
import { strictStyles } from "./build/strict-styles.js";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const outdir = here("../static/dist");
const hls = JSON.parse(await readFile(here("node_modules/hls.js/package.json"), "utf8"));

/**
 * One bundle a page, each by itself: a chunk they shared would be one more round trip. The watch
 * page's is the player, which `watch` fetches.
 */
const PAGES = ["site", "watch", "player", "upload", "tv"];

/** @type {esbuild.BuildOptions} */
const common = {
  absWorkingDir: here("."),
  outdir,
  bundle: true,
  format: "esm",
  minify: true,
  legalComments: "none",
  // Browsers of 2021: Chrome updates itself on every Android that still works.
  target: ["chrome94", "firefox93", "safari16.4"],
  plugins: [leanHls({ version: hls.version }), strictStyles()],
  metafile: true,
  logLevel: "warning",
};

await rm(outdir, { recursive: true, force: true });
await mkdir(outdir, { recursive: true });

// The one face of our own, Latin letters only; its licence comes with the package (OFL).
const face = "@fontsource/bricolage-grotesque/files/bricolage-grotesque-latin-800-normal.woff2";
await copyFile(here(`node_modules/${face}`), here("../static/dist/display.woff2"));

// What the watch page fetches after the first picture. The hash is in the name, so that it is
// kept for ever (settings.WHITENOISE_IMMUTABLE_FILE_TEST); pages get theirs from Django.
const later = await esbuild.build({
  ...common,
  entryPoints: { chrome: "src/player/chrome.js" },
  entryNames: "chunks/[name]-[hash]",
});
const [chrome] = Object.keys(later.metafile.outputs);
const pages = {
  ...common,
  entryPoints: PAGES.map((page) => `src/${page}.js`),
  define: { CHROME_CHUNK: JSON.stringify(`./chunks/${chrome.split("/").at(-1)}`) },
  external: ["./chunks/*"],
};
// Pictures and the face lie beside it already; Django's storage names them by their hash.
const styles = { ...common, entryPoints: { site: "src/css/site.css", player: "src/css/player.css" }, external: ["*.svg", "*.woff2"] };
if (process.argv.includes("--watch")) {
  for (const options of [pages, styles]) await (await esbuild.context({ ...options, minify: false })).watch();
} else {
  await report((await esbuild.build(styles)).metafile);
  await report(later.metafile);
  await report((await esbuild.build(pages)).metafile);
}

/**
 * Put compressed twins beside every file, which whitenoise serves, and say what each weighs.
 * @param {esbuild.Metafile} metafile
 */
async function report(metafile) {
  for (const file of Object.keys(metafile.outputs).sort()) {
    const bytes = await readFile(here(file));
    const [gzip, brotli] = [gzipSync(bytes, { level: 9 }), brotliCompressSync(bytes)];
    await writeFile(here(`${file}.gz`), gzip);
    await writeFile(here(`${file}.br`), brotli);
    const [plain, small, smallest] = [bytes, gzip, brotli].map(({ length }) => `${(length / 1024).toFixed(1)} kB`);
    console.log(`${file.split("static/")[1]}  ${plain}, gzip ${small}, brotli ${smallest}`);
  }
}
