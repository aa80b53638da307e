/**
 * Media Chrome's elements of the watch page, loaded after the first picture. They are defined one
 * at a time: together they would block a cheap phone for a third of a second.
 */
import { breathe } from "../lib/tasks.js";
import "./chrome-translations.js";

const ELEMENTS = [
  () => import("media-chrome/dist/media-controller.js"),
  () => import("media-chrome/dist/media-control-bar.js"),
  () => import("media-chrome/dist/media-play-button.js"),
  () => import("media-chrome/dist/media-seek-backward-button.js"),
  () => import("media-chrome/dist/media-seek-forward-button.js"),
  () => import("media-chrome/dist/media-mute-button.js"),
  () => import("media-chrome/dist/media-volume-range.js"),
  () => import("media-chrome/dist/media-time-range.js"),
  () => import("media-chrome/dist/media-time-display.js"),
  () => import("media-chrome/dist/media-preview-time-display.js"),
  () => import("media-chrome/dist/media-preview-thumbnail.js"),
  () => import("media-chrome/dist/media-pip-button.js"),
  () => import("media-chrome/dist/media-fullscreen-button.js"),
  () => import("media-chrome/dist/media-loading-indicator.js"),
];

for (const define of ELEMENTS) {
  await define();
  await breathe();
}
