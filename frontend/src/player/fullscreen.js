/** The whole player goes to full screen, with its sheets and notices. */

/** @param {HTMLElement} player */
export function fullscreen(player) {
  if (document.fullscreenElement) void document.exitFullscreen();
  else void player.requestFullscreen?.().catch(() => undefined);
}
