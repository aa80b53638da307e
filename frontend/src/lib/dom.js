/** Helpers that build elements. */

/**
 * `h("button", { type: "button", onclick, "aria-label": "Close" }, "×")`: names with a dash, or
 * without a property of the element, become attributes; null and false children are left out.
 * @param {string} tag
 * @param {Record<string, any>} [props]
 * @param {...(Node | string | null | false | undefined)} children
 * @returns {any}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name in element && !name.includes("-")) element[name] = value;
    else if (value !== null && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== false && child !== undefined));
  return element;
}

/** The JSON that the server put into the page. @param {string} id */
export function pageData(id) {
  return JSON.parse(document.getElementById(id)?.textContent ?? "null");
}
