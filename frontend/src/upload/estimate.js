/** Upload speed and remaining time, measured over the last 15 seconds. */

const WINDOW_MS = 15_000;

export class Estimate {
  constructor() {
    /** @type {{at: number, bytes: number}[]} */
    this.samples = [];
  }

  /** Drop the samples; after a pause they would mislead. */
  reset() {
    this.samples = [];
  }

  /** @param {number} bytes sent so far @param {number} now milliseconds */
  add(bytes, now) {
    const last = this.samples.at(-1);
    // A part that is sent again lowers the count.
    if (last && bytes < last.bytes) this.reset();
    this.samples.push({ at: now, bytes });
    while (this.samples.length > 2 && now - this.samples[0].at > WINDOW_MS) this.samples.shift();
  }

  /** Bytes a second; 0: unknown. */
  get speed() {
    const [first, last] = [this.samples[0], this.samples.at(-1)];
    const seconds = first && last ? (last.at - first.at) / 1000 : 0;
    return seconds >= 0.5 ? (last.bytes - first.bytes) / seconds : 0;
  }

  /** @param {number} total bytes @returns {number | null} seconds; null: unknown */
  left(total) {
    const last = this.samples.at(-1);
    return last && this.speed > 0 ? (total - last.bytes) / this.speed : null;
  }
}
