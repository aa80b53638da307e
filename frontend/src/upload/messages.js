/** Error messages of uploads and encodes, for staff. */

const SENTENCES = {
  not_your_upload: "Another person started this upload. Only they can resume it.",
  upload_gone: "This upload has expired. Choose the file again to start over.",
  upload_complete: "This file is already uploaded.",
  size_mismatch: "The upload is incomplete. Upload the file again.",
  encode_running: "This film is already being encoded.",
  nothing_to_retry: "There is no failed encode to resume.",
  rate_limited: "Too many attempts. Wait a minute.",
};

/** @param {import("../lib/api.js").ApiError | Error} error */
export function errorMessage(error) {
  const { code = "", status = 0, message } = /** @type {any} */ (error);
  if (SENTENCES[code]) return SENTENCES[code];
  if (status === 415) return `This file type is not supported. ${message}`;
  if (status === 413) return message || "The file is too large.";
  if (status === 401) return "You were signed out. Sign in in another tab, then resume the upload.";
  if (status === 403) return "Your account cannot upload films.";
  return message || "Something went wrong. Try again.";
}
