/** Values in localStorage. Private windows and full disks refuse; then nothing is stored. */

/**
 * @template T
 * @param {string} key
 * @param {T} [otherwise] when there is nothing, or nothing that can be read
 * @returns {T | null}
 */
export function recall(key, otherwise = null) {
  try {
    const text = localStorage.getItem(`kush:${key}`);
    return text === null ? otherwise : JSON.parse(text);
  } catch {
    return otherwise;
  }
}

/** Keep a JSON value. @param {string} key @param {unknown} value */
export function keep(key, value) {
  try {
    localStorage.setItem(`kush:${key}`, JSON.stringify(value));
  } catch {
    // The next visit starts without the value.
  }
}

/** @param {string} key */
export function forget(key) {
  try {
    localStorage.removeItem(`kush:${key}`);
  } catch {
    // The value was not stored either.
  }
}
