/** Conveniences of the site's pages, which all work without this script. */
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
// The service worker shows a page when the browser is offline; it registers last.
addEventListener("load", () => navigator.serviceWorker?.register("/sw.js").catch(() => {}));
