/** Formats of bytes, money and time. */

const STEPS = [
  [1e9, "GB"],
  [1e6, "MB"],
  [1e3, "kB"],
];

/**
 * Bytes as bundles are sold: in thousands. `1234567` → `1.2 MB`, `123456789` → `123 MB`.
 * @param {number} bytes
 */
export function formatBytes(bytes) {
  for (const [step, unit] of STEPS) {
    if (bytes < step * 0.9995 && unit !== "kB") continue;
    const count = bytes / step;
    return `${count >= 9.95 ? Math.round(count) : count.toFixed(1).replace(/\.0$/, "")} ${unit}`;
  }
  return "0 kB";
}

/** Not `toLocaleString`: its first call costs a cheap phone 140 ms, in the middle of the film. */
const THOUSANDS = /\B(?=(\d{3})+$)/g;

/** `1234.5` → `UGX 1,230`, rounded to ten, the smallest coin in use. @param {number} ugx */
export function formatShillings(ugx) {
  const rounded = ugx < 50 ? Math.ceil(ugx) : Math.round(ugx / 10) * 10;
  return `UGX ${String(rounded).replace(THOUSANDS, ",")}`;
}

/** `3725` → `1:02:05`. @param {number} seconds */
export function formatClock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n) => String(n).padStart(2, "0");
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/**
 * A rough span: seconds in a forecast of hours would promise too much.
 * @param {number | null} seconds null: unknown
 */
export function formatSpan(seconds) {
  if (seconds === null || !Number.isFinite(seconds)) return "";
  if (seconds < 10) return "a few seconds";
  if (seconds < 60) return `${Math.ceil(seconds / 10) * 10} seconds`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `${minutes} ${minutes === 1 ? "minute" : "minutes"}`;
  const [h, m] = [Math.floor(minutes / 60), minutes % 60];
  return `${h} h${m ? ` ${m} min` : ""}`;
}
