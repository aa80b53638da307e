/** What `strict-styles.js` puts in place of Media Chrome's `<style>` elements. */

// Shadow roots of elements inside, for servers that render them; each element makes its own.
const NESTED = /<template shadowrootmode[\s\S]*?<\/template>/g;
const STYLE = /<style[^>]*>([\s\S]*?)<\/style>/g;

/**
 * Fill a shadow root, its styles as a constructed sheet. One sheet an element: its rules change.
 * @param {ShadowRoot} root
 * @param {string} html
 */
export function adopt(root, html) {
  const styles = [];
  root.innerHTML = html.replace(NESTED, "").replace(STYLE, (_, css) => {
    styles.push(css);
    return "";
  });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles.join("\n"));
  root.adoptedStyleSheets = [sheet];
}

/**
 * @param {Element | ShadowRoot} parent
 * @param {(selector: string) => boolean} wanted
 */
export function getCSSRule(parent, wanted) {
  return [...(sheetOf(parent)?.cssRules ?? [])].find((rule) => wanted(rule.selectorText));
}

/**
 * The rule of a selector, made if it is not there.
 * @param {Element | ShadowRoot} parent
 * @param {string} selector
 */
export function getOrInsertCSSRule(parent, selector) {
  return getCSSRule(parent, (text) => text === selector) ?? insertCSSRule(parent, selector);
}

/**
 * @param {Element | ShadowRoot} parent
 * @param {string} selector
 */
export function insertCSSRule(parent, selector) {
  const sheet = sheetOf(parent);
  if (!sheet) return { style: { setProperty() {}, removeProperty: () => "", getPropertyValue: () => "" } };
  return sheet.cssRules[sheet.insertRule(`${selector}{}`, sheet.cssRules.length)];
}

function sheetOf(parent) {
  const root = parent instanceof ShadowRoot ? parent : parent.shadowRoot;
  return root?.adoptedStyleSheets.at(-1);
}
