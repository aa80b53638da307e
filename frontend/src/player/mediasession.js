/** The phone's lock screen and headset buttons. */

/**
 * @param {HTMLVideoElement} video
 * @param {{title: string, artist: string, artwork: string, next: (() => void) | null}} film
 */
export function mediaSession(video, { title, artist, artwork, next }) {
  const session = navigator.mediaSession;
  if (!session) return;
  session.metadata = new MediaMetadata({
    title,
    artist,
    album: "Kush Films",
    artwork: artwork ? [{ src: artwork, sizes: "600x900" }] : [],
  });
  const by = (seconds) => () => (video.currentTime = Math.max(0, video.currentTime + seconds));
  const handlers = {
    play: () => video.play(),
    pause: () => video.pause(),
    seekbackward: by(-10),
    seekforward: by(10),
    seekto: ({ seekTime }) => (video.currentTime = seekTime),
    nexttrack: next,
  };
  for (const [action, handler] of Object.entries(handlers)) {
    try {
      session.setActionHandler(/** @type {MediaSessionAction} */ (action), handler);
    } catch {
      // An older browser does not know this action.
    }
  }
  video.addEventListener("timeupdate", () => {
    if (!Number.isFinite(video.duration) || video.currentTime > video.duration) return;
    session.setPositionState?.({
      duration: video.duration,
      position: video.currentTime,
      playbackRate: video.playbackRate || 1,
    });
  });
}
