/** Form fields of an audio track before its upload: language, narrator, name, default. */
import { h } from "../lib/dom.js";

/** @returns {{root: HTMLElement, complete: () => boolean, values: () => object}} */
export function soundFields() {
  const language = h("input", { id: "sound-language", maxLength: 60, autocomplete: "off", placeholder: "Luganda" });
  language.setAttribute("list", "languages");
  const vj = h("input", { id: "sound-vj", maxLength: 120, autocomplete: "off", placeholder: "No VJ" });
  vj.setAttribute("list", "vjs");
  const label = h("input", { id: "sound-label", maxLength: 60, placeholder: "language and VJ" });
  const first = h("input", { type: "checkbox", id: "sound-default" });
  const replace = h("input", { type: "checkbox", id: "sound-replace" });
  const field = (text, input) => h("p", {}, h("label", { htmlFor: input.id }, text), input);
  const tick = (text, input) => h("p", { className: "media__tick" }, input, h("label", { htmlFor: input.id }, text));
  const fault = h("p", { className: "media__fault", role: "alert", hidden: true }, "Enter the language first.");
  const root = h(
    "div",
    { className: "media__sound", hidden: true },
    field("Language", language),
    field("Narrated by", vj),
    field("Name", label),
    tick("Default track", first),
    tick("Replace the track in this language by this VJ", replace),
    h("p", { className: "media__note" }, "It must last as long as the film, within five seconds. A video file works too: only its sound is used."),
    fault,
  );
  // These fields are inside the film's form, where Enter would save the film.
  root.addEventListener("keydown", (event) => event.key === "Enter" && event.target !== first && event.preventDefault());
  language.addEventListener("input", () => (fault.hidden = true));
  return {
    root,
    complete() {
      fault.hidden = Boolean(language.value.trim());
      if (!fault.hidden) language.focus();
      return fault.hidden;
    },
    values: () => ({ language: language.value, vj: vj.value, label: label.value, default: first.checked, replace: replace.checked }),
  };
}
