/**
 * hls.js from its own sources, without what our streams never hold.
 *
 * Its published full build has what we need (alternate audio, subtitles) and a third more that we
 * do not: DRM, MPEG-TS and raw audio, broadcast captions, CMCD. Our packages are CMAF only, so
 * leaving that out spares every viewer some 80 kB (gzip) on the way to the first picture.
 * To get a feature back: add it to FEATURES, or take its module off LEFT_OUT.
 */

const FEATURES = new Set(["ALT_AUDIO", "SUBTITLES"]);
const SWITCHES = [
  "ALT_AUDIO",
  "CMCD",
  "CONTENT_STEERING",
  "EME_DRM",
  "IFRAMES",
  "INTERSTITIALS",
  "M2TS_ADVANCED_CODECS",
  "MEDIA_CAPABILITIES",
  "SUBTITLES",
  "VARIABLE_SUBSTITUTION",
];

const NOTHING = "export default class {}";
const NO_DEMUXER = "export default class { static probe() { return false; } }";
/** Modules replaced, by the end of their import path. */
const LEFT_OUT = {
  "/tsdemuxer": NO_DEMUXER,
  "/aacdemuxer": NO_DEMUXER,
  "/mp3demuxer": NO_DEMUXER,
  "/ac3-demuxer": "export class AC3Demuxer { static probe() { return false; } }",
  "/cmcd-controller": NOTHING,
  "/eme-controller": NOTHING,
  "/content-steering-controller": NOTHING,
  "/interstitials-controller": NOTHING,
  "/cea-608-parser":
    "export default class { addData() {} reset() {} } export class CaptionScreen {} export class Row {}",
  "/imsc1-ttml-parser":
    "export const IMSC1_CODEC = 'stpp.ttml.im1t'; export function parseIMSC1(a, b, c, fail) { fail(); }",
};

/**
 * @param {{version: string}} options
 * @returns {import("esbuild").Plugin}
 */
export function leanHls({ version }) {
  return {
    name: "lean-hls",
    setup(build) {
      build.initialOptions.define = {
        ...build.initialOptions.define,
        __VERSION__: JSON.stringify(version),
        __IN_WORKER__: "false",
        __HLS_WORKER_BUNDLE__: "undefined",
        ...Object.fromEntries(SWITCHES.map((name) => [`__USE_${name}__`, `${FEATURES.has(name)}`])),
      };
      build.onResolve({ filter: /^hls\.js$/ }, ({ resolveDir }) =>
        build.resolve("./node_modules/hls.js/src/hls.ts", {
          kind: "import-statement",
          resolveDir: build.initialOptions.absWorkingDir ?? resolveDir,
        }),
      );
      build.onResolve({ filter: /^\.{1,2}\// }, ({ path, importer }) => {
        const end = path.slice(path.lastIndexOf("/"));
        if (!importer.includes("hls.js/src") || !(end in LEFT_OUT)) return undefined;
        return { path: end, namespace: "left-out" };
      });
      build.onLoad({ filter: /.*/, namespace: "left-out" }, ({ path }) => ({
        contents: LEFT_OUT[path],
      }));
    },
  };
}
