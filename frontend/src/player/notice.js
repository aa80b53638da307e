/** What covers the stopped film: a sentence and what to do. */
import { h } from "../lib/dom.js";

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

const PLANS = { label: "See the plans", href: "/subscribe" };

/**
 * Why a viewing ended, for people.
 * @param {{code: string, message?: string, status?: number}} refusal
 * @param {{filmUrl: string, retry: () => void}} ways
 * @returns {Notice}
 */
export function refusalNotice({ code, message, status }, { filmUrl, retry }) {
  const film = { label: "Back to the film", href: filmUrl };
  if (code === "stream_limit") {
    return {
      heading: "Playing on another device",
      text: message || "Your plan is in use elsewhere. Stop it there, or watch here instead.",
      actions: [{ label: "Watch here instead", href: location.pathname }, PLANS, film],
    };
  }
  if (status === 401) {
    const next = encodeURIComponent(location.pathname);
    return {
      heading: "You were signed out",
      text: "Sign in again and the film goes on where you stopped.",
      actions: [{ label: "Sign in", href: `/login?next=${next}` }, film],
    };
  }
  if (code === "subscription_required" || code === "upgrade_required" || code === "no_entitlement") {
    return {
      heading: "Your plan no longer plays this film",
      text: message || "The plan may have run out. What you have watched is remembered.",
      actions: [PLANS, film],
    };
  }
  return {
    heading: "This film has stopped",
    text: message || "It cannot be played just now.",
    actions: [{ label: "Retry", act: retry }, film],
  };
}
