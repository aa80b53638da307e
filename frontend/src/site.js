/** What makes the pages quicker to use. All of them work without it. */
import { avatar } from "./site/avatar.js";
import { more } from "./site/more.js";
import { suggest } from "./site/suggest.js";
import { rails } from "./site/rails.js";
import { share } from "./site/share.js";
import { toasts } from "./site/toasts.js";
import { prefetch } from "./site/prefetch.js";

suggest();
more();
rails();
share();
toasts();
prefetch();
avatar();
// Offline there is a page that says so; nobody waits for it.
addEventListener("load", () => navigator.serviceWorker?.register("/sw.js").catch(() => {}));
