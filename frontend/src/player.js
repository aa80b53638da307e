/**
 * The player runs in pieces: the bundle is one file, and each `import()` in it runs a part that
 * until then was only carried (build.js does not split).
 */
import { breathe } from "./lib/tasks.js";

await import("hls.js");
await breathe();
document.getElementById("banner").hidden = true;
await import("./player/viewing.js");
