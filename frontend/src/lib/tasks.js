/** Work in pieces: a phone draws and handles presses only between them. */

const PAINT_WAIT_MS = 1000;

/** Resolves once the page is drawn, or after a second in a background tab, which is not drawn. */
export function painted() {
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, PAINT_WAIT_MS);
  });
}

/** Resolves as soon as drawing and input have been handled. */
export function breathe() {
  const { scheduler } = /** @type {any} */ (globalThis);
  return scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve));
}
