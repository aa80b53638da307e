/** What is asked of a sound file before it is sent: its language, who tells it, when it plays. */
import { h } from "../lib/dom.js";

/** @returns {{root: HTMLElement, complete: () => boolean, values: () => object}} */
export function soundFields() {
  const language = h("input", { id: "sound-language", maxLength: 60, autocomplete: "off", placeholder: "Luganda" });
  language.setAttribute("list", "languages");
  const vj = h("input", { id: "sound-vj", maxLength: 120, autocomplete: "off", placeholder: "No VJ" });
  vj.setAttribute("list", "vjs");
  const label = h("input", { id: "sound-label", maxLength: 60, placeholder: "as language and VJ" });
  const first = h("input", { type: "checkbox", id: "sound-default" });
  const replace = h("input", { type: "checkbox", id: "sound-replace" });
  const field = (words, input) => h("p", {}, h("label", { htmlFor: input.id }, words), input);
  const tick = (words, input) => h("p", { className: "media__tick" }, input, h("label", { htmlFor: input.id }, words));
  const fault = h("p", { className: "media__fault", role: "alert", hidden: true }, "First say in which language it is.");
  const root = h(
    "div",
    { className: "media__sound", hidden: true },
    field("Language", language),
    field("Told by", vj),
    field("Called", label),
    tick("Plays first", first),
    tick("Replaces the one in this language by this VJ", replace),
    h("p", { className: "media__note" }, "As long as the film: five seconds more or less do no harm. A video file will do; only its sound counts."),
    fault,
  );
  // The film's own form is around it: Enter would save the film.
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
