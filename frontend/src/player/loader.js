/** The loader of hls.js with the newest token in every URL, and a new one after a refusal. */
import Hls from "hls.js";
import { afterRefusal, withToken } from "./token.js";

/**
 * @typedef {object} Passport
 * @property {() => string | null} token the newest one
 * @property {() => Promise<boolean>} renew true: there is a newer token now
 * @property {(code: string) => void} refuse show the refusal to the viewer; playback ends
 * @property {(bytes: number) => void} count bytes that were loaded
 */

/** @param {Passport} passport @returns {any} a loader class for the hls.js configuration */
export function loaderWith(passport) {
  return class TokenLoader extends /** @type {any} */ (Hls.DefaultConfig.loader) {
    load(context, config, callbacks) {
      this.renewed = false;
      super.load(context, config, {
        ...callbacks,
        onSuccess: (response, stats, ...rest) => {
          passport.count(stats.loaded);
          callbacks.onSuccess(response, stats, ...rest);
        },
        onError: (error, ...rest) => {
          if (error.code === 403) this.#refused(error, rest, callbacks);
          else callbacks.onError(error, ...rest);
        },
      });
    }

    // Every attempt passes here, including the retries of hls.js.
    loadInternal() {
      if (this.context) this.context.url = withToken(this.context.url, passport.token());
      super.loadInternal();
    }

    abort() {
      if (this.stats?.loaded && !this.stats.loading.end) passport.count(this.stats.loaded);
      super.abort();
    }

    async #refused(error, rest, callbacks) {
      const code = refusalOf(this.getNetworkDetails());
      if (afterRefusal(code) === "stop") {
        passport.refuse(code);
        return;
      }
      // Once per request: a fresh token that is refused will be refused again.
      const again = !this.renewed && (await passport.renew());
      if (!this.callbacks) return; // destroyed during the renewal
      if (!again) {
        callbacks.onError(error, ...rest);
        return;
      }
      this.renewed = true;
      this.resetInternalLoader();
      this.loadInternal();
    }
  };
}

/**
 * The `code` of the edge's JSON answer.
 * @param {XMLHttpRequest | null} xhr
 */
export function refusalOf(xhr) {
  try {
    const { responseType, response } = xhr ?? {};
    const text = responseType === "arraybuffer" ? new TextDecoder().decode(response) : response;
    return String(JSON.parse(text).code);
  } catch {
    return "";
  }
}
