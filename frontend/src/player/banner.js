/** One line over the film, which screen readers read out politely. */
import { h } from "../lib/dom.js";

export class Banner {
  /** @param {HTMLElement} element an empty `role=status` */
  constructor(element) {
    this.element = element;
  }

  /** @param {string} text @param {{label: string, act: () => void}} [button] */
  show(text, button) {
    this.element.replaceChildren(
      h("span", {}, text),
      button ? h("button", { type: "button", className: "chip", onclick: button.act }, button.label) : "",
    );
    this.element.hidden = false;
  }

  hide() {
    this.element.hidden = true;
    this.element.replaceChildren();
  }
}
