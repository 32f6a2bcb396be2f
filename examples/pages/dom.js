// Elements of a page.

export const find = (id) => document.getElementById(id);

/** An element with attributes and children; what is `null` is left out. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null) element.setAttribute(key, value);
  }
  fill(element, ...children);
  return element;
}

/** Gives an element other children; what is `null` is left out. */
export function fill(element, ...children) {
  element.replaceChildren(...children.filter((child) => child !== null));
}

/** What a call showed: a status, or a word. */
export function showOutcome(outcome) {
  const answered = /^\d+$/.test(outcome);
  const kind = answered ? "answered" : "unanswered";
  return make("span", { class: `outcome ${kind}` }, answered ? `status ${outcome}` : outcome);
}

export function excerpt(text) {
  return text.length > 48 ? `${text.slice(0, 47)}…` : text;
}
