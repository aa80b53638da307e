/**
 * The watch page draws itself without us. Then our code runs in pieces: the bundle is one file, and
 * each `import()` in it runs a part that until then was only carried (build.js does not split).
 */
import { breathe, painted } from "./lib/tasks.js";

await painted();
await import("hls.js");
await breathe();
await import("./player/viewing.js");
