/** The next film, offered at the end. It never starts by itself, as data is expensive. */

/**
 * @param {{video: HTMLVideoElement, card: HTMLElement | null}} parts
 */
export function offerNext({ video, card }) {
  if (!card) return;
  const toggle = () => {
    const left = video.duration - video.currentTime;
    const near = Number.isFinite(left) && left < Math.min(30, video.duration * 0.03);
    card.hidden = !(near || video.ended);
  };
  video.addEventListener("timeupdate", toggle);
  video.addEventListener("ended", () => {
    toggle();
    card.querySelector("a")?.focus();
  });
  card.querySelector("[data-close]")?.addEventListener("click", () => {
    card.hidden = true;
    video.removeEventListener("timeupdate", toggle);
  });
}
