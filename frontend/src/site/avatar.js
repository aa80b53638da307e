/**
 * The profile picture form, which sends the file straight to storage. Without this script, and when
 * storage or the API cannot be reached, the form posts the file to the site.
 */
import { call } from "../lib/api.js";
import { toast } from "./toasts.js";

/** Statuses that the same file would get again. */
const REFUSALS = [413, 415, 422];

export function avatar() {
  for (const form of document.querySelectorAll("form[data-avatar-api]")) attach(form);
}

/** @param {HTMLFormElement} form */
function attach(form) {
  const input = form.querySelector("input[type=file]");
  const button = form.querySelector("button[type=submit]");
  form.addEventListener("submit", async (event) => {
    const [file] = input.files;
    // A phone may not know the type of a file; the site looks at its bytes.
    if (!file || !input.accept.split(",").includes(file.type)) return;
    event.preventDefault();
    if (file.size > Number(input.dataset.largest)) return toast(form.dataset.refused);
    button.disabled = true;
    try {
      await send(form, file);
      location.assign(form.dataset.done);
    } catch (error) {
      button.disabled = false;
      if (REFUSALS.includes(error.status)) toast(form.dataset.refused);
      else if (error.status === 429) toast(form.dataset.tooOften);
      else form.submit();
    }
  });
}

/** Raises ApiError, or what `fetch` raises. @param {HTMLFormElement} form @param {File} file */
async function send(form, file) {
  const { avatarApi: api } = form.dataset;
  const csrfToken = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const post = (path, body) => call(`${api}/${path}`, { method: "POST", csrfToken, body });
  const { uploadId, uploadUrl } = await post("upload-url", { contentType: file.type, size: file.size });
  const headers = { "Content-Type": file.type };
  const answer = await fetch(uploadUrl, { method: "PUT", body: file, headers });
  if (!answer.ok) throw new Error(`storage answered ${answer.status}`);
  await post("complete", { uploadId });
}
