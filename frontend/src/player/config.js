/** Configuration of hls.js for slow, expensive and unreliable connections. */
import { recall } from "../lib/store.js";

const UNKNOWN_LINK_BPS = 500_000;
/** The estimate of an earlier visit counts up to here: this visit may be in another place. */
const MOST_REMEMBERED_BPS = 3_000_000;
const MOST_START_HEIGHT = 480;
/**
 * Share of the estimate that the first segment may use. It lasts 4 s, so 0.4 is 1.6 s of waiting.
 * Faces are hard to recognise below 240p, so that rung may take longer.
 */
const START_SHARE = 0.4;
const PLAIN_HEIGHT = 240;
const PLAIN_SHARE = 0.7;

/**
 * Bits a second to assume before the first byte.
 * @param {{last?: number | null, downlinkMbps?: number}} known
 */
export function estimate({ last, downlinkMbps }) {
  const hints = [last, (downlinkMbps ?? 0) * 1e6].filter((bps) => bps > 0);
  return hints.length ? Math.min(...hints, MOST_REMEMBERED_BPS) : UNKNOWN_LINK_BPS;
}

/** The estimate of this browser. */
export function firstEstimate() {
  const downlinkMbps = /** @type {any} */ (navigator).connection?.downlink;
  return estimate({ last: recall("bandwidth"), downlinkMbps });
}

/**
 * The level to begin with: the best that arrives easily, at most 480p, else the lowest.
 * @param {{height: number, bitrate: number}[]} levels lowest first
 * @param {number} bps
 */
export function startLevel(levels, bps) {
  let chosen = 0;
  levels.forEach((level, index) => {
    const share = level.height <= PLAIN_HEIGHT ? PLAIN_SHARE : START_SHARE;
    if (level.height <= MOST_START_HEIGHT && level.bitrate <= bps * share) chosen = index;
  });
  return chosen;
}

const patient = (firstByteSeconds, wholeSeconds, tries) => ({
  default: {
    maxTimeToFirstByteMs: firstByteSeconds * 1000,
    maxLoadTimeMs: wholeSeconds * 1000,
    timeoutRetry: { maxNumRetry: tries, retryDelayMs: 500, maxRetryDelayMs: 8000 },
    errorRetry: { maxNumRetry: tries, retryDelayMs: 1000, maxRetryDelayMs: 8000, backoff: "exponential" },
  },
});

/**
 * @param {{startPosition: number, bps: number, saver: boolean, loader: any}} viewing
 * @returns {Partial<import("hls.js").HlsConfig>}
 */
export function hlsConfig({ startPosition, bps, saver, loader }) {
  return {
    loader,
    startPosition,
    abrEwmaDefaultEstimate: bps,
    // A test fragment costs data without being watched.
    testBandwidth: false,
    capLevelToPlayerSize: !saver,
    // Data buffered ahead is wasted when the viewer leaves.
    maxBufferLength: saver ? 20 : 30,
    maxMaxBufferLength: 60,
    // hls.js also buffers by bytes, and would load far more seconds of a small film.
    maxBufferSize: 1,
    // Watched media stays in memory, and many phones have one gigabyte.
    backBufferLength: 30,
    fragLoadPolicy: patient(20, 120, 6),
    playlistLoadPolicy: patient(15, 30, 4),
    manifestLoadPolicy: patient(15, 30, 4),
    enableWorker: false,
    lowLatencyMode: false,
    // The audio track chosen last, so that no data is spent on another one first.
    audioPreference: recall("audio") ?? undefined,
    subtitlePreference: recall("captions") ?? undefined,
    enableCEA708Captions: false,
    enableID3MetadataCues: false,
  };
}
