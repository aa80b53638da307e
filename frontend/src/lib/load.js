/** Our own code over a line that breaks. */

const LONGEST_WAIT_SECONDS = 8;

/**
 * Import a module, however often its way here is cut. What went wrong in the module itself is thrown.
 * @param {string} url absolute
 * @param {() => void} [broken] told after every failure
 */
export async function load(url, broken) {
  for (let failed = 0; ; failed += 1) {
    try {
      // Browsers remember an import that failed: every try has an address of its own.
      return await import(failed ? `${url}?again=${failed}` : url);
    } catch (error) {
      if (!(error instanceof TypeError && /import/i.test(error.message))) throw error;
      broken?.();
      const wait = Math.min(LONGEST_WAIT_SECONDS, 2 ** failed / 2);
      await new Promise((resolve) => setTimeout(resolve, wait * 1000));
    }
  }
}
