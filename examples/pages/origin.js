// Which of the four pages this is, and the way to the others.

import { roles } from "./calls.js";
import { find, make } from "./dom.js";

export const role = location.hostname.replace(/\.localhost$/, "");
export const isKnown = role in roles;

/** The origin of the page of a role. */
export const originOf = (name) =>
  `${location.protocol}//${name}.localhost${location.port && `:${location.port}`}`;

/** Fills in the head of a page. Only then is the page shown, so that nothing moves. */
export function showOrigin(title) {
  const { badge, about } = roles[role] ?? {
    badge: "No page of the demo",
    about: "The policies know four origins. Open one of them above.",
  };
  document.title = `${role}: ${title}`;
  find("badge").replaceChildren(badge);
  find("origin").replaceChildren(location.origin);
  find("about").replaceChildren(about);
  find("origins").replaceChildren(...Object.keys(roles).map((name) => {
    const here = { "aria-current": name === role ? "page" : null };
    const link = make("a", { href: originOf(name) + location.pathname, ...here },
      `${name}.localhost`);
    return make("li", {}, link);
  }));
  document.body.dataset.role = isKnown ? role : "none";
}
