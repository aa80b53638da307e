/** Calls of the JSON API with the site's cookie. */

export class ApiError extends Error {
  /**
   * @param {number} status 0: no answer
   * @param {string} code the API's machine code, `offline` without an answer
   * @param {string} message a sentence for people
   * @param {Record<string, any>} [extras] the rest of the error's body
   */
  constructor(status, code, message, extras = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.extras = extras;
  }

  /** True if a retry may succeed: no answer came, or the server was overloaded. */
  get passing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/**
 * @param {string} url
 * @param {{method?: string, body?: unknown, csrfToken?: string, keepalive?: boolean,
 *   signal?: AbortSignal, timeoutSeconds?: number}} [options] `keepalive` outlives the page
 * @returns {Promise<any>} the answer's JSON; null for 204
 */
export async function call(url, options = {}) {
  const { method = "GET", body, csrfToken, keepalive = false, timeoutSeconds = 30 } = options;
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json" };
  if (csrfToken) headers["X-CSRFToken"] = csrfToken;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), timeoutSeconds * 1000);
  options.signal?.addEventListener("abort", () => giveUp.abort());
  try {
    const response = await fetch(url, {
      method,
      headers,
      keepalive,
      credentials: "same-origin",
      signal: giveUp.signal,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const answer = response.status === 204 ? null : await json(response);
    if (response.ok) return answer;
    const { code = "error", message = "Something went wrong.", ...extras } = answer ?? {};
    throw new ApiError(response.status, code, message, extras);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError(0, "offline", "The connection is gone.");
  } finally {
    clearTimeout(timer);
  }
}

/** @param {Response} response */
async function json(response) {
  try {
    return await response.json();
  } catch {
    return null; // a proxy's error page
  }
}
