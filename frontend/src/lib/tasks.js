/** Work in pieces: a phone's processor draws and hears presses only between them. */

const PAINT_WAIT_MS = 1000;

/** Once the page has been drawn; in a tab behind others, which is never drawn, a second later. */
export function painted() {
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, PAINT_WAIT_MS);
  });
}

/** Let go of the processor, and go on as soon as drawing and input are served. */
export function breathe() {
  const { scheduler } = /** @type {any} */ (globalThis);
  return scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve));
}
