/**
 * Build of `src/` into `../static/dist/`: `npm run build`, or `npm run watch`.
 * Viewers pay for each byte, so every file is also compressed, and its size is printed.
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
 * One bundle per page: a shared chunk would cost one more round trip. The watch page's bundle is
 * the player, which `watch` loads.
 */
const PAGES = ["site", "watch", "player", "upload", "tv"];

/** One stylesheet for all pages of viewers, and small ones for pages with parts of their own. */
const STYLES = ["site", "player", "billing", "admin", "admin/videos", "styleguide", "outbox"];

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

// The only web font, Latin characters only; its licence comes with the package (OFL).
const face = "@fontsource/bricolage-grotesque/files/bricolage-grotesque-latin-800-normal.woff2";
await copyFile(here(`node_modules/${face}`), here("../static/dist/display.woff2"));

// The watch page loads this chunk after the first picture. Its name has a hash, so that browsers
// cache it for ever (settings.WHITENOISE_IMMUTABLE_FILE_TEST); Django names the other files.
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
// Pictures and the font are beside the styles already; Django's storage names them by their hash.
const styles = {
  ...common,
  entryPoints: STYLES.map((name) => `src/css/${name}.css`),
  entryNames: "[name]",
  external: ["*.svg", "*.woff2"],
};
if (process.argv.includes("--watch")) {
  for (const options of [pages, styles]) await (await esbuild.context({ ...options, minify: false })).watch();
} else {
  await report((await esbuild.build(styles)).metafile);
  await report(later.metafile);
  await report((await esbuild.build(pages)).metafile);
}

/**
 * Write compressed twins of every file, which whitenoise serves, and print their sizes.
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
