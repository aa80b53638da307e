/** Loading of modules over an unreliable connection. */

const LONGEST_WAIT_SECONDS = 8;

/**
 * Import a module, retrying until it arrives. An error in the module itself is thrown.
 * @param {string} url absolute
 * @param {() => void} [broken] called after every failure
 */
export async function load(url, broken) {
  for (let failed = 0; ; failed += 1) {
    try {
      // Browsers cache a failed import, so every try has a URL of its own.
      return await import(failed ? `${url}?again=${failed}` : url);
    } catch (error) {
      if (!(error instanceof TypeError && /import/i.test(error.message))) throw error;
      broken?.();
      const wait = Math.min(LONGEST_WAIT_SECONDS, 2 ** failed / 2);
      await new Promise((resolve) => setTimeout(resolve, wait * 1000));
    }
  }
}
