/**
 * The player, run in pieces: the bundle is one file, and each `import()` runs a further part of it
 * (build.js does not split).
 */
import { breathe } from "./lib/tasks.js";

await import("hls.js");
await breathe();
document.getElementById("banner").hidden = true;
await import("./player/viewing.js");
