/** Full screen for the whole player, with its dialogs and notices. */

/** @param {HTMLElement} player */
export function fullscreen(player) {
  if (document.fullscreenElement) void document.exitFullscreen();
  else void player.requestFullscreen?.().catch(() => undefined);
}
