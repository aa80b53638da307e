/** The notice over a stopped film: a sentence and actions. */
import { h } from "../lib/dom.js";
import { gettext, translations } from "../lib/texts.js";

/**
 * @typedef {{heading: string, text: string, actions: {label: string, href?: string, act?: () => void}[]}} Notice
 * @param {HTMLElement} element an empty `role=alertdialog`
 * @param {Notice} notice
 */
export function showNotice(element, { heading, text, actions }) {
  const buttons = actions.map(({ label, href, act }, index) => {
    const className = index ? "button button--quiet" : "button";
    return href
      ? h("a", { href, className }, label)
      : h("button", { type: "button", className, onclick: () => ((element.hidden = true), act()) }, label);
  });
  element.replaceChildren(
    h("h2", { id: "notice-heading" }, heading),
    h("p", {}, text),
    h("div", { className: "notice__actions" }, ...buttons),
  );
  element.hidden = false;
  buttons[0]?.focus();
}

const PLANS = { label: gettext("See the plans"), href: "/subscribe" };

/**
 * The notice for a refusal. The API's own sentence is English, so only English pages show it.
 * @param {{code: string, message?: string, status?: number}} refusal
 * @param {{filmUrl: string, retry: () => void}} ways
 * @returns {Notice}
 */
export function refusalNotice({ code, message, status }, { filmUrl, retry }) {
  const film = { label: gettext("Back to the film"), href: filmUrl };
  const sentence = translations ? "" : message;
  if (code === "stream_limit") {
    return {
      heading: gettext("Playing on another device"),
      text: sentence || gettext("Your plan is in use elsewhere. Stop it there, or watch here instead."),
      actions: [{ label: gettext("Watch here instead"), href: location.pathname }, PLANS, film],
    };
  }
  if (status === 401) {
    const next = encodeURIComponent(location.pathname);
    return {
      heading: gettext("You were signed out"),
      text: gettext("Sign in again to continue where you stopped."),
      actions: [{ label: gettext("Sign in"), href: `/login?next=${next}` }, film],
    };
  }
  if (code === "subscription_required" || code === "upgrade_required" || code === "no_entitlement") {
    return {
      heading: gettext("Your plan no longer includes this film"),
      text: sentence || gettext("Your plan may have ended. Your progress is saved."),
      actions: [PLANS, film],
    };
  }
  return {
    heading: gettext("This film has stopped"),
    text: sentence || gettext("It can't be played right now."),
    actions: [{ label: gettext("Retry"), act: retry }, film],
  };
}
