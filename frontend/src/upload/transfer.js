/**
 * Upload of one file to storage through Uppy: in parts, with pause, resume and endless retries.
 *
 * Uppy repeats a failed part a few times. When it gives up, or when nothing moves any more, the
 * upload lists the parts that have arrived and continues from there.
 */
import AwsS3 from "@uppy/aws-s3";
import Uppy from "@uppy/core";
import { forgetUpload, rememberUpload, unfinishedOf } from "./fingerprint.js";

const PARTS_AT_ONCE = 3;
const LONGEST_WAIT_MS = 30_000;
/** A connection without progress for this long is dead, whatever the system reports. */
const STALL_MS = 60_000;

/**
 * @typedef {"starting" | "sending" | "waiting" | "paused" | "finishing"} State
 * @typedef {{onState: (state: State) => void, onProgress: (sent: number, total: number) => void,
 *   onDone: (video: any) => void, onError: (error: any) => void}} Listeners
 */

export class Transfer {
  /** @param {import("./tickets.js").Tickets} tickets @param {File} file @param {Listeners} listeners */
  constructor(tickets, file, listeners) {
    Object.assign(this, { tickets, file, listeners, failures: 0, ended: false, videoId: "", movedAt: 0 });
    this.paused = false;
    this.wake = () => this.#again();
  }

  async start() {
    this.listeners.onState("starting");
    try {
      const ticket = await this.#ticket();
      this.videoId = ticket.videoId;
      this.#remember(0);
      this.#begin(ticket);
    } catch (error) {
      this.#fail(error);
    }
  }

  pause() {
    this.paused = true;
    clearTimeout(this.timer);
    if (this.uppy?.getFile(this.fileId)?.isPaused === false) this.uppy.pauseResume(this.fileId);
    this.listeners.onState("paused");
  }

  resume() {
    this.paused = false;
    this.movedAt = Date.now();
    if (this.uppy?.getFile(this.fileId)?.error || !this.uppy) this.#again();
    else this.uppy.pauseResume(this.fileId);
    this.listeners.onState("sending");
  }

  /** Stop, and delete the parts that have arrived. */
  async cancel() {
    this.close();
    forgetUpload(this.videoId);
    if (this.videoId) await this.tickets.cancel(this.videoId);
  }

  close() {
    this.ended = true;
    clearTimeout(this.timer);
    clearInterval(this.watchdog);
    removeEventListener("online", this.wake);
    this.uppy?.destroy();
  }

  /** The unfinished upload of this file, or a new one. */
  async #ticket() {
    const unfinished = unfinishedOf(this.file, this.tickets.page.movieId);
    if (unfinished) {
      try {
        const ticket = await this.tickets.list(unfinished.videoId);
        if (ticket.uploadId || ticket.uploadUrl) return ticket;
      } catch (error) {
        if (error.passing) throw error;
        forgetUpload(unfinished.videoId); // finished, cancelled or too old
      }
    }
    return this.tickets.announce(this.file);
  }

  /** @param {import("./tickets.js").Ticket} ticket */
  #begin(ticket) {
    const { tickets, videoId } = this;
    const uppy = new Uppy({ autoProceed: false });
    this.uppy = uppy;
    uppy.use(AwsS3, {
      limit: PARTS_AT_ONCE,
      retryDelays: [0, 1000, 3000, 5000, 10_000],
      shouldUseMultipart: () => Boolean(ticket.uploadId),
      getChunkSize: () => ticket.partSize,
      getUploadParameters: () => ({ method: "PUT", url: ticket.uploadUrl, headers: {} }),
      createMultipartUpload: () => ({ uploadId: ticket.uploadId, key: videoId }),
      listParts: async () => {
        const { arrived = [] } = await tickets.list(videoId);
        return arrived.map(({ partNumber, size, etag }) => ({ PartNumber: partNumber, Size: size, ETag: etag }));
      },
      signPart: async (_file, { partNumber }) => ({ url: await tickets.partUrl(videoId, partNumber) }),
      // The server joins the parts in `complete`, for both ways of sending.
      completeMultipartUpload: () => ({}),
      abortMultipartUpload: () => undefined,
    });
    this.fileId = uppy.addFile({ name: this.file.name, type: this.file.type, data: this.file });
    // With an id Uppy first lists the parts that have arrived, for a new and a resumed upload alike.
    if (ticket.uploadId) uppy.setFileState(this.fileId, { s3Multipart: { uploadId: ticket.uploadId, key: videoId } });
    uppy.on("upload-progress", (_file, { bytesUploaded }) => this.#moved(bytesUploaded));
    uppy.on("upload-success", () => this.#finish());
    uppy.on("upload-error", (_file, error) => this.#fail(error));
    addEventListener("online", this.wake);
    this.watchdog = setInterval(() => this.#unstall(), STALL_MS / 6);
    this.movedAt = Date.now();
    this.listeners.onState("sending");
    void uppy.upload().catch(() => undefined);
  }

  #moved(sent) {
    if (this.ended) return;
    this.movedAt = Date.now();
    this.failures = 0;
    this.#remember(sent);
    this.listeners.onProgress(sent, this.file.size);
    if (!this.paused) this.listeners.onState("sending");
  }

  #remember(sent) {
    const { movieId } = this.tickets.page;
    rememberUpload(this.file, { videoId: this.videoId, movieId, sent });
  }

  async #finish() {
    this.listeners.onState("finishing");
    try {
      const video = await this.tickets.complete(this.videoId);
      forgetUpload(this.videoId);
      this.close();
      this.listeners.onDone(video);
    } catch (error) {
      this.finishing = error.passing;
      this.#fail(error);
    }
  }

  /** Retry after a passing error; report a final one. */
  #fail(error) {
    if (this.ended) return;
    const final = error.status >= 400 && !error.passing;
    if (final) {
      if (error.code === "upload_gone") forgetUpload(this.videoId);
      this.close();
      this.listeners.onError(error);
      return;
    }
    if (this.paused) return;
    this.listeners.onState("waiting");
    this.failures += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(this.wake, Math.min(LONGEST_WAIT_MS, 1000 * 2 ** this.failures));
  }

  #again() {
    clearTimeout(this.timer);
    if (this.ended || this.paused) return;
    this.movedAt = Date.now();
    if (this.finishing) void this.#finish();
    else if (!this.uppy) void this.start();
    else if (this.uppy.getFile(this.fileId)?.error) void this.uppy.retryUpload(this.fileId).catch(() => undefined);
  }

  #unstall() {
    if (this.paused || this.ended || this.finishing || Date.now() - this.movedAt < STALL_MS) return;
    this.movedAt = Date.now();
    this.listeners.onState("waiting");
    this.uppy.pauseResume(this.fileId);
    this.uppy.pauseResume(this.fileId);
  }
}
