/**
 * Makes Media Chrome's elements live under `style-src 'self'`.
 *
 * They write `<style>` into their shadow roots through innerHTML, and a Content-Security-Policy
 * without 'unsafe-inline' refuses that. Constructed style sheets are allowed (they come from our
 * own script), so at build time every such write becomes a call of `adopt`, and the helper that
 * changes rules later is pointed at the adopted sheet. The build fails when an element is written
 * in a way we do not know, so an upgrade cannot quietly lose its styles.
 */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const RUNTIME = fileURLToPath(new URL("./adopt.js", import.meta.url));
const WRITES = [
  /this\.shadowRoot\.setHTMLUnsafe \? this\.shadowRoot\.setHTMLUnsafe\((html)\) : this\.shadowRoot\.innerHTML = html/g,
  /this\.shadowRoot\.innerHTML = (this\.constructor\.getTemplateHTML\(attrs\))/g,
];
const HELPERS = /function getOrInsertCSSRule[\s\S]*?(?=function getNumericAttr)/;

/** @returns {import("esbuild").Plugin} */
export function strictStyles() {
  return {
    name: "strict-styles",
    setup(build) {
      build.onLoad({ filter: /media-chrome[\\/]dist[\\/].*\.js$/ }, async ({ path }) => {
        const source = await readFile(path, "utf8");
        return { contents: rewrite(source, path), loader: "js" };
      });
    },
  };
}

/**
 * @param {string} source
 * @param {string} path for the message when nothing fits
 */
export function rewrite(source, path) {
  const adopt = `import { adopt } from ${JSON.stringify(RUNTIME)};\n`;
  if (/element-utils\.js$/.test(path)) {
    if (!HELPERS.test(source)) throw new Error(`Unknown style helpers in ${path}`);
    const own = `import { getCSSRule, getOrInsertCSSRule, insertCSSRule } from ${JSON.stringify(RUNTIME)};\n`;
    return own + source.replace(HELPERS, "");
  }
  let count = 0;
  let changed = source;
  for (const write of WRITES) {
    changed = changed.replace(write, (_, html) => {
      count += 1;
      return `adopt(this.shadowRoot, ${html})`;
    });
  }
  const attaches = (source.match(/this\.attachShadow\(/g) ?? []).length;
  if (attaches !== count && !/media-theme-element\.js$/.test(path)) {
    throw new Error(`${path} fills ${attaches} shadow roots; ${count} are known to us`);
  }
  return count ? adopt + changed : source;
}
