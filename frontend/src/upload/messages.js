/** What went wrong, for the person at the desk. */

const SENTENCES = {
  not_your_upload: "Another person began this upload, and only they can go on with it.",
  upload_gone: "Storage has forgotten this upload; it was too old. Choose the file again to begin anew.",
  upload_complete: "This file has arrived already.",
  size_mismatch: "What arrived is not as long as the file. Send it again.",
  encode_running: "This film is being encoded already.",
  nothing_to_retry: "There is no failed encode to take up again.",
  rate_limited: "Too many attempts in a short time. Wait a minute.",
};

/** @param {import("../lib/api.js").ApiError | Error} error */
export function plainWords(error) {
  const { code = "", status = 0, message } = /** @type {any} */ (error);
  if (SENTENCES[code]) return SENTENCES[code];
  if (status === 415) return `This is not a video that can be taken. ${message}`;
  if (status === 413) return message || "The file is too large.";
  if (status === 401) return "You were signed out. Sign in in another tab; the upload can then go on.";
  if (status === 403) return "Your account may not upload films.";
  return message || "Something went wrong. Try again.";
}
